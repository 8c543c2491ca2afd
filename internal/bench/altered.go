package main

import (
	"strings"
	"time"

	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
)

// top is how many proposals a person is asked to look at.
const top = 20

// disguise is a child under an altered identity: the row that is meant, and two records of it, which differ in whether its
// siblings are known.
type disguise struct {
	synth.Row
	known, unknown string // ids
}

// altered looks for children whose name, birth date and birthplace were replaced, among a clean population that tells
// relatives, origin and looks. Only children of whom the altered row names a sibling are looked for, so that the same
// children are looked for with the siblings and without.
func altered(s sizes) error {
	began := time.Now()
	c := newCrowd(s.rows, true)
	hidden, ids := c.hide(s)
	model := linkage.Train(c.index, linkage.Options{})
	line("altered-index", "rows", s.rows, "seconds", time.Since(began), "mib", mostMemory())
	began = time.Now()
	pairs := c.nearest(model, ids)
	places := placesOf(pairs, c, hidden)
	took := time.Since(began)
	for _, known := range []bool{true, false} {
		name := map[bool]string{true: "altered-siblings-known", false: "altered-siblings-unknown"}[known]
		found := map[string][2]int{} // group -> in the top, all
		proposed := 0
		for _, h := range hidden {
			place, ok := places[choose(known, h.known, h.unknown)]
			in := ok && place <= top
			if ok {
				proposed++
			}
			for _, group := range groupsOf(h.Row) {
				f := found[group]
				found[group] = [2]int{f[0] + one(in), f[1] + 1}
			}
		}
		figures := []any{"rows", s.rows, "children", len(hidden), "proposed", share(proposed, len(hidden)), "seconds", took}
		for _, group := range []string{"all", "given_kept", "given_new", "origin_known", "origin_unknown"} {
			figures = append(figures, "top20_"+group, share(found[group][0], found[group][1]))
		}
		line(name, append(figures, "mib", mostMemory())...)
	}
	return nil
}

// nearest is what a person is shown for each altered record; records of the altered list are not each other's.
func (c crowd) nearest(model *linkage.Model, ids []string) (out []linkage.Pair) {
	across := linkage.Options{Skip: func(a, _, b, _ string) bool { return a == b }}
	for _, id := range ids {
		out = append(out, c.index.Nearest(model, id, 4*top, across)...)
	}
	return out
}

// hide adds the altered records of as many children as are asked for.
func (c crowd) hide(s sizes) (hidden []disguise, ids []string) {
	for i, n := 0, 0; len(hidden) < s.queries && i < s.rows; i++ {
		if n = i * 7919 % s.rows; s.rows%7919 == 0 {
			n = i
		}
		r := c.Altered(n)
		if r.Siblings == "" {
			continue
		}
		h := disguise{r, r.ID + "/known", r.ID + "/unknown"}
		with, without := recordOf(r, "altered"), recordOf(r, "altered")
		with.ID, without.ID, without.Siblings = h.known, h.unknown, nil
		c.index.Add(with)
		c.index.Add(without)
		hidden, ids = append(hidden, h), append(ids, h.known, h.unknown)
	}
	return hidden, ids
}

// placesOf returns the place of the true child among the proposals for each altered record, from 1; who weighs the same
// stands before it. A record whose child is not proposed has none.
func placesOf(pairs []linkage.Pair, c crowd, hidden []disguise) map[string]int {
	meant := map[string]string{}
	for _, h := range hidden {
		id := c.Row(h.Number).ID
		meant[h.known], meant[h.unknown] = id, id
	}
	weight, places := map[string]float64{}, map[string]int{}
	each := func(do func(id, other string, weight float64)) {
		for _, p := range pairs {
			if strings.HasPrefix(p.Left, "A") { // altered ids stand before those of the crowd
				do(p.Left, p.Right, p.Weight)
			}
		}
	}
	each(func(id, other string, w float64) {
		if meant[id] == other {
			weight[id] = w
		}
	})
	each(func(id, _ string, w float64) {
		if own, ok := weight[id]; ok && w >= own {
			places[id]++
		}
	})
	return places
}

func groupsOf(r synth.Row) []string {
	return []string{"all", choose(r.Acts.Has(synth.Renamed), "given_new", "given_kept"), choose(r.Acts.Has(synth.OriginKnown), "origin_known", "origin_unknown")}
}

func choose(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
