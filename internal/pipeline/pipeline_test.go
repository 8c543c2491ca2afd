package pipeline_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/synth"
)

var ctx = context.Background()

var officer = homeward.Actor{ID: "officer", Role: homeward.RoleTracingOfficer}

// bring imports the lists of an invented world.
func bring(t testing.TB, db *store.DB, w *synth.World) {
	t.Helper()
	for _, l := range w.Lists {
		text, err := l.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		in := intake.Input{File: bytes.NewReader(text), Source: l.Source, Lang: l.Language, Edition: homeward.Exact(homeward.YMD(2025, 3, 1))}
		if _, err := intake.Import(ctx, db, homeward.Operator, in); err != nil {
			t.Fatalf("import %s: %v", l.Source, err)
		}
	}
}

func run(t testing.TB, p *pipeline.Pipeline) pipeline.Report {
	t.Helper()
	report, err := p.Run(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// register is what the stages derive.
type register struct {
	Size    int64
	Members map[homeward.RecordID]homeward.PersonID
	Events  []store.EventFact
	Pairs   []homeward.Pair
	Kin     map[homeward.PersonID][]homeward.PersonID
}

func read(t testing.TB, db *store.DB) register {
	t.Helper()
	r := register{Kin: map[homeward.PersonID][]homeward.PersonID{}}
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) {
		if r.Size, err = tx.TreeSize(); err != nil {
			return err
		}
		if r.Members, err = tx.Memberships(); err != nil {
			return err
		}
		for _, p := range r.Members {
			if r.Kin[p], err = tx.SiblingsOf(p); err != nil {
				return err
			}
		}
		if r.Events, err = tx.EventFacts(); err != nil {
			return err
		}
		r.Pairs, err = tx.PairFacts()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// truth tells which child each record is about.
func truth(t testing.TB, db *store.DB, w *synth.World) map[homeward.RecordID]int {
	t.Helper()
	type row struct{ source, id string }
	child := map[row]int{}
	for _, m := range w.Truth {
		child[row{m.Source, m.SourceID}] = m.Child
	}
	names := map[homeward.SourceID]string{}
	err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
		list, err := tx.Sources()
		for _, s := range list {
			names[s.ID] = s.Name
		}
		return err
	})
	out := map[homeward.RecordID]int{}
	if err == nil {
		err = db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
			out[r.ID] = child[row{names[r.Source], r.SourceRow}]
			return nil
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRunningAgainWritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bring(t, db, synth.Generate(synth.Options{Children: 60, Seed: 1}))
		first := run(t, pipeline.New(db))
		before := read(t, db)
		if len(before.Pairs) == 0 || len(before.Members) == 0 || len(before.Events) == 0 || len(first.Checkpoint) == 0 {
			t.Fatalf("%d pairs, %d members, %d events", len(before.Pairs), len(before.Members), len(before.Events))
		}
		again := run(t, pipeline.New(db))
		if d := cmp.Diff(before, read(t, db)); d != "" {
			t.Errorf("running again changed the register by %d letters of differences", len(d))
		}
		if !bytes.Equal(first.Checkpoint, again.Checkpoint) || again.Registry.Changed != 0 || again.Review.New != 0 {
			t.Errorf("again: %+v, %+v", again.Review, again.Registry)
		}
	})
}

// TestEveryStageOfAKilledRunIsMadeUpFor ends runs at random moments, with imports between them, and compares what is
// derived in the end with a rebuild, and the log with its own proofs.
func TestEveryStageOfAKilledRunIsMadeUpFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rng := rand.New(rand.NewPCG(5, 8))
		for seed := range uint64(3) {
			bring(t, db, synth.Generate(synth.Options{Children: 25, Seed: seed + 1}))
			for range 5 {
				cut, stop := context.WithCancel(ctx)
				time.AfterFunc(time.Duration(rng.IntN(120))*time.Millisecond, stop)
				_, _ = pipeline.New(db).Run(cut, nil)
				stop()
			}
		}
		run(t, pipeline.New(db))
		resumed := read(t, db)
		if _, err := registry.Rebuild(ctx, db); err != nil {
			t.Fatal(err)
		}
		run(t, pipeline.New(db))
		if d := cmp.Diff(resumed, read(t, db)); d != "" {
			t.Errorf("a rebuild differs by %d letters of differences", len(d))
		}
		v, err := db.Verify(ctx, homeward.Operator, nil)
		if err != nil || len(v.Findings) > 0 {
			t.Errorf("verify: %d findings, %v", len(v.Findings), err)
		}
	})
}

// TestDecisionsByTheTruthGiveTheChildren decides every proposed pair as the truth says, in a random order, and counts.
func TestDecisionsByTheTruthGiveTheChildren(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := synth.Generate(synth.Options{Children: 50, Seed: 4})
		bring(t, db, w)
		p := pipeline.New(db)
		run(t, p)
		child := truth(t, db, w)
		pairs := read(t, db).Pairs
		rng := rand.New(rand.NewPCG(1, 2))
		rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		var taken []homeward.DecisionID
		for _, pair := range pairs {
			if pair.State != homeward.PairProposed {
				continue
			}
			j := homeward.Different
			if child[pair.Left] == child[pair.Right] {
				j = homeward.Same
			}
			d, err := p.Review.Decide(ctx, officer, pair.ID, j, "the truth says so")
			if err == nil && d.Awaits == homeward.AwaitsSecond {
				d, err = p.Review.Decide(ctx, homeward.Operator, pair.ID, j, "the truth says so")
			}
			if err != nil {
				t.Fatal(err)
			}
			taken = append(taken, d.ID)
		}
		report := run(t, p)
		if len(report.Registry.Conflicts) > 0 {
			t.Errorf("the truth contradicts itself %d times", len(report.Registry.Conflicts))
		}
		joined := read(t, db)
		of := map[homeward.PersonID]int{}
		for r, person := range joined.Members {
			if have, ok := of[person]; ok && have != child[r] {
				t.Fatalf("person %s holds two children", person)
			}
			of[person] = child[r]
		}
		if len(of) < len(w.Children)/2 || len(of) >= len(joined.Members) {
			t.Errorf("%d persons of %d records about %d children", len(of), len(joined.Members), len(w.Children))
		}
		slices.Reverse(taken)
		for _, id := range taken {
			if err := p.Review.Revoke(ctx, officer, id, "all of it"); err != nil {
				t.Fatal(err)
			}
		}
		if report := run(t, p); report.Registry.Persons < len(joined.Members)*9/10 {
			t.Errorf("%d persons after everything was revoked", report.Registry.Persons)
		}
	})
}

func TestTwoServersShareTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		a, b := pipeline.New(db), pipeline.New(db)
		for seed := range uint64(3) {
			bring(t, db, synth.Generate(synth.Options{Children: 10, Seed: seed + 1}))
			var g sync.WaitGroup
			for _, p := range []*pipeline.Pipeline{a, b} {
				g.Go(func() {
					if _, err := p.Run(ctx, nil); err != nil {
						t.Error(err)
					}
				})
			}
			g.Wait()
		}
		shared := read(t, db)
		if _, err := registry.Rebuild(ctx, db); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(shared, read(t, db)); d != "" {
			t.Errorf("a rebuild differs by %d letters of differences", len(d))
		}
	})
}

func TestTheLoopFollowsTheLogAndEnds(t *testing.T) {
	db := storetest.Open(t)
	p := pipeline.New(db)
	loop, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.Loop(loop)
	}()
	for range 2 {
		ids := storetest.Put(t, db, "list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "a"}})
		p.Wake()
		p.Wake() // asking twice does not block
		deadline := time.Now().Add(20 * time.Second)
		for {
			var err error
			db.View(ctx, homeward.System, func(tx *store.Tx) error {
				_, err = tx.PersonOf(ids[0])
				return nil
			})
			if err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("the loop does not follow the log")
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	stop()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the loop does not end")
	}
}

func TestProgressNamesEveryStageInOrder(t *testing.T) {
	db := storetest.Open(t)
	bring(t, db, synth.Generate(synth.Options{Children: 10, Seed: 1}))
	var stages []string
	_, err := pipeline.New(db).Run(ctx, func(stage string, done, total int64) {
		if len(stages) == 0 || stages[len(stages)-1] != stage {
			stages = append(stages, stage)
		}
		if done > total {
			t.Errorf("%s: %d of %d", stage, done, total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"refresh", "propose", "batches", "derive", "rank", "sign"}, stages); d != "" {
		t.Error(d)
	}
}

// TestAStartFromTheSnapshotIsAStartFromTheRecords runs a register large enough for a snapshot, and compares what a
// start from it knows with what a start that opens every record knows; then both take in a further list.
func TestAStartFromTheSnapshotIsAStartFromTheRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bring(t, db, synth.Generate(synth.Options{Children: 800, Seed: 3}))
		work := casework.Casework{DB: db, Read: intake.Claims}
		request, err := work.Open(ctx, homeward.Operator, casework.Draft{
			Inquirer: homeward.Inquirer{Name: "Вигадана Мати", Relationship: homeward.RelationMother, Contact: "+380 00 000 00 01"},
			Children: []casework.Child{{Name: "Вигаданенко Марія", Birth: "13.4.2014"}},
			Consents: []casework.Answer{{Purpose: homeward.PurposeTracing, Given: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		first := pipeline.New(db)
		run(t, first)
		if _, err := db.Snapshot(ctx, homeward.System, review.Stage); err != nil {
			t.Fatalf("no snapshot was kept: %v", err)
		}
		// What people do afterwards takes nothing away from it.
		for _, pair := range read(t, db).Pairs {
			if pair.State == homeward.PairProposed {
				if _, err := pipeline.New(db).Review.Decide(ctx, officer, pair.ID, homeward.Unsure, "ask again"); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		// A child whose family withdrew consent is in the snapshot, and not in what starts from it.
		withdrawn := homeward.Consent{Purpose: homeward.PurposeTracing, Answer: homeward.ConsentWithdrawn, Scope: "by telephone"}
		if err := work.Say(ctx, homeward.Operator, request.ID, withdrawn); err != nil {
			t.Fatal(err)
		}
		restored := pipeline.New(db)
		if opened := refresh(t, restored); opened != 0 {
			t.Errorf("%d records were opened beside the snapshot", opened)
		}
		if restored.Review.Len() != first.Review.Len()-1 {
			t.Errorf("%d rows after the withdrawal, %d before", restored.Review.Len(), first.Review.Len())
		}
		// A snapshot that cannot be read leads to the records.
		if err := db.PutSnapshot(ctx, homeward.System, review.Stage, nil, [][]byte{{'{', '}'}, {1}, {2}, {3}}); err != nil {
			t.Fatal(err)
		}
		rebuilt := pipeline.New(db)
		if opened := refresh(t, rebuilt); opened != int64(rebuilt.Review.Len())+1 { // and her, who is not looked for
			t.Errorf("%d records were opened", opened)
		}
		alike(t, restored, rebuilt, read(t, db).Pairs)
		bring(t, db, synth.Generate(synth.Options{Children: 20, Seed: 9}))
		report := run(t, restored)
		if report.Review.New == 0 {
			t.Error("newcomers met nobody")
		}
		if again := run(t, rebuilt); again.Review.New != 0 || again.Review.Updated != 0 {
			t.Errorf("a start from the records proposes %d pairs more and weighs %d anew", again.Review.New, again.Review.Updated)
		}
		alike(t, restored, rebuilt, read(t, db).Pairs)
	})
}

// refresh builds the index and returns how many records were opened for it.
func refresh(t *testing.T, p *pipeline.Pipeline) (opened int64) {
	t.Helper()
	if err := p.Review.Refresh(ctx, func(done, _ int64) { opened = done }); err != nil {
		t.Fatal(err)
	}
	return opened
}

// alike compares what two pipelines say of pairs and find for names.
func alike(t *testing.T, a, b *pipeline.Pipeline, pairs []homeward.Pair) {
	t.Helper()
	if a.Review.Len() != b.Review.Len() {
		t.Fatalf("%d rows and %d rows", a.Review.Len(), b.Review.Len())
	}
	for i := 0; i < len(pairs); i += 1 + len(pairs)/40 {
		x, err := a.Review.Pair(ctx, officer, pairs[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.Review.Pair(ctx, officer, pairs[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Signals) == 0 || !cmp.Equal(x.Signals, y.Signals) {
			t.Errorf("pair %s is weighed in two ways", pairs[i].ID)
		}
		name, _ := x.Left.First(homeward.PathNameFull)
		found, err := a.Review.Search(ctx, officer, name.Value, 10)
		if err != nil {
			t.Fatal(err)
		}
		again, err := b.Review.Search(ctx, officer, name.Value, 10)
		if err != nil {
			t.Fatal(err)
		}
		if !cmp.Equal(found, again) {
			t.Error("a search finds other records")
		}
	}
}
