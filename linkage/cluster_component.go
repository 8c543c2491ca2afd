package linkage

import (
	"cmp"
	"slices"
)

// component is one component on the bench of a worker.
type component struct {
	records []int32
	edges   []edge  // one to each two records, in order
	musts   []edge  // in order
	lists   []int32 // of each record; nil when there are none
	p       problem // its memory serves again
	exact   subsets
}

// take puts a component on the bench.
func (c *component) take(g *components, i int, lists []int32) {
	c.records, c.lists = g.records[i], nil
	if lists != nil {
		for _, r := range c.records {
			c.lists = append(c.lists, lists[r])
		}
	}
	c.sort(g.bonds[i])
}

// sort puts bonds in order and sets musts apart. Of several bonds between two records it leaves the one that says least.
func (c *component) sort(bonds []edge) {
	slices.SortFunc(bonds, func(x, y edge) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), cmp.Compare(x.grains, y.grains))
	})
	c.edges, c.musts = bonds[:0], c.musts[:0]
	for _, e := range bonds {
		last := len(c.edges) - 1
		switch {
		case e.grains == mustBond:
			c.musts = append(c.musts, e)
		case last < 0 || c.edges[last].a != e.a || c.edges[last].b != e.b:
			c.edges = append(c.edges, e)
		}
	}
}

// solve writes the smallest record of each record's cluster.
func (c *component) solve(of []int32) {
	if c.agreed() {
		for _, r := range c.records {
			of[r] = c.records[0]
		}
		return
	}
	p := c.problem()
	var cluster []int32
	switch {
	case p.n <= mostExact:
		cluster = c.exact.solve(p)
	case p.twoLists():
		cluster = assigned(p)
	default:
		cluster = approached(p)
	}
	first := make([]int32, p.n)
	for i := len(c.records) - 1; i >= 0; i-- {
		first[cluster[p.of[i]]] = c.records[i]
	}
	for i, r := range c.records {
		of[r] = first[cluster[p.of[i]]]
	}
}

// agreed reports whether every two records speak for joining and nothing stands against it: so it is with most components.
func (c *component) agreed() bool {
	n := len(c.records)
	if len(c.edges) != n*(n-1)/2 {
		return false
	}
	for _, e := range c.edges {
		if e.grains <= 0 || c.lists != nil && c.lists[e.a] != 0 && c.lists[e.a] == c.lists[e.b] {
			return false
		}
	}
	return true
}

// problem is a component whose musts are followed: its nodes are records, or groups of records that must be joined.
type problem struct {
	n     int       // nodes
	of    []int32   // place of a record -> its node
	size  []int32   // records of a node
	lists [][]int32 // lists without duplicates that a node has a row of; nil when there are none
	links []link    // one to each two nodes, in order
}

// link is a bond between two nodes, a < b.
type link struct {
	a, b int32
	bond
}

// bond is what is known between two groups of records: the sum of grains, and over how many pairs.
type bond struct{ sum, pairs int64 }

// never is the sum of a bond in which some pair cannot be joined: lower than any other, and far from the end of integers.
const never = -1 << 50

func (b bond) and(other bond) bond {
	return bond{max(never, b.sum+other.sum), b.pairs + other.pairs}
}

func (b bond) never() bool { return b.sum <= never/2 }

// gain is what joining two groups adds: what their pairs say, and a little against for every pair that was never proposed.
func (b bond) gain(sizeA, sizeB int32) int64 {
	return b.sum + strangersBond*(int64(sizeA)*int64(sizeB)-b.pairs)
}

func (c *component) problem() *problem {
	p := &c.p
	*p = problem{of: c.follow(), size: p.size[:0], links: p.links[:0]}
	for i := range p.of {
		root := p.of[i]
		if int(root) == i {
			p.of[i] = int32(p.n)
			p.n++
			p.size = append(p.size, 0)
		} else {
			p.of[i] = p.of[root] // a root comes before its group
		}
		p.size[p.of[i]]++
	}
	p.link(c.edges)
	if c.lists == nil {
		return p
	}
	p.lists = make([][]int32, p.n)
	for i, list := range c.lists {
		if list != 0 {
			p.lists[p.of[i]] = append(p.lists[p.of[i]], list)
		}
	}
	return p
}

// link makes bonds between records bonds between nodes.
func (p *problem) link(edges []edge) {
	for _, e := range edges {
		a, b := min(p.of[e.a], p.of[e.b]), max(p.of[e.a], p.of[e.b])
		if a == b {
			continue
		}
		said := bond{sum: int64(e.grains), pairs: 1}
		if e.grains == neverBond {
			said.sum = never
		}
		p.links = append(p.links, link{a, b, said})
	}
	if p.n == len(p.of) {
		return // every record is a node, and the bonds are in order
	}
	slices.SortFunc(p.links, func(x, y link) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	merged := p.links[:0]
	for _, l := range p.links {
		if last := len(merged) - 1; last >= 0 && merged[last].a == l.a && merged[last].b == l.b {
			merged[last].bond = merged[last].and(l.bond)
		} else {
			merged = append(merged, l)
		}
	}
	p.links = merged
}

// clash reports whether two nodes have rows of one list without duplicates.
func (p *problem) clash(a, b int32) bool {
	return p.lists != nil && slices.ContainsFunc(p.lists[a], func(l int32) bool { return slices.Contains(p.lists[b], l) })
}

// follow joins what must be joined, in the order of records, where nothing forbids it; it returns the smallest of each record's
// group.
func (c *component) follow() []int32 {
	group := newChains(len(c.records))
	if len(c.musts) == 0 {
		return group
	}
	apart, members := c.apart(), map[int32][]int32{}
	for _, m := range c.musts {
		a, b := group.find(m.a), group.find(m.b)
		x, y := withSelf(members[a], a), withSelf(members[b], b)
		if a != b && !c.forbidden(x, y, group, apart) {
			group.join(a, b)
			members[min(a, b)] = append(x, y...)
		}
	}
	for i := range group {
		group[i] = group.find(int32(i))
	}
	return group
}

// apart lists for each record those it cannot be joined with.
func (c *component) apart() map[int32][]int32 {
	out := map[int32][]int32{}
	for _, e := range c.edges {
		if e.grains == neverBond {
			out[e.a], out[e.b] = append(out[e.a], e.b), append(out[e.b], e.a)
		}
	}
	return out
}

func withSelf(members []int32, self int32) []int32 {
	if members == nil {
		return []int32{self}
	}
	return members
}

// forbidden reports whether a cannot-link or a list without duplicates stands between two groups.
func (c *component) forbidden(x, y []int32, group chains, apart map[int32][]int32) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	other := group.find(y[0])
	for _, r := range x {
		if slices.ContainsFunc(apart[r], func(s int32) bool { return group.find(s) == other }) {
			return true
		}
		if c.lists != nil && c.lists[r] != 0 && slices.ContainsFunc(y, func(s int32) bool { return c.lists[s] == c.lists[r] }) {
			return true
		}
	}
	return false
}
