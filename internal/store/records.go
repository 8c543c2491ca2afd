package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
	"golang.org/x/sync/errgroup"
)

// Current is the newest state of one row of a source's list.
type Current struct {
	Key      Fingerprint // of the row: of the id it carries, or of its content
	Content  Fingerprint
	Record   homeward.RecordID
	LastSeen homeward.EditionID
	Removed  bool
}

// NewRecord is a record to write, with what tells its row apart.
type NewRecord struct {
	Record  homeward.Record // complete, its ID made by the caller
	Key     Fingerprint     // of its row
	Content Fingerprint     // of its cells
	Change  homeward.ChangeKind
}

// CurrentRows returns the newest state of every row of a source, by row key.
func (tx *Tx) CurrentRows(source homeward.SourceID) (map[Fingerprint]Current, error) {
	out := map[Fingerprint]Current{}
	return out, tx.query("read current rows", `
		select row_key, content, record, last_seen, state
		from current_rows
		where source = $1`, []any{source}, func(r *sql.Rows) error {
		var c Current
		var key, content sql.RawBytes
		var state string
		if err := r.Scan(&key, &content, &c.Record, &c.LastSeen, &state); err != nil {
			return err
		}
		copy(c.Key[:], key)
		copy(c.Content[:], content)
		c.Removed = state == "removed"
		out[c.Key] = c
		return nil
	})
}

// SealedRecords are records sealed and committed to, ready to be written.
type SealedRecords struct{ list []readyRecord }

// SealRecords makes the key, the sealed words, the entry and the leaf of each record. It writes nothing, and shares the
// work among the processors, so that one batch can be sealed while another is written. now is the time of receipt.
func (db *DB) SealRecords(actor homeward.Actor, now time.Time, records []NewRecord) (SealedRecords, error) {
	ready := make([]readyRecord, len(records))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	const share = 64
	for lo := 0; lo < len(records); lo += share {
		g.Go(func() error {
			for i := lo; i < min(lo+share, len(records)); i++ {
				r, err := db.ready(actor, now, records[i])
				if err != nil {
					return err
				}
				ready[i] = r
			}
			return nil
		})
	}
	return SealedRecords{ready}, g.Wait()
}

// PutRecords seals records and writes them.
func (tx *Tx) PutRecords(records []NewRecord) error {
	sealed, err := tx.db.SealRecords(tx.Actor, tx.Now, records)
	if err != nil {
		return err
	}
	return tx.PutSealedRecords(sealed)
}

// readyRecord is a record sealed and committed to, ready to be written.
type readyRecord struct {
	id     string
	source homeward.SourceID
	in     homeward.CompartmentID

	supersedes homeward.RecordID
	key        seal.ObjectKey
	wrapped    []byte
	row        []any
	current    []any
	change     []any
	entry      sealedEntry
}

func (db *DB) ready(actor homeward.Actor, now time.Time, n NewRecord) (readyRecord, error) {
	r := n.Record
	r.Compartment = cmp.Or(r.Compartment, homeward.Main)
	id := string(r.ID)
	room, err := db.room(context.Background(), r.Compartment)
	if err != nil {
		return readyRecord{}, err
	}
	key, wrapped, err := room.NewObjectKey(id)
	if err != nil {
		return readyRecord{}, fmt.Errorf("make key %s: %w", id, err)
	}
	sealed, err := key.Seal("records", "sealed", id, encodeRecord(r))
	if err != nil {
		return readyRecord{}, fmt.Errorf("seal record %s: %w", id, err)
	}
	body := recordBody(r)
	body["record/change"] = string(n.Change)
	d := draft{typ: entryRecord, object: id, keyID: id, key: key, body: body, source: db.timed(now)}
	entry, err := d.seal(actor, now)
	if err != nil {
		return readyRecord{}, err
	}
	return readyRecord{
		id: id, source: r.Source, in: r.Compartment, supersedes: r.Supersedes, key: key, wrapped: wrapped, entry: entry,
		row:     []any{id, r.Source, r.Edition, r.Line, r.State, r.Reason, r.Supersedes, r.Compartment, micros(now), sealed},
		current: []any{r.Source, n.Key[:], n.Content[:], id, r.Edition, "listed"},
		change:  []any{r.Edition, id, n.Change, r.Supersedes, micros(now)},
	}, nil
}

// placed fails unless the actor may bring records of these sources in, and each record lies where its source does.
func (tx *Tx) placed(list []readyRecord) error {
	in := map[homeward.SourceID]homeward.CompartmentID{}
	for _, r := range list {
		at, known := in[r.source]
		if !known {
			var err error
			if at, err = tx.compartmentOf(r.source); err != nil {
				return err
			}
			in[r.source] = at
		}
		if at != r.in {
			return fmt.Errorf("put record %s: it lies in another compartment than its source: %w", r.id, homeward.ErrInvalid)
		}
	}
	return nil
}

// PutSealedRecords writes records in the order in which they were given to be sealed, each with its key, its entry and
// leaf, its change and the new state of its row.
func (tx *Tx) PutSealedRecords(sealed SealedRecords) error {
	if err := tx.placed(sealed.list); err != nil {
		return err
	}
	var rows, current, changes [][]any
	var entries []sealedEntry
	for _, r := range sealed.list {
		tx.made[r.id] = r.key
		tx.wrapped = append(tx.wrapped, []any{r.id, string(r.in), r.wrapped})
		rows, current = append(rows, r.row), append(current, r.current)
		changes, entries = append(changes, r.change), append(entries, r.entry)
	}
	err := tx.insert(`insert into records (id, source, edition, line, state, reason, supersedes, compartment, received_at, sealed)`, rows, "")
	if err != nil {
		return err
	}
	err = tx.insert(`insert into current_rows (source, row_key, content, record, last_seen, state)`, current, `
		on conflict (source, row_key) do update
		set content = excluded.content, record = excluded.record, last_seen = excluded.last_seen, state = excluded.state`)
	if err != nil {
		return err
	}
	if err := tx.insert(`insert into changes (edition, record, kind, previous, at)`, changes, ""); err != nil {
		return err
	}
	if err := tx.putSealed(entries); err != nil {
		return err
	}
	return tx.inherit(sealed.list)
}

// recordBody is the ledger's account of a record: every cell as received and every claim read from it. Each is a path
// of its own, so that one can be disclosed and the others withheld.
func recordBody(r homeward.Record) map[string]string {
	body := map[string]string{
		"record/source": string(r.Source), "record/edition": string(r.Edition), "record/row": r.SourceRow,
		"record/line": strconv.Itoa(r.Line), "record/state": string(r.State), "record/reason": r.Reason,
		"record/supersedes": string(r.Supersedes), "record/as_of": dateText(r.AsOf),
	}
	for i, c := range r.Row {
		body[numbered("row", i, c.Heading)] = c.Text
	}
	for i, c := range r.Claims {
		body[numbered("claim", i, string(c.Path))] = claimText(c)
	}
	return body
}

func numbered(kind string, i int, name string) string {
	digits := strconv.Itoa(10000 + i)
	return kind + "/" + digits[1:] + "/" + name
}

func claimText(c homeward.Claim) string {
	return fields(c.Value, c.Lang, c.Heading, strconv.Itoa(c.Part), strconv.Itoa(int(claimFlags(c))),
		c.Grade.Reliability, c.Grade.Credibility, dateText(c.When))
}

func dateText(d homeward.Date) string {
	if d.IsZero() {
		return ""
	}
	return fields(string(d.Precision), d.From.String(), d.To.String(), d.Raw)
}

// SawRows says that the edition lists these rows unchanged.
func (tx *Tx) SawRows(source homeward.SourceID, edition homeward.EditionID, keys []Fingerprint) error {
	for chunk := range chunks(keys, 400) {
		args := []any{edition, source}
		for _, k := range chunk {
			args = append(args, k[:])
		}
		err := tx.exec("see rows", `
			update current_rows
			set last_seen = $1
			where source = $2 and row_key in (`+placeholders(3, len(chunk))+`)`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// RemoveRows says that the edition no longer lists these rows. Each is a fact of its own.
func (tx *Tx) RemoveRows(edition homeward.EditionID, gone []Current) error {
	key, err := tx.key(string(edition))
	if err != nil {
		return err
	}
	for _, c := range gone {
		err := tx.exec("remove row", `
			update current_rows
			set state = 'removed'
			where record = $1`, c.Record)
		if err != nil {
			return err
		}
		err = tx.exec("put change", `
			insert into changes (edition, record, kind, previous, at)
			values ($1, $2, 'removed', '', $3)`, edition, c.Record, micros(tx.Now))
		if err != nil {
			return err
		}
		body := map[string]string{"edition": string(edition), "record": string(c.Record)}
		if err := tx.put(draft{typ: entryRemoved, object: string(c.Record), keyID: string(edition), key: key, body: body}); err != nil {
			return err
		}
	}
	return nil
}

// Changes returns what an edition did to the rows of its source.
func (tx *Tx) Changes(edition homeward.EditionID) ([]homeward.Change, error) {
	return tx.changes(`c
		where c.edition = $1
		order by c.at, c.record`, edition)
}

// FirstChanges returns what an edition did to rows of its source, of one kind: at most so many, the oldest records first. Rows that it
// brought and that went into quarantine are none of them.
func (tx *Tx) FirstChanges(edition homeward.EditionID, kind homeward.ChangeKind, limit int) ([]homeward.Change, error) {
	return tx.changes(`c
		join records r on r.id = c.record
		where c.edition = $1 and c.kind = $2 and (c.kind = 'removed' or r.state <> 'quarantined')
		order by c.record
		limit $3`, edition, kind, limit)
}

// ChangesOf returns what editions did to the row of a record.
func (tx *Tx) ChangesOf(record homeward.RecordID) ([]homeward.Change, error) {
	return tx.changes(`c
		where c.record = $1 or (c.previous = $1 and c.kind = 'changed')
		order by c.at, c.record`, record)
}

func (tx *Tx) changes(which string, args ...any) ([]homeward.Change, error) {
	var out []homeward.Change
	return out, tx.query("read changes", `
		select c.edition, c.kind, c.record, c.previous, c.at
		from changes `+which, args, func(r *sql.Rows) error {
		var c homeward.Change
		var at int64
		err := r.Scan(&c.Edition, &c.Kind, &c.Record, &c.Previous, &at)
		c.At = fromMicros(at)
		out = append(out, c)
		return err
	})
}

// CountChanges returns how many rows an edition added, changed and removed, and how many of its new records are
// quarantined.
func (tx *Tx) CountChanges(edition homeward.EditionID) (t homeward.Tally, err error) {
	return t, tx.query("count changes", `
		select c.kind, r.state, count(*)
		from changes c
		join records r on r.id = c.record
		where c.edition = $1
		group by c.kind, r.state`, []any{edition}, func(r *sql.Rows) error {
		var kind homeward.ChangeKind
		var state homeward.RecordState
		var n int
		if err := r.Scan(&kind, &state, &n); err != nil {
			return err
		}
		switch {
		case kind == homeward.ChangeRemoved:
			t.Removed += n
		case state == homeward.RecordQuarantined:
			t.Quarantined += n
		case kind == homeward.ChangeAdded:
			t.Added += n
		default:
			t.Changed += n
		}
		return nil
	})
}

// Record returns a record with its words. The read is audited.
func (tx *Tx) Record(id homeward.RecordID) (homeward.Record, error) {
	out, err := tx.RecordsByID([]homeward.RecordID{id})
	if err != nil {
		return homeward.Record{}, err
	}
	return out[0], nil
}

// RecordsByID returns records with their words as their marks leave them, in the order asked for, without those of classes that
// the actor does not see; one that is not there, as far as the actor is concerned, is ErrNotFound. Each read is audited.
func (tx *Tx) RecordsByID(ids []homeward.RecordID) ([]homeward.Record, error) {
	if err := tx.auditedEach("read", ids); err != nil {
		return nil, err
	}
	found := map[homeward.RecordID]homeward.Record{}
	for chunk := range chunks(ids, 400) {
		list, err := tx.records("where id in ("+placeholders(1, len(chunk))+")", anys(chunk)...)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			found[r.ID] = r
		}
	}
	reach, err := tx.reach(homeward.ActionReadRecord)
	if err != nil {
		return nil, err
	}
	standing, err := tx.standingOn(ids)
	if err != nil {
		return nil, err
	}
	out := make([]homeward.Record, 0, len(ids))
	for _, id := range ids {
		r, ok := found[id]
		r = r.Marked(standing[id])
		if r.State == homeward.RecordRestricted && !tx.seesRestricted() {
			ok = false
		}
		if !ok || !reach.Admits(homeward.Resource{Compartment: r.Compartment, Record: id, State: string(r.State)}) {
			return nil, fmt.Errorf("read record %s: %w", id, homeward.ErrNotFound)
		}
		see, _ := reach.Sees(r.Compartment, id)
		out = append(out, r.Within(see))
	}
	return out, nil
}

// lockedRecord is a row of the table records before it is opened.
type lockedRecord struct {
	record homeward.Record
	sealed []byte
	brief  bool // the row as received is not wanted
}

const recordColumns = `id, source, edition, line, state, reason, supersedes, received_at, compartment, sealed`

func scanRecord(r *sql.Rows) (l lockedRecord, err error) {
	var at int64
	x := &l.record
	err = r.Scan(&x.ID, &x.Source, &x.Edition, &x.Line, &x.State, &x.Reason, &x.Supersedes, &at, &x.Compartment, &l.sealed)
	x.ReceivedAt = fromMicros(at)
	return l, err
}

func (tx *Tx) records(where string, args ...any) ([]homeward.Record, error) {
	var locked []lockedRecord
	var ids []string
	err := tx.query("read records", `
		select `+recordColumns+`
		from records
		`+where, args, func(r *sql.Rows) error {
		l, err := scanRecord(r)
		locked, ids = append(locked, l), append(ids, string(l.record.ID))
		return err
	})
	if err != nil {
		return nil, err
	}
	keys, err := tx.db.objectKeys(tx.ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]homeward.Record, 0, len(locked))
	for _, l := range locked {
		key, ok := keys[string(l.record.ID)]
		if !ok {
			if key, ok = tx.made[string(l.record.ID)]; !ok {
				return nil, fmt.Errorf("read record %s: its key is gone: %w", l.record.ID, homeward.ErrNotFound)
			}
		}
		r, err := l.open(key)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// open decrypts the words of a record.
func (l lockedRecord) open(key seal.ObjectKey) (homeward.Record, error) {
	if !key.LiesIn(string(l.record.Compartment)) {
		return homeward.Record{}, fmt.Errorf("open record %s: it was moved to another compartment: %w", l.record.ID, homeward.ErrTampered)
	}
	plain, err := key.Open("records", "sealed", string(l.record.ID), l.sealed)
	if err != nil {
		return homeward.Record{}, fmt.Errorf("open record %s: %w", l.record.ID, err)
	}
	s, err := decodeRecord(plain, l.brief)
	if err != nil {
		return homeward.Record{}, fmt.Errorf("open record %s: %w", l.record.ID, err)
	}
	r := l.record
	r.SourceRow, r.AsOf, r.Row, r.Claims = s.sourceRow, s.asOf, s.row, s.claims
	return r, nil
}
