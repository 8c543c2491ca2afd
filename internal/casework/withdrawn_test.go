package casework_test

import (
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestWithdrawnConsentTakesAChildOutOfLinkage withdraws consent to tracing: at once, before any stage has run, the child is in
// no queue, found by no search, near to nobody and not to be decided on. It stays so for whoever starts after that, and consent given
// again brings it back to be compared with what came meanwhile. What was decided before stays all along.
func TestWithdrawnConsentTakesAChildOutOfLinkage(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		x := &withdrawal{T: t, db: storetest.OpenAt(t, s)}
		x.start()
		list(t, x.db, x.stages)
		x.officer = addUser(t, x.db, homeward.RoleTracingOfficer)
		r, err := worker(x.db).Open(ctx, x.officer, mothers())
		if err != nil {
			t.Fatal(err)
		}
		x.request = r
		run(t, x.stages)
		pair := x.pair()
		x.linked(true)
		x.say(homeward.ConsentWithdrawn)
		x.linked(false)
		if _, err := x.stages.Review.Decide(ctx, x.officer, pair, homeward.Same, "because"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("a pair that is asked of nobody is decided: %v", err)
		}
		run(t, x.stages)
		x.linked(false)
		x.start() // another server
		x.linked(false)
		x.db.Close()
		x.db = storetest.Reopen(t, s)
		x.start()
		run(t, x.stages)
		x.linked(false)
		list2(t, x.db, x.stages) // a record of hers that nobody may compare her with
		x.linked(false)
		x.say(homeward.ConsentGiven)
		run(t, x.stages)
		x.linked(true)
		if n := x.pairs(); n != 2 {
			t.Errorf("brought back into %d pairs, want 2", n)
		}
		if _, err := x.stages.Review.Decide(ctx, x.officer, pair, homeward.Same, "because"); err != nil {
			t.Fatal(err)
		}
		x.say(homeward.ConsentWithdrawn)
		run(t, x.stages)
		x.decided(pair)
		if v, err := x.db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v, %d findings", err, len(v.Findings))
		}
	})
}

// TestWithdrawnConsentTakesAChildFromWhoeverIsAsked withdraws consent while a second opinion is awaited: nobody is asked for one
// until consent is given again.
func TestWithdrawnConsentTakesAChildFromWhoeverIsAsked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := &withdrawal{T: t, db: db}
		x.start()
		list(t, db, x.stages)
		x.officer = addUser(t, db, homeward.RoleTracingOfficer)
		r, err := worker(db).Open(ctx, x.officer, mothers())
		if err != nil {
			t.Fatal(err)
		}
		x.request = r
		run(t, x.stages)
		pair := x.pair()
		err = db.Update(ctx, x.officer, func(tx *store.Tx) error {
			_, err := tx.PutOpinion(homeward.Opinion{Pair: pair, Judgement: homeward.Same, Reason: "because", Model: "m"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		reviewer := addUser(t, db, homeward.RoleReviewer)
		asked := func(want int) {
			t.Helper()
			parts, err := x.stages.Review.Parts(ctx, reviewer, review.SectionSecond, 10)
			if err != nil || len(parts) != want {
				t.Errorf("%d sections, want %d: %v", len(parts), want, err)
			}
		}
		asked(1)
		x.say(homeward.ConsentWithdrawn)
		asked(0)
		x.say(homeward.ConsentGiven)
		asked(1)
	})
}

type withdrawal struct {
	*testing.T
	db      *store.DB
	stages  *pipeline.Pipeline
	officer homeward.Actor
	request homeward.Request
}

// start brings up a server that knows nothing yet.
func (x *withdrawal) start() { x.stages = pipeline.New(x.db) }

func (x *withdrawal) say(a homeward.ConsentAnswer) {
	x.Helper()
	if err := worker(x.db).Say(ctx, x.officer, x.request.ID, homeward.Consent{Purpose: homeward.PurposeTracing, Answer: a, Scope: "by telephone"}); err != nil {
		x.Fatal(err)
	}
}

func (x *withdrawal) pairs() (n int) {
	x.Helper()
	err := x.db.View(ctx, x.officer, func(tx *store.Tx) error {
		list, err := tx.PairsOf(x.request.Sought[0])
		n = len(list)
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return n
}

func (x *withdrawal) pair() (id homeward.PairID) {
	x.Helper()
	err := x.db.View(ctx, x.officer, func(tx *store.Tx) error {
		list, err := tx.PairsOf(x.request.Sought[0])
		if err == nil {
			id = list[0].ID
		}
		return err
	})
	if err != nil {
		x.Fatal(err)
	}
	return id
}

// linked asks in every way whether the girl takes part in linkage.
func (x *withdrawal) linked(want bool) {
	x.Helper()
	sought := x.request.Sought[0]
	said := func(way string, is bool) {
		x.Helper()
		if is != want {
			x.Errorf("%s: she is there: %t, want %t", way, is, want)
		}
	}
	said("pairs", x.pairs() > 0)
	queue, err := x.stages.Review.Queue(ctx, x.officer, review.Filter{})
	if err != nil {
		x.Fatal(err)
	}
	queued := false
	for _, row := range queue {
		queued = queued || row.Pair.Left == sought || row.Pair.Right == sought
	}
	said("queue", queued)
	hits, err := x.stages.Review.Search(ctx, x.officer, "Вигаданенко Марія", 20)
	if err != nil {
		x.Fatal(err)
	}
	found := false
	for _, h := range hits {
		found = found || h.Record == sought
	}
	said("search", found)
	near, err := x.stages.Review.Nearest(ctx, x.officer, []homeward.RecordID{sought}, 20)
	if err != nil {
		x.Fatal(err)
	}
	said("nearest", len(near) > 0)
	err = x.db.View(ctx, x.officer, func(tx *store.Tx) error {
		waiting, err := tx.CountWaiting()
		counts, err2 := tx.CountPairs()
		if waiting != len(queue) || counts[homeward.PairProposed] != len(queue) {
			x.Errorf("%d and %d pairs are counted, %d are in the queue", waiting, counts[homeward.PairProposed], len(queue))
		}
		return errors.Join(err, err2)
	})
	if err != nil {
		x.Fatal(err)
	}
}

// decided asks whether the decision on a pair is history that can be read.
func (x *withdrawal) decided(pair homeward.PairID) {
	x.Helper()
	v, err := x.stages.Review.Pair(ctx, x.officer, pair)
	if err != nil || v.Pair.State != homeward.PairSame || len(v.Decisions) != 1 || !v.Joined() {
		x.Errorf("what was decided is not told: %v", err)
	}
}
