package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

// batchAct is a step in the life of a batch, as review takes it.
type batchAct func(context.Context, homeward.Actor, homeward.BatchID, string) error

type newBatchPage struct {
	frame
	Rule    homeward.BatchRule
	Asked   bool         // the rule was asked what it takes
	Taken   review.Taken // now
	Rooms   []homeward.Compartment
	Room    homeward.Compartment // of the rule
	Bounds  []float64
	Bears   []allowance
	Told    []tellingChoice
	Reason  string
	Problem string
}

// allowance is a number to choose, and the share that it stands for.
type allowance struct {
	Value int
	Share float64
}

type tellingChoice struct {
	Telling homeward.Telling
	Words   string
	Chosen  bool
}

// batchRule reads a rule from the fields of a form or an address; none holds a word of a child.
func batchRule(q url.Values) homeward.BatchRule {
	r := homeward.BatchRule{Compartment: homeward.CompartmentID(q.Get("compartment")), Judgement: homeward.Judgement(q.Get("judgement"))}
	if r.Judgement != homeward.Different {
		r.Judgement = homeward.Same
	}
	if r.Compartment == "" {
		r.Compartment = homeward.Main
	}
	r.Bound, _ = strconv.ParseFloat(q.Get("bound"), 64) // what is none is refused with the rule
	r.Bears, _ = strconv.Atoi(q.Get("bears"))
	for _, t := range q["told"] {
		r.Told = append(r.Told, homeward.Telling(t))
	}
	return r
}

// showNewBatch shows the form of a rule and, once it is filled in, how many pairs the rule takes now. Asking changes nothing, and
// can be repeated until the rule is right.
func (d *Desk) showNewBatch(v *visit) error {
	return v.showNewBatchPage(http.StatusOK, batchRule(v.r.URL.Query()), v.r.URL.Query().Has("bound"), "")
}

func (v *visit) showNewBatchPage(status int, rule homeward.BatchRule, asked bool, problem string) error {
	p := &newBatchPage{Rule: rule, Asked: asked, Problem: problem, Bounds: homeward.Bounds(rule.Judgement), Reason: v.r.PostFormValue("reason")}
	for _, n := range homeward.BatchBears {
		p.Bears = append(p.Bears, allowance{n, float64(n) / 1000})
	}
	if !asked {
		p.Rule.Bears, p.Rule.Bound = 10, p.Bounds[0]
	}
	for _, t := range homeward.Tellings(rule.Judgement) {
		p.Told = append(p.Told, tellingChoice{t, v.telling(t), slices.Contains(rule.Told, t)})
	}
	err := v.view(func(tx *store.Tx) (err error) {
		p.Rooms, err = tx.Compartments()
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Rooms[min(1, len(p.Rooms)):], func(c homeward.Compartment) string { return c.Name }) // after main
	if at := slices.IndexFunc(p.Rooms, func(c homeward.Compartment) bool { return c.ID == rule.Compartment }); at >= 0 {
		p.Room = p.Rooms[at]
	}
	if !asked {
		return v.show(status, "newbatch", p)
	}
	p.Taken, err = v.d.Pipeline.Review.Takes(v.ctx(), v.user.Actor(), rule)
	var m *homeward.Message
	switch {
	case errors.As(err, &m):
		p.Asked, p.Problem, status = false, v.l.Message(m), http.StatusUnprocessableEntity
	case errors.Is(err, homeward.ErrNotFound), errors.Is(err, homeward.ErrInvalid):
		p.Asked, p.Problem, status = false, v.l.T("batch.no_rule"), http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	return v.show(status, "newbatch", p)
}

// stateBatch states the rule, over the pairs it takes now, and draws its sample.
func (d *Desk) stateBatch(v *visit) error {
	rule := batchRule(v.r.PostForm)
	reason, err := v.written()
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showNewBatchPage(http.StatusUnprocessableEntity, rule, true, v.l.T("mark.no_reason"))
	}
	b, err := d.Pipeline.Review.StateBatch(v.ctx(), v.user.Actor(), rule, reason)
	var m *homeward.Message
	switch {
	case errors.As(err, &m):
		return v.showNewBatchPage(http.StatusConflict, rule, true, v.l.Message(m))
	case errors.Is(err, homeward.ErrNotFound), errors.Is(err, homeward.ErrInvalid):
		return v.showNewBatchPage(http.StatusUnprocessableEntity, rule, true, "")
	case err != nil:
		return err
	}
	v.tell("notice.batch_stated", "")
	return v.redirect("/batches/" + string(b.ID))
}

// sampled is what the page of a pair tells of the batch of whose sample it is judged.
type sampled struct {
	Batch         homeward.BatchID
	Judged, Count int
	Next          homeward.PairID
}

// sampleOf returns the batch of whose sample the reader judges a pair; nil when they came from elsewhere.
func (v *visit) sampleOf(pair homeward.PairID) (*sampled, error) {
	id := homeward.BatchID(v.r.FormValue("batch"))
	if id == "" || !v.can(homeward.ActionBatch) {
		return nil, nil
	}
	next, m, err := v.d.Pipeline.Review.SampleNext(v.ctx(), v.user.Actor(), id, pair)
	if errors.Is(err, homeward.ErrNotFound) {
		return nil, nil
	}
	return &sampled{id, m.Judged, m.Sample, next}, err
}

// Path leads to the next pair of the sample, or to the batch when none waits.
func (s sampled) Path() string {
	if s.Next == "" {
		return "/batches/" + string(s.Batch)
	}
	return "/pairs/" + string(s.Next) + "?batch=" + string(s.Batch)
}
