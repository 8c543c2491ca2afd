package linkage

import "cmp"

// twoLists reports whether every node is a row of one of two lists without duplicates, or of both: then a cluster is a row of
// the one, a row of the other, or one of each.
func (p *problem) twoLists() bool {
	met := map[int32]bool{}
	for _, lists := range p.lists {
		if len(lists) == 0 {
			return false
		}
		for _, l := range lists {
			met[l] = true
		}
		if len(met) > 2 {
			return false
		}
	}
	return len(met) == 2
}

// assigned finds the best assignment between two lists, exactly: the Hungarian method on the links there are, one shortest path
// for each row of the first list (Jonker and Volgenant 1987). Every row has a price, which is what joining it must gain at least,
// and no link gains more than the prices of its two rows; a row may also stay alone, for nothing.
func assigned(p *problem) []int32 {
	a := &assignment{problem: p, near: make([][]pull, p.n), mate: make([]int32, p.n), price: make([]int64, p.n)}
	for node := range a.mate {
		a.mate[node] = -1
	}
	for _, l := range p.links {
		if gain := l.gain(p.size[l.a], p.size[l.b]); gain > 0 && len(p.lists[l.a]) == 1 && len(p.lists[l.b]) == 1 && !p.clash(l.a, l.b) {
			a.near[l.a] = append(a.near[l.a], pull{l.b, bond{gain, 1}})
			a.near[l.b] = append(a.near[l.b], pull{l.a, bond{gain, 1}})
		}
	}
	for node := range int32(p.n) {
		if len(p.lists[node]) == 1 && p.lists[node][0] == p.lists[0][0] {
			a.assign(node)
		}
	}
	out := make([]int32, p.n)
	for node, mate := range a.mate {
		out[node] = int32(node)
		if mate >= 0 {
			out[node] = min(int32(node), mate)
		}
	}
	return out
}

type assignment struct {
	*problem
	near  [][]pull // of each node, what joining gains
	mate  []int32  // of each node, -1 when alone
	price []int64
}

// way is a way for a row of the first list to find a mate: by what rows before it on the way give up.
type way struct {
	loss int64
	node int32 // a row of the first list
	via  int32 // its mate, that the row before takes; at the end, the mate it is to have; -1 for none
	from int32 // the row before
	end  bool
}

// before puts the least loss first; of equals the end of a way, and staying alone.
func (w way) before(other way) bool {
	if w.end != other.end && w.loss == other.loss {
		return w.end
	}
	return cmp.Or(cmp.Compare(w.loss, other.loss), cmp.Compare(w.via, other.via), cmp.Compare(w.node, other.node)) < 0
}

// assign finds the way with the least loss for a row, and goes it.
func (a *assignment) assign(start int32) {
	for _, p := range a.near[start] {
		a.price[start] = max(a.price[start], p.sum-a.price[p.to])
	}
	reached := map[int32]way{}
	ways := queue[way]{list: []way{{node: start, via: -1}}, before: way.before}
	for {
		w := ways.pop()
		if w.end {
			a.reprice(reached, w.loss)
			a.pass(start, reached, w)
			return
		}
		if _, before := reached[w.node]; before {
			continue
		}
		reached[w.node] = w
		alone := w.loss + a.price[w.node]
		ways.push(way{loss: alone, node: w.node, via: -1, end: true})
		for _, p := range a.near[w.node] {
			next := way{loss: alone + a.price[p.to] - p.sum, node: a.mate[p.to], via: p.to, from: w.node}
			if next.node < 0 {
				next.node, next.end = w.node, true
			}
			ways.push(next)
		}
	}
}

// reprice keeps prices such that no link gains more than they say, and a link that is taken as much.
func (a *assignment) reprice(reached map[int32]way, loss int64) {
	for node, w := range reached {
		a.price[node] -= loss - w.loss
		if mate := a.mate[node]; mate >= 0 {
			a.price[mate] += loss - w.loss
		}
	}
}

// pass gives the last row of a way its mate, and each row before it the mate that the one after gave up.
func (a *assignment) pass(start int32, reached map[int32]way, last way) {
	for node, mate := last.node, last.via; ; {
		a.mate[node] = mate
		if mate >= 0 {
			a.mate[mate] = node
		}
		if node == start {
			return
		}
		node, mate = reached[node].from, reached[node].via
	}
}
