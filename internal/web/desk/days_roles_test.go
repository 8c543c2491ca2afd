package desk_test

import (
	"strings"

	"github.com/homeward-registry/homeward"
)

// workOf is what the day of each role asks for.
var workOf = map[homeward.Role]func(*day){
	homeward.RoleIntakeClerk:       (*day).bringsInAList,
	homeward.RoleTracingOfficer:    (*day).searchesDecidesAndRecords,
	homeward.RoleReviewer:          (*day).givesASecondOpinion,
	homeward.RoleCaseworker:        (*day).writesDownWhatWasLearned,
	homeward.RoleSupervisor:        (*day).assignsAndConfirms,
	homeward.RoleEvidenceCustodian: (*day).takesInEvidence,
	homeward.RoleLegalOfficer:      (*day).holdsARecord,
	homeward.RoleReleaseOfficer:    (*day).counts,
	homeward.RoleAuditor:           (*day).verifies,
	homeward.RoleAdministrator:     (*day).invitesAColleague,
}

func (d *day) bringsInAList() {
	d.open("/import")
	d.do(`form[action="/import"]`, "button", map[string]string{"file": "ПІБ;дата народження\nДенна Зоря Іванівна;13.4.2014\n", "source": "day " + d.look.lang})
	if !strings.HasPrefix(d.at(), "/import/") {
		d.Fatal("no preview came")
	}
	d.press(`main form`, `button[value="confirm"]`)
	if !strings.HasPrefix(d.at(), "/editions/") {
		d.Error("what was brought in is not shown")
	}
}

func (d *day) searchesDecidesAndRecords() {
	d.open("/search")
	d.do(`main form`, "button", map[string]string{"words": "хлопець близько 9 з Маріуполя"})
	d.press(`form[action$="/save"]`, "button")

	pair := d.pairAwaiting()
	d.open(pair)
	d.do(`form[action="`+pair+`/decide"]`, `button[value="different"]`, map[string]string{"reason": "різні батьки"})
	d.told()

	d.open("/requests/new")
	fields := map[string]string{}
	for name, values := range requestForm() {
		if name != "compartment" && !strings.HasSuffix(name, "-1") {
			fields[name] = values[0]
		}
	}
	fields["sex-0"] = evaluate[string](d.tab, `document.querySelector("#sex-0").options[1].value`)
	delete(fields, "children")
	delete(fields, "siblings")
	d.do(`form[action="/requests/new"]`, `button[value="check"]`, fields)
	d.press(`form[action="/requests/new"]`, "button")
	if !strings.HasPrefix(d.at(), "/requests/") {
		d.Error("the request is not shown")
	}
}

func (d *day) givesASecondOpinion() {
	pair := "/pairs/" + string(d.s.second)
	d.open(pair)
	d.do(`form[action="`+pair+`/decide"]`, `button[value="unsure"]`, map[string]string{"reason": "бракує дати"})
	d.told()
}

func (d *day) writesDownWhatWasLearned() {
	person := "/persons/" + string(d.s.person)
	d.open(person)
	d.do(`form[action="`+person+`/learned"]`, "button", map[string]string{"teller": "тітка", "name": "Вигадана Дарина", "note": "бачила на ринку"})
	d.told()
}

func (d *day) assignsAndConfirms() {
	person := "/persons/" + string(d.s.person)
	d.open(person)
	to := evaluate[string](d.tab, `document.querySelector("#assign-to").options[1].value`)
	d.do(`form[action="`+person+`/assign"]`, "button", map[string]string{"to": to})
	d.told()
	d.open("/admin/grants")
	d.press(`main form`, `button[value="confirmed"]`)
	d.told()
}

func (d *day) takesInEvidence() {
	d.open("/exhibits/new")
	d.do(`form[action="/exhibits/new"]`, "button", map[string]string{"file": "розповідь тітки", "from": "тітка"})
	if !strings.HasPrefix(d.at(), "/exhibits/") {
		d.Fatal("the exhibit is not shown")
	}
	at := d.at()
	d.do(`form[action="`+at+`/custody"]`, "button", map[string]string{"act": "sealed", "purpose": "до сейфа"})
	d.told()
	d.press(`form[action="`+at+`/verify"]`, "button")
	d.told()
}

func (d *day) holdsARecord() {
	record := "/records/" + string(d.s.seeks[0])
	d.open(record)
	d.do(`form[action="`+record+`/hold"]`, "button", map[string]string{"reason": "провадження відкрито"})
	d.told()
}

func (d *day) counts() {
	d.open("/counts")
	d.do(`main form`, "button", map[string]string{"definition": "deported"})
	if !evaluate[bool](d.tab, `location.search.includes("deported")`) {
		d.Error("another count came")
	}
}

func (d *day) verifies() {
	d.open("/ledger")
	d.press(`form[action="/ledger/verify"]`, "button")
	d.open("/admin/audit")
	d.seen()
}

func (d *day) invitesAColleague() {
	d.open("/admin/users")
	d.do(`form[action="/admin/users"]`, "button", map[string]string{"role": "caseworker"})
	d.open("/admin/compartments")
	d.do(`form[action="/admin/compartments"]`, "button", map[string]string{"name": "day " + d.look.lang})
}
