package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// View is what a person's page shows.
type View struct {
	Person     homeward.Person
	Name       string                                  // by the policy of [DisplayName]; empty when no record names the child
	Records    []homeward.Record                       // oldest first
	Superseded map[homeward.RecordID]homeward.RecordID // record -> the one of a later edition that replaces it
	Facets     []Facet                                 // what is said, by whom, with contradictions
	Timeline   []Moment                                // what happened, in the order of time
	Siblings   []Sibling                               // by the family ids of the sources
	Decisions  []homeward.Decision                     // on its records, oldest first, revoked ones too
	Unheeded   []homeward.DecisionID                   // standing "same" that a standing "different" keeps from being applied
	Changes    []homeward.Change                       // what editions did to its rows, oldest first
	Sources    map[homeward.SourceID]homeward.Source   // every source that speaks here
	Editions   map[homeward.EditionID]homeward.Edition // and the editions
	Persons    map[homeward.RecordID]homeward.PersonID // the persons that hold the records of the decisions
}

// Moment is an event with who tells of it.
type Moment struct {
	homeward.Event
	Source       homeward.SourceID
	SupersededBy homeward.RecordID // a later edition of the same row replaces the record that tells of it
	Origin       homeward.SourceID // that the source repeats there; empty when it speaks for itself
}

// Sibling is a sibling as a page names it.
type Sibling struct {
	Person homeward.PersonID
	Name   string
	Birth  homeward.Date // as the first record that tells it says; zero when none does
	Sex    string        // likewise
}

// Show returns the page of a person. The id may be that of any record the person holds. Reading is audited, record by
// record. ErrDenied when the actor may not see persons, ErrNotFound when there is none.
func Show(ctx context.Context, db *store.DB, actor homeward.Actor, id homeward.PersonID) (View, error) {
	if !actor.Can(homeward.ActionSeePerson) {
		return View{}, fmt.Errorf("show person %s: %w", id, homeward.ErrDenied)
	}
	var v View
	err := db.View(ctx, actor, func(tx *store.Tx) (err error) {
		v, err = view(tx, id)
		return err
	})
	if err != nil {
		return View{}, fmt.Errorf("show person %s: %w", id, err)
	}
	return v, nil
}

func view(tx *store.Tx, id homeward.PersonID) (v View, err error) {
	if v.Person, err = tx.Person(id); err != nil {
		return v, err
	}
	if v.Records, err = tx.RecordsByID(v.Person.Records); err != nil {
		return v, err
	}
	v.Superseded = superseded(factsOf(v.Records))
	current := speaking(v.Records, v.Superseded)
	v.Name = DisplayName(current)
	v.Facets = facets(v.Records, v.Superseded)
	v.Timeline = timeline(v.Person.ID, v.Records, v.Superseded)
	for _, step := range []func(*store.Tx, *View) error{readSiblings, readDecisions, readChanges, readSources, readOrigins} {
		if err := step(tx, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}

// factsOf returns the plain facts of records whose words are read.
func factsOf(records []homeward.Record) []store.RecordFact {
	out := make([]store.RecordFact, len(records))
	for i, r := range records {
		out[i] = store.RecordFact{ID: r.ID, Source: r.Source, Edition: r.Edition, State: r.State, Supersedes: r.Supersedes, ReceivedAt: r.ReceivedAt}
	}
	return out
}

// speaking returns the records that no later edition replaces.
func speaking(records []homeward.Record, replaced map[homeward.RecordID]homeward.RecordID) []homeward.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r homeward.Record) bool { return replaced[r.ID] != "" })
}

// timeline returns the events of all records in the order of time: by the first day that is possible, then by what
// usually follows what, then by when they were learned. Events without a date come last, in the same order. An event
// that a later edition of the same row tells in the same words is shown once, as the newest tells it.
func timeline(person homeward.PersonID, records []homeward.Record, replaced map[homeward.RecordID]homeward.RecordID) []Moment {
	type words struct {
		record       homeward.RecordID
		kind         homeward.EventType
		when         string
		place, actor string
		note         string
	}
	told := map[words]bool{}
	tells := func(r homeward.RecordID, e homeward.Event) words {
		return words{r, e.Type, e.When.Raw, e.Place, e.Actors, e.Note}
	}
	var out []Moment
	for _, r := range slices.Backward(records) {
		newest := cmp.Or(replaced[r.ID], r.ID)
		for _, e := range events(r) {
			if told[tells(newest, e)] {
				continue
			}
			told[tells(newest, e)] = true
			e.Person = person
			out = append(out, Moment{Event: e, Source: r.Source, SupersededBy: replaced[r.ID]})
		}
	}
	slices.SortFunc(out, func(a, b Moment) int {
		return cmp.Or(
			compareBool(a.When.IsZero(), b.When.IsZero()), cmp.Compare(a.When.From, b.When.From),
			cmp.Compare(a.Type.Order(), b.Type.Order()), a.KnownAt.Compare(b.KnownAt), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func readSiblings(tx *store.Tx, v *View) error {
	for _, id := range v.Person.Siblings {
		p, err := tx.Person(id)
		if err != nil {
			return err
		}
		records, err := tx.RecordsByID(p.Records)
		if err != nil {
			return err
		}
		v.Siblings = append(v.Siblings, sibling(p.ID, speaking(records, superseded(factsOf(records)))))
	}
	return nil
}

func sibling(id homeward.PersonID, records []homeward.Record) Sibling {
	s := Sibling{Person: id, Name: DisplayName(records)}
	for _, r := range records {
		for _, p := range []homeward.Path{homeward.PathBirthDate, homeward.PathAge} {
			if c, ok := r.First(p); ok && s.Birth.IsZero() {
				s.Birth = c.When
			}
		}
		if c, ok := r.First(homeward.PathSex); ok && s.Sex == "" {
			s.Sex = c.Value
		}
	}
	return s
}

// readDecisions reads every decision that touches the person's records, and which of those in force are not applied.
func readDecisions(tx *store.Tx, v *View) (err error) {
	if v.Decisions, err = tx.DecisionsOn(v.Person.Records); err != nil {
		return err
	}
	slices.SortFunc(v.Decisions, func(a, b homeward.Decision) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	var sides []homeward.RecordID
	for _, d := range v.Decisions {
		sides = append(sides, d.Left, d.Right)
	}
	slices.Sort(sides)
	if v.Persons, err = tx.PersonsOf(slices.Compact(sides)); err != nil {
		return err
	}
	for _, d := range effective(v.Decisions) {
		if d.Judgement == homeward.Same && v.Persons[d.Left] != v.Persons[d.Right] {
			v.Unheeded = append(v.Unheeded, d.ID)
		}
	}
	return nil
}

func readChanges(tx *store.Tx, v *View) error {
	seen := map[homeward.Change]bool{}
	for _, r := range v.Records {
		list, err := tx.ChangesOf(r.ID)
		if err != nil {
			return err
		}
		for _, c := range list {
			if !seen[c] { // a change of a row is told of both its records
				seen[c] = true
				v.Changes = append(v.Changes, c)
			}
		}
	}
	slices.SortStableFunc(v.Changes, func(a, b homeward.Change) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Kind, b.Kind))
	})
	return nil
}

func readSources(tx *store.Tx, v *View) (err error) {
	v.Sources, v.Editions = map[homeward.SourceID]homeward.Source{}, map[homeward.EditionID]homeward.Edition{}
	edition := func(id homeward.EditionID) {
		if _, ok := v.Editions[id]; !ok && err == nil {
			v.Editions[id], err = tx.Edition(id)
		}
	}
	for _, r := range v.Records {
		if _, ok := v.Sources[r.Source]; !ok && err == nil {
			v.Sources[r.Source], err = tx.Source(r.Source)
		}
		edition(r.Edition)
	}
	for _, c := range v.Changes {
		edition(c.Edition)
	}
	return err
}
