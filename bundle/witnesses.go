package bundle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// The policy that a bundle encloses is one of c2sp.org/tlog-policy in its one form: the log, its witnesses, groups, the quorum, one
// space between words. What witnesses said of an older checkpoint are lines of a signed note, in a file of the checkpoint's number.
const (
	policyFile   = "data/log/policy.txt"
	cosignedFile = "data/log/cosigned/%s.txt"
	// mostCosigned is how many witnesses' words a bundle holds for one checkpoint.
	mostCosigned = 9
)

// mostPolicy bounds a policy in bytes.
const mostPolicy = 4096

// policyForm is what ledger.ParsePolicy is given; it checks the rest.
var policyForm = regexp.MustCompile(`^log [a-z0-9./-]{1,100}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n` +
	`(witness [0-9A-Za-z._/-]+ [0-9A-Za-z._:/-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n)+` +
	`(group [0-9A-Za-z._/-]+ [1-9][0-9]?( [0-9A-Za-z._/-]+)+\n)*quorum [0-9A-Za-z._/-]+\n$`)

// ParsePolicy reads an enclosed policy. One that is longer, or in which a name has other letters, can not
// be enclosed.
func ParsePolicy(text []byte) (ledger.Policy, error) {
	if len(text) > mostPolicy || !policyForm.Match(text) {
		return ledger.Policy{}, fmt.Errorf("read policy: not in its one form: %w", homeward.ErrInvalid)
	}
	return ledger.ParsePolicy(text)
}

// cosignaturesBelong checks that there is a policy exactly where there are cosignatures, and that these are of checkpoints that are here.
func (v *verification) cosignaturesBelong() error {
	names := v.names(cosignedFile)
	_, there := v.files[policyFile]
	for _, name := range names {
		number, _ := numbered(name, cosignedFile)
		_, older := v.files[fmt.Sprintf(earlierFile, number)]
		there = there && older
	}
	if there != (len(names) > 0) {
		return malformed("cosignatures without a policy or a checkpoint, or a policy without cosignatures")
	}
	return nil
}

// witnesses checks that every line is the word of a witness of the policy, and counts the checkpoints that witnesses enough cosigned. A
// bundle without the quorum is verified all the same, and says so: whose witnesses count is the reader's to say.
func (v *verification) witnesses() error {
	if _, there := v.files[policyFile]; !there {
		return nil
	}
	v.place = policyFile
	policy, err := ParsePolicy(v.kept[policyFile])
	if err != nil {
		return errPolicy
	}
	for _, w := range policy.Witnesses {
		v.out.Witnesses = append(v.out.Witnesses, w.Verifier)
	}
	for _, name := range v.names(cosignedFile) {
		number, _ := numbered(name, cosignedFile)
		said, ok := cosignedBy(policy, v.kept[fmt.Sprintf(earlierFile, number)], string(v.kept[name]))
		if !ok {
			v.found(name, "a line in it is not what a witness of the policy said of this checkpoint")
		} else if policy.Quorum(said) {
			v.out.Witnessed++
		}
	}
	return nil
}

var errPolicy = fmt.Errorf("it is not a policy in its one form")

// cosignedBy returns the names of the witnesses whose words the lines are, each of another.
func cosignedBy(policy ledger.Policy, checkpoint []byte, lines string) (said []string, ok bool) {
	rest, whole := strings.CutSuffix(lines, "\n")
	list := strings.Split(rest, "\n")
	if !whole || len(list) > mostCosigned {
		return nil, false
	}
	for _, line := range list {
		i := slices.IndexFunc(policy.Witnesses, func(w ledger.Witness) bool {
			return !slices.Contains(said, w.Name) && ledger.VerifyCosignature(checkpoint, []byte(line+"\n"), w.Verifier) == nil
		})
		if i < 0 {
			return nil, false
		}
		said = append(said, policy.Witnesses[i].Name)
	}
	return said, true
}
