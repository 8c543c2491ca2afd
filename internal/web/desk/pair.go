package desk

import (
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/linkage"
)

// judgements are the three buttons, in order.
var judgements = []homeward.Judgement{homeward.Same, homeward.Different, homeward.Unsure}

// longestReason is in characters.
const longestReason = 2000

type pairPage struct {
	frame
	ID             homeward.PairID
	State          homeward.PairState
	Failure        refusal
	Left, Right    pairHead
	Rows           []pairRow
	Decisions      []decisionView
	Sides          *pairSides   // nil when the two are one child already
	Contradictions []signalView // what cannot both be true, the gravest first
	Joins          *joins       // what "same" would change; nil when it cannot be asked
	Probability    float64
	Signals        []signalView
	Total          bar
	Weight         float64
	Missing        []string // comparisons for which one of the two is silent
	Model          homeward.ModelID
	MayDecide      bool
	MayNever       bool // the reader does not decide: their role, or one of the records was only opened to them
	Judgements     []homeward.Judgement
	Reason         string
	Tomorrow       homeward.Day // from when a pair can be put off
	Furthest       homeward.Day // until when at most
	Previous, Next homeward.PairID
	Sample         *sampled // the pair is judged as one of the sample of a batch; nil when it is not
	Grave          bool     // one person's judgement does not suffice
	Awaits         homeward.Awaits
	Mine           bool                  // an opinion of the reader's waits
	Opinions       []opinionView         // that wait, as far as the reader may see them
	Withheld       []homeward.FieldClass // what the records hold and the reader does not see
	sees           homeward.Classes
}

// refusal says why a decision was refused, and leads to the decision that stands in its way, when one does.
type refusal struct{ Words, Path string }

// MissingList lists the comparisons that could not be made.
func (p pairPage) MissingList() string { return strings.Join(p.Missing, ", ") }

// open reports whether the pair may still be decided without revoking a decision first.
func (p pairPage) open() bool {
	return p.State == homeward.PairProposed || p.State == homeward.PairUnsure || p.State == homeward.PairInReview
}

type pairHead struct {
	Source, AsOf, Row string
	Person            homeward.PersonID
}

// joins is what a decision would move: how many records each person holds, before and after.
type joins struct{ Before, After []int }

// Nothing reports whether it would move nothing.
func (j joins) Nothing() bool { return len(j.Before) == len(j.After) }

func (d *Desk) showPair(v *visit) error { return v.showPairPage(http.StatusOK, refusal{}, "") }

func (v *visit) showPairPage(status int, failure refusal, reason string) error {
	id := homeward.PairID(v.r.PathValue("pair"))
	seen, err := v.d.Pipeline.Review.Pair(v.ctx(), v.user.Actor(), id)
	if err != nil {
		return err
	}
	p := &pairPage{
		ID: seen.Pair.ID, State: seen.Pair.State, Failure: failure, Reason: reason, Rows: v.compared(seen.Left, seen.Right, seen.Signals),
		Probability: seen.Pair.Probability, Weight: seen.Pair.Weight, Model: seen.Pair.Model, Judgements: judgements,
	}
	p.Tomorrow = homeward.DayOf(v.d.Now()) + 1
	p.Furthest = p.Tomorrow - 1 + review.LongestDefer
	both, err := v.may(homeward.ActionDecide, placed(seen.Left), placed(seen.Right))
	if err != nil {
		return err
	}
	p.MayNever = !both
	p.Grave, p.Awaits, p.Mine = seen.Grave, seen.Awaits, seen.Mine
	p.MayDecide = !p.MayNever && p.open() && v.awaited(seen)
	p.Withheld = (seen.Left.Withheld | seen.Right.Withheld).List()
	p.sees = homeward.AllClasses &^ (seen.Left.Withheld | seen.Right.Withheld)
	p.weigh(v, seen.Signals)
	p.Contradictions = p.contradictions(v, seen.Signals)
	if p.Sides, err = v.sides(seen); err != nil {
		return err
	}
	if err := v.complete(p, seen); err != nil {
		return err
	}
	if p.Previous, p.Next, err = v.d.Pipeline.Review.Neighbours(v.ctx(), v.user.Actor(), id); err != nil {
		return err
	}
	if p.Sample, err = v.sampleOf(id); err != nil {
		return err
	}
	return v.show(status, "pair", p)
}

// complete reads what stands around the two records: their sources, who decided, and what a join would change.
func (v *visit) complete(p *pairPage, seen review.View) error {
	err := v.view(func(tx *store.Tx) error {
		sources, err := sourceNames(tx)
		if err != nil {
			return err
		}
		p.Left, p.Right = v.pairHead(seen.Left, seen.LeftPerson, sources), v.pairHead(seen.Right, seen.RightPerson, sources)
		if p.Decisions, err = v.decisions(tx, seen.Decisions); err != nil {
			return err
		}
		p.Opinions, err = v.opinions(tx, seen.Opinions)
		return err
	})
	if err != nil || !p.open() {
		return err
	}
	p.Joins, err = v.foresee(registry.Proposal{Judge: &homeward.Decision{Pair: p.ID, Judgement: homeward.Same}})
	return err
}

func (v *visit) pairHead(r homeward.Record, person homeward.PersonID, sources map[homeward.SourceID]string) pairHead {
	if person == "" {
		person = homeward.PersonID(r.ID) // the id of a record leads to its person once there is one
	}
	return pairHead{Source: sources[r.Source], AsOf: v.l.Date(r.AsOf), Row: r.SourceRow, Person: person}
}

// foresee returns what a proposal would move. One that cannot be carried out moves nothing that could be shown.
func (v *visit) foresee(proposal registry.Proposal) (*joins, error) {
	c, err := registry.Foresee(v.ctx(), v.d.DB, v.user.Actor(), proposal)
	if errors.Is(err, homeward.ErrConflict) || errors.Is(err, homeward.ErrInvalid) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	j := &joins{}
	for _, records := range c.Before {
		j.Before = append(j.Before, len(records))
	}
	for _, records := range c.After {
		j.After = append(j.After, len(records))
	}
	return j, nil
}

// signalView is one row of the waterfall.
type signalView struct {
	What, Why string
	Weight    float64
	Bar       bar
}

// bar is a weight as a bar that leaves the middle line of 200 units: right speaks for, left against.
type bar struct {
	For   bool
	X     float64
	Width float64
}

func newBar(weight, most float64) bar {
	if most <= 0 || weight == 0 {
		return bar{}
	}
	width := min(abs(weight)/most, 1) * 98
	if weight > 0 {
		return bar{For: true, X: 100, Width: width}
	}
	return bar{X: 100 - width, Width: width}
}

func abs(x float64) float64 { return max(x, -x) }

// weigh draws the waterfall: what each comparison says, and which could not be made.
func (p *pairPage) weigh(v *visit, signals []linkage.Signal) {
	most, told := abs(p.Weight), map[string]bool{}
	for _, s := range signals {
		most = max(most, abs(s.Weight))
		told[s.Comparison] = true
	}
	for _, s := range signals {
		p.Signals = append(p.Signals, signalView{
			What: v.l.T("comparison." + s.Comparison), Why: v.shownReason(s, p.sees), Weight: s.Weight, Bar: newBar(s.Weight, most),
		})
	}
	p.Total = newBar(p.Weight, most)
	for _, c := range linkage.DefaultModel().Comparisons {
		if !told[c.Name] {
			p.Missing = append(p.Missing, strings.ToLower(v.l.T("comparison."+c.Name)))
		}
	}
}

// comparedClass says of which class a comparison tells, when it is not identity.
var comparedClass = map[string]homeward.FieldClass{"phone": homeward.ClassContact, "institution": homeward.ClassLocation}

// shownReason is why a signal weighs what it weighs, unless it would tell what is withheld.
func (v *visit) shownReason(s linkage.Signal, sees homeward.Classes) string {
	if class, ok := comparedClass[s.Comparison]; ok && !sees.Has(class) {
		return v.l.T("withheld.reason")
	}
	return v.reason(s)
}

// decide writes the reader's judgement and goes on to the next pair.
func (d *Desk) decide(v *visit) error {
	id := homeward.PairID(v.r.PathValue("pair"))
	j := homeward.Judgement(v.r.PostFormValue("judgement"))
	reason, err := v.written()
	switch {
	case err != nil:
		return err
	case !j.Valid():
		return homeward.ErrInvalid
	case reason == "":
		return v.showPairPage(http.StatusUnprocessableEntity, refusal{Words: v.l.T("pair.no_reason")}, "")
	}
	_, next, err := d.Pipeline.Review.Neighbours(v.ctx(), v.user.Actor(), id)
	if err != nil {
		return err
	}
	decided, err := v.judge(id, j, reason)
	var m *homeward.Message
	if errors.As(err, &m) {
		status := http.StatusConflict
		if errors.Is(err, homeward.ErrInvalid) {
			status = http.StatusUnprocessableEntity
		}
		return v.showPairPage(status, v.refusal(m), reason)
	}
	if err != nil {
		return err
	}
	d.Pipeline.Wake()
	v.tellOutcome(j, id, decided)
	if sample, err := v.sampleOf(id); err != nil {
		return err
	} else if sample != nil {
		return v.redirect(sample.Path())
	}
	if of := sectionOf(decided); of != "" {
		if next, err = v.firstOf(of, next); err != nil {
			return err
		}
	}
	if next == "" {
		return v.redirect("/review")
	}
	return v.redirect("/pairs/" + string(next))
}

// judge decides, or puts off a pair of which the reader is unsure until the day they named.
func (v *visit) judge(id homeward.PairID, j homeward.Judgement, reason string) (review.Outcome, error) {
	again := v.r.PostFormValue("again")
	if j != homeward.Unsure || again == "" {
		return v.d.Pipeline.Review.Decide(v.ctx(), v.user.Actor(), id, j, reason)
	}
	day, err := time.Parse(time.DateOnly, again)
	if err != nil {
		return review.Outcome{}, homeward.ErrInvalid // what was sent stays out of the error
	}
	return v.d.Pipeline.Review.Defer(v.ctx(), v.user.Actor(), id, homeward.DayOf(day), reason)
}

// written returns the reason that the reader gave, empty when there is none. A browser sends each end of a line as two
// characters and counts it as one; so is it counted and kept here.
func (v *visit) written() (string, error) {
	reason := strings.TrimSpace(strings.ReplaceAll(v.r.PostFormValue("reason"), "\r\n", "\n"))
	if utf8.RuneCountInString(reason) > longestReason {
		return "", homeward.ErrInvalid
	}
	return reason, nil
}

func (v *visit) refusal(m *homeward.Message) refusal {
	r := refusal{Words: v.l.Message(m)}
	if id, ok := m.Args["Decision"].(homeward.DecisionID); ok {
		r.Path = "/decisions/" + string(id)
	}
	return r
}
