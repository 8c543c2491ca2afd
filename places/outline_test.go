package places_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/places"
)

// TestUkraineHasItsRecognisedBorders is a promise of the design: no picture of the world gives Crimea to Russia.
func TestUkraineHasItsRecognisedBorders(t *testing.T) {
	for _, id := range []places.ID{
		"UA-43/simferopol", "UA-40", "UA-43/kerch", "UA-43/yalta", "UA-14/donetsk", "UA-09/luhansk", "UA-65/kherson", "UA-23/zaporizhzhia",
		"UA-14/mariupol", "UA-23/melitopol", "UA-63/kharkiv", "UA-46/lviv", "UA-51/odesa", "UA-21/uzhhorod", "UA-74/chernihiv",
	} {
		p, ok := places.Ours().Place(id)
		if at := places.Where(p.At); !ok || at != p.Region {
			t.Errorf("%s lies in %q, want %s", id, at, p.Region)
		}
		if !in("UA", p.At) || in("RU", p.At) {
			t.Errorf("%s does not lie in Ukraine alone", id)
		}
	}
	for _, id := range []places.ID{"RU-ROS/rostov-on-don", "RU-BEL/belgorod", "RU-KDA/taman", "RU-ROS/taganrog", "RU-KRS/kursk", "RU-KDA/krasnodar", "BY-HO/mazyr", "BY-BR/bierastsie"} {
		p, ok := places.Ours().Place(id)
		if ok && in("UA", p.At) {
			t.Errorf("%s lies in Ukraine", id)
		}
	}
}

func in(country places.ID, p places.Point) bool {
	for _, a := range places.Areas() {
		if a.ID == country && a.Holds(p) {
			return true
		}
	}
	return false
}

// TestSettlementsLieInTheirRegion holds outlines and tables against each other.
func TestSettlementsLieInTheirRegion(t *testing.T) {
	asked, wrong := 0, 0
	for _, p := range places.Ours().All() {
		if !p.Kind.Settlement() {
			continue
		}
		want := p.Region
		if p.Country != "UA" {
			want = places.ID(p.Country)
		}
		asked++
		if at := places.Where(p.At); at != want {
			wrong++
			t.Logf("%s lies in %q", p.ID, at)
		}
	}
	if wrong*100 > asked {
		t.Errorf("%d of %d settlements lie outside the outline of their region", wrong, asked)
	}
}

func TestRegionsOfUkraineAreComplete(t *testing.T) {
	regions, raions, drawn := 0, 0, 0
	for _, p := range places.Ours().All() {
		switch {
		case p.Country == "UA" && p.ID == p.Region:
			regions++
		case p.Kind == places.KindRaion:
			raions++
		}
		if p.Country == "RU" && (strings.Contains(string(p.ID), "UA-") || in("UA", p.At)) {
			t.Errorf("%s is given to Russia and lies in Ukraine", p.ID)
		}
	}
	for _, a := range places.Areas() {
		if strings.HasPrefix(string(a.ID), "UA-") {
			drawn++
		}
	}
	if regions != 27 || raions != 136 || drawn != 27 {
		t.Errorf("%d regions, %d raions, %d outlines; want 27, 136, 27", regions, raions, drawn)
	}
}
