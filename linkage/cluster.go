package linkage

import (
	"cmp"
	"container/heap"
	"maps"
	"math"
	"slices"
)

// Clustering says what [Clusters] must respect.
type Clustering struct {
	// Threshold is the probability at which a pair speaks neither for nor against joining; 0 stands for one half.
	Threshold float64
	// Must are pairs that are one child, Cannot pairs that are two, whatever their weight: decisions of people, impossible
	// ages, named twins. A Must that contradicts a Cannot is not followed: joining two children is the graver mistake.
	Must, Cannot [][2]string
	// List, when not nil, names the list without duplicates that a record is a row of, empty when it is of none. Two rows of
	// one such list are never joined; with two such lists the result is one to one.
	List func(id string) string
}

// Bits of evidence in clustering.
const (
	// bondLimit bounds what one pair may say, so that one shared number does not outvote a dozen disagreements.
	bondLimit = 20.0
	// strangersBond is what two records say that no blocking pass brought together: a little against.
	strangersBond = -0.5
)

// Clusters partitions records by correlation clustering (Bansal, Blum and Chawla 2004): it looks for the partition with the
// greatest sum of log-odds inside its clusters, so that every pair in a cluster is heard, and not only the one that bridges
// two groups as in connected components. Two clusters are joined, best first, while the sum between them is positive (greedy
// additive edge contraction; Keuper et al. 2015); then single records move to where they fit better, until none does.
//
// Each pair is given once, in any order; one with an id that is not among ids is left out. Every id is in one cluster; ids
// within a cluster, and clusters by their first id, are sorted. The same input in any order gives the same clusters.
func Clusters(ids []string, pairs []Pair, o Clustering) [][]string {
	g := newBonds(ids, pairs, o)
	g.obey(o)
	g.contract()
	g.settle()
	return g.clusters()
}

// bond is what is known between two clusters: the sum of log-odds and over how many pairs of records.
type bond struct {
	sum   float64
	pairs int
	never bool // a cannot-link lies between them
}

// bonds is the graph of clusters. Clusters are named by one of their records.
type bonds struct {
	ids     []string
	of      []int32          // record -> cluster
	members [][]int32        // cluster -> records, empty when it was joined to another
	near    []map[int32]bond // cluster -> clusters it has a bond with
	lists   []map[string]int // cluster -> lists without duplicates and rows of them; nil when none
	list    []string         // record -> the list without duplicates it is a row of
	records [][]edge         // record -> records, in order: the bonds as given
	fixed   []bool           // record is in a must-link and does not move
	queue   *joins
}

func newBonds(ids []string, pairs []Pair, o Clustering) *bonds {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	n := len(ids)
	g := &bonds{ids: ids, of: make([]int32, n), members: make([][]int32, n), near: make([]map[int32]bond, n),
		lists: make([]map[string]int, n), list: make([]string, n), records: make([][]edge, n), fixed: make([]bool, n), queue: &joins{}}
	at := make(map[string]int32, n)
	for i, id := range ids {
		at[id], g.of[i], g.members[i] = int32(i), int32(i), []int32{int32(i)}
		if o.List != nil {
			if g.list[i] = o.List(id); g.list[i] != "" {
				g.lists[i] = map[string]int{g.list[i]: 1}
			}
		}
	}
	g.bind(pairs, o, at)
	for i, list := range g.records {
		list = inOrder(list)
		g.records[i], g.near[i] = list, make(map[int32]bond, len(list))
		for _, e := range list {
			g.near[i][e.to] = e.bond
		}
	}
	return g
}

// edge is a bond with a record.
type edge struct {
	to int32
	bond
}

// inOrder sorts edges and leaves one to each record: where one of them says never, never.
func inOrder(list []edge) []edge {
	slices.SortFunc(list, func(a, b edge) int {
		switch {
		case a.to != b.to || a.never == b.never:
			return cmp.Compare(a.to, b.to)
		case a.never:
			return -1
		}
		return 1
	})
	return slices.CompactFunc(list, func(a, b edge) bool { return a.to == b.to })
}

// bind notes what pairs and cannot-links say between records that anything could join: records of which no chain of pairs
// speaks for joining stay apart whatever else is said.
func (g *bonds) bind(pairs []Pair, o Clustering, at map[string]int32) {
	known := func(left, right string) (x, y int32, ok bool) {
		x, okX := at[left]
		y, okY := at[right]
		return x, y, okX && okY && x != y
	}
	neutral := logOdds(cmp.Or(o.Threshold, 0.5))
	linked := newChains(len(g.ids))
	for _, p := range pairs {
		if x, y, ok := known(p.Left, p.Right); ok && logOdds(p.Probability) > neutral {
			linked.join(x, y)
		}
	}
	for _, m := range o.Must {
		if x, y, ok := known(m[0], m[1]); ok {
			linked.join(x, y)
		}
	}
	between := func(left, right string, b bond) {
		if x, y, ok := known(left, right); ok && linked.find(x) == linked.find(y) {
			g.records[x] = append(g.records[x], edge{y, b})
			g.records[y] = append(g.records[y], edge{x, b})
		}
	}
	for _, p := range pairs {
		w := max(-bondLimit, min(bondLimit, logOdds(p.Probability)-neutral))
		between(p.Left, p.Right, bond{sum: w, pairs: 1})
	}
	for _, c := range o.Cannot {
		between(c[0], c[1], bond{pairs: 1, never: true})
	}
}

// chains are sets of records that are connected (union-find).
type chains []int32

func newChains(n int) chains {
	c := make(chains, n)
	for i := range c {
		c[i] = int32(i)
	}
	return c
}

func (c chains) find(x int32) int32 {
	for c[x] != x {
		c[x] = c[c[x]]
		x = c[x]
	}
	return x
}

func (c chains) join(x, y int32) {
	x, y = c.find(x), c.find(y)
	c[max(x, y)] = min(x, y)
}

// logOdds returns the log2 odds of a probability, finite for 0 and 1.
func logOdds(p float64) float64 {
	const least = 1e-12
	p = max(least, min(1-least, p))
	return math.Log2(p / (1 - p))
}

// obey joins what must be one child, in the order of ids.
func (g *bonds) obey(o Clustering) {
	must := make([][2]string, 0, len(o.Must))
	for _, m := range o.Must {
		must = append(must, [2]string{min(m[0], m[1]), max(m[0], m[1])})
	}
	slices.SortFunc(must, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, m := range must {
		x, okX := slices.BinarySearch(g.ids, m[0])
		y, okY := slices.BinarySearch(g.ids, m[1])
		if !okX || !okY || x == y {
			continue
		}
		if a, b := g.of[x], g.of[y]; a == b || g.allowed(a, b) {
			g.fixed[x], g.fixed[y] = true, true
			if a != b {
				g.join(a, b)
			}
		}
	}
}

// allowed reports whether two clusters may be joined at all.
func (g *bonds) allowed(a, b int32) bool {
	if g.near[a][b].never {
		return false
	}
	for list := range g.lists[a] {
		if g.lists[b][list] > 0 {
			return false
		}
	}
	return true
}

// gain is what joining two clusters adds: what pairs between them say, and a little against for every pair that was never
// proposed.
func (g *bonds) gain(a, b int32) float64 {
	known := g.near[a][b]
	return known.sum + strangersBond*float64(len(g.members[a])*len(g.members[b])-known.pairs)
}

// contract joins clusters, the best two first, while joining gains.
func (g *bonds) contract() {
	for a := range g.near {
		for b := range g.near[a] {
			if int32(a) < b {
				g.offer(int32(a), b)
			}
		}
	}
	for g.queue.Len() > 0 {
		j := heap.Pop(g.queue).(join)
		if len(g.members[j.a]) != int(j.sizeA) || len(g.members[j.b]) != int(j.sizeB) {
			continue // one of them has grown or gone since
		}
		into := g.join(j.a, j.b)
		for other := range g.near[into] {
			g.offer(into, other)
		}
	}
}

// offer puts two clusters in the queue when joining them gains. The heap decides what comes first, so the order of offers is
// of no account.
func (g *bonds) offer(a, b int32) {
	if len(g.members[a]) == 0 || len(g.members[b]) == 0 || !g.allowed(a, b) {
		return
	}
	if gain := g.gain(a, b); gain > 0 {
		a, b = min(a, b), max(a, b)
		heap.Push(g.queue, join{gain, a, b, int32(len(g.members[a])), int32(len(g.members[b]))})
	}
}

// join makes one cluster of two, under the smaller name, and returns it.
func (g *bonds) join(a, b int32) int32 {
	a, b = min(a, b), max(a, b)
	for _, r := range g.members[b] {
		g.of[r] = a
	}
	g.members[a] = append(g.members[a], g.members[b]...)
	g.members[b] = nil
	for other, known := range g.near[b] {
		delete(g.near[other], b)
		if other == a {
			continue
		}
		both := g.near[a][other]
		both = bond{sum: both.sum + known.sum, pairs: both.pairs + known.pairs, never: both.never || known.never}
		g.near[a][other], g.near[other][a] = both, both
	}
	delete(g.near[a], b)
	g.near[b] = nil
	for list, rows := range g.lists[b] {
		g.enlist(a, list, rows)
	}
	return a
}

func (g *bonds) enlist(cluster int32, list string, rows int) {
	if g.lists[cluster] == nil {
		g.lists[cluster] = map[string]int{}
	}
	g.lists[cluster][list] += rows
}

// settleRounds bounds how often all records are asked whether they fit better elsewhere; two or three rounds are usual.
const settleRounds = 20

// settle moves single records to the cluster where they gain most, or out of one they do not belong to. A record is asked
// again when one it has a bond with, or a cluster it is in, has changed.
func (g *bonds) settle() {
	asked := make([]bool, len(g.ids))
	for i := range asked {
		asked[i] = true
	}
	for range settleRounds {
		next, moved := make([]bool, len(g.ids)), false
		for r := range g.ids {
			if !asked[r] {
				continue
			}
			from := g.of[r]
			if !g.move(int32(r)) {
				continue
			}
			moved = true
			for _, e := range g.records[r] {
				next[e.to] = true
			}
			for _, cluster := range []int32{from, g.of[r]} {
				for _, other := range g.members[cluster] {
					next[other] = true
				}
			}
		}
		if !moved {
			return
		}
		asked = next
	}
}

// worthMoving is the least gain, in bits, for which a record is moved: sums in another order differ in their last digits.
const worthMoving = 1e-6

func (g *bonds) move(r int32) bool {
	if g.fixed[r] || len(g.records[r]) == 0 {
		return false
	}
	from := g.of[r]
	pulls := map[int32]bond{from: {}}
	elsewhere := len(g.members[from]) > 1
	for _, e := range g.records[r] {
		to := g.of[e.to]
		elsewhere = elsewhere || to != from && e.sum > 0
		p := pulls[to]
		pulls[to] = bond{p.sum + e.sum, p.pairs + e.pairs, p.never || e.never}
	}
	if !elsewhere {
		return false
	}
	stay := pulls[from].sum + strangersBond*float64(len(g.members[from])-1-pulls[from].pairs)
	best, bestGain := int32(-1), -stay // alone
	if len(g.members[from]) == 1 {
		best, bestGain = from, 0
	}
	for _, to := range sortedKeys(pulls) {
		p := pulls[to]
		if to == from || p.never || !g.takes(to, r) {
			continue
		}
		gain := p.sum + strangersBond*float64(len(g.members[to])-p.pairs) - stay
		if gain > bestGain+worthMoving {
			best, bestGain = to, gain
		}
	}
	if best == from || bestGain <= worthMoving {
		return false
	}
	g.transfer(r, from, best)
	return true
}

// takes reports whether no list without duplicates would have two rows in a cluster.
func (g *bonds) takes(cluster, r int32) bool {
	return g.list[r] == "" || g.lists[cluster][g.list[r]] == 0
}

// transfer moves a record to another cluster, or to a new one of its own when to is -1. What lies near clusters is no longer
// kept: only contraction needed it.
func (g *bonds) transfer(r, from, to int32) {
	if to < 0 {
		to = int32(len(g.members))
		g.members, g.lists = append(g.members, nil), append(g.lists, nil)
	}
	g.members[from] = slices.DeleteFunc(g.members[from], func(x int32) bool { return x == r })
	g.members[to] = append(g.members[to], r)
	g.of[r] = to
	if g.list[r] != "" {
		g.enlist(from, g.list[r], -1)
		g.enlist(to, g.list[r], 1)
	}
}

// clusters writes the partition in ids.
func (g *bonds) clusters() [][]string {
	out := make([][]string, 0, len(g.members))
	for _, m := range g.members {
		if len(m) == 0 {
			continue
		}
		slices.Sort(m)
		named := make([]string, len(m))
		for i, r := range m {
			named[i] = g.ids[r]
		}
		out = append(out, named)
	}
	slices.SortFunc(out, func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	return out
}

func sortedKeys[V any](m map[int32]V) []int32 { return slices.Sorted(maps.Keys(m)) }

// join is an offer to make one cluster of two, good while both are as large as they were.
type join struct {
	gain         float64
	a, b         int32
	sizeA, sizeB int32
}

// joins is a heap of offers, the greatest gain first; of equals the smaller names.
type joins []join

func (j joins) Len() int { return len(j) }
func (j joins) Less(x, y int) bool {
	return cmp.Or(cmp.Compare(j[y].gain, j[x].gain), cmp.Compare(j[x].a, j[y].a), cmp.Compare(j[x].b, j[y].b)) < 0
}
func (j joins) Swap(x, y int) { j[x], j[y] = j[y], j[x] }
func (j *joins) Push(x any)   { *j = append(*j, x.(join)) }
func (j *joins) Pop() any {
	last := (*j)[len(*j)-1]
	*j = (*j)[:len(*j)-1]
	return last
}
