package linkage

import (
	"encoding/binary"
	"slices"

	"github.com/homeward-registry/homeward/names"
	"github.com/homeward-registry/homeward/places"
)

// A snapshot is an index written down: every record analysed, so that an index is there again without analysing. Words and
// texts are written once, in tables, because names and places are Zipfian.
//
//	head      form, tables of words, values and sources, the extra columns, the number of records
//	runs      records, some thousands each, by references into the tables
//
// Integers are unsigned varints, strings are preceded by their length.

// snapshotForm names what a snapshot rests on: this encoding, and the analysis of names and texts. A test fails when
// either changes and this does not.
const snapshotForm = "homeward/linkage/snapshot/11"

// runLength is how many records a run holds.
const runLength = 4096

// Snapshot writes the index in parts, for [Restore]. It holds the words of every record: keep it as safe as them.
func (ix *Index) Snapshot() [][]byte {
	w := &snapshotWriter{tokens: table{}, values: table{}, sources: table{}, names: ix.sources}
	living := ix.living()
	var runs [][]byte
	for part := range slices.Chunk(living, runLength) {
		var run []byte
		for _, e := range part {
			run = w.entry(run, e)
		}
		runs = append(runs, run)
	}
	head := putText(nil, snapshotForm)
	for _, t := range []table{w.tokens, w.values, w.sources} {
		head = t.write(head)
	}
	head = putTexts(head, ix.extra)
	head = binary.AppendUvarint(head, uint64(len(living)))
	return append([][]byte{head}, runs...)
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
	tokens, values, sources table
	names                   []string // of sources
	scratch                 []byte
}

func (w *snapshotWriter) entry(b []byte, e *entry) []byte {
	b = putText(b, e.id)
	w.scratch = putText(w.scratch[:0], w.names[e.source])
	b = binary.AppendUvarint(b, w.sources.place(w.scratch))
	b = putText(b, string(sexes[e.sex]))
	b = binary.AppendUvarint(b, uint64(len(e.names)))
	for _, n := range e.names {
		b = w.name(b, n)
	}
	b = binary.AppendUvarint(b, uint64(len(e.births)))
	for _, d := range e.births {
		b = append(b, d.precision)
		b = binary.AppendVarint(binary.AppendVarint(b, int64(d.from)), int64(d.to))
	}
	b = binary.AppendUvarint(b, uint64(len(e.cells)))
	for _, c := range e.cells {
		w.scratch = w.value(w.scratch[:0], c)
		b = binary.AppendUvarint(append(b, byte(c.column)), w.values.place(w.scratch))
	}
	return b
}

// value writes what a cell holds, by the shape of its column.
func (w *snapshotWriter) value(b []byte, c cell) []byte {
	s := c.column.shape()
	b = append(b, byte(s))
	switch s {
	case shapePerson:
		return w.name(b, c.name)
	case shapeText, shapeLook:
		return putText(b, c.keys)
	case shapePlace:
		id := places.ID("")
		if c.place != nil {
			id = c.place.ID
		}
		return putText(putText(b, c.keys), string(id))
	}
	return putText(b, c.number)
}

func (w *snapshotWriter) name(b []byte, n names.Name) []byte {
	b = binary.AppendUvarint(b, uint64(len(n.Tokens)))
	var token []byte
	for _, t := range n.Tokens {
		token = putToken(token[:0], t.Form())
		b = binary.AppendUvarint(b, w.tokens.place(token))
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
