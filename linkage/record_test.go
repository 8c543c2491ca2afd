package linkage

import (
	"slices"
	"testing"
)

// TestNumbersInTextsAreNoSounds keeps the number of a house, a school or a postcode what it is.
func TestNumbersInTextsAreNoSounds(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"школа № 3", "Школа №3", true}, {"школа № 3", "школа № 7", false}, {"2600", "2166", false}, {"25", "15", false}, {"12а", "12A", true},
		{"Дитячий будинок 5", "дитячий будинок", false}, {"вул. Шевченка, 12", "вулиця Шевченка 12", true},
	} {
		if got := slices.Equal(textKeys(c.a), textKeys(c.b)); got != c.same {
			t.Errorf("%q and %q: the same is %v", c.a, c.b, got)
		}
	}
}
