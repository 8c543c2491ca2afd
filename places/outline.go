package places

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Area is the outline of a country or of a region of Ukraine: a closed ring of points. A country of several parts has
// several areas.
type Area struct {
	ID   ID // "UA", "UA-14"
	Ring []Point
}

// Areas returns the outlines: the regions of Ukraine (Kyiv and Sevastopol before what surrounds them), Ukraine, Belarus and Russia.
// Do not change them.
var Areas = sync.OnceValue(func() []Area {
	text, err := tables.ReadFile("tables/outlines.txt")
	if err != nil {
		panic(fmt.Sprintf("places: outlines: %v", err))
	}
	areas, err := readOutlines(string(text))
	if err != nil {
		panic(fmt.Sprintf("places: outlines: %v", err))
	}
	return areas
})

// readOutlines reads arcs and the areas made of them. The arcs of an area must meet end to end and close.
func readOutlines(text string) ([]Area, error) {
	arcs := map[string][]Point{}
	var out []Area
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) < 3 || f[0] == "#":
		case f[0] == "arc":
			arc, err := points(f[2:])
			if err != nil {
				return nil, fmt.Errorf("arc %s: %w", f[1], err)
			}
			arcs[f[1]] = arc
		default:
			ring, err := closed(arcs, f[2:])
			if err != nil {
				return nil, fmt.Errorf("area %s: %w", f[1], err)
			}
			out = append(out, Area{ID(f[1]), ring})
		}
	}
	return out, nil
}

func points(fields []string) ([]Point, error) {
	var out []Point
	for _, f := range fields {
		lon, lat, _ := strings.Cut(f, ",")
		var p Point
		if err := p.read(lat, lon); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// closed joins arcs into a ring, whose last point is its first.
func closed(arcs map[string][]Point, list []string) ([]Point, error) {
	var ring []Point
	for _, name := range list {
		name, backwards := strings.CutPrefix(name, "-")
		arc := slices.Clone(arcs[name])
		if backwards {
			slices.Reverse(arc)
		}
		if len(arc) == 0 || len(ring) > 0 && ring[len(ring)-1] != arc[0] {
			return nil, fmt.Errorf("arc %s does not begin where the one before it ends", strconv.Quote(name))
		}
		if len(ring) > 0 {
			arc = arc[1:]
		}
		ring = append(ring, arc...)
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, fmt.Errorf("the ring does not close")
	}
	return ring, nil
}

// Holds reports whether the point lies inside the area, by how often a line to the north crosses its ring.
func (a Area) Holds(p Point) bool {
	inside := false
	for i := 1; i < len(a.Ring); i++ {
		q, r := a.Ring[i-1], a.Ring[i]
		if (q.Lon > p.Lon) != (r.Lon > p.Lon) && p.Lat < q.Lat+(r.Lat-q.Lat)*(p.Lon-q.Lon)/(r.Lon-q.Lon) {
			inside = !inside
		}
	}
	return inside
}

// Where returns the region of Ukraine, or else the country, in whose outline a point lies; empty when in none of them. The
// outlines are coarse: within 20 km of a border the answer may be the neighbour.
func Where(p Point) ID {
	for _, a := range Areas() {
		if a.Holds(p) {
			return a.ID
		}
	}
	return ""
}
