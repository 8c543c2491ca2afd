package desk

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestAThousandAttemptsAtOnceAreFive knocks from many sides before any attempt is known to be wrong.
func TestAThousandAttemptsAtOnceAreFive(t *testing.T) {
	d := newDoor(time.Now)
	var let atomic.Int32
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			if d.knock("one name") {
				let.Add(1)
			}
		})
	}
	all.Wait()
	if n := let.Load(); n != attemptsAllowed {
		t.Errorf("%d attempts were let through", n)
	}
}

func TestARightPasswordIsNoFailure(t *testing.T) {
	d := newDoor(time.Now)
	for i := range 20 * attemptsAllowed {
		if !d.knock("one name") {
			t.Fatalf("the door is shut after %d right passwords", i)
		}
		d.enter("one name")
	}
}
