package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
)

type countCmd struct {
	Definition []string `arg:"" help:"What to count: children, deported, deported-not-returned, …"`
	ValidAsOf  string   `help:"As of when it was true (default: today)." placeholder:"YYYY-MM-DD"`
	KnownAsOf  string   `help:"As of when it was known (default: now)." placeholder:"YYYY-MM-DD"`
}

func (countCmd) Help() string {
	return `Counts children, one by one: a lower bound if every pair that awaits a decision is one child, an upper bound if none is. A day means its end, in UTC.

Example:

  homeward count deported-not-returned --valid-as-of 2024-12-31`
}

// count is a count as printed: a number never goes without its definition.
type count struct {
	Definition string               `json:"definition"`
	Has        []homeward.EventType `json:"has"`
	Not        []homeward.EventType `json:"not"`
	ValidAsOf  time.Time            `json:"valid_as_of"`
	KnownAsOf  time.Time            `json:"known_as_of"`
	Sources    int                  `json:"sources"`
	Origins    int                  `json:"origins"`
	Records    int                  `json:"records"`
	Children   int                  `json:"children"`
	Lower      int                  `json:"lower"`
	Upper      int                  `json:"upper"`
	Pending    int                  `json:"pending"`
}

func (c countCmd) Run(sh *shell) error {
	valid, err := endOfDay("--valid-as-of", c.ValidAsOf)
	if err != nil {
		return err
	}
	known, err := endOfDay("--known-as-of", c.KnownAsOf)
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		n, err := statistics.Compute(sh.ctx, db, homeward.Operator, strings.Join(c.Definition, " "), valid, known)
		if err != nil {
			return advise(err, "homeward count children counts every child; docs/decisions/0010-counts-have-bounds.md says why counts are as they are")
		}
		result := count{
			Definition: n.Definition.Name, Has: types(n.Definition.Has), Not: types(n.Definition.Not),
			ValidAsOf: n.ValidAsOf, KnownAsOf: n.KnownAsOf, Sources: n.Sources, Origins: n.Origins, Records: n.Records, Children: n.Children,
			Lower: n.Lower, Upper: n.Upper, Pending: n.Pending,
		}
		return sh.print(result, result.words)
	})
}

// types makes an empty list print as a list.
func types(list []homeward.EventType) []homeward.EventType {
	return append([]homeward.EventType{}, list...)
}

func (c count) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s, between %s and %s\n", c.Definition, many(c.Children, "child"), amount(c.Lower), amount(c.Upper))
	fmt.Fprintf(w, "counted\tchildren %s\n", c.rule())
	fmt.Fprintf(w, "from\t%s of %s", many(c.Records, "record"), many(c.Sources, "source"))
	if c.Origins < c.Sources {
		fmt.Fprintf(w, ", some of which repeat others: %s", many(c.Origins, "independent origin"))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "pending\t%s\n", many(c.Pending, "pair"))
	fmt.Fprintf(w, "true as of\t%s\n", moment(c.ValidAsOf))
	fmt.Fprintf(w, "known as of\t%s\n", moment(c.KnownAsOf))
}

// rule says in words who is counted.
func (c count) rule() string {
	if len(c.Has) == 0 {
		return "of whom any record tells"
	}
	rule := "said to have been " + joined(c.Has)
	if len(c.Not) > 0 {
		rule += ", child by child without those said to have been " + joined(c.Not)
	}
	return rule
}

func joined(list []homeward.EventType) string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = string(t)
	}
	return strings.Join(words, " or ")
}

// endOfDay reads a day as its last microsecond, UTC. An empty text gives the zero time, which counts read as now.
func endOfDay(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, needs(flag + " wants a day as YYYY-MM-DD")
	}
	return day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
}
