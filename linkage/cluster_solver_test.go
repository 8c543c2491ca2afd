package linkage

import (
	"testing"

	"pgregory.net/rapid"
)

// drawnProblem is one component, with or without two lists that hold a child once.
func drawnProblem(t *rapid.T, twoLists bool) *problem {
	n := rapid.IntRange(2, 10).Draw(t, "records")
	c := &component{records: make([]int32, n)}
	var bonds []edge
	for b := range int32(n) {
		for a := range b {
			if rapid.IntRange(0, 9).Draw(t, "kind") < 7 {
				bonds = append(bonds, edge{a, b, grain * int32(rapid.IntRange(-8, 10).Draw(t, "bits"))})
			}
		}
		if twoLists {
			c.lists = append(c.lists, 1+b%2)
		}
	}
	c.sort(bonds)
	return c.problem()
}

// worth is what a partition of a problem gains.
func (p *problem) worth(cluster []int32) (sum int64) {
	size := map[int32]int64{}
	pairs := int64(0)
	for _, l := range p.links {
		if cluster[l.a] == cluster[l.b] {
			sum, pairs = sum+l.sum, pairs+l.pairs
		}
	}
	for node := range p.n {
		for other := range node {
			if cluster[node] == cluster[other] {
				size[cluster[node]] += int64(p.size[node]) * int64(p.size[other])
			}
		}
	}
	for _, n := range size {
		sum += n * strangersBond
	}
	return sum - pairs*strangersBond
}

func TestTheExactPartitionIsWorthAtLeastTheApproached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawnProblem(t, rapid.Bool().Draw(t, "lists"))
		var x subsets
		exact, near := p.worth(x.solve(p)), p.worth(approached(p))
		if near > exact || near < 0 {
			t.Fatalf("exact %d, approached %d", exact, near)
		}
	})
}

func TestTheAssignmentOfTwoListsIsTheBestPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawnProblem(t, true)
		var x subsets
		if exact, got := p.worth(x.solve(p)), p.worth(assigned(p)); !p.twoLists() || got != exact {
			t.Fatalf("assigned %d, exact %d", got, exact)
		}
	})
}
