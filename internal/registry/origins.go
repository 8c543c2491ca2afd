package registry

import (
	"cmp"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Origins returns how many independent origins say the value now: two and more corroborate it. A source that says a thing in
// several editions, or of several rows, is one; so is one with the source that it repeats, as far as somebody has said so.
func (v Value) Origins() int {
	seen := map[homeward.SourceID]bool{}
	for _, s := range v.Claims {
		if s.SupersededBy == "" {
			seen[cmp.Or(s.Origin, s.Source)] = true
		}
	}
	return len(seen)
}

// readOrigins says of what is told where it comes from, when its source repeats another.
func readOrigins(tx *store.Tx, v *View) error {
	all, err := tx.Repetitions()
	if err != nil {
		return err
	}
	standing := all.StandingAt(tx.Now)
	of := map[homeward.RecordID]homeward.SourceID{}
	for _, r := range v.Records {
		if origin := standing.Origin(r.Source, r.ReceivedAt); origin != r.Source {
			of[r.ID] = origin
		}
	}
	for i := range v.Facets {
		for j := range v.Facets[i].Values {
			for k, s := range v.Facets[i].Values[j].Claims {
				v.Facets[i].Values[j].Claims[k].Origin = of[s.Record]
			}
		}
	}
	for i, m := range v.Timeline {
		v.Timeline[i].Origin = of[m.Record]
	}
	return nil
}
