package desk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestARestrictedChildIsOnNoOtherPage restricts a child's records from the page of one of them: the child is gone from search and
// pages for who may not see it, stays for who may, and comes back when another lifts it.
func TestARestrictedChildIsOnNoOtherPage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		x := w.furnish(w.room(true), "Обмеженко")
		record := x.of["person"][0]
		officer, boss, counsel := w.as(homeward.RoleTracingOfficer, "en"), w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleLegalOfficer, "en")
		officer.get("/records/"+record).want(t, http.StatusOK, "Обмеженко", en.T("record.state.accepted"))
		counsel.post("/records/"+record+"/restrict", url.Values{"ground": {"contested"}, "reason": {" "}}).want(t, http.StatusUnprocessableEntity, en.T("mark.no_reason"))
		counsel.post("/records/"+record+"/restrict", url.Values{"ground": {"no such ground"}, "reason": {"because"}}).want(t, http.StatusBadRequest)
		counsel.post("/records/"+record+"/restrict", url.Values{"ground": {"contested"}, "reason": {"the mother objects"}, "all": {"yes"}}).
			want(t, http.StatusOK, en.T("record.state.restricted"), "the mother objects")
		counsel.post("/records/"+record+"/restrict", url.Values{"ground": {"contested"}, "reason": {"again"}}).want(t, http.StatusConflict, en.T("mark.already"))
		w.run()
		for _, path := range []string{"/records/" + record, "/persons/" + record} {
			officer.get(path).want(t, http.StatusNotFound)
		}
		officer.get("/marks").want(t, http.StatusOK, en.T("marks.none"))
		boss.get("/records/"+record).want(t, http.StatusOK, "Обмеженко")
		boss.get("/marks?kind=restriction").want(t, http.StatusOK, "the mother objects")
		mark := w.markOf(homeward.RecordID(record))
		counsel.post("/marks/"+string(mark)+"/lift", url.Values{"reason": {"settled"}}).want(t, http.StatusForbidden)
		boss.post("/marks/"+string(mark)+"/lift", url.Values{"reason": {"settled"}}).want(t, http.StatusOK, en.T("notice.lifted"))
		w.run()
		officer.get("/persons/"+record).want(t, http.StatusOK, "Обмеженко")
	})
}

func (w *world) markOf(record homeward.RecordID) (id homeward.MarkID) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		list, err := tx.MarksOf(record)
		if err == nil && len(list) > 0 {
			id = list[len(list)-1].ID
		}
		return err
	})
	return id
}

// TestWhatWasTakenBackIsHistory takes a claim back, and then the record.
func TestWhatWasTakenBackIsHistory(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	x := w.furnish(w.room(true), "Відкликенко")
	record := x.of["person"][0]
	officer := w.as(homeward.RoleTracingOfficer, "en")
	for _, claim := range []string{"", "-2", "99", "one"} {
		if p := officer.post("/records/"+record+"/retract", url.Values{"claim": {claim}, "reason": {"because"}}); p.status != http.StatusBadRequest && p.status != http.StatusNotFound {
			t.Errorf("claim %q: status %d", claim, p.status)
		}
	}
	officer.post("/records/"+record+"/retract", url.Values{"claim": {"1"}, "reason": {"another day"}}).want(t, http.StatusOK, en.T("mark.one"), "another day")
	officer.post("/records/"+record+"/retract", url.Values{"claim": {"-1"}, "reason": {"the wrong child"}}).want(t, http.StatusOK, en.T("record.state.retracted"))
	w.run()
	officer.get("/persons/"+record).want(t, http.StatusNotFound)
	officer.get("/records/"+record).want(t, http.StatusOK, "Відкликенко", "the wrong child")
	officer.get("/marks").want(t, http.StatusOK, "the wrong child")
}

// markSome gives each role a record of its own to lay marks upon, a mark that another laid, and a request to erase a child.
func (w *world) markSome(list ...*things) {
	w.t.Helper()
	for _, x := range list {
		err := w.db.Update(ctx, w.colleague(x.room), func(tx *store.Tx) error {
			x.of["record"], x.of["mark"], x.of["erasure"] = nil, nil, nil
			for n := range homeward.Roles {
				id := homeward.RecordID(x.of["person"][len(homeward.Roles)+n])
				laid, err := tx.Hold([]homeward.RecordID{id}, "because")
				if err != nil {
					return err
				}
				x.of["record"], x.of["mark"] = append(x.of["record"], string(id)), append(x.of["mark"], string(laid[0].ID))
				other := homeward.RecordID(x.of["person"][2*len(homeward.Roles)+n])
				e, err := tx.AskErasure(homeward.PersonID(other), []homeward.RecordID{other}, homeward.ErasureConsent, "a mother")
				if err != nil {
					return err
				}
				x.of["erasure"] = append(x.of["erasure"], string(e.ID))
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}
