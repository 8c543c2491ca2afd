package drawing

import (
	"cmp"
	"html/template"
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

// stream is a flow as it is drawn, and told in the table.
type stream struct {
	From, To string
	Count    int
	Width    float64
	Leg      string
	Ring     *spot // of a flow that stays in its region
}

type flowsPicture struct {
	ground
	Streams  []stream
	Floor    int
	Hidden   int // how many flows are under the floor
	Unplaced int
}

// Draw returns the map of the flows with its table, largest first. Of flows under the floor it says how many there are, and
// nothing of any one of them.
func (f Flows) Draw(l *i18n.Localizer) template.HTML {
	cells := slices.DeleteFunc(slices.Clone(f.Cells), func(c Flow) bool { return c.Count < f.Floor })
	slices.SortFunc(cells, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	p := flowsPicture{Floor: f.Floor, Hidden: len(f.Cells) - len(cells), Unplaced: f.Unplaced}
	var points []places.Point
	for _, c := range cells {
		points = append(points, f.centre(c.From), f.centre(c.To))
	}
	if len(cells) > 0 {
		p.ground = newGround(around(points))
	}
	for _, c := range cells {
		p.Streams = append(p.Streams, f.stream(c, l, p.ground, float64(cells[0].Count)))
	}
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

func (f Flows) stream(c Flow, l *i18n.Localizer, g ground, most float64) stream {
	s := stream{From: f.name(c.From, l), To: f.name(c.To, l), Count: c.Count}
	s.Width = round(1 + 5*float64(c.Count)/most)
	x, y := g.at(f.centre(c.From))
	from := spot{X: round(x), Y: round(y), Half: 4 + s.Width}
	if c.From == c.To {
		s.Ring = &from
		return s
	}
	x, y = g.at(f.centre(c.To))
	s.Leg = curve(from, spot{X: x, Y: y})
	return s
}
