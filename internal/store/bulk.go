package store

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"

	"github.com/homeward-registry/homeward"
)

// EachRecord decrypts every record with an id above after, in the order of ids, and hands them to fn one by one from
// one goroutine. The opening is shared among the processors. It is how the in-memory index is built at unlock; one
// audit row says so. Records come as their marks leave them; those whose processing is restricted are left out. An actor who does not reach everything gets what they reach, of the classes they see.
func (db *DB) EachRecord(ctx context.Context, actor homeward.Actor, after homeward.RecordID, fn func(homeward.Record) error) error {
	var reach homeward.Reach
	var marks map[homeward.RecordID][]homeward.Mark
	err := db.View(ctx, actor, func(tx *Tx) (err error) {
		if err = tx.audited("unlock", "records", 0); err == nil {
			reach, err = tx.reach(homeward.ActionReadRecord)
		}
		if err == nil {
			marks, err = tx.standingOn(nil)
		}
		return err
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	pages := make(chan *page, runtime.GOMAXPROCS(0)*2)
	go db.readPages(ctx, after, pages)
	for p := range pages {
		<-p.opened
		if p.err != nil {
			return p.err
		}
		for _, r := range p.records {
			r = r.Marked(marks[r.ID])
			if r.State == homeward.RecordRestricted {
				continue // what is read here is processed
			}
			if !reach.Admits(homeward.Resource{Compartment: r.Compartment, Record: r.ID, State: string(r.State)}) {
				continue
			}
			see, _ := reach.Sees(r.Compartment, r.ID)
			if err := fn(r.Within(see)); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// page is a run of records being opened. opened is closed when records or err is set.
type page struct {
	locked  []lockedRecord
	records []homeward.Record
	err     error
	opened  chan struct{}
}

const pageSize = 1000

// readPages reads pages in order and opens them in parallel. It stops after the first that fails to be read.
func (db *DB) readPages(ctx context.Context, after homeward.RecordID, pages chan<- *page) {
	defer close(pages)
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		locked, err := db.lockedPage(ctx, after)
		if err == nil && len(locked) == 0 {
			return
		}
		p := &page{locked: locked, err: err, opened: make(chan struct{})}
		select {
		case pages <- p:
		case <-ctx.Done():
			return
		}
		if err != nil {
			close(p.opened)
			return
		}
		after = locked[len(locked)-1].record.ID
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer close(p.opened)
			p.records, p.err = db.openPage(ctx, p.locked)
			p.locked = nil
		}()
	}
}

func (db *DB) lockedPage(ctx context.Context, after homeward.RecordID) ([]lockedRecord, error) {
	// A page of records in the order of their ids.
	rows, err := db.data.read.QueryContext(ctx, `
		select id, source, state, supersedes, received_at, compartment, sealed
		from records
		where id > $1
		order by id
		limit $2`, after, pageSize)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	out := make([]lockedRecord, 0, pageSize)
	var last homeward.Record
	return out, each(rows, func() error {
		l := lockedRecord{brief: true}
		var source, state, supersedes, in sql.RawBytes
		var at int64
		if err := rows.Scan((*string)(&l.record.ID), &source, &state, &supersedes, &at, &in, &l.sealed); err != nil {
			return err
		}
		l.record.Source = again(last.Source, source)
		l.record.State = again(last.State, state)
		l.record.Compartment = again(last.Compartment, in)
		l.record.Supersedes = again(last.Supersedes, supersedes)
		l.record.ReceivedAt = fromMicros(at)
		last = l.record
		out = append(out, l)
		return nil
	})
}

// again returns the value read, as the string of the row before when they are equal: most rows share their source and
// state with their neighbours.
func again[T ~string](before T, value []byte) T {
	if string(before) == string(value) {
		return before
	}
	return T(value)
}

// openPage opens a run of records: their keys lie side by side in the key database, because both are ordered by id. A
// record whose key is gone was erased and is left out.
func (db *DB) openPage(ctx context.Context, locked []lockedRecord) ([]homeward.Record, error) {
	first, last := locked[0].record.ID, locked[len(locked)-1].record.ID
	// The keys of a run of objects.
	rows, err := db.keys.read.QueryContext(ctx, selectKeys+`
		where k.id >= $1 and k.id <= $2
		order by k.id`, first, last)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	out := make([]homeward.Record, 0, len(locked))
	err = each(rows, func() error {
		var w wrappedKey
		if err := rows.Scan(w.columns()...); err != nil {
			return err
		}
		for len(locked) > 0 && string(locked[0].record.ID) < w.id {
			locked = locked[1:]
		}
		if len(locked) == 0 || string(locked[0].record.ID) != w.id {
			return nil
		}
		key, err := db.openKey(ctx, w)
		if err != nil {
			return fmt.Errorf("open key %s: %w", locked[0].record.ID, err)
		}
		r, err := locked[0].open(key)
		out = append(out, r)
		return err
	})
	return out, err
}
