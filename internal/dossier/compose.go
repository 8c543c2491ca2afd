package dossier

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// draft is a dossier before it is frozen.
type draft struct {
	order    Order
	key      string // the log's
	at       time.Time
	role     homeward.Role
	children []child
	people   map[homeward.UserID]store.User // who decided
	records  map[homeward.RecordID]int      // numbered from 1, as the exhibits are
	exhibits map[homeward.ExhibitID]int
	places   *places.Gazetteer
}

// line is one row of a document.
type line = disclosure.Line

// dossier writes what is frozen, in a language.
func (d *draft) dossier(l *i18n.Localizer, version int) disclosure.Document {
	doc := disclosure.Document{Localizer: l, Title: l.T("dossier.title"), Lead: l.T("dossier.lead")}
	doc.Foot = l.T("dossier.foot", "version", version, "subject", d.subject())
	n := d.tally()
	doc.Sections = append(doc.Sections, disclosure.Section{Title: l.T("export.report.about"), Rows: []line{
		{Label: l.T("dossier.version"), Value: fmt.Sprint(version)},
		{Label: l.T("dossier.subject"), Value: d.subject(), Notes: d.names(l)},
		{Label: l.T("dossier.floor"), Value: l.T("reliability."+d.order.Floor.Reliability) + "; " + l.T("credibility."+d.order.Floor.Credibility)},
		{Label: l.T("dossier.amount"), Value: l.T("dossier.amounts", "claims", n.Claims, "below", n.Below, "against", n.Against)},
		{Label: l.T("dossier.unseen"), Value: cmp.Or(classes(l, d.withheld()), l.T("dossier.unseen.none"))},
		{Label: l.T("export.purpose"), Value: d.order.Purpose},
		{Label: l.T("export.recipient"), Value: d.order.Recipient},
		{Label: l.T("export.report.prepared"), Value: l.Instant(d.at) + ", " + l.T("role."+string(d.role))},
		{Label: l.T("export.report.key"), Value: d.key},
	}})
	if len(d.children) > 1 {
		doc.Sections = append(doc.Sections, d.together(l))
	}
	for _, part := range []struct {
		key  string
		what func(*i18n.Localizer, child) []line
	}{{"claims", d.claims}, {"against", d.against}, {"timeline", d.timeline}, {"decisions", d.decisions}, {"exhibits", d.shown}, {"sources", d.sources}} {
		doc.Sections = append(doc.Sections, d.each(l, part.key, part.what))
		if part.key == "timeline" {
			doc.Sections = append(doc.Sections, d.where(l), d.law(l))
		}
	}
	return doc
}

// each writes a section with an item for each child.
func (d *draft) each(l *i18n.Localizer, key string, what func(*i18n.Localizer, child) []line) disclosure.Section {
	s := disclosure.Section{Title: l.T("dossier." + key), Words: []string{l.T("dossier." + key + ".how")}}
	none := l.T("dossier.none")
	if key == "claims" || key == "timeline" {
		none = l.T("dossier.none.floor")
	}
	for _, c := range d.children {
		rows := what(l, c)
		if len(rows) == 0 {
			rows = []line{{Label: "–", Value: none}}
		}
		s.Items = append(s.Items, disclosure.Item{Title: title(l, c), Said: rows})
	}
	return s
}

func title(l *i18n.Localizer, c child) string {
	return cmp.Or(c.Name, l.T("dossier.unnamed")) + " · " + string(c.Person.ID)
}

// supports returns the standing citations at the floor or above that support a claim.
func (d *draft) supports(c child, of homeward.RecordID, claim homeward.Claim) (out []homeward.Citation) {
	for _, x := range c.cited {
		if x.Stance == homeward.StanceSupports && x.Withdrawn == nil && x.Record == of && x.Path == claim.Path && x.Value == claim.Value && x.Grade.AtLeast(d.order.Floor) {
			out = append(out, x)
		}
	}
	return out
}

// claims are what is graded well enough, each with who says it and where in which exhibit it stands.
func (d *draft) claims(l *i18n.Localizer, c child) (out []line) {
	for _, s := range d.statements(c) {
		if !s.in {
			continue
		}
		row := line{Label: disclosure.ClaimLabel(l, s.Claim.Path), Value: s.Claim.Value, Notes: []string{d.said(l, c, s.Record, s.Claim)}}
		if s.imposed {
			row.Value += " (" + l.T("dossier.imposed") + ")"
		}
		for _, x := range s.cited {
			row.Notes = append(row.Notes, d.place(l, x))
		}
		out = append(out, row)
	}
	return out
}

// said writes who says a claim: its source, record, column and own grade.
func (d *draft) said(l *i18n.Localizer, c child, of homeward.RecordID, claim homeward.Claim) string {
	grade := l.T("dossier.ungraded")
	if claim.Grade != (homeward.Grade{}) {
		grade = l.T("dossier.graded", "grade", claim.Grade.String())
	}
	return l.T("dossier.said", "source", c.Sources[c.record(of).Source].Name, "record", d.recordName(l, of), "heading", claim.Heading, "grade", grade)
}

// takenBack are the claims that their source took back, one by one or with the whole record, with all that is cited for them.
func (d *draft) takenBack(l *i18n.Localizer, c child) (out []line) {
	for _, r := range c.Records {
		gone := r.TakenBack
		if c.retracted(r.ID) {
			gone = slices.Concat(r.TakenBack, r.Claims)
		}
		for _, claim := range gone {
			row := line{Label: disclosure.ClaimLabel(l, claim.Path), Value: claim.Value, Notes: []string{l.T("dossier.taken_back"), d.said(l, c, r.ID, claim)}}
			for _, x := range c.cited {
				if x.Stance == homeward.StanceSupports && x.Withdrawn == nil && x.Record == r.ID && x.Path == claim.Path && x.Value == claim.Value {
					row.Notes = append(row.Notes, d.place(l, x))
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// retracted reports whether its source took the whole record back.
func (c child) retracted(id homeward.RecordID) bool {
	return c.record(id).State == homeward.RecordRetracted
}

func (c child) record(id homeward.RecordID) homeward.Record {
	i := slices.IndexFunc(c.Records, func(r homeward.Record) bool { return r.ID == id })
	if i < 0 {
		return homeward.Record{}
	}
	return c.Records[i]
}

// place writes where in an exhibit something stands.
func (d *draft) place(l *i18n.Localizer, x homeward.Citation) string {
	grade := l.T("dossier.ungraded")
	if x.Grade != (homeward.Grade{}) {
		grade = l.T("dossier.graded", "grade", x.Grade.String())
	}
	text := l.T("dossier.place", "stance", l.T("stance."+string(x.Stance)), "exhibit", d.exhibitName(l, x.Exhibit),
		"place", cmp.Or(disclosure.Place(l, x.Locator), l.T("dossier.whole")), "grade", grade)
	if x.Quote != "" {
		text += ": " + l.T("dossier.quote", "quote", x.Quote)
	}
	if x.Withdrawn != nil {
		text += " " + l.T("dossier.withdrawn", "reason", x.Withdrawn.Reason)
	}
	return text
}

// against is what does not agree, whatever its grade: values that cannot all be true, what is cited against a claim or for
// somebody accused, and what its source took back, with what was cited for it.
func (d *draft) against(l *i18n.Localizer, c child) (out []line) {
	for _, f := range c.Facets {
		if !f.Contradiction {
			continue
		}
		row := line{Label: disclosure.ClaimLabel(l, f.Path), Notes: []string{l.T("dossier.not_all")}}
		for _, v := range f.Values {
			for _, s := range v.Claims {
				row.Value = strings.TrimPrefix(row.Value+"\n"+s.Claim.Value+" · "+d.said(l, c, s.Record, s.Claim), "\n")
			}
		}
		out = append(out, row)
	}
	for _, x := range c.cited {
		if x.Stance != homeward.StanceSupports || x.Withdrawn != nil {
			out = append(out, line{Label: disclosure.ClaimLabel(l, x.Path), Value: x.Value, Notes: []string{d.place(l, x)}})
		}
	}
	return append(out, d.takenBack(l, c)...)
}

// timeline is what happened, as far as a record tells of it with claims that are graded well enough.
func (d *draft) timeline(l *i18n.Localizer, c child) (out []line) {
	for _, m := range c.Timeline {
		seen := d.told(c, m)
		if len(seen.in) == 0 {
			continue
		}
		row := line{Label: l.T("event." + string(m.Type)), Value: seen.words(l)}
		row.Notes = []string{l.T("event.said", "source", c.Sources[m.Source].Name+", "+d.recordName(l, m.Record), "known", l.Instant(m.KnownAt))}
		for _, claim := range seen.in {
			for _, x := range d.supports(c, m.Record, claim) {
				row.Notes = append(row.Notes, d.place(l, x))
			}
		}
		if len(seen.below) > 0 {
			row.Notes = append(row.Notes, l.N("dossier.parts_below", len(seen.below)))
		}
		out = append(out, row)
	}
	return out
}

// toldMoment is something that happened, with those parts alone that reach the floor.
type toldMoment struct {
	registry.Moment
	in, below []homeward.Claim // that tell of it: those that reach the floor, and the rest
}

// lacks reports whether a part of the moment is told, and not well enough.
func (m toldMoment) lacks(part string) bool {
	return slices.ContainsFunc(m.below, func(c homeward.Claim) bool { _, p, _ := c.Path.Event(); return p == part })
}

// words say when and where it happened, by whom. A day that is told, and not well enough, is not said to be untold.
func (m toldMoment) words(l *i18n.Localizer) string {
	when := l.T("event.undated")
	switch {
	case !m.When.IsZero():
		when = l.Date(m.When)
	case m.When.Raw != "":
		when = m.When.Raw
	case m.lacks("date"):
		when = ""
	}
	words := slices.DeleteFunc([]string{when, m.Place, m.Actors, m.Note}, func(w string) bool { return w == "" })
	return strings.Join(words, " · ")
}

// told divides what tells of a moment at the floor; nothing tells of it when its source took it back.
func (d *draft) told(c child, m registry.Moment) (out toldMoment) {
	if !c.retracted(m.Record) {
		for _, claim := range c.record(m.Record).Claims {
			switch {
			case !m.ToldBy(claim):
			case claim.Grade.AtLeast(d.order.Floor) || len(d.supports(c, m.Record, claim)) > 0:
				out.in = append(out.in, claim)
			default:
				out.below = append(out.below, claim)
			}
		}
	}
	out.Moment = m.Only(out.in)
	return out
}

// law is what named humans conclude, with elements, parties and standard of proof.
func (d *draft) law(l *i18n.Localizer) disclosure.Section {
	s := disclosure.Section{Title: l.T("dossier.law"), Words: []string{l.T("dossier.law.how")}}
	for _, c := range d.children {
		for _, a := range c.concluded {
			it := disclosure.Item{Title: l.T("law."+string(a.Law)) + " · " + title(l, c)}
			if a.ReplacedBy != "" {
				it.Title = l.T("dossier.law.was", "title", it.Title)
			}
			it.Said = []line{
				{Label: l.T("dossier.law.author"), Value: a.Author}, {Label: l.T("dossier.law.conclusion"), Value: a.Conclusion},
				{Label: l.T("dossier.law.standard"), Value: l.T("standard." + string(a.Standard))},
				{Label: l.T("dossier.law.act"), Value: l.T("event."+string(a.Event)) + " · " + d.recordName(l, a.Record)},
				{Label: l.T("dossier.law.at"), Value: l.Instant(a.At) + " · " + string(a.ID)},
			}
			for _, e := range a.Elements {
				it.Said = append(it.Said, line{Label: l.T("dossier.law.element"), Value: e.Name + ": " + l.T("finding."+string(e.Finding)), Notes: []string{e.Grounds}})
			}
			for _, p := range a.Parties {
				it.Said = append(it.Said, line{Label: l.T("dossier.law.party"), Value: p.Party + ": " + l.T("application."+string(p.Applies)), Notes: []string{p.Grounds}})
			}
			if !c.tells(a) {
				it.Said = append(it.Said, line{Label: l.T("dossier.law.act"), Value: l.T("dossier.taken_back")})
			}
			if a.ReplacedBy != "" {
				it.Said = append(it.Said, line{Label: l.T("dossier.law.replaced"), Value: string(a.ReplacedBy)})
			}
			s.Items = append(s.Items, it)
		}
	}
	if len(s.Items) == 0 {
		s.Words = append(s.Words, l.T("dossier.none"))
	}
	return s
}

// tells reports whether the record of an assessment tells of its act still.
func (c child) tells(a homeward.Assessment) bool {
	return !c.retracted(a.Record) && slices.ContainsFunc(c.record(a.Record).Claims, func(x homeward.Claim) bool {
		t, _, event := x.Path.Event()
		return event && t == a.Event
	})
}

// decisions are those that join the child's own records, each with the human who took it.
func (d *draft) decisions(l *i18n.Localizer, c child) (out []line) {
	own := func(id homeward.RecordID) bool { return slices.Contains(c.Person.Records, id) }
	for _, x := range c.Decisions {
		if !own(x.Left) || !own(x.Right) {
			continue
		}
		who := l.T("role." + string(x.By.Role))
		if u := d.people[x.By.ID]; u.Name != "" {
			who = u.Name + ", " + who
		}
		row := line{Label: d.recordName(l, x.Left) + " – " + d.recordName(l, x.Right), Value: l.T("judge."+string(x.Judgement)) + ", " + l.T("basis."+string(x.Basis))}
		row.Notes = []string{who + " · " + l.Instant(x.At), x.Reason}
		if !x.RevokedAt.IsZero() {
			row.Notes = append(row.Notes, l.T("dossier.revoked", "when", l.Instant(x.RevokedAt), "reason", x.RevokeReason))
		}
		out = append(out, row)
	}
	return out
}

// shown are the exhibits of the child, and those that are cited.
func (d *draft) shown(l *i18n.Localizer, c child) (out []line) {
	for _, e := range c.exhibits {
		words := []string{l.T("kind." + string(e.Kind)), l.Instant(e.At)}
		for _, w := range []string{e.Intake.Name, e.Intake.From, e.Intake.Collector, e.Intake.Place} {
			if w != "" {
				words = append(words, w)
			}
		}
		out = append(out, line{Label: d.exhibitName(l, e.ID), Value: strings.Join(words, " · "), Notes: []string{string(e.ID), "SHA-256 " + e.SHA256}})
	}
	return out
}

// sources are who told, with the dates of what they delivered, how they are graded in it and in what is cited, and which records
// are theirs.
func (d *draft) sources(l *i18n.Localizer, c child) (out []line) {
	for _, id := range slices.Sorted(maps.Keys(c.Sources)) {
		grades, dates := map[string]bool{}, map[string]bool{}
		row := line{Label: c.Sources[id].Name}
		for _, r := range c.Records {
			if r.Source != id {
				continue
			}
			dates[l.Date(r.AsOf)] = true
			for _, claim := range r.Claims {
				grade(grades, claim.Grade)
			}
			for _, x := range c.cited {
				if x.Record == r.ID && x.Withdrawn == nil {
					grade(grades, x.Grade)
				}
			}
			row.Notes = append(row.Notes, l.T("dossier.record.row", "record", d.recordName(l, r.ID), "line", fmt.Sprint(r.Line))+" · "+string(r.ID))
		}
		told := l.T("dossier.ungraded")
		if len(grades) > 0 {
			told = strings.Join(slices.Sorted(maps.Keys(grades)), ", ")
		}
		row.Value = strings.Join(slices.Sorted(maps.Keys(dates)), "; ") + " · " + told
		out = append(out, row)
	}
	return out
}

func grade(met map[string]bool, g homeward.Grade) {
	if g != (homeward.Grade{}) {
		met[g.String()] = true
	}
}

// tally counts what the dossier holds; what happened counts as a claim for each that tells of it.
func (d *draft) tally() Tally {
	n := Tally{Children: len(d.children)}
	l := i18n.For(i18n.English)
	seen := map[homeward.ExhibitID]bool{}
	for _, c := range d.children {
		n.Claims += len(d.claims(l, c)) + len(d.timeline(l, c))
		n.Below += len(d.left(l, c))
		n.Against, n.Assessments = n.Against+len(d.against(l, c)), n.Assessments+len(c.concluded)
		for _, e := range c.exhibits {
			seen[e.ID] = true
		}
	}
	n.Exhibits = len(seen)
	return n
}

func classes(l *i18n.Localizer, list []homeward.FieldClass) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = l.T("class." + string(c))
	}
	return strings.Join(names, ", ")
}
