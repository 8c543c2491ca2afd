package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

const (
	goingChildren = 8 // are erased, and one is not
	ofEachChild   = 3 // records, each with an exhibit
)

// going is a child whose erasure is due.
type going struct {
	erasure homeward.ErasureID
	records []homeward.RecordID
	traces  [][]byte // its wrapped keys
}

// TestAKilledErasureIsWholeOrHasNotBegun kills `erase run` with SIGKILL, as soon as the first file of a child is gone and at random moments.
// After each kill the next start leaves every child whole or gone: of one that is gone nothing is read, no key is in any file and no file
// of it is left; of one that waits every record and exhibit is there.
func TestAKilledErasureIsWholeOrHasNotBegun(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		children, kept := condemned(t, s)
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		chance := rand.New(rand.NewPCG(seed, 0))
		kills, inside := 0, 0
		for left := goingChildren; left > 0; {
			killed := killErasure(t, s, chance)
			before := left
			var finished bool
			left, finished = wholeOrGone(t, s, children, kept, killed)
			if !killed.IsZero() {
				kills++
			}
			if finished {
				inside++
			}
			if killed.IsZero() && left == before {
				t.Fatal("an erasure that is due is not carried out")
			}
		}
		t.Logf("%d kills, %d of them in the middle of an erasure", kills, inside)
		if inside == 0 {
			t.Error("no kill fell into the middle of an erasure: the test tests nothing")
		}
		nothingLeft(t, s, children)
	})
}

// condemned makes a register sixty days ago, with children whose erasure is due by now and one that is kept.
func condemned(t *testing.T, s store.Settings) (children []*going, kept homeward.RecordID) {
	t.Helper()
	past := s
	past.Clock = func() time.Time { return time.Now().Add(-60 * 24 * time.Hour) }
	db := storetest.OpenAt(t, past)
	defer db.Close()
	kept = storetest.Put(t, db, "list", invented("kept"))[0]
	for n := range goingChildren {
		var rows [][]homeward.Claim
		for range ofEachChild {
			rows = append(rows, invented(fmt.Sprint("child ", n)))
		}
		c := &going{records: storetest.Put(t, db, "list", rows...)}
		for _, record := range c.records {
			fileOf(t, db, record)
		}
		c.ask(t, db)
		children = append(children, c)
	}
	saved := filepath.Join(t.TempDir(), "saved")
	if _, err := db.Backup(t.Context(), store.To(saved)); err != nil {
		t.Fatal(err)
	}
	keys, err := os.ReadFile(store.KeysFile(saved))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range children {
		c.trace(t, keys)
	}
	return children, kept
}

func invented(name string) []homeward.Claim {
	return []homeward.Claim{{Path: homeward.PathNameFull, Value: name}}
}

// fileOf keeps a file about a record.
func fileOf(t *testing.T, db *store.DB, record homeward.RecordID) {
	t.Helper()
	got, err := db.Receive(t.Context(), homeward.Main, strings.NewReader("of "+string(record)))
	if err == nil {
		err = db.Update(t.Context(), homeward.Actor{ID: "custodian", Role: homeward.RoleEvidenceCustodian}, func(tx *store.Tx) error {
			_, err := tx.PutExhibit(homeward.Exhibit{Kind: homeward.ExhibitDocument, Record: record}, got, homeward.Custody{Purpose: "kept"})
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// ask brings the erasure of a child so far that it waits for its day.
func (c *going) ask(t *testing.T, db *store.DB) {
	t.Helper()
	steps := []struct {
		who string
		do  func(*store.Tx) error
	}{
		{"one", func(tx *store.Tx) error {
			e, err := tx.AskErasure(homeward.PersonID(c.records[0]), c.records, homeward.ErasureObjection, "asked")
			c.erasure = e.ID
			return err
		}},
		{"one", func(tx *store.Tx) error { return tx.CheckIdentity(c.erasure, "a passport") }},
		{"two", func(tx *store.Tx) error { return tx.ApproveErasure(c.erasure, "yes") }},
		{"three", func(tx *store.Tx) error { return tx.ApproveErasure(c.erasure, "yes") }},
	}
	for _, step := range steps {
		if err := db.Update(t.Context(), homeward.Actor{ID: homeward.UserID(step.who), Role: homeward.RoleSupervisor}, step.do); err != nil {
			t.Fatal(err)
		}
	}
}

// trace remembers the wrapped keys of a child's records, which stand behind id and compartment in the file of the keys.
func (c *going) trace(t *testing.T, keys []byte) {
	t.Helper()
	for _, record := range c.records {
		row := string(record) + string(homeward.Main)
		at := bytes.Index(keys, []byte(row))
		if at < 0 {
			t.Fatal("the key of a record is not in the backup of the keys")
		}
		wrapped := keys[at+len(row):]
		c.traces = append(c.traces, bytes.Clone(wrapped[10:40]))
	}
}

// killErasure starts the work and kills it, half of the time as soon as a file is gone. It returns when; zero when it was done before.
func killErasure(t *testing.T, s store.Settings, chance *rand.Rand) (at time.Time) {
	t.Helper()
	files := len(blobsOf(t, s))
	cmd := program(t, s, "erase", "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	moment := time.Now().Add(time.Duration(chance.Int64N(int64(500 * time.Millisecond))))
	first := chance.IntN(2) == 0
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("erase run: %v", err)
			}
			return time.Time{}
		default:
		}
		if first && len(blobsOf(t, s)) < files || !first && time.Now().After(moment) {
			at = time.Now()
			cmd.Process.Kill()
			if <-ended == nil {
				return time.Time{}
			}
			return at
		}
		time.Sleep(time.Millisecond / 2)
	}
}

func blobsOf(t *testing.T, s store.Settings) []fs.DirEntry {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(s.Dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// wholeOrGone starts the register again and looks at every child. It returns how many are left, and whether one was begun before the kill
// and finished after it.
func wholeOrGone(t *testing.T, s store.Settings, children []*going, kept homeward.RecordID, killed time.Time) (left int, finished bool) {
	t.Helper()
	db := storetest.Reopen(t, s)
	defer db.Close()
	for _, c := range children {
		e := erasureNow(t, db, c.erasure)
		there := 0
		for _, record := range c.records {
			there += readable(t, db, record)
		}
		switch e.State() {
		case homeward.ErasureWaiting:
			left++
			if there != 2*ofEachChild {
				t.Errorf("of a child that waits %d of %d records and files are there", there, 2*ofEachChild)
			}
		case homeward.ErasureGone:
			if there != 0 {
				t.Errorf("of a child that is gone %d records and files are there", there)
			}
			begun, done := e.Acts[len(e.Acts)-2], e.Acts[len(e.Acts)-1]
			finished = finished || begun.At.Before(killed) && done.At.After(killed)
		default:
			t.Errorf("an erasure is %s after a start", e.State())
		}
	}
	if readable(t, db, kept) != 1 {
		t.Error("another child is gone")
	}
	v, err := db.Verify(t.Context(), homeward.Operator, nil)
	if err != nil || !v.OK() {
		t.Fatalf("verify: %v, %v", err, v.Findings)
	}
	return left, finished
}

func erasureNow(t *testing.T, db *store.DB, id homeward.ErasureID) (e homeward.Erasure) {
	t.Helper()
	err := db.View(t.Context(), homeward.Operator, func(tx *store.Tx) (err error) {
		e, err = tx.Erasure(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// readable counts what can be read of a record: itself, and its exhibits.
func readable(t *testing.T, db *store.DB, record homeward.RecordID) (n int) {
	t.Helper()
	err := db.View(t.Context(), homeward.Operator, func(tx *store.Tx) error {
		n = 0
		_, err := tx.Record(record)
		if err == nil {
			n++
		} else if !errors.Is(err, homeward.ErrNotFound) {
			return err
		}
		files, err := tx.Exhibits(store.ExhibitFilter{Records: []homeward.RecordID{record}})
		n += len(files)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// nothingLeft looks for the keys of the children in every file of the register, and in a backup of it.
func nothingLeft(t *testing.T, s store.Settings, children []*going) {
	t.Helper()
	if files := blobsOf(t, s); len(files) != 0 {
		t.Errorf("%d files of exhibits are left", len(files))
	}
	away := t.TempDir()
	must(t, s, "backup", filepath.Join(away, "newest"))
	for _, dir := range []string{s.Dir, away} {
		for _, name := range filesBelow(t, dir) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range children {
				for _, trace := range c.traces {
					if bytes.Contains(text, trace) {
						t.Errorf("a destroyed key is in %s", filepath.Base(name))
					}
				}
			}
		}
	}
}

func filesBelow(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
