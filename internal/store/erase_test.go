package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// clock is a clock that tests set.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

var second = homeward.Actor{ID: "second", Role: homeward.RoleSupervisor}

// doomed is a register with a child that is to be erased, and one that is not.
type doomed struct {
	*testing.T
	settings   store.Settings
	clock      *clock
	db         *store.DB
	gone, kept homeward.RecordID
	erasure    homeward.ErasureID
}

// canary is in every word about the child that is erased.
const canary = "Канаркенко"

func doom(t *testing.T, s store.Settings) *doomed {
	t.Helper()
	d := &doomed{T: t, settings: s, clock: &clock{time.Now().Add(-60 * 24 * time.Hour)}}
	d.settings.Clock = d.clock.read
	d.db = storetest.OpenAt(t, d.settings)
	ids := storetest.Put(t, d.db, "list", named(canary+" a"), named("b"))
	d.gone, d.kept = ids[0], ids[1]
	d.surround()
	return d
}

// surround gives the child everything that can be said of one.
func (d *doomed) surround() {
	d.Helper()
	gone := []homeward.RecordID{d.gone}
	d.does(tracer, func(tx *store.Tx) error {
		_, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(d.gone, d.kept), Judgement: homeward.Different, Basis: homeward.BasisReview, Reason: canary, Model: "m"})
		return err
	})
	d.does(homeward.System, func(tx *store.Tx) error {
		_, err := tx.PutModel([]byte(canary))
		if err == nil {
			_, err = tx.PutPairs([]homeward.Pair{{ID: homeward.PairOf(d.gone, d.kept), Left: min(d.gone, d.kept), Right: max(d.gone, d.kept), Model: "m"}})
		}
		return err
	})
	d.does(tracer, func(tx *store.Tx) error { _, err := tx.Retract(d.gone, 1, canary); return err })
	d.does(tracer, func(tx *store.Tx) error { _, err := tx.BreakGlass(d.gone, canary); return err })
	d.does(homeward.System, func(tx *store.Tx) error {
		return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(d.gone), Records: gone}, {ID: homeward.PersonID(d.kept), Records: []homeward.RecordID{d.kept}}}, nil)
	})
	d.does(homeward.System, func(tx *store.Tx) error {
		return tx.ReplaceEvents(gone, []homeward.Event{{ID: "e", Record: d.gone, Type: homeward.EventDeported, When: homeward.Exact(homeward.YMD(2022, 3, 4))}})
	})
	var reader store.User
	d.does(homeward.Operator, func(tx *store.Tx) (err error) {
		reader, err = tx.PutUser("reader", homeward.RoleCaseworker, "")
		return err
	})
	d.does(tracer, func(tx *store.Tx) error {
		_, err := tx.Refer(homeward.PersonID(d.gone), reader.ID, homeward.AllClasses, tx.Now.Add(time.Hour), canary)
		return err
	})
	if err := d.db.PutSnapshot(ctx, homeward.System, "review", gone, [][]byte{[]byte(canary)}); err != nil {
		d.Fatal(err)
	}
	d.exhibit()
	if _, err := d.db.Checkpoint(ctx); err != nil {
		d.Fatal(err)
	}
}

// exhibit keeps a file about the child.
func (d *doomed) exhibit() {
	d.Helper()
	got, err := d.db.Receive(ctx, homeward.Main, strings.NewReader(canary))
	if err != nil {
		d.Fatal(err)
	}
	d.does(homeward.Actor{ID: "custodian", Role: homeward.RoleEvidenceCustodian}, func(tx *store.Tx) error {
		e := homeward.Exhibit{Kind: homeward.ExhibitDocument, Record: d.gone, Intake: homeward.Intake{Name: canary, Collector: canary}}
		_, err := tx.PutExhibit(e, got, homeward.Custody{Purpose: canary})
		return err
	})
}

func (d *doomed) does(who homeward.Actor, fn func(*store.Tx) error) {
	d.Helper()
	if err := d.db.Update(ctx, who, fn); err != nil {
		d.Fatal(err)
	}
}

// ask brings a request so far that it waits.
func (d *doomed) ask() {
	d.Helper()
	d.does(counsel, func(tx *store.Tx) error {
		e, err := tx.AskErasure(homeward.PersonID(d.gone), []homeward.RecordID{d.gone}, homeward.ErasureObjection, canary+" asks")
		d.erasure = e.ID
		return err
	})
	d.does(counsel, func(tx *store.Tx) error { return tx.CheckIdentity(d.erasure, canary+" showed a passport") })
	d.does(keeper, func(tx *store.Tx) error { return tx.ApproveErasure(d.erasure, "yes") })
	d.does(second, func(tx *store.Tx) error { return tx.ApproveErasure(d.erasure, "yes, "+canary) })
}

func (d *doomed) pass(days int) { d.clock.now = d.clock.now.Add(time.Duration(days) * 24 * time.Hour) }

func (d *doomed) carryOut() int {
	d.Helper()
	n, err := d.db.CarryOutErasures(ctx)
	if err != nil {
		d.Fatal(err)
	}
	return n
}

func (d *doomed) state() homeward.ErasureState {
	d.Helper()
	var e homeward.Erasure
	err := d.db.View(ctx, keeper, func(tx *store.Tx) (err error) {
		e, err = tx.Erasure(d.erasure)
		return err
	})
	if err != nil {
		d.Fatal(err)
	}
	return e.State()
}

// empty fails unless nothing of the child can be read, and everything of the other still can.
func (d *doomed) empty(db *store.DB) {
	d.Helper()
	for _, who := range []homeward.Actor{keeper, homeward.System, homeward.Operator} {
		if _, err := readAs(db, who, d.gone); !errors.Is(err, homeward.ErrNotFound) {
			d.Errorf("%s reads the erased record: %v", who.Role, err)
		}
	}
	if _, err := readAs(db, tracer, d.kept); err != nil {
		d.Errorf("the other child: %v", err)
	}
	if _, err := db.Snapshot(ctx, homeward.System, "review"); !errors.Is(err, homeward.ErrNotFound) {
		d.Errorf("the snapshot: %v", err)
	}
	err := db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
		decisions, err := tx.DecisionsOn([]homeward.RecordID{d.gone, d.kept})
		pairs, err2 := tx.PairFacts()
		events, err3 := tx.EventFacts()
		marks, err4 := tx.StandingMarks(store.MarkPage{Limit: 10})
		_, _, model := tx.NewestModel()
		exhibits, err5 := tx.Exhibits(store.ExhibitFilter{Records: []homeward.RecordID{d.gone}})
		if n := len(decisions) + len(pairs) + len(events) + len(marks) + len(exhibits); n != 0 || !errors.Is(model, homeward.ErrNotFound) {
			d.Errorf("%d decisions, %d pairs, %d events, %d marks, %d exhibits are left, and a model: %v", len(decisions), len(pairs), len(events), len(marks), len(exhibits), model)
		}
		return errors.Join(err, err2, err3, err4, err5)
	})
	if err != nil {
		d.Error(err)
	}
	v, err := db.Verify(ctx, homeward.Operator, nil)
	if err != nil || !v.OK() || v.Erased == 0 {
		d.Errorf("verify: %v, %d erased, %v", v.Findings, v.Erased, err)
	}
}

func TestAnErasureNeedsACheckTwoOthersAndDays(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		d := doom(t, s)
		refuses := func(what string, who homeward.Actor, want error, fn func(*store.Tx) error) {
			t.Helper()
			if err := d.db.Update(ctx, who, fn); !errors.Is(err, want) {
				t.Errorf("%s: %v", what, err)
			}
		}
		ask := func(tx *store.Tx) error {
			e, err := tx.AskErasure(homeward.PersonID(d.gone), []homeward.RecordID{d.gone}, homeward.ErasureObjection, "a mother")
			d.erasure = e.ID
			return err
		}
		approve := func(tx *store.Tx) error { return tx.ApproveErasure(d.erasure, "yes") }
		check := func(tx *store.Tx) error { return tx.CheckIdentity(d.erasure, "a passport") }
		refuses("an officer asks", tracer, homeward.ErrDenied, ask)
		d.does(counsel, ask)
		asked := d.erasure
		refuses("it is asked twice", keeper, homeward.ErrConflict, ask)
		d.erasure = asked
		refuses("approved before the check", keeper, homeward.ErrConflict, approve)
		refuses("checked without words", counsel, homeward.ErrInvalid, func(tx *store.Tx) error { return tx.CheckIdentity(d.erasure, " ") })
		d.does(counsel, check)
		refuses("checked twice", keeper, homeward.ErrConflict, check)
		refuses("approved by who entered it", counsel, homeward.ErrDenied, approve)
		refuses("approved by an officer", tracer, homeward.ErrNotFound, approve)
		d.does(keeper, approve)
		refuses("approved twice by one", keeper, homeward.ErrConflict, approve)
		d.pass(30)
		if n := d.carryOut(); n != 0 {
			t.Fatal("it is carried out with one approval")
		}
		d.does(second, approve)
		d.pass(13)
		held := lay(t, d.db, counsel, func(tx *store.Tx) ([]homeward.Mark, error) {
			return tx.Hold([]homeward.RecordID{d.gone}, "a court asked for it")
		})
		if n := d.carryOut(); n != 0 {
			t.Fatal("it is carried out before its day")
		}
		d.pass(1)
		if n := d.carryOut(); n != 0 || d.state() != homeward.ErasureWaiting {
			t.Fatal("a legal hold does not stand in the way")
		}
		if err := lift(d.db, keeper, held[0].ID); err != nil {
			t.Fatal(err)
		}
		if n := d.carryOut(); n != 1 || d.state() != homeward.ErasureGone {
			t.Fatalf("carried out: %d, %s", n, d.state())
		}
		refuses("refused afterwards", keeper, homeward.ErrConflict, func(tx *store.Tx) error { return tx.RefuseErasure(d.erasure, "no") })
		d.empty(d.db)
		if n := d.carryOut(); n != 0 {
			t.Error("it is carried out again")
		}
	})
}

func TestAnErasureCanBeStopped(t *testing.T) {
	d := doom(t, store.Settings{Dir: t.TempDir()})
	d.ask()
	d.does(counsel, func(tx *store.Tx) error { return tx.RefuseErasure(d.erasure, "it was not the mother") })
	d.pass(100)
	if n := d.carryOut(); n != 0 || d.state() != homeward.ErasureDenied {
		t.Errorf("carried out: %d, %s", n, d.state())
	}
	if _, err := readAs(d.db, tracer, d.gone); err != nil {
		t.Error(err)
	}
	intact(t, d.db)
}

// TestNothingOfAnErasedChildIsFoundAnywhere looks for the wrapped key and the sealed words of the child in every file of the register
// and in the newest and oldest backup, restored with the keys of now.
func TestNothingOfAnErasedChildIsFoundAnywhere(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		d := doom(t, s)
		signer := signerOf(t, d.db)
		away := t.TempDir()
		oldest, newest := filepath.Join(away, "oldest"), filepath.Join(away, "newest")
		if made, err := d.db.Backup(ctx, store.To(oldest)); err != nil || made.Exhibits == 0 {
			t.Fatalf("a backup of %d exhibits: %v", made.Exhibits, err)
		}
		traces := d.traces(oldest)
		d.ask()
		d.pass(15)
		d.carryOut()
		d.empty(d.db)
		if _, err := d.db.Backup(ctx, store.To(newest)); err != nil {
			t.Fatal(err)
		}
		for _, dir := range []string{s.Dir, away} {
			d.search(dir, traces, oldest)
		}
		var list bytes.Buffer
		if err := d.db.WriteTombstones(ctx, &list); err != nil || strings.Contains(list.String(), canary) || list.Len() == 0 {
			t.Fatalf("the list of destroyed keys: %d bytes, %v", list.Len(), err)
		}
		for name, from := range map[string]store.Saved{
			"newest":                                {Data: newest, Keys: store.KeysFile(newest)},
			"oldest with the keys of now":           {Data: oldest, Keys: store.KeysFile(newest)},
			"oldest with its own keys and the list": {Data: oldest, Keys: store.KeysFile(oldest), Destroyed: strings.NewReader(list.String())},
		} {
			to := store.Settings{Dir: t.TempDir(), Clock: d.clock.read}
			d.bringPassphrase(to.Dir)
			v, err := store.Restore(ctx, to, from)
			if err != nil || !v.Whole() {
				t.Fatalf("%s: %v, %v", name, v.Findings, err)
			}
			if left, err := os.ReadDir(filepath.Join(to.Dir, "blobs")); len(left) != v.Exhibits {
				t.Errorf("%s: %d files for %d exhibits: %v", name, len(left), v.Exhibits, err)
			}
			restored := storetest.Reopen(t, to)
			d.empty(restored)
			if !bytes.Equal(signerOf(t, restored), signer) {
				t.Errorf("%s: captures are signed with another key than before", name)
			}
			d.search(to.Dir, traces, "")
		}
		to := store.Settings{Dir: t.TempDir(), Clock: d.clock.read}
		d.bringPassphrase(to.Dir)
		forged := store.Saved{Data: oldest, Keys: store.KeysFile(oldest), Destroyed: strings.NewReader(string(d.kept) + " x 1 00\n")}
		if _, err := store.Restore(ctx, to, forged); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("a forged list of destroyed keys: %v", err)
		}
		if _, err := store.Open(ctx, to); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("a store that was not verified opens: %v", err)
		}
	})
}

func (d *doomed) bringPassphrase(dir string) {
	d.Helper()
	secret, err := os.ReadFile(filepath.Join(d.settings.Dir, "passphrase"))
	if err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "passphrase"), secret, 0o600); err != nil {
		d.Fatal(err)
	}
}

// traces are the bytes by which the child could be brought back: its wrapped key and its sealed words.
func (d *doomed) traces(backup string) [][]byte {
	d.Helper()
	var out [][]byte
	for file, query := range map[string]string{
		store.KeysFile(backup): "select wrapped from keys where id = $1",
		backup:                 "select sealed from entries where key = $1 and type = 'record'",
	} {
		var b []byte
		if err := fileAt(d.T, bare(d.T, file)).QueryRow(query, d.gone).Scan(&b); err != nil || len(b) < 40 {
			d.Fatalf("%d bytes, %v", len(b), err)
		}
		out = append(out, b[10:40])
	}
	return out
}

// search looks through every file of a folder but those of one backup.
func (d *doomed) search(dir string, traces [][]byte, but string) {
	d.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || but != "" && strings.HasPrefix(path, but) {
			return err
		}
		text, err := os.ReadFile(path)
		for i, trace := range traces {
			if bytes.Contains(text, trace) {
				d.Errorf("trace %d of the child is in %s", i, filepath.Base(path))
			}
		}
		if bytes.Contains(text, []byte(canary)) {
			d.Errorf("a word about the child is in %s", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		d.Error(err)
	}
}

// TestAnErasureThatIsCutOffIsFinishedByTheNextStart ends the work at random moments, as a power cut would.
func TestAnErasureThatIsCutOffIsFinishedByTheNextStart(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		d := doom(t, s)
		d.ask()
		d.pass(15)
		rng := rand.New(rand.NewPCG(7, 7))
		for n := 1; d.state() == homeward.ErasureWaiting; n++ {
			cut, stop := context.WithTimeout(ctx, time.Duration(rng.IntN(3*n))*time.Millisecond)
			_, _ = d.db.CarryOutErasures(cut)
			stop()
		}
		d.db.Close()
		d.db = storetest.Reopen(t, d.settings)
		if d.state() != homeward.ErasureGone {
			t.Errorf("it is %s", d.state())
		}
		d.empty(d.db)
	})
}

// TestALostKeyIsNoErasedOne deletes a key without an erasure, with and without a forged tombstone, and brings a destroyed one back.
func TestALostKeyIsNoErasedOne(t *testing.T) {
	d := doom(t, store.Settings{Dir: t.TempDir()})
	d.ask()
	keys := fileAt(t, filepath.Join(d.settings.Dir, "keys.db"))
	var wrapped []byte
	if err := keys.QueryRow("select wrapped from keys where id = $1", d.gone).Scan(&wrapped); err != nil {
		t.Fatal(err)
	}
	d.pass(15)
	d.carryOut()
	d.empty(d.db)
	execs(t, keys, "insert into keys (id, compartment, wrapped) values ($1, 'main', $2)", string(d.gone), wrapped)
	if places := verifyPlaces(t, d.db); !slices.Contains(places, "keys") {
		t.Errorf("a destroyed key that is there again: %v", places)
	}
	execs(t, keys, "delete from keys where id = $1 or id = $2", string(d.gone), string(d.kept))
	execs(t, keys, "insert into destroyed (id, erasure, at, seal) values ($1, $2, 1, $3)", string(d.kept), string(d.erasure), bytes.Repeat([]byte{1}, 32))
	if places := verifyPlaces(t, d.db); !slices.Contains(places, "keys") {
		t.Errorf("a lost key with a forged tombstone: %v", places)
	}
}

// fileAt opens an SQLite file behind the store's back.
func fileAt(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func execs(t *testing.T, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}

// TestEveryTableThatRefersToAChildIsEmptied reads the schema: a new table that refers to records, or to what goes with them, has to be
// among those that an erasure empties.
func TestEveryTableThatRefersToAChildIsEmptied(t *testing.T) {
	d := doom(t, store.Settings{Dir: t.TempDir()})
	v := vandalOf(t, d.settings)
	rows, err := v.db.Query(`
		select m.name, f."table"
		from sqlite_master m, pragma_foreign_key_list(m.name) f
		where m.type = 'table'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	goes := map[string]bool{}
	for _, text := range store.RowsOfErasure {
		goes[strings.Fields(text)[2]] = true
	}
	for rows.Next() {
		var table, to string
		if err := rows.Scan(&table, &to); err != nil {
			t.Fatal(err)
		}
		if goes[to] && !goes[table] {
			t.Errorf("an erasure does not empty %s, which refers to %s", table, to)
		}
	}
}
