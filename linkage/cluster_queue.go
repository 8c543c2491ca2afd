package linkage

// queue is a binary heap: what is before all others comes first.
type queue[T any] struct {
	list   []T
	before func(T, T) bool
}

func (q *queue[T]) push(x T) {
	q.list = append(q.list, x)
	at := len(q.list) - 1
	for at > 0 && q.before(x, q.list[(at-1)/2]) {
		q.list[at] = q.list[(at-1)/2]
		at = (at - 1) / 2
	}
	q.list[at] = x
}

func (q *queue[T]) pop() T {
	end := len(q.list) - 1
	first, last := q.list[0], q.list[end]
	q.list = q.list[:end]
	if end == 0 {
		return first
	}
	at := 0
	for child := 1; child < end; child = 2*at + 1 {
		if child+1 < end && q.before(q.list[child+1], q.list[child]) {
			child++
		}
		if !q.before(q.list[child], last) {
			break
		}
		q.list[at], at = q.list[child], child
	}
	q.list[at] = last
	return first
}
