package desk

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
)

// shelfLife is how long a thing stays on a shelf.
const shelfLife = 30 * time.Minute

// shelf keeps things in memory for half an hour, each for one user, under a random token: words of a search, a file
// that is being previewed. They are never written to disk. The oldest leave when there are too many or they weigh too
// much.
type shelf[T any] struct {
	mu    sync.Mutex
	now   func() time.Time
	most  int
	bytes int // 0 means no limit
	held  map[string]shelved[T]
	order []string
}

type shelved[T any] struct {
	thing T
	owner homeward.UserID
	size  int
	until time.Time
}

func newShelf[T any](now func() time.Time, most, bytes int) *shelf[T] {
	return &shelf[T]{now: now, most: most, bytes: bytes, held: map[string]shelved[T]{}}
}

// put keeps a thing of the given size in bytes and returns its token.
func (s *shelf[T]) put(owner homeward.UserID, thing T, size int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := rand.Text()
	s.held[token] = shelved[T]{thing: thing, owner: owner, size: size, until: s.now().Add(shelfLife)}
	s.order = append(s.order, token)
	s.sweep()
	time.AfterFunc(shelfLife+time.Second, s.clear)
	return token
}

// clear removes what is too old, so that nothing outlives its half hour because nobody comes.
func (s *shelf[T]) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
}

// take returns the owner's thing; ok is false when it is gone or another's.
func (s *shelf[T]) take(owner homeward.UserID, token string) (thing T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	held, ok := s.held[token]
	if !ok || held.owner != owner {
		return thing, false
	}
	return held.thing, true
}

// replace keeps a changed thing under its token.
func (s *shelf[T]) replace(token string, thing T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held, ok := s.held[token]; ok {
		held.thing = thing
		s.held[token] = held
	}
}

// drop removes a thing.
func (s *shelf[T]) drop(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.held, token)
}

// sweep removes what is too old, and the oldest of what is too much. The newest always stays.
func (s *shelf[T]) sweep() {
	total := 0
	for _, h := range s.held {
		total += h.size
	}
	kept := s.order[:0]
	for i, token := range s.order {
		h, ok := s.held[token]
		if !ok {
			continue
		}
		last := i == len(s.order)-1
		if s.now().After(h.until) || !last && (len(s.held) > s.most || s.bytes > 0 && total > s.bytes) {
			total -= h.size
			delete(s.held, token)
			continue
		}
		kept = append(kept, token)
	}
	s.order = kept
}
