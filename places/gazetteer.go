package places

import (
	"cmp"
	"slices"
	"sync"

	"github.com/homeward-registry/homeward/names"
)

// Gazetteer is a list of places that can be asked for by name. It does not change after it is made.
type Gazetteer struct {
	places []Place
	at     map[ID]int
	sounds map[string][]int // the folded words of a name -> places, in order
	keys   map[string][]int // their coarse keys
	major  map[ID]bool      // centres of regions
}

// Ours is the gazetteer of the tables that come with Homeward.
var Ours = sync.OnceValue(func() *Gazetteer { return gazetteer(written()) })

// Find returns the places of our own tables that the words may mean.
func Find(text string) []Place { return Ours().Find(text) }

func gazetteer(list []Place) *Gazetteer {
	g := &Gazetteer{
		places: list, at: make(map[ID]int, len(list)), sounds: map[string][]int{}, keys: map[string][]int{}, major: map[ID]bool{},
	}
	for i, p := range list {
		g.at[p.ID] = i
		for name := range called(p) {
			g.file(i, name)
		}
	}
	centred := map[ID]bool{}
	for _, p := range list {
		if p.Kind.Settlement() && !centred[p.Region] {
			centred[p.Region], g.major[p.ID] = true, true
		}
	}
	return g
}

// Len returns how many places it has.
func (g *Gazetteer) Len() int { return len(g.places) }

// All returns every place, those of a region behind it. Do not change them.
func (g *Gazetteer) All() []Place { return g.places }

// Place returns the place of an id.
func (g *Gazetteer) Place(id ID) (Place, bool) {
	i, ok := g.at[id]
	if !ok {
		return Place{}, false
	}
	return g.places[i], true
}

// Whereabouts returns where a place is; when that is not known, the centre of what it lies in, and exact is false.
func (g *Gazetteer) Whereabouts(p Place) (at Point, exact bool) {
	if p.At.Known() {
		return p.At, p.Kind.Settlement()
	}
	for _, id := range []ID{p.Hromada, p.Raion, p.Region, ID(p.Country)} {
		if q, ok := g.Place(id); ok && q.At.Known() {
			return q.At, false
		}
	}
	return Point{}, false
}

// called gives every name of a place.
func called(p Place) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, list := range [][]string{{p.Name.UK, p.Name.RU, p.Name.EN}, p.Old, p.Also} {
			for _, name := range list {
				if name != "" && !yield(name) {
					return
				}
			}
		}
	}
}

// file enters a place under one of its names. Words like "область" are left out: texts have them or not.
func (g *Gazetteer) file(i int, name string) {
	var sounds, keys string
	for _, w := range words(name) {
		if w.mark == nothing {
			sounds, keys = sounds+" "+w.sounds, keys+" "+names.Key(w.text)
		}
	}
	enter(g.sounds, sounds, i)
	enter(g.keys, keys, i)
}

func enter(index map[string][]int, under string, i int) {
	if under != "" && !slices.Contains(index[under], i) {
		index[under] = append(index[under], i)
	}
}

// order puts the likelier places first: centres of regions, then cities, towns and villages, then as they are listed.
func (g *Gazetteer) order(list []int) {
	slices.SortStableFunc(list, func(a, b int) int {
		p, q := g.places[a], g.places[b]
		return cmp.Or(
			-compareBool(g.major[p.ID], g.major[q.ID]),
			cmp.Compare(slices.Index(size, p.Kind), slices.Index(size, q.Kind)), cmp.Compare(a, b))
	})
}

// size lists the kinds in the order in which an ambiguous name is likely to mean them.
var size = []Kind{KindCity, KindTown, KindVillage, KindHromada, KindRaion, KindRegion, KindCountry}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
