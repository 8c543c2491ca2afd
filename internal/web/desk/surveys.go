package desk

import (
	"context"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

const (
	// surveyKept is how long a count of contradictions stands while the register grows.
	surveyKept = 10 * time.Minute
	// surveyPatience is how long a page waits for a count that is under way; a small register is counted sooner.
	surveyPatience = 100 * time.Millisecond
)

// surveys keep how the register stands, by what a reader reaches: who reaches the same shares what was counted. Counting contradictions opens every record, and what is stuck is found by looking at every
// pair, so it goes on behind the page, one at a time: the page shows the last one, with the time it was taken.
type surveys struct {
	mu       sync.Mutex
	told     map[string]surveyTold
	counting map[string]chan struct{}
}

type surveyTold struct {
	registry.Survey
	standing
	size int64
	at   time.Time
	err  error
}

// surveyFor returns the last count for the reader, and when it was taken; a zero time while the first is under way.
func (d *Desk) surveyFor(v *visit, size int64) (surveyTold, error) {
	var reach string
	err := v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		reach = reachKey(who)
		return err
	})
	if err != nil {
		return surveyTold{}, err
	}
	select {
	case <-d.beginSurvey(v.user.Actor(), reach, size):
	case <-time.After(surveyPatience):
	}
	s := &d.surveys
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.told[reach]
	return told, told.err
}

// beginSurvey starts counting for who reaches the same unless a count stands or is under way. The channel closes when there is one.
func (d *Desk) beginSurvey(actor homeward.Actor, reach string, size int64) <-chan struct{} {
	s := &d.surveys
	s.mu.Lock()
	defer s.mu.Unlock()
	if done := s.counting[reach]; done != nil {
		return done
	}
	done := make(chan struct{})
	told, ok := s.told[reach]
	if ok && told.err == nil && (told.size == size || d.Now().Sub(told.at) < surveyKept) {
		close(done)
		return done
	}
	if s.counting == nil {
		s.counting, s.told = map[string]chan struct{}{}, map[string]surveyTold{}
	}
	s.counting[reach] = done
	d.work.Go(func() {
		d.survey(d.life, actor, reach, size)
		close(done)
	})
	return done
}

// survey counts for a user and keeps what was counted.
func (d *Desk) survey(ctx context.Context, actor homeward.Actor, reach string, size int64) {
	s := &d.surveys
	d.behind.Lock()
	defer d.behind.Unlock()
	at := d.Now()
	stands, err := d.standing(ctx, actor)
	var counted registry.Survey
	if err == nil {
		counted, err = registry.Contradictions(ctx, d.DB, actor)
	}
	still := ""
	if err == nil {
		err = d.DB.View(ctx, actor, func(tx *store.Tx) error {
			who, err := tx.Access()
			still = reachKey(who)
			return err
		})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.counting, reach)
	if err != nil || still == reach { // what was opened or closed meanwhile is for nobody else to see
		s.told[reach] = surveyTold{counted, stands, size, at, err}
	}
}
