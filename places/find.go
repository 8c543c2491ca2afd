package places

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/names"
)

// hit is a run of words of a text that names places.
type hit struct {
	list   []int // the places
	alike  []int // those whose names are alike by the coarse key only
	marked bool  // the text says that it is a settlement
	rough  bool  // the list agrees by the coarse key alone
}

// longest is how many words the longest name has.
const longest = 4

// Find returns the places that the words may mean, the likeliest first. What stands beside a name narrows it: "Донецьк,
// Ростовська обл." is not in Ukraine, and a village that is not known in the region beside it gives the region. Of several
// places that lie in one another the smallest is meant; of several that do not, the one that the text calls a town, or
// the first.
func (g *Gazetteer) Find(text string) []Place {
	hits := g.hits(words(text))
	if len(hits) == 0 {
		return nil
	}
	list := g.narrowed(hits, g.meant(hits))
	g.order(list)
	out := make([]Place, len(list))
	for i, at := range list {
		out[i] = g.places[at]
	}
	return out
}

// hits reads the words from left to right and takes the longest name that begins at each.
func (g *Gazetteer) hits(text []word) []hit {
	var out []hit
	for i := 0; i < len(text); {
		switch {
		case text[i].mark == street:
			i = nextPart(text, i)
		case text[i].mark != nothing:
			i++
		default:
			h, n := g.longestAt(text, i)
			if len(h.list) > 0 {
				out = append(out, h)
			}
			i += max(n, 1)
		}
	}
	return out
}

func nextPart(text []word, i int) int {
	for !text[i].last {
		i++
	}
	return i + 1
}

func (g *Gazetteer) longestAt(text []word, i int) (hit, int) {
	for n := run(text, i); n > 0; n-- {
		said := saidOf(text, i, i+n)
		list, alike := g.named(text[i:i+n], said, len(text) == n)
		h := hit{list: g.ofKind(list, said), alike: g.ofKind(alike, said), marked: said == settlement}
		if len(h.list) == 0 {
			h.list, h.rough = h.alike, true
		}
		if len(h.list) > 0 {
			return h, n
		}
	}
	return hit{}, 1
}

// run returns how many words from i on may belong to one name.
func run(text []word, i int) int {
	n := 0
	for n < longest && i+n < len(text) && text[i+n].mark == nothing {
		n++
		if text[i+n-1].last {
			break
		}
	}
	return n
}

// saidOf returns what the words around a name say of it: "м." before it, "обл." behind or before it.
func saidOf(text []word, from, to int) mark {
	var before, behind mark
	if from > 0 && !text[from-1].last {
		before = text[from-1].mark
	}
	if to < len(text) && !text[to-1].last {
		behind = text[to].mark
	}
	switch {
	case before == settlement || behind != nothing && behind != settlement && behind != street:
		if before == settlement {
			return before
		}
		return behind
	case before == region && from > 1 && !text[from-2].last && text[from-2].mark == nothing:
		return nothing // "Донецька обл. Маріуполь": the word before belongs to what stands before it
	}
	return before
}

// named returns the places of a name: those of the same sounds, and those of the same coarse key, when it is long enough to
// tell names from other words.
func (g *Gazetteer) named(name []word, said mark, alone bool) (list, alike []int) {
	var sounds, keys strings.Builder
	for _, w := range name {
		sounds.WriteString(" " + w.sounds)
		keys.WriteString(" " + names.Key(w.text))
	}
	list = g.sounds[sounds.String()]
	key := keys.String()
	if len(key) <= 4 || len(key) <= 6 && said == nothing && !alone {
		return list, nil
	}
	if alike = g.keys[key]; len(alike) == 0 && (said == region || said == raion) {
		alike = g.keys[strings.TrimSuffix(strings.TrimSuffix(key, "ag"), "am")] // Донецкого района
	}
	return list, alike
}

// ofKind keeps the places that are what the text says.
func (g *Gazetteer) ofKind(list []int, said mark) []int {
	if said == nothing || said == street {
		return slices.Clone(list)
	}
	var out []int
	for _, i := range list {
		k := g.places[i].Kind
		if said == settlement && k.Settlement() || said == region && (k == KindRegion || k == KindCountry) || said == raion && k == KindRaion ||
			said == hromada && (k == KindHromada || k.Settlement()) {
			out = append(out, i)
		}
	}
	return out
}

// meant returns which hit the text is about: see [Gazetteer.Find].
func (g *Gazetteer) meant(hits []hit) int {
	best, most := 0, -1
	for i, h := range hits {
		if n := g.worth(h, i, hits); n > most {
			best, most = i, n
		}
	}
	return best
}

func (g *Gazetteer) worth(h hit, at int, hits []hit) int {
	worth := 0
	switch kind := g.finest(h.list); {
	case kind.Settlement():
		worth = 64
	case kind == KindHromada || kind == KindRaion:
		worth = 16
	case kind == KindRegion:
		worth = 8
	}
	if h.marked {
		worth += 32
	}
	if !h.rough {
		worth += 2
	}
	for i, other := range hits {
		if i != at && g.liesIn(h.list, other.list) {
			return worth + 16
		}
	}
	return worth
}

// finest returns the smallest kind among places.
func (g *Gazetteer) finest(list []int) Kind {
	kind := KindCountry
	for _, i := range list {
		if k := g.places[i].Kind; slices.Index(size, k) < slices.Index(size, kind) {
			kind = k
		}
	}
	return kind
}

func (g *Gazetteer) liesIn(list, areas []int) bool {
	for _, a := range areas {
		for _, i := range list {
			if g.places[i].Within(g.places[a]) {
				return true
			}
		}
	}
	return false
}

// narrowed returns the places of the hit that is meant which lie in what the others name; all, when none does.
func (g *Gazetteer) narrowed(hits []hit, meant int) []int {
	list := hits[meant].list
	for i, h := range hits {
		if i == meant {
			continue
		}
		switch in, alike := g.within(list, h.list), g.within(hits[meant].alike, h.list); {
		case len(in) > 0:
			list = in
		case len(alike) > 0:
			list = alike
		case g.finest(h.list) == KindRegion && !g.liesIn(h.list, list):
			return slices.Clone(h.list)
		}
	}
	return slices.Clone(list)
}

// within keeps the places that lie in one of the areas.
func (g *Gazetteer) within(list, areas []int) []int {
	var out []int
	for _, i := range list {
		if g.liesIn([]int{i}, areas) {
			out = append(out, i)
		}
	}
	return out
}
