package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// bringList brings a list in and runs.
func (w *world) bringList(source, text string) {
	w.t.Helper()
	in := intake.Input{File: strings.NewReader(text), Source: source, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
	if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
		w.t.Fatal(err)
	}
	w.run()
}

// TestAReadingIsShownAndPutRight searches with a sentence, sees how it was read, and corrects it.
func TestAReadingIsShownAndPutRight(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	w.bringList("А", "id;ПІБ;стать;дата народження;місто\n1;Вигаданенко Петро;ч;2014;Маріуполь\n2;Зразченко Ганна;ж;2014;Маріуполь\n")
	r, l := w.as(homeward.RoleCaseworker, "en"), i18n.For(i18n.English)
	p := r.post("/search", url.Values{"words": {"boy about 9 from Маріуполь taken with sister"}})
	p.want(t, http.StatusOK, l.T("reading.sex.male"), `value="~9 years"`, `value="Маріуполь"`, l.T("reading.sibling"))
	p = r.post("/search", url.Values{"words": {"x"}, "reading": {"1"}, "sex": {"female"}, "place": {"Маріуполь"}, "strict": {"1"}})
	p.want(t, http.StatusOK, "Зразченко")
	if strings.Contains(p.text, "Вигаданенко") {
		t.Error("a boy is among the girls alone")
	}
	if p := r.post("/search", url.Values{"words": {"x"}, "reading": {"1"}, "strict": {"1"}}); p.at != "/search" {
		t.Errorf("a search for nothing leads to %s", p.at)
	}
}

// TestASavedSearchTellsWhatIsNew saves a search, brings a further list in, and looks.
func TestASavedSearchTellsWhatIsNew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		w.bringList("А", "id;ПІБ\n1;Вигаданенко Петро\n")
		r, l := w.as(homeward.RoleCaseworker, "en"), i18n.For(i18n.English)
		token := r.post("/search", url.Values{"words": {"Вигаданенко"}}).at
		r.post(token+"/save", nil).want(t, http.StatusOK, "Вигаданенко", l.T("searches.nothing"))
		w.bringList("Б", "id;ПІБ\n1;Vyhadanenko Petro\n2;Інший Хтось\n")
		p := r.get("/searches")
		p.want(t, http.StatusOK, l.N("searches.fresh", 1))
		r.get("/").want(t, http.StatusOK, l.N("await.searches", 1))
		_, id, _ := strings.Cut(p.text, `action="/searches/`)
		id, _, _ = strings.Cut(id, `"`)
		for _, do := range []string{"look", "drop"} {
			w.as(homeward.RoleSupervisor, "en").post("/searches/"+id, url.Values{"do": {do}}).want(t, http.StatusNotFound)
		}
		r.post("/searches/"+id, url.Values{"do": {"look"}}).want(t, http.StatusOK, "Vyhadanenko", l.T("searches.new_one"), l.N("searches.fresh", 1))
		r.get("/searches").want(t, http.StatusOK, l.T("searches.nothing"))
		r.post("/searches/"+id, url.Values{"do": {"drop"}}).want(t, http.StatusOK, l.T("searches.none"))
		if strings.Contains(w.log.String(), "Вигаданенко") {
			t.Error("the words of a search are in the log")
		}
	})
}

// TestTheStartPageTellsWhatAnotherProcessBroughtIn keeps a search, brings a list in beside the desk as the command line does, and looks
// at nothing but the start page. The desk's own loop follows the log, as it does where it is served.
func TestTheStartPageTellsWhatAnotherProcessBroughtIn(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		var late atomic.Int64
		s.Clock = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
		w := open(t, storetest.OpenAt(t, s), 0, func(o *desk.Options) { o.Now = s.Clock })
		w.bringList("А", "id;ПІБ\n1;Вигаданенко Петро\n")
		looping, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			w.stages.Loop(looping)
		}()
		t.Cleanup(func() { stop(); <-ended })
		r := w.as(homeward.RoleCaseworker, "en")
		r.post(r.post("/search", url.Values{"words": {"Вигаданенко"}}).at+"/save", nil).want(t, http.StatusOK)
		told := en.N("await.searches", 1)
		if p := r.get("/"); strings.Contains(p.text, told) {
			t.Fatal("something is new before anything came")
		}
		late.Add(int64(2 * time.Minute))
		beside := &world{t: t, db: storetest.Reopen(t, s)}
		beside.stages = pipeline.New(beside.db)
		beside.bringList("Б", "id;ПІБ\n1;Vyhadanenko Petro\n2;Інший Хтось\n")
		for range 300 {
			if strings.Contains(r.get("/").text, told) {
				return
			}
			late.Add(int64(time.Minute)) // the start page counts once a minute
			time.Sleep(50 * time.Millisecond)
			r = w.as(homeward.RoleCaseworker, "en")
		}
		t.Error("the start page does not tell")
	})
}

// keepSearches keeps one of each role's own, and one of somebody else for each.
func (w *world) keepSearches(mine, hidden *things) {
	w.t.Helper()
	for _, role := range homeward.Roles {
		for x, who := range map[*things]homeward.Actor{mine: w.team[role], hidden: w.colleague(hidden.room)} {
			var s store.SavedSearch
			err := w.db.Update(ctx, who, func(tx *store.Tx) (err error) {
				s, err = tx.SaveSearch([]byte(`{"words":"x"}`))
				return err
			})
			if err != nil && who.Can(homeward.ActionSearch) {
				w.t.Fatal(err)
			}
			if s.ID == "" {
				s.ID = homeward.SearchID(homeward.NewID(time.Now()))
			}
			x.of["search"] = append(x.of["search"], string(s.ID))
		}
	}
}
