package archtest

import (
	"os"
	"regexp"
	"testing"
)

var (
	linked  = regexp.MustCompile(`\]\(([^)#: ]+)(#[^)]*)?\)`)
	written = []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md", "SECURITY.md", "CHANGELOG.md"}
)

// TestLinksOfTheDocumentsLeadSomewhere follows every link to a file.
func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	for dir, pages := range map[string][]string{"": written, "docs/": pagesIn(t, "docs"), "docs/decisions/": pagesIn(t, "docs/decisions")} {
		for _, page := range pages {
			text, err := os.ReadFile("../../" + dir + page)
			if err != nil {
				t.Errorf("%s%s is not there", dir, page)
				continue
			}
			for _, l := range linked.FindAllStringSubmatch(string(text), -1) {
				if _, err := os.Stat("../../" + dir + l[1]); err != nil {
					t.Errorf("%s%s leads to %s, which is not there", dir, page, l[1])
				}
			}
		}
	}
}

func pagesIn(t *testing.T, dir string) (pages []string) {
	t.Helper()
	entries, err := os.ReadDir("../../" + dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() {
			pages = append(pages, e.Name())
		}
	}
	return pages
}
