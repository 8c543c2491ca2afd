package desk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// scene is one page as one reader sees it.
type scene struct {
	name   string
	path   string
	reader *reader
}

// staged is a world in which every page has something to show.
type staged struct {
	*world
	pair, decided homeward.Pair
	second        homeward.PairID // with one opinion
	disputed      homeward.PairID // on which two differ
	person        homeward.PersonID
	invitation    string
	recovery      string // address of a link that gives access back
	edition       homeward.EditionID
	room          homeward.CompartmentID
	request       homeward.RequestID
	marked        homeward.RecordID
	proof         homeward.ExhibitID
	erasure       homeward.ErasureID
	families      homeward.PairID   // both of whose children have brothers and sisters
	copied        homeward.SourceID // that repeats another
	batch, done   homeward.BatchID  // of which people judge the sample; that was applied
	sought        homeward.RecordID // whom the request seeks first
	seeks         []homeward.RecordID
}

// stage sets up a register of 300 invented children with decisions, a second edition and a row in quarantine.
func stage(t *testing.T, change ...func(*desk.Options)) *staged {
	t.Helper()
	s := &staged{world: open(t, storetest.Open(t), 300, change...)}
	s.secondEdition()
	s.decideByTruth()
	s.search()
	s.run()
	s.person = s.fullest()
	s.prove()
	s.entrust()
	s.newcomer("Соломія")
	s.newcomer("Устим")
	s.loseAccess()
	for _, p := range s.pairs(homeward.PairProposed) {
		if s.pair.ID == "" || p.Probability > 0.6 && p.Probability < s.pair.Probability || s.pair.Probability <= 0.6 {
			s.pair = p // the least sure of the likely ones
		}
	}
	s.mark()
	s.families = s.twoFamilies()
	s.ruled()
	s.relate()
	p := s.as(homeward.RoleAdministrator, "en").post("/admin/users", url.Values{"role": {"caseworker"}})
	_, link, _ := strings.Cut(p.text, s.server.URL)
	s.invitation, _, _ = strings.Cut(link, "<")
	return s
}

// twoFamilies returns a pair from whose page one goes on to the two families.
func (s *staged) twoFamilies() homeward.PairID {
	s.t.Helper()
	r := s.as(homeward.RoleTracingOfficer, "uk")
	for _, p := range s.pairs(homeward.PairProposed) {
		if p.ID != s.pair.ID && strings.Contains(r.get("/pairs/"+string(p.ID)).text, "/pairs/"+string(p.ID)+"/families") {
			return p.ID
		}
	}
	s.t.Fatal("no pair is of two families")
	return ""
}

// search opens a request whose first child was found and whose best interests are known.
func (s *staged) search() {
	s.t.Helper()
	r := s.seek(homeward.Main, "Коваленко")
	s.request, s.sought, s.seeks = r.ID, r.Sought[0], r.Sought
	s.run()
	pairs := 0
	s.view(func(tx *store.Tx) error {
		list, err := tx.PairsOf(s.sought)
		if pairs = len(list); pairs > 0 {
			_, err = s.stages.Review.Decide(ctx, s.team[homeward.RoleTracingOfficer], list[0].ID, homeward.Same, "Та сама мати; збігається дата.")
		}
		return err
	})
	if pairs == 0 {
		s.t.Fatal("the sought child is in no pair")
	}
	work, officer := s.casework(), s.team[homeward.RoleTracingOfficer]
	for _, to := range []homeward.RequestState{homeward.RequestInProgress, homeward.RequestProposed} {
		if err := work.Move(ctx, officer, r.ID, to, ""); err != nil {
			s.t.Fatal(err)
		}
	}
	d := homeward.Determination{Child: s.sought, Outcome: homeward.InterestsFamily, Grounds: "Були в обох домівках; бабуся чекає.", Wishes: "«До мами»"}
	if err := work.Determine(ctx, s.team[homeward.RoleSupervisor], r.ID, d); err != nil {
		s.t.Fatal(err)
	}
}

// secondEdition brings a list in twice: in the second edition a row has vanished, one is changed, one is new and one
// names nobody.
func (s *staged) secondEdition() {
	s.t.Helper()
	first := "id;ПІБ;дата народження;місто\n1;Коваленко Марія Іванівна;13.4.2014;Маріуполь\n2;Бойко Петро;2012;Бердянськ\n3;Лисенко Ганна;бл. 2016;Ізюм\n"
	second := "id;ПІБ;дата народження;місто\n1;Коваленко Марія Іванівна;14.3.2014;Маріуполь\n3;Лисенко Ганна;бл. 2016;Ізюм\n4;Мельник Остап;7.1.2010;Херсон\n5;;;\n"
	for day, text := range []string{first, second} {
		in := intake.Input{File: strings.NewReader(text), Source: "Гаряча лінія (вигадана)", Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1+27*day))}
		report, err := intake.Import(ctx, s.db, homeward.Operator, in)
		if err != nil {
			s.t.Fatal(err)
		}
		s.edition = report.Edition
	}
	s.run()
}

// entrust makes a compartment, an assignment, a referral and broken glass.
func (s *staged) entrust() {
	s.t.Helper()
	supervisor, worker, reviewer := s.team[homeward.RoleSupervisor], s.team[homeward.RoleCaseworker], s.team[homeward.RoleReviewer]
	record := homeward.RecordID(s.person)
	for _, step := range []struct {
		who homeward.Actor
		do  func(tx *store.Tx) error
	}{
		{homeward.Operator, func(tx *store.Tx) error {
			c, err := tx.PutCompartment("Свідки (вигадані)")
			s.room = c.ID
			return errors.Join(err, tx.SetMember(c.ID, worker.ID, true))
		}},
		{supervisor, func(tx *store.Tx) error { _, err := tx.Assign(s.person, worker.ID); return err }},
		{supervisor, func(tx *store.Tx) error {
			_, err := tx.Refer(s.person, worker.ID, homeward.AllClasses, tx.Now.Add(7*24*time.Hour), "Тітка живе у вашому місті.")
			return err
		}},
		{reviewer, func(tx *store.Tx) error {
			_, err := tx.BreakGlass(record, "Дитина хвора; лікар чекає на групу здоров’я.")
			return err
		}},
	} {
		if err := s.db.Update(ctx, step.who, step.do); err != nil {
			s.t.Fatal(err)
		}
	}
}

// loseAccess lets two people lose what they sign in with: one has been checked once, the other twice and holds a link.
func (s *staged) loseAccess() {
	s.t.Helper()
	first, second := s.colleague(homeward.Main), s.colleague(homeward.Main)
	token := "handed-over-in-person"
	hash := sha256.Sum256([]byte(token))
	s.recovery = "/recovery/" + token
	for name, checkers := range map[string][]homeward.Actor{"Олександра-Валентина": {first}, "Теодозій": {first, second}} {
		var r homeward.Recovery
		err := s.db.Update(ctx, homeward.System, func(tx *store.Tx) error {
			u, err := tx.PutUser(name, homeward.RoleCaseworker, "")
			if err == nil {
				r, err = tx.AskRecovery(u.ID)
			}
			return err
		})
		for _, who := range checkers {
			err = errors.Join(err, s.db.Update(ctx, who, func(tx *store.Tx) error {
				_, err := tx.CheckRecovery(r.ID, homeward.IdentityConfirmed, "Знаємо одне одного з 2019 року; паспорт у руках.", hex.EncodeToString(hash[:]))
				return err
			}))
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// mark takes a claim back, restricts a record and holds another; one mark is lifted.
func (s *staged) mark() {
	s.t.Helper()
	var persons []homeward.Person
	s.view(func(tx *store.Tx) (err error) {
		persons, err = tx.Persons("", 10_000)
		return err
	})
	for _, p := range persons {
		if p.ID != s.person && len(p.Records) == 1 && !slices.Contains(s.seeks, p.Records[0]) && p.Records[0] != s.pair.Left && p.Records[0] != s.pair.Right && p.Records[0] != s.decided.Left {
			s.marked = p.Records[0]
		}
	}
	var lifted []homeward.Mark
	for _, step := range []struct {
		who homeward.Role
		do  func(tx *store.Tx) error
	}{
		{homeward.RoleTracingOfficer, func(tx *store.Tx) error {
			_, err := tx.Retract(s.marked, 1, "Джерело написало, що помилилося рядком.")
			return err
		}},
		{homeward.RoleLegalOfficer, func(tx *store.Tx) (err error) {
			lifted, err = tx.Hold([]homeward.RecordID{s.marked}, "Суд просив зберегти все.")
			return err
		}},
		{homeward.RoleSupervisor, func(tx *store.Tx) error {
			_, err := tx.LiftMark(lifted[0].ID, "Справу закрито.")
			return err
		}},
		{homeward.RoleSupervisor, func(tx *store.Tx) error {
			_, err := tx.Restrict([]homeward.RecordID{s.marked}, homeward.GroundContested, "Мати каже, що це не її дитина; перевіряємо.")
			return err
		}},
		{homeward.RoleLegalOfficer, func(tx *store.Tx) error {
			e, err := tx.AskErasure(homeward.PersonID(s.marked), []homeward.RecordID{s.marked}, homeward.ErasureObjection, "Мати, листом; просить стерти все.")
			s.erasure = e.ID
			return errors.Join(err, tx.CheckIdentity(e.ID, "Паспорт і свідоцтво про народження бачили у відділі."))
		}},
	} {
		if err := s.db.Update(ctx, s.team[step.who], step.do); err != nil {
			s.t.Fatal(err)
		}
	}
	s.run()
}

// decideByTruth decides every other pair as people who know the truth would.
func (s *staged) decideByTruth() {
	s.t.Helper()
	reasons := map[homeward.Judgement]string{
		homeward.Same:      "Ті самі мати й місце народження; дату зсунуто.",
		homeward.Different: "Однофамільці з різних міст; по батькові різне.",
		homeward.Unsure:    "Збігається лише ім’я та рік; чекаємо на відповідь родини.",
	}
	child, names := map[string]int{}, map[homeward.SourceID]string{}
	for _, m := range s.truth.Truth {
		child[m.Source+"\x00"+m.SourceID] = m.Child
	}
	s.view(func(tx *store.Tx) error {
		list, err := tx.Sources()
		for _, source := range list {
			names[source.ID] = source.Name
		}
		return err
	})
	of := map[homeward.RecordID]int{}
	err := s.db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		of[r.ID] = child[names[r.Source]+"\x00"+r.SourceRow]
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	team := []homeward.Role{homeward.RoleTracingOfficer, homeward.RoleReviewer, homeward.RoleSupervisor}
	s.differ()
	for i, p := range s.pairs(homeward.PairProposed) {
		j := homeward.Different
		switch {
		case i%2 == 1:
			continue
		case of[p.Left] == of[p.Right]:
			j = homeward.Same
		case p.Probability > 0.3 && p.Probability < 0.7:
			j = homeward.Unsure
		}
		s.decide(s.team[team[i/2%3]], p.ID, j, reasons[j])
		if j == homeward.Same {
			s.decided = p
		}
	}
}

// differ leaves a grave pair with one opinion, and one on which two differ.
func (s *staged) differ() {
	s.t.Helper()
	say := func(role homeward.Role, id homeward.PairID, j homeward.Judgement) {
		if _, err := s.stages.Review.Decide(ctx, s.team[role], id, j, "Ті самі прикмети й той самий заклад."); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, p := range s.pairs(homeward.PairProposed) {
		v, err := s.stages.Review.Pair(ctx, homeward.System, p.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		switch {
		case !v.Grave:
		case s.second == "":
			s.second = p.ID
			say(homeward.RoleTracingOfficer, p.ID, homeward.Same)
		default:
			s.disputed = p.ID
			say(homeward.RoleTracingOfficer, p.ID, homeward.Same)
			say(homeward.RoleReviewer, p.ID, homeward.Different)
			return
		}
	}
	s.t.Fatal("no two pairs are grave")
}

// fullest returns the person of whom the most is told.
func (s *staged) fullest() (best homeward.PersonID) {
	s.t.Helper()
	s.view(func(tx *store.Tx) error {
		persons, err := tx.Persons("", 10_000)
		if err != nil {
			return err
		}
		most := 0
		for _, p := range persons {
			siblings, err := tx.SiblingsOf(p.ID)
			if err != nil {
				return err
			}
			records, err := tx.RecordsByID(p.Records)
			if err != nil {
				return err
			}
			told := 4*len(records) + min(len(siblings), 2)
			for _, r := range records {
				for _, c := range r.Claims {
					if c.Path == homeward.PathNameImposed || c.Imposed {
						told += 2
					}
				}
			}
			if told > most {
				most, best = told, p.ID
			}
		}
		return nil
	})
	return best
}

// scenes lists every page of the desk that an address leads to, each as a reader whose day it is part of; how one signs in has tests
// of its own.
func (s *staged) scenes(lang string) []scene {
	s.t.Helper()
	as := map[homeward.Role]*reader{}
	by := func(role homeward.Role) *reader {
		if as[role] == nil {
			as[role] = s.as(role, lang)
		}
		return as[role]
	}
	officer, clerk, admin := by(homeward.RoleTracingOfficer), by(homeward.RoleIntakeClerk), by(homeward.RoleAdministrator)
	preview := clerk.upload("/import", []byte(list), about)
	hits := officer.post("/search", url.Values{"words": {s.familyName()}})
	alike := officer.post("/requests/new", requestForm())
	var decision homeward.DecisionID
	var source homeward.SourceID
	s.view(func(tx *store.Tx) error {
		list, err := tx.DecisionsOf(s.decided.ID)
		if err != nil {
			return err
		}
		decision = list[0].ID
		e, err := tx.Edition(s.edition)
		source = e.Source
		return err
	})
	return []scene{
		{"signin", "/sign-in", nil},
		{"invitation", s.invitation, nil},
		{"lost", "/sign-in/lost", nil},
		{"recoveries", "/recoveries", by(homeward.RoleSupervisor)},
		{"regain", s.recovery, nil},
		{"start", "/", officer},
		{"start-supervisor", "/", by(homeward.RoleSupervisor)},
		{"queue", "/review", officer},
		{"pair", "/pairs/" + string(s.pair.ID), officer},
		{"pair-second", "/pairs/" + string(s.second), by(homeward.RoleReviewer)},
		{"pair-mine", "/pairs/" + string(s.second), officer},
		{"pair-disputed", "/pairs/" + string(s.disputed), by(homeward.RoleSupervisor)},
		{"queue-second", "/review?section=second", by(homeward.RoleReviewer)},
		{"pair-decided", "/pairs/" + string(s.decided.ID), officer},
		{"families", "/pairs/" + string(s.families) + "/families", officer},
		{"decision", "/decisions/" + string(decision), officer},
		{"search", hits.at, officer},
		{"searches", s.kept(officer), officer},
		{"state", "/state", by(homeward.RoleSupervisor)},
		{"team", "/team", by(homeward.RoleSupervisor)},
		{"person", "/persons/" + string(s.person), officer},
		{"printed", "/persons/" + string(s.person) + "/print", officer},
		{"links", "/persons/" + string(s.decided.Left) + "/links", officer},
		{"dossier", "/persons/" + string(s.person) + "/dossier", by(homeward.RoleLegalOfficer)},
		{"law", "/persons/" + string(s.person) + "/law", by(homeward.RoleLegalOfficer)},
		{"law-new", "/persons/" + string(s.person) + "/law/new", by(homeward.RoleLegalOfficer)},
		{"near", "/persons/" + string(s.person) + "/near", officer},
		{"requests", "/requests", officer},
		{"request", "/requests/" + string(s.request), officer},
		{"request-new", "/requests/new", officer},
		{"request-child", "/requests/" + string(s.request) + "/children", officer},
		{"request-correct", "/requests/" + string(s.request) + "/children/" + string(s.sought), officer},
		{"request-interests", "/requests/" + string(s.request), by(homeward.RoleSupervisor)},
		{"request-alike", alike.query, officer},
		{"exhibits", "/exhibits", by(homeward.RoleSupervisor)},
		{"exhibit", "/exhibits/" + string(s.proof), by(homeward.RoleLegalOfficer)},
		{"captured", s.captured(), by(homeward.RoleLegalOfficer)},
		{"difference", s.differs(), by(homeward.RoleEvidenceCustodian)},
		{"capturing", s.capturing(by(homeward.RoleEvidenceCustodian)), by(homeward.RoleEvidenceCustodian)},
		{"capture-new", "/captures/new", by(homeward.RoleEvidenceCustodian)},
		{"exhibit-new", "/exhibits/new?kind=account&record=" + string(s.person), by(homeward.RoleSupervisor)},
		{"sources", "/sources", clerk},
		{"source", "/sources/" + string(source), clerk},
		{"source-repeats", "/sources/" + string(s.copied), by(homeward.RoleSupervisor)},
		{"edition", "/editions/" + string(s.edition), officer},
		{"import", "/import", clerk},
		{"preview", preview.at, clerk},
		{"quarantine", "/quarantine", clerk},
		{"counts", "/counts?definition=deported", by(homeward.RoleReleaseOfficer)},
		{"counts-drawn", "/counts?definition=deported&drawn=1", by(homeward.RoleReleaseOfficer)},
		{"counts-refused", "/counts?definition=deported+minus+returned", by(homeward.RoleReleaseOfficer)},
		{"figures", "/figures", by(homeward.RoleReleaseOfficer)},
		{"ledger", "/ledger", by(homeward.RoleAuditor)},
		{"users", "/admin/users", admin},
		{"grants", "/admin/grants", by(homeward.RoleSupervisor)},
		{"roles", "/admin/roles", admin},
		{"design", "/design", officer},
		{"glossary", "/glossary", officer},
		{"tour", "/tour", nil},
		{"compartments", "/admin/compartments", admin},
		{"compartment", "/admin/compartments/" + string(s.room), admin},
		{"audit", "/admin/audit", by(homeward.RoleAuditor)},
		{"referrals", "/referrals", by(homeward.RoleCaseworker)},
		{"glass", "/glass", by(homeward.RoleSupervisor)},
		{"erasures", "/erasures", by(homeward.RoleSupervisor)},
		{"erasure", "/erasures/" + string(s.erasure), by(homeward.RoleSupervisor)},
		{"batches", "/batches", by(homeward.RoleSupervisor)},
		{"batch-new", "/batches/new?judgement=same&compartment=main&bound=0.9&bears=50&told=name.family_given&told=birth.day", by(homeward.RoleSupervisor)},
		{"batch", "/batches/" + string(s.batch), by(homeward.RoleSupervisor)},
		{"batch-applied", "/batches/" + string(s.done), by(homeward.RoleSupervisor)},
		{"marks", "/marks", by(homeward.RoleSupervisor)},
		{"record", "/records/" + string(s.marked), by(homeward.RoleLegalOfficer)},
		{"export", "/persons/" + string(s.person) + "/export", by(homeward.RoleLegalOfficer)},
		{"person-withheld", "/persons/" + string(s.person), by(homeward.RoleReviewer)},
		{"fault", "/review", admin},
	}
}

// kept keeps a search as a reader, and returns where it stands.
func (s *staged) kept(r *reader) string {
	s.t.Helper()
	hits := r.post("/search", url.Values{"words": {"boy about 9 from Маріуполь taken with sister"}})
	return r.post(hits.at+"/save", nil).at
}
