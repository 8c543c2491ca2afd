package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestListsAreNarrowedByTheirAddress narrows a search and the queue by source, edition and compartment, keeps a narrowed search,
// and asks for what is not the reader's.
func TestListsAreNarrowedByTheirAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		mine, more, hidden := w.furnish(homeward.Main, "Видименко"), w.furnish(w.room(true), "Видименко"), w.furnish(w.room(false), hiddenName)
		r := w.as(homeward.RoleTracingOfficer, "en")
		hits := func(where string) int {
			p := r.post("/search", url.Values{"words": {"Видименко Дитинаа Іванівна"}})
			p = r.get(p.at + where)
			p.want(t, http.StatusOK)
			return strings.Count(p.text, `<li><a href="/persons/`)
		}
		all, source := hits(""), hits("?source="+mine.of["source"][0])
		edition, room := hits("?source="+mine.of["source"][0]+"&edition="+mine.of["edition"][0]), hits("?compartment="+string(more.room))
		if source == 0 || source >= all || edition != source || room == 0 {
			t.Errorf("of %d hits %d are of the source, %d of its edition, %d of the compartment", all, source, edition, room)
		}
		for _, where := range []string{"?source=" + hidden.of["source"][0], "?compartment=" + string(hidden.room), "?source=nothing", "?compartment=" + string(more.room) + "&source=" + mine.of["source"][0], "?source=" + mine.of["source"][0] + "&edition=" + more.of["edition"][0]} {
			if n := hits(where); n != 0 {
				t.Errorf("%s: %d hits", where, n)
			}
		}
		queue := r.get("/review?state=proposed&source=" + mine.of["source"][0])
		queue.want(t, http.StatusOK, en.T("filter.clear"), "state=unsure")
		if !strings.Contains(queue.text, "source="+mine.of["source"][0]+"&state=unsure") {
			t.Error("another tab forgets what was chosen")
		}
		if strings.Contains(queue.text, hidden.of["pair"][0]) || strings.Contains(queue.text, more.of["pair"][0]) || !strings.Contains(queue.text, `href="/pairs/`) {
			t.Error("the queue shows pairs of another source, or none")
		}
		r.get("/review?source="+hidden.of["source"][0]).want(t, http.StatusOK, en.T("filter.none"))
		narrowed := r.get("/review?compartment=" + string(more.room))
		if strings.Contains(narrowed.text, mine.of["pair"][0]) || !strings.Contains(narrowed.text, `href="/pairs/`) {
			t.Error("the queue shows pairs of another compartment, or none")
		}

		found := r.post("/search", url.Values{"words": {"Видименко"}})
		r.post(found.at+"/save", url.Values{"source": {mine.of["source"][0]}}).want(t, http.StatusOK)
		kept := r.get("/searches")
		_, id, _ := strings.Cut(kept.text, `action="/searches/`)
		id, _, _ = strings.Cut(id, `"`)
		if p := r.post("/searches/"+id, url.Values{"do": {"look"}}); !strings.Contains(p.text, `value="`+mine.of["source"][0]+`" selected`) {
			t.Errorf("a kept search forgets its source")
		}
	})
}
