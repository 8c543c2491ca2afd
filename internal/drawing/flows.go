package drawing

import (
	"cmp"
	"html/template"
	"math"
	"slices"

	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/places"
)

// Flows are how many children were taken from which region to which.
type Flows struct {
	Gazetteer *places.Gazetteer
	Cells     []Flow
	Floor     int // an amount under it is not told
	Unplaced  int // children of whom one of the two regions is not known
}

// Flow is one amount.
type Flow struct {
	From, To places.ID
	Count    int
}

// stream is a flow as it is told in the table, and drawn when it is not hidden.
type stream struct {
	From, To string
	Count    int
	Hidden   bool
	Width    float64
	Leg      string
	Ring     *spot // of a flow that stays in its region
}

type flowsPicture struct {
	ground
	Streams  []stream
	Floor    int
	Total    int
	Hidden   int
	Unplaced int
	Shown    int
}

// Draw returns the map of the flows with its table, largest first. An amount under the floor is told as such, and counted in
// no sum.
func (f Flows) Draw(l *i18n.Localizer) template.HTML {
	cells := slices.Clone(f.Cells)
	slices.SortFunc(cells, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	p := flowsPicture{Floor: f.Floor, Unplaced: f.Unplaced}
	var points []places.Point
	for _, c := range cells {
		if c.Count >= f.Floor {
			points = append(points, f.centre(c.From), f.centre(c.To))
		}
	}
	if p.Shown = len(points) / 2; p.Shown > 0 {
		p.ground = newGround(around(points))
	}
	for _, c := range cells {
		p.Streams = append(p.Streams, f.stream(c, l, &p, float64(cells[0].Count)))
	}
	// Hidden amounts are told in the order of names, lest the order tell which is larger.
	slices.SortStableFunc(p.Streams, func(a, b stream) int {
		if !a.Hidden || !b.Hidden {
			return 0
		}
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return figure(l, "flows", p)
}

func (f Flows) centre(id places.ID) places.Point {
	p, _ := f.Gazetteer.Place(id)
	return p.At
}

func (f Flows) name(id places.ID, l *i18n.Localizer) string {
	p, ok := f.Gazetteer.Place(id)
	if !ok {
		return string(id)
	}
	return p.Name.In(string(l.Lang))
}

func (f Flows) stream(c Flow, l *i18n.Localizer, p *flowsPicture, most float64) stream {
	s := stream{From: f.name(c.From, l), To: f.name(c.To, l), Count: c.Count}
	if c.Count < f.Floor {
		p.Hidden++
		s.Hidden, s.Count = true, 0
		return s
	}
	p.Total += c.Count
	s.Width = round(1.5 + 7*math.Sqrt(float64(c.Count)/most))
	x, y := p.at(f.centre(c.From))
	from := spot{X: round(x), Y: round(y), Half: 4 + s.Width}
	if c.From == c.To {
		s.Ring = &from
		return s
	}
	x, y = p.at(f.centre(c.To))
	s.Leg = curve(from, spot{X: x, Y: y})
	return s
}
