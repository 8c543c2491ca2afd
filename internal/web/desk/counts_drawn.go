package desk

import (
	"html/template"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/statistics"
)

// smallCell is the amount under which a cell of a distribution is not told: with a region, an age and a month, few
// children are one child.
const smallCell = 5

// drawn is how the children of a count divide, as pictures.
type drawn struct {
	Flows, Ages, Months template.HTML
	Small               int
}

// draw draws how children divide.
func (v *visit) draw(d statistics.Distribution) (*drawn, error) {
	g, err := v.d.places.Current(v.ctx(), v.d.DB, v.user.Actor())
	if err != nil {
		return nil, err
	}
	flows := drawing.Flows{Gazetteer: g, Floor: smallCell, Unplaced: untold(d.Unplaced)}
	for f, n := range d.Flows {
		flows.Cells = append(flows.Cells, drawing.Flow{From: f.From, To: f.To, Count: n})
	}
	return &drawn{flows.Draw(v.l), v.ages(d).Draw(v.l), v.months(d).Draw(v.l), smallCell}, nil
}

// untold keeps a small remainder from being told.
func untold(n int) int {
	if n < smallCell {
		return 0
	}
	return n
}

func (v *visit) ages(d statistics.Distribution) drawing.Bars {
	b := drawing.Bars{ID: "ages", Title: v.l.T("drawing.ages"), Of: v.l.T("drawing.age"), Floor: smallCell}
	for age := range 18 {
		b.Amounts = append(b.Amounts, drawing.Amount{Label: strconv.Itoa(age), Count: d.Ages[age]})
	}
	if n := untold(d.Ageless); n > 0 {
		b.Note = v.l.N("drawing.ageless", n)
	}
	return b
}

// months draws every month from the first to the last, those without a child too.
func (v *visit) months(d statistics.Distribution) drawing.Bars {
	b := drawing.Bars{ID: "months", Title: v.l.T("drawing.months"), Of: v.l.T("drawing.month"), Floor: smallCell}
	all := slices.SortedFunc(maps.Keys(d.Months), time.Time.Compare)
	if len(all) > 0 {
		// What is said of years before is told below, as what has no month is: a slip of one date must not make a thousand bars.
		last := all[len(all)-1]
		for m := last.AddDate(0, 1-min(120, monthsFrom(all[0], last)+1), 0); !m.After(last); m = m.AddDate(0, 1, 0) {
			day := homeward.DayOf(m)
			words := v.l.Date(homeward.Date{From: day, To: homeward.DayOf(m.AddDate(0, 1, -1)), Precision: homeward.PrecisionMonth})
			b.Amounts = append(b.Amounts, drawing.Amount{Label: m.Format("01/06"), Words: words, Count: d.Months[m]})
		}
	}
	if n := untold(d.Undated); n > 0 {
		b.Note = v.l.N("drawing.undated", n)
	}
	return b
}

func monthsFrom(a, b time.Time) int { return 12*(b.Year()-a.Year()) + int(b.Month()) - int(a.Month()) }
