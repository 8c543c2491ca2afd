package places

// Level says how near two places are to one another in the order of administration, nearest last.
type Level uint8

const (
	Unknown     Level = iota // one of the two is not known
	Abroad                   // in different countries
	SameCountry              // in different regions of one country
	SameRegion
	SameRaion
	SameHromada
	Contains // one lies in the other: nothing contradicts their being the same
	Same     // the same place, whatever it was called
)

var levelNames = [...]string{"unknown", "abroad", "same-country", "same-region", "same-raion", "same-hromada", "contains", "same"}

func (l Level) String() string { return levelNames[l] }

// Relate says how near two places are. It is symmetric.
func Relate(a, b Place) Level {
	switch {
	case a.ID == "" || b.ID == "":
		return Unknown
	case a.ID == b.ID:
		return Same
	case a.Within(b) || b.Within(a):
		return Contains
	case a.Country != b.Country:
		return Abroad
	case a.Region != b.Region:
		return SameCountry
	case a.Hromada != "" && a.Hromada == b.Hromada:
		return SameHromada
	case a.Raion != "" && a.Raion == b.Raion:
		return SameRaion
	}
	return SameRegion
}

// Within reports whether the place lies in the other, and is not the other.
func (p Place) Within(q Place) bool {
	if p.ID == q.ID {
		return false
	}
	switch q.Kind {
	case KindCountry:
		return p.Country == q.Country
	case KindRegion:
		return p.Region == q.ID
	case KindRaion:
		return p.Raion == q.ID
	case KindHromada:
		return p.Hromada == q.ID
	}
	return p.Region == q.ID // a city that is a region
}

// RelateText says how near two places are at best, given what each of two texts may mean. It is symmetric.
func (g *Gazetteer) RelateText(a, b string) Level {
	best := Unknown
	right := g.Find(b)
	for _, p := range g.Find(a) {
		for _, q := range right {
			best = max(best, Relate(p, q))
		}
	}
	return best
}
