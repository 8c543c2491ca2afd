package drawing

import (
	"cmp"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/places"
)

// Journey is what is said of where a child was, in the order of time.
type Journey struct {
	ID        string // of its parts on the page; "journey" when empty
	Gazetteer *places.Gazetteer
	Stops     []Stop
}

// Stop is one place of a journey as it was said, or a time whose place nobody says.
type Stop struct {
	What, When string // in the reader's language
	Said       string // the words that name the place; empty when there are none
}

// waypoint is a stop as it is told in the table.
type waypoint struct {
	Stop
	Number  int
	Name    string // what the gazetteer calls the place
	Rough   bool   // it stands at the centre of a larger area
	Several int    // how many places its words may mean
	Drawn   bool
	at      places.Point
}

// spot is where one or several stops stand on the map.
type spot struct {
	X, Y, Half float64 // Half of its width
	Numbers    string
	Rough      bool
	Label      *label
	name       string
}

type label struct {
	X, Y float64
	End  bool // the text ends at X
	Text string
}

// Left, Top, Wide and Base are where the mark and its number stand.
func (s spot) Left() float64 { return round(s.X - s.Half) }
func (s spot) Top() float64  { return round(s.Y - 8) }
func (s spot) Wide() float64 { return round(2 * s.Half) }
func (s spot) Base() float64 { return round(s.Y + 3.6) }

// leg is the way from one spot to the next; Gap when the place of a stop between them is not known.
type leg struct {
	D   string
	Gap bool
}

type journeyPicture struct {
	ground
	ID        string
	Waypoints []waypoint
	Legs      []leg
	Spots     []spot
	Shown     int
}

// Draw returns the map of a journey with its table. A stop whose place the gazetteer does not know stands in the table alone.
func (j Journey) Draw(l *i18n.Localizer) template.HTML { return figure(l, "journey", j.picture(l)) }

func (j Journey) picture(l *i18n.Localizer) journeyPicture {
	p := journeyPicture{ID: cmp.Or(j.ID, "journey"), Waypoints: j.waypoints(l)}
	var points []places.Point
	for _, w := range p.Waypoints {
		if w.Drawn {
			points = append(points, w.at)
		}
	}
	p.Shown = len(points)
	if p.Shown > 0 {
		p.ground = newGround(around(points))
		p.travel()
		p.name()
	}
	return p
}

func (j Journey) waypoints(l *i18n.Localizer) []waypoint {
	var out []waypoint
	for i, s := range j.Stops {
		w := waypoint{Stop: s, Number: i + 1}
		if found := j.Gazetteer.Find(s.Said); len(found) > 0 {
			at, exact := j.Gazetteer.Whereabouts(found[0])
			w.Name, w.Several, w.at, w.Rough, w.Drawn = called(j.Gazetteer, found[0], l), len(found), at, !exact, at.Known()
			w.Drawn = w.Drawn && found[0].Kind != places.KindCountry
		}
		out = append(out, w)
	}
	return out
}

// called names a place with the region it lies in.
func called(g *places.Gazetteer, p places.Place, l *i18n.Localizer) string {
	name := p.Name.In(string(l.Lang))
	if region, ok := g.Place(p.Region); ok && region.ID != p.ID {
		name += ", " + region.Name.In(string(l.Lang))
	}
	return name
}

// travel puts the stops on the map, those of one place together, and draws the way between them.
func (p *journeyPicture) travel() {
	last, gap := -1, false
	for _, w := range p.Waypoints {
		if !w.Drawn {
			gap = true
			continue
		}
		at := p.spot(w)
		if last >= 0 && at != last {
			p.Legs = append(p.Legs, leg{curve(p.Spots[last], p.Spots[at]), gap})
		}
		last, gap = at, false
	}
}

// spot returns the spot of a stop: one that is there already, when the two would cover each other.
func (p *journeyPicture) spot(w waypoint) int {
	x, y := p.at(w.at)
	number := strconv.Itoa(w.Number)
	name, _, _ := strings.Cut(w.Name, ", ")
	at := slices.IndexFunc(p.Spots, func(s spot) bool { return math.Hypot(s.X-x, s.Y-y) < 13 })
	if at < 0 {
		p.Spots = append(p.Spots, spot{X: round(x), Y: round(y), Half: 8, Numbers: number, Rough: w.Rough, name: name})
		return len(p.Spots) - 1
	}
	s := &p.Spots[at]
	s.Numbers += "·" + number
	s.Half = 4 + 3.2*float64(utf8.RuneCountInString(s.Numbers))
	s.Rough = s.Rough && w.Rough
	if !strings.Contains(s.name, name) {
		s.name += ", " + name
	}
	return at
}

// curve bends a way a little to its right, so that there and back are two ways, and stops short of its end for the arrow.
func curve(from, to spot) string {
	dx, dy := to.X-from.X, to.Y-from.Y
	length := math.Hypot(dx, dy)
	mx, my := (from.X+to.X)/2-dy*.14, (from.Y+to.Y)/2+dx*.14
	short := min(13, length/2) / math.Hypot(to.X-mx, to.Y-my)
	return "M" + number(from.X) + " " + number(from.Y) + "Q" + number(mx) + " " + number(my) + " " +
		number(to.X-(to.X-mx)*short) + " " + number(to.Y-(to.Y-my)*short)
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// name writes the name of each spot beside it, on the first side where nothing stands; where there is none, the table has it.
func (p *journeyPicture) name() {
	var taken []box
	for _, s := range p.Spots {
		taken = append(taken, box{s.X - s.Half, s.Y - 8, s.X + s.Half, s.Y + 8})
	}
	for i := range p.Spots {
		s := &p.Spots[i]
		wide := 6.4 * float64(utf8.RuneCountInString(s.name))
		for _, at := range []label{
			{X: s.X + s.Half + 3, Y: s.Y + 4}, {X: s.X - s.Half - 3, Y: s.Y + 4, End: true},
			{X: s.X - 6, Y: s.Y - 12}, {X: s.X - 6, Y: s.Y + 20},
		} {
			b := box{at.X, at.Y - 11, at.X + wide, at.Y + 3}
			if at.End {
				b.left, b.right = at.X-wide, at.X
			}
			if b.left < 2 || b.right > p.Width-2 || b.top < 2 || b.bottom > p.Height-2 || slices.ContainsFunc(taken, b.meets) {
				continue
			}
			at.Text, at.X, at.Y = s.name, round(at.X), round(at.Y)
			s.Label, taken = &at, append(taken, b)
			break
		}
	}
}

type box struct{ left, top, right, bottom float64 }

func (b box) meets(c box) bool {
	return b.left < c.right && c.left < b.right && b.top < c.bottom && c.top < b.bottom
}
