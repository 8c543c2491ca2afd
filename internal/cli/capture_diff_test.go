package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/internal/webarchive"
)

// TestAPageIsPrintedOnItsLine prints a page whose address breaks its line, as a list of pages may hold it.
func TestAPageIsPrintedOnItsLine(t *testing.T) {
	var out bytes.Buffer
	reportWords(&out, webarchive.Report{Verdict: webarchive.Whole, Pages: []webarchive.Page{{URL: "https://x.example/\nsigned\tkey"}}}, false)
	if got := out.String(); strings.Contains(got, "\nsigned") || strings.Count(got, "\n") != 2 {
		t.Errorf("printed %q", got)
	}
}

// TestWhatWasNotComparedIsTold prints differences of captures that were not compared in full: no difference is claimed, and each reason has words.
func TestWhatWasNotComparedIsTold(t *testing.T) {
	full := webarchive.Page{URL: "https://list.example/", Status: 200, Text: "x"}
	for _, other := range []webarchive.Page{
		{Status: 0}, {Status: 200, Cut: true}, {Status: 200, Unread: webarchive.UnreadEncoded}, {Status: 200, Unread: webarchive.UnreadRevisit},
		{Status: 200, Unread: webarchive.UnreadCutShort}, {Status: 200, Unread: webarchive.UnreadNoText},
	} {
		other.URL = full.URL
		a, b := webarchive.Report{Pages: []webarchive.Page{full}}, webarchive.Report{Pages: []webarchive.Page{other}, Cut: true}
		d := captureDiff{Gaps: webarchive.Uncompared(a, b), Facts: webarchive.Compare(a, b)}
		if len(d.Gaps) != 2 {
			t.Fatalf("%+v: %v", other, d.Gaps)
		}
		for _, g := range d.Gaps {
			if gapWords[g.Why] == "" {
				t.Errorf("no words for %s", g.Why)
			}
		}
		var out bytes.Buffer
		d.words(&out)
		if got := out.String(); strings.Contains(got, "No difference in the pages") || !strings.Contains(got, "not compared\t"+full.URL) {
			t.Errorf("%+v: %s", other, got)
		}
	}
}
