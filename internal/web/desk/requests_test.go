package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/casework"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func (w *world) casework() casework.Casework { return casework.Casework{DB: w.db, Read: intake.Claims} }

// seek opens a request for two children of a family in a compartment.
func (w *world) seek(in homeward.CompartmentID, family string) homeward.Request {
	w.t.Helper()
	r, err := w.casework().Open(ctx, homeward.Operator, casework.Draft{
		Compartment: in, Siblings: true,
		Inquirer: homeward.Inquirer{Name: family + " Олена", Relationship: homeward.RelationMother, Contact: "+380 50 000 11 22"},
		Children: []casework.Child{{Name: family + " Марія Іванівна", Birth: "13.4.2014", Home: "Маріуполь"}, {Name: family + " Остап Іванович", Birth: "близько 9 років"}},
		Consents: []casework.Answer{{Purpose: homeward.PurposeTracing, Given: true, Scope: "усно, телефоном"}, {Purpose: homeward.PurposeSharing}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// requestForm is a form that nothing is wrong with.
func requestForm() url.Values {
	return url.Values{
		"inquirer": {"Вигаданенко Олена"}, "relationship": {"mother"}, "contact": {"+380 50 000 11 22"}, "circumstances": {"розлучені на блокпосту"},
		"children": {"2"}, "siblings": {"yes"}, "compartment": {"main"}, "consent-tracing": {"yes"}, "scope-tracing": {"усно"},
		"name-0": {"Коваленко Марія Іванівна"}, "birth-0": {"13.4.2014"}, "sex-0": {"girl"}, "name-1": {"Вигаданенко Остап"}, "birth-1": {"about 9"},
	}
}

// TestARequestIsRecordedOnPages writes the form, with a mistake first, sees whom it may be about, opens it, and finds its
// child in review.
func TestARequestIsRecordedOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		list := "id;ПІБ;дата народження;місто\n1;Коваленко Марія Іванівна;13.4.2014;Маріуполь\n2;Бойко Петро;2012;Бердянськ\n"
		if _, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: strings.NewReader(list), Source: "Список"}); err != nil {
			t.Fatal(err)
		}
		w.run()
		r, l := w.as(homeward.RoleTracingOfficer, "en"), i18n.For(i18n.English)
		wrong := requestForm()
		wrong.Set("birth-1", "навесні")
		wrong.Del("consent-tracing")
		r.post("/requests/new", wrong).want(t, http.StatusUnprocessableEntity, `id="birth-1-problem"`, `id="consent-tracing-problem"`,
			`value="навесні"`, `value="Коваленко Марія Іванівна"`, "розлучені на блокпосту", l.T("request.wrong.date"), l.N("newrequest.wrong", 2))
		more := requestForm()
		more.Set("do", "more")
		r.post("/requests/new", more).want(t, http.StatusOK, `id="name-2"`, `value="Вигаданенко Остап"`)
		form := requestForm()
		form.Del("birth-1")
		alike := r.post("/requests/new", form)
		alike.want(t, http.StatusOK, l.T("alike.title"), "Коваленко Марія Іванівна", l.T("alike.none"), l.T("alike.record"))
		_, token, _ := strings.Cut(alike.text, `name="draft" value="`)
		token, _, _ = strings.Cut(token, `"`)
		r.get("/requests/new?change=1&draft="+token).want(t, http.StatusOK, `value="Вигаданенко Остап"`)
		opened := r.post("/requests/new", url.Values{"draft": {token}})
		opened.want(t, http.StatusOK, l.T("notice.request"), "Вигаданенко Олена", l.T("relationship.mother"), "усно")
		r.post("/requests/new", url.Values{"draft": {token}}).want(t, http.StatusGone, l.T("newrequest.gone"))
		w.run()
		r.get(opened.at).want(t, http.StatusOK, `href="/pairs/`)
		r.post("/requests/new", requestForm()).want(t, http.StatusOK, l.T("alike.request"), `href="`+opened.at+`"`)
		r.get("/requests?state=open").want(t, http.StatusOK, "Коваленко Марія Іванівна", opened.at)
		if strings.Contains(w.log.String(), "Коваленко") || strings.Contains(w.log.String(), "Вигаданенко") {
			t.Error("the log holds a name")
		}
	})
}

// TestARequestIsMovedOnPages leads a request on, is refused beside the field, and withdraws consent.
func TestARequestIsMovedOnPages(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	path := "/requests/" + string(w.seek(homeward.Main, "Вигаданенко").ID)
	r, l := w.as(homeward.RoleTracingOfficer, "en"), i18n.For(i18n.English)
	r.post(path+"/move", url.Values{"to": {"in-progress"}}).want(t, http.StatusOK, l.T("notice.moved.in-progress"))
	r.post(path+"/move", url.Values{"to": {"suspended"}}).want(t, http.StatusUnprocessableEntity, `id="reason-problem"`, l.T("request.wrong.reason"))
	r.post(path+"/move", url.Values{"to": {"proposed"}, "reason": {"was written"}}).want(t, http.StatusConflict, l.T("request.refused.found"), ">was written<")
	r.post(path+"/move", url.Values{"to": {"reunified"}, "reason": {"x"}}).want(t, http.StatusBadRequest)
	r.post(path+"/reunify", url.Values{"to": {"reunified"}, "reason": {"x"}}).want(t, http.StatusForbidden)
	r.post(path+"/consent", url.Values{"purpose": {"tracing"}, "answer": {"withdrawn"}}).want(t, http.StatusUnprocessableEntity, `id="scope-tracing-problem"`)
	r.post(path+"/consent", url.Values{"purpose": {"tracing"}, "answer": {"withdrawn"}, "reason": {"called and said so"}}).
		want(t, http.StatusOK, l.T("request.state.withdrawn"), "called and said so", l.T("request.refused.consent"))
	w.as(homeward.RoleCaseworker, "en").get(path).want(t, http.StatusOK, "Вигаданенко Олена")
	w.as(homeward.RoleReviewer, "en").get(path).want(t, http.StatusForbidden)
}

// TestASearchGrowsOnPages begins a request on a child's page, adds a child, corrects another with a mistake first, and finds whom
// they may be beside them.
func TestASearchGrowsOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		list := "id;ПІБ;дата народження;місто\n1;Ганна Зовсімінша;1.2.2011;Луцьк\n2;Бойко Петро;2012;Бердянськ\n"
		if _, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: strings.NewReader(list), Source: "Список"}); err != nil {
			t.Fatal(err)
		}
		w.run()
		r, l := w.as(homeward.RoleTracingOfficer, "en"), i18n.For(i18n.English)
		hits := r.post("/search", url.Values{"words": {"Зовсімінша"}})
		_, child, _ := strings.Cut(hits.text, `href="/persons/`)
		child, _, _ = strings.Cut(child, `"`)
		r.get("/persons/"+child).want(t, http.StatusOK, `href="/requests/new?of=`+child, l.T("person.no_requests"))
		r.get("/requests/new?of="+child).want(t, http.StatusOK, l.T("newrequest.of"), `name="of" value="`+child)
		form := requestForm()
		form.Set("of", child)
		opened := r.post("/requests/new", url.Values{"draft": {tokenOf(r.post("/requests/new", form))}})
		opened.want(t, http.StatusOK, l.T("notice.request"), "Ганна Зовсімінша", `href="/persons/`+child)
		w.run()

		more := opened.at + "/children"
		r.get(more).want(t, http.StatusOK, l.T("soughtchild.add"), l.T("soughtchild.sibling"))
		r.post(more, url.Values{"name-0": {"?"}}).want(t, http.StatusUnprocessableEntity, `id="name-0-problem"`)
		alike := r.post(more, url.Values{"name-0": {"Бойко Петро"}, "birth-0": {"2012"}, "siblings": {"yes"}})
		alike.want(t, http.StatusOK, "Бойко Петро", l.T("alike.add"))
		token := tokenOf(alike)
		r.post("/requests/new", url.Values{"draft": {token}}).want(t, http.StatusGone)
		r.post(more, url.Values{"draft": {token}}).want(t, http.StatusOK, l.T("notice.child_added"), "Бойко Петро")
		w.run()
		now := r.get(opened.at)
		now.want(t, http.StatusOK, "Бойко Петро", `href="/pairs/`)
		_, correct, _ := strings.Cut(now.text, opened.at+"/children/")
		correct, _, _ = strings.Cut(correct, `"`)
		correct = more + "/" + correct
		r.get(correct).want(t, http.StatusOK, `value="Коваленко Марія Іванівна"`, l.T("request.field.why"))
		same := url.Values{"name-0": {"Коваленко Марія Іванівна"}, "birth-0": {"13.4.2014"}, "sex-0": {"girl"}, "mother-0": {"Вигаданенко Олена"}}
		r.post(correct, same).want(t, http.StatusUnprocessableEntity, `id="reason-problem"`)
		same.Set("reason", "she called")
		r.post(correct, same).want(t, http.StatusUnprocessableEntity, l.T("request.refused.same"))
		same.Set("birth-0", "14.3.2014")
		r.post(correct, same).want(t, http.StatusOK, l.T("notice.child_corrected"))
		r.post(correct, same).want(t, http.StatusConflict, l.T("request.refused.corrected"))
		w.run()
		if strings.Contains(w.log.String(), "Коваленко") || strings.Contains(w.log.String(), "Бойко") {
			t.Error("the log holds a name")
		}
	})
}

// tokenOf is what a page holds of a draft.
func tokenOf(p page) string {
	_, token, _ := strings.Cut(p.text, `name="draft" value="`)
	token, _, _ = strings.Cut(token, `"`)
	return token
}

// TestABIDStandsBeforeReunificationOnPages determines what is best for each child before the request can say that they are home.
func TestABIDStandsBeforeReunificationOnPages(t *testing.T) {
	s := stage(t)
	path, l := "/requests/"+string(s.request), i18n.For(i18n.English)
	worker, supervisor, officer := s.as(homeward.RoleCaseworker, "en"), s.as(homeward.RoleSupervisor, "en"), s.as(homeward.RoleTracingOfficer, "en")
	if p := officer.get(path); strings.Contains(p.text, path+"/determine") {
		t.Error("an officer is offered to determine what is best")
	}
	worker.post(path+"/verify", url.Values{"to": {"verified"}, "reason": {"visited both"}}).want(t, http.StatusOK, l.T("notice.moved.verified"))
	reunify := func() page {
		return supervisor.post(path+"/reunify", url.Values{"to": {"reunified"}, "reason": {"home"}})
	}
	reunify().want(t, http.StatusConflict, l.T("request.refused.interests"))
	var other string
	s.view(func(tx *store.Tx) error {
		r, err := tx.Request(s.request)
		other = string(r.Sought[1])
		return err
	})
	says := url.Values{"child": {other}, "outcome": {"family"}, "wishes": {""}, "reason": {"visited"}}
	worker.post(path+"/determine", says).want(t, http.StatusUnprocessableEntity, `-problem"`, l.T("request.wrong.wishes"), ">visited<")
	says.Set("outcome", "waived")
	worker.post(path+"/waive", says).want(t, http.StatusForbidden)
	worker.post(path+"/determine", says).want(t, http.StatusBadRequest)
	says.Set("outcome", "elsewhere")
	says.Set("wishes", "to stay where he is")
	worker.post(path+"/determine", says).want(t, http.StatusOK, l.T("notice.interests.elsewhere"), "to stay where he is")
	reunify().want(t, http.StatusConflict, l.T("request.refused.interests"))
	says.Set("outcome", "waived")
	says.Set("reason", "he is of age since spring")
	supervisor.post(path+"/waive", says).want(t, http.StatusOK, l.T("notice.interests.waived"))
	reunify().want(t, http.StatusOK, l.T("notice.moved.reunified"))
}
