package pipeline_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/synth"
	"pgregory.net/rapid"
)

var (
	boss    = homeward.Actor{ID: "boss", Role: homeward.RoleSupervisor}
	counsel = homeward.Actor{ID: "counsel", Role: homeward.RoleLegalOfficer}
)

// marked is a register that is being marked at random.
type marked struct {
	*testing.T
	db     *store.DB
	stages *pipeline.Pipeline
	ids    []homeward.RecordID
	laid   []homeward.Mark
	lacked map[homeward.RecordID]bool // records that lacked a claim for a while
}

// lay lays a mark of some kind upon some record; one that is so marked already stays so.
func (m *marked) lay(t *rapid.T) {
	id := rapid.SampledFrom(m.ids).Draw(t, "record")
	kind := rapid.SampledFrom(homeward.MarkKinds).Draw(t, "kind")
	_ = m.db.Update(ctx, counselOr(kind), func(tx *store.Tx) error {
		var out []homeward.Mark
		var err error
		switch kind {
		case homeward.Retraction:
			claim := rapid.SampledFrom([]int{homeward.WholeRecord, 0, 1}).Draw(t, "claim")
			if out, err = tx.Retract(id, claim, "because"); claim != homeward.WholeRecord {
				m.lacked[id] = true
			}
		case homeward.Restriction:
			out, err = tx.Restrict([]homeward.RecordID{id}, homeward.GroundObjection, "because")
		default:
			out, err = tx.Hold([]homeward.RecordID{id}, "because")
		}
		if err == nil {
			m.laid = append(m.laid, out...)
		}
		return err
	})
}

func counselOr(kind homeward.MarkKind) homeward.Actor {
	if kind == homeward.Retraction {
		return officer
	}
	return counsel
}

func (m *marked) lift(id homeward.MarkID) {
	m.Helper()
	err := m.db.Update(ctx, boss, func(tx *store.Tx) error {
		_, err := tx.LiftMark(id, "settled")
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
}

func (m *marked) liftAll() {
	m.Helper()
	for _, x := range m.laid {
		m.lift(x.ID)
	}
	m.laid = nil
	run(m, m.stages)
}

// liftSome lifts one of the marks that stand.
func (m *marked) liftSome(t *rapid.T) {
	if len(m.laid) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.laid)-1).Draw(t, "mark")
	m.lift(m.laid[i].ID)
	m.laid = slices.Delete(m.laid, i, i+1)
}

// waiting is the queue as the store lists it.
func (m *marked) waiting() (out []homeward.PairID) {
	m.Helper()
	err := m.db.View(ctx, homeward.System, func(tx *store.Tx) error {
		list, err := tx.Pairs(store.PairFilter{})
		for _, p := range list {
			out = append(out, p.ID)
		}
		return err
	})
	if err != nil {
		m.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func (m *marked) count(definition string, known time.Time) homeward.Count {
	m.Helper()
	c, err := statistics.Compute(ctx, m.db, homeward.Operator, definition, known, known)
	if err != nil {
		m.Fatal(err)
	}
	return c
}

// derived is what the stages derive, without what only grows.
func (m *marked) derived() register {
	r := read(m, m.db)
	r.Size = 0
	return r
}

// TestMarksAreHeededAndLiftedWithoutATrace lays and lifts marks at random, deciding in between. The law: what is derived on the
// way is what a rebuild derives; what is out of force is nobody's child, in no queue and in no index; a count as of before is
// what it was, and when every mark is lifted everything is as if none had been laid.
func TestMarksAreHeededAndLiftedWithoutATrace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bring(t, db, synth.Generate(synth.Options{Children: 30, Seed: 11}))
		m := &marked{T: t, db: db, stages: pipeline.New(db), lacked: map[homeward.RecordID]bool{}}
		run(t, m.stages)
		rng := rand.New(rand.NewPCG(1, 2))
		for _, p := range read(t, db).Pairs {
			if rng.IntN(2) == 0 {
				_, _ = m.stages.Review.Decide(ctx, officer, p.ID, homeward.Same, "because") // refused where it contradicts
			}
		}
		run(t, m.stages)
		before, queue, indexed := m.derived(), m.waiting(), m.stages.Review.Len()
		then := time.Now().UTC()
		counted := m.count("deported", then)
		for id := range before.Members {
			m.ids = append(m.ids, id)
		}
		slices.Sort(m.ids)
		rapid.Check(t, func(rt *rapid.T) {
			defer m.liftAll() // also after a failure, which is then tried again from the same start
			for range rapid.IntRange(1, 6).Draw(rt, "acts") {
				rapid.SampledFrom([]func(*rapid.T){m.lay, m.lay, m.liftSome}).Draw(rt, "act")(rt)
			}
			run(t, m.stages)
			m.heeded(rt, then, counted)
			m.liftAll()
			after, waits := m.derived(), m.waiting()
			// A record that lacked a claim for a while is found under other keys, "Nazar" alone for one, and may have met others
			// meanwhile: such a pair is weighed anew and stays proposed. Nothing else is new.
			met := func(p homeward.Pair) bool {
				return p.State == homeward.PairProposed && (m.lacked[p.Left] || m.lacked[p.Right]) &&
					!slices.ContainsFunc(before.Pairs, func(x homeward.Pair) bool { return x.ID == p.ID })
			}
			for _, p := range after.Pairs {
				if i, there := slices.BinarySearch(waits, p.ID); there && met(p) {
					waits = slices.Delete(waits, i, i+1)
				}
			}
			after.Pairs = slices.DeleteFunc(after.Pairs, met)
			if !cmp.Equal(before, after) || !slices.Equal(queue, waits) || m.stages.Review.Len() != indexed {
				rt.Fatalf("a mark that was lifted left a trace: %d of %d rows, %d of %d pairs wait, %d letters of differences", m.stages.Review.Len(), indexed, len(waits), len(queue), len(cmp.Diff(before, after)))
			}
		})
		v, err := db.Verify(ctx, homeward.Operator, nil)
		if err != nil || !v.OK() {
			t.Errorf("verify: %d findings, %v", len(v.Findings), err)
		}
	})
}

// heeded fails unless every standing mark is heeded.
func (m *marked) heeded(t *rapid.T, then time.Time, counted homeward.Count) {
	out, restricted := map[homeward.RecordID]bool{}, false
	partial := false
	for _, x := range m.laid {
		if x.Kind == homeward.LegalHold {
			continue
		}
		out[x.Record] = out[x.Record] || x.Claim == homeward.WholeRecord
		restricted = restricted || x.Kind == homeward.Restriction
		partial = partial || x.Claim != homeward.WholeRecord
	}
	derived := m.derived()
	for id := range derived.Members {
		if out[id] {
			t.Fatalf("record %s is taken back and somebody's", id)
		}
	}
	for _, pair := range m.waiting() {
		if a, b, _ := pair.Records(); out[a] || out[b] {
			t.Fatalf("pair %s waits", pair)
		}
	}
	fresh := pipeline.New(m.db)
	if err := fresh.Review.Refresh(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if fresh.Review.Len() != m.stages.Review.Len() {
		t.Fatalf("%d rows in the index, %d in one built anew", m.stages.Review.Len(), fresh.Review.Len())
	}
	if now := m.count("children", time.Time{}); now.Records != len(derived.Members) {
		t.Fatalf("%d records count, %d are somebody's", now.Records, len(derived.Members))
	}
	// A restriction holds for the past as well, and events of a claim taken back are told no longer.
	if was := m.count("deported", then); !restricted && !partial && !cmp.Equal(was, counted) {
		t.Fatalf("the count as of before has changed from %d to %d", counted.Children, was.Children)
	}
	if _, err := registry.Rebuild(ctx, m.db); err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(derived, m.derived()) {
		t.Fatal("a rebuild differs")
	}
}
