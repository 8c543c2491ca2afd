package linkage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/linkage"
	"pgregory.net/rapid"
)

// pairOfBits is a pair whose log2 odds are bits.
func pairOfBits(a, b string, bits float64) linkage.Pair {
	return linkage.Pair{Left: min(a, b), Right: max(a, b), Weight: bits, Probability: 1 / (1 + math.Exp2(-bits))}
}

// dense are pairs that join every two of the ids.
func dense(bits float64, ids ...string) (out []linkage.Pair) {
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			out = append(out, pairOfBits(a, b, bits))
		}
	}
	return out
}

func TestAWeakBridgeDoesNotJoinTwoDenseGroups(t *testing.T) {
	left, right := []string{"a1", "a2", "a3", "a4"}, []string{"b1", "b2", "b3", "b4"}
	pairs := append(dense(9, left...), dense(9, right...)...)
	pairs = append(pairs, pairOfBits("a2", "b3", 6))
	got := linkage.Clusters(slices.Concat(left, right), pairs, linkage.Clustering{})
	if want := [][]string{left, right}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, a := range left {
		pairs = append(pairs, pairOfBits(a, "b1", 4), pairOfBits(a, "b2", 4))
	}
	if got := linkage.Clusters(slices.Concat(left, right), pairs, linkage.Clustering{}); len(got) != 1 {
		t.Errorf("many pairs that agree join the groups: %v", got)
	}
}

func TestWhatPeopleSaidStands(t *testing.T) {
	ids := []string{"a", "b", "c", "d"}
	pairs := []linkage.Pair{pairOfBits("a", "b", 15), pairOfBits("b", "c", 14), pairOfBits("a", "c", 12)}
	for name, c := range map[string]struct {
		o    linkage.Clustering
		want [][]string
	}{
		"nothing said": {linkage.Clustering{}, [][]string{{"a", "b", "c"}, {"d"}}},
		"cannot":       {linkage.Clustering{Cannot: [][2]string{{"c", "a"}}}, [][]string{{"a", "b"}, {"c"}, {"d"}}},
		"must":         {linkage.Clustering{Must: [][2]string{{"d", "a"}}}, [][]string{{"a", "b", "c", "d"}}},
		"both":         {linkage.Clustering{Must: [][2]string{{"a", "d"}}, Cannot: [][2]string{{"d", "a"}}}, [][]string{{"a", "b", "c"}, {"d"}}},
		"threshold":    {linkage.Clustering{Threshold: 0.999999}, [][]string{{"a"}, {"b"}, {"c"}, {"d"}}},
		"unknown ids":  {linkage.Clustering{Must: [][2]string{{"x", "a"}}, Cannot: [][2]string{{"a", "y"}}}, [][]string{{"a", "b", "c"}, {"d"}}},
	} {
		if got := linkage.Clusters(ids, pairs, c.o); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTwoListsWithoutDuplicatesAreLinkedOneToOne(t *testing.T) {
	pairs := []linkage.Pair{pairOfBits("A1", "B1", 9), pairOfBits("A1", "B2", 8), pairOfBits("A2", "B1", 7), pairOfBits("A2", "B2", 3)}
	got := linkage.Clusters([]string{"A1", "A2", "B1", "B2"}, pairs, linkage.Clustering{List: func(id string) string { return id[:1] }})
	if want := [][]string{{"A1", "B2"}, {"A2", "B1"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v: 15 bits and not 12", got, want)
	}
}

// drawn is an arbitrary graph of records on two lists, with decisions.
func drawn(t *rapid.T) (ids []string, pairs []linkage.Pair, o linkage.Clustering) {
	n := rapid.IntRange(1, 14).Draw(t, "records")
	for i := range n {
		ids = append(ids, fmt.Sprintf("%c%02d", "AB"[i%2], i))
	}
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0, 1, 2, 3:
				pairs = append(pairs, pairOfBits(a, b, float64(rapid.IntRange(-9, 9).Draw(t, "bits"))))
			case 4:
				o.Cannot = append(o.Cannot, [2]string{a, b})
			case 5:
				o.Must = append(o.Must, [2]string{b, a})
			}
		}
	}
	if rapid.Bool().Draw(t, "one to one") {
		o.List = func(id string) string { return id[:1] }
	}
	return ids, pairs, o
}

func TestClustersAreAPartitionThatRespectsWhatCannotBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids, pairs, o := drawn(t)
		in := map[string]int{}
		for i, c := range linkage.Clusters(ids, pairs, o) {
			lists := map[string]bool{}
			for _, id := range c {
				if _, twice := in[id]; twice {
					t.Fatal("a record is in two clusters")
				}
				in[id] = i
				if o.List != nil && lists[o.List(id)] {
					t.Fatal("two rows of a list without duplicates are joined")
				}
				if o.List != nil {
					lists[o.List(id)] = true
				}
			}
		}
		if len(in) != len(ids) {
			t.Fatalf("%d of %d records are in clusters", len(in), len(ids))
		}
		for _, c := range o.Cannot {
			if in[c[0]] == in[c[1]] {
				t.Fatal("a cannot-link is joined")
			}
		}
		if o.List == nil && len(o.Cannot) == 0 {
			for _, m := range o.Must {
				if in[m[0]] != in[m[1]] {
					t.Fatal("a must-link that nothing contradicts is not followed")
				}
			}
		}
	})
}

func TestClustersDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids, pairs, o := drawn(t)
		want := linkage.Clusters(ids, pairs, o)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		rng.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		rng.Shuffle(len(o.Must), func(i, j int) { o.Must[i], o.Must[j] = o.Must[j], o.Must[i] })
		rng.Shuffle(len(o.Cannot), func(i, j int) { o.Cannot[i], o.Cannot[j] = o.Cannot[j], o.Cannot[i] })
		if got := linkage.Clusters(ids, pairs, o); !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, in another order %v", want, got)
		}
	})
}

// TestNoRecordWouldBeBetterAlone is the least a good partition promises: what a record's cluster says of it is for it.
func TestNoRecordWouldBeBetterAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids, pairs, o := drawn(t)
		o.Must = nil
		bits := map[[2]string]float64{}
		for _, p := range pairs {
			bits[[2]string{p.Left, p.Right}] = p.Weight
		}
		for _, c := range linkage.Clusters(ids, pairs, o) {
			for _, a := range c {
				sum := 0.0
				for _, b := range c {
					if w, ok := bits[[2]string{min(a, b), max(a, b)}]; ok {
						sum += w
					} else if a != b {
						sum -= 0.5 // never proposed
					}
				}
				if len(c) > 1 && sum < -1e-3 {
					t.Fatalf("a record stays in a cluster that speaks against it by %.3f bits", -sum)
				}
			}
		}
	})
}
