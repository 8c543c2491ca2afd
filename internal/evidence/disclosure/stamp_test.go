package disclosure_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/ledger"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

// TestATimeStampGoesAlong has a checkpoint stamped, exports what it covers, and checks the stamp as the page for the court says.
func TestATimeStampGoesAlong(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		storetest.Require(t, "openssl")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		checkpoint, err := db.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ledger.ReadCheckpoint(checkpoint)
		if err != nil {
			t.Fatal(err)
		}
		authority := stamptest.New(t, "one", stamptest.ForStamps)
		request, err := stamp.NewRequest(checkpoint).DER()
		if err != nil {
			t.Fatal(err)
		}
		answer, err := authority.Answer(request)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
			if err := tx.PutTrust(store.TrustAuthorities, []byte(authority.Text())); err != nil {
				return err
			}
			return tx.PutStamp(store.Stamp{Size: c.Size, Authority: "one", Answer: answer})
		})
		if err != nil {
			t.Fatal(err)
		}
		_, b := w.export(t, homeward.Operator, w.order(homeward.ExportPerson, w.person))
		folder := t.TempDir()
		for name, at := range map[string]string{"data": "data/log/earlier/000001.txt", "tsr": "data/log/stamps/000001-1.tsr", "pem": "data/log/stamps/000001-1.pem"} {
			content := files(t, b)[at]
			if len(content) == 0 {
				t.Fatalf("the bundle has no %s", at)
			}
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(openssl, "ts", "-verify", "-data", "data", "-in", "tsr", "-CAfile", "pem")
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("openssl: %v\n%s", err, out)
		}
	})
}
