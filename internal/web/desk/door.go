package desk

import (
	"sync"
	"time"
)

const (
	attemptsAllowed = 5
	attemptsWithin  = time.Minute
)

// door slows down who tries passwords: five failures a minute for one name, fifty for all names together. Names are
// held as fingerprints only.
type door struct {
	mu     sync.Mutex
	now    func() time.Time
	failed map[string][]time.Time
	all    []time.Time
}

func newDoor(now func() time.Time) *door {
	return &door{now: now, failed: map[string][]time.Time{}}
}

// knock reports whether another attempt for the name may be made now, and counts it as failed until it is known to be
// right: a thousand attempts sent at once are no more than a thousand sent one by one.
func (d *door) knock(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget()
	if len(d.failed[name]) >= attemptsAllowed || len(d.all) >= 10*attemptsAllowed {
		return false
	}
	d.failed[name] = append(d.failed[name], d.now())
	d.all = append(d.all, d.now())
	return true
}

// enter takes back the newest knock for a name, which was right.
func (d *door) enter(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.failed[name], d.all = butLast(d.failed[name]), butLast(d.all)
}

func butLast(list []time.Time) []time.Time { return list[:max(len(list)-1, 0)] }

// forget drops attempts that are long enough ago.
func (d *door) forget() {
	recent := func(list []time.Time) []time.Time {
		for len(list) > 0 && d.now().Sub(list[0]) > attemptsWithin {
			list = list[1:]
		}
		return list
	}
	d.all = recent(d.all)
	for name, list := range d.failed {
		if list = recent(list); len(list) == 0 {
			delete(d.failed, name)
		} else {
			d.failed[name] = list
		}
	}
}
