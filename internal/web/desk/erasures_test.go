package desk_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// TestAnErasureGoesItsWayOnTheDesk asks, checks and approves as the people who may, and as those who may not.
func TestAnErasureGoesItsWayOnTheDesk(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	x := w.furnish(w.room(true), "Стиренко")
	record := x.of["person"][0]
	boss, counsel := w.as(homeward.RoleSupervisor, "en"), w.as(homeward.RoleLegalOfficer, "en")
	ask := func(record, reason string) page {
		return counsel.post("/erasures", url.Values{"record": {record}, "ground": {"objection"}, "reason": {reason}})
	}
	ask(record, "").want(t, http.StatusUnprocessableEntity, en.T("erasure.no_asker"))
	ask("no such record", "a mother").want(t, http.StatusUnprocessableEntity, en.T("erasure.no_record"), ">a mother</textarea>", `value="objection" selected`)
	p := ask(record, "a mother, by letter")
	p.want(t, http.StatusOK, en.T("erasure.state.asked"), "a mother, by letter")
	ask(record, "again").want(t, http.StatusConflict, en.T("erasure.already"))
	do := func(r *reader, what, reason string) page {
		return r.post(p.at, url.Values{"do": {what}, "reason": {reason}})
	}
	do(boss, "approve", "yes").want(t, http.StatusConflict, en.T("erasure.not_now"))
	do(counsel, "check", " ").want(t, http.StatusUnprocessableEntity, en.T("mark.no_reason"))
	do(counsel, "no such thing", "x").want(t, http.StatusBadRequest)
	do(counsel, "check", "a passport").want(t, http.StatusOK, en.T("erasure.state.checked"), "a passport")
	do(counsel, "approve", "my own").want(t, http.StatusConflict, en.T("erasure.not_now"))
	do(boss, "approve", "it is right").want(t, http.StatusOK, en.T("erasure.state.second"))
	w.as(homeward.RoleCaseworker, "en").get("/persons/"+record).want(t, http.StatusOK, en.T("erasure.notice"))
	w.as(homeward.RoleCaseworker, "en").get("/erasures").want(t, http.StatusForbidden)
	do(counsel, "refuse", "it was not the mother").want(t, http.StatusOK, en.T("erasure.state.declined"))
	boss.get("/erasures").want(t, http.StatusOK, en.T("erasure.state.declined"))
}
