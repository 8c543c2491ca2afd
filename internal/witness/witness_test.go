package witness_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/witness"
	"github.com/homeward-registry/homeward/ledger"
)

var ctx = context.Background()

// run starts a witness of a log over a folder, and returns its address and how to stop it.
func run(t *testing.T, dir, log string) (address string, stop func()) {
	t.Helper()
	w, err := witness.Open(dir, []string{log}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w)
	return server.URL, func() { server.Close(); w.Close() }
}

// made makes the folders of witnesses.
func made(t *testing.T, n int) (dirs, verifiers []string) {
	t.Helper()
	for i := range n {
		dir := t.TempDir()
		verifier, err := witness.Create(dir, fmt.Sprintf("w%d.example/witness", i))
		if err != nil {
			t.Fatal(err)
		}
		dirs, verifiers = append(dirs, dir), append(verifiers, verifier)
	}
	return dirs, verifiers
}

func setPolicy(t *testing.T, db *store.DB, verifiers, addresses []string) {
	t.Helper()
	text, names := "log "+db.Verifier()+"\n", ""
	for i, v := range verifiers {
		text += fmt.Sprintf("witness w%d %s %s\n", i, v, addresses[i])
		names += fmt.Sprintf(" w%d", i)
	}
	text += "group two 2" + names + "\nquorum two\n"
	update(t, db, func(tx *store.Tx) error { return tx.PutTrust(store.TrustPolicy, []byte(text)) })
}

func update(t *testing.T, db *store.DB, fn func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(ctx, homeward.Operator, fn); err != nil {
		t.Fatal(err)
	}
}

func publish(t *testing.T, db *store.DB) int64 {
	t.Helper()
	storetest.Put(t, db, "list", make([][]homeward.Claim, 3)...)
	text, err := db.Publish(ctx, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Size
}

// quorum reports whether the register's policy is satisfied at a size.
func quorum(t *testing.T, db *store.DB, size int64) (ok bool) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		p, err := tx.Policy()
		if err != nil {
			return err
		}
		text, err := tx.CosignedCheckpoint(size)
		if err != nil {
			return err
		}
		_, _, err = p.Open(text)
		ok = err == nil
		return nil
	})
	return ok
}

// TestTwoOfThreeWitnessesAreEnough: one is down; when it is back it is asked from where it stopped.
func TestTwoOfThreeWitnessesAreEnough(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		dirs, verifiers := made(t, 3)
		addresses := make([]string, 3)
		for i, dir := range dirs[:2] {
			var stop func()
			addresses[i], stop = run(t, dir, db.Verifier())
			defer stop()
		}
		addresses[2] = "http://127.0.0.1:9"
		setPolicy(t, db, verifiers, addresses)
		first := publish(t, db)
		if quorum(t, db, first) {
			t.Error("a quorum of nobody")
		}
		answers, err := witness.Collect(ctx, db, homeward.Operator, first)
		if err != nil || states(answers) != "cosigned cosigned unreachable" || !quorum(t, db, first) {
			t.Fatalf("%s: %v", states(answers), err)
		}
		address, stop := run(t, dirs[2], db.Verifier())
		defer stop()
		setPolicy(t, db, verifiers, []string{addresses[0], "", address})
		second := publish(t, db)
		answers, err = witness.Collect(ctx, db, homeward.Operator, second)
		if err != nil || states(answers) != "cosigned unaddressed cosigned" || !quorum(t, db, second) {
			t.Fatalf("%s: %v", states(answers), err)
		}
		if answers, err = witness.Collect(ctx, db, homeward.Operator, second); err != nil || states(answers) != "had unaddressed had" {
			t.Fatalf("%s: %v", states(answers), err)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("%v %v", v.Findings, err)
		}
	})
}

func states(answers []witness.Answer) string {
	var out []string
	for _, a := range answers {
		out = append(out, string(a.State))
	}
	return strings.Join(out, " ")
}

// TestARestoredOldBackupIsRefused: the witness saw more. Once the restored register has grown past that, its history is
// another, which is refused as well; each is an alarm, and nothing is published any more.
func TestARestoredOldBackupIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := store.Settings{Dir: dir}
	db := storetest.OpenAt(t, s)
	dirs, verifiers := made(t, 2)
	var addresses []string
	for _, d := range dirs {
		address, stop := run(t, d, db.Verifier())
		defer stop()
		addresses = append(addresses, address)
	}
	setPolicy(t, db, verifiers, addresses)
	collect(t, db, publish(t, db))
	backup := t.TempDir() + "/away.db"
	if _, err := db.Backup(ctx, store.To(backup)); err != nil {
		t.Fatal(err)
	}
	collect(t, db, publish(t, db))

	restored := store.Settings{Dir: t.TempDir()}
	copyFile(t, dir+"/passphrase", restored.Dir+"/passphrase")
	if v, err := store.Restore(ctx, restored, store.Saved{Data: backup, Keys: store.KeysFile(backup)}); err != nil || !v.OK() {
		t.Fatalf("%v %v", v.Findings, err)
	}
	old := storetest.Reopen(t, restored)
	for _, c := range []struct {
		kind store.AlarmKind
		size func() int64
	}{
		{store.AlarmRollback, func() int64 { return signed(t, old) }}, // smaller than what the witnesses saw
		{store.AlarmFork, func() int64 { return publish(t, old) }},    // as large, and another log
		{store.AlarmFork, func() int64 { return publish(t, old) }},    // larger
	} {
		if _, err := witness.Collect(ctx, old, homeward.Operator, c.size()); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("%s: %v", c.kind, err)
		}
		closeAlarm(t, old, c.kind)
	}
}

// signed signs the log as it is and returns its size.
func signed(t *testing.T, db *store.DB) int64 {
	t.Helper()
	text, err := db.Checkpoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Size
}

func collect(t *testing.T, db *store.DB, size int64) {
	t.Helper()
	if _, err := witness.Collect(ctx, db, homeward.Operator, size); err != nil {
		t.Fatal(err)
	}
}

func closeAlarm(t *testing.T, db *store.DB, kind store.AlarmKind) {
	t.Helper()
	if _, err := db.Publish(ctx, time.Time{}); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("published under an alarm: %v", err)
	}
	update(t, db, func(tx *store.Tx) error {
		list, err := tx.OpenAlarms()
		if err != nil || len(list) != 1 || list[0].Kind != kind {
			t.Fatalf("alarms %v, want %s: %v", list, kind, err)
		}
		return tx.CloseAlarm(list[0].ID, "for this test")
	})
}

// TestAWitnessSignsOneHistoryOnly speaks the protocol by hand: every status that the norm names.
func TestAWitnessSignsOneHistoryOnly(t *testing.T) {
	db, stranger := storetest.Open(t), storetest.Open(t)
	dirs, _ := made(t, 1)
	address, stop := run(t, dirs[0], db.Verifier())
	defer stop()
	small := publish(t, db)
	first := request(t, db, 0, small)
	large := publish(t, db)
	for _, c := range []struct {
		what    string
		request []byte
		status  int
	}{
		{"rubbish", []byte("old x\n"), http.StatusBadRequest},
		{"no bytes", nil, http.StatusBadRequest},
		{"a stranger's log", request(t, stranger, 0, publish(t, stranger)), http.StatusNotFound},
		{"an altered root", altered(request(t, db, 0, small)), http.StatusForbidden},
		{"an old size beyond the checkpoint", []byte(strings.Replace(string(first), "old 0", "old 999999", 1)), http.StatusBadRequest},
		{"a size it did not see", request(t, db, small, large), http.StatusConflict},
		{"the first", first, http.StatusOK},
		{"from the start again", first, http.StatusConflict},
		{"the same again", request(t, db, small, small), http.StatusOK},
		{"a proof of another size", withoutHash(request(t, db, small, large)), http.StatusUnprocessableEntity},
		{"the next", request(t, db, small, large), http.StatusOK},
		{"back to the smaller", request(t, db, small, small), http.StatusConflict},
	} {
		got, err := http.Post(address+"/add-checkpoint", "", strings.NewReader(string(c.request)))
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if got.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.what, got.StatusCode, c.status)
		}
		if c.status == http.StatusConflict && got.Header.Get("Content-Type") != "text/x.tlog.size" {
			t.Errorf("%s: the size is of type %s", c.what, got.Header.Get("Content-Type"))
		}
	}
	for path, status := range map[string]int{"/": http.StatusNotFound, "/add-checkpoint": http.StatusMethodNotAllowed} {
		got, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		got.Body.Close()
		if got.StatusCode != status {
			t.Errorf("GET %s: status %d", path, got.StatusCode)
		}
	}
	got, err := http.Post(address+"/add-checkpoint", "", strings.NewReader(strings.Repeat("x", 1<<20)))
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a megabyte: status %d", got.StatusCode)
	}
}

func request(t *testing.T, db *store.DB, old, size int64) (text []byte) {
	t.Helper()
	update(t, db, func(tx *store.Tx) error {
		checkpoint, err := tx.CheckpointAt(size)
		if err == nil {
			text, err = tx.ProveConsistency(old, checkpoint)
		}
		return err
	})
	return text
}

// altered changes the root of the request's checkpoint.
func altered(request []byte) []byte {
	lines := strings.Split(string(request), "\n")
	first := "A"
	if lines[4][0] == 'A' {
		first = "B"
	}
	lines[4] = first + lines[4][1:]
	return []byte(strings.Join(lines, "\n"))
}

// withoutHash takes the first hash out.
func withoutHash(request []byte) []byte {
	lines := strings.Split(string(request), "\n")
	return []byte(strings.Join(append(lines[:1:1], lines[2:]...), "\n"))
}

// TestRequestsAtTheSameTimeRollNothingBack sends many sizes at once: the memory ends at one of them, and every answer
// that was given is of one history.
func TestRequestsAtTheSameTimeRollNothingBack(t *testing.T) {
	db := storetest.Open(t)
	dirs, _ := made(t, 1)
	w, err := witness.Open(dirs[0], []string{db.Verifier()}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var sizes []int64
	for range 4 {
		sizes = append(sizes, publish(t, db))
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	signed := 0
	for _, size := range sizes {
		text := request(t, db, 0, size)
		for range 5 {
			wg.Go(func() {
				if _, err := w.Cosign(text); err == nil {
					mu.Lock()
					signed++
					mu.Unlock()
				} else if !witness.AnotherHistory(err) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if signed != 1 {
		t.Errorf("%d requests from nothing were answered", signed)
	}
}

func TestTwoWitnessesDoNotShareAFolder(t *testing.T) {
	dirs, _ := made(t, 1)
	db := storetest.Open(t)
	_, stop := run(t, dirs[0], db.Verifier())
	if _, err := witness.Open(dirs[0], []string{db.Verifier()}, time.Now); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("opened twice: %v", err)
	}
	stop()
	_, stop = run(t, dirs[0], db.Verifier())
	stop()
	if _, err := witness.Create(dirs[0], "again.example"); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("made twice: %v", err)
	}
	if _, err := witness.Open(t.TempDir(), []string{db.Verifier()}, time.Now); !errors.Is(err, homeward.ErrNotFound) {
		t.Errorf("opened nothing: %v", err)
	}
	if _, err := witness.Open(dirs[0], nil, time.Now); !errors.Is(err, homeward.ErrInvalid) {
		t.Errorf("opened without a log: %v", err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
