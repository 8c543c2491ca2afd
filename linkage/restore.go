package linkage

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
	"github.com/homeward-registry/homeward/places"
)

// Restore returns the index of a [Index.Snapshot]: the same pairs, weights and hits as the one that was written. The
// work is shared among the processors. It fails with homeward.ErrInvalid when the parts are of another form or are
// malformed: analyse the records anew then. The index keeps the parts: do not change them.
func Restore(parts [][]byte) (*Index, error) {
	if len(parts) < 1 {
		return nil, malformed("parts")
	}
	ix := NewIndex()
	t, n, err := readTables(parts[0], ix)
	if err != nil {
		return nil, err
	}
	runs := parts[1:]
	if n > len(runs)*runLength || n <= (len(runs)-1)*runLength {
		return nil, malformed("runs")
	}
	ix.entries, ix.live, ix.sources = make([]*entry, n), n, t.sources
	failed := make([]error, len(runs))
	each(len(runs), func(_, i int) {
		failed[i] = t.readRun(runs[i], ix.entries[i*runLength:min((i+1)*runLength, n)])
	})
	if err := errors.Join(failed...); err != nil {
		return nil, err
	}
	for i, e := range ix.entries {
		if ix.Has(e.id) {
			return nil, malformed("ids")
		}
		ix.places.put(ix.entries, int32(i))
	}
	return ix, nil
}

func malformed(what string) error {
	return fmt.Errorf("restore index: %s: %w", what, homeward.ErrInvalid)
}

// tables are what runs refer to.
type tables struct {
	tokens  []*names.Token
	values  []*value
	shapes  []shape // of values
	sources []string
	columns int // how many there are, with the extra ones
}

func readTables(head []byte, ix *Index) (t tables, records int, err error) {
	r := readerOf(head)
	if r.text() != snapshotForm {
		return t, 0, malformed("another form")
	}
	r.tokens = readList(r, func(r *snapshotReader) *names.Token { return ix.words.lexicon.Take(r.token()) })
	r.tables.values = readList(r, (*snapshotReader).value)
	for i, v := range r.tables.values {
		ix.words.number(r.shapes[i], v)
	}
	r.sources = readList(r, (*snapshotReader).text)
	ix.extra = r.texts()
	r.columns = int(knownColumns) + len(ix.extra)
	records = int(r.uvarint())
	if r.bad || r.s != "" || records < 0 || len(ix.extra) > MaxExtra {
		return t, 0, malformed("head")
	}
	return r.tables, records, nil
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

// snapshotReader walks a part. After a fault every further read is empty, and bad is set. Strings it returns are parts
// of the part; slices of one kind are cut from larger ones.
type snapshotReader struct {
	s   string
	bad bool
	tables

	nameSlab  []names.Name
	tokenSlab []*names.Token
	wordSlab  []string
	birthSlab []born
	cellSlab  []cell
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
	e.id = r.text()
	if source := r.uvarint(); source < uint64(len(r.sources)) {
		e.source = int32(source)
	} else {
		r.fault()
	}
	e.sex = sexNumber(names.Sex(r.text()))
	e.names = cut(&r.nameSlab, r.count())
	for i := range e.names {
		e.names[i] = r.name()
	}
	e.births = cut(&r.birthSlab, r.count())
	for i := range e.births {
		e.births[i] = r.born()
	}
	e.cells = cut(&r.cellSlab, r.count())
	last := byte(0)
	for i := range e.cells {
		c, at := r.byte(), r.uvarint()
		if at >= uint64(len(r.tables.values)) || int(c) >= r.columns || c < last || r.shapes[at] != column(c).shape() {
			r.fault()
			e.cells = nil
			return
		}
		e.cells[i], last = cell{column(c), r.tables.values[at]}, c
	}
}

func (r *snapshotReader) born() born {
	precision := r.byte()
	if int(precision) >= len(precisions) {
		r.fault()
		return born{}
	}
	return bornOn(homeward.Date{Precision: precisions[precision], From: homeward.Day(r.varint()), To: homeward.Day(r.varint())})
}

func (r *snapshotReader) value() *value {
	v, s := &value{}, shape(r.byte())
	switch s {
	case shapePerson:
		v.name = r.name()
	case shapeText, shapeLook:
		v.setKeys(strings.Fields(r.text()))
	case shapePlace:
		v.setKeys(strings.Fields(r.text()))
		if id := r.text(); id != "" {
			p, ok := places.Ours().Place(places.ID(id))
			if !ok {
				r.fault()
			}
			v.place, v.hash = &p, hashOfPlace(id)
		}
	default:
		v.number = r.text()
	}
	r.shapes = append(r.shapes, s)
	return v
}

func (r *snapshotReader) name() names.Name {
	tokens := cut(&r.tokenSlab, r.count())
	for i := range tokens {
		if tokens[i] = refer(r, r.tokens); tokens[i] == nil {
			r.fault()
			return names.Name{}
		}
	}
	return names.Name{Tokens: tokens}
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

func (r *snapshotReader) token() names.TokenForm {
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
	return f
}

// sexOf returns the vocabulary's own string.
func sexOf(s string) names.Sex {
	for _, known := range []names.Sex{names.SexUnknown, names.Female, names.Male} {
		if string(known) == s {
			return known
		}
	}
	return names.Sex(s)
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
