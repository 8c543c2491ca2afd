package drawing

import (
	"cmp"
	"html/template"
	"math"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// Bars are amounts side by side: children by age, events by month.
type Bars struct {
	ID      string // of the figure on its page: letters only
	Title   string // in the reader's language, as all words here
	Of      string // what stands along the base: age, month
	Amounts []Amount
	Floor   int // an amount under it, but for nought, is not told
	Note    string
}

// Amount is one bar.
type Amount struct {
	Label string
	Words string // the label in full, where it is short
	Count int
}

// bar is an amount with its place, across in hundredths of the width, upright in pixels.
type bar struct {
	Amount
	X, Width, Middle float64
	Y, Height        float64
	Hidden, Named    bool // Named when there is room for its label
}

type barsPicture struct {
	Bars
	Drawn  []bar
	Total  int
	Hidden int
	Most   int
}

// barsHeight is how high the highest bar is.
const barsHeight = 120

// Draw returns the bars with their table.
func (b Bars) Draw(l *i18n.Localizer) template.HTML {
	p := barsPicture{Bars: b}
	for _, a := range b.Amounts {
		if a.Count >= b.Floor {
			p.Most, p.Total = max(p.Most, a.Count), p.Total+a.Count
		}
	}
	top := float64(max(p.Most, b.Floor, 1))
	slot := 100 / float64(max(len(b.Amounts), 1))
	every := b.every()
	for i, a := range b.Amounts {
		d := bar{Amount: a, X: round(slot * (float64(i) + .1)), Width: round(slot * .8), Middle: round(slot * (float64(i) + .5)), Named: i%every == 0}
		if a.Count > 0 && a.Count < b.Floor {
			d.Hidden, d.Count = true, 0
			p.Hidden++
		}
		d.Height = round(barsHeight * float64(d.Count) / top)
		if d.Hidden {
			d.Height = round(barsHeight * float64(b.Floor) / top)
		}
		d.Y = 18 + barsHeight - d.Height
		p.Drawn = append(p.Drawn, d)
	}
	return figure(l, "bars", p)
}

// every returns which labels have room: a sign takes at most 1.8 hundredths of the narrowest page.
func (b Bars) every() int {
	signs := 0
	for _, a := range b.Amounts {
		signs += len(a.Label) + 1
	}
	return max(1, int(math.Ceil(1.8*float64(signs)/100)))
}

// Told is the words of an amount in the table.
func (a Amount) Told() string { return cmp.Or(a.Words, a.Label) }

// Listed reports whether the table has the bar. Of many, it has those that are not nought.
func (p barsPicture) Listed(b bar) bool { return len(p.Drawn) <= 20 || b.Count > 0 || b.Hidden }
