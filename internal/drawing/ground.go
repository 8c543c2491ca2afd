package drawing

import (
	"fmt"
	"math"
	"strings"

	"github.com/homeward-registry/homeward/places"
)

// width is how wide a map is drawn, in its own units; the page stretches it.
const width = 460

// view is what a map shows, in degrees.
type view struct{ south, north, west, east float64 }

// around returns the view that holds the points with room about them. It is never so near that nobody knows where they
// are; when they lie far apart it holds the whole of Ukraine, by whose shape the rest is known.
func around(points []places.Point) view {
	v := span(points)
	if v.east-v.west > 9 || v.north-v.south > 6 {
		v = span(append([]places.Point{{Lat: 44.4, Lon: 22.2}, {Lat: 52.3, Lon: 40.2}}, points...))
	}
	return v
}

func span(points []places.Point) view {
	v := view{90, -90, 180, -180}
	for _, p := range points {
		v.south, v.north = min(v.south, p.Lat), max(v.north, p.Lat)
		v.west, v.east = min(v.west, p.Lon), max(v.east, p.Lon)
	}
	high, wide := max(.8, .08*(v.north-v.south), (5-(v.north-v.south))/2), max(1.2, .07*(v.east-v.west), (9-(v.east-v.west))/2)
	return view{max(v.south-high, -80), min(v.north+high, 80), max(v.west-wide, -180), min(v.east+wide, 190)}
}

// shape is one outline on a map.
type shape struct {
	Class string // home, for a region of Ukraine; land, for what lies about it
	D     string // the path
}

// ground is the map under a drawing.
type ground struct {
	Width, Height float64
	Shapes        []shape
	Scale         scale
	conic         Conic
	unit          float64 // units of the drawing in a radius of the earth
	left, top     float64
}

// scale is the line that says how long a way is.
type scale struct {
	Kilometres int
	Length     float64
	Y, TextY   float64
}

func newGround(v view) ground {
	g := ground{Width: width, conic: NewConic(v.south, v.north, (v.west+v.east)/2)}
	left, right, top, bottom := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for i := range 21 {
		at := float64(i) / 20
		lon, lat := v.west+(v.east-v.west)*at, v.south+(v.north-v.south)*at
		for _, p := range []places.Point{{Lat: v.south, Lon: lon}, {Lat: v.north, Lon: lon}, {Lat: lat, Lon: v.west}, {Lat: lat, Lon: v.east}} {
			x, y := g.conic.Project(p)
			left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
		}
	}
	g.unit = min(width/(right-left), 340/(bottom-top))
	g.left, g.top = (left+right)/2-width/g.unit/2, top
	g.Height = round(max((bottom-top)*g.unit, 160))
	g.draw()
	g.measure()
	return g
}

// Ground returns what the template of the ground needs.
func (g ground) Ground() any {
	return struct {
		Shapes []shape
		scale
	}{g.Shapes, g.Scale}
}

// at returns where a point stands on the map.
func (g ground) at(p places.Point) (x, y float64) {
	x, y = g.conic.Project(p)
	return (x - g.left) * g.unit, (y - g.top) * g.unit
}

// draw makes a path of each outline that reaches into the map: countries first, then the regions of Ukraine.
func (g *ground) draw() {
	for _, regions := range []bool{false, true} {
		for _, a := range places.Areas() {
			region := strings.HasPrefix(string(a.ID), "UA-")
			if region != regions || a.ID == "UA" {
				continue
			}
			if d, ok := g.path(a.Ring); ok {
				g.Shapes = append(g.Shapes, shape{map[bool]string{true: "home", false: "land"}[region], d})
			}
		}
	}
}

// path writes a ring. Points that fall together at this size are left out; ok is false when none of it is to be seen.
func (g *ground) path(ring []places.Point) (d string, ok bool) {
	var b strings.Builder
	left, right, top, bottom := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	lastX, lastY := math.Inf(1), 0.0
	for i, p := range ring[:len(ring)-1] {
		x, y := g.at(p)
		left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
		if math.Hypot(x-lastX, y-lastY) < 1 {
			continue
		}
		lastX, lastY = x, y
		fmt.Fprintf(&b, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x, y)
	}
	return b.String() + "Z", right >= 0 && left <= g.Width && bottom >= 0 && top <= g.Height
}

// measure chooses a round length for the scale, about a fifth of the width.
func (g *ground) measure() {
	const radius = 6371
	for _, km := range []int{50, 100, 200, 500, 1000, 2000} {
		if length := float64(km) / radius * g.unit; g.Scale.Kilometres == 0 || length <= width/4 {
			g.Scale = scale{km, round(length), round(g.Height - 10), round(g.Height - 13)}
		}
	}
}

// round keeps a tenth of a unit: less than anyone sees.
func round(x float64) float64 { return math.Round(x*10) / 10 }
