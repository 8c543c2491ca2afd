package review

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestEachSiblingOfACellIsAChild holds that a comma parts children: one name made of three would fit nobody.
func TestEachSiblingOfACellIsAChild(t *testing.T) {
	for cell, want := range map[string][]string{
		"Микола, Ганна, Іван": {"Микола", "Ганна", "Іван"},
		"Микола; Ганна":       {"Микола", "Ганна"},
		"немає":               nil,
		"":                    nil,
	} {
		have := siblingNames(cell)
		if len(have) == 0 {
			have = nil
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("a cell of %d bytes: %s", len(cell), diff)
		}
	}
}
