package registry

import (
	"slices"
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// family is one family of one source: rows that carry the same family id of the same source are siblings.
type family struct {
	source homeward.SourceID
	id     string
}

// maxFamily is the largest number of children that one family id may join. A column that holds the same word in every
// row (an institution, "no", a zero) is not a family id, whatever its heading says.
const maxFamily = 20

// familyOf returns the family a record belongs to; ok is false when it tells of none.
func familyOf(r homeward.Record) (f family, ok bool) {
	c, ok := r.First(homeward.PathFamilyRef)
	if !ok || !strings.ContainsFunc(c.Value, func(x rune) bool { return unicode.IsLetter(x) || unicode.IsDigit(x) }) {
		return family{}, false
	}
	return family{r.Source, strings.TrimSpace(c.Value)}, true
}

// siblings returns the siblings of each person, in the order of their ids. Only the newest record of a lineage counts:
// a family id that the source took back joins nobody.
func siblings(facts []store.RecordFact, families map[homeward.RecordID]family, persons map[homeward.RecordID]homeward.PersonID) map[homeward.PersonID][]homeward.PersonID {
	members := map[family][]homeward.PersonID{}
	superseded := superseded(facts)
	for _, x := range facts {
		f, ok := families[x.ID]
		p, held := persons[x.ID]
		if ok && held && superseded[x.ID] == "" && !slices.Contains(members[f], p) && len(members[f]) <= maxFamily {
			members[f] = append(members[f], p)
		}
	}
	out := map[homeward.PersonID][]homeward.PersonID{}
	for _, list := range members {
		if len(list) > maxFamily {
			continue
		}
		for _, p := range list {
			for _, s := range list {
				if p != s {
					out[p] = append(out[p], s)
				}
			}
		}
	}
	for p, list := range out {
		slices.Sort(list)
		out[p] = slices.Compact(list)
	}
	return out
}

// superseded returns, for each record that a later accepted record of the same row replaces, the one that does.
func superseded(facts []store.RecordFact) map[homeward.RecordID]homeward.RecordID {
	earlier := map[homeward.RecordID]homeward.RecordID{}
	for _, x := range facts {
		if x.Supersedes != "" {
			earlier[x.ID] = x.Supersedes
		}
	}
	out := map[homeward.RecordID]homeward.RecordID{}
	for _, x := range facts {
		if x.Supersedes == "" || x.State != homeward.RecordAccepted {
			continue
		}
		for id := x.Supersedes; id != "" && out[id] == ""; id = earlier[id] {
			out[id] = x.ID
		}
	}
	return out
}
