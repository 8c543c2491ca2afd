package desk

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/homeward-registry/homeward"
)

const (
	waitingAllowed = 64 // altogether
	waitingFrom    = 8  // from one address
)

// turns lets so many work at once and takes those who wait in turn by where they come from: an address that sends a
// thousand waits for itself, and nobody else waits for more than one of it.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting int
	lines   map[string][]chan struct{} // by address, whoever came first in front
	order   []string                   // the addresses that wait, whose turn it is in front
}

func newTurns(atOnce int) *turns { return &turns{free: atOnce, lines: map[string][]chan struct{}{}} }

// take waits for a turn. ErrUnavailable when too many wait already.
func (t *turns) take(ctx context.Context, from string) error {
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
		return nil
	}
	if t.waiting >= waitingAllowed || len(t.lines[from]) >= waitingFrom {
		t.mu.Unlock()
		return fmt.Errorf("wait for a turn: too many wait: %w", homeward.ErrUnavailable)
	}
	mine := t.join(from)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
		t.leave(from, mine)
		return ctx.Err()
	}
}

func (t *turns) join(from string) chan struct{} {
	mine := make(chan struct{})
	if len(t.lines[from]) == 0 {
		t.order = append(t.order, from)
	}
	t.lines[from] = append(t.lines[from], mine)
	t.waiting++
	return mine
}

// leave takes whoever went away out of the line; a turn that has come to them already goes to the next.
func (t *turns) leave(from string, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, other := range t.lines[from] {
		if other == mine {
			t.lines[from] = append(t.lines[from][:i:i], t.lines[from][i+1:]...)
			if t.waiting--; len(t.lines[from]) == 0 {
				delete(t.lines, from)
				t.order = slices.DeleteFunc(t.order, func(x string) bool { return x == from })
			}
			return
		}
	}
	t.next()
}

// give ends a turn.
func (t *turns) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.next()
}

// next gives the turn to the first of the address whose turn it is, which then stands at the end.
func (t *turns) next() {
	if len(t.order) == 0 {
		t.free++
		return
	}
	from := t.order[0]
	line := t.lines[from]
	t.order = t.order[1:]
	if t.lines[from] = line[1:]; len(line) > 1 {
		t.order = append(t.order, from)
	} else {
		delete(t.lines, from)
	}
	t.waiting--
	close(line[0])
}
