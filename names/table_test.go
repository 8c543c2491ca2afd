package names

import (
	"strings"
	"testing"
)

type tableLine struct {
	sex         string
	full, short []string
}

func tableLines() []tableLine {
	var out []tableLine
	for line := range strings.Lines(strings.TrimSpace(givenTable + neighbourTable)) {
		full, short, _ := strings.Cut(strings.TrimSpace(line), "|")
		words := strings.Fields(full)
		if len(words) == 0 {
			continue
		}
		out = append(out, tableLine{words[0], words[1:], strings.Fields(short)})
	}
	return out
}

// TestTheTableIsWide holds the size the tables have: given names, their full forms and short forms, counted as different folds.
func TestTheTableIsWide(t *testing.T) {
	short := map[string]bool{}
	for _, l := range tableLines() {
		for _, w := range l.short {
			short[Fold(w)] = true
		}
	}
	t.Logf("%d names, %d full forms, %d short forms", len(given.sex)-1, len(given.full), len(short))
	if len(given.sex)-1 < 550 || len(given.full) < 1100 || len(short) < 800 {
		t.Errorf("%d names, %d full forms, %d short forms", len(given.sex)-1, len(given.full), len(short))
	}
}

// TestNoFullFormStandsForTwoNames keeps the table honest: a spelling that stands in two lines would silently be the first.
func TestNoFullFormStandsForTwoNames(t *testing.T) {
	owner := map[string]int{}
	for i, l := range tableLines() {
		if l.sex == "+" {
			if len(l.full) != 1 || given.full[Fold(l.full[0])] == 0 || len(l.short) == 0 {
				t.Errorf("line %d adds to no name", i+1)
			}
			continue
		}
		if l.sex != "m" && l.sex != "f" {
			t.Errorf("line %d: no sex", i+1)
		}
		for k, w := range l.full {
			f := Fold(w)
			if other, taken := owner[f]; taken && other != i {
				t.Errorf("line %d, form %d is line %d too", i+1, k+1, other+1)
			}
			owner[f] = i
		}
	}
}

// TestEveryFatherOfTheTableIsAName catches a father who is not in the table of given names, whose line would say nothing.
func TestEveryFatherOfTheTableIsAName(t *testing.T) {
	for i, line := range strings.Split(strings.TrimSpace(fatherTable), "\n") {
		w := strings.Fields(line)
		if len(w) != 2 || given.full[Fold(w[1])] == 0 {
			t.Errorf("line %d", i+1)
		}
	}
}

// TestJaroWinklerAgreesWithThePublishedExamples uses the pairs of Winkler (1990), which have no letter our folds lack.
func TestJaroWinklerAgreesWithThePublishedExamples(t *testing.T) {
	for i, c := range []struct {
		a, b string
		want float64
	}{{"martha", "marhta", 0.9611}, {"dwayne", "duane", 0.8400}, {"dixon", "dicksonx", 0.8133}, {"abc", "xyz", 0}, {"", "a", 0}, {"a", "a", 1}} {
		if have := jaroWinkler(c.a, c.b); have < c.want-0.0001 || have > c.want+0.0001 {
			t.Errorf("pair %d: %.4f, want %.4f", i, have, c.want)
		}
		if jaroWinkler(c.a, c.b) != jaroWinkler(c.b, c.a) {
			t.Errorf("pair %d: not symmetric", i)
		}
	}
}

// TestDistanceIsSymmetricAndStandsOnTheStack holds the prices of edits, the limit, and that a comparison costs no memory.
func TestDistanceIsSymmetricAndStandsOnTheStack(t *testing.T) {
	long := strings.Repeat("ab", 32)
	for i, c := range []struct {
		a, b        string
		limit, want int
	}{
		{"koval", "koval", 20, 0}, {"koval", "kovel", 20, softEdit}, {"koval", "kobal", 20, softEdit}, {"koval", "komal", 20, fullEdit},
		{"koval", "kovla", 20, swapEdit}, {"koval", "koal", 20, fullEdit}, {"maria", "mara", 20, softEdit}, {"", "ko", 20, 2 * fullEdit},
		{"koval", "bondar", 5, 6}, {long, long[1:], 40, fullEdit}, {"abcdefgh", "a", 4, 5},
	} {
		if d := distance(c.a, c.b, c.limit); d != c.want || distance(c.b, c.a, c.limit) != d {
			t.Errorf("case %d: %d and %d, want %d", i, d, distance(c.b, c.a, c.limit), c.want)
		}
	}
	a, b := senseOf(Parse("Schewtschenko").Tokens[0]), senseOf(Parse("Шевчинко").Tokens[0])
	if n := testing.AllocsPerRun(100, func() { alike(&a, &b) }); n != 0 {
		t.Errorf("%.0f allocations", n)
	}
}
