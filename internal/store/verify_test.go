package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// proven lists every column that verify vouches for, and the place a finding must name.
var proven = []struct{ table, column, places string }{
	{"entries", "id", "entries leaves"}, {"entries", "type", "entries"}, {"entries", "object", "entries"},
	{"entries", "key", "entries keys"}, {"entries", "actor", "entries"}, {"entries", "role", "entries"},
	{"entries", "at", "entries"}, {"entries", "sealed", "entries"},
	{"leaves", "idx", "leaves"}, {"leaves", "entry", "leaves entries"}, {"leaves", "leaf", "leaves"},
	{"hashes", "pos", "hashes"}, {"hashes", "hash", "hashes"},
	{"checkpoints", "size", "checkpoints"}, {"checkpoints", "note", "checkpoints"},
	{"records", "sealed", "records"}, {"records", "source", "records"}, {"records", "edition", "records"},
	{"records", "line", "records"}, {"records", "state", "records"}, {"records", "reason", "records"},
	{"decisions", "sealed", "decisions"}, {"decisions", "judgement", "decisions"}, {"decisions", "actor", "decisions"},
	{"decisions", "at", "decisions"}, {"decisions", "pair", "decisions"}, {"decisions", "revoked_at", "decisions"},
	{"decisions", "weight", "decisions"}, {"decisions", "revocation", "decisions"},
}

// TestAnyFlippedBitIsFoundAndNamed flips one bit at a time, at random places of every proven column, in a copy of a
// register with records, decisions, a revocation and two checkpoints.
func TestAnyFlippedBitIsFoundAndNamed(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	fillForVerify(t, s)
	whole, err := os.ReadFile(filepath.Join(s.Dir, "homeward.db"))
	if err != nil {
		t.Fatal(err)
	}
	flips := 6
	if testing.Short() {
		flips = 1
	}
	rng := rand.New(rand.NewPCG(7, 11))
	for _, c := range proven {
		t.Run(c.table+"."+c.column, func(t *testing.T) {
			for range flips {
				if err := os.WriteFile(filepath.Join(s.Dir, "homeward.db"), whole, 0o600); err != nil {
					t.Fatal(err)
				}
				what := flipOneBit(t, filepath.Join(s.Dir, "homeward.db"), c.table, c.column, rng)
				if places := findings(t, s); !anyOf(places, c.places) {
					t.Errorf("%s: found in [%s], want one of %s", what, strings.Join(places, " "), c.places)
				}
			}
		})
	}
}

func fillForVerify(t *testing.T, s store.Settings) {
	t.Helper()
	db := storetest.OpenAt(t, s)
	ids := storetest.Put(t, db, "list", claims("name.full", "a", "birth.date", "2015"), claims("name.full", "b"), claims("name.full", "c"))
	if _, err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	update(t, db, func(tx *store.Tx) error { // one in quarantine, so that a reason can be changed too
		r, err := tx.Record(ids[0])
		if err != nil {
			return err
		}
		r.ID, r.State, r.Reason = homeward.RecordID(homeward.NewID(tx.Now)), homeward.RecordQuarantined, "quarantine.no_name"
		f := tx.Fingerprint("row", string(r.ID))
		return tx.PutRecords([]store.NewRecord{{Record: r, Key: f, Content: f, Change: homeward.ChangeAdded}})
	})
	for i, j := range []homeward.Judgement{homeward.Same, homeward.Different} {
		update(t, db, func(tx *store.Tx) error {
			d, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(ids[i], ids[i+1]), Judgement: j, Basis: homeward.BasisReview, Reason: "r", Weight: 1.5, Model: "m"})
			if err == nil && j == homeward.Different {
				err = tx.RevokeDecision(d.ID, "again")
			}
			return err
		})
	}
	if _, err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	if places := verifyPlaces(t, db); len(places) > 0 {
		t.Fatalf("findings before anything was changed: %v", places)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// flipOneBit changes one bit of one value behind the program's back and says which.
func flipOneBit(t *testing.T, path, table, column string, rng *rand.Rand) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=ignore_check_constraints(1)&_pragma=foreign_keys(0)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rowid int64
	var kind string
	var value []byte
	var number int64
	n := 0
	query := fmt.Sprintf("select count(*) from %s where length(%s) > 0", table, column)
	if err := db.QueryRow(query).Scan(&n); err != nil || n == 0 {
		t.Fatalf("%s.%s: %d values: %v", table, column, n, err)
	}
	query = fmt.Sprintf("select rowid, typeof(%[2]s), cast(%[2]s as blob), case when typeof(%[2]s) = 'integer' then %[2]s else 0 end from %[1]s where length(%[2]s) > 0 order by rowid limit 1 offset %[3]d", table, column, rng.IntN(n))
	if err := db.QueryRow(query).Scan(&rowid, &kind, &value, &number); err != nil {
		t.Fatalf("%s.%s: %v", table, column, err)
	}
	bit := 0
	switch kind {
	case "integer":
		for range 100 { // a flip that meets another row's key cannot be written: try another
			bit = rng.IntN(40)
			_, err = db.Exec(fmt.Sprintf("update %s set %s = $1 where rowid = $2", table, column), number^(1<<bit), rowid)
			if err == nil || !strings.Contains(err.Error(), "UNIQUE") {
				break
			}
			err = db.QueryRow(fmt.Sprintf("select rowid, %[2]s from %[1]s order by random() limit 1", table, column)).Scan(&rowid, &number)
		}
	case "real":
		_, err = db.Exec(fmt.Sprintf("update %[1]s set %[2]s = -%[2]s where rowid = $1", table, column), rowid)
	default:
		bit = rng.IntN(len(value) * 8)
		value[bit/8] ^= 1 << (bit % 8)
		_, err = db.Exec(fmt.Sprintf("update %s set %s = cast($1 as %s) where rowid = $2", table, column, kind), value, rowid)
	}
	if err != nil {
		t.Fatalf("%s.%s: %v", table, column, err)
	}
	return fmt.Sprintf("%s.%s row %d bit %d", table, column, rowid, bit)
}

// findings opens the store and returns the places verify names; a store that refuses to open for tampering counts.
func findings(t *testing.T, s store.Settings) []string {
	t.Helper()
	db, err := store.Open(ctx, s)
	if err != nil {
		return []string{"open: " + err.Error()}
	}
	defer db.Close()
	return verifyPlaces(t, db)
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
			if p == w || strings.HasPrefix(p, "open: ") {
				return true
			}
		}
	}
	return false
}

func TestCutOffEndOfTheLogIsFound(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	fillForVerify(t, s)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.Dir, "homeward.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"create temp table last as select entry from leaves order by idx desc limit 1",
		"delete from leaves where entry in (select entry from last)",
		"delete from entries where id in (select entry from last)",
	} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	db.Close()
	if places := findings(t, s); !anyOf(places, "checkpoints") {
		t.Errorf("found in %v", places)
	}
}
