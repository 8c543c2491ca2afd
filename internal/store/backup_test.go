package store_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// bare takes the database out of a file of a backup.
func bare(t *testing.T, file string) string {
	t.Helper()
	r, err := backup.Open(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		part, _, err := r.Next()
		if err != nil {
			t.Fatalf("the backup holds no database: %v", err)
		}
		if part != r.About.Kind.Database() {
			continue
		}
		text, err := io.ReadAll(r)
		out := filepath.Join(t.TempDir(), part)
		if err == nil {
			err = os.WriteFile(out, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// away is a register with exhibits that was backed up, each file to its own keeper.
type away struct {
	*testing.T
	db         *store.DB
	dir        string // where the backup is
	from       store.Saved
	exhibits   []homeward.Exhibit
	signer     []byte // of captures: the public key
	data, keys backup.Identities
}

const exhibitSize = 3<<20 + 17 // more than one segment

func backedUp(t *testing.T, s store.Settings) *away {
	t.Helper()
	a := &away{T: t, db: storetest.OpenAt(t, s), dir: t.TempDir()}
	storetest.Put(t, a.db, "list", claims("name.full", "a"), claims("name.full", "b"))
	for i := range 3 {
		a.exhibits = append(a.exhibits, keepExhibit(t, a.db, bytes.Repeat([]byte{byte(i)}, exhibitSize*i)))
	}
	a.signer = signerOf(t, a.db)
	toData, data, err := backup.Throwaway()
	toKeys, keys, err2 := backup.Throwaway()
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	a.data, a.keys = data, keys
	a.from = store.Saved{
		Data: filepath.Join(a.dir, "away"), Keys: filepath.Join(a.dir, "away.keys"),
		Identities: slices.Concat(data, keys), Passphrase: filepath.Join(s.Dir, "passphrase"),
	}
	made, err := a.db.Backup(ctx, store.Away{Data: a.from.Data, Keys: a.from.Keys, DataTo: toData, KeysTo: toKeys})
	if err != nil || made.Exhibits != 3 || len(made.Missing) != 0 || made.DataSize < 3*exhibitSize || made.KeysSize == 0 {
		t.Fatalf("backup: %+v, %v", made, err)
	}
	a.tidy(s.Dir)
	return a
}

// tidy fails when a working folder or an unfinished file is left.
func (a *away) tidy(dirs ...string) {
	a.Helper()
	for _, dir := range append(dirs, a.dir) {
		if left, err := filepath.Glob(filepath.Join(dir, "*.partial")); err != nil || len(left) > 0 {
			a.Errorf("%d left over: %v", len(left), err)
		}
	}
}

func keepExhibit(t *testing.T, db *store.DB, content []byte) homeward.Exhibit {
	t.Helper()
	got, err := db.Receive(ctx, homeward.Main, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	e := homeward.Exhibit{Kind: homeward.ExhibitDocument}
	operate(t, db, func(tx *store.Tx) (err error) {
		e, err = tx.PutExhibit(e, got, homeward.Custody{})
		return err
	})
	return e
}

// TestABackupBringsExhibitsBack to either database, each file opened by its own keeper's key.
func TestABackupBringsExhibitsBack(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		a := backedUp(t, s)
		storetest.EachSettings(t, func(t *testing.T, to store.Settings) {
			found, err := store.Restore(ctx, to, a.from)
			if err != nil || !found.Whole() || found.Exhibits != 3 || found.Records != 2 {
				t.Fatalf("restore: %+v, %v", found, err)
			}
			restored := storetest.Reopen(t, to)
			for i, e := range a.exhibits {
				_, bytes, err := restored.ReadExhibit(ctx, homeward.Operator, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to compare"})
				if err != nil {
					t.Fatal(err)
				}
				n, err := io.Copy(io.Discard, bytes)
				if err = errors.Join(err, bytes.Close()); err != nil || n != int64(exhibitSize*i) {
					t.Errorf("exhibit %d has %d bytes: %v", i, n, err)
				}
			}
			if !bytes.Equal(signerOf(t, restored), a.signer) || len(captureKeys(t, restored)) != 1 {
				t.Error("captures are signed with another key than before")
			}
			a.tidy(to.Dir)
		})
	})
}

// TestWhatIsNoBackupWritesNothing restores from files that are cut, altered, empty, swapped, of others, older, or not for us.
func TestWhatIsNoBackupWritesNothing(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	a := backedUp(t, s)
	other := backedUp(t, store.Settings{Dir: t.TempDir()})
	_, stranger, err := backup.Throwaway()
	if err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	time.Sleep(time.Millisecond) // so that it is younger
	storetest.Put(t, a.db, "list", claims("name.full", "c"))
	if _, err := a.db.Backup(ctx, store.To(plain)); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("a list of names\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	edited := func(file string, edit func([]byte) []byte) string {
		content, err := os.ReadFile(file)
		out := filepath.Join(t.TempDir(), "edited")
		if err == nil {
			err = os.WriteFile(out, edit(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:len(b)-n] } }
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at+len(b))%len(b)] ^= 4; return b }
	}
	empty := func([]byte) []byte { return nil }
	with := func(data, keys string, ids ...backup.Identities) store.Saved {
		return store.Saved{Data: data, Keys: keys, Identities: slices.Concat(ids...), Passphrase: a.from.Passphrase}
	}
	d, k, both := a.from.Data, a.from.Keys, a.from.Identities
	pd, pk := plain, store.KeysFile(plain)
	mid := exhibitSize
	cases := map[string]struct {
		from store.Saved
		want error
	}{
		"data cut by a byte":            {with(edited(d, cut(1)), k, both), homeward.ErrTampered},
		"data cut by much":              {with(edited(d, cut(mid)), k, both), homeward.ErrTampered},
		"plain data cut by its trailer": {with(edited(pd, cut(83)), pk), homeward.ErrTampered},
		"plain data cut by much":        {with(edited(pd, cut(mid)), pk), homeward.ErrTampered},
		"plain data extended":           {with(edited(pd, func(b []byte) []byte { return append(b, 'x') }), pk), homeward.ErrTampered},
		"a bit of the data":             {with(edited(d, flip(mid)), k, both), homeward.ErrTampered},
		"a bit of plain data":           {with(edited(pd, flip(mid)), pk), homeward.ErrTampered},
		"a bit of the plain head":       {with(edited(pd, flip(600)), pk), homeward.ErrTampered},
		"a bit of the plain trailer":    {with(edited(pd, flip(-5)), pk), homeward.ErrTampered},
		"a bit of the keys":             {with(d, edited(k, flip(-9)), both), homeward.ErrTampered},
		"a bit of plain keys":           {with(pd, edited(pk, flip(9000))), homeward.ErrTampered},
		"empty data":                    {with(edited(d, empty), k, both), homeward.ErrTampered},
		"empty keys":                    {with(d, edited(k, empty), both), homeward.ErrTampered},
		"no identity":                   {with(d, k), homeward.ErrDenied},
		"another's identity":            {with(d, k, stranger), homeward.ErrDenied},
		"the keeper of the keys alone":  {with(d, k, a.keys), homeward.ErrDenied},
		"the keeper of the data alone":  {with(d, k, a.data), homeward.ErrDenied},
		"swapped":                       {with(k, d, both), homeward.ErrInvalid},
		"the data twice":                {with(d, d, both), homeward.ErrInvalid},
		"the keys twice":                {with(pk, pk), homeward.ErrInvalid},
		"another register's keys":       {with(d, other.from.Keys, both, other.from.Identities), homeward.ErrInvalid},
		"older keys":                    {with(pd, k, both), homeward.ErrInvalid},
		"swapped and of old":            {with(bare(t, pk), bare(t, pd)), homeward.ErrInvalid},
		"a text":                        {with(text, text), homeward.ErrTampered},
		"not there":                     {with(d+"x", k, both), homeward.ErrNotFound},
		"another passphrase":            {store.Saved{Data: d, Keys: k, Identities: both, Passphrase: other.from.Passphrase}, homeward.ErrDenied},
		"no passphrase":                 {store.Saved{Data: d, Keys: k, Identities: both}, homeward.ErrNotFound},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			to := store.Settings{Dir: filepath.Join(t.TempDir(), "to")}
			_, err := store.Restore(ctx, to, c.from)
			if !errors.Is(err, c.want) {
				t.Errorf("it fails with %v, not with %v", err, c.want)
			}
			if _, err := os.Stat(to.Dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something was written: %v", err)
			}
		})
	}
	to := store.Settings{Dir: filepath.Join(t.TempDir(), "to")}
	if found, err := store.Restore(ctx, to, with(d, pk, both)); err != nil || !found.Whole() || found.Records != 2 {
		t.Errorf("with younger keys: %v", err)
	}
}

// TestExhibitsThatAreNotWholeAreNamed backs a register up that lost the bytes of one exhibit and holds others of another.
func TestExhibitsThatAreNotWholeAreNamed(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		a := backedUp(t, s)
		lost, altered := a.exhibits[1], a.exhibits[2]
		blob := filepath.Join(s.Dir, "blobs", altered.Blob)
		content, err := os.ReadFile(blob)
		if err == nil {
			content[exhibitSize] ^= 1
			err = errors.Join(os.WriteFile(blob, content, 0o600), os.Remove(filepath.Join(s.Dir, "blobs", lost.Blob)))
		}
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "later")
		made, err := a.db.Backup(ctx, store.To(file))
		if err != nil || made.Exhibits != 2 || !slices.Equal(made.Missing, []homeward.ExhibitID{lost.ID}) {
			t.Fatalf("backup: %+v, %v", made, err)
		}
		to := store.Settings{Dir: t.TempDir()}
		found, err := store.Restore(ctx, to, store.Saved{Data: file, Keys: store.KeysFile(file), Passphrase: a.from.Passphrase})
		if err != nil || !found.OK() || found.Whole() || found.Exhibits != 1 ||
			!slices.Equal(found.Missing, []homeward.ExhibitID{lost.ID}) || !slices.Equal(found.Damaged, []homeward.ExhibitID{altered.ID}) {
			t.Errorf("restore: %+v, %v", found, err)
		}
		storetest.Reopen(t, to) // the rest is served
	})
}

// TestWorkingFoldersOfKilledProcessesAreSwept leaves one of yesterday and one of now, in a folder whose name is no pattern.
func TestWorkingFoldersOfKilledProcessesAreSwept(t *testing.T) {
	s := store.Settings{Dir: filepath.Join(t.TempDir(), "reg[1")}
	storetest.OpenAt(t, s).Close()
	old, fresh := filepath.Join(s.Dir, "backup-1.partial"), filepath.Join(s.Dir, "drill-2.partial")
	yesterday := time.Now().Add(-25 * time.Hour)
	for _, dir := range []string{old, fresh} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(old, "keys.db"), []byte("k"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	storetest.Reopen(t, s)
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old one: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("the fresh one: %v", err)
	}
}
