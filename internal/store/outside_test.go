package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/ledger"
)

// outsideProven lists every column about the log's dealings with the outside that verify vouches for.
var outsideProven = []struct{ table, columns, places string }{
	{"trusts", "kind at body", "trusts"},
	{"publications", "size at", "publications"},
	{"cosignatures", "size witness line at", "cosignatures"},
	{"stamps", "size authority token at", "stamps"},
	{"successions", "size verifier statement handover at", "successions"},
	{"capture_keys", "public at sealed", "capture_keys"},
	{"alarms", "kind mark at closed_at closed_by reason", "alarms"},
}

// TestAnyFlippedBitOfWhatWitnessesSaidIsFound flips bits of those tables as the test of the others does.
func TestAnyFlippedBitOfWhatWitnessesSaidIsFound(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		witnessed(t, db)
		v := vandalOf(t, s)
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		rng := rand.New(rand.NewPCG(seed, 0))
		for _, c := range outsideProven {
			for column := range strings.FieldsSeq(c.columns) {
				for range 4 {
					what, undo := v.flip(t, c.table, column, rng)
					if places := verifyPlaces(t, db); !anyOf(places, c.places) {
						t.Errorf("%s: found in %v, want one of %s", what, places, c.places)
					}
					undo()
				}
			}
			rows, _ := v.values(t, c.table, "id")
			v.exec(t, "create table kept as select * from "+c.table)
			v.exec(t, "delete from "+c.table)
			if places := verifyPlaces(t, db); len(rows) == 0 || !anyOf(places, c.places) {
				t.Errorf("the rows of %s are gone; found in %v", c.table, places)
			}
			v.exec(t, "insert into "+c.table+" select * from kept")
			v.exec(t, "drop table kept")
		}
		if places := verifyPlaces(t, db); len(places) > 0 {
			t.Errorf("findings after everything was put back: %v", places)
		}
	})
}

func (v vandal) exec(t *testing.T, text string) {
	t.Helper()
	if _, err := v.db.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// witnessed publishes a register with a policy, a cosignature, and an alarm of each life.
func witnessed(t *testing.T, db *store.DB) (policy ledger.Policy) {
	t.Helper()
	storetest.Put(t, db, "list", claims("name.full", "a"))
	private, verifier, err := ledger.NewCosignerKey("red.example/w")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("log %s\nwitness red %s\nquorum red\n", db.Verifier(), verifier)
	operate(t, db, func(tx *store.Tx) error { return tx.PutTrust(store.TrustPolicy, []byte(text)) })
	signed := publish(t, db)
	key, err := ledger.NewCosigner(private)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ledger.ReadCheckpoint(signed)
	if err != nil {
		t.Fatal(err)
	}
	line := []byte(key.Cosign(c, db.Now()))
	for range 2 {
		operate(t, db, func(tx *store.Tx) error {
			return tx.PutCosignature(store.Cosignature{Size: c.Size, Witness: verifier, Line: line})
		})
	}
	storetest.Stamped(t, db, signed)
	operate(t, db, func(tx *store.Tx) error {
		if _, err := tx.Identity(); err == nil {
			t.Error("an identity is trusted from the start")
		}
		return nil
	})
	storetest.HandOver(t, db)
	if _, err := db.CaptureSigner(ctx); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []store.AlarmKind{store.AlarmFork, store.AlarmEdited} {
		if err := db.Raise(ctx, kind, 7); err != nil {
			t.Fatal(err)
		}
	}
	operate(t, db, func(tx *store.Tx) error {
		alarms, err := tx.OpenAlarms()
		if err != nil {
			return err
		}
		if policy, err = tx.Policy(); err != nil {
			return err
		}
		text, err := tx.CosignedCheckpoint(c.Size)
		if err != nil {
			return err
		}
		if _, by, err := policy.Open(text); err != nil || len(by) != 1 {
			t.Errorf("the policy is not satisfied: %v", err)
		}
		return tx.CloseAlarm(alarms[0].ID, "understood")
	})
	if places := verifyPlaces(t, db); len(places) > 0 {
		t.Fatalf("findings before anything was changed: %v", places)
	}
	return policy
}

// TestTheOldKeySpeaksForWhatItSigned: checkpoints of before and after a handover verify, on this server and on one that
// was open meanwhile and goes on with the new key by itself.
func TestTheOldKeySpeaksForWhatItSigned(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		storetest.Put(t, db, "list", claims("name.full", "a"))
		other, first := storetest.Reopen(t, s), db.Verifier()
		checkpoint(t, db)
		storetest.HandOver(t, db)
		storetest.Put(t, other, "list", claims("name.full", "b"))
		checkpoint(t, other)
		if db.Verifier() == first || other.Verifier() != db.Verifier() || other.LogKeys().Newest() != db.Verifier() {
			t.Error("not every server knows the new key")
		}
		if v, err := other.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() || v.Checkpoints != 2 {
			t.Errorf("%d checkpoints: %v %v", v.Checkpoints, v.Findings, err)
		}
		db.Close()
		if v, err := storetest.Reopen(t, s).Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("after a restart: %v %v", v.Findings, err)
		}
		vandalOf(t, s).exec(t, "delete from successions")
		if places := verifyPlaces(t, other); !anyOf(places, "successions") {
			t.Errorf("without the succession: found in %v", places)
		}
	})
}

// stamped keeps a time-stamp over a checkpoint.
func publish(t *testing.T, db *store.DB) []byte {
	t.Helper()
	text, err := db.Publish(ctx, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func sizeOf(t *testing.T, text []byte) int64 {
	t.Helper()
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		t.Fatal(err)
	}
	return c.Size
}

// TestWhatIsPublishedTellsNothingOfTheWork: the size of a busy day and of one on which nobody came are the same.
func TestWhatIsPublishedTellsNothingOfTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Put(t, db, "list", make([][]homeward.Claim, 40)...)
		for day, rows := range []int{0, 1, 200} {
			if rows > 0 {
				storetest.Put(t, db, "list", make([][]homeward.Claim, rows)...)
			}
			if size := sizeOf(t, publish(t, db)); size != int64(256*(day+1)) {
				t.Errorf("day %d: %d leaves were published", day, size)
			}
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("%v %v", v.Findings, err)
		}
	})
}

// TestAnOldCopyOfTheDataIsNotSigned puts yesterday's data beside today's keys.
func TestAnOldCopyOfTheDataIsNotSigned(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	db := storetest.OpenAt(t, s)
	storetest.Put(t, db, "list", claims("name.full", "a"))
	checkpoint(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.Dir, "homeward.db")
	yesterday, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	db = storetest.Reopen(t, s)
	storetest.Put(t, db, "list", claims("name.full", "b"), claims("name.full", "c"))
	checkpoint(t, db)
	db.Close()
	if err := os.WriteFile(path, yesterday, 0o600); err != nil {
		t.Fatal(err)
	}
	db = storetest.Reopen(t, s)
	refuses(t, db, store.AlarmRollback)
	storetest.Put(t, db, "list", make([][]homeward.Claim, 20)...) // grown past what was signed: another history now
	refuses(t, db, store.AlarmFork)
}

func checkpoint(t *testing.T, db *store.DB) {
	t.Helper()
	if _, err := db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
}

// refuses checks that nothing is signed or published, and that an alarm says why.
func refuses(t *testing.T, db *store.DB, kind store.AlarmKind) {
	t.Helper()
	if _, err := db.Checkpoint(ctx); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("signed all the same: %v", err)
	}
	if _, err := db.Publish(ctx, time.Time{}); !errors.Is(err, homeward.ErrTampered) {
		t.Errorf("published all the same: %v", err)
	}
	if !alarms(t, db)[kind] {
		t.Errorf("no alarm %s stands", kind)
	}
}

func alarms(t *testing.T, db *store.DB) map[store.AlarmKind]bool {
	t.Helper()
	out := map[store.AlarmKind]bool{}
	operate(t, db, func(tx *store.Tx) error {
		list, err := tx.OpenAlarms()
		for _, a := range list {
			if out[a.Kind] {
				t.Errorf("two alarms %s stand", a.Kind)
			}
			out[a.Kind] = true
		}
		return err
	})
	return out
}

// TestAnEditedLogIsNotSigned edits the tables behind an open register: the hash that is the root of 16 leaves.
func TestAnEditedLogIsNotSigned(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		storetest.Put(t, db, "list", make([][]homeward.Claim, 13)...)
		checkpoint(t, db)
		vandalOf(t, s).exec(t, "update hashes set hash = (select hash from hashes where pos = 0) where pos = 30")
		storetest.Put(t, db, "list", claims("name.full", "b"))
		refuses(t, db, store.AlarmEdited)
	})
}

// TestAClockSetBackIsMarked: acts go on and say so themselves, nothing is given out, and who closes the alarm says that
// the clock is right now.
func TestAClockSetBackIsMarked(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		var mu sync.Mutex
		now := time.Now()
		s.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
		set := func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
		db := storetest.OpenAt(t, s)
		storetest.Put(t, db, "list", claims("name.full", "a"))
		set(-time.Second)
		storetest.Put(t, db, "list", claims("name.full", "b"))
		if len(alarms(t, db)) > 0 {
			t.Error("a second is an alarm")
		}
		set(-time.Hour)
		if _, err := db.Publish(ctx, time.Time{}); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("published under a clock that was set back: %v", err)
		}
		storetest.Put(t, db, "list", claims("name.full", "c"))
		if !alarms(t, db)[store.AlarmClock] {
			t.Fatal("no alarm stands")
		}
		if marked, all := behindClock(t, db); marked == 0 || marked == all {
			t.Errorf("%d of %d entries say that the clock stood behind", marked, all)
		}
		db.Close()
		db = storetest.Reopen(t, s) // a new process knows it as well
		if _, err := db.Publish(ctx, time.Time{}); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("published after a restart: %v", err)
		}
		operate(t, db, func(tx *store.Tx) error {
			list, err := tx.OpenAlarms()
			if err != nil {
				return err
			}
			if err := tx.CloseAlarm(list[0].ID, ""); !errors.Is(err, homeward.ErrInvalid) {
				t.Errorf("closed without a reason: %v", err)
			}
			return tx.CloseAlarm(list[0].ID, "it was an hour fast")
		})
		set(time.Minute)
		storetest.Put(t, db, "list", claims("name.full", "d"))
		if len(alarms(t, db)) > 0 {
			t.Error("the alarm came back")
		}
		publish(t, db)
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("%v %v", v.Findings, err)
		}
	})
}

// behindClock counts the entries whose payloads say that the clock stood behind.
func behindClock(t *testing.T, db *store.DB) (marked, all int) {
	t.Helper()
	operate(t, db, func(tx *store.Tx) error {
		entries, err := tx.EntriesAfter(-1, 1000)
		for _, e := range entries {
			p, _, err := tx.Payload(e.ID)
			if err != nil {
				return err
			}
			if all++; strings.HasPrefix(p.Source["clock"], "behind ") {
				marked++
			}
		}
		return err
	})
	return marked, all
}

// TestOneSequencerAtATime: two open registers over one database write, sign and publish at once, and make one log.
func TestOneSequencerAtATime(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		servers := []*store.DB{storetest.OpenAt(t, s), storetest.Reopen(t, s)}
		var wg sync.WaitGroup
		for i, db := range servers {
			wg.Go(func() {
				for range 8 {
					storetest.Put(t, db, fmt.Sprint("list", i), claims("name.full", "a"), claims("name.full", "b"))
					if _, err := db.Checkpoint(ctx); err != nil {
						t.Errorf("checkpoint: %v", err)
					}
					if _, err := db.Publish(ctx, time.Time{}); err != nil && !errors.Is(err, homeward.ErrUnavailable) {
						t.Errorf("publish: %v", err)
					}
				}
			})
		}
		wg.Wait()
		if v, err := servers[0].Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("%v %v", v.Findings, err)
		}
		if len(alarms(t, servers[1])) > 0 {
			t.Error("two servers on one database are an alarm")
		}
	})
}

// TestASecondSequencerIsStopped writes leaves of its own behind the program's back, as a sequencer would that holds no
// lock: what it wrote over is never signed.
func TestASecondSequencerIsStopped(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		db := storetest.OpenAt(t, s)
		storetest.Put(t, db, "list", make([][]homeward.Claim, 5)...)
		checkpoint(t, db)
		vandalOf(t, s).exec(t, "update leaves set idx = idx + 1 where idx = (select max(idx) from leaves)")
		storetest.Put(t, db, "list", claims("name.full", "b"))
		if _, err := db.Checkpoint(ctx); !errors.Is(err, homeward.ErrTampered) {
			t.Errorf("signed all the same: %v", err)
		}
		if !alarms(t, db)[store.AlarmEdited] {
			t.Error("no alarm stands")
		}
	})
}
