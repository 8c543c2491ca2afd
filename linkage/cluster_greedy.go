package linkage

import (
	"cmp"
	"slices"
)

// grouping is a partition of a problem's nodes on its way to a good one.
type grouping struct {
	*problem
	cluster []int32          // of each node
	records []int32          // in each cluster
	rows    map[listed]int32 // of each list without duplicates in each cluster
	near    [][]pull         // of each node: the nodes it has a bond with, in order
}

// listed is a list without duplicates in a cluster.
type listed struct{ cluster, list int32 }

// pull is a bond with a node or cluster.
type pull struct {
	to int32
	bond
}

// approached finds a good partition where the best would take too long.
func approached(p *problem) []int32 {
	g := newGrouping(p)
	for range approachRounds {
		if joined, moved := g.contract(), g.settle(); !joined && !moved {
			break
		}
	}
	return g.cluster
}

// approachRounds bounds how often clusters are joined again after nodes have moved; two rounds are usual.
const approachRounds = 10

func newGrouping(p *problem) *grouping {
	g := &grouping{problem: p, cluster: make([]int32, p.n), records: slices.Clone(p.size), near: make([][]pull, p.n)}
	for _, l := range p.links {
		g.near[l.a] = append(g.near[l.a], pull{l.b, l.bond})
		g.near[l.b] = append(g.near[l.b], pull{l.a, l.bond})
	}
	if p.lists != nil {
		g.rows = map[listed]int32{}
	}
	for node := range int32(p.n) {
		g.cluster[node] = node
		g.enlist(node, node, 1)
	}
	return g
}

// enlist counts the rows of a node in a cluster.
func (g *grouping) enlist(node, cluster, by int32) {
	if g.lists == nil {
		return
	}
	for _, list := range g.lists[node] {
		g.rows[listed{cluster, list}] += by
	}
}

// contraction is the graph of clusters.
type contraction struct {
	*grouping
	nodes [][]int32        // in each cluster, none when it was joined to another
	near  []map[int32]bond // of each cluster: the clusters it has a bond with
	queue queue[offer]
}

// offer is a proposal to make one cluster of two, good while both are as large as they were.
type offer struct {
	gain         int64
	a, b         int32
	sizeA, sizeB int32
}

// before puts the greatest gain first; of equals the smaller names.
func (o offer) before(other offer) bool {
	return cmp.Or(cmp.Compare(other.gain, o.gain), cmp.Compare(o.a, other.a), cmp.Compare(o.b, other.b)) < 0
}

// contract joins clusters, the best two first, while joining gains, and reports whether it joined any.
func (g *grouping) contract() (joined bool) {
	c := g.contraction()
	for a := range c.near {
		for b := range c.near[a] {
			if int32(a) < b {
				c.offer(int32(a), b)
			}
		}
	}
	for len(c.queue.list) > 0 {
		o := c.queue.pop()
		if g.records[o.a] != o.sizeA || g.records[o.b] != o.sizeB {
			continue // one of them has grown or gone since
		}
		joined = true
		c.join(o.a, o.b)
		for other := range c.near[o.a] {
			c.offer(o.a, other)
		}
	}
	return joined
}

func (g *grouping) contraction() *contraction {
	c := &contraction{grouping: g, nodes: make([][]int32, g.n), near: make([]map[int32]bond, g.n), queue: queue[offer]{before: offer.before}}
	for node, cluster := range g.cluster {
		c.nodes[cluster] = append(c.nodes[cluster], int32(node))
		if c.near[cluster] == nil {
			c.near[cluster] = map[int32]bond{}
		}
	}
	for _, l := range g.links {
		if a, b := g.cluster[l.a], g.cluster[l.b]; a != b {
			c.tie(a, b, c.near[a][b].and(l.bond))
		}
	}
	return c
}

func (c *contraction) tie(a, b int32, known bond) { c.near[a][b], c.near[b][a] = known, known }

// offer puts two clusters in the queue when joining them gains. The queue decides what comes first, so the order of offers is
// of no account.
func (c *contraction) offer(a, b int32) {
	a, b = min(a, b), max(a, b)
	if gain := c.near[a][b].gain(c.records[a], c.records[b]); gain > 0 && c.mayJoin(a, b) {
		c.queue.push(offer{gain, a, b, c.records[a], c.records[b]})
	}
}

func (c *contraction) mayJoin(a, b int32) bool {
	return c.lists == nil || !slices.ContainsFunc(c.nodes[b], func(node int32) bool { return !c.takes(a, node) })
}

// join makes one cluster of two, under the name of the first.
func (c *contraction) join(a, b int32) {
	for _, node := range c.nodes[b] {
		c.move(node, a)
	}
	c.nodes[a], c.nodes[b] = append(c.nodes[a], c.nodes[b]...), nil
	for other, known := range c.near[b] {
		delete(c.near[other], b)
		if other != a {
			c.tie(a, other, c.near[a][other].and(known))
		}
	}
	c.near[b] = nil
}

// takes reports whether a cluster has no row yet of the lists without duplicates that a node has rows of.
func (g *grouping) takes(cluster, node int32) bool {
	return g.lists == nil || !slices.ContainsFunc(g.lists[node], func(list int32) bool { return g.rows[listed{cluster, list}] > 0 })
}

// move moves a node to another cluster.
func (g *grouping) move(node, to int32) {
	from := g.cluster[node]
	g.records[from] -= g.size[node]
	g.enlist(node, from, -1)
	g.records[to] += g.size[node]
	g.enlist(node, to, 1)
	g.cluster[node] = to
}
