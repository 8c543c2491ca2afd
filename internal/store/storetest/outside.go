package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/ledger"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

// Stamped has a checkpoint of the register stamped by an authority "one", which it comes to trust.
func Stamped(t testing.TB, db *store.DB, checkpoint []byte) {
	t.Helper()
	authority := stamptest.New(t, "one", stamptest.ForStamps)
	request, err := stamp.NewRequest(checkpoint).DER()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := authority.Answer(request)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.ReadCheckpoint(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	operate(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutTrust(store.TrustAuthorities, []byte(authority.Text())), tx.PutStamp(store.Stamp{Size: c.Size, Authority: "one", Answer: answer}))
	})
}

// Witnessed has a checkpoint of the register cosigned by two of three witnesses of a policy that asks for two, and returns the keys of the
// three.
func Witnessed(t testing.TB, db *store.DB, checkpoint []byte) (verifiers []string) {
	t.Helper()
	c, err := ledger.ReadCheckpoint(checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	policy := "log " + db.Verifier() + "\n"
	var answers []store.Cosignature
	for _, name := range []string{"red", "blue", "tree"} {
		private, verifier, err := ledger.NewCosignerKey(name + ".example/w")
		if err != nil {
			t.Fatal(err)
		}
		w, err := ledger.NewCosigner(private)
		if err != nil {
			t.Fatal(err)
		}
		verifiers = append(verifiers, verifier)
		policy += "witness " + name + " " + verifier + " https://" + name + ".example/witness\n"
		answers = append(answers, store.Cosignature{Size: c.Size, Witness: verifier, Line: []byte(w.Cosign(c, time.Now()))})
	}
	policy += "# of two countries\ngroup two 2 red blue tree\nquorum two\n"
	operate(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutTrust(store.TrustPolicy, []byte(policy)), tx.PutCosignature(answers[0]), tx.PutCosignature(answers[1]))
	})
	return verifiers
}

// HandOver lets another key of the log follow. It is called once: the identity that names the key is trusted once.
func HandOver(t testing.TB, db *store.DB) {
	t.Helper()
	identity, verifier, err := ledger.NewKey("identity.example")
	if err != nil {
		t.Fatal(err)
	}
	operate(t, db, func(tx *store.Tx) error { return tx.PutTrust(store.TrustIdentity, []byte(verifier)) })
	statement, err := db.NextKey(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := ledger.SignSuccession(statement, identity)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Succeed(context.Background(), signed); err != nil {
		t.Fatal(err)
	}
}

func operate(t testing.TB, db *store.DB, do func(*store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), homeward.Operator, do); err != nil {
		t.Fatal(err)
	}
}
