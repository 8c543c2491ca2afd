package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// What a mark is: homeward.Mark. Laying one is in retract.go and holds.go; here is how marks are kept and what heeds them.
// A mark is an entry about the record, sealed with the record's own key: stages that follow the log see which record it
// touched, and erasing the record takes the words about it along.

const (
	entryMark   = "mark"
	entryLifted = "mark-lifted"
)

// markWords is what a mark's sealed columns hold.
type markWords struct{ Words string }

// putMark writes one mark upon one record.
func (tx *Tx) putMark(m homeward.Mark) (homeward.Mark, error) {
	m.ID, m.By, m.At = homeward.MarkID(homeward.NewID(tx.Now)), tx.Actor.ID, tx.Now
	key, err := tx.key(string(m.Record))
	if err != nil {
		return m, err
	}
	sealed, err := sealJSON(key, "marks", string(m.ID), markWords{m.Reason})
	if err != nil {
		return m, err
	}
	err = tx.exec("put mark", `
		insert into marks (id, record, kind, claim, ground, actor, at, lifted_by, lifted_at, sealed, lifting)
		values ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, $9)`,
		m.ID, m.Record, m.Kind, m.Claim, m.Ground, m.By, micros(m.At), sealed, []byte{})
	if err != nil {
		return m, err
	}
	return m, tx.put(draft{typ: entryMark, object: string(m.Record), keyID: string(m.Record), key: key, body: markBody(m)})
}

func markBody(m homeward.Mark) map[string]string {
	return map[string]string{
		"mark": string(m.ID), "kind": string(m.Kind), "claim": fmt.Sprint(m.Claim), "ground": string(m.Ground), "reason": m.Reason,
	}
}

// LiftMark ends a mark, with the reason. ErrDenied for one's own and for who may not; ErrNotFound when there is none that the
// actor reaches; ErrConflict when it is lifted already.
func (tx *Tx) LiftMark(id homeward.MarkID, reason string) (homeward.Mark, error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return homeward.Mark{}, fmt.Errorf("lift mark %s: no reason: %w", id, homeward.ErrInvalid)
	}
	m, err := tx.Mark(id)
	if err != nil {
		return m, err
	}
	in, err := tx.placeOf(m.Record)
	if err != nil {
		return m, err
	}
	if err := tx.must(homeward.ActionLift, homeward.Resource{Compartment: in, Record: m.Record, By: m.By}); err != nil {
		return m, err
	}
	if !m.Stands() {
		return m, fmt.Errorf("lift mark %s: it is lifted already: %w", id, homeward.ErrConflict)
	}
	m.LiftedBy, m.LiftedAt, m.Lifting = tx.Actor.ID, tx.Now, reason
	key, err := tx.key(string(m.Record))
	if err != nil {
		return m, err
	}
	sealed, err := sealJSON(key, "marks", string(id)+"/lifting", markWords{reason})
	if err != nil {
		return m, err
	}
	err = tx.exec("lift mark", `
		update marks
		set lifted_by = $2, lifted_at = $3, lifting = $4
		where id = $1`, id, m.LiftedBy, micros(m.LiftedAt), sealed)
	if err != nil {
		return m, err
	}
	body := map[string]string{"mark": string(id), "reason": reason}
	return m, tx.put(draft{typ: entryLifted, object: string(m.Record), keyID: string(m.Record), key: key, body: body})
}

// Mark returns a mark upon a record that the actor reaches, or ErrNotFound.
func (tx *Tx) Mark(id homeward.MarkID) (homeward.Mark, error) {
	list, err := tx.marks("where id = $1", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read mark %s: %w", id, homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Mark{}, err
	}
	return list[0], nil
}

// MarksOf returns the marks upon a record, lifted ones too, oldest first.
func (tx *Tx) MarksOf(record homeward.RecordID) ([]homeward.Mark, error) {
	return tx.marks("where record = $1 order by at, id", record)
}

// MarkPage selects standing marks.
type MarkPage struct {
	Kind   homeward.MarkKind // any when empty
	Before homeward.MarkID   // only older ones
	Limit  int
}

// StandingMarks returns marks that are not lifted, newest first.
func (tx *Tx) StandingMarks(p MarkPage) ([]homeward.Mark, error) {
	return tx.marks(`
		where lifted_at = 0 and ($1 = '' or kind = $1) and ($2 = '' or id < $2)
		order by id desc
		limit $3`, string(p.Kind), string(p.Before), p.Limit)
}

// lockedMark is a row of marks before its words are opened.
type lockedMark struct {
	mark           homeward.Mark
	reason, lifted []byte
}

func (tx *Tx) marks(where string, args ...any) ([]homeward.Mark, error) {
	locked, err := tx.lockedMarks(where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]homeward.Mark, len(locked))
	for i, l := range locked {
		if out[i], err = tx.openMark(l); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// standingOn returns the standing marks on some records without their words, oldest first; all there are when none is named.
func (tx *Tx) standingOn(records []homeward.RecordID) (map[homeward.RecordID][]homeward.Mark, error) {
	out := map[homeward.RecordID][]homeward.Mark{}
	add := func(where string, args ...any) error {
		locked, err := tx.lockedMarks("where lifted_at = 0 "+where+" order by at, id", args...)
		for _, l := range locked {
			out[l.mark.Record] = append(out[l.mark.Record], l.mark)
		}
		return err
	}
	if records == nil {
		return out, add("")
	}
	for chunk := range chunks(records, 400) {
		if err := add("and record in ("+placeholders(1, len(chunk))+")", anys(chunk)...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) lockedMarks(where string, args ...any) ([]lockedMark, error) {
	var out []lockedMark
	return out, tx.query("read marks", `
		select id, record, kind, claim, ground, actor, at, lifted_by, lifted_at, sealed, lifting
		from marks
		`+where, args, func(r *sql.Rows) error {
		var l lockedMark
		var at, lifted int64
		m := &l.mark
		err := r.Scan(&m.ID, &m.Record, &m.Kind, &m.Claim, &m.Ground, &m.By, &at, &m.LiftedBy, &lifted, &l.reason, &l.lifted)
		if m.At = fromMicros(at); lifted != 0 {
			m.LiftedAt = fromMicros(lifted)
		}
		out = append(out, l)
		return err
	})
}

func (tx *Tx) openMark(l lockedMark) (m homeward.Mark, err error) {
	m = l.mark
	key, err := tx.key(string(m.Record))
	if err != nil {
		return m, err
	}
	var w markWords
	if err := openJSON(key, "marks", string(m.ID), l.reason, &w); err != nil {
		return m, err
	}
	m.Reason = w.Words
	if m.Stands() {
		return m, nil
	}
	w = markWords{}
	err = openJSON(key, "marks", string(m.ID)+"/lifting", l.lifted, &w)
	m.Lifting = w.Words
	return m, err
}

// MarkTurn returns a number that changes whenever a mark is laid or lifted, and when something is erased: whoever keeps something made of records that have
// not changed asks whether marks have.
func (tx *Tx) MarkTurn() (n int64, err error) {
	return n, tx.row("count marks", `
		select count(*) + coalesce(sum(case when lifted_at = 0 then 0 else 1 end), 0) + 3 * (select count(*) from erased)
		from marks`, nil, &n)
}

// rowOf returns every version of the row of a record: what its source says in one place, edition after edition.
func (tx *Tx) rowOf(record homeward.RecordID) ([]homeward.RecordID, error) {
	out, at := []homeward.RecordID{record}, record
	for {
		err := tx.row("read what record "+string(at)+" supersedes", `
			select supersedes
			from records
			where id = $1`, []any{at}, &at)
		if err != nil {
			return nil, err
		}
		if at == "" || slices.Contains(out, at) {
			break
		}
		out = append(out, at)
	}
	for next := 0; next < len(out); next++ {
		err := tx.query("read versions of "+string(record), `
			select id
			from records
			where supersedes = $1 and supersedes <> ''`, []any{out[next]}, func(r *sql.Rows) error {
			var id homeward.RecordID
			if err := r.Scan(&id); err != nil || slices.Contains(out, id) {
				return err
			}
			out = append(out, id)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(out)
	return out, nil
}

// Retracted is a span of known time in which a record was taken back; a zero Until means that it still is.
type Retracted struct{ From, Until time.Time }

// retractions returns when records were taken back, whole.
func (tx *Tx) retractions() (map[homeward.RecordID][]Retracted, error) {
	out := map[homeward.RecordID][]Retracted{}
	locked, err := tx.lockedMarks("where kind = 'retraction' and claim = -1 order by at, id")
	for _, l := range locked {
		out[l.mark.Record] = append(out[l.mark.Record], Retracted{l.mark.At, l.mark.LiftedAt})
	}
	return out, err
}

// StateAt returns the state of the record as it was known at a time. A restriction holds for every time: what may not be
// processed is not counted for the past either.
func (f RecordFact) StateAt(known time.Time) homeward.RecordState {
	if len(f.Retracted) == 0 || f.State == homeward.RecordRestricted {
		return f.State
	}
	for _, s := range f.Retracted {
		if !known.Before(s.From) && (s.Until.IsZero() || known.Before(s.Until)) {
			return homeward.RecordRetracted
		}
	}
	return homeward.RecordAccepted
}

// heed gives facts the states that their marks leave them in.
func (tx *Tx) heed(facts []RecordFact) error {
	standing, err := tx.standingOn(nil)
	if err != nil {
		return err
	}
	taken, err := tx.retractions()
	if err != nil || len(standing)+len(taken) == 0 {
		return err
	}
	for i, f := range facts {
		if f.State == homeward.RecordAccepted {
			facts[i].Retracted = taken[f.ID]
		}
		if marks := standing[f.ID]; marks != nil {
			facts[i].State = homeward.Record{ID: f.ID, State: f.State}.Marked(marks).State
		}
	}
	return nil
}

// inherit lays the restrictions and holds of a row upon a new version of it: they are about the child, not about one edition.
// A retraction is about what was said before.
func (tx *Tx) inherit(sealed []readyRecord) error {
	from := map[homeward.RecordID]homeward.RecordID{}
	for _, r := range sealed {
		if r.supersedes != "" {
			from[r.supersedes] = homeward.RecordID(r.id)
		}
	}
	if len(from) == 0 {
		return nil
	}
	all := tx.behindFence() // an import carries on what the one who imports may not see
	standing, err := all.standingOn(slices.Sorted(maps.Keys(from)))
	if err != nil {
		return err
	}
	for _, older := range slices.Sorted(maps.Keys(standing)) {
		for _, m := range standing[older] {
			if m.Kind == homeward.Retraction {
				continue
			}
			whole, err := all.Mark(m.ID)
			if err != nil {
				return err
			}
			whole.Record = from[older]
			if _, err := tx.putMark(whole); err != nil {
				return err
			}
		}
	}
	return nil
}

// behindFence returns the transaction as one that reads everything.
func (tx *Tx) behindFence() *Tx {
	all := *tx
	all.whole()
	return &all
}

// expected is a mark that nothing forbids.
func expected(m homeward.Mark) error {
	if strings.TrimSpace(m.Reason) == "" || !slices.Contains(m.Kind.Grounds(), cmp.Or(m.Ground, "-")) {
		return fmt.Errorf("mark record %s: no reason, or no ground of this kind: %w", m.Record, homeward.ErrInvalid)
	}
	return nil
}

// MarkedAfter returns the records that marks were laid upon or lifted from, and what was erased, after a place in the log.
func (tx *Tx) MarkedAfter(index int64) ([]homeward.RecordID, error) {
	seen := map[homeward.RecordID]bool{}
	const page = 10_000
	for {
		list, err := tx.EntriesAfter(index, page, entryMark, entryLifted, entryErased)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			index = e.Index
			seen[homeward.RecordID(e.Object)] = true
		}
		if len(list) < page {
			return slices.Sorted(maps.Keys(seen)), nil
		}
	}
}

// Unrestricted returns those of some records that are there and whose processing is not restricted, as their marks leave them. Each read
// is audited.
func (tx *Tx) Unrestricted(ids []homeward.RecordID) ([]homeward.Record, error) {
	facts, err := tx.RecordFactsOf(ids)
	if err != nil {
		return nil, err
	}
	var free []homeward.RecordID
	for _, f := range facts {
		if f.State != homeward.RecordRestricted {
			free = append(free, f.ID)
		}
	}
	return tx.RecordsByID(free)
}

// CompartmentOf returns the compartment of a record that the actor reaches, or ErrNotFound.
func (tx *Tx) CompartmentOf(record homeward.RecordID) (homeward.CompartmentID, error) {
	return tx.placeOf(record)
}
