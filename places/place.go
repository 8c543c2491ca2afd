package places

import (
	"cmp"
	"math"
)

// Kind says what a place is.
type Kind string

const (
	KindCountry Kind = "country"
	KindRegion  Kind = "region" // oblast, krai, republic: the first level below the country
	KindRaion   Kind = "raion"
	KindHromada Kind = "hromada"
	KindCity    Kind = "city"
	KindTown    Kind = "town" // селище, посёлок
	KindVillage Kind = "village"
)

// Settlement reports whether people live in the place as in one town, rather than in many.
func (k Kind) Settlement() bool { return k == KindCity || k == KindTown || k == KindVillage }

// ID names a place within one gazetteer: "UA-14" (ISO 3166-2) for a region, "UA-14/bakhmut" for what lies in it.
type ID string

// Names are a place's present names.
type Names struct{ UK, RU, EN string }

// In returns the name in a language (uk, ru, en), or in the language nearest to it that has one.
func (n Names) In(lang string) string {
	switch lang {
	case "uk":
		return cmp.Or(n.UK, n.RU, n.EN)
	case "ru":
		return cmp.Or(n.RU, n.UK, n.EN)
	}
	return cmp.Or(n.EN, n.UK, n.RU)
}

// Place is one place of a gazetteer.
type Place struct {
	ID      ID
	Kind    Kind
	Name    Names
	Old     []string // names it bore officially before, in any language
	Also    []string // what else it is called: finds it, and is never shown
	At      Point    // where it is; of a region or raion, its centre; zero when not known
	Country string   // ISO 3166-1: "UA"
	Region  ID       // the region it lies in; its own ID for a region; empty for a country
	Raion   ID       // likewise
	Hromada ID       // likewise; only lists that were read in know it
}

// Point is a place on the earth, in degrees.
type Point struct{ Lat, Lon float64 }

// Known reports whether the point is one: the zero point lies in the Gulf of Guinea, where nobody of ours was taken.
func (p Point) Known() bool { return p != Point{} }

// Kilometres returns the distance of two points along a great circle.
func (p Point) Kilometres(q Point) float64 {
	const radius, degree = 6371, math.Pi / 180
	dLat, dLon := (q.Lat-p.Lat)*degree, (q.Lon-p.Lon)*degree
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(p.Lat*degree)*math.Cos(q.Lat*degree)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}
