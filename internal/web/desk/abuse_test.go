package desk_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// TestFilesSentToAFormAreNotRead sends files where fields belong, as nobody who has signed in: they must neither fill the
// memory nor reach the disk.
func TestFilesSentToAFormAreNotRead(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	w := open(t, storetest.Open(t), 0)
	for _, path := range []string{"/sign-in", "/demo", "/language", "/invitation/guessed"} {
		if p := w.reader("en").upload(path, make([]byte, 40<<20), map[string]string{"name": "x", "role": "auditor"}); p.status < 400 {
			t.Errorf("%s took a file: status %d", path, p.status)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("%d files lie on the disk: %v", len(left), err)
	}
}

func TestOnlyALanguageOfThePagesIsRemembered(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	p := w.reader("en").post("/language", url.Values{"lang": {strings.Repeat("x", 5000)}})
	p.want(t, http.StatusBadRequest)
	if p.header.Get("Set-Cookie") != "" {
		t.Error("the browser was given a cookie of any length")
	}
}

func TestTLSIsRememberedWhereItIsUsed(t *testing.T) {
	for _, secure := range []bool{true, false} {
		w := open(t, storetest.Open(t), 0, func(o *desk.Options) { o.Secure = secure })
		if got := w.reader("en").get("/sign-in").header.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("secure %t: the browser is told %t", secure, got)
		}
	}
}

// TestAUserNameIsSeenWhole invites people who would sign as someone else, or over a whole page.
func TestAUserNameIsSeenWhole(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	p := w.as(homeward.RoleAdministrator, "en").post("/admin/users", url.Values{"role": {"caseworker"}})
	_, link, _ := strings.Cut(p.text, w.server.URL)
	link, _, _ = strings.Cut(link, "<")
	for _, name := range []string{strings.Repeat("я", 201), "Олена\u200b", "\u202eанелО", "Олена\nБойко"} {
		fields := url.Values{"name": {name}, "password": {password}, "again": {password}}
		w.reader("en").post(link, fields).want(t, http.StatusUnprocessableEntity, en.T("invitation.nameless"))
	}
}

// TestAFieldIsNeverCutShort sends a source's name that is longer than is kept.
func TestAFieldIsNeverCutShort(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleIntakeClerk, "en")
	for _, name := range []string{strings.Repeat("я", 4000), "\xff"} {
		r.upload("/import", []byte(list), map[string]string{"source": name}).want(t, http.StatusBadRequest)
	}
}

// TestAFormHoldsTextAlone sends what no browser sends where an id belongs: PostgreSQL refuses it.
func TestAFormHoldsTextAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		r := w.as(homeward.RoleSupervisor, "en")
		for _, odd := range []string{"\x00", "a\x00b", "\xff"} {
			for path, form := range map[string]url.Values{
				"/erasures":              {"record": {odd}, "ground": {"objection"}, "reason": {"a mother"}},
				"/account/recovery/stop": {"recovery": {odd}},
				"/account/stays/end":     {"stay": {odd}},
				"/glass":                 {"record": {odd}, "reason": {"because"}},
			} {
				r.post(path, form).want(t, http.StatusBadRequest, en.T("fault.invalid"))
			}
			w.reader("en").post("/sign-in", credentials(odd, odd)).want(t, http.StatusUnauthorized, en.T("signin.wrong"))
			w.reader("en").post("/sign-in/lost", url.Values{"name": {odd}}).want(t, http.StatusOK, en.T("lost.asked"))
		}
		if strings.Contains(w.log.String(), "level=ERROR") {
			t.Error("the log holds a fault")
		}
	})
}

// TestAnExpiredClickLeadsBackToItsPage lets a session end before a button without words is pressed.
func TestAnExpiredClickLeadsBackToItsPage(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	post := func(path, from string) page {
		req, err := http.NewRequest(http.MethodPost, w.server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", "en")
		req.Header.Set("Referer", from)
		return w.reader("en").send(req)
	}
	post("/ledger/verify", w.server.URL+"/ledger").want(t, http.StatusUnauthorized, `name="next" value="/ledger"`)
	post("/sign-out", "https://example.org/ledger").want(t, http.StatusUnauthorized, `name="next" value="/"`)
	post("/sign-out", "").want(t, http.StatusUnauthorized, `name="next" value="/"`)
}

// TestTheFirstAdministratorIsToldToInvite opens the start page of a register that has one user.
func TestTheFirstAdministratorIsToldToInvite(t *testing.T) {
	db := storetest.Open(t)
	hash, err := desk.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		_, err := tx.PutUser("Олена", homeward.RoleAdministrator, hash)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, log: &logBook{}}
	w.serve(desk.Options{DB: db})
	p := w.reader("en").post("/sign-in", url.Values{"name": {"Олена"}, "password": {password}})
	p.want(t, http.StatusOK, en.N("await.invite", 1), en.T("await.invite.do"))
	if m := missingKey.FindString(p.words()); m != "" {
		t.Errorf("a word is missing: %s", m)
	}
}
