package bundle

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
)

// Draft is a bundle before the ledger has entered its export.
type Draft struct {
	ID        string            // of the export: the object of its entry
	Info      []string          // lines of bag-info.txt: "Label: value"
	Items     []Item            // numbered from 1 in this order
	Originals []Original        // numbered from 1 in this order
	Files     map[string][]byte // reports and lists, by their names in the bundle
	Earlier   []Earlier         // numbered from 1 in this order
	Policy    string            // of witnesses, as [ParsePolicy] reads it; enclosed where something is cosigned
	Identity  string            // verifier key that the successions rest on; empty without any
	Followed  []ledger.Succession
}

// Log is what is known once the export is an entry and a checkpoint covers it.
type Log struct {
	Key        string // the log's verifier key
	Checkpoint []byte
	Seal       Item     // the entry of the export
	SealProof  []byte   // tlog-proof@v1 for Checkpoint
	Proofs     [][]byte // of each item, for Checkpoint
	// Consistency proves of each earlier checkpoint that the log of Checkpoint begins with it, as ledger.FormatConsistency
	// writes it.
	Consistency [][]byte
}

// Earlier is an older checkpoint of the log.
type Earlier struct {
	Checkpoint []byte
	Stamps     []Stamp
	Cosigned   [][]byte // lines of witnesses of the policy, nine at most
}

// Stamp is an authority's time-stamp (RFC 3161) over an older checkpoint. One that does not hold under its roots makes a bundle
// tampered: give only what stamp.VerifyEnclosed takes. Whether the roots are to be trusted is the reader's to say.
type Stamp struct {
	Answer []byte // TimeStampResp
	Roots  []byte // of the authority, PEM as package stamp writes it
}

// Original is a file of any size that is packed as it is: encrypted before, for its recipient.
type Original struct {
	Open  func() (io.ReadCloser, error)
	sums  sums
	size  int64
	check uint32
}

// Measure reads a file through once, so that it can be packed.
func Measure(open func() (io.ReadCloser, error)) (o Original, err error) {
	r, err := open()
	if err != nil {
		return o, fmt.Errorf("measure original: %w", err)
	}
	defer r.Close()
	short, long, crc := sha256.New(), sha512.New(), crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(short, long, crc), r)
	if err != nil {
		return o, fmt.Errorf("measure original: %w", err)
	}
	return Original{open, sums{hex.EncodeToString(short.Sum(nil)), hex.EncodeToString(long.Sum(nil))}, n, crc.Sum32()}, nil
}

func measured(content []byte) Original {
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	o, _ := Measure(open) // from memory: it cannot fail
	return o
}

// Script is verify.py: the second verifier, which travels with every bundle.
//
//go:embed verify.py
var Script []byte

//go:embed instructions/verify-*.txt
var instructions embed.FS

// ScriptDigest is the SHA-256 of [Script], for the printed page: who holds it knows that the script is this one.
func ScriptDigest() string {
	sum := sha256.Sum256(Script)
	return hex.EncodeToString(sum[:])
}

// Instruction returns the page for the court in a language: how to verify a bundle with stock tools.
func Instruction(lang string) ([]byte, error) {
	text, err := instructions.ReadFile("instructions/verify-" + lang + ".txt")
	if err != nil {
		return nil, fmt.Errorf("instruction in %s: %w", lang, homeward.ErrNotFound)
	}
	return bytes.ReplaceAll(text, []byte("{{digest of verify.py}}"), []byte(ScriptDigest())), nil
}

// Languages are those that instructions and reports are written in.
var Languages = []string{"uk", "en", "ru"}

// Content returns the digest of the list of the draft's files, for the export's entry to hold at body/content.
func (d Draft) Content() (string, error) {
	files, err := d.sealed()
	if err != nil {
		return "", err
	}
	return contentDigest(digests(files)), nil
}

// sealed returns every file that is there before the export is an entry.
func (d Draft) sealed() (map[string]Original, error) {
	files := map[string]Original{
		bagFile: measured([]byte(bagText)), infoFile: measured([]byte(strings.Join(d.Info, "\n") + "\n")), "verify.py": measured(Script),
	}
	for _, lang := range Languages {
		text, err := Instruction(lang)
		if err != nil {
			return nil, err
		}
		files["verify-"+lang+".txt"] = measured(text)
	}
	for name, content := range d.Files {
		files[name] = measured(content)
	}
	for i, it := range d.Items {
		text, err := it.MarshalText()
		if err != nil {
			return nil, err
		}
		files[fmt.Sprintf(itemFile, number(i+1))] = measured(text)
	}
	for i, o := range d.Originals {
		files[fmt.Sprintf(originalFile, number(i+1))] = o
	}
	d.outside(files)
	if amount := d.stamps(); amount > mostStamps {
		return nil, fmt.Errorf("pack bundle: %d time-stamps are more than a bundle may have: %w", amount, homeward.ErrInvalid)
	}
	for name := range files {
		if !layout.MatchString(name) {
			return nil, fmt.Errorf("pack bundle: no bundle has a file of that name: %w", homeward.ErrInvalid)
		}
	}
	return files, nil
}

func (d Draft) stamps() (amount int) {
	for _, older := range d.Earlier {
		amount += min(9, len(older.Stamps))
	}
	return amount
}

// outside adds what the log said before, and who stamped it.
func (d Draft) outside(files map[string]Original) {
	for i, older := range d.Earlier {
		files[fmt.Sprintf(earlierFile, number(i+1))] = measured(older.Checkpoint)
		if len(older.Cosigned) > 0 {
			files[fmt.Sprintf(cosignedFile, number(i+1))] = measured(bytes.Join(older.Cosigned[:min(mostCosigned, len(older.Cosigned))], nil))
			files[policyFile] = measured([]byte(d.Policy))
		}
		for j, stamp := range older.Stamps[:min(9, len(older.Stamps))] {
			files[fmt.Sprintf(stampFile, number(i+1), j+1, "tsr")] = measured(stamp.Answer)
			files[fmt.Sprintf(stampFile, number(i+1), j+1, "pem")] = measured(stamp.Roots)
		}
	}
	if len(d.Followed) > 0 {
		files[identityFile] = measured([]byte(d.Identity + "\n"))
	}
	for i, s := range d.Followed {
		files[fmt.Sprintf(successorFile, number(i+1))] = measured(s.Statement)
		files[fmt.Sprintf(handoverFile, number(i+1))] = measured(s.Handover)
	}
}

func number(n int) string { return fmt.Sprintf("%06d", n) }

func digests(files map[string]Original) map[string]sums {
	out := make(map[string]sums, len(files))
	for name, o := range files {
		out[name] = o.sums
	}
	return out
}

// Write packs the bundle. The same draft and log give the same bytes.
func (d Draft) Write(w io.Writer, log Log) error {
	files, err := d.sealed()
	if err != nil {
		return err
	}
	if len(log.Proofs) != len(d.Items) || len(log.Consistency) != len(d.Earlier) {
		return fmt.Errorf("pack bundle: %d items and %d proofs, %d earlier checkpoints and %d proofs: %w",
			len(d.Items), len(log.Proofs), len(d.Earlier), len(log.Consistency), homeward.ErrInvalid)
	}
	after, err := log.files()
	if err != nil {
		return err
	}
	maps.Copy(files, after)
	for _, algorithm := range []string{"sha256", "sha512"} {
		files[fmt.Sprintf(manifest, algorithm)] = measured([]byte(manifestText(digests(files), algorithm, isPayload)))
	}
	tags := digests(files)
	for _, algorithm := range []string{"sha256", "sha512"} {
		files[fmt.Sprintf(tagManifest, algorithm)] = measured([]byte(manifestText(tags, algorithm, isTag)))
	}
	if len(files) > maxFiles {
		return fmt.Errorf("pack bundle: %d files are more than a bundle may have: %w", len(files), homeward.ErrInvalid)
	}
	list := make([]file, 0, len(files))
	for name, o := range files {
		list = append(list, file{name, o.size, o.check, o.Open})
	}
	return writeArchive(w, "homeward-"+d.ID, list)
}

func (l Log) files() (map[string]Original, error) {
	seal, err := l.Seal.MarshalText()
	if err != nil {
		return nil, err
	}
	files := map[string]Original{
		keyFile: measured([]byte(l.Key + "\n")), checkpointFile: measured(l.Checkpoint), sealFile: measured(seal),
		fmt.Sprintf(proofFile, sealNumber): measured(l.SealProof),
	}
	for i, proof := range l.Proofs {
		files[fmt.Sprintf(proofFile, number(i+1))] = measured(proof)
	}
	for i, proof := range l.Consistency {
		files[fmt.Sprintf(consistencyFile, number(i+1))] = measured(proof)
	}
	return files, nil
}
