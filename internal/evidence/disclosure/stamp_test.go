package disclosure_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
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
		storetest.Stamped(t, db, checkpoint)
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
		got := bundle.Verify(bytes.NewReader(b), db.Verifier())
		if got.Verdict != bundle.Verified || len(got.Stamps) != 1 || got.Stamps[0].By != "CN=one" {
			t.Errorf("%s %v, time-stamps %v", got.Verdict, got.Findings, got.Stamps)
		}
	})
}

// TestATimeStampUnderRootsThatWereReplacedStays has the operator name another root for the authority: what it stamped before cannot
// be checked under that one, so it is not enclosed, and the bundle is whole.
func TestATimeStampUnderRootsThatWereReplacedStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		checkpoint, err := db.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		storetest.Stamped(t, db, checkpoint)
		other := stamptest.New(t, "one", stamptest.ForStamps)
		if err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error { return tx.PutTrust(store.TrustAuthorities, []byte(other.Text())) }); err != nil {
			t.Fatal(err)
		}
		_, b := w.export(t, homeward.Operator, w.order(homeward.ExportPerson, w.person))
		got := bundle.Verify(bytes.NewReader(b), db.Verifier())
		if got.Verdict != bundle.Verified || len(got.Stamps) != 0 || len(files(t, b)["data/log/stamps/000001-1.tsr"]) != 0 {
			t.Errorf("%s %v, time-stamps %v", got.Verdict, got.Findings, got.Stamps)
		}
	})
}

// TestWhatWitnessesSaidGoesAlong has a checkpoint cosigned, exports what it covers, and asks both verifiers: they name the witnesses and say that
// they are enough. The addresses at which witnesses are asked stay.
func TestWhatWitnessesSaidGoesAlong(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		storetest.Require(t, "python3")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		checkpoint, err := db.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		keys := storetest.Witnessed(t, db, checkpoint)
		_, b := w.export(t, homeward.Operator, w.order(homeward.ExportPerson, w.person))
		got := bundle.Verify(bytes.NewReader(b), db.Verifier())
		if got.Verdict != bundle.Verified || got.Witnessed != 1 || !slices.Equal(got.Witnesses, keys) {
			t.Errorf("%s, %d witnessed, witnesses %v", got.Verdict, got.Witnessed, got.Witnesses)
		}
		if policy := string(files(t, b)["data/log/policy.txt"]); strings.Contains(policy, "https") || !strings.HasSuffix(policy, "quorum two\n") {
			t.Errorf("the policy is %q", policy)
		}
		folder := t.TempDir()
		for name, content := range map[string][]byte{"b.zip": b, "verify.py": bundle.Script} {
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(python, "-B", "verify.py", "b.zip", "--log", db.Verifier())
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "\n1 of ") || !strings.Contains(string(out), "witness\t"+keys[2]+"\n") {
			t.Errorf("verify.py: %v\n%s", err, out)
		}
	})
}

// TestAChildEnteredUnderAnOlderKeyLeavesAsABundle hands the log over between the entry and the export: the checkpoints that
// the older key signed go along, with the word of the identity, and both verifiers take them.
func TestAChildEnteredUnderAnOlderKeyLeavesAsABundle(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		storetest.Require(t, "openssl")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		storetest.Require(t, "python3")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		older := db.Verifier()
		checkpoint, err := db.Checkpoint(ctx)
		if err != nil {
			t.Fatal(err)
		}
		storetest.HandOver(t, db)
		_, b := w.export(t, homeward.Operator, w.order(homeward.ExportPerson, w.person))
		if got := files(t, b)["data/log/earlier/000001.txt"]; !bytes.Equal(got, checkpoint) || db.Verifier() == older {
			t.Error("the checkpoint that the older key signed is not in the bundle")
		}
		folder := t.TempDir()
		for name, content := range map[string][]byte{"b.zip": b, "verify.py": bundle.Script} {
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(python, "-B", "verify.py", "b.zip", "--log", db.Verifier())
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("verify.py: %v\n%s", err, out)
		}
	})
}
