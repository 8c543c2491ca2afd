package linkage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

// worth is what a partition gains, in bits: what clusters are asked to make as great as can be.
func worth(cluster []int32, bonds []linkage.Bond) (sum float64) {
	said := map[[2]int32]float64{}
	for _, b := range bonds {
		if cluster[b.A] == cluster[b.B] && !math.IsInf(float64(b.Bits), 1) {
			said[[2]int32{min(b.A, b.B), max(b.A, b.B)}] = float64(b.Bits)
		}
	}
	for _, bits := range said {
		sum += bits
	}
	unsaid := -len(said)
	for i, c := range cluster {
		for _, d := range cluster[:i] {
			if c == d {
				unsaid++
			}
		}
	}
	return sum - 0.5*float64(unsaid)
}

// allowed reports whether a partition keeps to what must and cannot be.
func allowed(cluster []int32, bonds []linkage.Bond, lists []int32) bool {
	for _, b := range bonds {
		if math.IsInf(float64(b.Bits), 0) && (b.Bits > 0) != (cluster[b.A] == cluster[b.B]) {
			return false
		}
	}
	for i, list := range lists {
		for j := range i {
			if list != 0 && list == lists[j] && cluster[i] == cluster[j] {
				return false
			}
		}
	}
	return true
}

// partitions calls fn with every partition of n records.
func partitions(n int, fn func([]int32)) {
	cluster := make([]int32, n)
	var next func(i int, clusters int32)
	next = func(i int, clusters int32) {
		if i == n {
			fn(cluster)
			return
		}
		for c := range clusters + 1 {
			cluster[i] = c
			next(i+1, max(clusters, c+1))
		}
	}
	next(0, 0)
}

// drawnBonds are bonds between few records in whole bits, with musts or with cannots and lists, so that nothing contradicts.
func drawnBonds(t *rapid.T, most int) (n int, bonds []linkage.Bond, lists []int32) {
	n = rapid.IntRange(1, most).Draw(t, "records")
	hard := rapid.SampledFrom([]float64{0, math.Inf(1), math.Inf(-1)}).Draw(t, "hard")
	for a := range int32(n) {
		for b := range a {
			switch k := rapid.IntRange(0, 9).Draw(t, "kind"); {
			case k < 6:
				bonds = append(bonds, linkage.Bond{A: a, B: b, Bits: float32(rapid.IntRange(-9, 12).Draw(t, "bits"))})
			case k == 6 && hard != 0:
				bonds = append(bonds, linkage.Bond{A: b, B: a, Bits: float32(hard)})
			}
		}
	}
	if hard <= 0 && rapid.Bool().Draw(t, "on lists") {
		lists = rapid.SliceOfN(rapid.Int32Range(0, 2), n, n).Draw(t, "lists")
	}
	return n, bonds, lists
}

func TestFewRecordsArePartedAsWellAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, bonds, lists := drawnBonds(t, 7)
		got := linkage.ClustersOf(n, bonds, lists)
		if !allowed(got, bonds, lists) {
			t.Fatalf("%v joins what cannot be joined or parts what must be", got)
		}
		best := math.Inf(-1)
		partitions(n, func(cluster []int32) {
			if allowed(cluster, bonds, lists) {
				best = max(best, worth(cluster, bonds))
			}
		})
		if found := worth(got, bonds); found < best {
			t.Fatalf("%v is worth %v bits, the best partition %v", got, found, best)
		}
	})
}

// crowd are very many components of every kind: pairs, cliques, chains, bridges, crowds too large to be solved exactly.
func crowd(seed uint64, groups int) (n int, bonds []linkage.Bond, lists []int32) {
	rng := rand.New(rand.NewPCG(seed, 0))
	add := func(a, b int, bits float64) {
		bonds = append(bonds, linkage.Bond{A: int32(a), B: int32(b), Bits: float32(bits)})
	}
	for range groups {
		size := 1 + rng.IntN(5)
		if rng.IntN(20) == 0 {
			size = 10 + rng.IntN(20)
		}
		for a := n; a < n+size; a++ {
			lists = append(lists, int32(rng.IntN(size+1)))
			for b := n; b < a; b++ {
				if rng.IntN(4) > 0 {
					add(a, b, 4+6*rng.NormFloat64())
				}
			}
			if n > 0 && rng.IntN(5) == 0 {
				add(a, rng.IntN(n), -1+3*rng.NormFloat64())
			}
			if n > 0 && rng.IntN(20) == 0 {
				add(a, rng.IntN(n), math.Inf(rng.IntN(2)*2-1))
			}
		}
		n += size
	}
	return n, bonds, lists
}

func TestClustersAreTheSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	n, bonds, lists := crowd(7, 4000)
	var want []int32
	for _, workers := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(workers)
		got := linkage.ClustersOf(n, bonds, lists)
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("on %d processors clusters are others than on one", workers)
		}
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(bonds), func(i, j int) {
		bonds[i], bonds[j] = linkage.Bond{A: bonds[j].B, B: bonds[j].A, Bits: bonds[j].Bits}, bonds[i]
	})
	if !slices.Equal(linkage.ClustersOf(n, bonds, lists), want) {
		t.Error("bonds in another order give other clusters")
	}
}

// TestANewcomerMovesOnlyItsOwnComponent lets records arrive one by one. Each time only the records that bonds for joining
// connect with the newcomer are parted anew; in the end, and at every step, it is as if all had come at once.
func TestANewcomerMovesOnlyItsOwnComponent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids, pairs, o := drawn(t)
		kept := map[string][]string{} // record -> its cluster
		for i := range ids {
			there := ids[:i+1]
			among := reach(ids[i], there, pairs, o)
			for _, c := range linkage.Clusters(among, pairs, o) {
				for _, id := range c {
					kept[id] = c
				}
			}
			for _, c := range linkage.Clusters(there, pairs, o) {
				for _, id := range c {
					if !slices.Equal(kept[id], c) {
						t.Fatalf("after %d records %s is with %v, all at once with %v", i+1, id, kept[id], c)
					}
				}
			}
		}
	})
}

// reach returns the records that bonds for joining connect with one.
func reach(from string, ids []string, pairs []linkage.Pair, o linkage.Clustering) []string {
	near := map[string][]string{}
	tie := func(a, b string) { near[a], near[b] = append(near[a], b), append(near[b], a) }
	for _, p := range pairs {
		if p.Probability > 0.5 {
			tie(p.Left, p.Right)
		}
	}
	for _, m := range o.Must {
		tie(m[0], m[1])
	}
	out := []string{from}
	for i := 0; i < len(out); i++ {
		for _, id := range near[out[i]] {
			if slices.Contains(ids, id) && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	return out
}

// TestArrivalStepByStepGivesTheClustersOfAll adds records to an index one by one, keeps what each newcomer is paired with,
// and clusters: it is what one run over all gives.
func TestArrivalStepByStepGivesTheClustersOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t)
		m, ix := linkage.DefaultModel(), linkage.NewIndex()
		m.Lambda = 0.05 // so that something is joined
		var met []linkage.Pair
		for _, r := range records {
			ix.Add(r)
			found, _ := ix.Pairs(m, linkage.Options{Among: []string{r.ID}})
			met = append(met, found...)
		}
		all := indexOf(records...)
		pairs, _ := all.Pairs(m, linkage.Options{})
		got, want := linkage.Clusters(ix.IDs(), met, linkage.Clustering{}), linkage.Clusters(all.IDs(), pairs, linkage.Clustering{})
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, at once %v", got, want)
		}
	})
}

// TestARunAgainNeverUndoesADecision lets people decide on pairs as a hidden truth has it, then more records arrive and weights
// change, again and again: every decision stands in every run.
func TestARunAgainNeverUndoesADecision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ids []string
		var o linkage.Clustering
		child := map[string]int{}
		for range rapid.IntRange(2, 4).Draw(t, "runs") {
			for range rapid.IntRange(1, 6).Draw(t, "newcomers") {
				id := fmt.Sprintf("r%02d", len(ids))
				ids, child[id] = append(ids, id), rapid.IntRange(0, 3).Draw(t, "child")
			}
			var pairs []linkage.Pair
			for i, a := range ids {
				for _, b := range ids[:i] {
					if rapid.IntRange(0, 2).Draw(t, "met") > 0 {
						pairs = append(pairs, pairOfBits(a, b, float64(rapid.IntRange(-20, 20).Draw(t, "bits"))))
					}
				}
			}
			for range rapid.IntRange(0, 4).Draw(t, "decisions") {
				a, b := rapid.SampledFrom(ids).Draw(t, "one"), rapid.SampledFrom(ids).Draw(t, "other")
				if child[a] == child[b] {
					o.Must = append(o.Must, [2]string{a, b})
				} else {
					o.Cannot = append(o.Cannot, [2]string{a, b})
				}
			}
			at := map[string]int{}
			for i, c := range linkage.Clusters(ids, pairs, o) {
				for _, id := range c {
					at[id] = i
				}
			}
			for _, m := range o.Must {
				if at[m[0]] != at[m[1]] {
					t.Fatal("a run parted what people joined")
				}
			}
			for _, c := range o.Cannot {
				if at[c[0]] == at[c[1]] {
					t.Fatal("a run joined what people parted")
				}
			}
		}
	})
}
