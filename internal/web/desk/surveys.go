package desk

import (
	"context"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
)

const (
	// surveyKept is how long a count of contradictions stands while the register grows.
	surveyKept = 10 * time.Minute
	// surveyPatience is how long a page waits for a count that is under way; a small register is counted sooner.
	surveyPatience = 100 * time.Millisecond
)

// surveys keep how the register stands for each reader. Counting contradictions opens every record, and what is stuck is found by looking at every
// pair, so it goes on behind the page, one at a time: the page shows the last one, with the time it was taken.
type surveys struct {
	mu       sync.Mutex
	one      sync.Mutex // held while one is counted
	told     map[homeward.UserID]surveyTold
	counting map[homeward.UserID]chan struct{}
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
	select {
	case <-d.beginSurvey(v, size):
	case <-time.After(surveyPatience):
	}
	s := &d.surveys
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.told[v.user.ID]
	return told, told.err
}

// beginSurvey starts counting for the reader unless a count stands or is under way. The channel closes when there is one.
func (d *Desk) beginSurvey(v *visit, size int64) <-chan struct{} {
	s := &d.surveys
	s.mu.Lock()
	defer s.mu.Unlock()
	if done := s.counting[v.user.ID]; done != nil {
		return done
	}
	done := make(chan struct{})
	told, ok := s.told[v.user.ID]
	if ok && told.err == nil && (told.size == size || d.Now().Sub(told.at) < surveyKept) {
		close(done)
		return done
	}
	if s.counting == nil {
		s.counting, s.told = map[homeward.UserID]chan struct{}{}, map[homeward.UserID]surveyTold{}
	}
	s.counting[v.user.ID] = done
	actor := v.user.Actor()
	d.work.Go(func() {
		d.survey(d.life, actor, size)
		close(done)
	})
	return done
}

// survey counts for a user and keeps what was counted.
func (d *Desk) survey(ctx context.Context, actor homeward.Actor, size int64) {
	s := &d.surveys
	s.one.Lock()
	defer s.one.Unlock()
	at := d.Now()
	stands, err := d.standing(ctx, actor)
	var counted registry.Survey
	if err == nil {
		counted, err = registry.Contradictions(ctx, d.DB, actor)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.counting, actor.ID)
	s.told[actor.ID] = surveyTold{counted, stands, size, at, err}
}
