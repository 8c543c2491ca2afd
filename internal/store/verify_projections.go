package store

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// The tables that hold what entries said, compared with what the entries said.

func tampered(err error) bool { return errors.Is(err, homeward.ErrTampered) }
func missing(err error) bool  { return errors.Is(err, homeward.ErrNotFound) }

// digestBody keeps only a digest of a record's body: a register of a million records has to be verified in little
// memory.
func digestBody(body map[string]string) map[string]string {
	h := sha256.New()
	for _, path := range slices.Sorted(maps.Keys(body)) {
		fmt.Fprintf(h, "%d:%s%d:%s", len(path), path, len(body[path]), body[path])
	}
	return map[string]string{"": string(h.Sum(nil))}
}

// records compares every record with the entry that brought it.
func (v *verification) records() error {
	after := homeward.RecordID("")
	for {
		locked, err := v.recordBatch(after)
		if err != nil || len(locked) == 0 {
			return errors.Join(err, v.unclaimed(entryRecord, "records"))
		}
		first := locked[0].record.ID
		after = locked[len(locked)-1].record.ID
		kinds, err := v.kinds(first, after)
		if err != nil {
			return err
		}
		if err := v.openRecords(locked, kinds); err != nil {
			return err
		}
	}
}

// openRecords compares a run of records. Their keys are read together; only when one does not open, one by one.
func (v *verification) openRecords(locked []lockedRecord, kinds map[homeward.RecordID]homeward.ChangeKind) error {
	ids := make([]string, len(locked))
	for i, l := range locked {
		ids[i] = string(l.record.ID)
	}
	keys, err := v.tx.db.objectKeys(v.tx.ctx, ids)
	whole := err == nil
	for _, l := range locked {
		key, there := keys[string(l.record.ID)]
		if !whole {
			key, err = v.tx.db.objectKey(v.tx.ctx, string(l.record.ID))
			if err != nil && !missing(err) && !tampered(err) {
				return err
			}
			there = err == nil
		}
		if !there {
			v.lost(string(l.record.ID), err)
			continue
		}
		v.record(l, key, kinds[l.record.ID])
	}
	return nil
}

// apart finds records that lie in another compartment than their source.
func (v *verification) apart() error {
	return v.tx.query("read records apart from their source", `
		select r.id
		from records r
		join sources s on s.id = r.source
		where r.compartment <> s.compartment
		order by r.id
		limit 1000`, nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		v.found("records", id, -1, "the record lies in another compartment than its source")
		return err
	})
}

// lost names a key that is gone or does not open.
func (v *verification) lost(id string, err error) {
	if !tampered(err) && v.gone(id) {
		return
	}
	if tampered(err) {
		v.found("keys", id, -1, "the wrapped key does not open")
		return
	}
	v.found("keys", id, -1, "the key that opens this is gone")
}

// kinds returns what brought each record of a span: a row added, or a row changed.
func (v *verification) kinds(first, last homeward.RecordID) (map[homeward.RecordID]homeward.ChangeKind, error) {
	out := map[homeward.RecordID]homeward.ChangeKind{}
	return out, v.tx.query("read changes", `
		select c.record, c.kind
		from changes c
		join records r on r.id = c.record and r.edition = c.edition and r.supersedes = c.previous and r.received_at = c.at
		where c.record >= $1 and c.record <= $2 and c.kind <> 'removed'`, []any{first, last}, func(r *sql.Rows) error {
		var id homeward.RecordID
		var kind homeward.ChangeKind
		err := r.Scan(&id, &kind)
		out[id] = kind
		return err
	})
}

func (v *verification) recordBatch(after homeward.RecordID) ([]lockedRecord, error) {
	var out []lockedRecord
	return out, v.tx.query("read records", `
		select `+recordColumns+`
		from records
		where id > $1
		order by id
		limit $2`, []any{after, verifyBatch}, func(r *sql.Rows) error {
		l, err := scanRecord(r)
		out = append(out, l)
		return err
	})
}

func (v *verification) record(l lockedRecord, key seal.ObjectKey, kind homeward.ChangeKind) {
	v.Records++
	id := string(l.record.ID)
	said, there := v.bodies[entryRecord+id]
	delete(v.bodies, entryRecord+id)
	r, err := l.open(key)
	if err != nil {
		v.found("records", id, -1, "the words do not open: their bytes were changed")
		return
	}
	body := recordBody(r)
	body["object"], body["record/change"], body["at"] = id, string(kind), fmt.Sprint(micros(r.ReceivedAt))
	if !there || !same(said, digestBody(body)) {
		v.found("records", id, -1, "the record, or the change that brought it, differs from the entry that tells of it")
	}
}

// unclaimed names entries whose row is gone.
func (v *verification) unclaimed(typ, table string) error {
	for _, k := range slices.Sorted(maps.Keys(v.bodies)) {
		if len(k) > len(typ) && k[:len(typ)] == typ {
			v.found(table, k[len(typ):], -1, "the row that an entry tells of is gone")
		}
	}
	return nil
}

// decisions compares every decision with the entries that took and revoked it.
func (v *verification) decisions() error {
	facts, err := v.tx.DecisionFacts()
	if err != nil {
		return err
	}
	for _, f := range facts {
		v.Decisions++
		if err := v.decision(f); err != nil {
			return err
		}
	}
	return errors.Join(v.unclaimed(entryDecision, "decisions"), v.unclaimed(entryRevocation, "decisions"))
}

func (v *verification) decision(f homeward.Decision) error {
	id := string(f.ID)
	taken, revoked := v.bodies[entryDecision+id], v.bodies[entryRevocation+id]
	delete(v.bodies, entryDecision+id)
	delete(v.bodies, entryRevocation+id)
	d, err := v.tx.Decision(f.ID)
	switch {
	case missing(err):
		return nil // named with its entry
	case tampered(err):
		v.found("decisions", id, -1, "the reason does not open: its bytes were changed")
		return nil
	case err != nil:
		return err
	}
	want := decisionBody(d)
	want["object"] = id
	want["at"], want["actor"], want["role of actor"] = fmt.Sprint(micros(d.At)), string(d.By.ID), string(d.By.Role)
	left, right, _ := d.Pair.Records()
	if !same(taken, want) || d.Left != left || d.Right != right {
		v.found("decisions", id, -1, "the decision differs from the entry that took it")
	}
	if d.RevokedAt.IsZero() {
		if revoked != nil {
			v.found("decisions", id, -1, "the entry that revoked it is there, its mark is gone")
		}
		return nil
	}
	want = map[string]string{
		"decision": id, "reason": d.RevokeReason, "object": id,
		"at": fmt.Sprint(micros(d.RevokedAt)), "actor": string(d.RevokedBy.ID), "role of actor": string(d.RevokedBy.Role),
	}
	if !same(revoked, want) {
		v.found("decisions", id, -1, "the revocation differs from the entry that made it")
	}
	return nil
}

// opinionEnded says of an opinion that it ended, and in favour of which decision; of none when its author took it back.
func (v *verification) opinionEnded(id string, at int64, decision string) {
	v.amend(entryOpinion+id, func(said map[string]string) { said["ended_at"], said["led to"] = fmt.Sprint(at), decision })
}

// opinions compares every opinion with the entry that gave it and the one that ended it.
func (v *verification) opinions() error { return v.rows("opinions", entryOpinion, v.opinionRow) }

func (v *verification) opinionRow(id string) (map[string]string, error) {
	list, err := v.tx.opinions(true, "where id = $1", id)
	if err != nil {
		return nil, err
	}
	o := list[0]
	body := opinionBody(o)
	body["at"], body["by"], body["as"] = fmt.Sprint(micros(o.At)), string(o.By.ID), string(o.By.Role)
	if left, right, _ := o.Pair.Records(); left != o.Left || right != o.Right {
		body["records"] = "others than the pair's"
	}
	if !o.EndedAt.IsZero() || o.Decision != "" {
		body["ended_at"], body["led to"] = fmt.Sprint(micros(o.EndedAt)), string(o.Decision)
	}
	return body, nil
}
