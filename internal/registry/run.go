package registry

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Stage is the name of the registry's cursor.
const Stage = "registry"

// Report says what a run did.
type Report struct {
	Persons   int        // that the registry holds now
	Changed   int        // written, new ones included
	Removed   int        // that are no more: their records moved
	Events    int        // written
	Conflicts []Conflict // decisions that are not applied
}

// Registry derives persons and remembers what it has read, so that a decision costs no decryption. It may be used by
// several goroutines; they work one after another.
type Registry struct {
	db *store.DB

	mu       sync.Mutex
	seen     int64 // index of the last entry that facts and families account for
	facts    []store.RecordFact
	families map[homeward.RecordID]family
	last     written
}

// written is what the derived tables hold as of a position of the cursor.
type written struct {
	position int64
	persons  map[homeward.RecordID]homeward.PersonID
	siblings map[homeward.PersonID][]homeward.PersonID
}

// Open returns a registry over the store. It reads nothing yet.
func Open(db *store.DB) *Registry {
	return &Registry{db: db, seen: -1, families: map[homeward.RecordID]family{}, last: written{position: -1}}
}

// Run brings the derived tables up to date once; see [Registry.Run].
func Run(ctx context.Context, db *store.DB) (Report, error) { return Open(db).Run(ctx) }

// Rebuild empties the derived tables and derives everything again.
func Rebuild(ctx context.Context, db *store.DB) (Report, error) {
	err := db.Update(ctx, homeward.System, func(tx *store.Tx) error { return tx.ClearPersons() })
	if err != nil {
		return Report{}, fmt.Errorf("rebuild registry: %w", err)
	}
	return Run(ctx, db)
}

// Run brings persons, siblings and events up to date with the log. Run again, it changes nothing.
func (r *Registry) Run(ctx context.Context) (Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const attempts = 10 // another server may move the cursor meanwhile: then look again
	for range attempts {
		w, err := r.look(ctx)
		if err != nil {
			return Report{}, fmt.Errorf("run registry: %w", err)
		}
		if !w.due {
			return w.report, nil
		}
		if err := r.read(ctx, w); err != nil {
			return Report{}, fmt.Errorf("run registry: %w", err)
		}
		done, err := r.write(ctx, w)
		if err != nil {
			return Report{}, fmt.Errorf("run registry: %w", err)
		}
		if done {
			return w.report, nil
		}
	}
	return Report{}, fmt.Errorf("run registry: others keep running it: %w", homeward.ErrUnavailable)
}

// work is what one run has to do.
type work struct {
	cursor, upTo int64                      // the log is worked off from one to the other
	due          bool                       // something that moves persons happened in between
	tell         map[homeward.RecordID]bool // records whose events are to be written
	learn        map[homeward.RecordID]bool // records whose families are to be read
	first        homeward.RecordID          // the smallest id of them
	marked       []homeward.RecordID        // records that marks were laid upon or lifted from
	report       Report
}

// look finds out what is new in the log since the cursor, and since this registry last read.
func (r *Registry) look(ctx context.Context) (*work, error) {
	w := &work{}
	return w, r.db.View(ctx, homeward.System, func(tx *store.Tx) error {
		*w = work{tell: map[homeward.RecordID]bool{}, learn: map[homeward.RecordID]bool{}}
		size, err := tx.TreeSize()
		if err != nil {
			return err
		}
		w.upTo = size - 1
		if w.cursor, err = tx.Cursor(Stage); err != nil {
			return err
		}
		if w.report.Persons, err = tx.CountPersons(); err != nil {
			return err
		}
		news, err := tx.EntriesAfter(w.cursor, 1, "record", "decision", "revocation", "mark", "mark-lifted", "erased")
		if w.due = len(news) > 0; err != nil || !w.due {
			return err
		}
		if err := r.lookForRecords(tx, w); err != nil {
			return err
		}
		if w.marked, err = tx.MarkedAfter(min(w.cursor, r.seen)); err != nil {
			return err
		}
		if len(w.learn)+len(w.marked) > 0 {
			r.facts, err = tx.RecordFacts()
		}
		return err
	})
}

func (r *Registry) lookForRecords(tx *store.Tx, w *work) error {
	const page = 10_000
	for index := min(w.cursor, r.seen); ; {
		list, err := tx.EntriesAfter(index, page, "record")
		if err != nil {
			return err
		}
		for _, e := range list {
			index = e.Index
			id := homeward.RecordID(e.Object)
			if index > w.cursor {
				w.tell[id] = true
			}
			if index > r.seen {
				w.learn[id] = true
			}
			if w.first == "" || id < w.first {
				w.first = id
			}
		}
		if len(list) < page {
			return nil
		}
	}
}

// read opens the words of new records: their families are remembered, their events written in batches. Events of a
// record are written whole or not at all, and writing them again changes nothing.
func (r *Registry) read(ctx context.Context, w *work) error {
	if err := r.readMarked(ctx, w); err != nil {
		return err
	}
	if len(w.tell)+len(w.learn) == 0 {
		r.seen = w.upTo
		return nil
	}
	b := batch{ctx: ctx, db: r.db, report: &w.report}
	// Ids are compared as text: one that lacks its last character comes before all that have it.
	err := r.db.EachRecord(ctx, homeward.System, w.first[:len(w.first)-1], func(x homeward.Record) error {
		if f, ok := familyOf(x); ok && w.learn[x.ID] {
			r.families[x.ID] = f
		}
		if !w.tell[x.ID] {
			return nil
		}
		return b.add(x)
	})
	if err != nil {
		return err
	}
	if err := b.flush(); err != nil {
		return err
	}
	r.seen = w.upTo
	return nil
}

// readMarked reads anew what marks have changed: a record whose processing is restricted tells of no event, and is of no family.
func (r *Registry) readMarked(ctx context.Context, w *work) error {
	b := batch{ctx: ctx, db: r.db, report: &w.report}
	for part := range slices.Chunk(w.marked, 500) {
		var records []homeward.Record
		err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) (err error) {
			records, err = tx.Unrestricted(part)
			return err
		})
		if err != nil {
			return err
		}
		b.records = append(b.records, part...)
		for _, id := range part {
			delete(r.families, id)
		}
		for _, x := range records {
			if f, ok := familyOf(x); ok {
				r.families[x.ID] = f
			}
			b.events = append(b.events, events(x)...)
		}
		if err := b.flush(); err != nil {
			return err
		}
	}
	return nil
}

// batch gathers records whose events are written together.
type batch struct {
	ctx     context.Context
	db      *store.DB
	report  *Report
	records []homeward.RecordID
	events  []homeward.Event
}

func (b *batch) add(x homeward.Record) error {
	b.records = append(b.records, x.ID)
	b.events = append(b.events, events(x)...)
	if len(b.records) < 5000 {
		return nil
	}
	return b.flush()
}

func (b *batch) flush() error {
	if len(b.records) == 0 {
		return nil
	}
	err := b.db.Update(b.ctx, homeward.System, func(tx *store.Tx) error { return tx.ReplaceEvents(b.records, b.events) })
	b.report.Events += len(b.events)
	b.records, b.events = b.records[:0], b.events[:0]
	return err
}

// write moves persons, siblings and the cursor in one transaction. It returns false when another server moved the
// cursor since this run looked.
func (r *Registry) write(ctx context.Context, w *work) (done bool, err error) {
	var now written
	var report Report
	err = r.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
		done, report = false, w.report
		position, err := tx.Cursor(Stage)
		if err != nil || position != w.cursor {
			return err
		}
		done, now = true, written{position: w.upTo}
		if err := r.derive(tx, position, &now, &report); err != nil {
			return err
		}
		return tx.MoveCursor(Stage, w.upTo)
	})
	if err != nil || !done {
		return false, err
	}
	r.last, w.report = now, report
	return true, nil
}

// derive computes persons and siblings and writes what differs from the tables.
func (r *Registry) derive(tx *store.Tx, position int64, now *written, report *Report) error {
	before, err := r.before(tx, position)
	if err != nil {
		return err
	}
	decisions, err := tx.DecisionFacts()
	if err != nil {
		return err
	}
	persons, conflicts := clusters(r.facts, decisions)
	now.persons = membership(persons)
	now.siblings = siblings(r.facts, r.families, now.persons)
	changed, removed := differences(persons, before.persons)
	report.Persons, report.Changed, report.Removed = len(persons), len(changed), len(removed)
	report.Conflicts = conflicts
	if err := tx.Unjoin(nobodys(before.persons, now.persons)); err != nil {
		return err
	}
	if err := tx.ReplacePersons(changed, removed); err != nil {
		return err
	}
	if before.siblings != nil && maps.EqualFunc(before.siblings, now.siblings, slices.Equal) {
		return nil
	}
	return tx.ReplaceSiblings(now.siblings)
}

// before returns what the tables hold: as remembered when nobody has written since, otherwise as read.
func (r *Registry) before(tx *store.Tx, position int64) (written, error) {
	if position >= 0 && r.last.position == position {
		return r.last, nil
	}
	persons, err := tx.Memberships()
	return written{position: position, persons: persons}, err
}

func membership(persons []homeward.Person) map[homeward.RecordID]homeward.PersonID {
	out := make(map[homeward.RecordID]homeward.PersonID, len(persons))
	for _, p := range persons {
		for _, x := range p.Records {
			out[x] = p.ID
		}
	}
	return out
}

// nobodys returns the records that were somebody's and are nobody's now: they were taken back or restricted.
func nobodys(before, now map[homeward.RecordID]homeward.PersonID) (out []homeward.RecordID) {
	for id := range before {
		if now[id] == "" {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// differences compares the persons derived with the memberships stored: those to write, and those that are no more.
func differences(persons []homeward.Person, before map[homeward.RecordID]homeward.PersonID) (changed []homeward.Person, removed []homeward.PersonID) {
	held := map[homeward.PersonID]int{} // how many records each stored person has
	for _, p := range before {
		held[p]++
	}
	for _, p := range persons {
		kept := 0
		for _, x := range p.Records {
			if before[x] == p.ID {
				kept++
			}
		}
		if kept != len(p.Records) || held[p.ID] != kept {
			changed = append(changed, p)
		}
		delete(held, p.ID)
	}
	return changed, slices.Sorted(maps.Keys(held))
}
