package statistics

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
)

func TestDefinitionsAreUnderstoodByTheirNames(t *testing.T) {
	for _, want := range Definitions() {
		got, err := Define(want.Name)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%s: %v", want.Name, err)
		}
	}
	for _, e := range homeward.EventTypes {
		if !slices.ContainsFunc(Definitions(), func(d homeward.Definition) bool { return d.Name == string(e) }) {
			t.Errorf("no definition counts %s", e)
		}
	}
}

func TestDefinitionsJoinAndLeaveOut(t *testing.T) {
	for expr, want := range map[string]homeward.Definition{
		"children":              {Name: "children", All: true},
		"  Contact LOST ":       {Name: "contact-lost", Has: []homeward.EventType{homeward.EventContactLost}},
		"citizenship_imposed":   {Name: "citizenship-imposed", Has: []homeward.EventType{homeward.EventCitizenshipImposed}},
		"taken-or-deported":     {Name: "taken-or-deported", Has: []homeward.EventType{homeward.EventTaken, homeward.EventDeported}},
		"deported not returned": {Name: "deported-not-returned", Has: []homeward.EventType{homeward.EventDeported}, Not: []homeward.EventType{homeward.EventReturned}},
		"children-not-returned": {Name: "children-not-returned", All: true, Not: []homeward.EventType{homeward.EventReturned}},
		"taken-not-located-or-returned": {Name: "taken-not-located-or-returned", Has: []homeward.EventType{homeward.EventTaken},
			Not: []homeward.EventType{homeward.EventLocated, homeward.EventReturned}},
	} {
		got, err := Define(expr)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: %+v, %v", expr, got, err)
		}
	}
}

// TestDeportedMinusReturnedIsRefused holds the promise that no number is made of two populations.
func TestDeportedMinusReturnedIsRefused(t *testing.T) {
	for expr, instead := range map[string]string{
		"deported minus returned":      "deported-not-returned",
		"Deported MINUS Returned":      "deported-not-returned",
		"deported - returned":          "deported-not-returned",
		"deported-returned":            "deported-not-returned",
		"deported−returned":            "deported-not-returned",
		"deported – returned":          "deported-not-returned",
		"deported мінус returned":      "deported-not-returned",
		"taken minus located":          "taken-not-located",
		"contact-lost-located":         "contact-lost-not-located",
		"19546 - 1898":                 "deported-not-returned",
		"deported minus deported":      "deported-not-returned",
		"children - returned - taken":  "deported-not-returned",
		"children-not-taken - located": "deported-not-returned",
	} {
		_, err := Define(expr)
		m := message(t, err)
		if m.Key != "count.refused.subtraction" || m.Args["instead"] != instead {
			t.Errorf("%q: %s, instead %v", expr, m.Key, m.Args["instead"])
		}
		if _, err := Define(instead); err != nil {
			t.Errorf("%q is offered instead and is refused: %v", instead, err)
		}
		for _, reason := range []string{"different populations", "child by child", instead} {
			if !strings.Contains(m.Text, reason) {
				t.Errorf("%q: the text does not say %q", expr, reason)
			}
		}
	}
}

func TestOtherArithmeticAndUnknownWordsAreRefused(t *testing.T) {
	for expr, key := range map[string]string{
		"deported + transferred": "count.refused.sum",
		"":                       "count.unknown",
		"abducted":               "count.unknown",
		"deported-or-deported":   "count.unknown",
		"deported-not-deported":  "count.unknown",
		"not-returned":           "count.unknown",
		"children-or-deported":   "count.unknown",
	} {
		_, err := Define(expr)
		if m := message(t, err); m.Key != key {
			t.Errorf("%q: %s, want %s", expr, m.Key, key)
		}
	}
	_, err := Define("secret words")
	if m := message(t, err); strings.Contains(m.Text, "secret") || !strings.Contains(m.Text, "deported-not-returned") {
		t.Error("the message repeats what was asked, or does not list what can be asked")
	}
}

func FuzzDefine(f *testing.F) {
	for _, seed := range []string{"deported", "deported - returned", "taken-or-deported-not-returned", "−", "-not-", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expr string) {
		d, err := Define(expr)
		if err != nil {
			message(t, err)
			return
		}
		if again, err := Define(d.Name); err != nil || !cmp.Equal(again, d) {
			t.Errorf("the name of a definition is not understood: %v", err)
		}
	})
}

func message(t *testing.T, err error) *homeward.Message {
	t.Helper()
	var m *homeward.Message
	if !errors.As(err, &m) || !errors.Is(err, homeward.ErrInvalid) || m.Text == "" {
		t.Fatalf("not a message of kind invalid: %v", err)
	}
	return m
}
