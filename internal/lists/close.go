package lists

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/linkage"
)

// closePair is a pair that most needs a human eye, its rows side by side.
type closePair struct {
	Pair
	File, OtherFile string
	ID, OtherID     string
	Cells           []cellsCompared
	Waterfall       waterfall
}

// cellsCompared is what two rows say under one path.
type cellsCompared struct{ Holds, Left, Right string }

// errEnough ends a reading that has found what it looked for.
var errEnough = errors.New("enough")

// closeShown is how many pairs the report shows whole.
const closeShown = 12

// close returns the pairs whose odds lie nearest to those of the threshold.
func (l *Linked) close(pairs []int32) ([]closePair, error) {
	nearest := l.nearest(pairs)
	wanted := map[string]intake.Line{}
	for _, p := range nearest {
		wanted[l.keys[p.Left]], wanted[l.keys[p.Right]] = intake.Line{}, intake.Line{}
	}
	if err := l.reread(wanted); err != nil {
		return nil, err
	}
	e := l.explainer()
	out := make([]closePair, len(nearest))
	for i, p := range nearest {
		c := closePair{Pair: p, Cells: l.beside(p, wanted), Waterfall: l.extras.waterfall(e.weigher.Signals(p), p.Weight)}
		c.File, c.ID = l.named(p.Left)
		c.OtherFile, c.OtherID = l.named(p.Right)
		out[i] = c
	}
	return out, nil
}

// nearest returns the pairs nearest to the threshold, the nearest first; of two as near the one that stands before.
func (l *Linked) nearest(pairs []int32) []Pair {
	neutral := linkage.LogOdds(l.Options.Threshold)
	far := func(p Pair) float64 { return math.Abs(linkage.LogOdds(p.Probability) - neutral) }
	var out []Pair
	for _, i := range pairs {
		p := l.Pairs[i]
		if len(out) == closeShown && far(p) >= far(out[closeShown-1]) {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, p, func(have, p Pair) int {
			if far(have) <= far(p) {
				return -1
			}
			return 1
		})
		out = slices.Insert(out, at, p)
		out = out[:min(len(out), closeShown)]
	}
	return out
}

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
func (l *Linked) beside(p Pair, lines map[string]intake.Line) []cellsCompared {
	var out []cellsCompared
	for side, k := range []string{l.keys[p.Left], l.keys[p.Right]} {
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
