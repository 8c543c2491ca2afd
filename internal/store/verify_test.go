package store_test

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// proven lists every column that verify vouches for, and the place a finding must name.
var proven = []struct{ table, columns, places string }{
	{"entries", "id", "entries leaves"},
	{"entries", "type object actor role at sealed", "entries"},
	{"entries", "key", "entries keys"},
	{"leaves", "idx leaf", "leaves"},
	{"leaves", "entry", "leaves entries"},
	{"hashes", "pos hash", "hashes"},
	{"checkpoints", "size note", "checkpoints"},
	{"records", "source edition line state reason supersedes received_at compartment sealed", "records"},
	{"records", "id", "records keys"},
	{"changes", "kind edition record previous at", "changes records"},
	{"decisions", "pair left_record right_record judgement basis actor role at weight model revoked_at revoked_by revoked_role sealed revocation again opinions batch", "decisions opinions"},
	{"opinions", "pair left_record right_record judgement actor role at weight model ended_at decision sealed", "opinions"},
	{"batches", "judgement bound told bears actor role at seed amount sample sealed", "batches batch_pairs"},
	{"batches", "compartment", "batches"},
	{"batch_acts", "turn act actor role at sealed", "batch_acts batches"},
	{"batch_pairs", "pair drawn outcome decision", "batches batch_pairs"},
	{"sources", "created_at compartment sealed", "sources"},
	{"editions", "source state received_at total added changed unchanged sealed", "editions"},
	{"models", "created_at sealed", "models"},
	{"figures", "sealed", "figures"},
	{"gazetteers", "format digest amount read_at body", "gazetteers"},
	{"users", "role state password created_at sealed", "users"},
	{"compartments", "created_at sealed", "compartments"},
	{"members", "state at", "members"},
	{"assignments", "record assignee actor at ended_at", "assignments"},
	{"referrals", "person classes sender recipient state at ends_at sealed", "referrals"},
	{"referred", "record", "referrals"},
	{"repetitions", "source original since since_at actor at ended_by ended_at sealed ending", "repetitions keys"},
	{"marks", "record kind claim ground actor at lifted_by lifted_at sealed lifting", "marks keys"},
	{"glass", "record actor at ends_at state reviewed_by reviewed_at sealed finding", "glass"},
	{"credentials", "kind state fingerprint created_at sealed", "credentials"},
	{"grants", "member role actor at state answered_by answered_at", "grants"},
	{"credentials", "owner", "credentials keys"},
	{"recoveries", "owner actor at state moved_at ends_at token", "recoveries recovery_checks keys"},
	{"recovery_checks", "actor verdict at sealed", "recovery_checks"},
	{"requests", "compartment source actor at sealed", "requests keys"},
	{"sought", "record actor at", "requests"},
	{"request_moves", "request turn state actor at sealed", "request_moves keys"},
	{"consents", "request turn purpose answer actor at sealed", "consents keys"},
	{"determinations", "request turn child outcome actor at sealed", "determinations keys"},
	{"exports", "kind subject compartment actor at items withheld sealed version", "exports keys"},
	{"exhibits", "compartment class kind parent request record blob size actor at sealed", "exhibits keys"},
	{"citations", "exhibit record stance withdraws actor at sealed", "citations keys"},
	{"assessments", "record event law standard replaces actor at sealed", "assessments keys"},
	{"custody", "exhibit turn act actor role at sealed", "custody keys"},
}

// registersFlipped is how many registers of each database share the columns between them, side by side.
const registersFlipped = 2

// TestAnyFlippedBitIsFoundAndNamed flips one bit at a time, at random places of every proven column, behind the back of
// an open register with one of everything, and puts it back.
func TestAnyFlippedBitIsFoundAndNamed(t *testing.T) {
	for part := range registersFlipped {
		t.Run(fmt.Sprint("part ", part), func(t *testing.T) {
			t.Parallel()
			storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
				t.Parallel()
				flipColumns(t, s, part)
			})
		})
	}
}

// flipColumns flips bits of every so-manieth column, beginning with one.
func flipColumns(t *testing.T, s store.Settings, part int) {
	db := fillForVerify(t, s)
	v := vandalOf(t, s)
	flips := 12
	if testing.Short() {
		flips = 2
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng, n := rand.New(rand.NewPCG(seed, 0)), 0
	for _, c := range proven {
		for column := range strings.FieldsSeq(c.columns) {
			if n++; n%registersFlipped != part {
				continue
			}
			for range flips {
				what, undo := v.flip(t, c.table, column, rng)
				if places := verifyPlaces(t, db); !anyOf(places, c.places) {
					t.Errorf("%s: found in [%s], want one of %s", what, strings.Join(places, " "), c.places)
				}
				undo()
			}
		}
	}
	if places := verifyPlaces(t, db); len(places) > 0 {
		t.Errorf("findings after everything was put back: %v", places)
	}
}

// fillForVerify makes a register with one of everything that verify vouches for.
func fillForVerify(t *testing.T, s store.Settings) *store.DB {
	t.Helper()
	db := storetest.OpenAt(t, s)
	ids := storetest.Put(t, db, "list", claims("name.full", "a", "birth.date", "2015"), claims("name.full", "b"), claims("name.full", "c"))
	if _, err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *store.Tx) error { // a new version in quarantine, and a row that vanished
		r, err := tx.Record(ids[0])
		if err != nil {
			return err
		}
		r.ID, r.State, r.Reason, r.Supersedes = homeward.RecordID(homeward.NewID(tx.Now)), homeward.RecordQuarantined, "quarantine.no_name", ids[0]
		f := tx.Fingerprint("row", string(r.ID))
		if err := tx.PutRecords([]store.NewRecord{{Record: r, Key: f, Content: f, Change: homeward.ChangeChanged}}); err != nil {
			return err
		}
		return tx.RemoveRows(r.Edition, []store.Current{{Record: ids[2]}})
	})
	storetest.Put(t, db, "copy", claims("name.full", "a"))
	relate(t, db, "copy", "list")
	for i, j := range []homeward.Judgement{homeward.Same, homeward.Different} {
		update(t, db, func(tx *store.Tx) error {
			d, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(ids[i], ids[i+1]), Judgement: j, Basis: homeward.BasisReview, Reason: "r", Weight: 1.5, Model: "m"})
			if err == nil && j == homeward.Different {
				err = tx.RevokeDecision(d.ID, "again")
			}
			return err
		})
	}
	others := homeward.Actor{ID: "another", Role: homeward.RoleOperator}
	pair := homeward.PairOf(ids[0], ids[2])
	for _, who := range []homeward.Actor{homeward.Operator, others} { // an opinion withdrawn, two that make a decision
		err := db.Update(ctx, who, func(tx *store.Tx) error {
			given, err := tx.PutOpinion(homeward.Opinion{Pair: pair, Judgement: homeward.Different, Reason: "r", Weight: 1.5, Model: "m"})
			if err != nil || who == homeward.Operator {
				return err
			}
			waiting, err := tx.OpinionsWaiting(pair)
			if err != nil {
				return err
			}
			_, err = tx.PutDecision(homeward.Decision{Pair: pair, Judgement: homeward.Different, Basis: homeward.BasisTwoReviewers, Weight: 1.5, Opinions: []homeward.OpinionID{waiting[0].ID, given.ID}})
			if err != nil {
				return err
			}
			pair := homeward.PairOf(ids[0], ids[1])
			if _, err := tx.PutOpinion(homeward.Opinion{Pair: pair, Judgement: homeward.Same}); err != nil {
				return err
			}
			return tx.WithdrawOpinion(pair)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	update(t, db, func(tx *store.Tx) error {
		if _, err := tx.PutModel([]byte("numbers that weigh")); err != nil {
			return err
		}
		if _, err := tx.PutFigure(homeward.Figure{Publisher: "p", Category: "deported", Value: 7, Date: homeward.Exact(homeward.YMD(2025, 2, 1))}); err != nil {
			return err
		}
		if _, err := tx.PutGazetteer(store.Gazetteer{Format: "katotth", Digest: [32]byte{1}, Amount: 1, Body: []byte("places")}); err != nil {
			return err
		}
		s, err := tx.SourceNamed("list")
		if err != nil {
			return err
		}
		return tx.RememberMapping(s.ID, homeward.Mapping{"k": homeward.PathNameFull})
	})
	var u store.User
	update(t, db, func(tx *store.Tx) (err error) {
		u, err = tx.PutUser("clerk", homeward.RoleIntakeClerk, "hash")
		return err
	})
	update(t, db, func(tx *store.Tx) error { return tx.SetPassword(u.ID, "another hash") })
	operate(t, db, func(tx *store.Tx) error { _, err := tx.SetRole(u.ID, homeward.RoleReviewer); return err })
	operate(t, db, func(tx *store.Tx) error { return tx.Disable(u.ID) })
	batched(t, db, ids)
	entrust(t, db, ids)
	held := lay(t, db, counsel, func(tx *store.Tx) ([]homeward.Mark, error) { return tx.Hold(ids[1:2], "a court asked for it") })
	if err := lift(db, keeper, held[0].ID); err != nil {
		t.Fatal(err)
	}
	addCredentials(t, db)
	grantSome(t, db)
	operate(t, db, func(tx *store.Tx) error {
		for version, kind := range []homeward.ExportKind{homeward.ExportPerson, homeward.ExportDossier} {
			e := homeward.Export{ID: homeward.ExportID(homeward.NewID(tx.Now)), Kind: kind, Subject: string(ids[0]), Purpose: "p", Recipient: "r", Content: "c", Items: 2, Withheld: 3, Version: version} // a proof bundle has none
			if _, err := tx.PutExport(e); err != nil {
				return err
			}
		}
		return nil
	})
	recoverSome(t, db)
	r := grow(t, db, seek(t, db, homeward.Main, addUser(t, db, homeward.RoleTracingOfficer)))
	given := photo()
	given.Request, given.Record = r.ID, r.Sought[0]
	given = keep(t, db, homeward.Operator, given, png)
	keep(t, db, homeward.Operator, homeward.Exhibit{Compartment: homeward.Main, Kind: homeward.ExhibitCrop, Parent: given.ID}, "smaller")
	lawyer := addUser(t, db, homeward.RoleLegalOfficer)
	e, record, list := cited(t, db, homeward.Main, lawyer)
	err := does(db, lawyer, func(tx *store.Tx) error {
		_, err := tx.PutCitation(homeward.Citation{Exhibit: e.ID, Record: record, Stance: homeward.StanceWithdrawn, Withdraws: list[0].ID, Reason: "misread"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	assessSome(t, db, homeward.Main, lawyer)
	if _, err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	if places := verifyPlaces(t, db); len(places) > 0 {
		t.Fatalf("findings before anything was changed: %v", places)
	}
	return db
}

// vandal changes a database behind the program's back, past every constraint that would stand in the way.
type vandal struct {
	db  *sql.DB
	row string // what names a row
}

func vandalOf(t *testing.T, s store.Settings) vandal {
	t.Helper()
	driver, address, row := "sqlite", "file:"+filepath.Join(s.Dir, "homeward.db")+"?_pragma=ignore_check_constraints(1)&_pragma=foreign_keys(0)", "rowid"
	if s.Database != "" {
		driver, address, row = "pgx", s.Database+"&session_replication_role=replica", "ctid"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if s.Database != "" {
		dropChecks(t, db)
	}
	return vandal{db, row}
}

// dropChecks drops what PostgreSQL cannot be told to ignore.
func dropChecks(t *testing.T, db *sql.DB) {
	t.Helper()
	rows, err := db.Query(`select conrelid::regclass::text, conname from pg_constraint where contype = 'c' and conrelid <> 0`)
	if err != nil {
		t.Fatal(err)
	}
	var drops []string
	for rows.Next() {
		var table, name string
		if err := rows.Scan(&table, &name); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(table, ".") {
			drops = append(drops, fmt.Sprintf("alter table %s drop constraint %s", table, name))
		}
	}
	rows.Close()
	for _, text := range drops {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// flip changes one bit of one value, and returns what it did and how to undo it.
func (v vandal) flip(t *testing.T, table, column string, rng *rand.Rand) (what string, undo func()) {
	t.Helper()
	rows, values := v.values(t, table, column)
	for range 1000 { // a flip that meets another row's key, or is no text in UTF-8, cannot be written: try another
		i := rng.IntN(len(rows))
		altered, bit := flipped(values[i], rng)
		row, err := v.set(table, column, rows[i], altered)
		if err != nil {
			continue
		}
		if f, ok := altered.(float64); ok && f == 0 { // SQLite keeps no sign of a zero: such a flip alters nothing
			if _, now := v.values(t, table, column); math.Float64bits(now[i].(float64)) == math.Float64bits(values[i].(float64)) {
				continue
			}
		}
		return fmt.Sprintf("%s.%s row %s bit %d", table, column, rows[i], bit), func() {
			if _, err := v.set(table, column, row, values[i]); err != nil {
				t.Fatalf("put %s.%s back: %v", table, column, err)
			}
		}
	}
	t.Fatalf("%s.%s: no bit can be flipped", table, column)
	return "", nil
}

// values returns every value of a column that is not empty, with the name of its row.
func (v vandal) values(t *testing.T, table, column string) (names []string, values []any) {
	t.Helper()
	rows, err := v.db.Query(fmt.Sprintf("select cast(%s as text), %s from %s", v.row, column, table))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var value any
		if err := rows.Scan(&name, &value); err != nil {
			t.Fatal(err)
		}
		if b, ok := value.([]byte); value != "" && (!ok || len(b) > 0) {
			names, values = append(names, name), append(values, value)
		}
	}
	if len(names) == 0 {
		t.Fatalf("%s.%s: nothing to change", table, column)
	}
	return names, values
}

// set writes a value and returns the name of its row, which PostgreSQL changes with every write.
func (v vandal) set(table, column, row string, value any) (moved string, err error) {
	where := v.row + " = $2"
	if v.row == "ctid" {
		where = "ctid = $2::tid"
	}
	text := fmt.Sprintf("update %s set %s = $1 where %s returning cast(%s as text)", table, column, where, v.row)
	return moved, v.db.QueryRow(text, value, row).Scan(&moved)
}

// flipped returns the value with one bit changed, and which.
func flipped(value any, rng *rand.Rand) (any, int) {
	switch x := value.(type) {
	case int64:
		bit := rng.IntN(62)
		return x ^ 1<<bit, bit
	case float64:
		bit := rng.IntN(64)
		return math.Float64frombits(math.Float64bits(x) ^ 1<<bit), bit
	case string:
		b, bit := flippedBytes([]byte(x), rng)
		return string(b), bit
	default:
		return flippedBytes(x.([]byte), rng)
	}
}

func flippedBytes(b []byte, rng *rand.Rand) ([]byte, int) {
	b = slices.Clone(b)
	bit := rng.IntN(len(b) * 8)
	b[bit/8] ^= 1 << (bit % 8)
	return b, bit
}

func verifyPlaces(t *testing.T, db *store.DB) []string {
	t.Helper()
	v, err := db.Verify(ctx, homeward.Operator, nil)
	if err != nil {
		t.Fatalf("verify: %v", err)
	}
	var places []string
	for _, f := range v.Findings {
		places = append(places, f.Place)
	}
	return places
}

func anyOf(places []string, want string) bool {
	for _, p := range places {
		for _, w := range strings.Fields(want) {
			if p == w {
				return true
			}
		}
	}
	return false
}

func TestCutOffEndOfTheLogIsFound(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db, v := fillForVerify(t, s), vandalOf(t, s)
		var last string
		if err := v.db.QueryRow("select entry from leaves order by idx desc limit 1").Scan(&last); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"delete from leaves where entry = $1", "delete from entries where id = $1"} {
			if _, err := v.db.Exec(text, last); err != nil {
				t.Fatal(err)
			}
		}
		if places := verifyPlaces(t, db); !anyOf(places, "checkpoints") {
			t.Errorf("found in %v", places)
		}
	})
}

// TestAVanishedRowIsFoundAndNamed deletes one row of each table that entries tell of.
func TestAVanishedRowIsFoundAndNamed(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db, v := fillForVerify(t, s), vandalOf(t, s)
		for _, table := range []string{"figures", "gazetteers", "models", "users", "repetitions", "marks", "batch_pairs", "batch_acts", "batches", "decisions", "opinions", "changes", "hashes", "records", "editions", "sources", "members", "assignments", "referrals", "glass", "compartments", "credentials", "recovery_checks", "recoveries", "requests", "request_moves", "consents", "determinations", "exports", "assessments"} {
			rows, _ := v.values(t, table, v.row)
			where := v.row + " = $1"
			if v.row == "ctid" {
				where = "ctid = $1::tid"
			}
			if _, err := v.db.Exec("delete from "+table+" where "+where, rows[0]); err != nil {
				t.Fatalf("%s: %v", table, err)
			}
			if places := verifyPlaces(t, db); !anyOf(places, strings.Replace(table, "changes", "changes records", 1)) {
				t.Errorf("a row of %s is gone; found in %v", table, places)
			}
		}
	})
}
