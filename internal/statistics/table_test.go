package statistics

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/places"
	"pgregory.net/rapid"
)

// plainly counts by one definition alone, asking every child anew: the slow way that a table stands for.
func plainly(in Input, def homeward.Definition, valid, known time.Time) homeward.Count {
	said := map[homeward.RecordID]happened{}
	for _, e := range in.Events {
		if e.Type.Valid() && !e.KnownAt.After(known) && (e.Precision == homeward.PrecisionNone || e.From <= homeward.DayOf(valid)) {
			said[e.Record] |= bits(e.Type)
		}
	}
	in.Records = knownBy(in.Records, known)
	decisions := inForce(in.Decisions, func(d homeward.Decision) bool { return d.Standing(known) })
	p := newPartition(in.Records)
	p.decide(decisions)
	children := func() map[int]bool {
		whole, out := map[int]happened{}, map[int]bool{}
		for i, r := range in.Records {
			if r.State == homeward.RecordAccepted {
				whole[p.root(i)] |= said[r.ID]
			}
		}
		for root, h := range whole {
			if meets(def, h) {
				out[root] = true
			}
		}
		return out
	}
	c := homeward.Count{Definition: def, ValidAsOf: valid, KnownAsOf: known}
	sources := map[homeward.SourceID]bool{}
	for _, r := range in.Records {
		if r.State == homeward.RecordAccepted && meets(def, said[r.ID]) {
			c.Records++
			sources[r.Source] = true
		}
	}
	c.Sources, c.Origins = len(sources), len(sources)
	upper, pending := children(), waiting(in, p, decisions, known)
	c.Upper = len(upper)
	for _, pair := range pending {
		if a, b, _ := p.roots(pair.Left, pair.Right); upper[a] || upper[b] {
			c.Pending++
		}
	}
	for _, pair := range pending {
		if pair.Probability >= likely {
			p.join(pair.Left, pair.Right)
		}
	}
	c.Children = len(children())
	for _, pair := range pending {
		if a, b, ok := p.roots(pair.Left, pair.Right); ok {
			p.union(a, b)
		}
	}
	c.Lower = len(children())
	return c
}

// waiting returns the pairs of accepted records in different trees that nobody has decided, most probable first.
func waiting(in Input, p *partition, decisions []homeward.Decision, known time.Time) (out []homeward.Pair) {
	decided := map[homeward.PairID]bool{}
	for _, d := range decisions {
		decided[d.Pair] = d.Judgement != homeward.Unsure
	}
	for _, pair := range in.Pairs {
		a, b, ok := p.roots(pair.Left, pair.Right)
		if !ok || a == b || pair.ProposedAt.After(known) || decided[homeward.PairOf(pair.Left, pair.Right)] {
			continue
		}
		if in.Records[p.place[pair.Left]].State == homeward.RecordAccepted && in.Records[p.place[pair.Right]].State == homeward.RecordAccepted {
			out = append(out, pair)
		}
	}
	slices.SortFunc(out, func(a, b homeward.Pair) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.Left, b.Left), cmp.Compare(a.Right, b.Right))
	})
	return out
}

// TestATableCountsAsEachDefinitionAlone is what lets one table answer for all definitions.
func TestATableCountsAsEachDefinitionAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		valid, known := at(24*rapid.IntRange(0, 12).Draw(t, "valid")), at(rapid.IntRange(0, 12).Draw(t, "known"))
		for _, def := range append(Definitions(), drawDefinition(t)) {
			if want, got := plainly(in, def, valid, known), Tally(in, def, valid, known); !gocmp.Equal(want, got) {
				t.Fatalf("%s: the table says %v, counted alone it is %v", def.Name, numbers(got), numbers(want))
			}
		}
	})
}

// TestOccurrencesAreThoseOfTheEvents asks the store for what was said by a day, and picks the same out of all events.
func TestOccurrencesAreThoseOfTheEvents(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		ids := storetest.Put(t, db, "list", child("2015-03-10", "x", "", ""), child("2015-03-10", "y", "", ""))
		day := homeward.YMD(2022, 3, 9)
		err := db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			var events []homeward.Event
			for i, when := range []homeward.Date{{}, homeward.Exact(day), homeward.Exact(day + 1), {From: day - 40, To: day + 40, Precision: homeward.PrecisionRange}} {
				events = append(events, homeward.Event{ID: homeward.EventID(homeward.NewID(tx.Now)), Record: ids[i%2], Type: homeward.EventTypes[i], When: when, KnownAt: tx.Now.Add(time.Duration(i%2) * time.Hour)})
			}
			return tx.ReplaceEvents(ids, events)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(ctx, homeward.System, func(tx *store.Tx) error {
			events, err := tx.EventFacts()
			if err != nil {
				return err
			}
			for known, least := range map[time.Time]int{tx.Now: 1, tx.Now.Add(2 * time.Hour): 3} {
				got, want := map[string]int{}, map[string]int{}
				if err := tx.EachOccurrence(day, known, func(id homeward.RecordID, e homeward.EventType) { got[string(id)+string(e)]++ }); err != nil {
					return err
				}
				for _, e := range events {
					if (e.Precision == homeward.PrecisionNone || e.From <= day) && !e.KnownAt.After(known) {
						want[string(e.Record)+string(e.Type)]++
					}
				}
				if !gocmp.Equal(want, got) || len(got) != least {
					t.Errorf("%d occurrences, picked out of all %d, want %d", len(got), len(want), least)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestATableDividesWhomItCounts divides the children of every definition: as many as are counted.
func TestATableDividesWhomItCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		ids := storetest.Put(t, db, "one",
			child("2015-03-10", "м. Маріуполь, Донецька обл.", "2022-03-09", "Таганрог, Ростовская область"), child("2012-03-10", "Mariupol", "2022-03-20", ""), child("", "Херсон", "", ""))
		err := db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			return tx.ReplaceEvents(ids, []homeward.Event{
				{ID: "e1", Record: ids[0], Type: homeward.EventDeported, KnownAt: tx.Now}, {ID: "e2", Record: ids[1], Type: homeward.EventTaken, KnownAt: tx.Now},
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		var s Sketches
		table, err := s.NewTable(ctx, db, homeward.Operator, places.Ours(), time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, def := range Definitions() {
			if d, c := table.Distribution(def), table.Count(def); d.Children != c.Children {
				t.Errorf("%s: %d children are divided, %d counted", def.Name, d.Children, c.Children)
			}
		}
		deported, _ := Define("deported")
		if d := table.Distribution(deported); d.Flows[Flow{"UA-14", "RU-ROS"}] != 1 || d.Ages[6] != 1 || len(d.Months) != 1 {
			t.Errorf("%+v", d)
		}
	})
}
