package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"golang.org/x/sync/errgroup"
)

// Input is a file to bring in.
type Input struct {
	File   io.ReadSeeker
	Source string // name of the source; made when there is none of that name
	// Compartment of the source; when empty, where there is one of that name, and else main.
	Compartment homeward.CompartmentID
	Edition     homeward.Date    // as of when the source speaks; zero when not known
	Mapping     homeward.Mapping // what columns hold; nil: as remembered, or recognised from the headings
	Lang        string           // language of a new source's values
	// Opened, when not nil, is told the edition as soon as it is open, before its rows are read.
	Opened func(homeward.EditionID)
	// Progress, when not nil, is called now and then with rows done and rows there are.
	Progress func(done, total int)
}

// Report says what an import did.
type Report struct {
	Source  homeward.SourceID
	Edition homeward.EditionID
	Already bool // the same file was complete already: nothing changed
	Resumed bool // an interrupted import of the same file was gone on with
	Tally   homeward.Tally
	Format, Encoding,
	Delimiter string
	Mapping  homeward.Mapping
	Remapped bool           // the mapping given says otherwise than the one remembered: rows that are there stay as they were read
	Reasons  map[string]int // rows in quarantine, by reason
}

// batchRows is how many rows one transaction writes.
const batchRows = 1000

// Import brings a file in. It can be interrupted anywhere and called again.
func Import(ctx context.Context, db *store.DB, actor homeward.Actor, in Input) (Report, error) {
	if !actor.Can(homeward.ActionImport) {
		return Report{}, fmt.Errorf("import: %w", homeward.ErrDenied)
	}
	if strings.TrimSpace(in.Source) == "" {
		return Report{}, refuse("source", "say who gave this list: the source has no name", nil)
	}
	seen, err := inspect(in.File)
	if err != nil {
		return Report{}, err
	}
	i := &importing{ctx: ctx, db: db, actor: actor, in: in, seen: seen, met: map[store.Fingerprint]bool{}}
	if err := i.begin(); err != nil || i.report.Already {
		return i.report, err
	}
	if in.Opened != nil {
		in.Opened(i.report.Edition)
	}
	if err := i.read(); err != nil {
		return i.report, err
	}
	return i.report, i.finish()
}

// inspected is what the first reading found.
type inspected struct {
	form     form
	sha256   string
	size     int64
	total    int // rows
	headings []string
}

// inspect reads a file to its end: hash, rows, headings. Whatever is broken is found here, before anything is written.
func inspect(file io.ReadSeeker) (inspected, error) {
	h := sha256.New()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return inspected{}, err
	}
	size, err := io.Copy(h, file)
	if err != nil {
		return inspected{}, fmt.Errorf("read the file: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return inspected{}, err
	}
	s := inspected{sha256: hex.EncodeToString(h.Sum(nil)), size: size}
	if s.form, err = detect(file); err != nil {
		return s, err
	}
	known := map[string]bool{}
	err = eachRow(file, s.form, func(r row) error {
		s.total++
		for _, c := range r.cells {
			if !known[c.Heading] {
				known[c.Heading] = true
				s.headings = append(s.headings, c.Heading)
			}
		}
		if len(known) > maxColumns {
			return refuse("columns", fmt.Sprintf("the list has more than %d columns", maxColumns), map[string]any{"Most": maxColumns})
		}
		return nil
	})
	if err == nil && s.total == 0 {
		err = errNoRows
	}
	return s, err
}

// eachRow reads a file from its start.
func eachRow(file io.ReadSeeker, f form, fn func(row) error) error {
	list, err := openRows(file, f)
	if err != nil {
		return err
	}
	for {
		r, err := list.next()
		if err == io.EOF {
			return list.close()
		}
		if err == nil {
			err = fn(r)
		}
		if err != nil {
			return errors.Join(err, list.close())
		}
	}
}

// importing is one import under way.
type importing struct {
	ctx     context.Context
	db      *store.DB
	actor   homeward.Actor
	in      Input
	seen    inspected
	source  homeward.Source
	edition homeward.Edition
	current map[store.Fingerprint]store.Current // before this run
	met     map[store.Fingerprint]bool          // rows this file has
	report  Report
	done    int
	turn    int64 // batches of this edition that are written, as far as this import knows
}

// begin finds or makes the source and the edition.
func (i *importing) begin() error {
	err := i.db.Update(i.ctx, i.actor, func(tx *store.Tx) error {
		if err := i.findSource(tx); err != nil {
			return err
		}
		if err := i.findEdition(tx); err != nil || i.report.Already {
			return err
		}
		current, err := tx.CurrentRows(i.source.ID)
		if err != nil {
			return err
		}
		i.current = current
		i.turn, err = tx.Cursor(turnOf(i.edition.ID))
		return err
	})
	i.report.Source, i.report.Edition = i.source.ID, i.edition.ID
	i.report.Format, i.report.Encoding, i.report.Delimiter = i.seen.form.Format, i.seen.form.Encoding, i.seen.form.delimiter()
	return err
}

func (i *importing) findSource(tx *store.Tx) error {
	s, err := tx.SourceNamedIn(i.in.Source, i.in.Compartment)
	if errors.Is(err, homeward.ErrNotFound) {
		s, err = tx.PutSource(homeward.Source{Name: i.in.Source, Language: i.in.Lang, Mapping: i.mapping(nil), Compartment: i.in.Compartment})
	}
	if err != nil {
		return err
	}
	i.source = s
	i.report.Mapping = i.mapping(s.Mapping)
	for heading, was := range s.Mapping {
		now, said := i.in.Mapping[heading]
		i.report.Remapped = i.report.Remapped || said && now != was
	}
	if err := Nameless(i.report.Mapping); err != nil {
		return err
	}
	if !maps.Equal(i.report.Mapping, s.Mapping) {
		return tx.RememberMapping(s.ID, i.report.Mapping)
	}
	return nil
}

// mapping says what every column holds: as said with this import, as remembered, as recognised.
func (i *importing) mapping(remembered homeward.Mapping) homeward.Mapping {
	m := Recognise(i.seen.headings)
	for _, said := range []homeward.Mapping{remembered, i.in.Mapping} {
		for h, p := range said {
			if _, here := m[h]; here {
				m[h] = p
			}
		}
	}
	return m
}

func (i *importing) findEdition(tx *store.Tx) error {
	e, err := tx.EditionOf(i.source.ID, i.seen.sha256)
	switch {
	case err == nil:
		i.edition = e
		i.report.Already = e.State == homeward.EditionComplete
		i.report.Resumed = !i.report.Already
		i.report.Tally = e.Tally
		return nil
	case !errors.Is(err, homeward.ErrNotFound):
		return err
	}
	if err := i.refuseOlder(tx); err != nil {
		return err
	}
	i.edition, err = tx.PutEdition(homeward.Edition{
		Source: i.source.ID, Date: i.in.Edition, SHA256: i.seen.sha256, Size: i.seen.size, Format: i.seen.form.Format, Encoding: i.seen.form.Encoding,
	})
	return err
}

// refuseOlder refuses an edition older than one that is there, or one that comes while another is half read: what it
// added and removed could not be told.
func (i *importing) refuseOlder(tx *store.Tx) error {
	list, err := tx.Editions(i.source.ID)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.State == homeward.EditionReading {
			return &homeward.Message{Key: "import.error.unfinished", Kind: homeward.ErrConflict,
				Text: "another file of this source was interrupted half way: bring that one in again first, it goes on where it stopped"}
		}
		if !e.Date.IsZero() && !i.in.Edition.IsZero() && i.in.Edition.To < e.Date.From {
			return &homeward.Message{Key: "import.error.older", Kind: homeward.ErrConflict, Args: map[string]any{"Date": e.Date.String()},
				Text: "an edition of " + e.Date.String() + " is there already: an older one would seem to undo it; bring it in under a source of its own"}
		}
	}
	return nil
}

// sheetRow is a row with what tells it apart.
type sheetRow struct {
	row
	id           string
	key, content store.Fingerprint
}

// tellApart gives rows their fingerprints: by the id a row carries, or by its content; the n-th of several equal ones is
// told by its n.
type tellApart struct {
	db     *store.DB
	source homeward.SourceID
	m      homeward.Mapping
	times  map[store.Fingerprint]int
}

func (t *tellApart) row(r row) sheetRow {
	s := sheetRow{row: r}
	text := make([]string, 0, 2*len(r.cells)+1)
	text = append(text, string(t.source))
	for _, c := range r.cells {
		text = append(text, c.Heading, c.Text)
		if s.id == "" && t.m[c.Heading] == homeward.PathRowID {
			s.id = strings.TrimSpace(c.Text)
		}
	}
	s.content = t.db.Fingerprint("content", text...)
	base := s.content
	if s.id != "" {
		base = t.db.Fingerprint("row", string(t.source), s.id)
	}
	t.times[base]++
	s.key = base
	if n := t.times[base]; n > 1 {
		s.key = t.db.Fingerprint("again", string(base[:]), strconv.Itoa(n))
	}
	return s
}

// batch is some rows sorted out: what is new is sealed, what was there is named.
type batch struct {
	rows   int
	fresh  []store.NewRecord
	sealed store.SealedRecords
	seen   []store.Fingerprint
}

// read goes through the rows, a batch a transaction: while one batch is written the next is read and sealed.
func (i *importing) read() error {
	ready := make(chan batch, 2)
	g, ctx := errgroup.WithContext(i.ctx)
	g.Go(func() error {
		defer close(ready)
		return i.prepare(ctx, ready)
	})
	g.Go(func() error {
		for b := range ready {
			if err := i.write(ctx, b); err != nil {
				return err
			}
			i.done += b.rows
			if i.in.Progress != nil {
				i.in.Progress(i.done, i.seen.total)
			}
		}
		return nil
	})
	return g.Wait()
}

// prepare reads the file and hands batches on.
func (i *importing) prepare(ctx context.Context, ready chan<- batch) error {
	apart := &tellApart{i.db, i.source.ID, i.report.Mapping, map[store.Fingerprint]int{}}
	rows := make([]sheetRow, 0, batchRows)
	hand := func() error {
		b, err := i.sort(rows)
		if err != nil {
			return err
		}
		rows = rows[:0]
		select {
		case ready <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := eachRow(i.in.File, i.seen.form, func(r row) error {
		if rows = append(rows, apart.row(r)); len(rows) == batchRows {
			return hand()
		}
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	return hand()
}

// sort tells new and changed rows from those that were there, and seals them.
func (i *importing) sort(rows []sheetRow) (batch, error) {
	b := batch{rows: len(rows)}
	for _, r := range rows {
		now, there := i.current[r.key]
		same := there && !now.Removed && now.Content == r.content
		i.met[r.key] = true
		switch {
		case same && now.LastSeen == i.edition.ID: // written before an interruption
		case same:
			b.seen = append(b.seen, r.key)
		default:
			n := store.NewRecord{Record: homeward.Record{Line: r.line, Row: r.cells, SourceRow: r.id}, Key: r.key, Content: r.content, Change: homeward.ChangeAdded}
			if there {
				n.Record.Supersedes = now.Record
				if !now.Removed {
					n.Change = homeward.ChangeChanged
				}
			}
			b.fresh = append(b.fresh, n)
		}
	}
	i.complete(b.fresh, rows)
	var err error
	b.sealed, err = i.db.SealRecords(i.actor, i.db.Now(), b.fresh)
	return b, err
}

// write writes one batch: new and changed rows as records, the others as seen.
func (i *importing) write(ctx context.Context, b batch) error {
	if len(b.fresh)+len(b.seen) == 0 {
		return nil
	}
	err := i.db.Update(ctx, i.actor, func(tx *store.Tx) error {
		if err := i.take(tx); err != nil {
			return err
		}
		if err := tx.SawRows(i.source.ID, i.edition.ID, b.seen); err != nil {
			return err
		}
		return tx.PutSealedRecords(b.sealed)
	})
	if err == nil {
		i.turn++
	}
	return err
}

// turnOf names the cursor that counts the batches of an edition.
func turnOf(id homeward.EditionID) string { return "import " + string(id) }

// take takes the next turn to write, in the transaction that writes. Two imports of one file at the same time would each
// write its rows: the one that finds the other's turn taken gives up.
func (i *importing) take(tx *store.Tx) error {
	now, err := tx.Cursor(turnOf(i.edition.ID))
	if err != nil {
		return err
	}
	if now != i.turn {
		return &homeward.Message{Key: "import.error.elsewhere", Kind: homeward.ErrConflict,
			Text: "this very file is being brought in elsewhere at this moment: wait until that is done; bringing it in again changes nothing"}
	}
	return tx.MoveCursor(turnOf(i.edition.ID), now+1)
}

// complete reads the claims of new records, on every processor.
func (i *importing) complete(fresh []store.NewRecord, batch []sheetRow) {
	extra := map[store.Fingerprint]bool{}
	for _, r := range batch {
		if r.extra {
			extra[r.key] = true
		}
	}
	ids := rising(len(fresh), i.db.Now())
	inParallel(len(fresh), func(k int) {
		r := &fresh[k].Record
		r.ID = ids[k]
		r.Source, r.Edition, r.AsOf, r.State = i.source.ID, i.edition.ID, i.edition.Date, homeward.RecordAccepted
		r.Compartment = i.source.Compartment
		r.Claims, r.Reason = Claims(r.Row, i.report.Mapping, i.edition.Date, i.source.Language)
		if r.Reason == "" && extra[fresh[k].Key] {
			r.Reason = reasonExtra
		}
		if r.Reason != "" {
			r.State = homeward.RecordQuarantined
		}
	})
}

// rising returns new ids in rising order: records sort by id as their rows stand in the file, so whatever reads them in
// that order does the same on every import of the file.
func rising(n int, now time.Time) []homeward.RecordID {
	ids := make([]homeward.RecordID, n)
	for k := range ids {
		ids[k] = homeward.RecordID(homeward.NewID(now))
	}
	slices.Sort(ids)
	return ids
}

// finish notes the rows this edition no longer has, and closes it.
func (i *importing) finish() error {
	var gone []store.Current
	for key, c := range i.current {
		if !c.Removed && !i.met[key] {
			gone = append(gone, c)
		}
	}
	slices.SortFunc(gone, func(a, b store.Current) int { return strings.Compare(string(a.Record), string(b.Record)) })
	for part := range slices.Chunk(gone, batchRows) {
		err := i.db.Update(i.ctx, i.actor, func(tx *store.Tx) error { return tx.RemoveRows(i.edition.ID, part) })
		if err != nil {
			return err
		}
	}
	return i.db.Update(i.ctx, i.actor, func(tx *store.Tx) error {
		if err := i.take(tx); err != nil {
			return err
		}
		t, err := tx.CountChanges(i.edition.ID)
		if err != nil {
			return err
		}
		t.Rows = i.seen.total
		t.Unchanged = t.Rows - t.Added - t.Changed - t.Quarantined
		i.report.Tally = t
		if i.report.Reasons, err = tx.CountReasons(i.edition.ID); err != nil {
			return err
		}
		return tx.FinishEdition(i.edition.ID, t)
	})
}
