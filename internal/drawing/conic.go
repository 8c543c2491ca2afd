package drawing

import (
	"math"

	"github.com/homeward-registry/homeward/places"
)

// Conic is the equidistant conic projection (Snyder, Map Projections: A Working Manual, 1987, p. 111): true to scale along
// meridians and two parallels, and fit for countries that stretch from west to east in middle latitudes.
type Conic struct{ n, g, middle float64 }

const degree = math.Pi / 180

// NewConic returns the projection for a stretch of latitudes around a middle longitude, in degrees.
func NewConic(south, north, middle float64) Conic {
	sixth := (north - south) / 6
	a, b := (south+sixth)*degree, (north-sixth)*degree
	n := math.Sin(a) // of one parallel
	if b-a > 1e-6 {
		n = (math.Cos(a) - math.Cos(b)) / (b - a)
	}
	return Conic{n: n, g: math.Cos(a)/n + a, middle: middle}
}

// Project returns a point's place on the plane, in radii of the earth: x to the east, y to the south.
func (c Conic) Project(p places.Point) (x, y float64) {
	rho := c.g - p.Lat*degree
	theta := c.n * (p.Lon - c.middle) * degree
	return rho * math.Sin(theta), rho * math.Cos(theta)
}
