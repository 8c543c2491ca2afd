package review

import (
	"context"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// MostInBatch is how many pairs one batch takes: of same the most probable, of different the least. The rest is for another batch.
const MostInBatch = 20_000

// Taken is what a rule takes now.
type Taken struct {
	Pairs  []homeward.PairID
	Beyond int // that the rule takes as well, and that are too many for one batch
	Grave  int // that it would take if they were not grave
	Sample int // how many of the pairs people have to judge
}

// Takes returns what a rule takes now: pairs that are proposed and on which nobody ever decided. ErrDenied for who may not state one;
// ErrInvalid for a rule that is none.
func (r *Review) Takes(ctx context.Context, actor homeward.Actor, rule homeward.BatchRule) (out Taken, err error) {
	err = r.forBatch(ctx, actor, rule, r.db.View, func(tx *store.Tx) error {
		out, err = r.takes(tx, rule)
		return err
	})
	return out, err
}

// StateBatch states a rule, over the pairs that it takes now. It refuses with a [homeward.Message] "batch.takes_nothing".
func (r *Review) StateBatch(ctx context.Context, actor homeward.Actor, rule homeward.BatchRule, reason string) (b homeward.Batch, err error) {
	err = r.forBatch(ctx, actor, rule, r.db.Update, func(tx *store.Tx) error {
		if err := oneAtATime(tx, rule); err != nil {
			return err
		}
		taken, err := r.takes(tx, rule)
		if err != nil {
			return err
		}
		if len(taken.Pairs) == 0 {
			return &homeward.Message{Key: "batch.takes_nothing", Kind: homeward.ErrConflict, Text: "state batch: the rule takes no pair now: bear less, or wait for new lists"}
		}
		b, err = tx.PutBatch(homeward.Batch{Rule: rule, Reason: reason, Sample: taken.Sample}, taken.Pairs)
		return err
	})
	return b, err
}

// oneAtATime refuses a rule while another of its judgement is under way in its compartment: who could draw several samples could
// choose among them. Those given up stay in the list.
func oneAtATime(tx *store.Tx, rule homeward.BatchRule) error {
	list, err := tx.BatchesOpen(rule.Compartment, rule.Judgement)
	if err == nil && len(list) > 0 {
		err = &homeward.Message{Key: "batch.one_at_a_time", Kind: homeward.ErrConflict, Text: "state batch: a rule of this judgement is under way in this compartment: apply it or give it up first"}
	}
	return err
}

// forBatch opens a transaction in which a rule of an actor who may state it can be asked.
func (r *Review) forBatch(ctx context.Context, actor homeward.Actor, rule homeward.BatchRule, open func(context.Context, homeward.Actor, func(*store.Tx) error) error, fn func(*store.Tx) error) error {
	if !actor.Can(homeward.ActionBatch) {
		return fmt.Errorf("state batch: %w", homeward.ErrDenied)
	}
	if err := rule.Valid(); err != nil {
		return err
	}
	if err := r.ready(ctx); err != nil {
		return err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return open(ctx, actor, func(tx *store.Tx) error {
		who, err := tx.Access()
		if err != nil {
			return err
		}
		if !homeward.Can(who, homeward.ActionBatch, homeward.Resource{Compartment: rule.Compartment}) {
			return fmt.Errorf("state batch: no such compartment: %w", homeward.ErrNotFound)
		}
		return fn(tx)
	})
}

func (r *Review) takes(tx *store.Tx, rule homeward.BatchRule) (Taken, error) {
	var out Taken
	pairs, err := r.fitting(tx, rule)
	if err != nil {
		return out, err
	}
	grave, err := r.graveAmong(tx, pairs)
	if err != nil {
		return out, err
	}
	for _, p := range pairs {
		switch {
		case grave[p.ID]:
			out.Grave++
		case len(out.Pairs) == MostInBatch:
			out.Beyond++
		default:
			out.Pairs = append(out.Pairs, p.ID)
		}
	}
	if len(out.Pairs) > 0 {
		out.Sample = linkage.SampleFor(len(out.Pairs), float64(rule.Bears)/1000)
	}
	return out, nil
}

// fitting returns the pairs that a rule takes, grave or not, those it is surest of first.
func (r *Review) fitting(tx *store.Tx, rule homeward.BatchRule) ([]homeward.Pair, error) {
	f := store.PairFilter{State: homeward.PairProposed, Within: rule.Compartment, MinProbability: rule.Bound}
	if rule.Judgement == homeward.Different {
		f.MinProbability, f.MaxProbability = 0, rule.Bound
	}
	list, err := tx.Pairs(f)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]homeward.PairID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	decided, err := tx.DecidedAmong(ids)
	if err != nil {
		return nil, err
	}
	joined, err := joinedAlready(tx, list)
	if err != nil {
		return nil, err
	}
	facts, err := r.decisionsAround(tx, sidesOf(list)...)
	if err != nil {
		return nil, err
	}
	g, out := newGraph(facts, r.lines, false), []homeward.Pair(nil)
	for _, p := range list {
		if len(decided[p.ID]) > 0 || joined[p.ID] || g.forbids(rule.Judgement, p) {
			continue
		}
		fits, err := r.fits(tx, rule, p)
		if err != nil {
			return nil, err
		}
		if fits {
			out = append(out, p)
		}
	}
	return out, nil
}

// forbids reports whether what stands contradicts a judgement on a pair: what is decided different is not joined, and what is
// joined is not told apart.
func (g *graph) forbids(j homeward.Judgement, p homeward.Pair) bool {
	if j == homeward.Different {
		return g.reach(p.Left)[p.Right]
	}
	return g.apart(p.Left, p.Right) != ""
}

// fits reports whether a rule takes a pair as it is weighed now: the probability, and what the records tell of one another.
func (r *Review) fits(tx *store.Tx, rule homeward.BatchRule, p homeward.Pair) (bool, error) {
	if !rule.Takes(p.Probability) || !r.compared(p) {
		return false, nil
	}
	m, err := r.model(tx, p.Model)
	if err != nil {
		return false, err
	}
	_, signals, ok := r.index.Weigh(m.model, string(p.Left), string(p.Right))
	return ok && tells(signals, rule.Told), nil
}

// tells reports whether signals tell all of what is asked for.
func tells(signals []linkage.Signal, told []homeward.Telling) bool {
	for _, t := range told {
		met := false
		for _, s := range signals {
			met = met || t.Met(s.Comparison, s.Level)
		}
		if !met {
			return false
		}
	}
	return true
}

// graveAmong returns which of many pairs are grave. It asks as [Review.grave] does, of all at once.
func (r *Review) graveAmong(tx *store.Tx, pairs []homeward.Pair) (map[homeward.PairID]bool, error) {
	ties, err := tx.Ties()
	if err != nil {
		return nil, err
	}
	g := &graph{same: map[homeward.RecordID][]homeward.RecordID{}}
	for _, d := range ties {
		if a, b := r.lines.root(d.Left), r.lines.root(d.Right); a != b {
			g.join(a, b)
		}
	}
	seen, all := map[homeward.RecordID]bool{}, []homeward.RecordID(nil)
	for _, p := range pairs {
		for _, side := range []homeward.RecordID{p.Left, p.Right} {
			for row := range g.reach(side) {
				if !seen[row] {
					seen[row] = true
					all = append(all, r.lines.all(row)...)
				}
			}
		}
	}
	tell, err := tx.GraveAmong(all)
	if err != nil {
		return nil, err
	}
	rows := map[homeward.RecordID]bool{}
	for record := range tell {
		rows[r.lines.root(record)] = true
	}
	out := map[homeward.PairID]bool{}
	for _, p := range pairs {
		for _, side := range []homeward.RecordID{p.Left, p.Right} {
			for row := range g.reach(side) {
				out[p.ID] = out[p.ID] || rows[row]
			}
		}
	}
	return out, nil
}
