package registry

import (
	"cmp"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// DisplayName returns the name under which a person is shown, or "" when no record names it. It never makes a name
// up: what it returns is a name as one record says it, chosen in this order:
//
//  1. names the child had before imposed ones; then aliases; an imposed name only when no other is known;
//  2. the better graded source (reliability A before B, ungraded last);
//  3. the fuller name: one with more words that are not mere initials;
//  4. the record received first.
//
// Records that a later edition of the same row replaces should not be given. A name whose parts stand in columns of
// their own is put together in the order family, given, patronymic, from one record.
func DisplayName(records []homeward.Record) string {
	var all []candidate
	for i, r := range records {
		all = append(all, candidates(r, i)...)
	}
	if len(all) == 0 {
		return ""
	}
	return slices.MinFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.grade, b.grade), cmp.Compare(b.words, a.words), cmp.Compare(a.place, b.place))
	}).text
}

// candidate is a name that a person could be shown under.
type candidate struct {
	text  string
	rank  int    // 0 original, 1 alias, 2 imposed
	grade string // reliability; "Z" when not graded
	words int    // that are more than an initial
	place int    // of its record, oldest first
}

func candidates(r homeward.Record, place int) []candidate {
	var out []candidate
	add := func(text string, rank int, g homeward.Grade) {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, candidate{text, rank, cmp.Or(g.Reliability, "Z"), fullWords(text), place})
		}
	}
	for _, c := range r.Claims {
		switch {
		case imposedName(c) && (c.Path == homeward.PathNameFull || c.Path == homeward.PathNameImposed):
			add(c.Value, 2, c.Grade)
		case c.Path == homeward.PathNameFull:
			add(c.Value, 0, c.Grade)
		case c.Path == homeward.PathNameAlias:
			add(c.Value, 1, c.Grade)
		}
	}
	text, grade := joinedParts(r)
	add(text, 0, grade)
	return out
}

// joinedParts puts together the parts of a name that stand in columns of their own.
func joinedParts(r homeward.Record) (text string, g homeward.Grade) {
	var words []string
	for _, p := range []homeward.Path{homeward.PathNameFamily, homeward.PathNameGiven, homeward.PathNamePatronymic} {
		if c, ok := r.First(p); ok && !c.Imposed {
			words = append(words, c.Value)
			g = c.Grade
		}
	}
	return strings.Join(words, " "), g
}

// fullWords counts the words of a name that are more than an initial.
func fullWords(text string) int {
	n := 0
	for _, t := range names.Parse(text).Tokens {
		if !t.Initial {
			n++
		}
	}
	return n
}
