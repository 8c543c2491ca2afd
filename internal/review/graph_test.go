package review

import (
	"testing"

	"github.com/homeward-registry/homeward"
)

// TestABatchContradictsNothingThatStands holds a rule of either judgement against what people joined and told apart over a third
// record.
func TestABatchContradictsNothingThatStands(t *testing.T) {
	a, b, c := homeward.RecordID("a"), homeward.RecordID("b"), homeward.RecordID("c")
	pair := homeward.Pair{Left: a, Right: c}
	for _, x := range []struct {
		of              func(g *graph)
		same, different bool
	}{
		{func(g *graph) {}, false, false},
		{func(g *graph) { g.join(a, b) }, false, false},
		{func(g *graph) { g.join(a, b); g.join(b, c) }, false, true},
		{func(g *graph) { g.join(a, b); g.keepApart(b, c, "d") }, true, false},
	} {
		g := newGraph(nil, nil, false)
		x.of(g)
		if same, different := g.forbids(homeward.Same, pair), g.forbids(homeward.Different, pair); same != x.same || different != x.different {
			t.Errorf("forbids same %t, different %t; want %t, %t", same, different, x.same, x.different)
		}
	}
}
