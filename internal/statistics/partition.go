package statistics

import (
	"cmp"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// partition says which records are one child: a union-find over records, with the trees that must stay apart.
type partition struct {
	place  map[homeward.RecordID]int
	out    map[homeward.RecordID]bool // taken back or restricted: no decision reaches through them
	parent []int
	apart  map[int]map[int]bool // root -> roots decided different from it, both ways
}

// newPartition puts each record into a tree of its own, and the versions of one row into one.
func newPartition(records []store.RecordFact) *partition {
	p := &partition{place: make(map[homeward.RecordID]int, len(records)), out: map[homeward.RecordID]bool{}, parent: make([]int, len(records)), apart: map[int]map[int]bool{}}
	for i, r := range records {
		p.place[r.ID], p.parent[i] = i, i
		if r.State == homeward.RecordRetracted || r.State == homeward.RecordRestricted {
			p.out[r.ID] = true
		}
	}
	for i, r := range records {
		if earlier, ok := p.place[r.Supersedes]; ok {
			p.union(p.root(earlier), p.root(i))
		}
	}
	return p
}

func (p *partition) root(i int) int {
	for p.parent[i] != i {
		p.parent[i] = p.parent[p.parent[i]]
		i = p.parent[i]
	}
	return i
}

// decide applies the decisions in force: first what is different, then what is the same, oldest first. A "same" that
// would join what is decided different is not applied: a wrong join hides a child.
func (p *partition) decide(inForce []homeward.Decision) {
	for _, d := range inForce {
		if a, b, ok := p.roots(d.Left, d.Right); ok && a != b && d.Judgement == homeward.Different {
			p.separate(a, b)
		}
	}
	for _, d := range inForce {
		if d.Judgement == homeward.Same {
			p.join(d.Left, d.Right)
		}
	}
}

// join makes one tree of those of two records, unless they are decided different or one is not known.
func (p *partition) join(left, right homeward.RecordID) {
	if a, b, ok := p.roots(left, right); ok {
		p.joinAt(a, b)
	}
}

// joinAt does so by the places of the records.
func (p *partition) joinAt(i, j int) {
	if a, b := p.root(i), p.root(j); a != b && !p.apart[a][b] {
		p.union(a, b)
	}
}

func (p *partition) roots(left, right homeward.RecordID) (a, b int, ok bool) {
	i, l := p.place[left]
	j, r := p.place[right]
	if !l || !r || p.out[left] || p.out[right] {
		return 0, 0, false
	}
	return p.root(i), p.root(j), true
}

func (p *partition) separate(a, b int) {
	for _, side := range [][2]int{{a, b}, {b, a}} {
		if p.apart[side[0]] == nil {
			p.apart[side[0]] = map[int]bool{}
		}
		p.apart[side[0]][side[1]] = true
	}
}

// union puts b's tree under a and hands a what must stay apart from b.
func (p *partition) union(a, b int) {
	if a == b {
		return
	}
	p.parent[b] = a
	for other := range p.apart[b] {
		delete(p.apart[other], b)
		if other != a {
			p.separate(a, other)
		}
	}
	delete(p.apart, b)
}

// inForce returns the newest standing decision on each pair, oldest first.
func inForce(decisions []homeward.Decision, stands func(homeward.Decision) bool) []homeward.Decision {
	order := func(a, b homeward.Decision) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }
	newest := make(map[homeward.PairID]homeward.Decision)
	for _, d := range decisions {
		if !stands(d) {
			continue
		}
		d.Pair = homeward.PairOf(d.Left, d.Right)
		if have, ok := newest[d.Pair]; !ok || order(have, d) < 0 {
			newest[d.Pair] = d
		}
	}
	return slices.SortedFunc(maps.Values(newest), order)
}
