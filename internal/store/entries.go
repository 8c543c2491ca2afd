package store

import (
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/seal"
	"github.com/homeward-registry/homeward/ledger"
)

// The types of entries. They are part of the ledger's payload and never change their meaning.
const (
	entrySource     = "source"
	entryMapping    = "mapping"
	entryEdition    = "edition"
	entryComplete   = "edition-complete"
	entryRecord     = "record"
	entryRemoved    = "removed"
	entryModel      = "model"
	entryProposals  = "proposals"
	entryDecision   = "decision"
	entryRevocation = "revocation"
	entryOpinion    = "opinion"
	entryWithdrawn  = "opinion-withdrawn"
	entryFigure     = "figure"
	entryGazetteer  = "gazetteer"
	entryUser       = "user"
	entryRole       = "role"
	entryPassword   = "password"
	entryDisabled   = "disabled"
	entryEnabled    = "enabled"
	entryInvited    = "invitation"
	entryJoined     = "invitation-used"

	entryCompartment = "compartment"
	entryMember      = "member"
	entryAssigned    = "assignment"
	entryUnassigned  = "assignment-ended"
	entryReferral    = "referral"
	entryReferred    = "referral-state"
	entryGlass       = "glass"
	entryFinding     = "glass-finding"
	entrySearch      = "saved-search"
	entrySearchGone  = "saved-search-dropped"

	entryGrant   = "grant"
	entryGranted = "grant-state"
	entryMoved   = "moved"

	entryRequest = "tracing-request"
	entryMove    = "request-move"
	entryConsent = "consent"
	entrySought  = "sought-child"
	entryBID     = "determination"

	entryExhibit  = "exhibit"
	entryCustody  = "custody"
	entryCitation = "citation"

	entryAssessment = "legal-assessment"

	entryCaptureKey = "capture-key"

	entryTrust       = "trust"
	entryPublication = "publication"
	entryPadding     = "padding"
	entryCosignature = "cosignature"
	entryStamp       = "time-stamp"
	entrySuccession  = "key-succession"
	entryAlarm       = "alarm"
	entryAlarmClosed = "alarm-closed"

	entryExport = bundle.EntryType
)

// Entry is one act in the log: its place, who did what to which object, when. Its payload is sealed.
type Entry struct {
	Index  int64
	ID     homeward.EntryID
	Type   string
	Object string
	Actor  homeward.Actor
	At     time.Time
}

// draft is an entry before it is sealed.
type draft struct {
	typ    string
	object string         // the id of what it is about
	keyID  string         // id of the key that seals it
	key    seal.ObjectKey // that key
	body   map[string]string
	source map[string]string // what the entry says of its own making
}

// sealedEntry is an entry ready to be written: made by pure functions, so that many can be made at once.
type sealedEntry struct {
	row  []any // of entries
	leaf []any // of pending
}

// seal makes the payload, its salt, commitment and leaf, and seals payload and salt.
func (d draft) seal(actor homeward.Actor, now time.Time) (sealedEntry, error) {
	id := homeward.NewID(now)
	d.body["object"] = d.object
	p := ledger.Payload{ID: id, Type: d.typ, Actor: string(actor.ID), Role: string(actor.Role), At: now, Body: d.body, Source: d.source}
	salt := ledger.NewSalt()
	text, commit, err := ledger.Bind(p, salt)
	if err != nil {
		return sealedEntry{}, fmt.Errorf("entry %s of %s: %w", d.typ, d.object, err)
	}
	sealed, err := d.key.Seal("entries", "sealed", id, append(salt[:], text...))
	if err != nil {
		return sealedEntry{}, fmt.Errorf("entry %s of %s: %w", d.typ, d.object, err)
	}
	return sealedEntry{
		row:  []any{id, d.typ, d.object, d.keyID, string(actor.ID), string(actor.Role), micros(now), sealed},
		leaf: []any{id, ledger.Leaf(commit, now)},
	}, nil
}

// put writes one entry.
func (tx *Tx) put(d draft) error {
	d.source = tx.db.timed(tx.Now)
	e, err := d.seal(tx.Actor, tx.Now)
	if err != nil {
		return err
	}
	return tx.putSealed([]sealedEntry{e})
}

// putSealed writes entries with their pending leaves.
func (tx *Tx) putSealed(entries []sealedEntry) error {
	rows, leaves := make([][]any, len(entries)), make([][]any, len(entries))
	for i, e := range entries {
		rows[i], leaves[i] = e.row, e.leaf
	}
	if err := tx.insert(`insert into entries (id, type, object, key, actor, role, at, sealed)`, rows, ""); err != nil {
		return err
	}
	return tx.insert(`insert into pending (entry, leaf)`, leaves, "")
}

// EntriesAfter returns sequenced entries with an index above the given one, in order, of the given types (all when
// none is given).
func (tx *Tx) EntriesAfter(index int64, limit int, types ...string) ([]Entry, error) {
	only := ""
	if len(types) > 0 {
		only = "and e.type in (" + placeholders(3, len(types)) + ")"
	}
	var out []Entry
	return out, tx.query("read entries", `
		select l.idx, e.id, e.type, e.object, e.actor, e.role, e.at
		from leaves l
		join entries e on e.id = l.entry
		where l.idx > $1 `+only+`
		order by l.idx
		limit $2`, append([]any{index, limit}, anys(types)...), func(r *sql.Rows) error {
		var e Entry
		var at int64
		err := r.Scan(&e.Index, &e.ID, &e.Type, &e.Object, &e.Actor.ID, &e.Actor.Role, &at)
		e.At = fromMicros(at)
		out = append(out, e)
		return err
	})
}

// TreeSize returns how many leaves the log has.
func (tx *Tx) TreeSize() (n int64, err error) {
	return n, tx.row("read tree size", `
		select coalesce(max(idx) + 1, 0)
		from leaves`, nil, &n)
}

// Cursor returns the index of the last entry the stage has seen; -1 when it has seen none.
func (tx *Tx) Cursor(stage string) (int64, error) {
	position := int64(-1)
	err := tx.query("read cursor "+stage, `
		select position
		from cursors
		where stage = $1`, []any{stage}, func(r *sql.Rows) error { return r.Scan(&position) })
	return position, err
}

// MoveCursor says that the stage has seen every entry up to the index.
func (tx *Tx) MoveCursor(stage string, index int64) error {
	return tx.exec("move cursor "+stage, `
		insert into cursors (stage, position)
		values ($1, $2)
		on conflict (stage) do update set position = excluded.position`, stage, index)
}

// openEntry decrypts the payload of an entry and returns it with its salt.
func openEntry(key seal.ObjectKey, id string, sealed []byte) (ledger.Payload, ledger.Salt, error) {
	var salt ledger.Salt
	plain, err := key.Open("entries", "sealed", id, sealed)
	if err != nil {
		return ledger.Payload{}, salt, err
	}
	if len(plain) < len(salt) {
		return ledger.Payload{}, salt, fmt.Errorf("payload shorter than its salt: %w", homeward.ErrTampered)
	}
	copy(salt[:], plain)
	p, err := ledger.ParsePayload(plain[len(salt):])
	return p, salt, err
}

// fields joins the parts of a value that has several. The separator is the ASCII unit separator; a part that contains
// it has it doubled, so that different parts never join to the same text.
func fields(parts ...string) string {
	for i, p := range parts {
		if strings.ContainsRune(p, '\x1f') {
			parts[i] = strings.ReplaceAll(p, "\x1f", "\x1f\x1f")
		}
	}
	return strings.Join(parts, "\x1f|")
}

// Payload opens the payload of an entry, with the salt that hides it. It is what a proof is made of: who reads it is in
// the audit. ErrDenied for who does not reach everything.
func (tx *Tx) Payload(id homeward.EntryID) (ledger.Payload, ledger.Salt, error) {
	if tx.Actor != homeward.Operator && tx.Actor != homeward.System {
		return ledger.Payload{}, ledger.Salt{}, fmt.Errorf("read payload of entry %s: %w", id, homeward.ErrDenied)
	}
	if err := tx.audited("read", string(id), 1); err != nil {
		return ledger.Payload{}, ledger.Salt{}, err
	}
	var keyID string
	var sealed []byte
	err := tx.row("read entry "+string(id), `
		select key, sealed
		from entries
		where id = $1`, []any{id}, &keyID, &sealed)
	if err != nil {
		return ledger.Payload{}, ledger.Salt{}, err
	}
	key, err := tx.key(keyID)
	if err != nil {
		return ledger.Payload{}, ledger.Salt{}, err
	}
	return openEntry(key, string(id), sealed)
}
