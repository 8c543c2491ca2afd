package desk

import (
	"errors"
	"math"
	"net/http"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
)

// subtraction is offered among the definitions because it is asked for: it is refused, with the reason.
const subtraction = "deported minus returned"

type countsPage struct {
	frame
	Definitions            []string
	Definition             string
	Valid, Known           string // as the fields hold them
	ValidWords, KnownWords string
	Failure                string
	Count                  *homeward.Count
	Interval               interval
	Drawn                  *drawn
	Counting               bool // it takes a while, and goes on behind the page
}

// interval is a count between its bounds, drawn on a line that begins at nought; places are in hundredths of its width.
type interval struct {
	Lower, Point, Upper               int
	LowerX, PointX, UpperX, SpanWidth float64
}

// upperAt is where the upper bound stands, so that there is room for its number.
const upperAt = 86

func newInterval(c homeward.Count) interval {
	i := interval{Lower: c.Lower, Point: c.Children, Upper: c.Upper}
	if c.Upper == 0 {
		return i
	}
	place := func(n int) float64 { return math.Round(1000*upperAt*float64(n)/float64(c.Upper)) / 1000 }
	i.LowerX, i.PointX, i.UpperX = place(c.Lower), place(c.Children), place(c.Upper)
	i.SpanWidth = i.UpperX - i.LowerX
	return i
}

func (d *Desk) showCounts(v *visit) error {
	q := v.r.URL.Query()
	p := &countsPage{Definition: q.Get("definition"), Valid: q.Get("valid"), Known: q.Get("known")}
	if p.Definition == "" {
		p.Definition = statistics.Children
	}
	for _, def := range statistics.Definitions() {
		p.Definitions = append(p.Definitions, def.Name)
	}
	p.Definitions = append(p.Definitions, subtraction)
	valid, okValid := endOf(p.Valid)
	knownBy, okKnown := endOf(p.Known)
	if !okValid || !okKnown {
		p.Failure = v.l.T("import.baddate")
		return v.show(http.StatusBadRequest, "counts", p)
	}
	def, err := statistics.Define(p.Definition)
	var m *homeward.Message
	if errors.As(err, &m) {
		if instead, ok := m.Args["instead"].(string); ok {
			m.Args["instead"] = known(v.l, "definition."+instead, instead)
		}
		p.Failure = v.l.Message(m)
		return v.show(http.StatusUnprocessableEntity, "counts", p)
	}
	if err != nil {
		return err
	}
	if err := v.count(p, def, asked{valid: valid, known: knownBy}, q.Get("drawn") != ""); err != nil {
		return err
	}
	return v.show(http.StatusOK, "counts", p)
}

// count counts, and draws how the children divide, as far as that is ready.
func (v *visit) count(p *countsPage, def homeward.Definition, a asked, draw bool) error {
	p.Definition = def.Name
	table, kept, err := v.d.table(v, a)
	if p.Counting = table == nil; err != nil || table == nil {
		return err
	}
	count := table.Count(def)
	p.Count, p.Interval = &count, newInterval(count)
	p.ValidWords, p.KnownWords = v.l.Day(homeward.DayOf(count.ValidAsOf)), v.l.Day(homeward.DayOf(count.KnownAsOf))
	if kept && a.known.IsZero() {
		p.KnownWords = v.l.Instant(count.KnownAsOf)
	}
	if !draw {
		return nil
	}
	a.drawn = true
	table, _, err = v.d.table(v, a)
	if p.Counting = table == nil; err != nil || table == nil {
		return err
	}
	p.Drawn, err = v.draw(table.Distribution(def))
	return err
}

// endOf returns the last moment of a day; the zero time, which means now, for an empty field.
func endOf(day string) (time.Time, bool) {
	if day == "" {
		return time.Time{}, true
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, false
	}
	return t.Add(24*time.Hour - time.Microsecond), true
}
