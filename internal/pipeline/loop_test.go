package pipeline

import (
	"context"
	"testing"
	"time"
)

// TestWhoWakesTheLoopDoesNotTakeItsBreath asks for a turn at once.
func TestWhoWakesTheLoopDoesNotTakeItsBreath(t *testing.T) {
	p := &Pipeline{wake: make(chan struct{}, 1)}
	for _, breath := range []time.Duration{0, 100 * time.Millisecond} {
		p.Wake()
		began := time.Now()
		if !p.rest(context.Background(), breath, time.Hour) || time.Since(began) < breath {
			t.Errorf("a turn after %s, breath %s", time.Since(began), breath)
		}
	}
	if p.rest(context.Background(), 20*time.Millisecond, 0); len(p.wake) != 0 {
		t.Error("it was woken once and is still asked")
	}
	cut, stop := context.WithCancel(context.Background())
	stop()
	if p.rest(cut, time.Hour, time.Hour) || p.rest(cut, 0, time.Hour) {
		t.Error("a turn after the end")
	}
}
