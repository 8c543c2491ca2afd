package bundle

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/ledger"
)

// Verdict says what became of a bundle. There are three; verify.py says the same three with the same exit codes.
type Verdict string

const (
	Verified Verdict = "verified" // everything that is there is what the ledger committed to
	Tampered Verdict = "tampered" // it has the form of a bundle, and something is not as it was
	Invalid  Verdict = "invalid"  // it does not have the form of a bundle
)

// Finding is one thing that is not as it should be.
type Finding struct {
	Place string // a file of the bundle, or "archive"
	What  string // in words
}

// Result is what a verification found.
type Result struct {
	Verdict    Verdict
	Findings   []Finding
	Base       string // the folder in the archive: it names the export
	Items      int
	Originals  int
	Earlier    int       // checkpoints that the log is proved to have grown from
	Witnesses  []string  // verifier keys of the enclosed policy's: compare them with those from elsewhere
	Witnessed  int       // earlier checkpoints that witnesses enough for the policy cosigned
	Stamps     []Stamped // over earlier checkpoints
	Seal       Item      // the ledger's entry of the export
	Checkpoint ledger.Checkpoint
	Key        string // under which all this holds: compare it with one from elsewhere
}

// Verify reads a bundle from its first byte to its last. known is the log's key as the reader has it from elsewhere;
// when it is empty the bundle's own is believed, and named in the result.
func Verify(r io.Reader, known string) Result {
	v := &verification{files: map[string]sums{}, kept: map[string][]byte{}}
	for _, step := range []func() error{func() error { return v.read(r) }, v.manifests, func() error { return v.log(known) }, v.items, v.seal, v.earlier, v.witnesses, v.stamps} {
		if err := step(); err != nil {
			v.out.Findings = append(v.out.Findings, Finding{v.place, err.Error()})
			v.out.Verdict = Invalid
			return v.out
		}
		if len(v.out.Findings) > 0 {
			v.out.Verdict = Tampered
			return v.out
		}
	}
	v.out.Verdict = Verified
	return v.out
}

// verification is a bundle on its way through the steps. A step returns an error for a wrong form and leaves findings for
// what was altered; the steps after it are not taken.
type verification struct {
	files map[string]sums
	kept  map[string][]byte
	total int
	place string // what is being looked at
	out   Result

	proofs map[string]ledger.Proof
	keys   ledger.Keys // that spoke for the log
}

func (v *verification) found(place, what string) {
	v.out.Findings = append(v.out.Findings, Finding{place, what})
}

// read takes every file in, hashing it as it streams by.
func (v *verification) read(r io.Reader) error {
	v.place = "archive"
	if err := scan(r, v.take); err != nil {
		return err
	}
	for _, name := range required {
		if _, there := v.files[name]; !there {
			return malformed("a bundle has a file " + name)
		}
	}
	v.out.Items = len(v.names(itemFile))
	if _, there := v.files[identityFile]; there != (len(v.names(successorFile)) > 0) {
		return malformed("an identity that named no successor, or a successor that no identity named")
	}
	return errors.Join(
		v.paired(itemFile, proofFile, sealNumber),
		v.paired(earlierFile, consistencyFile, ""),
		v.paired(successorFile, handoverFile, ""),
		v.cosignaturesBelong(),
		v.stampsBelong(),
	)
}

// paired checks that each file of a kind has its companion, and each companion its file; one companion stands alone.
func (v *verification) paired(kind, companion, alone string) error {
	var want []string
	if alone != "" {
		want = append(want, fmt.Sprintf(companion, alone))
	}
	for _, name := range v.names(kind) {
		number, _ := numbered(name, kind)
		want = append(want, fmt.Sprintf(companion, number))
	}
	if !slices.Equal(want, v.names(companion)) {
		return malformed("an item or an older checkpoint without its proof, or a proof that is of none")
	}
	return nil
}

// numbered returns the number in the name of a file of a kind.
func numbered(name, kind string) (number string, ok bool) {
	before, after, _ := strings.Cut(kind, "%s")
	number, is := strings.CutPrefix(name, before)
	if !is {
		return "", false
	}
	return strings.CutSuffix(number, after)
}

func (v *verification) take(m member, content io.Reader) error {
	base, name, _ := strings.Cut(m.name, "/")
	if v.out.Base == "" {
		v.out.Base = base
	}
	if base != v.out.Base || !baseName.MatchString(base) || !layout.MatchString(name) {
		return malformed("a file that no bundle has")
	}
	short, long, crc := sha256.New(), sha512.New(), crc32.NewIEEE()
	to := io.MultiWriter(short, long, crc)
	var kept bytes.Buffer
	if isOriginal(name) {
		v.out.Originals++
	} else {
		if v.total += int(m.size); m.size > maxKept || v.total > maxAll {
			return malformed("a file too big")
		}
		to = io.MultiWriter(to, &kept)
	}
	if n, err := io.Copy(to, content); err != nil || uint64(n) != m.size {
		return malformed("cut short")
	}
	if crc.Sum32() != m.crc {
		v.found(name, "its checksum in the archive is another")
	}
	v.files[name] = sums{hex.EncodeToString(short.Sum(nil)), hex.EncodeToString(long.Sum(nil))}
	v.kept[name] = kept.Bytes()
	return nil
}

// manifests checks that the bag's lists are the lists of what is there. RFC 8493, sections 2.1.3 and 2.2.1.
func (v *verification) manifests() error {
	if string(v.kept[bagFile]) != bagText {
		v.found(bagFile, "it does not say BagIt 1.0")
	}
	for _, algorithm := range []string{"sha256", "sha512"} {
		v.list(fmt.Sprintf(manifest, algorithm), manifestText(v.files, algorithm, isPayload))
		v.list(fmt.Sprintf(tagManifest, algorithm), manifestText(v.files, algorithm, isTag))
	}
	return nil
}

// list compares a manifest with what it should be, and names the files on which they differ.
func (v *verification) list(name, want string) {
	if string(v.kept[name]) == want {
		return
	}
	v.found(name, "it does not list the files that are there with their digests")
	told := map[string]bool{}
	for line := range strings.Lines(string(v.kept[name])) {
		told[line] = true
	}
	for line := range strings.Lines(want) {
		if _, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  "); !told[line] {
			v.found(file, "its digest is not the one that "+name+" lists")
		}
	}
}

// keyForm is a verifier key of an Ed25519 log, as x/mod/sumdb/note writes it.
var keyForm = regexp.MustCompile(`^([a-z0-9./-]{1,100})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$`)

// identityForm is the same of an identity, whose name is the operator's.
var identityForm = regexp.MustCompile(`^([^+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$`)

// log checks the log's key, its checkpoint and that every proof is of that checkpoint.
func (v *verification) log(known string) error {
	v.place = keyFile
	key, ok := strings.CutSuffix(string(v.kept[keyFile]), "\n")
	if !ok || !keyOK(keyForm, key) {
		return errors.New("it is not a log's key")
	}
	v.out.Key = key
	if known != "" && known != key {
		v.found(keyFile, "it is not the key that was given")
		return nil
	}
	checkpoint, err := ledger.OpenCheckpoint(v.kept[checkpointFile], key)
	if err != nil {
		v.found(checkpointFile, "its signature does not verify under the key")
		return nil
	}
	if v.keys, ok = v.follow(key); !ok {
		v.found(identityFile, "the log's keys did not follow one another to this one")
		return nil
	}
	v.out.Checkpoint, v.proofs = checkpoint, map[string]ledger.Proof{}
	for _, name := range v.names(proofFile) {
		v.place = name
		proof, err := ledger.ParseProof(v.kept[name])
		if err != nil {
			return errors.New("it is not a proof in the form of tlog-proof@v1")
		}
		if !bytes.Equal(proof.Checkpoint, v.kept[checkpointFile]) {
			v.found(name, "it is a proof for another checkpoint")
		}
		v.proofs[name] = proof
	}
	return nil
}

// follow returns the keys that spoke for the log up to the one given.
func (v *verification) follow(newest string) (ledger.Keys, bool) {
	names, first := v.names(successorFile), newest
	identity, ok := strings.CutSuffix(string(v.kept[identityFile]), "\n")
	if len(names) > 0 && !(ok && keyOK(identityForm, identity)) {
		return ledger.Keys{}, false
	}
	var steps []ledger.Succession
	for i, name := range names {
		number, _ := numbered(name, successorFile)
		s := ledger.Succession{Statement: v.kept[name], Handover: v.kept[fmt.Sprintf(handoverFile, number)]}
		_, old, next, err := ledger.OpenSuccession(s.Statement, identity)
		if err != nil || !keyOK(keyForm, old) || !keyOK(keyForm, next) {
			return ledger.Keys{}, false
		}
		if i == 0 {
			first = old
		}
		steps = append(steps, s)
	}
	keys, err := ledger.FollowKeys(first, identity, steps)
	return keys, err == nil && keys.Newest() == newest
}

// keyOK checks that a key's short hash is its own: the first four bytes of SHA-256(name, newline, algorithm and key).
func keyOK(form *regexp.Regexp, key string) bool {
	part := form.FindStringSubmatch(key)
	if part == nil {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(part[3])
	if err != nil || len(raw) != 33 || raw[0] != 1 || base64.StdEncoding.EncodeToString(raw) != part[3] {
		return false
	}
	sum := sha256.Sum256(append([]byte(part[1]+"\n"), raw...))
	return hex.EncodeToString(sum[:4]) == part[2]
}

// names returns the files of a kind in the order of their numbers.
func (v *verification) names(kind string) (out []string) {
	for name := range v.files {
		if _, ok := numbered(name, kind); ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// items checks that each item, with what is withheld of it, opens the leaf that its proof finds in the log.
func (v *verification) items() error {
	for _, name := range v.names(itemFile) {
		number, _ := numbered(name, itemFile)
		if _, err := v.item(name, number); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) item(name, number string) (Item, error) {
	v.place = name
	it, err := ParseItem(v.kept[name])
	if err != nil {
		return it, errors.New("it is not an item in its one form")
	}
	if !it.momentAgrees() {
		v.found(name, "its leaf is of another minute than the entry says")
	}
	proof := v.proofs[fmt.Sprintf(proofFile, number)]
	if proof.In(v.out.Checkpoint, it.Leaf()) != nil {
		v.found(name, "the ledger did not commit to this: a value, a digest or the proof was altered")
	}
	return it, nil
}

// seal checks the entry of the export itself: the ledger says which files this bundle was given, so that none can be
// taken out or put in.
func (v *verification) seal() error {
	it, err := v.item(sealFile, sealNumber)
	if err != nil {
		return err
	}
	v.out.Seal = it
	if _, hidden := it.Withheld["actor"]; !hidden || len(it.Withheld) > 1 {
		v.found(sealFile, "it withholds the actor's id and nothing else")
	}
	if it.Value("type") != EntryType || "homeward-"+it.Value("body/object") != v.out.Base {
		v.found(sealFile, "it is not the entry of this export")
	}
	if it.Value("body/content") != contentDigest(v.files) {
		v.found(sealFile, "the ledger says of this export that it had other files")
	}
	return nil
}

// WithheldInSeal returns why a path of the export's entry is withheld: the actor's id is, and nothing else.
func WithheldInSeal(path string) string {
	if path == "actor" {
		return "actor"
	}
	return ""
}

// EntryType is the type of the ledger's entry of an export.
const EntryType = "export"

// contentDigest is the digest of the list of all files that were there when the export was entered into the ledger.
func contentDigest(files map[string]sums) string {
	sum := sha256.Sum256([]byte(manifestText(files, "sha256", isSealed)))
	return hex.EncodeToString(sum[:])
}

// earlier checks that the log of every earlier checkpoint is the beginning of this one.
func (v *verification) earlier() error {
	for _, name := range v.names(earlierFile) {
		number, _ := numbered(name, earlierFile)
		v.place = fmt.Sprintf(consistencyFile, number)
		proof, err := ledger.ParseConsistency(v.kept[v.place])
		if err != nil {
			return errors.New("it is not a proof of consistency")
		}
		older, err := v.keys.Open(v.kept[name])
		if err != nil {
			v.found(name, "no key that spoke for the log then signed it")
		} else if !bytes.Equal(proof.Checkpoint, v.kept[checkpointFile]) || proof.Between(older, v.out.Checkpoint) != nil {
			v.found(name, "it is not proved that the log grew from this checkpoint")
		}
		v.out.Earlier++
	}
	return nil
}
