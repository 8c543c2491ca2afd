package review

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Review holds the index of records in memory and takes part in no database transaction of others. It may be used by
// several goroutines: reading is shared, catching up is exclusive.
type Review struct {
	db *store.DB

	mu        sync.RWMutex
	seen      int64 // index of the last entry the index accounts for
	index     *linkage.Index
	lines     *lineages
	free      map[homeward.SourceID]bool // lists that name each child once
	documents documents
	resting   map[homeward.RecordID]bool // rows that were taken out
	asked     bool                       // who rests was asked since the start
	kept      int                        // rows in the snapshot that the store holds

	models    sync.Map // of decoded models, by id
	built     atomic.Bool
	followed  atomic.Int64 // seen, for who does not wait for a refresh
	proposing sync.Mutex
	looked    int // decided pairs when a calibration was last thought of; under proposing
}

// Open returns a review over the store. It reads nothing yet.
func Open(db *store.DB) *Review {
	return &Review{
		db: db, seen: -1, index: linkage.NewIndex(), lines: lineagesOf(nil),
		documents: documents{map[string][]holder{}, map[homeward.RecordID][]string{}},
	}
}

// news is what the log holds that the index does not.
type news struct {
	upTo    int64
	records map[homeward.RecordID]bool
	first   homeward.RecordID   // the smallest of their ids
	marked  []homeward.RecordID // records of before that marks were laid upon or lifted from
	facts   []store.RecordFact
	sources []homeward.Source
	resting map[homeward.RecordID]bool // who rests now; nil when nothing was said of it
}

// Refresh builds the index, or catches it up with the log. progress, when not nil, is told how many of the new records
// are read; it may be called from this goroutine only.
func (r *Review) Refresh(ctx context.Context, progress func(done, total int64)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.restore(ctx); err != nil {
		return fmt.Errorf("refresh index: %w", err)
	}
	n, err := r.look(ctx)
	if err == nil && n.upTo > r.seen {
		err = r.take(ctx, n, progress)
	}
	if err == nil && n.resting != nil {
		err = r.rest(ctx, n.resting)
	}
	if err == nil {
		r.seen = max(r.seen, n.upTo)
	}
	if err != nil {
		return fmt.Errorf("refresh index: %w", err)
	}
	r.followed.Store(r.seen)
	r.built.Store(true)
	return nil
}

// Followed is how much of the log the index accounts for: what a search finds is the same as long as it is. It never waits.
func (r *Review) Followed() int64 { return r.followed.Load() }

// ready builds the index when it was not built yet. Doors do not catch it up: the pipeline does, every second, and a
// page must not wait for a large import to be read.
func (r *Review) ready(ctx context.Context) error {
	if r.built.Load() {
		return nil
	}
	return r.Refresh(ctx, nil)
}

func (r *Review) look(ctx context.Context) (n news, err error) {
	return n, r.db.View(ctx, homeward.System, func(tx *store.Tx) error {
		size, err := tx.TreeSize()
		if n = (news{upTo: size - 1, records: map[homeward.RecordID]bool{}}); err != nil {
			return err
		}
		if err := r.lookForResting(tx, &n); err != nil || n.upTo <= r.seen {
			return err
		}
		if err := r.lookForRecords(tx, &n); err != nil || len(n.records)+len(n.marked) == 0 {
			return err
		}
		n.sources, err = tx.Sources()
		return err
	})
}

// lookForRecords finds the new records: all there are while nothing was read yet, otherwise those of the log since.
func (r *Review) lookForRecords(tx *store.Tx, n *news) (err error) {
	add := func(id homeward.RecordID) {
		n.records[id] = true
		if n.first == "" || id < n.first {
			n.first = id
		}
	}
	if r.seen >= 0 {
		err = eachEntry(tx, r.seen, func(e store.Entry) { add(homeward.RecordID(e.Object)) }, "record")
		if err != nil {
			return err
		}
		if gone, err := tx.EntriesAfter(r.seen, 1, "erased"); err != nil {
			return err
		} else if len(gone) > 0 {
			r.models.Clear() // their words are made of names
		}
		if n.marked, err = tx.MarkedAfter(r.seen); err != nil || len(n.records)+len(n.marked) == 0 {
			return err
		}
	}
	if n.facts, err = tx.RecordFacts(); err != nil || r.seen >= 0 {
		return err
	}
	for _, f := range n.facts {
		add(f.ID)
	}
	return nil
}

// lookForResting finds out who rests, when the log says something of consent that is new, and the first time in any case. Records
// that come while their family's consent does not stand are told by the log too: they come with the request.
func (r *Review) lookForResting(tx *store.Tx, n *news) (err error) {
	due := !r.asked
	if !due && n.upTo > r.seen {
		err = eachEntry(tx, r.seen, func(store.Entry) { due = true }, "consent", "record", "mark-lifted")
	}
	if err == nil && due {
		n.resting, err = tx.Resting()
	}
	return err
}

// eachEntry walks the log's entries of some types after an index.
func eachEntry(tx *store.Tx, after int64, fn func(store.Entry), types ...string) error {
	const page = 10_000
	for {
		list, err := tx.EntriesAfter(after, page, types...)
		if err != nil {
			return err
		}
		for _, e := range list {
			after = e.Index
			fn(e)
		}
		if len(list) < page {
			return nil
		}
	}
}

// take reads the new records into the index. When it fails half way, the next Refresh takes them again: a record that
// is there already is replaced.
func (r *Review) take(ctx context.Context, n news, progress func(done, total int64)) error {
	if len(n.records)+len(n.marked) == 0 {
		return nil
	}
	for _, id := range n.marked {
		r.remove(r.lines.root(id))
	}
	r.lines = lineagesOf(n.facts)
	r.setFree(n.sources)
	rows := r.rows(n)
	if err := r.read(ctx, n, rows, progress); err != nil {
		return err
	}
	if err := r.takeRows(ctx, rows); err != nil {
		return err
	}
	if progress != nil {
		progress(int64(len(n.records)), int64(len(n.records)))
	}
	return nil
}

// read opens the new records: rows of one version are filed, versions of the others gathered.
func (r *Review) read(ctx context.Context, n news, rows map[homeward.RecordID]map[homeward.RecordID]homeward.Record, progress func(done, total int64)) error {
	if len(n.records) == 0 {
		return nil
	}
	done := int64(0)
	// Ids are compared as text: one that lacks its last character comes before all that have it.
	return r.db.EachRecord(ctx, homeward.System, n.first[:len(n.first)-1], func(x homeward.Record) error {
		if _, several := rows[r.lines.root(x.ID)]; several {
			rows[r.lines.root(x.ID)][x.ID] = x
		} else if n.records[x.ID] {
			r.add(x)
		}
		if done++; progress != nil && n.records[x.ID] && done%1000 == 0 {
			progress(min(done, int64(len(n.records))), int64(len(n.records)))
		}
		return nil
	})
}

// rows returns the rows of several versions of which one is new, to gather the versions in, and the rows that a mark has touched:
// those are read again, as far as they are in force.
func (r *Review) rows(n news) map[homeward.RecordID]map[homeward.RecordID]homeward.Record {
	out := map[homeward.RecordID]map[homeward.RecordID]homeward.Record{}
	for id := range n.records {
		if root := r.lines.root(id); len(r.lines.versions[root]) > 1 {
			out[root] = map[homeward.RecordID]homeward.Record{}
		}
	}
	state := map[homeward.RecordID]homeward.RecordState{}
	for _, f := range n.facts {
		state[f.ID] = f.State
	}
	for _, id := range n.marked {
		if root := r.lines.root(id); state[root] == homeward.RecordAccepted {
			out[root] = map[homeward.RecordID]homeward.Record{}
		}
	}
	return out
}

// remove takes a row out of the index: nothing finds it, and nothing is compared with it.
func (r *Review) remove(row homeward.RecordID) {
	r.index.Remove(string(row))
	r.documents.remove(row)
}

// takeRows adds rows of several versions; versions read long ago are read again.
func (r *Review) takeRows(ctx context.Context, rows map[homeward.RecordID]map[homeward.RecordID]homeward.Record) error {
	var missing []homeward.RecordID
	for root, have := range rows {
		for _, id := range r.lines.all(root) {
			if _, ok := have[id]; !ok {
				missing = append(missing, id)
			}
		}
	}
	slices.Sort(missing)
	for part := range slices.Chunk(missing, 1000) {
		var read []homeward.Record
		// A writing transaction, so that the audit rows are committed at once.
		err := r.db.Update(ctx, homeward.System, func(tx *store.Tx) (err error) {
			read, err = tx.RecordsByID(part)
			return err
		})
		if err != nil {
			return err
		}
		for _, x := range read {
			rows[r.lines.root(x.ID)][x.ID] = x
		}
	}
	for _, root := range slices.Sorted(maps.Keys(rows)) {
		var versions []homeward.Record
		for _, id := range r.lines.all(root) {
			versions = append(versions, rows[root][id])
			if id != root {
				r.remove(id) // it was a row of its own while what came before it was taken back
			}
		}
		r.add(versions...)
	}
	return nil
}

// add files the versions of one row. Records in quarantine are not compared.
func (r *Review) add(versions ...homeward.Record) {
	if versions[0].State != homeward.RecordAccepted {
		return
	}
	c := detached(columns(versions...))
	r.index.Add(c)
	r.documents.add(versions[0].ID, c, versions)
}

// detached returns the columns in strings of their own: as decoded they are parts of a record's words, and the index,
// which keeps some for ever, would keep all of them.
func detached(c linkage.Record) linkage.Record {
	for i, n := range c.Names {
		c.Names[i] = linkage.NameText{Full: strings.Clone(n.Full), Given: strings.Clone(n.Given), Patronymic: strings.Clone(n.Patronymic), Family: strings.Clone(n.Family)}
	}
	for i := range c.Births {
		c.Births[i].Raw = strings.Clone(c.Births[i].Raw)
	}
	for _, list := range [][]string{
		c.BirthPlaces, c.Homes, c.TakenFrom, c.Institutions, c.Groups, c.Mothers, c.Fathers, c.Siblings, c.Documents, c.Phones,
	} {
		for i := range list {
			list[i] = strings.Clone(list[i])
		}
	}
	c.Eyes, c.Hair = strings.Clone(c.Eyes), strings.Clone(c.Hair)
	return c
}

// skip leaves out pairs that cannot be: two rows of a list that names each child once. Versions of one row never meet,
// because a row is indexed once.
func (r *Review) skip(sourceA, _, sourceB, _ string) bool {
	return sourceA == sourceB && r.free[homeward.SourceID(sourceA)]
}

// Len returns how many rows the index holds.
func (r *Review) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.index.Len()
}
