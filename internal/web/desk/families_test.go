package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestTwoFamiliesAreDecidedOnOnePage lays two lists of one family over one another, and decides them in one form.
func TestTwoFamiliesAreDecidedOnOnePage(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0)
	list := "id;ПІБ;дата народження;№ родини\n1;Вигаданова Марія Іванівна;13.4.2014;7\n2;Вигаданов Петро Іванович;2.9.2010;7\n"
	w.bringList("Перший", list)
	w.bringList("Другий", list)
	officer := w.as(homeward.RoleTracingOfficer, "en")
	var likely []homeward.Pair
	for _, p := range w.pairs(homeward.PairProposed) {
		if p.Probability > 0.3 {
			likely = append(likely, p)
		}
	}
	if len(likely) != 2 {
		t.Fatalf("%d likely pairs", len(likely))
	}
	at := "/pairs/" + string(likely[0].ID) + "/families"
	officer.get("/pairs/"+string(likely[0].ID)).want(t, http.StatusOK, `href="`+at+`"`)
	p := officer.get(at)
	p.want(t, http.StatusOK, en.T("families.do"), `name="`+string(likely[0].ID)+`"`, `name="`+string(likely[1].ID)+`"`)
	if n := strings.Count(p.text, "<select"); n != 4 {
		t.Errorf("%d pairs can be judged, want 4", n)
	}
	for _, lang := range []string{"uk", "en", "ru"} {
		x := w.tab(t, b, w.as(homeward.RoleTracingOfficer, lang), look{lang: lang, width: 1280})
		x.open(at)
		x.audit("families " + lang)
		x.see(look{lang: lang, width: 360})
		x.fits("families "+lang, 360)
	}
	w.as(homeward.RoleCaseworker, "en").get(at).want(t, http.StatusForbidden)
	officer.post(at, url.Values{"reason": {"x"}}).want(t, http.StatusUnprocessableEntity, en.T("families.none_chosen"))
	both := url.Values{string(likely[0].ID): {"same"}, string(likely[1].ID): {"same"}}
	officer.post(at, both).want(t, http.StatusUnprocessableEntity, en.T("pair.no_reason"), `value="same" selected`)
	both.Set("reason", "one family in two lists")
	both.Set("rest", "different")
	officer.post(at, both).want(t, http.StatusOK, en.T("notice.families"))
	if n := len(w.pairs(homeward.PairSame)); n != 2 {
		t.Errorf("%d pairs are the same", n)
	}
	if n := len(w.pairs(homeward.PairDifferent)); n != 2 {
		t.Errorf("%d pairs are different", n)
	}
}

// TestOneChildIsNotTwoOfTheOtherFamily joins a child with one of the other family, and chooses another of it for the same child,
// in either order of the two; and chooses what somebody decides meanwhile.
func TestOneChildIsNotTwoOfTheOtherFamily(t *testing.T) {
	for first := range 2 {
		w := open(t, storetest.Open(t), 0)
		list := "id;ПІБ;дата народження;№ родини\n1;Вигаданова Марія Іванівна;13.4.2014;7\n2;Вигаданов Петро Іванович;2.9.2010;7\n"
		w.bringList("Перший", list)
		w.bringList("Другий", list)
		officer := w.as(homeward.RoleTracingOfficer, "en")
		at := "/pairs/" + string(w.pairs(homeward.PairProposed)[0].ID) + "/families"
		var cells []string // in the order of the table
		for _, m := range regexp.MustCompile(`<select[^>]* name="([^"]+)"`).FindAllStringSubmatch(officer.get(at).text, -1) {
			cells = append(cells, m[1])
		}
		if len(cells) != 4 {
			t.Fatalf("%d cells", len(cells))
		}
		joined, chosen := cells[first], cells[1-first]
		officer.post("/pairs/"+joined+"/decide", url.Values{"judgement": {"same"}, "reason": {"because"}}).want(t, http.StatusOK)
		w.run()
		at = "/pairs/" + cells[3-first] + "/families" // of the two who are joined with nobody
		officer.get(at).want(t, http.StatusOK, `name="`+chosen+`"`)
		officer.post(at, url.Values{joined: {"same"}, cells[2]: {"different"}, "reason": {"because"}}).want(t, http.StatusConflict, en.T("families.changed"))
		officer.post(at, url.Values{chosen: {"same"}, "reason": {"because"}}).want(t, http.StatusUnprocessableEntity, en.T("families.twice"))
		if n := len(w.pairs(homeward.PairSame)) + len(w.pairs(homeward.PairDifferent)); n != 1 {
			t.Errorf("%d pairs are decided, want the one", n)
		}
	}
}
