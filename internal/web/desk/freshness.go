package desk

import (
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
)

// freshKept is how long the start page goes by what it counted, while the register grows: counting is a search each.
const freshKept = time.Minute

// freshness remembers for each user how much is new in the searches they keep.
type freshness struct {
	mu   sync.Mutex
	told map[homeward.UserID]freshTold
}

type freshTold struct {
	upTo int64 // how much of the log the index accounted for when it was counted
	at   time.Time
	n    int
}

// freshFor returns how many records are new to the reader in the searches they keep. It counts anew when the index
// has followed the log and the last count is a minute old: the log alone grows before what is new can be found.
func (d *Desk) freshFor(v *visit) (int, error) {
	if !v.can(homeward.ActionSearch) {
		return 0, nil
	}
	now := freshTold{at: d.Now(), upTo: d.Pipeline.Review.Followed()}
	if was, ok := d.fresh.of(v.user.ID); ok && (was.upTo == now.upTo || now.at.Sub(was.at) < freshKept) {
		return was.n, nil
	}
	kept, err := d.kept(v)
	for _, k := range kept {
		now.n += k.Fresh
	}
	if err == nil {
		d.fresh.keep(v.user.ID, now)
	}
	return now.n, err
}

func (f *freshness) of(id homeward.UserID) (freshTold, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	told, ok := f.told[id]
	return told, ok
}

func (f *freshness) keep(id homeward.UserID, told freshTold) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told == nil {
		f.told = map[homeward.UserID]freshTold{}
	}
	f.told[id] = told
}

// forget makes the next page count anew: the reader has looked, saved or dropped.
func (f *freshness) forget(id homeward.UserID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.told, id)
}
