package linkage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

// Restore returns the index of a [Index.Snapshot]: the same pairs, weights and hits as the one that was written. The
// work is shared among the processors. It fails with homeward.ErrInvalid when the parts are of another form or are
// malformed: analyse the records anew then. The index keeps the parts: do not change them.
func Restore(parts [][]byte) (*Index, error) {
	if len(parts) < 3 {
		return nil, malformed("parts")
	}
	t, n, err := readTables(parts[0])
	if err != nil {
		return nil, err
	}
	runs := parts[1 : len(parts)-2]
	if n > len(runs)*runLength || n <= (len(runs)-1)*runLength {
		return nil, malformed("runs")
	}
	ix := &Index{analyser: newAnalyser(), entries: make([]*entry, n), live: n}
	var work sync.WaitGroup
	failed := make([]error, len(runs)+2)
	work.Go(func() {
		ix.blocks, failed[0] = readPostings(parts[len(parts)-2], n, (*snapshotReader).blockKey)
	})
	work.Go(func() {
		ix.words, failed[1] = readPostings(parts[len(parts)-1], n, (*snapshotReader).text)
	})
	for i, run := range runs {
		work.Go(func() { failed[2+i] = t.readRun(run, ix.entries[i*runLength:min((i+1)*runLength, n)]) })
	}
	work.Wait()
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	ix.byID = make(map[string]int32, n)
	for i, e := range ix.entries {
		ix.byID[e.id] = int32(i)
	}
	if len(ix.byID) != n {
		return nil, malformed("ids")
	}
	return ix, nil
}

func malformed(what string) error {
	return fmt.Errorf("restore index: %s: %w", what, homeward.ErrInvalid)
}

// tables are what runs refer to.
type tables struct {
	tokens  []names.Token
	texts   []folded
	sources []string
}

func readTables(head []byte) (t tables, records int, err error) {
	r := readerOf(head)
	if r.text() != snapshotForm {
		return t, 0, malformed("another form")
	}
	t.tokens = readList(r, (*snapshotReader).token)
	t.texts = readList(r, func(r *snapshotReader) folded { return r.texts() })
	t.sources = readList(r, (*snapshotReader).text)
	records = int(r.uvarint())
	if r.bad || r.s != "" || records < 0 {
		return t, 0, malformed("head")
	}
	return t, records, nil
}

// readRun reads the records of one run into their places.
func (t tables) readRun(run []byte, into []*entry) error {
	r := &snapshotReader{s: readerOf(run).s, tables: t}
	slab := make([]entry, len(into))
	for i := range slab {
		r.entry(&slab[i])
		into[i] = &slab[i]
	}
	if r.bad || r.s != "" {
		return malformed("run")
	}
	return nil
}

// readPostings reads lists by key. The longer lists lie side by side in one piece of memory.
func readPostings[K ~uint64 | ~string](part []byte, records int, key func(*snapshotReader) K) (postings[K], error) {
	r := readerOf(part)
	ones, manies, filed := r.count(), r.count(), r.count()
	out := postings[K]{make(map[K]int32, ones), make(map[K][]int32, manies)}
	all := make([]int32, 0, filed)
	for range ones + manies {
		k, n, last := key(r), r.count(), uint64(0)
		start := len(all)
		for range n {
			if last += r.uvarint(); last >= uint64(records) || n > 1 && len(all) == cap(all) {
				return out, malformed("postings")
			}
			if n > 1 {
				all = append(all, int32(last))
			}
		}
		if n == 1 {
			out.one[k] = int32(last)
		} else {
			out.many[k] = all[start:len(all):len(all)] // a later record makes a list of its own
		}
	}
	if r.bad || r.s != "" {
		return out, malformed("postings")
	}
	return out, nil
}

// snapshotReader walks a part. After a fault every further read is empty, and bad is set. Strings it returns are parts
// of the part; slices of one kind are cut from larger ones.
type snapshotReader struct {
	s   string
	bad bool
	tables

	nameSlab  []names.Name
	tokenSlab []names.Token
	textSlab  []folded
	wordSlab  []string
	dateSlab  []homeward.Date
}

// readerOf reads a part in place: it is not changed any more.
func readerOf(part []byte) *snapshotReader {
	return &snapshotReader{s: unsafe.String(unsafe.SliceData(part), len(part))}
}

// cut returns n elements of a slab, which is made anew when it is used up.
func cut[T any](slab *[]T, n int) []T {
	if n == 0 {
		return nil
	}
	if len(*slab) < n {
		*slab = make([]T, max(n, 4096))
	}
	out := (*slab)[:n:n]
	*slab = (*slab)[n:]
	return out
}

func readList[T any](r *snapshotReader, read func(*snapshotReader) T) []T {
	out := make([]T, r.count())
	for i := range out {
		out[i] = read(r)
	}
	return out
}

func (r *snapshotReader) entry(e *entry) {
	e.id, e.source, e.sex = r.text(), refer(r, r.sources), sexOf(r.text())
	e.names = r.names()
	e.births = cut(&r.dateSlab, r.count())
	for i := range e.births {
		e.births[i] = homeward.Date{Precision: precisionOf(r.text()), From: homeward.Day(r.varint()), To: homeward.Day(r.varint())}
	}
	for col := range e.texts {
		e.texts[col] = cut(&r.textSlab, r.count())
		for i := range e.texts[col] {
			e.texts[col][i] = refer(r, r.tables.texts)
		}
	}
	for col := range e.people {
		e.people[col] = r.names()
	}
	for col := range e.numbers {
		e.numbers[col] = r.texts()
	}
}

func (r *snapshotReader) names() []names.Name {
	out := cut(&r.nameSlab, r.count())
	for i := range out {
		out[i].Tokens = cut(&r.tokenSlab, r.count())
		for t := range out[i].Tokens {
			out[i].Tokens[t] = refer(r, r.tokens)
		}
	}
	return out
}

// refer returns what a reference into a table leads to.
func refer[T any](r *snapshotReader, table []T) (v T) {
	n := r.uvarint()
	if n >= uint64(len(table)) {
		r.bad = true
		return v
	}
	return table[n]
}

func (r *snapshotReader) token() names.Token {
	f := names.TokenForm{Text: r.text(), Part: names.Part(r.byte()), Script: names.Script(r.byte())}
	flags := r.byte()
	f.Initial, f.Guessed = flags&tokenInitial != 0, flags&tokenGuessed != 0
	f.Fold, f.Key, f.Class = r.text(), r.text(), names.Class(r.uvarint())
	if n := r.count(); n > 0 {
		f.Short = make([]names.Class, n)
	}
	for i := range f.Short {
		f.Short[i] = names.Class(r.uvarint())
	}
	f.Stem, f.Sex = r.text(), sexOf(r.text())
	return f.Token()
}

// sexOf and precisionOf return the vocabulary's own strings.
func sexOf(s string) names.Sex {
	for _, known := range []names.Sex{names.SexUnknown, names.Female, names.Male} {
		if string(known) == s {
			return known
		}
	}
	return names.Sex(s)
}

func precisionOf(s string) homeward.Precision {
	for _, known := range []homeward.Precision{homeward.PrecisionDay, homeward.PrecisionYear, homeward.PrecisionAge, homeward.PrecisionAbout} {
		if string(known) == s {
			return known
		}
	}
	return homeward.Precision(s)
}

func (r *snapshotReader) blockKey() blockKey {
	if len(r.s) < 8 {
		r.fault()
		return 0
	}
	k := binary.LittleEndian.Uint64(unsafe.Slice(unsafe.StringData(r.s), 8))
	r.s = r.s[8:]
	return blockKey(k)
}

func (r *snapshotReader) fault() { r.bad, r.s = true, "" }

func (r *snapshotReader) byte() byte {
	if r.s == "" {
		r.bad = true
		return 0
	}
	b := r.s[0]
	r.s = r.s[1:]
	return b
}

func (r *snapshotReader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.fault()
		return ""
	}
	t := r.s[:n]
	r.s = r.s[n:]
	return t
}

func (r *snapshotReader) texts() []string {
	out := cut(&r.wordSlab, r.count())
	for i := range out {
		out[i] = r.text()
	}
	return out
}

// count reads the length of a list: each element takes at least a byte, so a larger one is a fault.
func (r *snapshotReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.fault()
		return 0
	}
	return int(n)
}

func (r *snapshotReader) uvarint() (v uint64) {
	if r.s != "" && r.s[0] < 0x80 { // most are small
		v, r.s = uint64(r.s[0]), r.s[1:]
		return v
	}
	for shift := uint(0); shift < 64; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.fault()
	return 0
}

func (r *snapshotReader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}
