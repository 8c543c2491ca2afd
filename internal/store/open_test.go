package store_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func TestInitAgainKeepsEverything(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		storetest.Put(t, db, "list", claims("name.full", "a"))
		made, err := store.Init(ctx, s)
		if err != nil || made.Passphrase != "" || made.Verifier != db.Verifier() {
			t.Errorf("second init: %v", err)
		}
		db = storetest.Reopen(t, s)
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() || v.Records != 1 {
			t.Errorf("after second init: %v", err)
		}
	})
}

func TestOpenWithoutInitSaysWhatToDo(t *testing.T) {
	_, err := store.Open(ctx, store.Settings{Dir: t.TempDir()})
	if !errors.Is(err, homeward.ErrNotFound) || !strings.Contains(err.Error(), "homeward init") {
		t.Errorf("error: %v", err)
	}
}

func TestPassphraseFileIsPrivate(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	storetest.OpenAt(t, s)
	st, err := os.Stat(filepath.Join(s.Dir, "passphrase"))
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", st.Mode(), err)
	}
}

func TestBackupRestoresOnEitherDatabase(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		if _, err := db.Checkpoint(ctx); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "backup")
		if _, err := db.Backup(ctx, store.To(file)); err != nil {
			t.Fatalf("backup: %v", err)
		}
		if _, err := db.Backup(ctx, store.To(file)); !errors.Is(err, homeward.ErrConflict) {
			t.Errorf("backup over a backup: %v", err)
		}
		storetest.EachSettings(t, func(t *testing.T, to store.Settings) {
			copyFile(t, filepath.Join(s.Dir, "passphrase"), filepath.Join(to.Dir, "passphrase"))
			v, err := store.Restore(ctx, to, store.Saved{Data: file, Keys: store.KeysFile(file)})
			if err != nil || !v.OK() || v.Records != 2 || v.Checkpoints != 1 {
				t.Fatalf("restore: %+v, %v", v, err)
			}
			restored := storetest.Reopen(t, to)
			view(t, restored, func(tx *store.Tx) error { _, err := tx.RecordsByID(ids); return err })
			if _, err := store.Restore(ctx, to, store.Saved{Data: file, Keys: store.KeysFile(file)}); !errors.Is(err, homeward.ErrConflict) {
				t.Errorf("restore over a store: %v", err)
			}
		})
	})
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// keysOf opens the key database of a store behind its back.
func keysOf(t *testing.T, s store.Settings) *sql.DB {
	t.Helper()
	driver, address := "sqlite", "file:"+filepath.Join(s.Dir, "keys.db")
	if s.Keys != "" {
		driver, address = "pgx", s.Keys
	}
	keys, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keys.Close() })
	return keys
}

// TestKeysThatACrashLeftWithoutDataAreSwept writes two keys without data, as a crash would have: one long ago, one now.
func TestKeysThatACrashLeftWithoutDataAreSwept(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		ids := storetest.Put(t, db, "list", claims("name.full", "a"), claims("name.full", "b"))
		later := s
		later.Clock = func() time.Time { return time.Now().Add(time.Hour) } // by then every key is old
		keys := keysOf(t, s)
		orphan, young := homeward.NewID(time.Now()), homeward.NewID(time.Now().Add(2*time.Hour))
		for _, id := range []string{orphan, young} {
			if _, err := keys.Exec("insert into keys (id, compartment, wrapped) values ($1, 'main', $2)", id, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		again := storetest.Reopen(t, later)
		view(t, again, func(tx *store.Tx) error { _, err := tx.RecordsByID(ids); return err })
		for id, want := range map[string]int{orphan: 0, young: 1} {
			var have int
			if err := keys.QueryRow("select count(*) from keys where id = $1", id).Scan(&have); err != nil || have != want {
				t.Errorf("%d keys left, want %d: %v", have, want, err)
			}
		}
		if places := verifyPlaces(t, again); len(places) > 0 {
			t.Errorf("findings: %v", places)
		}
	})
}

// TestOpenRefusesADatabaseThatMayLoseWhatItAcknowledged turns off what durability rests on.
func TestOpenRefusesADatabaseThatMayLoseWhatItAcknowledged(t *testing.T) {
	s := storetest.Postgres(t)
	storetest.OpenAt(t, s).Close()
	db, err := sql.Open("pgx", s.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var name string
	if err := db.QueryRow("select current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("alter database " + name + " set synchronous_commit = off"); err != nil {
		t.Fatal(err)
	}
	if opened, err := store.Open(ctx, s); !errors.Is(err, homeward.ErrUnavailable) || !strings.Contains(err.Error(), "synchronous_commit") {
		t.Errorf("opened: %v, %v", opened != nil, err)
	}
}

// service stands for a key management service: it wraps with a key that never leaves it.
type service struct{ secret [32]byte }

func (k service) aead() cipher.AEAD {
	block, err := aes.NewCipher(k.secret[:])
	if err != nil {
		panic(err)
	}
	a, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return a
}

func (k service) Wrap(_ context.Context, plain, aad []byte) ([]byte, error) {
	return k.aead().Seal(nil, nil, plain, aad), nil
}

func (k service) Unwrap(_ context.Context, wrapped, aad []byte) ([]byte, error) {
	plain, err := k.aead().Open(nil, nil, wrapped, aad)
	if err != nil {
		return nil, homeward.ErrDenied
	}
	return plain, nil
}

// TestAServiceCanKeepTheRootSecret makes a store whose root is no file, and opens it with it only.
func TestAServiceCanKeepTheRootSecret(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		s.Root = service{[32]byte{1}}
		made, err := store.Init(ctx, s)
		if err != nil || made.Passphrase != "" {
			t.Fatalf("a passphrase file %q, %v", made.Passphrase, err)
		}
		if _, err := os.Stat(filepath.Join(s.Dir, "passphrase")); err == nil {
			t.Error("a passphrase file was made")
		}
		ids := storetest.Put(t, storetest.Reopen(t, s), "list", claims("name.full", "a"))
		view(t, storetest.Reopen(t, s), func(tx *store.Tx) error { _, err := tx.RecordsByID(ids); return err })
		other, none := s, s
		other.Root, none.Root = service{[32]byte{2}}, nil
		if _, err := store.Open(ctx, other); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("another service opens it: %v", err)
		}
		if _, err := store.Open(ctx, none); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("no service opens it: %v", err)
		}
	})
}
