package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// pairRow holds what the two records say about one thing.
type pairRow struct {
	Path        homeward.Path
	IsName      bool
	Left, Right []valueView
	Agreement   agreement
}

// agreement says how the two sides of a row stand to each other, as the machine weighed them.
type agreement string

const (
	agreeSame   agreement = "same"
	agreeNear   agreement = "near"   // alike, or one says more than the other
	agreeDiffer agreement = "differ" // both cannot be true, or are other names
	agreeAlone  agreement = "alone"  // only one side speaks, or the two need not agree
)

// weighedBy names the comparison that weighs what stands at a path.
var weighedBy = map[homeward.Path]string{
	homeward.PathNameFull: "name", homeward.PathBirthDate: "birth", homeward.PathAge: "birth", homeward.PathSex: "sex",
	homeward.PathBirthPlace: "birth_place", homeward.PathHome: "home", homeward.PathTakenFrom: "taken_from",
	homeward.PathInstitution: "institution", homeward.PathTransferGroup: "transfer_group", homeward.PathMother: "mother",
	homeward.PathFather: "father", homeward.PathSiblings: "siblings", homeward.PathEyes: "eyes", homeward.PathHair: "hair",
	homeward.PathDocument: "document", homeward.PathPhone: "phone",
}

// agreements gives the marks of the levels whose name does not say it; any other level is near.
var agreements = map[string]agreement{
	"same": agreeSame, "day": agreeSame, "all": agreeSame, "differ": agreeDiffer, "different": agreeDiffer,
}

// valueView is a value as its source says it.
type valueView struct {
	Text     string
	Lang     string
	Imposed  bool
	Verified bool
	Reading  string // how its words were read, where that is not plain
}

// compared holds two records against each other: first what is said of the child, then what happened.
func (v *visit) compared(left, right homeward.Record, signals []linkage.Signal) []pairRow {
	levels := map[string]string{}
	for _, s := range signals {
		levels[s.Comparison] = s.Level
	}
	left, right = oneName(left), oneName(right)
	var out []pairRow
	for _, f := range registry.Facets(left, right) {
		if f.Path == homeward.PathRowID || f.Path == homeward.PathListDate {
			continue
		}
		row := pairRow{Path: f.Path, IsName: f.Path.IsName()}
		shared := false
		for _, value := range f.Values {
			before := [2]int{len(row.Left), len(row.Right)}
			for _, s := range value.Claims {
				if s.Record == left.ID {
					row.Left = append(row.Left, v.value(s.Claim, left.AsOf, value.Imposed))
				} else {
					row.Right = append(row.Right, v.value(s.Claim, right.AsOf, value.Imposed))
				}
			}
			shared = shared || len(row.Left) > before[0] && len(row.Right) > before[1]
		}
		row.Agreement = row.agreement(shared, levels[weighedBy[f.Path]])
		out = append(out, row)
	}
	return append(out, v.comparedEvents(left, right, levels)...)
}

// oneName returns the record with the parts of its name as one claim, so that a name in three columns stands beside a name
// in one.
func oneName(r homeward.Record) homeward.Record {
	if _, ok := r.First(homeward.PathNameFull); ok {
		return r
	}
	whole := homeward.Claim{Path: homeward.PathNameFull}
	var words []string
	for _, p := range []homeward.Path{homeward.PathNameFamily, homeward.PathNameGiven, homeward.PathNamePatronymic} {
		if c, ok := r.First(p); ok {
			words = append(words, c.Value)
			whole.Lang, whole.Imposed = c.Lang, whole.Imposed || c.Imposed
		}
	}
	if len(words) == 0 {
		return r
	}
	whole.Value = strings.Join(words, " ")
	r.Claims = append([]homeward.Claim{whole}, slices.DeleteFunc(slices.Clone(r.Claims), func(c homeward.Claim) bool {
		return c.Path == homeward.PathNameFamily || c.Path == homeward.PathNameGiven || c.Path == homeward.PathNamePatronymic
	})...)
	return r
}

// agreement marks a row: by a value that both sides share, otherwise by the level at which the machine weighed them.
func (r pairRow) agreement(shared bool, level string) agreement {
	switch {
	case len(r.Left) == 0 || len(r.Right) == 0:
		return agreeAlone
	case shared:
		return agreeSame
	case level == "":
		return agreeAlone
	case agreements[level] != "":
		return agreements[level]
	}
	return agreeNear
}

func (v *visit) value(c homeward.Claim, asOf homeward.Date, imposed bool) valueView {
	return valueView{Text: c.Value, Lang: c.Lang, Imposed: imposed || c.Imposed, Verified: c.Verified, Reading: v.reading(c, asOf)}
}

// reading says how a date's words were read, where they do not say it themselves, and how a name reads in the reader's
// letters.
func (v *visit) reading(c homeward.Claim, asOf homeward.Date) string {
	if namesSomeone(c.Path) {
		return nameRead(v.l, c.Value, c.Lang)
	}
	if !c.Path.IsDate() || c.When.IsZero() {
		return ""
	}
	if text := v.l.DateAsOf(c.When, asOf); text != c.Value {
		return text
	}
	return ""
}

// comparedEvents sets side by side when and where the two say that something happened.
func (v *visit) comparedEvents(left, right homeward.Record, levels map[string]string) []pairRow {
	at := map[homeward.Path]*pairRow{}
	var out []*pairRow
	add := func(r homeward.Record, side func(*pairRow) *[]valueView) {
		for _, c := range r.Claims {
			if _, part, ok := c.Path.Event(); !ok || part != "date" && part != "place" {
				continue
			}
			if at[c.Path] == nil {
				at[c.Path] = &pairRow{Path: c.Path}
				out = append(out, at[c.Path])
			}
			list := side(at[c.Path])
			*list = append(*list, v.value(c, r.AsOf, false))
		}
	}
	add(left, func(r *pairRow) *[]valueView { return &r.Left })
	add(right, func(r *pairRow) *[]valueView { return &r.Right })
	rows := make([]pairRow, len(out))
	for i, r := range out {
		rows[i] = *r
		rows[i].Agreement = r.agreement(false, levels[weighedBy[r.Path]])
	}
	slices.SortStableFunc(rows, func(a, b pairRow) int {
		x, _, _ := a.Path.Event()
		y, _, _ := b.Path.Event()
		return cmp.Or(cmp.Compare(x.Order(), y.Order()), cmp.Compare(a.Path, b.Path))
	})
	return rows
}

// reason writes a signal's reason in the reader's language: what it says, and the two texts that were compared.
func (v *visit) reason(s linkage.Signal) string {
	why := v.why(s)
	if args := s.Reason.Args; len(args) == 2 && args[0] != "" && args[1] != "" {
		why = v.l.T("reason.compared", "why", why, "left", v.argument(args[0]), "right", v.argument(args[1]))
	}
	var parts []string
	for _, r := range s.Details {
		if text := v.part(r); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return why
	}
	return why + " (" + strings.Join(parts, "; ") + ")"
}

// argument writes what was compared: days as the reader's language writes them, anything else as it is.
func (v *visit) argument(text string) string {
	from, to, isInterval := strings.Cut(text, "..")
	if !isInterval {
		to = from
	}
	first, err1 := time.Parse(time.DateOnly, from)
	last, err2 := time.Parse(time.DateOnly, to)
	if err1 != nil || err2 != nil {
		return text
	}
	d := homeward.Date{From: homeward.DayOf(first), To: homeward.DayOf(last), Precision: homeward.PrecisionRange}
	if !isInterval {
		d.Precision = homeward.PrecisionDay
	}
	return v.l.Date(d)
}

// why writes the level of a comparison: in words of its own, or in those of any column.
func (v *visit) why(s linkage.Signal) string {
	if key := "reason." + s.Reason.Code; i18n.Has(key) {
		return v.l.T(key)
	}
	return known(v.l, "reason.column."+s.Level, s.Reason.String())
}

// part writes how one part of a name compares: "given name: short form of the same name".
func (v *visit) part(r names.Reason) string {
	part, level, ok := strings.Cut(strings.TrimPrefix(r.Code, "name."), ".")
	if !ok || level == "missing" {
		return ""
	}
	return v.l.T("reason.part", "part", v.l.T("part."+part), "level", v.l.T("level."+level))
}
