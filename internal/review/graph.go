package review

import (
	"cmp"
	"slices"

	"github.com/homeward-registry/homeward"
)

// graph is what the standing decisions say of rows: which are joined, which must stay apart.
type graph struct {
	same      map[homeward.RecordID][]homeward.RecordID
	different map[homeward.RecordID][]refusal
}

// refusal is a decision that keeps a row apart from another.
type refusal struct {
	other    homeward.RecordID
	decision homeward.DecisionID
}

// newGraph reads the decisions in force: the newest that stands on each pair. With forRule, a decision by rule that a
// person revoked keeps its rows apart too.
func newGraph(decisions []homeward.Decision, l *lineages, forRule bool) *graph {
	g := &graph{map[homeward.RecordID][]homeward.RecordID{}, map[homeward.RecordID][]refusal{}}
	inForce := map[homeward.PairID]homeward.Decision{}
	for _, d := range decisions {
		pair, a, b, ok := l.pair(d.Pair)
		switch {
		case !ok:
		case d.RevokedAt.IsZero():
			if have, there := inForce[pair]; !there || before(have, d) {
				inForce[pair] = d
			}
		case forRule && d.Basis == homeward.BasisVerifiedDocument:
			g.keepApart(a, b, d.ID)
		}
	}
	for pair, d := range inForce {
		a, b, _ := pair.Records()
		switch d.Judgement {
		case homeward.Same:
			g.join(a, b)
		case homeward.Different:
			g.keepApart(a, b, d.ID)
		}
	}
	return g
}

func before(a, b homeward.Decision) bool {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) < 0
}

func (g *graph) join(a, b homeward.RecordID) {
	g.same[a], g.same[b] = append(g.same[a], b), append(g.same[b], a)
}

func (g *graph) keepApart(a, b homeward.RecordID, by homeward.DecisionID) {
	g.different[a] = append(g.different[a], refusal{b, by})
	g.different[b] = append(g.different[b], refusal{a, by})
}

// reach returns every row that is joined with a, itself included.
func (g *graph) reach(a homeward.RecordID) map[homeward.RecordID]bool {
	seen := map[homeward.RecordID]bool{a: true}
	for queue := []homeward.RecordID{a}; len(queue) > 0; {
		next := queue[0]
		queue = queue[1:]
		for _, b := range g.same[next] {
			if !seen[b] {
				seen[b] = true
				queue = append(queue, b)
			}
		}
	}
	return seen
}

// apart returns a standing decision that forbids joining the two rows with all that is joined to each; empty when none
// does. Of several it returns the oldest.
func (g *graph) apart(a, b homeward.RecordID) homeward.DecisionID {
	left, right := g.reach(a), g.reach(b)
	var found []homeward.DecisionID
	for row := range left {
		for _, x := range g.different[row] {
			if right[x.other] {
				found = append(found, x.decision)
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}
