package drawing

import (
	"html/template"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// Bars are amounts side by side: children by age, events by month.
type Bars struct {
	ID      string // of the figure on its page: letters only
	Title   string // in the reader's language, as all words here
	Of      string // what stands along the base: age, month
	Amounts []Amount
	Floor   int // an amount under it, but for nought, is not told
}

// Amount is one bar.
type Amount struct {
	Label string
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
	every := (len(b.Amounts) + 17) / 18
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
