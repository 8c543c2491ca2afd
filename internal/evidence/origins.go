package evidence

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Origins returns of how many independent origins some exhibits are: two and more corroborate each other. Exhibits made of one
// another, of the same bytes, or given by the same person, are of one origin. Whether two givers heard it from one another is
// not known here; a page names them all.
func Origins(list []homeward.Exhibit) int {
	var origins []map[string]bool
	for _, e := range list {
		marks := marksOf(e)
		shares := func(o map[string]bool) bool {
			return slices.ContainsFunc(marks, func(m string) bool { return o[m] })
		}
		joined := map[string]bool{}
		for _, o := range origins {
			if shares(o) {
				for m := range o {
					joined[m] = true
				}
			}
		}
		origins = slices.DeleteFunc(origins, shares)
		for _, m := range marks {
			joined[m] = true
		}
		origins = append(origins, joined)
	}
	return len(origins)
}

// marksOf returns what exhibits of one origin share at least one of.
func marksOf(e homeward.Exhibit) []string {
	marks := []string{"id:" + string(e.ID), "bytes:" + e.SHA256}
	if e.Parent != "" {
		marks = append(marks, "id:"+string(e.Parent))
	}
	if from := strings.Join(strings.Fields(strings.ToLower(e.Intake.From)), " "); from != "" {
		marks = append(marks, "from:"+from)
	}
	return marks
}
