package desk_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
)

// TestAnEditionSaysNothingOfARowThatIsHidden looks at an edition that added one row, which was restricted since, and at one with more rows
// than its page lists.
func TestAnEditionSaysNothingOfARowThatIsHidden(t *testing.T) {
	s := stage(t)
	officer := s.as(homeward.RoleTracingOfficer, "en")
	p := officer.get("/editions/" + string(s.edition))
	p.want(t, http.StatusOK, "Rows that vanished", "Rows changed")
	p.wantNot(t, "more row", `id="changes-added"`)
	if n := strings.Count(p.text, "/quarantine?source="); n != 1 {
		t.Errorf("the page leads to quarantine %d times, not once", n)
	}

	var list strings.Builder
	list.WriteString("id,name,birth date\n")
	for i := range 60 {
		fmt.Fprintf(&list, "%d,Вигаданенко Зоря,2012-01-%02d\n", i, i%28+1)
	}
	report, err := intake.Import(ctx, s.db, homeward.Operator, intake.Input{File: strings.NewReader(list.String()), Source: "long"})
	if err != nil {
		t.Fatal(err)
	}
	p = officer.get("/editions/" + string(report.Edition))
	p.want(t, http.StatusOK, "and 10 more rows")
	if n := strings.Count(p.text, "Вигаданенко Зоря</a>"); n != 50 {
		t.Errorf("the page lists %d rows, not 50", n)
	}
}
