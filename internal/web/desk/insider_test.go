package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAThousandAttemptsGiveNothing is an insider who knows every id of a compartment that is not theirs, and its words:
// no address, list, search, duplicate or count tells that it is there.
func TestAThousandAttemptsGiveNothing(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	seen := w.furnish(w.room(true), "Видименко")
	actor := w.team[homeward.RoleSupervisor]
	before := w.counted(actor)
	hidden := w.furnish(w.room(false), hiddenName)
	if after := w.counted(actor); after != before {
		t.Errorf("counted %+v before, %+v after", before, after)
	}
	r := w.as(homeward.RoleSupervisor, "en")
	kinds := []string{"person", "pair", "decision", "source", "edition"}
	for i := range 1000 {
		kind := kinds[i%len(kinds)]
		id, _ := hidden.pick(kind, i/len(kinds))
		if p := r.get("/" + kind + "s/" + id); p.status != http.StatusNotFound || strings.Contains(p.text, hiddenName) {
			t.Fatalf("attempt %d over a %s: status %d", i, kind, p.status)
		}
	}
	r.post("/search", url.Values{"words": {hiddenName + " Дитинаа Іванівна"}}).want(t, http.StatusOK)
	for _, path := range []string{"/", "/sources", "/review", "/review?state=unsure", "/quarantine", "/counts", "/import", "/referrals", "/glass"} {
		if strings.Contains(r.get(path).text, hiddenName) {
			t.Errorf("%s tells what is hidden", path)
		}
	}
	// A source of the name of a hidden one is no duplicate.
	p := r.upload("/import", []byte("id;ПІБ\n1;Явна Марія\n"), map[string]string{"source": "Список " + hiddenName + " 0", "compartment": string(seen.room)})
	p.want(t, http.StatusOK)
	if !strings.HasPrefix(p.at, "/import/") {
		t.Errorf("the preview led to %s", p.at)
	}
	p = r.upload("/import", []byte("id;ПІБ\n1;Явна Марія\n"), map[string]string{"source": "mine", "compartment": string(hidden.room)})
	r.post(p.at, url.Values{"do": {"import"}}).want(t, http.StatusNotFound)
}

// counted is what someone counts: children with their bounds, and records.
func (w *world) counted(actor homeward.Actor) [4]int {
	w.t.Helper()
	c, err := statistics.Compute(ctx, w.db, actor, "children", time.Time{}, time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return [4]int{c.Records, c.Children, c.Lower, c.Upper}
}
