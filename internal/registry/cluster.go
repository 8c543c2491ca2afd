package registry

import (
	"cmp"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Conflict is a standing decision "same" that is not applied, because it would bring two records that stand decided
// "different" into one person. A person resolves it by revoking one of the two.
type Conflict struct {
	Decision homeward.DecisionID // the "same" that is not applied
	Against  homeward.DecisionID // the "different" that stands against it
}

// clusters derives the persons: pure, and independent of the order of its arguments. Records in quarantine, and those that were
// taken back or are restricted, belong to no person, but a lineage runs through them. Persons come in the order of their ids, their records oldest first.
func clusters(facts []store.RecordFact, decisions []homeward.Decision) ([]homeward.Person, []Conflict) {
	facts = oldestFirst(facts)
	f := newForest(facts)
	for i, x := range facts {
		if earlier, ok := f.place[x.Supersedes]; ok {
			f.union(f.root(earlier), f.root(i))
		}
	}
	standing := effective(decisions)
	for _, d := range standing {
		if d.Judgement == homeward.Different {
			f.forbid(d)
		}
	}
	var conflicts []Conflict
	for _, d := range standing {
		if d.Judgement == homeward.Same {
			if against := f.join(d); against != "" {
				conflicts = append(conflicts, Conflict{d.ID, against})
			}
		}
	}
	return f.persons(facts), conflicts
}

// oldestFirst orders facts by the time they were received, then by id, which decides a person's id.
func oldestFirst(facts []store.RecordFact) []store.RecordFact {
	order := func(a, b store.RecordFact) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.ID, b.ID))
	}
	if slices.IsSortedFunc(facts, order) {
		return facts
	}
	facts = slices.Clone(facts)
	slices.SortFunc(facts, order)
	return facts
}

// effective returns the decision in force on each pair: the newest of those that stand. They come oldest first.
func effective(decisions []homeward.Decision) []homeward.Decision {
	order := func(a, b homeward.Decision) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	}
	newest := make(map[homeward.PairID]homeward.Decision, len(decisions))
	for _, d := range decisions {
		if !d.RevokedAt.IsZero() {
			continue
		}
		if have, ok := newest[d.Pair]; !ok || order(have, d) < 0 {
			newest[d.Pair] = d
		}
	}
	return slices.SortedFunc(maps.Values(newest), order)
}

// forest is a union-find over records that knows which trees may not be joined.
type forest struct {
	place  map[homeward.RecordID]int
	parent []int
	size   []int
	out    map[homeward.RecordID]bool          // taken back or restricted: no decision reaches through them
	apart  map[int]map[int]homeward.DecisionID // root -> root -> the decision that keeps them apart
}

func newForest(facts []store.RecordFact) *forest {
	f := &forest{
		place:  make(map[homeward.RecordID]int, len(facts)),
		parent: make([]int, len(facts)),
		size:   make([]int, len(facts)),
		out:    map[homeward.RecordID]bool{},
		apart:  map[int]map[int]homeward.DecisionID{},
	}
	for i, x := range facts {
		f.place[x.ID], f.parent[i], f.size[i] = i, i, 1
		if x.State == homeward.RecordRetracted || x.State == homeward.RecordRestricted {
			f.out[x.ID] = true
		}
	}
	return f
}

func (f *forest) root(i int) int {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

// roots returns the trees of a decision's two records; ok is false when one is not known here yet, or is taken back or
// restricted.
func (f *forest) roots(d homeward.Decision) (a, b int, ok bool) {
	i, left := f.place[d.Left]
	j, right := f.place[d.Right]
	if !left || !right || f.out[d.Left] || f.out[d.Right] {
		return 0, 0, false
	}
	return f.root(i), f.root(j), true
}

// forbid keeps the trees of a decision "different" apart. The source's own lineage is stronger: it is made already.
func (f *forest) forbid(d homeward.Decision) {
	if a, b, ok := f.roots(d); ok && a != b {
		f.keepApart(a, b, d.ID)
		f.keepApart(b, a, d.ID)
	}
}

func (f *forest) keepApart(a, b int, by homeward.DecisionID) {
	if f.apart[a] == nil {
		f.apart[a] = map[int]homeward.DecisionID{}
	}
	if have, ok := f.apart[a][b]; !ok || by < have {
		f.apart[a][b] = by
	}
}

// join applies a decision "same", or returns the decision that stands against it.
func (f *forest) join(d homeward.Decision) (against homeward.DecisionID) {
	a, b, ok := f.roots(d)
	if !ok || a == b {
		return ""
	}
	if by, ok := f.apart[a][b]; ok {
		return by
	}
	f.union(a, b)
	return ""
}

// union joins two trees, the smaller under the larger, and carries over what must stay apart.
func (f *forest) union(a, b int) {
	if a == b {
		return
	}
	if f.size[a] < f.size[b] {
		a, b = b, a
	}
	f.parent[b] = a
	f.size[a] += f.size[b]
	for other, by := range f.apart[b] {
		delete(f.apart[other], b)
		f.keepApart(a, other, by)
		f.keepApart(other, a, by)
	}
	delete(f.apart, b)
}

// persons gathers the accepted records of each tree. Facts come oldest first, so the first of a tree names it.
func (f *forest) persons(facts []store.RecordFact) []homeward.Person {
	at := make(map[int]int, len(facts))
	var out []homeward.Person
	for i, x := range facts {
		if x.State != homeward.RecordAccepted {
			continue
		}
		n, ok := at[f.root(i)]
		if !ok {
			n = len(out)
			at[f.root(i)] = n
			out = append(out, homeward.Person{ID: homeward.PersonID(x.ID), Since: x.ReceivedAt})
		}
		out[n].Records = append(out[n].Records, x.ID)
	}
	slices.SortFunc(out, func(a, b homeward.Person) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
