package desk

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

// queue takes a turn in the background and, when it comes, writes where it is from.
func (t *turns) queue(ctx context.Context, from string, came chan<- string) {
	before := t.held()
	go func() {
		if err := t.take(ctx, from); err == nil {
			came <- from
		}
	}()
	for t.held() == before {
		runtime.Gosched()
	}
}

func (t *turns) held() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting
}

func TestAnAddressThatSendsMuchWaitsForItself(t *testing.T) {
	x, came := newTurns(1), make(chan string, 10)
	if err := x.take(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"loud", "loud", "loud", "loud", "quiet", "third"} {
		x.queue(t.Context(), from, came)
	}
	var order []string
	for range 6 {
		x.give()
		order = append(order, <-came)
	}
	if want := []string{"loud", "quiet", "third", "loud", "loud", "loud"}; !slices.Equal(order, want) {
		t.Errorf("the turns came to %v, want %v", order, want)
	}
}

func TestTooManyFromOneAddressAreSentAway(t *testing.T) {
	x, came := newTurns(1), make(chan string, 100)
	if err := x.take(t.Context(), "first"); err != nil {
		t.Fatal(err)
	}
	for range waitingFrom {
		x.queue(t.Context(), "loud", came)
	}
	if err := x.take(t.Context(), "loud"); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("one more waits: %v", err)
	}
	x.queue(t.Context(), "quiet", came)
}

// TestNoTurnIsLost lets many come at once, some of whom go away while they wait: never do more work than may, and in the
// end every turn is free again.
func TestNoTurnIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const atOnce = 2
		x := newTurns(atOnce)
		var working, most atomic.Int32
		var all sync.WaitGroup
		for i := range rapid.IntRange(1, 40).Draw(t, "people") {
			ctx, leave := context.WithCancel(context.Background())
			from := string(rune('a' + i%3))
			goes := rapid.Bool().Draw(t, "goes away")
			all.Go(func() {
				if x.take(ctx, from) != nil {
					return
				}
				if n := working.Add(1); n > most.Load() {
					most.Store(n)
				}
				runtime.Gosched()
				working.Add(-1)
				x.give()
			})
			all.Go(func() {
				if goes {
					leave()
				}
			})
			defer leave()
		}
		all.Wait()
		if most.Load() > atOnce || x.free != atOnce || x.waiting != 0 || len(x.lines) != 0 || len(x.order) != 0 {
			t.Fatalf("%d at once, %d free, %d waiting, %d lines", most.Load(), x.free, x.waiting, len(x.lines))
		}
	})
}
