package desk

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

type personPage struct {
	frame
	Name           string
	Read           string // how the name reads in the reader's letters; empty when it stands in them
	AlsoLine       string
	Imposed        []imposedName
	Facts          []fact
	Contradictions []facetView
	Facets         []facetView
	Timeline       []momentView
	Along          template.HTML // the timeline as a picture
	Journey        template.HTML // where the child was, on a map
	Siblings       []siblingView
	Family         template.HTML // the child among its kin
	Todo           []todo
	Learn          *learnForm      // nil where the reader may not add
	Looks          []look          // who looked at the child; nil where the reader may not know
	Open           []homeward.Pair // that might bring more records here
	Decisions      []decisionView
	Received       []recordView
	ID             homeward.PersonID
	Withheld       []homeward.FieldClass // what the records hold and the reader does not see
	Work           workView
	Erasing        bool                // somebody has asked to erase the child
	MayBreak       bool                // the glass over a record
	MayLinks       bool                // see by which decisions the records are one child
	MayNear        bool                // look for who else the child may be
	MayTrace       bool                // record a family's search for the child
	Requests       []store.RequestFact // that seek the child
	Proofs         *proofs
	MayExport      bool           // take out as a proof bundle
	Assessed       []assessedView // that stand
	MayAssess      bool
}

// imposedName is a name that was imposed on the child. It stands under the true one.
type imposedName struct{ Text, By, Source string }

// fact is one line at the head of the page, with how many sources say it.
type fact struct {
	Path    homeward.Path
	Text    string
	Origins int
}

// anchored is a facet and its place on the page.
type anchored struct {
	Path   homeward.Path
	Anchor string
}

type facetView struct {
	anchored
	Contradiction bool
	Values        []saidView
}

type saidView struct {
	Text              string
	Imposed, Verified bool
	Origins           int // how many sources say it now
	Reading           string
	SaidBy            string // who says so, with the date of each edition
}

type momentView struct {
	Type         homeward.EventType
	When         string
	Place        string
	Actors, Note string
	SaidBy       []string // the sources that tell of it
	Origins      int      // how many of them tell it now
	Known        string
	Harm         bool
}

// Source lists the sources that tell of the act.
func (m momentView) Source() string { return strings.Join(m.SaidBy, "; ") }

type siblingView struct {
	ID                     homeward.PersonID
	Name, Read, Birth, Sex string
}

type recordView struct {
	ID           homeward.RecordID
	Source, AsOf string
	Withheld     []homeward.FieldClass
	Cells        []homeward.Cell
	Changes      []string
	ReceivedAt   time.Time
	Line         int
}

func (d *Desk) showPerson(v *visit) error {
	p, err := d.readPerson(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "person", p)
}

// readPerson reads everything that is said of a child.
func (d *Desk) readPerson(v *visit) (*personPage, error) {
	seen, err := registry.Show(v.ctx(), d.DB, v.user.Actor(), homeward.PersonID(v.r.PathValue("person")))
	if err != nil {
		return nil, err
	}
	v.nameSources(seen.Sources)
	p := &personPage{Name: cmp.Or(seen.Name, v.l.T("person.nameless")), ID: seen.Person.ID, MayBreak: v.can(homeward.ActionBreakGlass), MayNear: v.can(homeward.ActionSearch), MayLinks: v.can(homeward.ActionReview), MayTrace: v.can(homeward.ActionTrace), MayExport: v.can(homeward.ActionExport)}
	p.Read = nameRead(v.l, seen.Name, "")
	p.tellWho(v, seen)
	p.tellWhat(v, seen)
	p.Family = p.family(v, seen)
	if err := p.drawWhere(v, seen); err != nil {
		return nil, err
	}
	var withheld homeward.Classes
	for _, r := range seen.Records {
		p.Received = append(p.Received, v.received(r, seen))
		withheld |= r.Withheld
	}
	p.Withheld = withheld.List()
	err = v.view(func(tx *store.Tx) (err error) {
		if p.Decisions, err = v.decisions(tx, seen.Decisions); err != nil {
			return err
		}
		for i, d := range p.Decisions {
			p.Decisions[i].Unheeded = slices.Contains(seen.Unheeded, d.ID)
		}
		if p.Work, err = v.work(tx, seen.Person, seen.Records[0]); err != nil {
			return err
		}
		if p.Looks, err = v.looks(tx, seen.Records); err != nil {
			return err
		}
		if p.Proofs, err = v.proofs(tx, seen.Records); err != nil {
			return err
		}
		if err := p.tellLaw(v, tx, seen); err != nil {
			return err
		}
		if p.Erasing, err = tx.ErasureAsked(seen.Person.Records); err != nil {
			return err
		}
		if p.Requests, err = tx.RequestsSeeking(seen.Person.Records); err != nil {
			return err
		}
		p.Open, err = v.openPairs(tx, seen.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	p.leftToDo()
	p.Learn, err = v.learnForm(seen.Records[0])
	return p, err
}

// nameSources gives sources whose names the reader does not see the words that stand for them.
func (v *visit) nameSources(sources map[homeward.SourceID]homeward.Source) {
	for id, s := range sources {
		if s.Name == "" {
			s.Name = v.l.T("source.withheld")
			sources[id] = s
		}
	}
}

// tellWho fills in what the records say of the child.
func (p *personPage) tellWho(v *visit, seen registry.View) {
	var also []string
	for i, f := range seen.Facets {
		view := facetView{anchored: anchored{f.Path, "facet-" + strconv.Itoa(i)}, Contradiction: f.Contradiction}
		for _, value := range f.Values {
			said := v.saidView(value, seen)
			view.Values = append(view.Values, said)
			also = p.tellName(also, f.Path, value, seen)
		}
		p.Facets = append(p.Facets, view)
		if f.Contradiction {
			p.Contradictions = append(p.Contradictions, view)
		}
		if text, origins := v.headline(f, seen); text != "" {
			p.Facts = append(p.Facts, fact{f.Path, text, origins})
		}
	}
	if len(also) > 0 {
		p.AlsoLine = v.l.T("person.also", "names", strings.Join(also, ", "))
	}
}

// tellName adds a value to the names under the heading: imposed ones apart, others when they are not the heading.
func (p *personPage) tellName(also []string, path homeward.Path, value registry.Value, seen registry.View) []string {
	switch {
	case path != homeward.PathNameFull && path != homeward.PathNameAlias:
		return also
	case value.Imposed:
		if value.Text != seen.Name {
			p.Imposed = append(p.Imposed, imposedName{value.Text, value.ImposedBy, seen.Sources[value.Claims[0].Source].Name})
		}
		return also
	case value.Text == seen.Name || slices.Contains(also, value.Text):
		return also
	}
	return append(also, value.Text)
}

// headlines are what stands at the head of the page: one value each, and none where the sources contradict each other.
var headlines = []homeward.Path{homeward.PathBirthDate, homeward.PathAge, homeward.PathSex, homeward.PathBirthPlace, homeward.PathHome}

func (v *visit) headline(f registry.Facet, seen registry.View) (text string, origins int) {
	if f.Contradiction || !slices.Contains(headlines, f.Path) {
		return "", 0
	}
	for _, value := range f.Values {
		if value.Imposed || !value.Current() {
			continue
		}
		first := value.Claims[0]
		return v.said(first.Claim, recordOf(seen, first.Record).AsOf), value.Origins()
	}
	return "", 0
}

func recordOf(seen registry.View, id homeward.RecordID) homeward.Record {
	for _, r := range seen.Records {
		if r.ID == id {
			return r
		}
	}
	return homeward.Record{}
}

// saidView draws a value with everyone who says it.
func (v *visit) saidView(value registry.Value, seen registry.View) saidView {
	out := saidView{Text: value.Text, Imposed: value.Imposed, Origins: value.Origins()}
	var by []string
	for _, s := range value.Claims {
		r := recordOf(seen, s.Record)
		out.Verified = out.Verified || s.Claim.Verified
		out.Reading = cmp.Or(out.Reading, v.reading(s.Claim, r.AsOf))
		who := seen.Sources[s.Source].Name
		if date := v.l.Date(r.AsOf); date != "" {
			who = v.l.T("person.said", "source", who, "date", date)
		}
		if s.SupersededBy != "" {
			who += " (" + v.l.T("person.superseded") + ")"
		}
		if s.Origin != "" {
			who += " (" + v.l.T("person.repeats") + ")"
		}
		if s.Claim.Value != value.Text {
			who += ": " + s.Claim.Value
		}
		if !slices.Contains(by, who) {
			by = append(by, who)
		}
	}
	out.SaidBy = strings.Join(by, "; ")
	return out
}

// harms are the events told in the colour of danger.
var harms = []homeward.EventType{homeward.EventMistreated}

// tellWhat fills in what happened, and the siblings. An act that several records tell in the same words stands once, with
// all who tell it.
func (p *personPage) tellWhat(v *visit, seen registry.View) {
	type act struct {
		kind                homeward.EventType
		from, to            homeward.Day
		when                homeward.Precision
		unread              string // the words of a date that could not be read
		place, actors, note string
	}
	told := map[act]int{}
	origins := map[act]map[homeward.SourceID]bool{}
	for _, m := range seen.Timeline {
		this := act{m.Type, m.When.From, m.When.To, m.When.Precision, "", m.Place, m.Actors, m.Note}
		if m.When.IsZero() {
			this.unread = m.When.Raw
		}
		at, ok := told[this]
		if !ok {
			at = len(p.Timeline)
			told[this] = at
			p.Timeline = append(p.Timeline, momentView{
				Type: m.Type, When: cmp.Or(v.l.Date(m.When), m.When.Raw), Place: m.Place, Actors: m.Actors, Note: m.Note,
				Known: v.l.Day(homeward.DayOf(m.KnownAt)), Harm: slices.Contains(harms, m.Type),
			})
		}
		if origins[this] == nil {
			origins[this] = map[homeward.SourceID]bool{}
		}
		if m.SupersededBy == "" {
			origins[this][cmp.Or(m.Origin, m.Source)] = true
		}
		p.Timeline[at].Origins = len(origins[this])
		if who := v.teller(m, seen); !slices.Contains(p.Timeline[at].SaidBy, who) {
			p.Timeline[at].SaidBy = append(p.Timeline[at].SaidBy, who)
		}
	}
	i18n.Sort(v.l, seen.Siblings, func(s registry.Sibling) string { return s.Name })
	for _, s := range seen.Siblings {
		p.Siblings = append(p.Siblings, siblingView{s.Person, cmp.Or(s.Name, v.l.T("person.nameless")), nameRead(v.l, s.Name, ""), v.l.Date(s.Birth), s.Sex})
	}
}

// teller names the source that tells of an event, and says when the source tells it no longer.
func (v *visit) teller(m registry.Moment, seen registry.View) string {
	who := seen.Sources[m.Source].Name
	if m.SupersededBy != "" {
		who += " (" + v.l.T("person.superseded") + ")"
	}
	if m.Origin != "" {
		who += " (" + v.l.T("person.repeats") + ")"
	}
	return who
}

// received draws a record as it was received, with what editions did to its row.
func (v *visit) received(r homeward.Record, seen registry.View) recordView {
	out := recordView{ID: r.ID, Withheld: r.Withheld.List(), Source: seen.Sources[r.Source].Name, AsOf: v.l.Date(r.AsOf), Cells: r.Row, ReceivedAt: r.ReceivedAt, Line: r.Line}
	for _, c := range seen.Changes {
		if c.Record != r.ID {
			continue
		}
		date := cmp.Or(v.l.Date(seen.Editions[c.Edition].Date), v.l.T("edition.undated"))
		out.Changes = append(out.Changes, v.l.T("change.said."+string(c.Kind), "date", date))
	}
	return out
}

// openPairs returns the pairs that nobody has decided, or people were unsure of, and that lead to another person.
func (v *visit) openPairs(tx *store.Tx, person homeward.Person) ([]homeward.Pair, error) {
	if !v.can(homeward.ActionReview) {
		return nil, nil
	}
	seen := map[homeward.PairID]bool{}
	var out []homeward.Pair
	for _, r := range person.Records {
		pairs, err := tx.PairsOf(r)
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			within := slices.Contains(person.Records, p.Left) && slices.Contains(person.Records, p.Right)
			open := p.State == homeward.PairProposed || p.State == homeward.PairUnsure
			if open && !within && !seen[p.ID] {
				seen[p.ID] = true
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b homeward.Pair) int { return cmp.Compare(b.Probability, a.Probability) })
	return out, nil
}

// Standing are the values that contradict each other: original ones that a source says still.
func (f facetView) Standing() (out []saidView) {
	for _, s := range f.Values {
		if !s.Imposed && s.Origins > 0 {
			out = append(out, s)
		}
	}
	return out
}
