package store

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

// The sealed column of a record holds its words in a compact binary form, because unlocking reads every record of the
// register: a version byte, then counts and strings, each string prefixed by its length as an unsigned varint. A
// decoded record's strings share one allocation.

const recordVersion = 1

// sealedRecord is the part of a record that is sealed.
type sealedRecord struct {
	sourceRow string
	asOf      homeward.Date
	row       []homeward.Cell
	claims    []homeward.Claim
}

const (
	flagImposed  = 1
	flagVerified = 2
)

func encodeRecord(r homeward.Record) []byte {
	b := make([]byte, 0, 1024)
	b = append(b, recordVersion)
	b = putText(b, r.SourceRow)
	b = putDate(b, r.AsOf)
	b = binary.AppendUvarint(b, uint64(len(r.Row)))
	for _, c := range r.Row {
		b = putText(putText(b, c.Heading), c.Text)
	}
	b = binary.AppendUvarint(b, uint64(len(r.Claims)))
	for _, c := range r.Claims {
		b = putText(b, string(c.Path))
		b = putText(b, c.Value)
		b = putText(b, c.Lang)
		b = putText(b, c.Heading)
		b = binary.AppendUvarint(b, uint64(c.Part))
		b = append(b, claimFlags(c))
		b = putText(b, c.Grade.Reliability)
		b = putText(b, c.Grade.Credibility)
		b = putDate(b, c.When)
	}
	return b
}

func claimFlags(c homeward.Claim) (f byte) {
	if c.Imposed {
		f |= flagImposed
	}
	if c.Verified {
		f |= flagVerified
	}
	return f
}

func putText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func putDate(b []byte, d homeward.Date) []byte {
	b = putText(b, string(d.Precision))
	if d.IsZero() {
		return b
	}
	b = putText(b, d.Raw)
	b = binary.AppendVarint(b, int64(d.From))
	return binary.AppendVarint(b, int64(d.To))
}

// reader walks an encoded record. After a fault every further read is empty, and bad is set.
type reader struct {
	s   string
	bad bool
}

// decodeRecord reads what encodeRecord wrote; a brief reading passes over the row as received.
func decodeRecord(b []byte, brief bool) (sealedRecord, error) {
	r := &reader{s: string(b)}
	if r.byte() != recordVersion {
		return sealedRecord{}, fmt.Errorf("decode record: unknown version: %w", homeward.ErrTampered)
	}
	out := sealedRecord{sourceRow: r.text(), asOf: r.date()}
	cells := r.count()
	if brief {
		for range cells * 2 {
			r.text()
		}
		r.s = strings.Clone(r.s) // so that whoever keeps a claim does not keep the row
		out.sourceRow, out.asOf.Raw = strings.Clone(out.sourceRow), strings.Clone(out.asOf.Raw)
	} else if cells > 0 {
		out.row = make([]homeward.Cell, cells)
		for i := range out.row {
			out.row[i] = homeward.Cell{Heading: r.text(), Text: r.text()}
		}
	}
	if n := r.count(); n > 0 {
		out.claims = make([]homeward.Claim, n)
	}
	for i := range out.claims {
		out.claims[i] = r.claim()
	}
	if r.bad || r.s != "" {
		return sealedRecord{}, fmt.Errorf("decode record: malformed: %w", homeward.ErrTampered)
	}
	return out, nil
}

func (r *reader) claim() homeward.Claim {
	c := homeward.Claim{Path: homeward.Path(r.text()), Value: r.text(), Lang: r.text(), Heading: r.text()}
	c.Part = int(r.uvarint())
	f := r.byte()
	c.Imposed, c.Verified = f&flagImposed != 0, f&flagVerified != 0
	c.Grade = homeward.Grade{Reliability: r.text(), Credibility: r.text()}
	c.When = r.date()
	return c
}

func (r *reader) date() homeward.Date {
	d := homeward.Date{Precision: precision(r.text())}
	if d.IsZero() {
		return d
	}
	d.Raw = r.text()
	d.From, d.To = homeward.Day(r.varint()), homeward.Day(r.varint())
	return d
}

// precision returns the vocabulary's own string, so that a date kept does not keep the text it was read from.
func precision(s string) homeward.Precision {
	for _, p := range []homeward.Precision{homeward.PrecisionDay, homeward.PrecisionAbout, homeward.PrecisionAge, homeward.PrecisionYear, homeward.PrecisionMonth, homeward.PrecisionRange} {
		if string(p) == s {
			return p
		}
	}
	return homeward.Precision(s)
}

func (r *reader) byte() byte {
	if r.s == "" {
		r.bad = true
		return 0
	}
	b := r.s[0]
	r.s = r.s[1:]
	return b
}

func (r *reader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return ""
	}
	t := r.s[:n]
	r.s = r.s[n:]
	return t
}

// count reads the length of a list: each element takes at least a byte, so a larger one is a fault.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return 0
	}
	return int(n)
}

func (r *reader) uvarint() uint64 {
	var v uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := r.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	r.bad = true
	return 0
}

func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}
