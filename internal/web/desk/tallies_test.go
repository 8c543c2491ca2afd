package desk_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// TestCountsOfALargeRegisterAreAMinuteOldAtMost lets a register grow under a reader who looks at once, and a minute later.
func TestCountsOfALargeRegisterAreAMinuteOldAtMost(t *testing.T) {
	var ahead atomic.Int64
	db := storetest.Open(t)
	w := open(t, db, 20, func(o *desk.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	w.desk.TakeForLarge()
	r := w.as(homeward.RoleSupervisor, "en")
	glance := func() string {
		p := r.get("/")
		p.want(t, http.StatusOK)
		_, list, _ := strings.Cut(p.text, `<dl class="glance">`)
		list, _, _ = strings.Cut(list, "</dd>") // of persons, the first
		return list
	}
	counted := func(path string) string {
		p := r.get(path)
		p.want(t, http.StatusOK)
		_, main, _ := strings.Cut(p.text, "<main")
		return main
	}
	before, counts, sources := glance(), counted("/counts"), counted("/sources")
	for n := 0; strings.Contains(counts, "are being counted") && n < 200; n++ { // the first count goes on behind the page
		time.Sleep(10 * time.Millisecond)
		counts = counted("/counts")
	}
	if !strings.Contains(counts, "count-words") || !strings.Contains(counts, " UTC") {
		t.Error("a count that is kept does not say as of when")
	}
	storetest.Put(t, db, "one more", []homeward.Claim{{Path: homeward.PathNameFull, Value: "Новенька"}})
	w.run()
	if glance() != before {
		t.Error("a large register is counted at every look")
	}
	if counted("/counts") != counts {
		t.Error("children of a large register are counted at every look")
	}
	if counted("/sources") == sources {
		t.Error("a new source is not among the sources")
	}
	ahead.Store(int64(2 * time.Minute))
	for n := 0; counted("/counts") == counts; n++ {
		if n == 200 {
			t.Fatal("a minute later the children are as they were")
		}
		time.Sleep(10 * time.Millisecond)
	}
	for range 200 {
		if glance() != before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a minute later the counts are as they were")
}
