package linkage

import (
	"encoding/binary"
	"slices"

	"github.com/homeward-registry/homeward/names"
)

// A snapshot is an index written down: every record analysed, every block filed, so that an index is there again without
// analysing and filing. Words are written once, in tables, because names and places are Zipfian.
//
//	head      form, tables of words, texts and sources, the number of records and of runs
//	runs      records, some thousands each, by references into the tables
//	blocks    key, then the records filed under it as differences
//	words     the same for search
//
// Integers are unsigned varints, strings are preceded by their length.

// snapshotForm names what a snapshot rests on: this encoding, and the analysis of names and texts. A test fails when
// either changes and this does not.
const snapshotForm = "homeward/linkage/snapshot/5"

// runLength is how many records a run holds.
const runLength = 4096

// Snapshot writes the index in parts, for [Restore]. It holds the words of every record: keep it as safe as them.
func (ix *Index) Snapshot() [][]byte {
	w := &snapshotWriter{tokens: table{}, texts: table{}, sources: table{}}
	living := ix.living()
	at := make([]int32, len(ix.entries)) // place in the index -> place in the snapshot, from 1; 0 is a record taken out
	var runs [][]byte
	for lo := 0; lo < len(living); lo += runLength {
		var run []byte
		for i := lo; i < min(lo+runLength, len(living)); i++ {
			at[living[i]] = int32(i + 1)
			run = w.entry(run, ix.entries[living[i]])
		}
		runs = append(runs, run)
	}
	head := putText(nil, snapshotForm)
	for _, t := range []table{w.tokens, w.texts, w.sources} {
		head = t.write(head)
	}
	head = binary.AppendUvarint(head, uint64(len(living)))
	parts := append([][]byte{head}, runs...)
	return append(parts,
		writePostings(ix.blocks, at, func(b []byte, k blockKey) []byte { return binary.LittleEndian.AppendUint64(b, uint64(k)) }),
		writePostings(ix.words, at, putText))
}

// table numbers what is written once, by what is written of it.
type table map[string]uint64

func (t table) place(written []byte) uint64 {
	n, ok := t[string(written)]
	if !ok {
		n = uint64(len(t))
		t[string(written)] = n
	}
	return n
}

// write writes the table in the order of its numbers.
func (t table) write(b []byte) []byte {
	list := make([]string, len(t))
	for written, n := range t {
		list[n] = written
	}
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, written := range list {
		b = append(b, written...)
	}
	return b
}

type snapshotWriter struct {
	tokens, texts, sources table
	scratch                []byte
}

func (w *snapshotWriter) entry(b []byte, e *entry) []byte {
	b = putText(b, e.id)
	w.scratch = putText(w.scratch[:0], e.source)
	b = binary.AppendUvarint(b, w.sources.place(w.scratch))
	b = putText(b, string(e.sex))
	b = w.names(b, e.names)
	b = binary.AppendUvarint(b, uint64(len(e.births)))
	for _, d := range e.births {
		b = putText(b, string(d.Precision))
		b = binary.AppendVarint(binary.AppendVarint(b, int64(d.From)), int64(d.To))
	}
	for _, list := range e.texts {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, f := range list {
			w.scratch = putTexts(w.scratch[:0], f)
			b = binary.AppendUvarint(b, w.texts.place(w.scratch))
		}
	}
	for _, list := range e.people {
		b = w.names(b, list)
	}
	for _, list := range e.numbers {
		b = putTexts(b, list)
	}
	return b
}

func (w *snapshotWriter) names(b []byte, list []names.Name) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, n := range list {
		b = binary.AppendUvarint(b, uint64(len(n.Tokens)))
		for _, t := range n.Tokens {
			w.scratch = putToken(w.scratch[:0], t.Form())
			b = binary.AppendUvarint(b, w.tokens.place(w.scratch))
		}
	}
	return b
}

const (
	tokenInitial = 1
	tokenGuessed = 2
)

func putToken(b []byte, f names.TokenForm) []byte {
	b = putText(b, f.Text)
	flags := byte(0)
	if f.Initial {
		flags |= tokenInitial
	}
	if f.Guessed {
		flags |= tokenGuessed
	}
	b = append(b, byte(f.Part), byte(f.Script), flags)
	b = putText(putText(b, f.Fold), f.Key)
	b = binary.AppendUvarint(b, uint64(f.Class))
	b = binary.AppendUvarint(b, uint64(len(f.Short)))
	for _, c := range f.Short {
		b = binary.AppendUvarint(b, uint64(c))
	}
	return putText(putText(b, f.Stem), string(f.Sex))
}

// writePostings writes lists of records by key, in the order of keys, without records taken out.
func writePostings[K ~uint64 | ~string](p postings[K], at []int32, putKey func([]byte, K) []byte) []byte {
	var b []byte
	ones, manies, filed := 0, 0, 0
	for _, k := range p.sortedKeys() {
		var list []int32
		for _, old := range p.list(k) {
			if at[old] > 0 {
				list = append(list, at[old]-1)
			}
		}
		if len(list) == 0 {
			continue
		}
		slices.Sort(list)
		b = binary.AppendUvarint(putKey(b, k), uint64(len(list)))
		last := int32(0)
		for _, i := range list {
			b = binary.AppendUvarint(b, uint64(i-last))
			last = i
		}
		if len(list) == 1 {
			ones++
			continue
		}
		manies, filed = manies+1, filed+len(list)
	}
	var head []byte
	for _, n := range []int{ones, manies, filed} {
		head = binary.AppendUvarint(head, uint64(n))
	}
	return append(head, b...)
}

func putText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func putTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = putText(b, s)
	}
	return b
}
