package bundle

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/ledger"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maker makes good bundles of invented entries, as a register would.
type maker struct {
	*rand.Rand
	signer   note.Signer
	verifier string
	log      *ledger.Appender
	now      time.Time
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
	m.log = ledger.NewAppender(0, tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, nil }))
	return m
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

// bundle makes a bundle of some entries among others, with some older checkpoints.
func (m *maker) bundle() []byte {
	d := Draft{ID: m.id(), Info: []string{"Bagging-Date: 2026-11-23"}, Files: map[string][]byte{"data/withheld.csv": []byte("item,path,why\n")}}
	var at []int64
	type older struct {
		size int64
		note []byte
	}
	var marks []older
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
		if o.size == m.log.Size() {
			continue
		}
		hashes, err := tlog.ProveTree(m.log.Size(), o.size, m.log)
		if err != nil {
			panic(err)
		}
		log.Earlier = append(log.Earlier, Earlier{Checkpoint: o.note, Consistency: ledger.FormatConsistency(o.size, hashes, log.Checkpoint)})
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
	m := newMaker(1)
	for range 20 {
		b := m.bundle()
		if got := Verify(bytes.NewReader(b), m.verifier); got.Verdict != Verified {
			t.Fatalf("verdict %s: %v", got.Verdict, got.Findings)
		}
	}
}
