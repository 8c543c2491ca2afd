package storetest

import (
	"context"
	"errors"
	"testing"

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
