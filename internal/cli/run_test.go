package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// TestEveryCommandShowsAnExample walks the command line and asks each command for help.
func TestEveryCommandShowsAnExample(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(false) {
		path := strings.Fields(command.Path())
		var out bytes.Buffer
		if code := Run(context.Background(), append(path, "--help"), Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != codeDone {
			t.Errorf("%v --help: exit code %d", path, code)
		}
		if want := "homeward " + strings.Join(path, " "); !strings.Contains(out.String(), "Example") || strings.Count(out.String(), want) < 2 {
			t.Errorf("%v --help shows no example", path)
		}
	}
}

func TestEachKindOfFailureHasItsExitCode(t *testing.T) {
	want := map[error]int{
		nil: 0, errors.New("anything else"): 1, errUsage: 2, homeward.ErrNotFound: 3, homeward.ErrInvalid: 4,
		homeward.ErrConflict: 5, homeward.ErrDenied: 6, homeward.ErrTampered: 7, homeward.ErrUnavailable: 8,
	}
	for err, code := range want {
		if err != nil {
			err = fmt.Errorf("do: %w", err)
		}
		var out bytes.Buffer
		if got := explain(&out, err); got != code {
			t.Errorf("%v: exit code %d, want %d", err, got, code)
		}
		if err != nil && !strings.Contains(out.String(), "next: ") {
			t.Errorf("%v: nothing is said about what to do next", err)
		}
	}
}

// TestEveryCommandPrintsJSON runs every command that prints with --json; each must print one value and nothing else.
func TestEveryCommandPrintsJSON(t *testing.T) {
	s := store.Settings{Dir: t.TempDir()}
	dir := t.TempDir()
	lists := filepath.Join(dir, "lists")
	var printed any
	run := func(stdin string, args ...string) []byte {
		t.Helper()
		cmd := program(t, s, append(args, "--json")...)
		var errs bytes.Buffer
		cmd.Stdin, cmd.Stderr = strings.NewReader(stdin), &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, errs.String())
		}
		if err := json.Unmarshal(out, &printed); err != nil {
			t.Errorf("%v printed %d bytes that are no JSON: %v", args, len(out), err)
		}
		return out
	}
	run("", "version")
	run("", "names", "compare", "Микола", "Nikolai")
	run("Олена\nHelena\n", "names", "compare", "-")
	run("", "names", "explain", "Микола", "Шевченко")
	named := filepath.Join(dir, "named.tsv")
	if err := os.WriteFile(named, []byte("1\tМикола Шевченко\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run("7\tNikolai Shevchenko\n", "names", "rank", "--index", named, "--queries", "-")
	run("", "places", "find", "Маріуполь")
	run("", "init")
	run("", "synth", "--children", "60", "--seed", "4", "--out", lists)
	for _, list := range []string{"family-reports", "adoption-listing", "ngo-list"} {
		file := filepath.Join(lists, list+".csv")
		run("", "import", file, "--source", list, "--edition", "2025-02-22", "--dry-run")
		run("", "import", file, "--source", list, "--edition", "2025-02-22")
	}
	run("", "link", filepath.Join(lists, "family-reports.csv"), filepath.Join(lists, "ngo-list.csv"), "--out", filepath.Join(dir, "linked"))
	run("", "run")
	pairs := checkPairs(t, run("", "review", "list", "--all"))
	pairs = slices.DeleteFunc(pairs, func(p printedPair) bool { return p.State != "proposed" }) // some are joined by the rule
	run("", "search", "Марія")
	pairs = pairs[slices.IndexFunc(pairs, func(p printedPair) bool { return !takesTwo(t, run, p.Pair) }):]
	var decided struct{ Decision string }
	if err := json.Unmarshal(run("", "review", "decide", pairs[0].Pair, "same", "--reason", "mother"), &decided); err != nil {
		t.Fatal(err)
	}
	run("", "review", "revoke", decided.Decision, "--reason", "not the mother")
	run("", "show", pairs[0].Left["record"])
	run("", "count", "children")
	run("", "figures", "import")
	run("", "figures", "list")
	run("a long enough password\n", "user", "add", "olena", "--role", "reviewer", "--password-stdin")
	run("", "user", "list")
	run("", "verify")
	run("", "backup", filepath.Join(dir, "away.db"))
	run("", "restore", filepath.Join(dir, "away.db"), "--dir", filepath.Join(dir, "again"), "--passphrase", filepath.Join(s.Dir, "passphrase"))
}

// takesTwo tells whether one person's judgement does not suffice for a pair.
func takesTwo(t *testing.T, run func(string, ...string) []byte, pair string) bool {
	var shown struct {
		TakesTwo *bool `json:"takes_two"`
	}
	if err := json.Unmarshal(run("", "review", "show", pair), &shown); err != nil || shown.TakesTwo == nil {
		t.Fatalf("review show does not say whether a pair takes two: %v", err)
	}
	return *shown.TakesTwo
}

// printedPair is what others build on: review list --json --all prints an array of these and nothing else in them.
type printedPair struct {
	Pair        string            `json:"pair"`
	Left        map[string]string `json:"left"`
	Right       map[string]string `json:"right"`
	Weight      float64           `json:"weight"`
	Probability float64           `json:"probability"`
	State       string            `json:"state"`
}

// checkPairs checks the listing of pairs to the letter.
func checkPairs(t *testing.T, text []byte) []printedPair {
	t.Helper()
	var raw []map[string]json.RawMessage
	var list []printedPair
	if err := errors.Join(json.Unmarshal(text, &raw), json.Unmarshal(text, &list)); err != nil || len(list) == 0 {
		t.Fatalf("%d pairs: %v", len(list), err)
	}
	sideFields := []string{"record", "source", "source_id"}
	for i, p := range list {
		if have := slices.Sorted(maps.Keys(raw[i])); !slices.Equal(have, []string{"left", "pair", "probability", "right", "state", "weight"}) {
			t.Fatalf("a pair has the fields %v", have)
		}
		for _, side := range []map[string]string{p.Left, p.Right} {
			if have := slices.Sorted(maps.Keys(side)); !slices.Equal(have, sideFields) {
				t.Fatalf("a side has the fields %v", have)
			}
			if side["record"] == "" || side["source_id"] == "" || !strings.Contains("family-reports adoption-listing ngo-list", side["source"]) {
				t.Fatal("a side is not complete")
			}
		}
		if p.Pair != p.Left["record"]+"."+p.Right["record"] || p.State != "proposed" && p.State != "same" || p.Probability < 0 || p.Probability > 1 {
			t.Fatalf("pair %s is not as promised", p.Pair)
		}
	}
	return list
}
