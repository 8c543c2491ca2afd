package store_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// captureKeys returns the keys that sign captures.
func captureKeys(t *testing.T, db *store.DB) (list []store.CaptureKey) {
	t.Helper()
	err := db.View(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		list, err = tx.CaptureKeys()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func signerOf(t *testing.T, db *store.DB) []byte {
	t.Helper()
	key, err := db.CaptureSigner(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return key.Public()
}

// TestOneKeySignsCapturesUntilAnotherFollows has many ask for the first at the same time, opens the register anew, and lets another follow.
func TestOneKeySignsCapturesUntilAnotherFollows(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		if list := captureKeys(t, db); len(list) != 0 {
			t.Fatalf("%d keys before any was asked for", len(list))
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := db.CaptureSigner(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		first := signerOf(t, db)
		db.Close()
		db = storetest.Reopen(t, s)
		if list := captureKeys(t, db); len(list) != 1 || !bytes.Equal(list[0].Public, first) || !bytes.Equal(signerOf(t, db), first) {
			t.Fatalf("%d keys, or another one", len(list))
		}
		clerk := addUser(t, db, homeward.RoleEvidenceCustodian)
		if err := db.Update(ctx, clerk, (*store.Tx).PutCaptureKey); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("a custodian makes a key: %v", err)
		}
		operate(t, db, (*store.Tx).PutCaptureKey)
		list := captureKeys(t, db)
		if next := signerOf(t, db); len(list) != 2 || bytes.Equal(next, first) || !bytes.Equal(list[1].Public, next) || !bytes.Equal(list[0].Public, first) {
			t.Errorf("%d keys, or the newest does not sign", len(list))
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %v", v.Findings, err)
		}
	})
}

// TestACaptureKeyLiesSealed looks for its secret half in the files, and takes away what opens it: no other is made in silence.
func TestACaptureKeyLiesSealed(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		key, err := db.CaptureSigner(ctx)
		if err != nil {
			t.Fatal(err)
		}
		private, err := key.Private()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParsePKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		scalar, err := parsed.(*ecdsa.PrivateKey).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		v := vandalOf(t, s)
		var sealed []byte
		if err := v.db.QueryRow("select sealed from capture_keys").Scan(&sealed); err != nil || bytes.Contains(sealed, scalar) {
			t.Errorf("the secret lies open: %v", err)
		}
		files, _ := filepath.Glob(filepath.Join(s.Dir, "*.db*"))
		for _, file := range files {
			if text, err := os.ReadFile(file); err != nil || bytes.Contains(text, scalar) {
				t.Errorf("the secret lies open in %s: %v", filepath.Base(file), err)
			}
		}
		keys := keysOf(t, s)
		if _, err := keys.Exec("delete from keys where id = '" + captureKeys(t, db)[0].ID + "'"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.CaptureSigner(ctx); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("signs without what opens the key: %v", err)
		}
		if list := captureKeys(t, db); len(list) != 1 {
			t.Errorf("%d keys", len(list))
		}
	})
}
