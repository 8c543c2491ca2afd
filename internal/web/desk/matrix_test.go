package desk_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// things are what the placeholders of addresses can stand for, all in one compartment, with enough of each that every
// role has its own to act on.
type things struct {
	room homeward.CompartmentID
	of   map[string][]string // by placeholder
}

// pick returns the thing of a placeholder for the n-th role; ok is false for a placeholder nobody knows.
func (x things) pick(placeholder string, n int) (string, bool) {
	list := x.of[placeholder]
	if len(list) == 0 {
		return "", false
	}
	return list[n%len(list)], true
}

// hiddenName is in every name and source of the compartment that nobody of the team is in.
const hiddenName = "Прихованенко"

// furnish fills a compartment: two lists that name the same children, decisions on some pairs, referrals and broken glass.
func (w *world) furnish(room homeward.CompartmentID, family string) things {
	w.t.Helper()
	x := things{room: room, of: map[string][]string{}}
	for n := range 2 {
		text := "id;ПІБ;дата народження;місто\n"
		for i := range 3 * len(homeward.Roles) {
			text += fmt.Sprintf("%d;%s Дитина%c Іванівна;%d.%d.201%d;Маріуполь\n", i+1, family, 'а'+i, i%27+1, i%11+1, i%8)
		}
		in := intake.Input{File: strings.NewReader(text), Source: fmt.Sprintf("Список %s %d", family, n), Compartment: room, Lang: "uk", Edition: homeward.Exact(homeward.YMD(2025, 2, 1))}
		report, err := intake.Import(ctx, w.db, homeward.Operator, in)
		if err != nil {
			w.t.Fatal(err)
		}
		x.of["source"], x.of["edition"] = append(x.of["source"], string(report.Source)), append(x.of["edition"], string(report.Edition))
	}
	w.run()
	w.lookFor(&x)
	w.decideSome(&x)
	x.of["compartment"] = []string{string(room)}
	return x
}

// lookFor finds the persons and pairs of a compartment.
func (w *world) lookFor(x *things) {
	w.t.Helper()
	in := map[homeward.RecordID]bool{}
	err := w.db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		in[r.ID] = r.Compartment == x.room
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.view(func(tx *store.Tx) error {
		persons, err := tx.Persons("", 1000)
		for _, p := range persons {
			if in[p.Records[0]] {
				x.of["person"] = append(x.of["person"], string(p.ID))
			}
		}
		return err
	})
	for _, p := range w.pairs(homeward.PairProposed) {
		if in[p.Left] && in[p.Right] {
			x.of["pair"] = append(x.of["pair"], string(p.ID))
		}
	}
}

// decideSome takes a decision for each role to revoke.
func (w *world) decideSome(x *things) {
	w.t.Helper()
	n := len(homeward.Roles)
	if len(x.of["pair"]) < 2*n || len(x.of["person"]) < n {
		w.t.Fatalf("%d pairs and %d persons are too few", len(x.of["pair"]), len(x.of["person"]))
	}
	for _, p := range x.of["pair"][n : 2*n] {
		d, err := w.stages.Review.Decide(ctx, homeward.Operator, homeward.PairID(p), homeward.Unsure, "because")
		if err != nil {
			w.t.Fatal(err)
		}
		x.of["decision"] = append(x.of["decision"], string(d.ID))
	}
	x.of["pair"] = x.of["pair"][:n]
}

// forms are what is sent to each route that changes something. A new one has to be added here.
var forms = map[string]func(x things, n int) url.Values{
	"POST /persons/{person}/assign": func(x things, n int) url.Values { return url.Values{"to": {x.of["colleague"][0]}} },
	"POST /persons/{person}/refer": func(x things, n int) url.Values {
		return url.Values{"to": {x.of["colleague"][1+n%2]}, "class": {"identity"}, "days": {"7"}, "reason": {"because"}}
	},
	"POST /persons/{person}/learned": func(things, int) url.Values {
		return url.Values{"name": {"Хтось Вигаданий"}, "teller": {"тітка"}, "as_of": {"2025-03-01"}, "home.place": {"Ізюм"}}
	},
	"POST /persons/{person}/export": func(things, int) url.Values {
		return url.Values{"do": {"look"}, "class": {"health"}, "claim": {"birth.date"}}
	},
	"POST /persons/{person}/dossier": func(things, int) url.Values {
		return url.Values{"do": {"look"}, "reliability": {"C"}, "credibility": {"3"}}
	},
	"POST /persons/{person}/law":        func(things, int) url.Values { return url.Values{"law": {"gc4-49"}, "element-0": {"x"}} },
	"POST /pairs/{pair}/decide":         func(things, int) url.Values { return url.Values{"judgement": {"unsure"}, "reason": {"because"}} },
	"POST /decisions/{decision}/revoke": func(things, int) url.Values { return url.Values{"reason": {"because"}} },
	"POST /pairs/{pair}/families":       func(things, int) url.Values { return url.Values{"reason": {"because"}} },
	"POST /batches": func(x things, n int) url.Values {
		return url.Values{"compartment": {string(x.room)}, "bound": {"0.9"}, "bears": {"50"}, "told": {"birth.day"}, "reason": {"because"}}
	},
	"POST /batches/{batch}":       func(things, int) url.Values { return url.Values{"do": {"discard"}, "reason": {"because"}} },
	"POST /batches/{batch}/apply": func(things, int) url.Values { return url.Values{"reason": {"because"}} },
	"POST /referrals/{referral}":  func(things, int) url.Values { return url.Values{"answer": {"accepted"}} },
	"POST /glass":                 func(x things, n int) url.Values { return url.Values{"record": {x.of["record"][0]}, "reason": {""}} },
	"POST /glass/{glass}":         func(things, int) url.Values { return url.Values{"state": {"justified"}, "reason": {"it was"}} },
	"POST /erasures": func(x things, n int) url.Values {
		return url.Values{"record": {x.of["record"][n%len(x.of["record"])]}, "ground": {"objection"}, "reason": {"a mother"}}
	},
	"POST /erasures/{erasure}":       func(things, int) url.Values { return url.Values{"do": {"check"}, "reason": {"a passport"}} },
	"POST /marks/{mark}/lift":        func(things, int) url.Values { return url.Values{"reason": {"because"}} },
	"POST /records/{record}/retract": func(things, int) url.Values { return url.Values{"claim": {"-1"}, "reason": {"because"}} },
	"POST /records/{record}/restrict": func(things, int) url.Values {
		return url.Values{"ground": {"contested"}, "reason": {"because"}}
	},
	"POST /records/{record}/hold": func(things, int) url.Values { return url.Values{"reason": {"because"}} },
	"POST /requests/new":          func(things, int) url.Values { return nil }, "POST /pairs/{pair}/withdraw": func(things, int) url.Values { return nil },
	"POST /requests/{request}/move": func(things, int) url.Values {
		return url.Values{"to": {"suspended"}, "reason": {"because"}}
	},
	"POST /requests/{request}/verify": func(things, int) url.Values {
		return url.Values{"to": {"verified"}, "reason": {"because"}}
	},
	"POST /requests/{request}/reunify": func(things, int) url.Values {
		return url.Values{"to": {"reunified"}, "reason": {"because"}}
	},
	"POST /requests/{request}/consent": func(things, int) url.Values {
		return url.Values{"purpose": {"sharing"}, "answer": {"given"}, "reason": {"all of it"}}
	},
	"POST /requests/{request}/children": func(things, int) url.Values {
		return url.Values{"name-0": {"Видименко Третя"}, "birth-0": {"2015"}}
	},
	"POST /requests/{request}/children/{sought}": func(things, int) url.Values {
		return url.Values{"name-0": {"Видименко Інша"}, "reason": {"because"}}
	},
	"POST /requests/{request}/determine": func(things, int) url.Values {
		return url.Values{"child": {"x"}, "outcome": {"family"}, "reason": {"because"}, "wishes": {"home"}}
	},
	"POST /requests/{request}/waive": func(things, int) url.Values {
		return url.Values{"child": {"x"}, "outcome": {"waived"}, "reason": {"because"}}
	},
	"POST /search":              func(things, int) url.Values { return url.Values{"words": {hiddenName}} },
	"POST /search/{token}/save": func(things, int) url.Values { return nil },
	"POST /searches/{search}":   func(things, int) url.Values { return url.Values{"do": {"look"}} },
	"POST /figures":             func(things, int) url.Values { return nil },
	"POST /ledger/verify":       func(things, int) url.Values { return nil },
	"POST /captures/new": func(things, int) url.Values {
		return url.Values{"address": {"https://list.example/"}, "purpose": {"because"}}
	},
	"POST /import":                     func(things, int) url.Values { return nil },
	"POST /import/{token}":             func(things, int) url.Values { return url.Values{"do": {"map"}} },
	"POST /admin/users":                func(things, int) url.Values { return url.Values{"role": {"auditor"}} },
	"POST /admin/users/{user}/role":    func(things, int) url.Values { return url.Values{"role": {"legal-officer"}} },
	"POST /admin/users/{user}/disable": func(things, int) url.Values { return nil },
	"POST /admin/users/{user}/enable":  func(things, int) url.Values { return nil },
	"POST /recoveries/{recovery}":      func(things, int) url.Values { return url.Values{"verdict": {"refused"}, "words": {"not this person"}} },
	"POST /admin/users/{user}/recover": func(things, int) url.Values { return nil },
	"POST /admin/grants/{grant}":       func(things, int) url.Values { return url.Values{"answer": {"refused"}} },
	"POST /sources/{source}/move":      func(x things, n int) url.Values { return url.Values{"compartment": {string(x.room)}} },
	"POST /sources/{source}/repeats":   func(things, int) url.Values { return url.Values{"end": {"none"}, "reason": {"because"}} },
	"POST /admin/compartments":         func(things, int) url.Values { return url.Values{"name": {"one more"}} },
	"POST /admin/compartments/{compartment}": func(x things, n int) url.Values {
		return url.Values{"user": {x.of["colleague"][0]}, "do": {"in"}}
	},
	// Nobody's: signing in and out, and the language.
	"POST /sign-in": nil, "POST /sign-in/code": nil, "POST /account/totp": nil, "POST /account/totp/confirm": nil,
	"POST /account/totp/end": nil, "POST /account/password": nil, "POST /account/recovery/stop": nil, "POST /sign-in/lost": nil, "POST /recovery/{token}": nil, "POST /account/stays/end": nil, "POST /account/passkeys": nil, "POST /account/passkeys/answer": nil, "POST /account/passkeys/end": nil, "POST /sign-in/linked": nil, "POST /account/linked": nil, "POST /account/linked/end": nil, "POST /sign-in/passkey": nil, "POST /sign-in/passkey/answer": nil, "POST /account/recovery": nil, "POST /sign-out": nil, "POST /language": nil, "POST /invitation/{token}": nil, "POST /demo": nil,
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// address fills a route's placeholders with things, and returns the ids it took.
func address(t *testing.T, pattern string, x things, n int) (method, path string, ids []string) {
	t.Helper()
	method, path, _ = strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	path = placeholder.ReplaceAllStringFunc(path, func(p string) string {
		id, ok := x.pick(strings.Trim(p, "{}"), n)
		if !ok {
			t.Fatalf("route %s: no entry for %s", pattern, p)
		}
		ids = append(ids, id)
		return id
	})
	return method, path, ids
}

// asked is an answer without the ids that were asked for.
type asked struct {
	status int
	text   string
}

func (r *reader) ask(t *testing.T, pattern string, x things, n int) asked {
	t.Helper()
	method, path, ids := address(t, pattern, x, n)
	var p page
	if method == http.MethodGet {
		p = r.get(path)
	} else {
		fill, there := forms[pattern]
		if !there {
			t.Fatalf("route %s has no entry among the forms", pattern)
		}
		p = r.post(path, fill(x, n))
	}
	text := p.text
	for _, id := range ids {
		text = strings.ReplaceAll(text, id, "ID")
	}
	return asked{p.status, text}
}

// TestTheTableHoldsOnEveryRoute asks for every route as every role, with things of a compartment of theirs, of one that is
// not, and that never were. A role whom the table does not give the action is refused. What is not theirs answers as what
// never was, word for word. What is theirs is answered. Nothing hidden is on any page.
func TestTheTableHoldsOnEveryRoute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		mine, hidden := w.furnish(w.room(true), "Видименко"), w.furnish(w.room(false), hiddenName)
		nothing := things{of: map[string][]string{}}
		for kind := range mine.of {
			nothing.of[kind] = []string{homeward.NewID(time.Now())}
		}
		nothing.of["pair"] = []string{homeward.NewID(time.Now()) + "." + homeward.NewID(time.Now())}
		w.entrust(&mine, &hidden, &nothing)
		for n, role := range homeward.Roles {
			r := w.as(role, "en")
			for _, route := range w.desk.Routes() {
				if route.Action == "" || spends[route.Pattern] {
					continue
				}
				w.holds(t, r, n, role, route.Pattern, route.Action, mine, hidden, nothing)
			}
		}
	})
}

// spends are routes that change who may do what, and are asked by tests of their own.
var spends = map[string]bool{"POST /admin/users/{user}/role": true, "POST /admin/users/{user}/disable": true, "POST /admin/users/{user}/enable": true}

// ofNobody are placeholders of things that lie in no compartment: for these, what is hidden is not compared.
func ofNobody(pattern string) bool {
	return strings.Contains(pattern, "{compartment}") || strings.Contains(pattern, "{user}") || strings.Contains(pattern, "{grant}") || strings.Contains(pattern, "{recovery}")
}

func (w *world) holds(t *testing.T, r *reader, n int, role homeward.Role, pattern string, action homeward.Action, mine, hidden, nothing things) {
	t.Helper()
	secret := r.ask(t, pattern, hidden, n)
	never := r.ask(t, pattern, nothing, n)
	own := r.ask(t, pattern, mine, n)
	for _, a := range []asked{secret, never, own} {
		if strings.Contains(a.text, hiddenName) && pattern != "POST /search" && pattern != "GET /search/{token}" {
			t.Errorf("%s as %s shows what is hidden", pattern, role)
		}
	}
	if !(homeward.Actor{Role: role}).Can(action) {
		for _, a := range []asked{secret, never, own} {
			if a.status != http.StatusForbidden {
				t.Errorf("%s as %s: status %d, want 403", pattern, role, a.status)
			}
		}
		return
	}
	if placeholder.MatchString(strings.TrimSuffix(pattern, "{$}")) && !ofNobody(pattern) {
		if secret != never {
			t.Errorf("%s as %s: what is hidden answers %d, what never was %d, or in other words", pattern, role, secret.status, never.status)
		}
	}
	if own.status == http.StatusForbidden || own.status == http.StatusNotFound || own.status >= http.StatusInternalServerError {
		t.Errorf("%s as %s: what is theirs answers %d", pattern, role, own.status)
	}
}

// room makes a compartment, with the whole team in it or nobody.
func (w *world) room(team bool) (id homeward.CompartmentID) {
	w.t.Helper()
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		c, err := tx.PutCompartment("room")
		id = c.ID
		for role, u := range w.team {
			if team && role.WorksOnChildren() {
				err = errors.Join(err, tx.SetMember(c.ID, u.ID, true))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// entrust adds what only people give: referrals to each role, broken glass, colleagues, previews and searches.
func (w *world) entrust(mine, hidden, nothing *things) {
	w.t.Helper()
	colleague := map[homeward.CompartmentID]homeward.Actor{}
	for _, x := range []*things{mine, hidden} {
		colleague[x.room] = w.colleague(x.room)
		giver, breaker := w.colleague(x.room), w.colleague(x.room)
		err := w.db.Update(ctx, giver, func(tx *store.Tx) error {
			for n, role := range homeward.Roles {
				to := w.team[role].ID
				if x == hidden {
					to = breaker.ID
				}
				person := homeward.PersonID(x.of["person"][2*len(homeward.Roles)+n])
				ref, err := tx.Refer(person, to, homeward.AllClasses, tx.Now.Add(time.Hour), "because")
				if err != nil && (homeward.Actor{Role: role}).Can(homeward.ActionAcceptReferral) {
					return err
				}
				x.of["referral"] = append(x.of["referral"], string(ref.ID))
			}
			return nil
		})
		if err == nil {
			for range homeward.Roles {
				err = errors.Join(err, w.db.Update(ctx, w.colleague(x.room), func(tx *store.Tx) error {
					g, err := tx.BreakGlass(homeward.RecordID(x.of["person"][0]), "because")
					x.of["glass"] = append(x.of["glass"], string(g.ID))
					return err
				}))
			}
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
	w.keepSearches(mine, hidden)
	mine.of["grant"], hidden.of["grant"], nothing.of["grant"] = w.waitingGrants(), w.waitingGrants(), []string{homeward.NewID(time.Now())}
	mine.of["recovery"], hidden.of["recovery"], nothing.of["recovery"] = w.lostAccess(), w.lostAccess(), []string{homeward.NewID(time.Now())}
	nothing.of["search"] = []string{homeward.NewID(time.Now())}
	for x, family := range map[*things]string{mine: "Видименко", hidden: hiddenName} {
		for range homeward.Roles {
			r := w.seek(x.room, family)
			x.of["request"], x.of["sought"] = append(x.of["request"], string(r.ID)), append(x.of["sought"], string(r.Sought[0]))
		}
	}
	nothing.of["request"], nothing.of["sought"] = []string{homeward.NewID(time.Now())}, []string{homeward.NewID(time.Now())}
	w.giveExhibits(mine, hidden, nothing)
	for _, x := range []*things{mine, hidden, nothing} {
		x.of["colleague"] = []string{string(colleague[mine.room].ID), string(w.team[homeward.RoleCaseworker].ID), string(w.team[homeward.RoleReviewer].ID)}
		x.of["user"] = []string{string(colleague[mine.room].ID)}
		x.of["token"], x.of["record"] = []string{"no-such-token"}, []string{x.of["person"][0]}
	}
	w.markSome(mine, hidden)
	w.stateBatches(mine, hidden, nothing)
	nothing.of["mark"], nothing.of["erasure"] = []string{homeward.NewID(time.Now())}, []string{homeward.NewID(time.Now())}
	nothing.of["referral"], nothing.of["glass"] = []string{homeward.NewID(time.Now())}, []string{homeward.NewID(time.Now())}
	nothing.of["compartment"] = []string{"main"}
}

// colleague is one more supervisor, a member of a compartment.
func (w *world) colleague(room homeward.CompartmentID) homeward.Actor {
	w.t.Helper()
	var u store.User
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		if u, err = tx.PutUser("colleague "+homeward.NewID(time.Now()), homeward.RoleSupervisor, ""); err != nil {
			return err
		}
		return tx.SetMember(room, u.ID, true)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Actor()
}

// TestStatesAreHeldAgainstTheTable answers referrals and reviews glass in every state, one's own and others'.
func TestStatesAreHeldAgainstTheTable(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	x := w.furnish(w.room(true), "Видименко")
	person := homeward.PersonID(x.of["person"][0])
	giver, worker := w.team[homeward.RoleSupervisor], w.team[homeward.RoleCaseworker]
	for _, state := range []homeward.ReferralState{homeward.ReferralOffered, homeward.ReferralAccepted, homeward.ReferralDeclined, homeward.ReferralEnded} {
		for _, role := range []homeward.Role{homeward.RoleSupervisor, homeward.RoleCaseworker, homeward.RoleReviewer} {
			for answer, action := range map[homeward.ReferralState]homeward.Action{homeward.ReferralAccepted: homeward.ActionAcceptReferral, homeward.ReferralEnded: homeward.ActionEndReferral} {
				id := w.referral(person, giver, worker, state)
				who := homeward.Access{Actor: w.team[role]}
				on := homeward.Resource{State: string(state), By: giver.ID, For: worker.ID}
				p := w.as(role, "en").post("/referrals/"+string(id), url.Values{"answer": {string(answer)}})
				if did := p.status == http.StatusOK; did != homeward.Can(who, action, on) {
					t.Errorf("%s answers %s to a referral that is %s: status %d", role, answer, state, p.status)
				}
			}
		}
	}
	for _, breaker := range []homeward.Role{homeward.RoleSupervisor, homeward.RoleReviewer} {
		var g homeward.Glass
		err := w.db.Update(ctx, w.team[breaker], func(tx *store.Tx) (err error) {
			g, err = tx.BreakGlass(homeward.RecordID(person), "because")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p := w.as(homeward.RoleSupervisor, "en").post("/glass/"+string(g.ID), url.Values{"state": {"justified"}, "reason": {"it was"}})
		if did := p.status == http.StatusOK; did != (breaker != homeward.RoleSupervisor) {
			t.Errorf("a supervisor reviews glass that a %s broke: status %d", breaker, p.status)
		}
	}
}

// referral makes a referral in a state.
func (w *world) referral(person homeward.PersonID, giver, to homeward.Actor, state homeward.ReferralState) homeward.ReferralID {
	w.t.Helper()
	var r homeward.Referral
	err := w.db.Update(ctx, giver, func(tx *store.Tx) (err error) {
		r, err = tx.Refer(person, to.ID, homeward.AllClasses, tx.Now.Add(time.Hour), "because")
		return err
	})
	if err == nil && state != homeward.ReferralOffered {
		err = w.db.Update(ctx, to, func(tx *store.Tx) error {
			if state == homeward.ReferralEnded {
				return tx.AnswerReferral(r.ID, homeward.ReferralEnded)
			}
			return tx.AnswerReferral(r.ID, state)
		})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return r.ID
}

// TestWithheldClassesAreOnNoPage plants words of every class and reads a child's page as every role that opens it.
func TestWithheldClassesAreOnNoPage(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	text := "id;ПІБ;телефон;група здоров'я;заклад;насильство;нотатка;колонка\nsecret-source;Ясенко Ганна;secret-contact-1;secret-health;secret-location;secret-evidence;secret-contact-2;secret-contact-3\n"
	in := intake.Input{File: strings.NewReader(text), Source: "secret-source-name", Edition: homeward.Exact(homeward.YMD(2025, 2, 1)), Mapping: homeward.Mapping{
		"id": homeward.PathRowID, "ПІБ": homeward.PathNameFull, "телефон": homeward.PathPhone, "група здоров'я": homeward.PathHealthGroup,
		"заклад": homeward.PathInstitution, "насильство": homeward.EventPath(homeward.EventMistreated, "note"), "нотатка": homeward.PathNote,
	}}
	if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
		t.Fatal(err)
	}
	w.run()
	var person homeward.PersonID
	w.view(func(tx *store.Tx) error {
		list, err := tx.Persons("", 1)
		person = list[0].ID
		return err
	})
	classes := homeward.FieldClasses[1:]
	for _, role := range homeward.Roles {
		who := homeward.Access{Actor: w.team[role], Compartments: []homeward.CompartmentID{homeward.Main}}
		if !who.Can(homeward.ActionSeePerson) {
			continue
		}
		r := w.as(role, "en")
		p := r.get("/persons/" + string(person))
		found := r.post("/search", url.Values{"words": {"Ясенко Ганна"}})
		p.want(t, http.StatusOK, "Ясенко")
		for _, class := range classes {
			sees := homeward.Can(who, homeward.ActionReadRecord, homeward.Resource{Compartment: homeward.Main, Class: class, State: string(homeward.RecordAccepted)})
			if shown := strings.Contains(p.text+found.text, "secret-"+string(class)); shown != sees {
				t.Errorf("%s: %s is shown: %t", role, class, shown)
			}
			if said := strings.Contains(p.text, en.T("class."+string(class))); class != homeward.ClassSource && !sees && !said {
				t.Errorf("%s: the page does not say that %s is withheld", role, class)
			}
		}
	}
}
