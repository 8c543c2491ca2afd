package statistics

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Names of two definitions: every child known, whatever happened; and what is asked for when someone wants to
// subtract the returned from the deported.
const (
	Children            = "children"
	DeportedNotReturned = "deported-not-returned"
)

const (
	wordOr  = "-or-"
	wordNot = "-not-"
)

// Definitions lists the definitions that pages offer: each has its words in the catalogs. [Define] understands more:
// events joined by "-or-", and after "-not-" events that a child must not have.
func Definitions() []homeward.Definition {
	names := []string{Children}
	for _, t := range homeward.EventTypes {
		names = append(names, string(t))
	}
	names = append(names, DeportedNotReturned)
	out := make([]homeward.Definition, len(names))
	for i, name := range names {
		out[i], _ = parse(name)
	}
	return out
}

// Define reads the name of a definition, such as "deported", "taken-or-deported" or "deported-not-returned". Case,
// low lines and spaces do not matter. Arithmetic over definitions is refused, with the reason and with what can be
// asked instead. The error is a *[homeward.Message] of kind ErrInvalid.
func Define(expr string) (homeward.Definition, error) {
	if left, right, ok := subtraction(expr); ok {
		return homeward.Definition{}, refuseSubtraction(left, right)
	}
	if strings.ContainsAny(expr, "+&") {
		return homeward.Definition{}, refuseSum()
	}
	d, ok := parse(canonical(expr))
	if !ok {
		return homeward.Definition{}, unknownDefinition()
	}
	return d, nil
}

// canonical returns the name as [homeward.Definition] writes it.
func canonical(expr string) string {
	fold := func(r rune) rune {
		if r == '_' {
			return ' '
		}
		return r
	}
	return strings.Join(strings.Fields(strings.Map(fold, strings.ToLower(expr))), "-")
}

// parse reads "<events>" or "<events>-not-<events>", where events are joined by "-or-" and may be "children" before
// the "not".
func parse(name string) (homeward.Definition, bool) {
	d := homeward.Definition{Name: name}
	has, not, excludes := strings.Cut(name, wordNot)
	if d.All = has == Children; !d.All {
		types, ok := events(has)
		if !ok {
			return d, false
		}
		d.Has = types
	}
	if excludes {
		types, ok := events(not)
		if !ok || overlap(d.Has, types) {
			return d, false
		}
		d.Not = types
	}
	return d, true
}

func events(names string) ([]homeward.EventType, bool) {
	var out []homeward.EventType
	for name := range strings.SplitSeq(names, wordOr) {
		t := homeward.EventType(name)
		if !t.Valid() || slices.Contains(out, t) {
			return nil, false
		}
		out = append(out, t)
	}
	return out, true
}

func overlap(a, b []homeward.EventType) bool {
	return slices.ContainsFunc(a, func(t homeward.EventType) bool { return slices.Contains(b, t) })
}
