package review

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// The one rule by which the machine itself decides "same": two records carry the same document number, and the source
// of each checked it. Numbers are compared by [linkage.Number]. A parent's document given for each of several children
// is the one way in which the rule would err, so it holds its tongue where both the given name and the day of birth
// differ, and where a list names each child once: then people decide.

// documents knows which rows carry which verified number.
type documents struct {
	holders map[string][]holder            // by number
	numbers map[homeward.RecordID][]string // by row
}

// holder is a row that carries a verified number, and what speaks against its being another's.
type holder struct {
	Row    homeward.RecordID
	Source homeward.SourceID
	Names  []linkage.NameText
	Births []homeward.Date
}

// add files a row under its verified numbers, in place of what was filed of it before.
func (d *documents) add(row homeward.RecordID, c linkage.Record, versions []homeward.Record) {
	d.remove(row)
	for _, claim := range versions[len(versions)-1].All(homeward.PathDocument) {
		n := linkage.Number(claim.Value)
		if !claim.Verified || n == "" || slices.Contains(d.numbers[row], n) {
			continue
		}
		d.numbers[row] = append(d.numbers[row], n)
		d.holders[n] = append(d.holders[n], holderOf(row, c))
		slices.SortFunc(d.holders[n], func(a, b holder) int { return cmp.Compare(a.Row, b.Row) })
	}
}

// remove takes away what is filed of a row.
func (d *documents) remove(row homeward.RecordID) {
	for _, n := range d.numbers[row] {
		d.holders[n] = slices.DeleteFunc(d.holders[n], func(h holder) bool { return h.Row == row })
	}
	delete(d.numbers, row)
}

func holderOf(row homeward.RecordID, c linkage.Record) holder {
	return holder{Row: row, Source: homeward.SourceID(c.Source), Names: c.Names, Births: c.Births}
}

// names analyses the holder's names. They are needed only where two rows carry one number, which is rare.
func (h holder) names() []names.Name {
	var out []names.Name
	for _, n := range h.Names {
		parsed := names.ParseParts(n.Given, n.Patronymic, n.Family)
		if parsed.Empty() {
			parsed = names.Parse(n.Full)
		}
		out = append(out, parsed)
	}
	return out
}

// twosome is two rows that the rule joins.
type twosome struct{ a, b homeward.RecordID }

// joins returns what the rule joins among the rows given and those that carry the same numbers: each with the oldest
// row of its number, in a fixed order.
func (d *documents) joins(rows []homeward.RecordID, free map[homeward.SourceID]bool) []twosome {
	touched := map[string]bool{}
	for _, row := range rows {
		for _, n := range d.numbers[row] {
			touched[n] = true
		}
	}
	var out []twosome
	for _, n := range slices.Sorted(maps.Keys(touched)) {
		list := d.holders[n]
		for i, b := range list {
			for _, a := range list[:i] {
				if a.Source == b.Source && free[a.Source] || another(a, b) {
					continue
				}
				out = append(out, twosome{a.Row, b.Row})
				break
			}
		}
	}
	return out
}

// another reports whether two rows plainly speak of two children: no name shares a given name with one of the other,
// and the days of birth are known and differ.
func another(a, b holder) bool {
	namesA, namesB := a.names(), b.names()
	for _, x := range namesA {
		for _, y := range namesB {
			if names.Compare(x, y).Given != names.LevelDifferent {
				return false
			}
		}
	}
	for _, x := range a.Births {
		for _, y := range b.Births {
			if x.Precision != homeward.PrecisionDay || y.Precision != homeward.PrecisionDay || x.Overlaps(y) {
				return false
			}
		}
	}
	return len(namesA)*len(namesB)*len(a.Births)*len(b.Births) > 0
}

// decideByRule takes the decisions of the rule: once for a pair, never where a person's judgement stands or a revoked
// one says that the rule was wrong.
func (r *Review) decideByRule(tx *store.Tx, rows []homeward.RecordID, model *trained) (taken int, err error) {
	joins := r.documents.joins(rows, r.free)
	if len(joins) == 0 {
		return 0, nil
	}
	decisions, err := tx.DecisionFacts()
	if err != nil {
		return 0, err
	}
	g := newGraph(decisions, r.lines, true)
	judged := map[homeward.PairID]bool{}
	for _, d := range decisions {
		pair, _, _, _ := r.lines.pair(d.Pair)
		judged[pair] = true
	}
	opinions, err := tx.OpinionFacts()
	if err != nil {
		return 0, err
	}
	for _, o := range opinions {
		judged[o.Pair] = true // people are about to decide
	}
	for _, j := range joins {
		pair := homeward.PairOf(j.a, j.b)
		if judged[pair] || g.apart(j.a, j.b) != "" {
			continue
		}
		judged[pair] = true
		p, err := r.pairThere(tx, pair, model)
		if err != nil {
			return taken, err
		}
		_, err = tx.PutDecision(homeward.Decision{
			Pair: pair, Judgement: homeward.Same, Basis: homeward.BasisVerifiedDocument, Weight: p.Weight, Model: p.Model,
		})
		if err != nil {
			return taken, fmt.Errorf("decide by rule on pair %s: %w", pair, err)
		}
		g.join(j.a, j.b)
		taken++
	}
	return taken, nil
}
