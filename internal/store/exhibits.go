package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/seal"
)

// sealedExhibit is what an exhibit's sealed column holds.
type sealedExhibit struct {
	SHA256, SHA512, MediaType string
	Intake                    homeward.Intake
}

// PutExhibit makes an exhibit of a file that was received, and writes the first lines of its custody: that it was collected,
// when that is known, and that it was received, for the purpose and on the authority of the line. A derivative lies where
// its parent does, for whom the parent is, and the parent's custody says that it was copied.
func (tx *Tx) PutExhibit(e homeward.Exhibit, r Received, line homeward.Custody) (homeward.Exhibit, error) {
	e.ID = homeward.ExhibitID(homeward.NewID(tx.Now))
	e.Blob, e.SHA256, e.SHA512, e.Size, e.MediaType = r.blob, r.sha256, r.sha512, r.size, r.mediaType
	e.Compartment, e.Class = cmp.Or(e.Compartment, homeward.Main), cmp.Or(e.Class, homeward.ClassEvidence)
	e.By, e.At = tx.Actor.ID, tx.Now
	if err := tx.mayPutExhibit(&e, r); err != nil {
		return e, fmt.Errorf("put exhibit: %w", err)
	}
	if err := tx.keepKey(string(e.ID), e.Compartment, r.key); err != nil {
		return e, err
	}
	sealed, err := sealJSON(r.key, "exhibits", string(e.ID), sealedExhibit{e.SHA256, e.SHA512, e.MediaType, e.Intake})
	if err != nil {
		return e, err
	}
	err = tx.exec("put exhibit", `
		insert into exhibits (id, compartment, class, kind, parent, request, record, blob, size, actor, at, sealed)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, e.Compartment, e.Class, e.Kind, e.Parent, e.Request, e.Record, e.Blob, e.Size, e.By, micros(e.At), sealed)
	if err != nil {
		return e, err
	}
	if err := tx.put(draft{typ: entryExhibit, object: string(e.ID), keyID: string(e.ID), key: r.key, body: exhibitBody(e)}); err != nil {
		return e, err
	}
	return e, tx.firstLines(e, line)
}

func (tx *Tx) firstLines(e homeward.Exhibit, line homeward.Custody) error {
	if e.Parent != "" {
		copied := homeward.Custody{Act: homeward.CustodyCopied, Person: e.Intake.Collector, Purpose: string(e.Kind) + " " + string(e.ID)}
		if _, err := tx.PutCustody(e.Parent, copied); err != nil {
			return err
		}
	} else if told := e.Intake; told.Collector != "" || !told.Collected.IsZero() || told.When != "" {
		collected := homeward.Custody{Act: homeward.CustodyCollected, Person: told.Collector}
		if _, err := tx.putLine(e, 0, collected); err != nil {
			return err
		}
		line.Turn++
	}
	line.Act, line.After = homeward.CustodyReceived, e.SHA256
	_, err := tx.putLine(e, line.Turn, line)
	return err
}

// keepKey writes the key of a file that was received for the exhibit it became.
func (tx *Tx) keepKey(object string, in homeward.CompartmentID, key seal.ObjectKey) error {
	room, err := tx.db.room(tx.ctx, in)
	if err != nil {
		return err
	}
	wrapped, err := room.Wrap(object, key)
	if err != nil {
		return err
	}
	tx.made[object] = key
	tx.wrapped = append(tx.wrapped, []any{object, string(in), wrapped})
	return nil
}

func (tx *Tx) mayPutExhibit(e *homeward.Exhibit, r Received) error {
	if r.blob == "" || !e.Kind.Known() || e.Kind.Derived() != (e.Parent != "") {
		return fmt.Errorf("no file, no kind, or a derivative of nothing: %w", homeward.ErrInvalid)
	}
	if e.Parent != "" {
		parent, err := tx.exhibit(e.Parent)
		if err != nil {
			return err
		}
		e.Compartment, e.Class, e.Request, e.Record = parent.Compartment, parent.Class, parent.Request, parent.Record
	}
	if err := tx.liesIn(e.Compartment, e.Request, e.Record); err != nil {
		return err
	}
	return tx.must(homeward.ActionAddExhibit, homeward.Resource{Compartment: e.Compartment, Class: e.Class})
}

// liesIn fails unless the request and the record, where they are named, lie in the compartment.
func (tx *Tx) liesIn(in homeward.CompartmentID, request homeward.RequestID, record homeward.RecordID) error {
	var there, wanted int
	for _, x := range []struct{ table, id string }{{"requests", string(request)}, {"records", string(record)}} {
		if x.id == "" {
			continue
		}
		var n int
		err := tx.row("look where "+x.table+" lie", `select count(*) from `+x.table+` where id = $1 and compartment = $2`, []any{x.id, in}, &n)
		if err != nil {
			return err
		}
		there, wanted = there+n, wanted+1
	}
	if there != wanted {
		return fmt.Errorf("what it belongs to is not in its compartment: %w", homeward.ErrInvalid)
	}
	return nil
}

func exhibitBody(e homeward.Exhibit) map[string]string {
	i := e.Intake
	body := map[string]string{
		"compartment": string(e.Compartment), "class": string(e.Class), "kind": string(e.Kind), "parent": string(e.Parent),
		"request": string(e.Request), "record": string(e.Record), "blob": e.Blob, "sha256": e.SHA256, "sha512": e.SHA512,
		"size": strconv.FormatInt(e.Size, 10), "media_type": e.MediaType, "intake/name": i.Name, "intake/collector": i.Collector,
		"intake/collected": instant(i.Collected), "intake/when": i.When, "intake/place": i.Place, "intake/method": string(i.Method),
		"intake/from": i.From, "intake/consent": i.Consent, "intake/tool": i.Tool, "intake/present": i.Present, "intake/local": i.Local,
	}
	if i.Verdict != "" { // entries from before there were examinations do not know the field
		body["intake/verdict"] = i.Verdict
	}
	return body
}

// instant writes a time with the offset that its clock had; the zero time is empty.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// Exhibit returns an exhibit with its words, or ErrNotFound, which is also said of one that the actor does not reach or
// whose class the actor's role does not see. The read is audited.
func (tx *Tx) Exhibit(id homeward.ExhibitID) (homeward.Exhibit, error) {
	e, err := tx.exhibit(id)
	if err != nil {
		return e, err
	}
	// Only what is there is written into the audit: what somebody types for an id may be a child's name.
	return e, tx.audited("read", string(e.ID), 1)
}

func (tx *Tx) exhibit(id homeward.ExhibitID) (homeward.Exhibit, error) {
	list, err := tx.exhibits(`and id = $2`, id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read exhibit: %w", homeward.ErrNotFound)
	}
	if err != nil {
		return homeward.Exhibit{}, err
	}
	return list[0], nil
}

// ExhibitFilter selects exhibits. Empty fields select any.
type ExhibitFilter struct {
	Kind    homeward.ExhibitKind
	Parent  homeward.ExhibitID
	Request homeward.RequestID
	Records []homeward.RecordID // of the child they tell of
	Before  *homeward.Exhibit   // only exhibits older than this one
	Limit   int                 // 100 when it is not set
}

// NoLimit is for what must be whole: nothing of one child is left out in silence.
const NoLimit = math.MaxInt32

// Exhibits returns exhibits that the actor reaches, newest first. The read is audited.
func (tx *Tx) Exhibits(f ExhibitFilter) ([]homeward.Exhibit, error) {
	where, args := "", []any(nil)
	for _, x := range []struct{ column, value string }{
		{"kind", string(f.Kind)}, {"parent", string(f.Parent)}, {"request", string(f.Request)},
	} {
		if x.value != "" {
			args = append(args, x.value)
			where += fmt.Sprintf(" and %s = $%d", x.column, len(args)+1)
		}
	}
	if f.Records != nil {
		if len(f.Records) == 0 {
			return nil, nil
		}
		where += " and record in (" + placeholders(len(args)+2, len(f.Records)) + ")"
		args = append(args, anys(f.Records)...)
	}
	if f.Before != nil {
		args = append(args, micros(f.Before.At), f.Before.ID)
		where += fmt.Sprintf(" and (at, id) < ($%d, $%d)", len(args), len(args)+1)
	}
	args = append(args, cmp.Or(f.Limit, 100))
	list, err := tx.exhibits(where+fmt.Sprintf(" order by at desc, id desc limit $%d", len(args)+1), args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list, tx.audited("list-exhibits", string(f.Request)+string(f.Parent), len(list))
}

// exhibits reads exhibits that the actor reaches and opens their words. The clause's arguments are numbered from 2: the
// first is the classes that the actor's role sees.
func (tx *Tx) exhibits(where string, args ...any) ([]homeward.Exhibit, error) {
	reach, err := tx.reach(homeward.ActionReadExhibit)
	if err != nil || reach.Nothing {
		return nil, err
	}
	var out []homeward.Exhibit
	var sealed [][]byte
	err = tx.query("read exhibits", selectExhibits+`
		where $1 like '% ' || class || ' %' `+where, append([]any{classList(reach.Classes)}, args...), func(r *sql.Rows) error {
		e, s, err := scanExhibit(r)
		out, sealed = append(out, e), append(sealed, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	opened := out[:0]
	for i, e := range out {
		err := tx.openExhibit(&e, sealed[i])
		if missing(err) {
			continue // its key is gone: it was erased
		}
		if err != nil {
			return nil, err
		}
		opened = append(opened, e)
	}
	return opened, nil
}

const selectExhibits = `
		select id, compartment, class, kind, parent, request, record, blob, size, actor, at, sealed
		from exhibits`

// classList writes classes so that each stands between spaces.
func classList(c homeward.Classes) string {
	s := " "
	for _, f := range c.List() {
		s += string(f) + " "
	}
	return s
}

func scanExhibit(r *sql.Rows) (e homeward.Exhibit, sealed []byte, err error) {
	var at int64
	err = r.Scan(&e.ID, &e.Compartment, &e.Class, &e.Kind, &e.Parent, &e.Request, &e.Record, &e.Blob, &e.Size, &e.By, &at, &sealed)
	e.At = fromMicros(at)
	return e, sealed, err
}

func (tx *Tx) openExhibit(e *homeward.Exhibit, sealed []byte) error {
	key, err := tx.key(string(e.ID))
	if err != nil {
		return err
	}
	if !key.LiesIn(string(e.Compartment)) {
		return fmt.Errorf("open exhibit %s: it was moved to another compartment: %w", e.ID, homeward.ErrTampered)
	}
	var s sealedExhibit
	err = openJSON(key, "exhibits", string(e.ID), sealed, &s)
	e.SHA256, e.SHA512, e.MediaType, e.Intake = s.SHA256, s.SHA512, s.MediaType, s.Intake
	return err
}

// ReadExhibit opens the bytes of an exhibit after it has written the line of custody that says who reads them, and why. Bytes
// that are not those that were received fail with ErrTampered, at the latest in place of their end.
func (db *DB) ReadExhibit(ctx context.Context, actor homeward.Actor, id homeward.ExhibitID, line homeward.Custody) (homeward.Exhibit, io.ReadCloser, error) {
	if !line.Act.Reads() {
		return homeward.Exhibit{}, nil, fmt.Errorf("read exhibit: %s reads nothing: %w", line.Act, homeward.ErrInvalid)
	}
	var e homeward.Exhibit
	err := db.Update(ctx, actor, func(tx *Tx) (err error) {
		if e, err = tx.Exhibit(id); err == nil {
			_, err = tx.PutCustody(id, line)
		}
		return err
	})
	if err != nil {
		return e, nil, err
	}
	bytes, err := db.openBlob(ctx, e)
	return e, bytes, err
}
