package evidence_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"pgregory.net/rapid"
)

func exhibit(id, bytes, parent, from string) homeward.Exhibit {
	return homeward.Exhibit{ID: homeward.ExhibitID(id), SHA256: bytes, Parent: homeward.ExhibitID(parent), Intake: homeward.Intake{From: from}}
}

func TestOnlyIndependentOriginsCorroborate(t *testing.T) {
	for name, x := range map[string]struct {
		list []homeward.Exhibit
		want int
	}{
		"nothing":                {nil, 0},
		"two givers":             {[]homeward.Exhibit{exhibit("1", "a", "", "x"), exhibit("2", "b", "", "y")}, 2},
		"one giver":              {[]homeward.Exhibit{exhibit("1", "a", "", "A  nurse"), exhibit("2", "b", "", "a nurse")}, 1},
		"the same bytes":         {[]homeward.Exhibit{exhibit("1", "a", "", "x"), exhibit("2", "a", "", "y")}, 1},
		"a translation":          {[]homeward.Exhibit{exhibit("1", "a", "", "x"), exhibit("2", "b", "1", "")}, 1},
		"two of one not there":   {[]homeward.Exhibit{exhibit("2", "b", "1", ""), exhibit("3", "c", "1", "")}, 1},
		"joined by the last one": {[]homeward.Exhibit{exhibit("1", "a", "", "x"), exhibit("2", "b", "", "y"), exhibit("3", "a", "2", "")}, 1},
	} {
		if got := evidence.Origins(x.list); got != x.want {
			t.Errorf("%s: %d origins, want %d", name, got, x.want)
		}
	}
}

func TestOriginsDoNotDependOnOrder(t *testing.T) {
	word := rapid.SampledFrom(strings.Split("abcdef", ""))
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.Custom(func(t *rapid.T) homeward.Exhibit {
			return exhibit(word.Draw(t, "id"), word.Draw(t, "bytes"), "", word.Draw(t, "from"))
		})).Draw(t, "exhibits")
		n := evidence.Origins(list)
		slices.Reverse(list)
		if again := evidence.Origins(list); again != n || n > len(list) || (n == 0) != (len(list) == 0) {
			t.Fatalf("%d and %d of %d", n, again, len(list))
		}
	})
}
