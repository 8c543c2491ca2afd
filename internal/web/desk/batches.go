package desk

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// batchesShown is how many batches a page lists.
const batchesShown = 50

// batchRoutes is the part of the table of routes that batches have.
func (d *Desk) batchRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionBatch, "GET /batches", d.showBatches),
		may(homeward.ActionBatch, "GET /batches/new", d.showNewBatch),
		may(homeward.ActionBatch, "POST /batches", d.stateBatch),
		may(homeward.ActionBatch, "GET /batches/{batch}", d.showBatch),
		may(homeward.ActionBatch, "POST /batches/{batch}", d.endBatch),
		may(homeward.ActionApplyBatch, "POST /batches/{batch}/apply", d.applyBatch),
	}
}

type batchesPage struct {
	frame
	Rows []batchView
	Next homeward.BatchID // of the last one, when there are more
}

// batchView is a batch as pages show it.
type batchView struct {
	homeward.Batch
	Standing homeward.BatchState
	Who      string
	Told     []string // what the rule asks the records, in words
	Room     homeward.Compartment
	Steps    []batchStepView
}

type batchStepView struct {
	homeward.BatchAct
	Who string
}

func (d *Desk) showBatches(v *visit) error {
	p := &batchesPage{}
	err := v.view(func(tx *store.Tx) error {
		list, err := tx.Batches(store.BatchPage{Before: homeward.BatchID(v.r.URL.Query().Get("before")), Limit: batchesShown + 1})
		if err != nil {
			return err
		}
		if p.Next = ""; len(list) > batchesShown {
			list = list[:batchesShown]
			p.Next = list[batchesShown-1].ID
		}
		p.Rows, err = v.batches(tx, list)
		return err
	})
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, "batches", p)
}

func (v *visit) batches(tx *store.Tx, list []homeward.Batch) ([]batchView, error) {
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	rooms, err := tx.Compartments()
	if err != nil {
		return nil, err
	}
	out := make([]batchView, len(list))
	for i, b := range list {
		x := batchView{Batch: b, Standing: b.State(), Who: v.whoever(b.By.ID, names)}
		for _, t := range b.Rule.Told {
			x.Told = append(x.Told, v.telling(t))
		}
		for _, a := range b.Acts {
			who := v.l.T("role.system")
			if a.By != homeward.System {
				who = v.whoever(a.By.ID, names)
			}
			x.Steps = append(x.Steps, batchStepView{a, who})
		}
		if at := slices.IndexFunc(rooms, func(c homeward.Compartment) bool { return c.ID == b.Rule.Compartment }); at >= 0 {
			x.Room = rooms[at]
		}
		out[i] = x
	}
	return out, nil
}

// telling writes what a rule asks of two records: "Birth: born on the same day".
func (v *visit) telling(t homeward.Telling) string {
	comparison, level := t.Parts()
	why := v.why(linkage.Signal{Comparison: comparison, Level: level, Reason: linkage.Reason{Code: string(t)}})
	return v.l.T("batch.telling", "what", v.l.T("comparison."+comparison), "why", why)
}

type batchPage struct {
	frame
	Batch     batchView
	Measured  review.Measured
	Stands    int
	Rest      int // pairs that the batch would decide, or has to decide still
	Halted    bool
	Tally     []tallied
	Sample    []sampleRow
	Next      homeward.PairID // of the sample, to judge
	MayApply  bool
	MayRevoke bool
	MayEnd    bool
	Own       bool // the reader stated it, and another has to apply it
	Problem   string
}

type tallied struct {
	Outcome homeward.BatchOutcome
	Count   int
}

type sampleRow struct {
	queueRow
	Gone    bool
	State   homeward.PairState
	Verdict homeward.Judgement
	Wrong   bool
}

func (d *Desk) showBatch(v *visit) error { return v.showBatchPage(http.StatusOK, "") }

func (v *visit) showBatchPage(status int, problem string) error {
	id := homeward.BatchID(v.r.PathValue("batch"))
	seen, err := v.d.Pipeline.Review.Batch(v.ctx(), v.user.Actor(), id)
	if err != nil {
		return err
	}
	p := &batchPage{Measured: seen.Measured, Stands: seen.Stands, Halted: seen.Halted, Problem: problem, Rest: seen.Batch.Pairs - seen.Batch.Sample}
	if p.Next, _, err = v.d.Pipeline.Review.SampleNext(v.ctx(), v.user.Actor(), id, ""); err != nil {
		return err
	}
	for _, o := range homeward.BatchOutcomes {
		if n := seen.Tally[o]; n > 0 {
			p.Tally = append(p.Tally, tallied{o, n})
		}
	}
	err = v.view(func(tx *store.Tx) error {
		list, err := v.batches(tx, []homeward.Batch{seen.Batch})
		if err != nil {
			return err
		}
		p.Batch = list[0]
		names, err := sourceNames(tx)
		p.Sample = nil
		for _, s := range seen.Sample {
			row := sampleRow{queueRow: queueRow{ID: s.Of.Pair}, Gone: s.Pair.ID == "", Verdict: s.Verdict, State: s.Pair.State}
			if !row.Gone {
				row.queueRow = v.queueRows([]review.Row{s.Row}, names)[0]
			}
			row.Wrong = s.Verdict != "" && s.Verdict != seen.Batch.Rule.Judgement
			p.Sample = append(p.Sample, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Own = seen.Batch.By.ID == v.user.ID
	p.MayApply = !p.Own && seen.Measured.Bears(seen.Batch.Rule) && (p.Batch.Standing == homeward.BatchSampling || p.Halted && p.Batch.Standing == homeward.BatchApplying)
	p.MayRevoke = p.Batch.Standing == homeward.BatchApplied || p.Batch.Standing == homeward.BatchApplying || p.Halted
	p.MayEnd = p.Batch.Standing == homeward.BatchSampling
	if p.Next != "" && p.Batch.Standing != homeward.BatchSampling {
		p.Next = ""
	}
	return v.show(status, "batch", p)
}

// Bears reports whether the bound is within what the rule bears, once the sample is judged.
func (p batchPage) Bears() bool { return p.Measured.Bears(p.Batch.Rule) }

// Share is what the rule bears, as a share.
func (p batchPage) Share() float64 { return float64(p.Batch.Rule.Bears) / 1000 }

// applyBatch begins to decide by a batch that another stated.
func (d *Desk) applyBatch(v *visit) error {
	return v.actOnBatch(d.Pipeline.Review.ApplyBatch, "notice.batch_applied")
}

// endBatch takes back what a batch decided, or gives it up before.
func (d *Desk) endBatch(v *visit) error {
	switch v.r.PostFormValue("do") {
	case "revoke":
		return v.actOnBatch(d.Pipeline.Review.RevokeBatch, "notice.batch_revoked")
	case "discard":
		return v.actOnBatch(d.Pipeline.Review.DiscardBatch, "notice.batch_discarded")
	}
	return homeward.ErrInvalid
}

func (v *visit) actOnBatch(do batchAct, notice string) error {
	id := homeward.BatchID(v.r.PathValue("batch"))
	reason, err := v.written()
	if err != nil {
		return err
	}
	if reason == "" {
		return v.showBatchPage(http.StatusUnprocessableEntity, v.l.T("mark.no_reason"))
	}
	err = do(v.ctx(), v.user.Actor(), id, reason)
	var m *homeward.Message
	switch {
	case errors.As(err, &m):
		return v.showBatchPage(http.StatusConflict, v.l.Message(m))
	case errors.Is(err, homeward.ErrConflict), errors.Is(err, homeward.ErrDenied):
		return v.showBatchPage(http.StatusConflict, v.l.T("batch.not_now"))
	case err != nil:
		return err
	}
	v.d.Pipeline.Wake()
	v.tell(notice, "")
	return v.redirect("/batches/" + string(id))
}

// Stated is when the batch was.
func (b batchView) Stated() time.Time { return b.Batch.At }
