package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/internal/store"
)

type reviewShowCmd struct {
	Pair homeward.PairID `arg:"" help:"The pair's id, as review list prints it."`
}

func (reviewShowCmd) Help() string {
	return `Shows both records in the words of their sources, and what each signal weighs: plus speaks for one child, minus against.

Example:

  homeward review show $(homeward review list --json | jq -r '.[0].pair')`
}

// weighed is a pair with what speaks for and against it.
type weighed struct {
	Pair        homeward.PairID     `json:"pair"`
	State       homeward.PairState  `json:"state"`
	Weight      float64             `json:"weight"`
	Probability float64             `json:"probability"`
	Left        record              `json:"left"`
	Right       record              `json:"right"`
	Signals     []comparison        `json:"signals"`
	Decisions   []decision          `json:"decisions"`
	Grave       bool                `json:"takes_two"`        // a child's whereabouts, return or death hangs on it
	Awaits      homeward.Awaits     `json:"awaits,omitempty"` // second: another opinion; supervisor: two differ
	Mine        *homeward.Judgement `json:"own_opinion,omitempty"`
}

// record is a record as printed.
type record struct {
	Record   homeward.RecordID `json:"record"`
	Person   homeward.PersonID `json:"person,omitempty"`
	Source   string            `json:"source"`
	SourceID string            `json:"source_id"`
	Edition  string            `json:"edition"`
	Line     int               `json:"line"`
	Claims   []claim           `json:"claims"`
}

// comparison is one row of the waterfall.
type comparison struct {
	Comparison string  `json:"comparison"`
	Level      string  `json:"level"`
	Weight     float64 `json:"weight"`
	Reason     string  `json:"reason"`
}

// decision is a decision as printed.
type decision struct {
	ID        homeward.DecisionID `json:"decision"`
	Pair      homeward.PairID     `json:"pair"`
	Judgement homeward.Judgement  `json:"judgement"`
	Basis     homeward.Basis      `json:"basis"`
	By        homeward.UserID     `json:"by"`
	Role      homeward.Role       `json:"role"`
	At        time.Time           `json:"at"`
	Reason    string              `json:"reason"`
	Weight    float64             `json:"weight"`
	Revoked   *revocation         `json:"revoked,omitempty"`
}

type revocation struct {
	By     homeward.UserID `json:"by"`
	At     time.Time       `json:"at"`
	Reason string          `json:"reason"`
}

func printedRecord(r homeward.Record, source string, person homeward.PersonID) record {
	return record{r.ID, person, source, r.SourceRow, r.AsOf.String(), r.Line, claims(r.Claims)}
}

func printedDecisions(list []homeward.Decision) []decision {
	out := make([]decision, len(list))
	for i, d := range list {
		out[i] = decision{d.ID, d.Pair, d.Judgement, d.Basis, d.By.ID, d.By.Role, d.At, d.Reason, d.Weight, nil}
		if !d.RevokedAt.IsZero() {
			out[i].Revoked = &revocation{d.RevokedBy.ID, d.RevokedAt, d.RevokeReason}
		}
	}
	return out
}

func (c reviewShowCmd) Run(sh *shell) error {
	if err := checkPair(c.Pair); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		v, err := review.Open(db).Pair(sh.ctx, homeward.Operator, c.Pair)
		if err != nil {
			return advise(err, nextPair)
		}
		names, err := sh.sourceNames(db)
		if err != nil {
			return err
		}
		result := weighed{
			Pair: v.Pair.ID, State: v.Pair.State, Weight: v.Pair.Weight, Probability: v.Pair.Probability,
			Left: printedRecord(v.Left, names[v.Left.Source], v.LeftPerson), Right: printedRecord(v.Right, names[v.Right.Source], v.RightPerson),
			Signals: []comparison{}, Decisions: printedDecisions(v.Decisions),
		}
		result.Grave, result.Awaits = v.Grave, v.Awaits
		if v.Mine {
			result.Mine = &v.Opinions[0].Judgement
		}
		for _, s := range v.Signals {
			result.Signals = append(result.Signals, comparison{s.Comparison, s.Level, s.Weight, s.Reason.String()})
		}
		return sh.print(result, result.words)
	})
}

func (p weighed) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%+.1f\t%s\n", percent(p.Probability), p.Weight, p.State)
	if p.Grave {
		fmt.Fprintln(w, "A child's whereabouts, return or death hangs on it: two people decide, neither shown the other's opinion.")
	}
	fmt.Fprint(w, awaited(p.Awaits))
	for _, r := range []record{p.Left, p.Right} {
		r.words(w)
	}
	fmt.Fprintln(w)
	for _, s := range p.Signals {
		fmt.Fprintf(w, "%+.1f\t%s\t%s\n", s.Weight, s.Comparison, s.Reason)
	}
	printDecisions(w, p.Decisions)
}

func (r record) words(w io.Writer) {
	fmt.Fprintf(w, "\n%s %s\tedition %s, line %d\t%s\n", r.Source, r.SourceID, r.Edition, r.Line, r.Record)
	for _, c := range r.Claims {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", c.Path, c.Value, c.Date)
	}
}

func printDecisions(w io.Writer, list []decision) {
	for _, d := range list {
		fmt.Fprintf(w, "\n%s\tby %s (%s), %s\t%s\n  %s\n", d.Judgement, d.By, d.Role, moment(d.At), d.ID, d.why())
		if d.Revoked != nil {
			fmt.Fprintf(w, "  revoked by %s, %s: %s\n", d.Revoked.By, moment(d.Revoked.At), d.Revoked.Reason)
		}
	}
}

// why returns the reason in words; a decision by rule states the rule.
func (d decision) why() string {
	if d.Basis == homeward.BasisVerifiedDocument {
		return "by rule: both sources verified the same document number"
	}
	return d.Reason
}

// sourceNames returns the name of every source.
func (sh *shell) sourceNames(db *store.DB) (map[homeward.SourceID]string, error) {
	names := map[homeward.SourceID]string{}
	return names, db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		list, err := tx.Sources()
		for _, s := range list {
			names[s.ID] = s.Name
		}
		return err
	})
}

type reviewDecideCmd struct {
	Pair      homeward.PairID    `arg:"" help:"The pair's id."`
	Judgement homeward.Judgement `arg:"" help:"same, different or unsure."`
	Reason    string             `required:"" help:"Why; - reads it from standard input." placeholder:"WORDS"`
}

func (reviewDecideCmd) Help() string {
	return `The decision is signed by the operator and can be revoked. What it moves is printed: the persons it touches, before and after, each as its records.
A pair on which a child's whereabouts, return or death hangs takes two people: the first opinion is kept and moves nothing until another person, who
is not shown it, says the same at the desk; where two differ a supervisor decides there.

Example:

  homeward review decide PAIR same --reason "same mother, same street; the listing shifts the birth date"`
}

// moved is what a decision or its revocation moved: persons, each as its records, oldest first.
type moved struct {
	Decision homeward.DecisionID   `json:"decision"` // empty while an opinion waits for another person's
	Opinion  homeward.OpinionID    `json:"opinion,omitempty"`
	Awaits   homeward.Awaits       `json:"awaits,omitempty"`
	Before   [][]homeward.RecordID `json:"before"`
	After    [][]homeward.RecordID `json:"after"`
	Unheeded []homeward.DecisionID `json:"decisions_not_applied"`
}

func (c reviewDecideCmd) Run(sh *shell) error {
	if !c.Judgement.Valid() {
		return needs("the judgement is same, different or unsure")
	}
	if err := checkPair(c.Pair); err != nil {
		return err
	}
	reason, err := sh.spoken(c.Reason)
	if err != nil {
		return err
	}
	proposal := registry.Proposal{Judge: &homeward.Decision{Pair: c.Pair, Judgement: c.Judgement}}
	return sh.move(proposal, func(r *review.Review) (review.Outcome, error) {
		return r.Decide(sh.ctx, homeward.Operator, c.Pair, c.Judgement, reason)
	})
}

type reviewRevokeCmd struct {
	Decision homeward.DecisionID `arg:"" help:"The decision's id, as review show prints it."`
	Reason   string              `required:"" help:"Why; - reads it from standard input." placeholder:"WORDS"`
}

func (reviewRevokeCmd) Help() string {
	return `The decision stays on record with who revoked it and why. What it moves is printed.

Example:

  homeward review revoke DECISION --reason "the two are brothers"`
}

func (c reviewRevokeCmd) Run(sh *shell) error {
	if err := checkID("decision", c.Decision, nextDecision); err != nil {
		return err
	}
	reason, err := sh.spoken(c.Reason)
	if err != nil {
		return err
	}
	return sh.move(registry.Proposal{Revoke: c.Decision}, func(r *review.Review) (review.Outcome, error) {
		return review.Outcome{Decision: homeward.Decision{ID: c.Decision}}, r.Revoke(sh.ctx, homeward.Operator, c.Decision, reason)
	})
}

// move foresees what an act moves, does it, and brings the persons up to date.
func (sh *shell) move(p registry.Proposal, act func(*review.Review) (review.Outcome, error)) error {
	return sh.with(func(db *store.DB) error {
		foreseen, err := registry.Foresee(sh.ctx, db, homeward.Operator, p)
		if err != nil {
			return err
		}
		stages := pipeline.New(db)
		out, err := act(stages.Review)
		if err != nil {
			return err
		}
		if _, err := sh.bringUpToDate(stages); err != nil {
			return err
		}
		if out.Awaits != homeward.AwaitsNobody {
			foreseen.After, foreseen.Conflicts = foreseen.Before, nil
		}
		result := moved{out.ID, out.Opinion.ID, out.Awaits, foreseen.Before, foreseen.After, []homeward.DecisionID{}}
		for _, c := range foreseen.Conflicts {
			result.Unheeded = append(result.Unheeded, c.Decision)
		}
		return sh.print(result, result.words)
	})
}

// awaited says whom a pair in review awaits.
func awaited(a homeward.Awaits) string {
	switch a {
	case homeward.AwaitsSecond:
		return "An opinion waits: it stands when another person, who is not shown it, says the same. review withdraw takes one's own back.\n"
	case homeward.AwaitsSupervisor:
		return "Two people differ: a supervisor who gave neither opinion decides at the desk.\n"
	}
	return ""
}

type reviewWithdrawCmd struct {
	Pair homeward.PairID `arg:"" help:"The pair's id."`
}

func (reviewWithdrawCmd) Help() string {
	return `Only the operator's own opinion, and only as long as nobody else has judged the pair.

Example:

  homeward review withdraw PAIR`
}

func (c reviewWithdrawCmd) Run(sh *shell) error {
	if err := checkPair(c.Pair); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		if err := review.Open(db).Withdraw(sh.ctx, homeward.Operator, c.Pair); err != nil {
			return advise(err, nextPair)
		}
		result := map[string]homeward.PairID{"withdrawn": c.Pair}
		return sh.print(result, func(w io.Writer) { fmt.Fprintf(w, "withdrawn\t%s\n", c.Pair) })
	})
}

func (m moved) words(w io.Writer) {
	if m.Awaits != homeward.AwaitsNobody {
		fmt.Fprintf(w, "opinion\t%s\n%s", m.Opinion, awaited(m.Awaits))
		return
	}
	fmt.Fprintf(w, "decision\t%s\n", m.Decision)
	for _, side := range []struct {
		word    string
		persons [][]homeward.RecordID
	}{{"before", m.Before}, {"after", m.After}} {
		for _, records := range side.persons {
			fmt.Fprintf(w, "%s\tperson %s of %s\n", side.word, records[0], many(len(records), "record"))
		}
	}
	for _, id := range m.Unheeded {
		fmt.Fprintf(w, "not applied\tdecision %s: this one stands against it\n", id)
	}
}
