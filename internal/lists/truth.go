package lists

import (
	"io"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/internal/intake"
)

// told is what a column tells of the true clusters.
type told struct {
	keys     []string
	children []int32 // numbers of the children that the rows of keys are
	numbers  map[string]int32
}

func (t *told) add(key, child string) {
	n, met := t.numbers[child]
	if !met {
		if n = int32(len(t.numbers)); n == 0 {
			t.numbers = map[string]int32{}
		}
		t.numbers[strings.Clone(child)] = n
	}
	t.keys, t.children = append(t.keys, key), append(t.children, n)
}

// ReadPairs reads a truth that is a list of pairs: two columns of ids under headings of any name.
func ReadPairs(file io.ReadSeeker) (pairs [][2]string, err error) {
	err = intake.Lines(file, func(l intake.Line) error {
		if len(l.Headings) != 2 {
			return problem("line %d of the truth has not two columns: one row's id, and the id of a row that is the same child", l.Number)
		}
		pairs = append(pairs, [2]string{strings.Clone(text(l, 0)), strings.Clone(text(l, 1))})
		return nil
	})
	return pairs, err
}

// tell makes the truth of what a column told, or of the pairs that are known; nil when nothing is. A row of which nothing is
// known is a child of its own.
func (l *Linked) tell(t *told) (Partition, error) {
	if l.Options.Known == nil && l.Options.Truth == "" {
		return nil, nil
	}
	out := alone(len(l.keys))
	if l.Options.Known != nil {
		err := l.know(out)
		return out.settled(), err
	}
	rows := make(map[string]int32, len(l.keys))
	for i, k := range l.keys {
		rows[k] = int32(i)
	}
	first := slices.Repeat([]int32{int32(len(out))}, len(t.numbers)) // of each child
	for i, k := range t.keys {
		first[t.children[i]] = min(first[t.children[i]], rows[k])
	}
	for i, k := range t.keys {
		out[rows[k]] = first[t.children[i]]
	}
	return out, nil
}

// know joins the rows of known pairs.
func (l *Linked) know(p Partition) error {
	for i, pair := range l.Options.Known {
		a, err := l.resolve(pair[0], 0, i)
		if err != nil {
			return err
		}
		b, err := l.resolve(pair[1], 1, i)
		if err != nil {
			return err
		}
		p.join(a, b)
	}
	return nil
}

// row returns the place of a key.
func (l *Linked) row(k string) (int32, bool) {
	at, there := slices.BinarySearch(l.keys, k)
	return int32(at), there
}

// resolve finds the row of an id of a known pair. With two lists the first column speaks of the first and the second of the
// second, as far as they have such a row; otherwise one list alone must have it.
func (l *Linked) resolve(id string, column, pair int) (int32, error) {
	if len(l.Lists) == 2 {
		if row, there := l.row(key(column, id)); there {
			return row, nil
		}
	}
	found := int32(-1)
	for i := range l.Lists {
		row, there := l.row(key(i, id))
		switch {
		case !there:
		case found >= 0:
			return 0, problem("pair %d of the truth: two lists have a row of that id: give the truth as a column of the lists instead", pair+1)
		default:
			found = row
		}
	}
	if found < 0 {
		return 0, problem("pair %d of the truth: no list has a row of that id", pair+1)
	}
	return found, nil
}
