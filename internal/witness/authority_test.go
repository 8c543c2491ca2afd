package witness_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/witness"
	"github.com/homeward-registry/homeward/stamp/stamptest"
)

// TestTimeStampsAreAskedForUntilTheyAreThere: two authorities, one down and one that lies; then both are right.
func TestTimeStampsAreAskedForUntilTheyAreThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		one, two := stamptest.New(t, "one", stamptest.ForStamps), stamptest.New(t, "two", stamptest.ForStamps)
		size := publish(t, db)
		if states := stampAll(t, db, size); states != "" {
			t.Errorf("somebody was asked whom nobody named: %s", states)
		}
		update(t, db, func(tx *store.Tx) error {
			return tx.PutTrust(store.TrustAuthorities, []byte(one.Text()+two.Text()))
		})
		one.Down, two.Clock = true, func() time.Time { return time.Now().Add(1000 * time.Hour) }
		if states := stampAll(t, db, size); states != "unreachable unproven" {
			t.Error(states)
		}
		one.Down, two.Clock = false, time.Now
		if states := stampAll(t, db, size); states != "stamped stamped" {
			t.Error(states)
		}
		if states := stampAll(t, db, size); states != "had had" {
			t.Error(states)
		}
		// An authority that is not asked any more still said what it said.
		update(t, db, func(tx *store.Tx) error { return tx.PutTrust(store.TrustAuthorities, []byte(two.Text())) })
		update(t, db, func(tx *store.Tx) error {
			list, err := tx.Stamps(size)
			if len(list) != 2 || time.Since(list[0].At) > time.Hour {
				t.Errorf("%d time-stamps are kept", len(list))
			}
			list[0].Answer[len(list[0].Answer)-1] ^= 1
			if err := tx.PutStamp(list[0]); !errors.Is(err, homeward.ErrTampered) {
				t.Errorf("an altered time-stamp is kept: %v", err)
			}
			return err
		})
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("%v %v", v.Findings, err)
		}
	})
}

func stampAll(t *testing.T, db *store.DB, size int64) string {
	t.Helper()
	answers, err := witness.Stamp(ctx, db, homeward.Operator, size)
	if err != nil {
		t.Fatal(err)
	}
	return states(answers)
}
