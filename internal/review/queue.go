package review

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// Filter selects rows of the queue.
type Filter struct {
	State          homeward.PairState // proposed when empty
	MinProbability float64
	Where          store.Where    // one of the two records at least
	After          *store.PairKey // of the last row of the page before
	Limit          int            // 50 when 0
}

func (f Filter) pairs() store.PairFilter {
	return store.PairFilter{
		State: f.State, MinProbability: f.MinProbability, Urgent: f.State == homeward.PairProposed, Where: f.Where, After: f.After, Limit: f.Limit,
	}
}

// Key returns the place of a row among those of the filter.
func (f Filter) Key(row Row) *store.PairKey {
	f.State = cmp.Or(f.State, homeward.PairProposed)
	return f.pairs().Key(row.Pair)
}

// Row is one pair of the queue with its two records, each in its newest version.
type Row struct {
	Pair        homeward.Pair
	Left, Right homeward.Record
	// Reopened says that the pair was decided different or unsure, and that new evidence has moved its weight since.
	Reopened bool
	// Due says that somebody was unsure, and that the day has come to look again.
	Due bool
}

// Queue returns pairs: the proposed ones by what most needs a person, others the most probable first. In the queue of proposed pairs, those that are one person already
// through other decisions are left out, and the first page begins with those that are due again and those that new evidence reopened. Every
// record shown is audited.
func (r *Review) Queue(ctx context.Context, actor homeward.Actor, f Filter) ([]Row, error) {
	if !actor.Can(homeward.ActionReview) {
		return nil, fmt.Errorf("read queue: %w", homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	f.State, f.Limit = cmp.Or(f.State, homeward.PairProposed), cmp.Or(f.Limit, 50)
	var rows []Row
	err := r.db.View(ctx, actor, func(tx *store.Tx) (err error) {
		rows = nil
		back, err := r.backWhere(tx, f.Where)
		if err != nil {
			return err
		}
		if f.State == homeward.PairProposed && f.After == nil {
			rows = slices.Clone(back)
		}
		pairs, err := waiting(tx, f)
		for _, p := range pairs {
			row := Row{Pair: p}
			if at := slices.IndexFunc(back, func(x Row) bool { return x.Pair.ID == p.ID }); at >= 0 {
				row = back[at]
			}
			rows = append(rows, row)
		}
		if err != nil {
			return err
		}
		return r.fill(tx, rows)
	})
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	return rows, nil
}

// waiting returns a page of pairs. Proposed ones that are one person already wait for nobody.
func waiting(tx *store.Tx, f Filter) ([]homeward.Pair, error) {
	var out []homeward.Pair
	for filter := f.pairs(); ; {
		list, err := tx.Pairs(filter)
		if err != nil {
			return nil, err
		}
		joined := map[homeward.PairID]bool{}
		if f.State == homeward.PairProposed {
			if joined, err = joinedAlready(tx, list); err != nil {
				return nil, err
			}
		}
		for _, p := range list {
			if !joined[p.ID] && len(out) < f.Limit {
				out = append(out, p)
			}
		}
		if len(list) < f.Limit || len(out) == f.Limit {
			return out, nil
		}
		filter.After = filter.Key(list[len(list)-1])
	}
}

func joinedAlready(tx *store.Tx, pairs []homeward.Pair) (map[homeward.PairID]bool, error) {
	persons, err := tx.PersonsOf(sidesOf(pairs))
	out := map[homeward.PairID]bool{}
	for _, p := range pairs {
		out[p.ID] = persons[p.Left] != "" && persons[p.Left] == persons[p.Right]
	}
	return out, err
}

// sidesOf returns the records of some pairs, sorted, each once.
func sidesOf(pairs []homeward.Pair) (sides []homeward.RecordID) {
	for _, p := range pairs {
		sides = append(sides, p.Left, p.Right)
	}
	slices.Sort(sides)
	return slices.Compact(sides)
}

// back returns the decided pairs that are before people again: those whose day has come, then those with new evidence.
func (r *Review) back(tx *store.Tx) ([]Row, error) {
	due, err := tx.DecisionsDue(homeward.DayOf(tx.Now))
	if err != nil {
		return nil, err
	}
	reopened, err := r.reopened(tx)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, d := range due {
		pair, _, _, _ := r.lines.pair(d.Pair)
		p, err := tx.Pair(pair)
		if isNotFound(err) || err == nil && (p.State != homeward.PairUnsure || !r.compared(p)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		again := slices.ContainsFunc(reopened, func(x homeward.Pair) bool { return x.ID == p.ID })
		rows = append(rows, Row{Pair: p, Due: true, Reopened: again})
	}
	for _, p := range reopened {
		if !slices.ContainsFunc(rows, func(x Row) bool { return x.Pair.ID == p.ID }) {
			rows = append(rows, Row{Pair: p, Reopened: true})
		}
	}
	return rows, nil
}

// backWhere leaves out pairs of which neither record is where is asked for.
func (r *Review) backWhere(tx *store.Tx, where store.Where) ([]Row, error) {
	rows, err := r.back(tx)
	if err != nil || where == (store.Where{}) {
		return rows, err
	}
	var ids []homeward.RecordID
	for _, row := range rows {
		ids = append(ids, row.Pair.Left, row.Pair.Right)
	}
	there, err := tx.Among(ids, where)
	return slices.DeleteFunc(rows, func(row Row) bool { return !there[row.Pair.Left] && !there[row.Pair.Right] }), err
}

// reopened returns the pairs decided different or unsure whose weight a newer version of one of the rows has moved.
// A different pair comes back when more speaks for it, an unsure one when anything speaks more clearly.
func (r *Review) reopened(tx *store.Tx) ([]homeward.Pair, error) {
	if len(r.lines.versions) == 0 {
		return nil, nil // no row has a second version: there is no new evidence
	}
	decisions, err := tx.DecisionFacts()
	if err != nil {
		return nil, err
	}
	var out []homeward.Pair
	for _, d := range newestStanding(decisions) {
		if d.Judgement == homeward.Same || !r.newerThan(d) {
			continue
		}
		p, err := tx.Pair(d.Pair)
		if isNotFound(err) || err == nil && !r.compared(p) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if moved := p.Weight - d.Weight; moved >= Reopen || d.Judgement == homeward.Unsure && math.Abs(moved) >= Reopen {
			out = append(out, p)
		}
	}
	return out, nil
}

// compared reports whether both rows are in the index: none was taken back, and none is restricted.
func (r *Review) compared(p homeward.Pair) bool {
	return r.index.Has(string(p.Left)) && r.index.Has(string(p.Right))
}

// newestStanding returns the decision in force on each pair, oldest first.
func newestStanding(decisions []homeward.Decision) []homeward.Decision {
	last := map[homeward.PairID]homeward.DecisionID{}
	for _, d := range decisions {
		if d.RevokedAt.IsZero() {
			last[d.Pair] = d.ID
		}
	}
	return slices.DeleteFunc(slices.Clone(decisions), func(d homeward.Decision) bool { return last[d.Pair] != d.ID })
}

// newerThan reports whether a version of one of the rows came after the decision. Ids are ordered by time.
func (r *Review) newerThan(d homeward.Decision) bool {
	for _, side := range []homeward.RecordID{d.Left, d.Right} {
		if r.lines.newest(side) > homeward.RecordID(d.ID) {
			return true
		}
	}
	return false
}

// fill reads the records of the rows, each once.
func (r *Review) fill(tx *store.Tx, rows []Row) error {
	at := map[homeward.RecordID]int{}
	var ids []homeward.RecordID
	want := func(id homeward.RecordID) {
		if _, ok := at[id]; !ok {
			at[id] = len(ids)
			ids = append(ids, id)
		}
	}
	for _, row := range rows {
		want(r.lines.newest(row.Pair.Left))
		want(r.lines.newest(row.Pair.Right))
	}
	records, err := tx.RecordsByID(ids)
	if err != nil {
		return err
	}
	for i, row := range rows {
		rows[i].Left = records[at[r.lines.newest(row.Pair.Left)]]
		rows[i].Right = records[at[r.lines.newest(row.Pair.Right)]]
	}
	return nil
}

// View is what the page of a pair shows.
type View struct {
	Pair        homeward.Pair
	Left, Right homeward.Record // the newest versions of the two rows
	Signals     []linkage.Signal
	Decisions   []homeward.Decision // oldest first, revoked ones too
	LeftPerson  homeward.PersonID   // empty until the registry has run
	RightPerson homeward.PersonID

	Grave    bool // one person's judgement does not suffice
	Awaits   homeward.Awaits
	Mine     bool               // an opinion of the reader's waits
	Opinions []homeward.Opinion // that wait, as far as the reader may see them: see [View.show]
}

// show keeps of the opinions that wait what the reader may see: their own; and all, when two differ, for a supervisor who gave
// neither. Whoever is to give the second opinion sees neither the first nor whose it is.
func (v *View) show(waiting []homeward.Opinion, to homeward.Actor) {
	v.Awaits, v.Mine, v.Grave = homeward.AwaitedBy(waiting), gaveOne(waiting, to.ID), len(waiting) > 0
	between := v.Awaits == homeward.AwaitsSupervisor && to.Can(homeward.ActionSettle) && !v.Mine
	for _, o := range waiting {
		if between || o.By.ID == to.ID {
			v.Opinions = append(v.Opinions, o)
		}
	}
}

// Joined reports whether the two records are one person already.
func (v View) Joined() bool { return v.LeftPerson != "" && v.LeftPerson == v.RightPerson }

// Pair returns a pair with what speaks for and against it, drawn again with the model that weighed it. Two rows that blocking
// never proposed are weighed as they are asked for: they may be decided too. ErrNotFound when there are no such two rows.
func (r *Review) Pair(ctx context.Context, actor homeward.Actor, id homeward.PairID) (View, error) {
	if !actor.Can(homeward.ActionReview) {
		return View{}, fmt.Errorf("read pair %s: %w", id, homeward.ErrDenied)
	}
	if err := r.ready(ctx); err != nil {
		return View{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	var v View
	err := r.db.View(ctx, actor, func(tx *store.Tx) (err error) {
		v, err = r.view(tx, id)
		return err
	})
	if err != nil {
		return View{}, fmt.Errorf("read pair %s: %w", id, err)
	}
	return v, nil
}

func (r *Review) view(tx *store.Tx, id homeward.PairID) (v View, err error) {
	if v.Pair, err = r.pairSeen(tx, id); err != nil {
		return v, err
	}
	id = v.Pair.ID
	rows := []Row{{Pair: v.Pair}}
	if err := r.fill(tx, rows); err != nil {
		return v, err
	}
	v.Left, v.Right = rows[0].Left, rows[0].Right
	if v.Decisions, err = tx.DecisionsOf(id); err != nil {
		return v, err
	}
	waiting, err := tx.OpinionsWaiting(id)
	if err != nil {
		return v, err
	}
	v.show(waiting, tx.Actor)
	if open := v.Pair.State == homeward.PairProposed || v.Pair.State == homeward.PairUnsure; open && !v.Grave {
		if v.Grave, err = r.grave(tx, id); err != nil {
			return v, err
		}
	}
	persons, err := tx.PersonsOf([]homeward.RecordID{v.Pair.Left, v.Pair.Right})
	if err != nil {
		return v, err
	}
	v.LeftPerson, v.RightPerson = persons[v.Pair.Left], persons[v.Pair.Right]
	m, err := r.model(tx, v.Pair.Model)
	if err != nil {
		return v, err
	}
	_, v.Signals, _ = r.index.Weigh(m.model, string(v.Pair.Left), string(v.Pair.Right))
	return v, nil
}

// pairSeen returns a pair as it is stored, or as it would be when blocking never proposed it.
func (r *Review) pairSeen(tx *store.Tx, id homeward.PairID) (homeward.Pair, error) {
	id, left, right, ok := r.lines.pair(id)
	p, err := tx.Pair(id)
	if !isNotFound(err) || !ok {
		return p, err
	}
	there, err := tx.Reaches([]homeward.RecordID{left, right})
	if err != nil {
		return p, err
	}
	model, err := r.model(tx, "")
	if err != nil {
		return p, err
	}
	weighed, _, compared := r.index.Weigh(model.model, string(left), string(right))
	if !compared || !there[left] || !there[right] {
		return p, fmt.Errorf("read pair %s: %w", id, homeward.ErrNotFound)
	}
	p = model.pair(weighed)
	p.State = homeward.PairProposed
	return p, nil
}
