package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/webarchive"
	"github.com/homeward-registry/homeward/internal/webarchive/webarchivetest"
)

// TestACaptureIsSignedWhereThereIsARegister places a capture in a file without a register, and in both with one; the key is the one that the
// register names.
func TestACaptureIsSignedWhereThereIsARegister(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		page := webarchivetest.Page([]byte("<p>a list"), nil)
		placed := func(c capturePageCmd, db *store.DB) (webarchive.Report, captured) {
			var out, errs bytes.Buffer
			sh := &shell{Streams: Streams{Out: &out, Err: &errs}, ctx: context.Background()}
			sh.JSON = true
			if err := c.place(sh, db, page); err != nil {
				t.Fatal(err)
			}
			var told captured
			if err := json.Unmarshal(out.Bytes(), &told); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(c.Out)
			if err != nil {
				t.Fatal(err)
			}
			return webarchive.Read(bytes.NewReader(content), int64(len(content)), webarchive.Usual), told
		}
		dir := t.TempDir()
		if r, told := placed(capturePageCmd{Out: filepath.Join(dir, "bare.wacz")}, nil); r.Signature != nil || told.Key != "" {
			t.Errorf("signed without a register: %+v", r.Signature)
		}
		var keys []store.CaptureKey
		seen := func() {
			t.Helper()
			err := db.View(context.Background(), homeward.Operator, func(tx *store.Tx) (err error) {
				keys, err = tx.CaptureKeys()
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if seen(); len(keys) != 0 {
			t.Fatalf("%d keys before anything is signed", len(keys))
		}
		r, told := placed(capturePageCmd{Out: filepath.Join(dir, "kept.wacz"), Keep: true, In: homeward.Main, Class: homeward.ClassEvidence}, db)
		if seen(); len(keys) != 1 || r.Signature == nil || !r.Signature.Valid || r.Signature.Key != keys[0].Name || told.Key != keys[0].Name || told.Exhibit == "" {
			t.Errorf("%d keys; signature %+v; exhibit %q", len(keys), r.Signature, told.Exhibit)
		}
		if out := must(t, s, "capture", "key"); !strings.Contains(out, keys[0].Name) || strings.Count(out, "BEGIN PUBLIC KEY") != 1 {
			t.Errorf("capture key prints %q", out)
		}
		if out := must(t, s, "capture", "key", "--next"); strings.Count(out, "BEGIN PUBLIC KEY") != 2 {
			t.Errorf("capture key --next prints %q", out)
		}
		if r, _ := placed(capturePageCmd{Out: filepath.Join(dir, "next.wacz"), Sign: true}, db); r.Signature == nil || r.Signature.Key == keys[0].Name {
			t.Errorf("the next key does not sign: %+v", r.Signature)
		}
	})
}
