package places

import (
	"maps"
	"slices"
)

// near is how far apart two lists may put one place, in kilometres.
const near = 20

// With returns a gazetteer that has the places of a list as well. A place that is there already keeps its id and names and
// gains what it lacks; it is recognised by kind, name and what it lies in, or by name and whereabouts. Where the list knows
// regions by codes of its own, the places it shares with the gazetteer tell which is which.
func (g *Gazetteer) With(list []Place) *Gazetteer {
	j := joining{
		Gazetteer: g, out: slices.Clone(g.places), ours: map[ID]ID{}, taken: map[ID]bool{}, votes: map[ID]map[ID]int{},
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Place) int { return rank(a) - rank(b) })
	for i := range list {
		list[i] = j.placed(list[i])
		j.match(list[i])
	}
	for _, p := range list {
		if _, ok := j.ours[p.ID]; ok {
			continue
		}
		p = j.voted(j.placed(p))
		if !j.match(p) {
			j.out = append(j.out, p)
		}
	}
	return gazetteer(j.out)
}

// rank is the order in which places are taken in: what others lie in first.
func rank(p Place) int {
	switch {
	case p.ID == p.Region:
		return 0
	case p.Kind.Settlement():
		return len(size)
	}
	return len(size) - slices.Index(size, p.Kind)
}

type joining struct {
	*Gazetteer
	out   []Place
	ours  map[ID]ID         // an id of the list -> the id of the same place here
	taken map[ID]bool       // places here that the list has
	votes map[ID]map[ID]int // a region of the list -> the regions here that its places lie in
}

// placed gives a place the ids by which the gazetteer knows what it lies in.
func (j *joining) placed(p Place) Place {
	for _, id := range []*ID{&p.Region, &p.Raion, &p.Hromada} {
		if ours, ok := j.ours[*id]; ok {
			*id = ours
		}
	}
	return p
}

// match finds the place in the gazetteer. A place here is matched once: a second village of its name is another.
func (j *joining) match(p Place) bool {
	var found []int
	for name := range called(p) {
		for _, i := range j.sounds[soundsOf(name)] {
			if q := j.places[i]; !slices.Contains(found, i) && !j.taken[q.ID] && j.alike(p, q) {
				found = append(found, i)
			}
		}
	}
	if len(found) == 0 || len(found) > 1 && !p.At.Known() {
		return false
	}
	at := slices.MinFunc(found, func(a, b int) int {
		return int(p.At.Kilometres(j.places[a].At)) - int(p.At.Kilometres(j.places[b].At))
	})
	ours := j.out[at]
	j.ours[p.ID], j.taken[ours.ID] = ours.ID, true
	j.out[at] = ours.complemented(p)
	if j.votes[p.Region] == nil {
		j.votes[p.Region] = map[ID]int{}
	}
	j.votes[p.Region][ours.Region]++
	return true
}

// alike reports whether two places of one name can be the same.
func (j *joining) alike(p, q Place) bool {
	_, known := j.at[p.Region]
	switch {
	case p.Country != q.Country || p.Kind.Settlement() != q.Kind.Settlement():
		return false
	case p.ID == p.Region: // a region, or a city that is one
		return q.ID == q.Region
	case !p.Kind.Settlement():
		return p.Kind == q.Kind && p.Region == q.Region
	case p.At.Known() && q.At.Known():
		return p.At.Kilometres(q.At) <= near
	case p.At.Known():
		return known && p.Region == q.Region
	}
	return p.Kind == q.Kind && p.Region == q.Region && p.Raion == q.Raion
}

// complemented returns the place with what the other knows besides.
func (p Place) complemented(q Place) Place {
	if !p.At.Known() {
		p.At = q.At
	}
	if p.Raion == "" {
		p.Raion = q.Raion
	}
	if p.Hromada == "" {
		p.Hromada = q.Hromada
	}
	have := map[string]bool{}
	for name := range called(p) {
		have[soundsOf(name)] = true
	}
	p.Also = slices.Clone(p.Also)
	for name := range called(q) {
		if s := soundsOf(name); !have[s] {
			have[s] = true
			p.Also = append(p.Also, name)
		}
	}
	return p
}

// voted puts a place into the region in which most others of its region lie.
func (j *joining) voted(p Place) Place {
	most := 0
	for _, region := range slices.Sorted(maps.Keys(j.votes[p.Region])) {
		if n := j.votes[p.Region][region]; n > most {
			most, p.Region = n, region
		}
	}
	return p
}

// soundsOf returns what a name is filed under.
func soundsOf(name string) string {
	var sounds string
	for _, w := range words(name) {
		if w.mark == nothing {
			sounds += " " + w.sounds
		}
	}
	return sounds
}
