package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

type showCmd struct {
	Person homeward.PersonID `arg:"" help:"The person's id; the id of any of its records leads to it too."`
}

func (showCmd) Help() string {
	return `Shows what each source says of a child, contradictions side by side, what happened, siblings, and who decided. The read is audited.

Example:

  homeward show 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b`
}

// person is a person as printed.
type person struct {
	Person    homeward.PersonID `json:"person"`
	Name      string            `json:"name"`
	Since     time.Time         `json:"since"`
	Claims    []facet           `json:"claims"`
	Timeline  []event           `json:"timeline"`
	Siblings  []sibling         `json:"siblings"`
	Records   []record          `json:"records"`
	Decisions []decision        `json:"decisions"`
	Changes   []change          `json:"changes"`
}

// facet is one thing that is said of a person.
type facet struct {
	Path          homeward.Path `json:"path"`
	Contradiction bool          `json:"contradiction"`
	Values        []value       `json:"values"`
}

// value is one value with everyone who says it.
type value struct {
	Text      string `json:"text"`
	Date      string `json:"date,omitempty"`
	Imposed   bool   `json:"imposed,omitempty"`
	ImposedBy string `json:"imposed_by,omitempty"`
	Current   bool   `json:"current"`
	Said      []said `json:"said"`
}

type said struct {
	Source string            `json:"source"`
	Record homeward.RecordID `json:"record"`
	Value  string            `json:"value"`
}

// event is an act as one record tells it.
type event struct {
	Type    homeward.EventType `json:"type"`
	Date    string             `json:"date"`
	Said    string             `json:"said"`
	Place   string             `json:"place"`
	Actors  string             `json:"actors"`
	Note    string             `json:"note"`
	Source  string             `json:"source"`
	Record  homeward.RecordID  `json:"record"`
	KnownAt time.Time          `json:"known_at"`
}

type sibling struct {
	Person homeward.PersonID `json:"person"`
	Name   string            `json:"name"`
	Birth  string            `json:"birth"`
	Sex    string            `json:"sex"`
}

// change is what an edition did to a row.
type change struct {
	Kind     homeward.ChangeKind `json:"kind"`
	Edition  string              `json:"edition"`
	Record   homeward.RecordID   `json:"record"`
	Previous homeward.RecordID   `json:"previous,omitempty"`
	At       time.Time           `json:"at"`
}

func (c showCmd) Run(sh *shell) error {
	if err := checkID("person", c.Person, nextPerson); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		v, err := registry.Show(sh.ctx, db, homeward.Operator, c.Person)
		if err != nil {
			return advise(err, nextPerson)
		}
		result := printedPerson(v)
		return sh.print(result, result.words)
	})
}

func printedPerson(v registry.View) person {
	source := func(id homeward.SourceID) string { return v.Sources[id].Name }
	p := person{Person: v.Person.ID, Name: v.Name, Since: v.Person.Since, Claims: []facet{}, Timeline: []event{}, Siblings: []sibling{},
		Decisions: printedDecisions(v.Decisions), Changes: []change{}}
	for _, f := range v.Facets {
		p.Claims = append(p.Claims, printedFacet(f, source))
	}
	for _, m := range v.Timeline {
		p.Timeline = append(p.Timeline, event{m.Type, m.When.String(), m.When.Raw, m.Place, m.Actors, m.Note, source(m.Source), m.Record, m.KnownAt})
	}
	for _, s := range v.Siblings {
		p.Siblings = append(p.Siblings, sibling{s.Person, s.Name, s.Birth.String(), s.Sex})
	}
	for _, r := range v.Records {
		p.Records = append(p.Records, printedRecord(r, source(r.Source), v.Person.ID))
	}
	for _, c := range v.Changes {
		p.Changes = append(p.Changes, change{c.Kind, v.Editions[c.Edition].Date.String(), c.Record, c.Previous, c.At})
	}
	return p
}

func printedFacet(f registry.Facet, source func(homeward.SourceID) string) facet {
	out := facet{Path: f.Path, Contradiction: f.Contradiction}
	for _, v := range f.Values {
		printed := value{Text: v.Text, Date: v.Date.String(), Imposed: v.Imposed, ImposedBy: v.ImposedBy, Current: v.Current()}
		for _, s := range v.Claims {
			printed.Said = append(printed.Said, said{source(s.Source), s.Record, s.Claim.Value})
		}
		out.Values = append(out.Values, printed)
	}
	return out
}

func (p person) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s\n\n", p.Name, p.Person)
	for _, f := range p.Claims {
		f.words(w)
	}
	fmt.Fprintln(w)
	for _, e := range p.Timeline {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", e.Date, e.Type, e.Place, e.Actors+note(e.Note), e.Source)
	}
	for _, s := range p.Siblings {
		fmt.Fprintf(w, "sibling\t%s\t%s\t%s\n", s.Name, s.Birth, s.Person)
	}
	for _, c := range p.Changes {
		fmt.Fprintf(w, "%s\tedition %s\t%s\n", c.Kind, c.Edition, c.Record)
	}
	printDecisions(w, p.Decisions)
}

func (f facet) words(w io.Writer) {
	mark := ""
	if f.Contradiction {
		mark = "CONTRADICTION"
	}
	for i, v := range f.Values {
		path := string(f.Path)
		if i > 0 {
			path = ""
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", path, v.marked(), v.sources(), mark)
		mark = ""
	}
}

func (v value) marked() string {
	switch {
	case v.Imposed && v.ImposedBy != "":
		return v.Text + " (imposed by " + v.ImposedBy + ")"
	case v.Imposed:
		return v.Text + " (imposed)"
	case !v.Current:
		return v.Text + " (earlier)"
	}
	return v.Text
}

// sources lists who says the value, each once.
func (v value) sources() string {
	text, told := "", map[string]bool{}
	for _, s := range v.Said {
		if told[s.Source] {
			continue
		}
		told[s.Source] = true
		if text != "" {
			text += ", "
		}
		text += s.Source
	}
	return text
}

func note(text string) string {
	if text == "" {
		return ""
	}
	return " “" + text + "”"
}
