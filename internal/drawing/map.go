package drawing

import "github.com/homeward-registry/homeward/internal/i18n"

// Map is a journey as lines and words, for who draws it elsewhere than on a page: on paper. Paths are those of SVG, in absolute
// places, of M, L, Q and Z alone. Nothing is to be drawn when Width is nought; what Told says holds all the same.
type Map struct {
	Width, Height float64
	Land, Home    []string // outlines: of countries, of the regions of Ukraine
	Ways          []Way
	Marks         []Mark
	Told          []Told
	Scale         string  // "200 km", in the reader's language
	ScaleLength   float64 // how long that is
}

// Way leads from one mark to the next; Gap when the place of a stop between them is not known.
type Way struct {
	D   string
	Gap bool
}

// Mark is where one or several stops stand.
type Mark struct {
	X, Y, Half   float64 // Half of its width
	Numbers      string
	Rough        bool
	Name         string // empty where there is no room for it
	NameX, NameY float64
	NameEnds     bool // at NameX, where it otherwise begins
}

// Told is a stop in words.
type Told struct {
	Stop
	Number  int
	Name    string // what the gazetteer calls the place, with what is not sure about that
	Unknown bool   // the place is named, and the gazetteer does not know it
}

// Map returns what [Journey.Draw] draws.
func (j Journey) Map(l *i18n.Localizer) Map {
	p := j.picture(l)
	m := Map{}
	for _, w := range p.Waypoints {
		m.Told = append(m.Told, w.told(l))
	}
	if p.Shown == 0 {
		return m
	}
	m.Width, m.Height, m.Scale, m.ScaleLength = p.Width, p.Height, l.T("drawing.km", "n", p.ground.Scale.Kilometres), p.ground.Scale.Length
	for _, s := range p.Shapes {
		if s.Class == "home" {
			m.Home = append(m.Home, s.D)
		} else {
			m.Land = append(m.Land, s.D)
		}
	}
	for _, way := range p.Legs {
		m.Ways = append(m.Ways, Way(way))
	}
	for _, s := range p.Spots {
		mark := Mark{X: s.X, Y: s.Y, Half: s.Half, Numbers: s.Numbers, Rough: s.Rough}
		if s.Label != nil {
			mark.Name, mark.NameX, mark.NameY, mark.NameEnds = s.Label.Text, s.Label.X, s.Label.Y, s.Label.End
		}
		m.Marks = append(m.Marks, mark)
	}
	return m
}

func (w waypoint) told(l *i18n.Localizer) Told {
	t := Told{Stop: w.Stop, Number: w.Number, Name: w.Name, Unknown: w.Said != "" && w.Name == ""}
	if w.Name == "" {
		return t
	}
	if w.Rough && w.Drawn {
		t.Name += " · " + l.T("drawing.rough")
	}
	if w.Several > 1 {
		t.Name += " · " + l.N("drawing.several", w.Several)
	}
	if !w.Drawn {
		t.Name += " · " + l.T("drawing.not_drawn")
	}
	return t
}
