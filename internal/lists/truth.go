package lists

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/internal/intake"
)

// truth says which rows are one child: key -> a name of the child. A key that is not there is a child of its own.
type truth map[string]string

func (t truth) of(k string) string {
	if name, ok := t[k]; ok {
		return "=" + name
	}
	return k // no key begins with the sign of a name
}

func (t truth) same(a, b string) bool { return t.of(a) == t.of(b) }

// clusters parts keys by child.
func (t truth) clusters(keys []string) [][]string {
	parts := map[string][]string{}
	for _, k := range keys {
		parts[t.of(k)] = append(parts[t.of(k)], k)
	}
	out := make([][]string, 0, len(parts))
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		out = append(out, parts[name])
	}
	return out
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

// tell makes the truth of what a column told, or of the pairs that are known; nil when nothing is.
func (l *Linked) tell(told map[string]string) (truth, error) {
	if l.Options.Known == nil {
		if l.Options.Truth == "" {
			return nil, nil
		}
		return told, nil
	}
	root := map[string]string{} // union-find over keys
	var find func(k string) string
	find = func(k string) string {
		if up, ok := root[k]; ok && up != k {
			root[k] = find(up)
			return root[k]
		}
		return k
	}
	for i, p := range l.Options.Known {
		a, err := l.resolve(p[0], 0, i)
		if err != nil {
			return nil, err
		}
		b, err := l.resolve(p[1], 1, i)
		if err != nil {
			return nil, err
		}
		a, b = find(a), find(b)
		root[max(a, b)], root[min(a, b)] = min(a, b), min(a, b)
	}
	t := truth{}
	for k := range root {
		t[k] = find(k)
	}
	return t, nil
}

// resolve finds the row of an id of a known pair. With two lists the first column speaks of the first and the second of the
// second, as far as they have such a row; otherwise one list alone must have it.
func (l *Linked) resolve(id string, column, pair int) (string, error) {
	if len(l.Lists) == 2 && l.index.Has(key(column, id)) {
		return key(column, id), nil
	}
	found := ""
	for i := range l.Lists {
		k := key(i, id)
		switch {
		case !l.index.Has(k):
		case found != "":
			return "", problem("pair %d of the truth: two lists have a row of that id: give the truth as a column of the lists instead", pair+1)
		default:
			found = k
		}
	}
	if found == "" {
		return "", problem("pair %d of the truth: no list has a row of that id", pair+1)
	}
	return found, nil
}
