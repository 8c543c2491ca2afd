package statistics

import (
	"strings"

	"github.com/homeward-registry/homeward"
)

// minusSigns are the words and signs people subtract with; a hyphen is one only between spaces or between two
// definitions.
var minusSigns = []string{" minus ", " less ", " without ", " мінус ", " минус ", " без ", " - ", "−", "–", "—"}

// subtraction finds the two sides of a subtraction, each by the name of its definition, or empty where it is none.
func subtraction(expr string) (left, right string, ok bool) {
	text := " " + strings.ToLower(strings.Join(strings.Fields(expr), " ")) + " "
	for _, sign := range minusSigns {
		if l, r, found := strings.Cut(text, sign); found {
			return known(l), known(r), true
		}
	}
	name := canonical(expr)
	for i := range len(name) {
		if name[i] != '-' {
			continue
		}
		if l, r := known(name[:i]), known(name[i+1:]); l != "" && r != "" {
			return l, r, true
		}
	}
	return "", "", false
}

// known returns the canonical name where the words are a definition, and nothing where they are not.
func known(words string) string {
	name := canonical(words)
	if _, ok := parse(name); ok {
		return name
	}
	return ""
}

// refuseSubtraction says why, and names the definition that asks child by child.
func refuseSubtraction(left, right string) *homeward.Message {
	instead := DeportedNotReturned
	if _, ok := parse(left + wordNot + right); ok {
		instead = left + wordNot + right
	}
	return &homeward.Message{
		Key:  "count.refused.subtraction",
		Args: map[string]any{"instead": instead},
		Kind: homeward.ErrInvalid,
		Text: "one count cannot be subtracted from another: the two are of different populations (many children who " +
			"returned were never counted as deported), so the difference counts nobody; only a definition that is " +
			"asked child by child has a meaning: use " + instead,
	}
}

func refuseSum() *homeward.Message {
	return &homeward.Message{
		Key:  "count.refused.sum",
		Args: map[string]any{"instead": "taken-or-deported"},
		Kind: homeward.ErrInvalid,
		Text: "counts cannot be added: a child to whom both happened would be counted twice; use a definition with " +
			"\"or\", such as taken-or-deported",
	}
}

// unknownDefinition lists what can be asked. It does not repeat what was asked, which may be a name.
func unknownDefinition() *homeward.Message {
	var names []string
	for _, d := range Definitions() {
		names = append(names, d.Name)
	}
	list := strings.Join(names, ", ")
	return &homeward.Message{
		Key:  "count.unknown",
		Args: map[string]any{"definitions": list},
		Kind: homeward.ErrInvalid,
		Text: "there is no such definition; there are: " + list + "; events can be joined by -or- and left out by -not-",
	}
}
