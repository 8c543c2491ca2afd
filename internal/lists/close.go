package lists

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/linkage"
)

// closePair is a pair that most needs a human eye, its rows side by side.
type closePair struct {
	linkage.Pair
	Left, Right cited
	Cells       []cellsCompared
	Waterfall   waterfall
}

// cited names a row.
type cited struct{ File, ID string }

// cellsCompared is what two rows say under one path.
type cellsCompared struct{ Holds, Left, Right string }

// closeShown is how many pairs the report shows whole.
const closeShown = 12

// close returns the pairs whose odds lie nearest to those of the threshold.
func (l *Linked) close(pairs []explained) ([]closePair, error) {
	nearest := slices.Clone(pairs)
	neutral := odds(l.Options.Threshold)
	slices.SortStableFunc(nearest, func(a, b explained) int {
		return cmp.Compare(math.Abs(odds(a.Probability)-neutral), math.Abs(odds(b.Probability)-neutral))
	})
	nearest = nearest[:min(len(nearest), closeShown)]
	wanted := map[string]intake.Line{}
	for _, p := range nearest {
		wanted[p.Left], wanted[p.Right] = intake.Line{}, intake.Line{}
	}
	if err := l.reread(wanted); err != nil {
		return nil, err
	}
	out := make([]closePair, len(nearest))
	for i, p := range nearest {
		leftFile, leftID := l.named(p.Left)
		rightFile, rightID := l.named(p.Right)
		out[i] = closePair{Pair: p.Pair, Left: cited{leftFile, leftID}, Right: cited{rightFile, rightID},
			Cells: l.beside(p.Pair, wanted), Waterfall: l.extras.waterfall(p.signals, p.Weight)}
	}
	return out, nil
}

func odds(p float64) float64 { return math.Log2(p / max(1-p, 1e-12)) }

// reread fills in the lines of rows: their words were not kept.
func (l *Linked) reread(wanted map[string]intake.Line) error {
	ids := make([]map[string]bool, len(l.Lists))
	for k := range wanted {
		number, id := split(k)
		if ids[number] == nil {
			ids[number] = map[string]bool{}
		}
		ids[number][id] = true
	}
	for number, missing := range ids {
		if len(missing) == 0 {
			continue
		}
		err := l.linesOf(number, func(id string, line intake.Line) error {
			if missing[id] {
				line.Texts = slices.Clone(line.Texts)
				wanted[key(number, id)] = line
				delete(missing, id)
			}
			if len(missing) == 0 {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
	}
	return nil
}

// linesOf reads a list once more.
func (l *Linked) linesOf(number int, fn func(id string, line intake.Line) error) error {
	r := l.Options.reader(number, l.extras, l.Options.Files[number].File)
	rows, counted, n := r.rows(), l.Lists[number].Counted, 0
	return intake.Lines(r.file, func(line intake.Line) error {
		n++
		if counted {
			return fn(strconv.Itoa(n), line)
		}
		return fn(text(line, rows.shaped(line.Headings).id), line)
	})
}

// beside puts what two rows say under the same path into one line.
func (l *Linked) beside(p linkage.Pair, lines map[string]intake.Line) []cellsCompared {
	var out []cellsCompared
	for side, k := range []string{p.Left, p.Right} {
		number, _ := split(k)
		list := l.Lists[number]
		for _, c := range lines[k].Cells() {
			column := list.Columns[list.known[c.Heading]]
			if c.Text == "" || !column.Weighed && !column.extra() {
				continue
			}
			out = add(out, string(column.Holds), side, c.Text)
		}
	}
	return out
}

// add adds a text to the line of a path, on one side.
func add(out []cellsCompared, holds string, side int, text string) []cellsCompared {
	i := slices.IndexFunc(out, func(c cellsCompared) bool { return c.Holds == holds })
	if i < 0 {
		i = len(out)
		out = append(out, cellsCompared{Holds: holds})
	}
	at := []*string{&out[i].Left, &out[i].Right}[side]
	if *at != "" {
		*at += "; "
	}
	*at += text
	return out
}
