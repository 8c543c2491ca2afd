package ledger

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"golang.org/x/mod/sumdb/note"
)

// Policy says whose signatures make a checkpoint valid: one of the logs, and witnesses enough for the quorum. Its text
// is that of c2sp.org/tlog-policy:
//
//	log homeward.local/019a…+4f2c9a10+AR…
//	witness red  red.example/w+…  https://red.example/witness
//	witness blue blue.example/w+…
//	witness tree tree.example/w+…
//	group two 2 red blue tree
//	quorum two
type Policy struct {
	Logs      []string // verifier keys
	Witnesses []Witness

	groups  map[string]group
	quorum  string
	logs    []note.Verifier
	signers map[string]note.Verifier // witnesses by name
}

// Witness is a witness that a policy names. URL is its submission prefix, where one is given.
type Witness struct {
	Name, Verifier, URL string
}

// group is k of its members.
type group struct {
	k       int
	members []string
}

// noQuorum is the quorum of a policy that asks for no witness.
const noQuorum = "none"

// ParsePolicy reads a policy. A key that is named twice, or a member that counts twice, is refused: one witness must
// not make a quorum.
func ParsePolicy(text []byte) (Policy, error) {
	p := &policyParser{Policy: Policy{groups: map[string]group{}, signers: map[string]note.Verifier{}}, keys: map[string]bool{}, used: map[string]bool{}}
	for i, line := range strings.Split(string(text), "\n") {
		if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) || !p.line(strings.FieldsFunc(line, blank)) {
			return Policy{}, fmt.Errorf("read policy: line %d is none of c2sp.org/tlog-policy: %w", i+1, homeward.ErrInvalid)
		}
	}
	if p.quorum == "" {
		return Policy{}, fmt.Errorf("read policy: it has no quorum line; quorum none asks for no witness: %w", homeward.ErrInvalid)
	}
	return p.Policy, nil
}

func blank(r rune) bool { return r == ' ' || r == '\t' }

// policyParser reads line by line: a line may name only what stands before it.
type policyParser struct {
	Policy
	keys map[string]bool // public keys seen
	used map[string]bool // names that are members of a group
}

func (p *policyParser) line(words []string) bool {
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return true
	}
	switch args := words[1:]; words[0] {
	case "log":
		return (len(args) == 1 || len(args) == 2) && p.log(args[0])
	case "witness":
		return (len(args) == 2 || len(args) == 3) && p.witness(args)
	case "group":
		return len(args) >= 3 && p.group(args[0], args[1], args[2:])
	case "quorum":
		ok := len(args) == 1 && p.Policy.quorum == "" && (args[0] == noQuorum || p.defined(args[0]))
		if ok {
			p.Policy.quorum = args[0]
		}
		return ok
	}
	return false
}

func (p *policyParser) log(key string) bool {
	v, err := note.NewVerifier(key)
	if err != nil || !p.newKey(key) {
		return false
	}
	p.Logs, p.Policy.logs = append(p.Logs, key), append(p.Policy.logs, v)
	return true
}

func (p *policyParser) witness(args []string) bool {
	v, err := NewCosignatureVerifier(args[1])
	if err != nil || !p.newName(args[0]) || !p.newKey(args[1]) {
		return false
	}
	w := Witness{Name: args[0], Verifier: args[1]}
	if len(args) == 3 {
		w.URL = args[2]
	}
	p.Witnesses, p.signers[w.Name] = append(p.Witnesses, w), v
	return true
}

func (p *policyParser) group(name, threshold string, members []string) bool {
	k, err := strconv.Atoi(threshold)
	switch threshold {
	case "any":
		k, err = 1, nil
	case "all":
		k, err = len(members), nil
	}
	if err != nil || k < 1 || k > len(members) || !p.newName(name) {
		return false
	}
	for _, m := range members {
		if !p.defined(m) || p.used[m] {
			return false
		}
		p.used[m] = true
	}
	p.groups[name] = group{k, members}
	return true
}

func (p *policyParser) defined(name string) bool {
	_, isGroup := p.groups[name]
	_, isWitness := p.signers[name]
	return isGroup || isWitness
}

func (p *policyParser) newName(name string) bool { return name != noQuorum && !p.defined(name) }

// newKey reports whether no line before names this public key, under whatever name.
func (p *policyParser) newKey(verifier string) bool {
	_, rest, _ := strings.Cut(verifier, "+")
	_, key64, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(key64)
	if err != nil || len(raw) == 0 || p.keys[string(raw[1:])] {
		return false
	}
	p.keys[string(raw[1:])] = true
	return true
}

// Verifier implements note.Verifiers over the logs and witnesses of the policy.
func (p Policy) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, v := range p.logs {
		if v.Name() == name && v.KeyHash() == hash {
			return v, nil
		}
	}
	for _, v := range p.signers {
		if v.Name() == name && v.KeyHash() == hash {
			return v, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// Cosigned is a witness's word for a checkpoint.
type Cosigned struct {
	Witness string // by the policy's name
	At      time.Time
}

// Open reads a checkpoint that a log of the policy signed and witnesses enough cosigned, and returns which did and when.
// Signatures of others are ignored. A checkpoint without the quorum is ErrUnavailable, not tampered: cosignatures may
// still come.
func (p Policy) Open(signed []byte) (Checkpoint, []Cosigned, error) {
	n, err := note.Open(signed, p)
	if err != nil || !exact(n.Sigs) {
		return Checkpoint{}, nil, fmt.Errorf("open checkpoint: no log of the policy signed it, or a signature does not verify: %w", homeward.ErrTampered)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil || !p.signedByLog(c.Origin, n.Sigs) {
		return Checkpoint{}, nil, fmt.Errorf("open checkpoint: no log of the policy signed it: %w", homeward.ErrTampered)
	}
	cosigned := p.cosigned(n.Sigs)
	if p.quorum != noQuorum && !p.satisfied(p.quorum, cosigned) {
		return c, cosigned, fmt.Errorf("open checkpoint of size %d: %d of %d witnesses cosigned, fewer than the policy's quorum: %w", c.Size, len(cosigned), len(p.Witnesses), homeward.ErrUnavailable)
	}
	return c, cosigned, nil
}

func (p Policy) signedByLog(origin string, sigs []note.Signature) bool {
	return slices.ContainsFunc(p.logs, func(v note.Verifier) bool { return v.Name() == origin && signedBy(v, sigs) != nil })
}

func signedBy(v note.Verifier, sigs []note.Signature) *note.Signature {
	i := slices.IndexFunc(sigs, func(s note.Signature) bool { return s.Name == v.Name() && s.Hash == v.KeyHash() })
	if i < 0 {
		return nil
	}
	return &sigs[i]
}

func (p Policy) cosigned(sigs []note.Signature) []Cosigned {
	var out []Cosigned
	for _, w := range p.Witnesses {
		if s := signedBy(p.signers[w.Name], sigs); s != nil {
			out = append(out, Cosigned{w.Name, CosignedAt(*s)})
		}
	}
	return out
}

// Quorum reports whether the witnesses of these names are enough for the policy.
func (p Policy) Quorum(names []string) bool {
	var cosigned []Cosigned
	for _, name := range names {
		cosigned = append(cosigned, Cosigned{Witness: name})
	}
	return p.quorum == noQuorum || p.satisfied(p.quorum, cosigned)
}

// Plain writes the policy with one log and nothing that a verifier does not need: no addresses, no comments. It is empty where the policy
// asks for no witness.
func (p Policy) Plain(log string) string {
	if p.quorum == noQuorum || p.quorum == "" {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "log %s\n", log)
	for _, w := range p.Witnesses {
		fmt.Fprintf(&out, "witness %s %s\n", w.Name, w.Verifier)
	}
	p.plainGroup(&out, p.quorum)
	fmt.Fprintf(&out, "quorum %s\n", p.quorum)
	return out.String()
}

// plainGroup writes a group behind those that it is made of.
func (p Policy) plainGroup(out *strings.Builder, name string) {
	g, is := p.groups[name]
	if !is {
		return
	}
	for _, m := range g.members {
		p.plainGroup(out, m)
	}
	fmt.Fprintf(out, "group %s %d %s\n", name, g.k, strings.Join(g.members, " "))
}

func (p Policy) satisfied(name string, cosigned []Cosigned) bool {
	g, isGroup := p.groups[name]
	if !isGroup {
		return slices.ContainsFunc(cosigned, func(c Cosigned) bool { return c.Witness == name })
	}
	n := 0
	for _, m := range g.members {
		if p.satisfied(m, cosigned) {
			n++
		}
	}
	return n >= g.k
}
