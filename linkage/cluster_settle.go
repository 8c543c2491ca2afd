package linkage

import "slices"

// settleRounds bounds how often all nodes are asked whether they fit better elsewhere; two or three rounds are usual.
const settleRounds = 20

// settle moves single nodes to the cluster where they gain most, or out of one they do not belong to, and reports whether any
// moved. A node is asked again when one it has a bond with, or a cluster it is in, has changed.
func (g *grouping) settle() (moved bool) {
	s := settling{grouping: g, pulls: make([]bond, g.n), ask: slices.Repeat([]bool{true}, g.n)}
	for range settleRounds {
		changed := make([]bool, g.n) // clusters
		again := make([]bool, g.n)
		any := false
		for node := range int32(g.n) {
			from := g.cluster[node]
			if !s.ask[node] || !s.settle(node) {
				continue
			}
			any, changed[from], changed[g.cluster[node]] = true, true, true
			for _, p := range g.near[node] {
				again[p.to] = true
			}
		}
		if !any {
			return moved
		}
		for node, cluster := range g.cluster {
			again[node] = again[node] || changed[cluster]
		}
		moved, s.ask = true, again
	}
	return moved
}

// settling is a grouping whose nodes are asked, one by one.
type settling struct {
	*grouping
	ask   []bool
	pulls []bond  // of clusters on the node that is asked
	met   []int32 // clusters with a pull
}

// settle moves one node where it gains most; of equals to the cluster met first, in the order of nodes.
func (s *settling) settle(node int32) bool {
	from := s.cluster[node]
	s.feel(node)
	defer s.forget()
	stay := s.pulls[from].gain(s.size[node], s.records[from]-s.size[node])
	best, most := from, stay
	if most < 0 {
		best, most = s.free(), 0 // alone
	}
	for _, to := range s.met {
		if to == from || s.pulls[to].never() || !s.takes(to, node) {
			continue
		}
		if gain := s.pulls[to].gain(s.size[node], s.records[to]); gain > most {
			best, most = to, gain
		}
	}
	if best != from {
		s.move(node, best)
	}
	return best != from
}

// feel adds up what pulls on a node.
func (s *settling) feel(node int32) {
	for _, p := range s.near[node] {
		to := s.cluster[p.to]
		if s.pulls[to] == (bond{}) {
			s.met = append(s.met, to)
		}
		s.pulls[to] = s.pulls[to].and(p.bond)
	}
}

func (s *settling) forget() {
	for _, cluster := range s.met {
		s.pulls[cluster] = bond{}
	}
	s.met = s.met[:0]
}

// free returns a cluster without nodes: there is one, because a cluster has two.
func (s *settling) free() int32 {
	return int32(slices.Index(s.records, 0))
}
