package archtest

import (
	"fmt"
	"os"
	"regexp"
	"testing"
)

var told = regexp.MustCompile("`([a-z0-9_/]+\\.go): ([A-Za-z]+)`")

// TestTheLifeOfARecordIsTold reads the page and looks for every function it names in the file it names.
func TestTheLifeOfARecordIsTold(t *testing.T) {
	page, err := os.ReadFile("../../docs/life-of-a-record.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := told.FindAllStringSubmatch(string(page), -1)
	if len(steps) < 30 {
		t.Fatalf("the page names %d functions: it tells no life", len(steps))
	}
	for _, s := range steps {
		text, err := os.ReadFile("../../" + s[1])
		if err != nil {
			t.Errorf("%s is not there", s[1])
			continue
		}
		if !regexp.MustCompile(fmt.Sprintf(`(?m)^func (\([^)]*\) )?%s(\[[^\]]*\])?\(`, s[2])).Match(text) {
			t.Errorf("%s has no function %s", s[1], s[2])
		}
	}
}
