package desk

import (
	"sync"
	"time"
)

// How many wrong attempts are let through a minute.
const (
	attemptsAllowed = 5  // for one name from one address
	attemptsNamed   = 20 // for one name, from anywhere: who is attacked from one place can sign in from another
	attemptsFrom    = 30 // from one address, for whatever name
	attemptsWithin  = time.Minute
)

// door slows down who tries passwords and codes. Nobody shuts it for everybody: what is counted is a name, an address, and
// both together. Names are held as fingerprints only.
type door struct {
	mu     sync.Mutex
	now    func() time.Time
	failed map[attempt][]time.Time
}

// attempt is what is counted: a name, where it was tried from, or both.
type attempt struct{ name, from string }

func newDoor(now func() time.Time) *door {
	return &door{now: now, failed: map[attempt][]time.Time{}}
}

// counted lists what an attempt counts for, and how many are let through.
func counted(name, from string) map[attempt]int {
	return map[attempt]int{{name, from}: attemptsAllowed, {name, ""}: attemptsNamed, {"", from}: attemptsFrom}
}

// knock reports whether another attempt for the name may be made now, and counts it as failed until it is known to be
// right: a thousand attempts sent at once are no more than a thousand sent one by one.
func (d *door) knock(name, from string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forget()
	for a, allowed := range counted(name, from) {
		if len(d.failed[a]) >= allowed {
			return false
		}
	}
	for a := range counted(name, from) {
		d.failed[a] = append(d.failed[a], d.now())
	}
	return true
}

// enter takes back the newest knock, which was right.
func (d *door) enter(name, from string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for a := range counted(name, from) {
		d.failed[a] = butLast(d.failed[a])
	}
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
	for a, list := range d.failed {
		if list = recent(list); len(list) == 0 {
			delete(d.failed, a)
		} else {
			d.failed[a] = list
		}
	}
}
