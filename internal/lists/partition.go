package lists

import "slices"

// Partition parts rows: of each row it holds the first row of its part.
type Partition []int32

// alone puts every row in a part of its own.
func alone(rows int) Partition {
	out := make(Partition, rows)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// join joins the parts of two rows (union-find). Until the partition is settled, a row names an earlier one of its part.
func (p Partition) join(a, b int32) {
	a, b = p.find(a), p.find(b)
	p[max(a, b)] = min(a, b)
}

func (p Partition) find(row int32) int32 {
	for p[row] != row {
		p[row] = p[p[row]]
		row = p[row]
	}
	return row
}

func (p Partition) settled() Partition {
	for row := range p {
		p[row] = p.find(int32(row))
	}
	return p
}

// Parts counts the parts, and those of more than one row.
func (p Partition) Parts() (all, several int) {
	for _, n := range p.sizes() {
		if n > 0 {
			all++
		}
		if n > 1 {
			several++
		}
	}
	return all, several
}

// sizes returns how many rows the part has that a row is the first of, 0 when it is not the first.
func (p Partition) sizes() []int32 {
	out := make([]int32, len(p))
	for _, first := range p {
		out[first]++
	}
	return out
}

// inOrder returns the rows part by part, and of each the number of its part, from 1.
func (p Partition) inOrder() (rows, numbers []int32) {
	rows, numbers = make([]int32, len(p)), make([]int32, len(p))
	number, place := make([]int32, len(p)), p.sizes() // of each part, by its first row
	parts, from := int32(0), int32(0)
	for first, size := range place {
		if size > 0 {
			parts++
			number[first], place[first] = parts, from
			from += size
		}
	}
	for row, first := range p {
		at := place[first]
		rows[at], numbers[at] = int32(row), number[first]
		place[first]++
	}
	return rows, numbers
}

// same reports whether the rows of a pair are of one part.
func (p Partition) same(pair Pair) bool { return p[pair.Left] == p[pair.Right] }

// and parts rows by both: two rows are together where they are in p and in q.
func (p Partition) and(q Partition) Partition {
	rows := make([]int32, len(p))
	for i := range rows {
		rows[i] = int32(i)
	}
	both := func(row int32) uint64 { return uint64(p[row])<<32 | uint64(q[row]) }
	slices.SortFunc(rows, func(a, b int32) int {
		switch x, y := both(a), both(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a - b)
	})
	out := make(Partition, len(p))
	first := int32(0)
	for i, row := range rows {
		if i == 0 || both(row) != both(rows[i-1]) {
			first = row
		}
		out[row] = first
	}
	return out
}

// pairsIn counts the pairs of rows within parts; of one list's rows only where a list may hold a child twice.
func (l *Linked) pairsIn(p Partition) (n int) {
	for _, size := range p.sizes() {
		n += int(size) * int(size-1) / 2
	}
	if !l.Options.OneToOne {
		return n
	}
	met, from := make([]int32, len(p)), 0
	for _, list := range l.Lists { // whose rows stand together
		rows := p[from : from+list.Rows]
		for _, first := range rows {
			n -= int(met[first])
			met[first]++
		}
		for _, first := range rows {
			met[first] = 0
		}
		from += list.Rows
	}
	return n
}
