package drawing

import (
	"html/template"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
)

// Timeline are events along time, in their order. What has no date is not drawn.
type Timeline struct{ Events []Dated }

// Dated is an event: What and Words in the reader's language.
type Dated struct {
	What, Words string
	When        homeward.Date
	Harm        bool
}

// row is an event on its line, across in hundredths of the width, upright in pixels.
type row struct {
	Dated
	X, Width float64 // Width is nought for a day
	Y        float64
	TextX    float64
	End      bool // the text ends before the mark
	Long     bool // the text fits on neither side of a narrow page
}

type tick struct {
	X           float64
	Text        string
	First, Last bool
}

type timelinePicture struct {
	Rows     []row
	Ticks    []tick
	Height   float64
	Undated  []Dated
	from, to homeward.Day
}

// rowHeight is how far apart the lines of two events are.
const rowHeight = 24

// Draw returns the events along time. Their words stand in a table beside them.
func (t Timeline) Draw(l *i18n.Localizer) template.HTML {
	var p timelinePicture
	for _, e := range t.Events {
		if e.When.IsZero() {
			p.Undated = append(p.Undated, e)
			continue
		}
		if len(p.Rows) == 0 {
			p.from, p.to = e.When.From, e.When.To
		}
		p.from, p.to = min(p.from, e.When.From), max(p.to, e.When.To)
		p.Rows = append(p.Rows, row{Dated: e})
	}
	p.room()
	for i := range p.Rows {
		p.place(&p.Rows[i], i)
	}
	p.years()
	p.Height = float64(len(p.Rows))*rowHeight + 30
	return figure(l, "timeline", p)
}

// room widens the stretch of time to whole years, so that it begins and ends with a mark of its own.
func (p *timelinePicture) room() {
	p.from = homeward.YMD(p.from.Time().Year(), time.January, 1)
	p.to = homeward.YMD(p.to.Time().Year()+1, time.January, 1)
}

// across returns where a day stands, in hundredths of the width.
func (p *timelinePicture) across(d homeward.Day) float64 {
	return round(2 + 96*float64(d-p.from)/float64(p.to-p.from))
}

func (p *timelinePicture) place(r *row, i int) {
	r.Y = float64(i)*rowHeight + 34
	r.X = p.across(r.When.From)
	right := r.X
	if r.When.To > r.When.From {
		right = p.across(r.When.To + 1)
		r.Width = round(right - r.X)
	}
	// A letter takes at most 2.2 hundredths of the narrowest page.
	text := 2.2 * float64(utf8.RuneCountInString(r.What))
	r.TextX, r.Long = right, right+text > 100 && r.X-text < 0
	if right+text > 100 && r.X-text > 0 || right > 60 {
		r.TextX, r.End = r.X, true
	}
}

// years marks the years, some of them when there are many.
func (p *timelinePicture) years() {
	first, last := p.from.Time().Year(), p.to.Time().Year()
	every := (last-first)/6 + 1
	for y := first; y <= last; y += every {
		p.Ticks = append(p.Ticks, tick{p.across(homeward.YMD(y, time.January, 1)), strconv.Itoa(y), y == first, y+every > last})
	}
}
