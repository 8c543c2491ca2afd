package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/tlog"
)

// Verified says what a verification looked at and what it found.
type Verified struct {
	Entries, Leaves, Hashes, Checkpoints, Records, Decisions int64
	Erased                                                   int64 // entries whose words were erased; their leaves are looked at as all others
	Root                                                     tlog.Hash
	Findings                                                 []ledger.Finding
}

// OK reports whether nothing was found.
func (v Verified) OK() bool { return len(v.Findings) == 0 }

// maxFindings bounds the list: after so many, what is wrong is the whole.
const maxFindings = 1000

// Verify recomputes everything from the stored payloads and trusts no column: each entry's payload is opened, its
// commitment and leaf recomputed and compared; the tree is built anew from the leaves and compared with every stored
// hash; each checkpoint's signature and root are checked; records, changes, decisions, sources, editions, models,
// figures, users, tracing requests, exhibits and their custody, and who may reach what, are compared with the entries that made them. What differs is named. It reads, and changes nothing.
func (db *DB) Verify(ctx context.Context, actor homeward.Actor, progress func(done, total int64)) (Verified, error) {
	if err := db.sequence(ctx); err != nil && !tampered(err) {
		return Verified{}, err
	}
	v := &verification{}
	err := db.View(ctx, actor, func(tx *Tx) error {
		if err := tx.audited("verify", "ledger", 0); err != nil {
			return err
		}
		tx.whole()
		*v = verification{tx: tx, progress: progress, bodies: map[string]map[string]string{}, erasedIn: map[string]string{}, saidWords: map[string]string{}}
		return v.run()
	})
	return v.Verified, err
}

// verification is one run of Verify.
type verification struct {
	Verified
	tx         *Tx
	progress   func(done, total int64)
	total      int64
	bodies     map[string]map[string]string // of entries to compare with projections, by object
	amendments []amendment
	hashes     []tlog.Hash // of the tree built anew

	doubtful  []doubt
	erasedIn  map[string]string // object -> the erasure that took it, and when
	saidWords map[string]string // digests of words that are erased with a child
	buried    map[string]bool
}

func (v *verification) run() error {
	for _, step := range []func() error{v.entries, v.settle, v.amended, v.orphans, v.tree, v.checkpoints, v.records, v.apart, v.decisions, v.opinions, v.batches, v.rest, v.people, v.tracing, v.exhibits, v.outside, v.erasures} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) found(place, id string, index int64, what string) {
	if len(v.Findings) < maxFindings {
		v.Findings = append(v.Findings, ledger.Finding{Place: place, ID: id, Index: index, What: what})
	}
}

// storedEntry is an entry beside its leaf as the tables hold them.
type storedEntry struct {
	index              int64
	leaf               []byte
	id, typ, obj, keyd string
	actor, role        string
	at                 int64
	sealed             []byte
}

// verifyBatch is how many entries are opened at a time.
const verifyBatch = 2000

// entries walks the log in order: entry, payload, commitment, leaf.
func (v *verification) entries() error {
	err := v.tx.row("count leaves", `select count(*) from leaves`, nil, &v.total)
	if err != nil {
		return err
	}
	for after := int64(-1); ; {
		batch, err := v.batch(after)
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := v.openBatch(batch); err != nil {
			return err
		}
		after = batch[len(batch)-1].index
		if v.progress != nil {
			v.progress(v.Leaves, v.total)
		}
	}
}

func (v *verification) batch(after int64) ([]storedEntry, error) {
	var out []storedEntry
	return out, v.tx.query("read log", `
		select l.idx, l.leaf, l.entry, coalesce(e.type, ''), coalesce(e.object, ''), coalesce(e.key, ''),
			coalesce(e.actor, ''), coalesce(e.role, ''), coalesce(e.at, 0), e.sealed
		from leaves l
		left join entries e on e.id = l.entry
		where l.idx > $1
		order by l.idx
		limit $2`, []any{after, verifyBatch}, func(r *sql.Rows) error {
		var e storedEntry
		err := r.Scan(&e.index, &e.leaf, &e.id, &e.typ, &e.obj, &e.keyd, &e.actor, &e.role, &e.at, &e.sealed)
		out = append(out, e)
		return err
	})
}

func (v *verification) openBatch(batch []storedEntry) error {
	ids := make([]string, 0, len(batch))
	for _, e := range batch {
		ids = append(ids, e.keyd)
	}
	for _, e := range batch {
		if e.index != v.Leaves {
			v.found("leaves", e.id, v.Leaves, "the log skips from one index to another")
		}
		v.addLeaf(e)
	}
	keys, err := v.tx.db.objectKeys(v.tx.ctx, ids)
	if err != nil {
		return v.openOneByOne(batch)
	}
	for _, e := range batch {
		key, ok := keys[e.keyd]
		v.entry(e, ok, func() (ledger.Payload, ledger.Salt, error) { return openEntry(key, e.id, e.sealed) })
	}
	return nil
}

// openOneByOne names the key that does not open.
func (v *verification) openOneByOne(batch []storedEntry) error {
	for _, e := range batch {
		key, err := v.tx.db.objectKey(v.tx.ctx, e.keyd)
		if err != nil && !missing(err) && !tampered(err) {
			return err
		}
		if tampered(err) {
			v.found("keys", e.keyd, e.index, "the wrapped key does not open")
			continue
		}
		v.entry(e, err == nil, func() (ledger.Payload, ledger.Salt, error) { return openEntry(key, e.id, e.sealed) })
	}
	return nil
}

// addLeaf appends the leaf as stored to the tree built anew.
func (v *verification) addLeaf(e storedEntry) {
	hashes, err := tlog.StoredHashesForRecordHash(v.Leaves, tlog.RecordHash(e.leaf), v)
	if err != nil {
		v.found("leaves", e.id, e.index, "the leaf cannot be appended")
	}
	v.hashes = append(v.hashes, hashes...)
	v.Leaves++
}

// ReadHashes makes the tree built anew its own reader.
func (v *verification) ReadHashes(positions []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(positions))
	for i, p := range positions {
		if p < 0 || p >= int64(len(v.hashes)) {
			return nil, fmt.Errorf("hash %d: %w", p, homeward.ErrNotFound)
		}
		out[i] = v.hashes[p]
	}
	return out, nil
}

// entry compares one entry's columns, payload, commitment and leaf.
func (v *verification) entry(e storedEntry, keyed bool, open func() (ledger.Payload, ledger.Salt, error)) {
	switch {
	case e.typ == "":
		v.found("entries", e.id, e.index, "the entry of this leaf is gone")
		return
	case !keyed:
		v.doubts(e, "the key that opens this entry is gone")
		return
	case len(e.sealed) == 0:
		v.doubts(e, "the payload of this entry is gone")
		return
	}
	v.Entries++
	p, salt, err := open()
	if err != nil {
		v.found("entries", e.id, e.index, "the payload does not open: its bytes were changed")
		return
	}
	if p.ID != e.id || p.Type != e.typ || p.Actor != e.actor || p.Role != e.role || p.Body["object"] != e.obj ||
		p.At.UnixMicro() != e.at {
		v.found("entries", e.id, e.index, "the columns differ from the payload")
	}
	commit, err := ledger.Commit(p, salt)
	if err != nil || !bytes.Equal(ledger.Leaf(commit, p.At), e.leaf) {
		v.found("leaves", e.id, e.index, "the leaf is not the commitment to the payload")
	}
	v.keep(e, p)
}

// keep remembers what the tables are compared with: what the entries about an object say, taken together.
func (v *verification) keep(e storedEntry, p ledger.Payload) {
	switch e.typ {
	case entryRecord:
		p.Body["at"] = fmt.Sprint(e.at)
		v.bodies[entryRecord+e.obj] = digestBody(p.Body)
	case entryDecision, entryRevocation, entrySource, entryEdition, entryModel, entryFigure, entryGazetteer, entryUser:
		v.bodies[e.typ+e.obj] = p.Body
		p.Body["at"], p.Body["actor"], p.Body["role of actor"] = fmt.Sprint(e.at), e.actor, e.role
		for _, id := range opinionsOf(p.Body["opinions"]) {
			v.opinionEnded(string(id), e.at, e.obj)
		}
	case entryOpinion:
		p.Body["at"], p.Body["by"], p.Body["as"] = fmt.Sprint(e.at), e.actor, e.role
		v.bodies[entryOpinion+e.obj] = p.Body
	case entryWithdrawn:
		v.opinionEnded(e.obj, e.at, "")
	case entryRemoved:
		v.bodies[entryRemoved+p.Body["edition"]+"/"+e.obj] = map[string]string{"at": fmt.Sprint(e.at)}
	case entryMapping:
		v.amend(entrySource+e.obj, func(said map[string]string) {
			maps.DeleteFunc(said, func(path, _ string) bool { return strings.HasPrefix(path, mappingPath) })
			maps.Copy(said, p.Body)
		})
	case entryMoved:
		for _, of := range []string{entrySource, entryExhibit} {
			v.amend(of+e.obj, func(said map[string]string) { movedBody(said, of, p.Body["to"]) })
		}
	case entryComplete:
		v.amend(entryEdition+e.obj, func(said map[string]string) {
			maps.Copy(said, p.Body)
			said["state"] = string(homeward.EditionComplete)
		})
	case entryRole, entryPassword:
		v.amend(entryUser+e.obj, func(said map[string]string) { maps.Copy(said, p.Body) })
	case entryDisabled:
		v.amend(entryUser+e.obj, func(said map[string]string) { said["state"] = "disabled" })
	case entryEnabled:
		v.amend(entryUser+e.obj, func(said map[string]string) { delete(said, "state") })
	default:
		v.keepPeople(e, p)
		v.keepBatches(e, p)
		v.keepOutside(e, p)
	}
}

// amendment changes what was said of an object by an entry of its own.
type amendment struct {
	of     string
	change func(said map[string]string)
}

// amend keeps a change until every entry is read: those of one transaction stand in the log in no order.
func (v *verification) amend(of string, change func(said map[string]string)) {
	v.amendments = append(v.amendments, amendment{of, change})
}

// amended applies what was kept. Nothing was said when an entry is gone, which is named elsewhere.
func (v *verification) amended() error {
	for _, a := range v.amendments {
		if said, there := v.bodies[a.of]; there {
			a.change(said)
		}
	}
	return nil
}

// orphans finds entries that no leaf commits to.
func (v *verification) orphans() error {
	return v.tx.query("read entries without leaf", `
		select e.id
		from entries e
		left join leaves l on l.entry = e.id
		left join pending p on p.entry = e.id
		where l.entry is null and p.entry is null
		order by e.id
		limit 1000`, nil, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		v.found("entries", id, -1, "no leaf commits to this entry")
		return err
	})
}

// tree compares every stored hash with the tree built anew.
func (v *verification) tree() error {
	next := int64(0)
	err := v.tx.query("read hashes", `
		select pos, hash
		from hashes
		order by pos`, nil, func(r *sql.Rows) error {
		var pos int64
		var hash sql.RawBytes
		if err := r.Scan(&pos, &hash); err != nil {
			return err
		}
		for ; next < pos && next < int64(len(v.hashes)); next++ {
			v.found("hashes", "", next, "the stored hash is gone")
		}
		if pos >= int64(len(v.hashes)) || pos < 0 {
			v.found("hashes", "", pos, "a hash is stored beyond the end of the log")
		} else if !bytes.Equal(hash, v.hashes[pos][:]) {
			v.found("hashes", "", pos, "the stored hash differs from the one recomputed")
		}
		v.Hashes++
		next = pos + 1
		return nil
	})
	for ; err == nil && next < int64(len(v.hashes)); next++ {
		v.found("hashes", "", next, "the stored hash is gone")
	}
	if err == nil && v.Leaves > 0 {
		v.Root, err = tlog.TreeHash(v.Leaves, v)
	}
	return err
}

// checkpoints opens every signed note and recomputes its root.
func (v *verification) checkpoints() error {
	keys := v.logKeys()
	return v.tx.query("read checkpoints", `
		select size, note
		from checkpoints
		order by size`, nil, func(r *sql.Rows) error {
		var size int64
		var text []byte
		if err := r.Scan(&size, &text); err != nil {
			return err
		}
		v.Checkpoints++
		cp, err := keys.Open(text)
		if err != nil {
			v.found("checkpoints", "", size, "the signature does not verify")
			return nil
		}
		if cp.Size != size || cp.Origin != v.tx.db.origin {
			v.found("checkpoints", "", size, "the columns differ from the signed note")
			return nil
		}
		if cp.Size > v.Leaves {
			v.found("checkpoints", "", size, "it signs more leaves than the log has: the end of the log was cut off")
			return nil
		}
		if root, err := tlog.TreeHash(cp.Size, v); err != nil || root != cp.Root {
			v.found("checkpoints", "", size, "its root is not that of the log")
		}
		return nil
	})
}

// same reports whether two bodies say the same.
func same(a, b map[string]string) bool { return maps.Equal(a, b) }
