package cli

import (
	"fmt"
	"regexp"

	"github.com/homeward-registry/homeward"
)

var (
	idForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	pairForm = regexp.MustCompile(`^[0-9a-f-]{36}\.[0-9a-f-]{36}$`)
)

// checkID refuses what is no id before it can get into an error: somebody may have typed a name.
func checkID[T ~string](noun string, id T, next string) error {
	if idForm.MatchString(string(id)) {
		return nil
	}
	return advise(fmt.Errorf("that is no id of a %s: %w", noun, homeward.ErrNotFound), next)
}

func checkPair(id homeward.PairID) error {
	if pairForm.MatchString(string(id)) {
		return nil
	}
	return advise(fmt.Errorf("that is no id of a pair: %w", homeward.ErrNotFound), nextPair)
}

// What to do when an id leads nowhere.
const (
	nextPerson   = "homeward search WORDS prints the ids of persons; homeward run makes them"
	nextPair     = "homeward review list prints the ids of pairs"
	nextDecision = "homeward review show PAIR prints the ids of decisions"
)
