package bundle

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/ledger"
	"github.com/homeward-registry/homeward/stamp/stamptest"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maker makes good bundles of invented entries, as a register would.
type maker struct {
	*rand.Rand
	signer    note.Signer
	verifier  string
	log       *ledger.Appender
	now       time.Time
	before    []older // signed by keys that others followed
	identity  string  // verifier key
	private   string  // of the identity
	followed  []ledger.Succession
	cosigners []ledger.Cosigner
	stampers  []*stamptest.Authority // none: nothing is stamped
	lies      bool                   // about its witnesses
	liesOf    bool                   // time-stamps
}

// older is a checkpoint that the log has outgrown.
type older struct {
	size int64
	note []byte
}

func newMaker(seed uint64) *maker {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	secret, verifier, err := ledger.NewKey("homeward.local/" + m.id())
	if err != nil {
		panic(err)
	}
	m.signer, err = note.NewSigner(secret)
	if err != nil {
		panic(err)
	}
	m.verifier = verifier
	for i := range m.IntN(4) { // some logs have no witness
		private, _, err := ledger.NewCosignerKey(fmt.Sprintf("witness%d.example/w", i))
		if err != nil {
			panic(err)
		}
		c, err := ledger.NewCosigner(private)
		if err != nil {
			panic(err)
		}
		m.cosigners = append(m.cosigners, c)
	}
	m.log = ledger.NewAppender(0, tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil }))
	return m
}

// newRotated makes a maker whose log was handed over twice.
func newRotated(seed uint64) *maker {
	m := newMaker(seed)
	var err error
	if m.private, m.identity, err = ledger.NewKey("Register/ідентичність"); err != nil {
		panic(err)
	}
	for range 2 {
		for range 1 + m.IntN(2) {
			m.add(m.payload("record"), m.some(0))
			m.before = append(m.before, older{m.log.Size(), m.checkpoint()})
		}
		m.handOver()
	}
	return m
}

func (m *maker) handOver() {
	secret, verifier, err := ledger.NewKey(m.signer.Name())
	if err != nil {
		panic(err)
	}
	next, err := note.NewSigner(secret)
	if err != nil {
		panic(err)
	}
	var s ledger.Succession
	if s.Statement, err = ledger.SignSuccession(ledger.FormatSuccession(next.Name(), m.verifier, verifier), m.private); err != nil {
		panic(err)
	}
	c, err := ledger.ReadCheckpoint(m.checkpoint())
	if err != nil {
		panic(err)
	}
	if s.Handover, err = ledger.SignHandover(m.signer, next, c); err != nil {
		panic(err)
	}
	m.signer, m.verifier, m.followed = next, verifier, append(m.followed, s)
}

func (m *maker) id() string {
	return fmt.Sprintf("0193%04x-%04x-7%03x-8%03x-%012x", m.IntN(1<<16), m.IntN(1<<16), m.IntN(1<<12), m.IntN(1<<12), m.Int64N(1<<48))
}

// words that a source might say, awkward ones among them.
var words = []string{"Марія", "Ґалаґан", "", "about 4", "\"quoted\"\\", "line\nbreak\ttab", "\u0001\u007f\u2028", "a\x1f|b", "𝄞 \ufb33 ﷺ", "é", "<b>&amp;"}

func (m *maker) payload(typ string) ledger.Payload {
	m.now = m.now.Add(time.Duration(m.IntN(1e11)) * time.Microsecond)
	p := ledger.Payload{ID: m.id(), Type: typ, Actor: m.id(), Role: "operator", At: m.now, Body: map[string]string{"object": m.id()}}
	for i := range m.IntN(8) {
		p.Body[fmt.Sprintf("row/%04d/%s", i, words[m.IntN(len(words))])] = words[m.IntN(len(words))]
	}
	for range m.IntN(12) {
		p.Prev = append(p.Prev, m.id())
	}
	return p
}

// add puts an entry into the log and discloses some of it.
func (m *maker) add(p ledger.Payload, why func(string) string) (Item, int64) {
	salt := ledger.NewSalt()
	_, commit, err := ledger.Bind(p, salt)
	if err == nil {
		err = m.log.Append(ledger.Leaf(commit, p.At))
	}
	if err != nil {
		panic(err)
	}
	return Disclose(p, salt, why), m.log.Size() - 1
}

// some withholds a share of the paths.
func (m *maker) some(share float64) func(string) string {
	return func(string) string {
		if m.Float64() < share {
			return "chosen"
		}
		return ""
	}
}

func (m *maker) checkpoint() []byte {
	root, err := m.log.Root()
	if err != nil {
		panic(err)
	}
	text, err := ledger.SignCheckpoint(m.signer, m.signer.Name(), m.log.Size(), root)
	if err != nil {
		panic(err)
	}
	return text
}

// policy is that of the log's witnesses: one of them, two in a group, or a group in a group.
func (m *maker) policy() string {
	if len(m.cosigners) == 0 {
		return ""
	}
	text, names := "log "+m.verifier+"\n", ""
	for i, c := range m.cosigners {
		text += fmt.Sprintf("witness w%d %s\n", i, c.Verifier())
		names += fmt.Sprintf(" w%d", i)
	}
	switch k := 1 + m.IntN(len(m.cosigners)); m.IntN(3) {
	case 0:
		return text + "quorum w0\n"
	case 1:
		return text + fmt.Sprintf("group some %d%s\nquorum some\n", k, names)
	default:
		return text + fmt.Sprintf("group inner 1 w0\ngroup outer %d inner%s\nquorum outer\n", k, names[3:])
	}
}

// cosigned has some of the witnesses cosign a checkpoint.
func (m *maker) cosigned(o older) (lines [][]byte) {
	c, err := ledger.ReadCheckpoint(o.note)
	if err != nil {
		panic(err)
	}
	for _, w := range m.cosigners {
		if m.IntN(2) == 0 {
			lines = append(lines, []byte(w.Cosign(c, m.now)))
		}
	}
	return lines
}

// bundle makes a bundle of some entries among others, with some older checkpoints.
func (m *maker) bundle() []byte {
	d := Draft{ID: m.id(), Policy: m.policy(), Identity: m.identity, Followed: m.followed, Info: []string{"Bagging-Date: 2026-11-23"}, Files: map[string][]byte{"data/withheld.csv": []byte("item,path,why\n")}}
	var at []int64
	marks := slices.Clone(m.before)
	for range 1 + m.IntN(5) {
		for range m.IntN(7) {
			m.add(m.payload("record"), m.some(0))
		}
		it, index := m.add(m.payload("record"), m.some(m.Float64()*m.Float64()))
		d.Items, at = append(d.Items, it), append(at, index)
		if m.IntN(3) == 0 {
			marks = append(marks, older{m.log.Size(), m.checkpoint()})
		}
	}
	for range m.IntN(2) {
		content := []byte(words[m.IntN(len(words))] + "cipher")
		o, err := Measure(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil })
		if err != nil {
			panic(err)
		}
		d.Originals = append(d.Originals, o)
	}
	for _, o := range marks {
		e := Earlier{Checkpoint: o.note}
		e.Stamps = m.stamped(o.note)
		if e.Cosigned = m.cosigned(o); m.lies && len(e.Cosigned) > 0 && m.IntN(2) == 0 {
			e.Cosigned = [][]byte{m.altered(bytes.Join(e.Cosigned, nil))}
		}
		d.Earlier = append(d.Earlier, e)
	}
	if m.lies && m.IntN(2) == 0 {
		d.Policy = string(m.altered([]byte(d.Policy)))
	}
	content, err := d.Content()
	if err != nil {
		panic(err)
	}
	p := m.payload(EntryType)
	p.Body = map[string]string{"object": d.ID, "content": content}
	seal, last := m.add(p, WithheldInSeal)
	log := Log{Key: m.verifier, Checkpoint: m.checkpoint(), Seal: seal}
	log.SealProof = m.prove(last, log.Checkpoint)
	for _, i := range at {
		log.Proofs = append(log.Proofs, m.prove(i, log.Checkpoint))
	}
	for _, o := range marks {
		hashes, err := tlog.ProveTree(m.log.Size(), o.size, m.log)
		if err != nil {
			panic(err)
		}
		log.Consistency = append(log.Consistency, ledger.FormatConsistency(o.size, hashes, log.Checkpoint))
	}
	var out bytes.Buffer
	if err := d.Write(&out, log); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func (m *maker) prove(index int64, checkpoint []byte) []byte {
	proof, err := tlog.ProveRecord(m.log.Size(), index, m.log)
	if err != nil {
		panic(err)
	}
	return ledger.FormatProof(index, proof, checkpoint)
}

func TestAGoodBundleIsVerified(t *testing.T) {
	for _, m := range []*maker{newMaker(1), newRotated(1).stampedBy(t)} {
		for range 20 {
			b := m.bundle()
			if got := Verify(bytes.NewReader(b), m.verifier); got.Verdict != Verified || got.Earlier < len(m.before) {
				t.Fatalf("verdict %s: %v", got.Verdict, got.Findings)
			}
		}
	}
}

// TestNoFileCanBeLeftOut takes each file out by itself, and with its companion, and writes the lists anew.
func TestNoFileCanBeLeftOut(t *testing.T) {
	m := newRotated(2).stampedBy(t)
	files, base := unpack(m.bundle())
	for name := range files {
		for _, also := range companions {
			number, _ := numbered(name, also[0])
			left := maps.Clone(files)
			delete(left, name)
			delete(left, fmt.Sprintf(also[1], number))
			relist(left)
			if got := Verify(bytes.NewReader(pack(base, left, nil)), m.verifier); got.Verdict == Verified && !strings.Contains(name, "manifest-") {
				t.Errorf("without %s it is verified", name)
			}
		}
	}
	for _, of := range []string{"data/log/stamps/", "data/log/successors/", "data/log/earlier/"} {
		if pick(m, files, of) == "" {
			t.Errorf("the bundle has no %s", of)
		}
		left := maps.Clone(files)
		maps.DeleteFunc(left, func(name string, _ []byte) bool {
			return strings.HasPrefix(name, of) || of == "data/log/earlier/" && strings.HasPrefix(name, "data/log/consistency/") ||
				of == "data/log/successors/" && (strings.HasPrefix(name, "data/log/handovers/") || name == identityFile)
		})
		relist(left)
		if got := Verify(bytes.NewReader(pack(base, left, nil)), m.verifier); got.Verdict == Verified {
			t.Errorf("without all of %s it is verified", of)
		}
	}
}

var companions = [][2]string{{itemFile, proofFile}, {earlierFile, consistencyFile}, {successorFile, handoverFile}}
