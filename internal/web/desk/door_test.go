package desk

import (
	"strconv"
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
			if d.knock("one name", "an address") {
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
		if !d.knock("one name", "an address") {
			t.Fatalf("the door is shut after %d right passwords", i)
		}
		d.enter("one name", "an address")
	}
}

func TestNobodyShutsTheDoorForEverybody(t *testing.T) {
	now := time.Now()
	d := newDoor(func() time.Time { return now })
	for i := range 1000 {
		d.knock(strconv.Itoa(i), "a loud address")
	}
	for i := range 1000 {
		d.knock("a name", strconv.Itoa(i%3))
	}
	if d.knock("another name", "a loud address") {
		t.Error("the loud address goes on")
	}
	if !d.knock("another name", "a quiet address") {
		t.Error("a quiet address is shut out with the loud one")
	}
	if !d.knock("a name", "a quiet address") {
		t.Error("somebody attacked from three places cannot sign in from a fourth")
	}
	for i := range 1000 {
		d.knock("a name", strconv.Itoa(i))
	}
	if d.knock("a name", "one more address") {
		t.Error("a name is guessed at from everywhere")
	}
	now = now.Add(attemptsWithin + time.Second)
	if !d.knock("a name", "a loud address") {
		t.Error("the door stays shut")
	}
}
