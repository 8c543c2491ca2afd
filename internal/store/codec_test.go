package store

import (
	"bytes"
	"testing"

	"github.com/homeward-registry/homeward"
)

// FuzzDecodeRecord reads any bytes: they are refused, or written again as they were.
func FuzzDecodeRecord(f *testing.F) {
	f.Add(encodeRecord(homeward.Record{
		SourceRow: "1", AsOf: homeward.Exact(homeward.YMD(2025, 2, 22)), Row: []homeward.Cell{{Heading: "h", Text: "т"}},
		Claims: []homeward.Claim{{Path: homeward.PathBirthDate, Value: "2015", When: homeward.Exact(homeward.YMD(2015, 1, 2)), Imposed: true}},
	}))
	f.Add([]byte{1, 0, 0, 0, 0})
	f.Add([]byte{recordVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRecord(b, false)
		brief, briefErr := decodeRecord(b, true)
		if (err == nil) != (briefErr == nil) || len(r.claims) != len(brief.claims) {
			t.Fatal("a brief reading finds something else")
		}
		if err != nil {
			return
		}
		again := encodeRecord(homeward.Record{SourceRow: r.sourceRow, AsOf: r.asOf, Row: r.row, Claims: r.claims})
		whole, err := decodeRecord(again, false)
		if err != nil || !bytes.Equal(again, encodeRecord(homeward.Record{SourceRow: whole.sourceRow, AsOf: whole.asOf, Row: whole.row, Claims: whole.claims})) {
			t.Fatal("written again otherwise")
		}
	})
}
