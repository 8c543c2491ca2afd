package bundle

import (
	"fmt"
	"slices"
	"time"

	"github.com/homeward-registry/homeward/stamp"
)

// The time-stamps over an older checkpoint are numbered after it, each with the roots of its authority beside it.
const (
	answerFile = "data/log/stamps/%s.tsr"
	rootsFile  = "data/log/stamps/%s.pem"
	// mostStamps is how many a bundle holds: each costs a verifier some processes.
	mostStamps = 99
)

// Stamped is a time-stamp that holds under the roots beside it. Whether to trust these is for the reader to say.
type Stamped struct {
	Number string    // of the checkpoint, and of the time-stamp over it: "000001-1"
	At     time.Time // by the authority's clock
	By     string    // a stranger's word, in one line of printable letters
}

// stampsBelong checks that every time-stamp has its roots and its checkpoint.
func (v *verification) stampsBelong() error {
	answers, roots := v.names(answerFile), v.names(rootsFile)
	whole := len(answers) <= mostStamps && len(answers) == len(roots)
	for _, name := range answers {
		number, _ := numbered(name, answerFile)
		_, older := v.files[fmt.Sprintf(earlierFile, number[:len(sealNumber)])]
		whole = whole && older && slices.Contains(roots, fmt.Sprintf(rootsFile, number))
	}
	if !whole {
		return malformed("a time-stamp without roots or a checkpoint, roots without a time-stamp, or too many of them")
	}
	return nil
}

// stamps checks that every time-stamp is of its checkpoint and led to one of its roots at its own time: so the verdict is the
// same on every day, and rests on no clock.
func (v *verification) stamps() error {
	for _, name := range v.names(answerFile) {
		number, _ := numbered(name, answerFile)
		checkpoint := v.kept[fmt.Sprintf(earlierFile, number[:len(sealNumber)])]
		held, err := stamp.VerifyEnclosed(v.kept[name], checkpoint, v.kept[fmt.Sprintf(rootsFile, number)])
		if err != nil {
			v.found(name, "it is no time-stamp of this checkpoint that holds under the roots beside it")
			continue
		}
		v.out.Stamps = append(v.out.Stamps, Stamped{number, held.At, held.By})
	}
	return nil
}
