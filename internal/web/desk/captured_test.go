package desk_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/webarchive"
	"github.com/homeward-registry/homeward/internal/webarchive/webarchivetest"
)

// listed is a page of a list, with a name that has no spaces, a line from right to left, and markup that means harm.
const listed = `<title>Перелік вигаданих дітей</title><script>document.title="запущено"</script><h1 onclick="запущено()">Діти, які чекають</h1>
<ul><li><a href="/child/1">Вигаданенко Марко</a><p>4 роки, очі сірі</p></li><li><a href="/child/2">Вигаданенко Оля</a><p>7 років</p></li></ul>
<p>&lt;img src=x onerror=запущено()&gt;</p><p>قائمة الأطفال</p><p>довгеслово` + "дужедовгеслово" + `дужедовгеслово дужедовгеслово</p>`

// wacz writes a web capture of a page.
func wacz(t testing.TB, markup string, shot []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	err := webarchive.Write(&out, webarchivetest.Page([]byte(markup), shot), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// signedBy writes a web capture of a page, signed with a key.
func signedBy(t testing.TB, key webarchive.Key, markup string, shot []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := webarchive.Write(&out, webarchivetest.Page([]byte(markup), shot), &key); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// capture keeps a web capture that the register signed, and examines it.
func (w *world) capture(e homeward.Exhibit, markup string) homeward.Exhibit {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := w.db.CaptureSigner(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	e.Kind = homeward.ExhibitCapture
	e = w.exhibit(e, string(signedBy(w.t, key, markup, picture(w.t))))
	by := evidence.Captures{Program: self, Reader: []string{"read-capture"}, Picture: []string{"decode-page"}}
	if _, verdict, err := by.Examine(ctx, w.db, homeward.Operator, e); err != nil || verdict != evidence.VerdictMade {
		w.t.Fatalf("examine: %s: %v", verdict, err)
	}
	return e
}

// captured keeps a web capture and returns the address of its page.
func (s *staged) captured() string {
	e := s.capture(homeward.Exhibit{Intake: homeward.Intake{Name: "перелік-дітей-2026-03-01.wacz", Method: homeward.MethodCaptured}}, listed)
	return "/exhibits/" + string(e.ID) + "/capture"
}

// renamed is the same page a month later: one listing vanished, one has another name, and the page says so little.
const renamed = `<title>Перелік вигаданих дітей</title><h1>Діти, які чекають</h1><ul><li><a href="/child/2">Вигаданова Ольга</a><p>7 років</p></li></ul>
<p>&lt;img src=x onerror=запущено()&gt;</p><p>قائمة الأطفال</p><p>довгеслово` + "дужедовгеслово" + `дужедовгеслово дужедовгеслово</p>`

// differs keeps two captures of a page and returns the address of their difference.
func (s *staged) differs() string {
	earlier := s.capture(homeward.Exhibit{Intake: homeward.Intake{Name: "перелік-у-лютому.wacz", From: "list.example", Method: homeward.MethodCaptured}}, listed)
	later := s.capture(homeward.Exhibit{Intake: homeward.Intake{Name: "перелік-у-березні.wacz", From: "list.example", Method: homeward.MethodCaptured}}, renamed)
	return "/exhibits/" + string(earlier.ID) + "/difference?with=" + string(later.ID)
}

// TestTheDifferenceOfTwoCapturesIsShownAsFacts compares an earlier and a later capture of a list, in either order: who vanished and who was
// renamed is said, custody of both says who looked, and what cannot be compared is refused in words.
func TestTheDifferenceOfTwoCapturesIsShownAsFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0, small)
		r, l := w.as(homeward.RoleEvidenceCustodian, "en"), i18n.For(i18n.English)
		from := homeward.Intake{From: "list.example", Method: homeward.MethodCaptured, Name: "one.wacz"}
		earlier, later := w.capture(homeward.Exhibit{Intake: from}, listed), w.capture(homeward.Exhibit{Intake: from}, renamed)
		at := func(a, b homeward.ExhibitID) string {
			return "/exhibits/" + string(a) + "/difference?with=" + string(b)
		}
		r.get("/exhibits/"+string(earlier.ID)+"/capture").want(t, http.StatusOK, l.T("capture.compare_same"), string(later.ID))
		for _, page := range []page{r.get(at(earlier.ID, later.ID)), r.get(at(later.ID, earlier.ID))} {
			page.want(t, http.StatusOK, l.T("difference.vanished.listing"), "Вигаданенко Марко", l.T("difference.changed.listing"), "Вигаданова Ольга", "https://list.example/child/1")
			if strings.Index(page.text, "Вигаданенко Оля") > strings.Index(page.text, "Вигаданова Ольга") {
				t.Error("what was before stands after what came then")
			}
			if strings.Contains(page.text, l.T("difference.appeared.listing")) || strings.Contains(page.header.Get("Content-Security-Policy"), "script") {
				t.Error("a listing appeared, or scripts may run")
			}
		}
		for _, id := range []homeward.ExhibitID{earlier.ID, later.ID} {
			looks := 0
			w.view(func(tx *store.Tx) error {
				made, err := tx.Exhibits(store.ExhibitFilter{Parent: id})
				for _, e := range made {
					chain, err := tx.Custody(e.ID)
					if err != nil {
						return err
					}
					for _, line := range chain {
						if e.Kind == homeward.ExhibitExamination && line.Act == homeward.CustodyAccessed && line.Actor.ID == w.team[homeward.RoleEvidenceCustodian].ID {
							looks++
						}
					}
				}
				return err
			})
			if looks < 2 {
				t.Errorf("custody tells of %d looks", looks)
			}
		}
		same := w.capture(homeward.Exhibit{Intake: from}, renamed)
		r.get(at(later.ID, same.ID)).want(t, http.StatusOK, l.T("difference.none"), l.T("difference.scripts"))
		bare := w.exhibit(homeward.Exhibit{Kind: homeward.ExhibitCapture}, "never examined")
		letter := w.exhibit(homeward.Exhibit{Kind: homeward.ExhibitDocument}, "a letter")
		for with, key := range map[homeward.ExhibitID]string{"": "capture.wrong.other", earlier.ID: "capture.wrong.other", bare.ID: "capture.wrong.unexamined", letter.ID: "capture.wrong.kind"} {
			r.get(at(earlier.ID, with)).want(t, http.StatusConflict, l.T(key))
		}
		r.get(at(earlier.ID, homeward.ExhibitID(homeward.NewID(time.Now())))).want(t, http.StatusNotFound)
		if log := w.log.String(); strings.Contains(log, "Вигадан") || strings.Contains(log, "list.example") {
			t.Error("the log holds words of the page")
		}
	})
}

// TestEveryDifferenceHasItsWords: what can be said of two captures is said in every language.
func TestEveryDifferenceHasItsWords(t *testing.T) {
	whys := []string{"no-page", "cut", "more-pages", string(webarchive.UnreadEncoded), string(webarchive.UnreadRevisit), string(webarchive.UnreadCutShort), string(webarchive.UnreadNoText)}
	for _, why := range whys {
		if !i18n.Has("difference.gap." + why) {
			t.Errorf("no words for %s", why)
		}
	}
	a := webarchive.Report{Pages: []webarchive.Page{
		{URL: "gone", Status: 200}, {URL: "p", Status: 200, Title: "a", Text: "x", Links: []webarchive.Link{{URL: "1", Text: "a"}, {URL: "2", Text: "b"}}},
	}}
	b := webarchive.Report{Pages: []webarchive.Page{
		{URL: "new", Status: 200}, {URL: "p", Status: 404, Title: "b", Text: "y", Links: []webarchive.Link{{URL: "2", Text: "c"}, {URL: "3", Text: "d"}}},
	}}
	kinds := map[string]bool{}
	for _, f := range webarchive.Compare(a, b) {
		kinds[string(f.Change)+"."+f.What] = true
		if !i18n.Has("difference." + string(f.Change) + "." + f.What) {
			t.Errorf("no words for %s %s", f.Change, f.What)
		}
	}
	if len(kinds) != 9 {
		t.Errorf("%d kinds of differences were met, of 9", len(kinds))
	}
}

// TestACaptureSaysWhoseKeySignedIt brings in captures that a key of this register signed, the one before it, one of somebody else, and one
// whose signature has another last byte.
func TestACaptureSaysWhoseKeySignedIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0, small)
		r, l := w.as(homeward.RoleSupervisor, "uk"), i18n.For(i18n.Ukrainian)
		ours, theirs := l.T("capture.signed_ours"), l.T("capture.signed_other")
		shows := func(content []byte, want, not string) {
			t.Helper()
			fields := map[string]string{"kind": "capture", "class": "evidence", "method": "captured", "compartment": "main", "purpose": "to keep"}
			kept := r.sendExhibit("list.wacz", content, fields)
			page := r.get(regexp.MustCompile(`href="(/exhibits/[^"/]+/capture)"`).FindStringSubmatch(kept.text)[1])
			if page.want(t, http.StatusOK, want); strings.Contains(page.text, not) {
				t.Errorf("the page says as well: %s", not)
			}
		}
		signed := func(key webarchive.Key) []byte { return signedBy(t, key, listed, nil) }
		first, err := db.CaptureSigner(ctx)
		if err != nil {
			t.Fatal(err)
		}
		shows(signed(first), ours, theirs)
		if err := db.Update(ctx, homeward.Operator, (*store.Tx).PutCaptureKey); err != nil {
			t.Fatal(err)
		}
		shows(signed(first), ours, theirs)
		stranger, err := webarchive.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		shows(signed(stranger), theirs, ours)
		shows(wacz(t, listed, nil), l.T("capture.found.unsigned"), theirs)
		shows(resigned(t, signed(first)), l.T("capture.found.bad-signature"), ours)
	})
}

// resigned gives the signature of a WACZ another last byte.
func resigned(t *testing.T, content []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := zip.NewWriter(&out)
	for _, f := range z.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == "datapackage-digest.json" {
			at := regexp.MustCompile(`"signature":"[^"]+"`).FindIndex(text)[1] - 2
			text[at] = map[bool]byte{true: 'B', false: 'A'}[text[at] == 'A']
		}
		put, err := to.CreateHeader(&zip.FileHeader{Name: f.Name, Method: f.Method})
		if err == nil {
			_, err = put.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestACaptureIsShownAsTextAlone brings a capture in on a page and reads it there: text that was written to be run is text, no
// script may run, the screenshot is our own picture, and custody says who looked.
func TestACaptureIsShownAsTextAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0, small)
		r, l := w.as(homeward.RoleSupervisor, "en"), i18n.For(i18n.English)
		fields := map[string]string{"kind": "capture", "class": "evidence", "method": "captured", "compartment": "main", "purpose": "to keep"}
		kept := r.sendExhibit("list.wacz", wacz(t, listed, picture(t)), fields)
		kept.want(t, http.StatusOK, l.T("notice.exhibit"), l.T("capture.verdict.whole"), l.T("kind.examination"))
		at := regexp.MustCompile(`href="(/exhibits/[^"/]+)/capture"`).FindStringSubmatch(kept.text)[1]
		page := r.get(at + "/capture")
		page.want(t, http.StatusOK, "Вигаданенко Марко", "<img src=x onerror=", "https://list.example/", l.T("capture.found.unsigned"))
		res, err := r.client.Get(r.server.URL + at + "/capture")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil || !bytes.Contains(raw, []byte("&lt;img src=x onerror=")) || bytes.Contains(raw, []byte("document.title")) || bytes.Contains(raw, []byte("onclick")) {
			t.Error("markup of the capture is markup of the page")
		}
		if p := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'") || strings.Contains(p, "script") {
			t.Errorf("policy %q", p)
		}
		shot := regexp.MustCompile(`src="(/exhibits/[^"]+/picture)"`).FindStringSubmatch(page.text)
		if got := r.get(shot[1]); got.status != http.StatusOK || got.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("the screenshot is sent as %s: %d", got.header.Get("Content-Type"), got.status)
		}
		r.post(at+"/examine", nil).want(t, http.StatusOK, l.T("notice.capture.examined"))
		examination := regexp.MustCompile(`href="(/exhibits/[^"]+)"[^>]*>examination.json`).FindStringSubmatch(r.get(at).text)[1]
		r.get(examination).want(t, http.StatusOK, "shown on a page")

		spoilt := wacz(t, listed, nil)
		spoilt[len(spoilt)/3] ^= 1
		r.sendExhibit("list.wacz", spoilt, fields).want(t, http.StatusOK, l.T("capture.verdict.damaged"))
		other := r.sendExhibit("letter.txt", []byte("x"), map[string]string{"kind": "document", "class": "evidence", "method": "sent", "compartment": "main"})
		id := regexp.MustCompile(`action="(/exhibits/[^"]+)/verify"`).FindStringSubmatch(other.text)[1]
		r.get(id+"/capture").want(t, http.StatusConflict, l.T("capture.wrong.kind"))
		r.post(id+"/examine", nil).want(t, http.StatusConflict, l.T("capture.wrong.kind"))
		if log := w.log.String(); strings.Contains(log, "Вигаданенко") || strings.Contains(log, "list.example") {
			t.Error("the log holds words of the page")
		}
	})
}

// TestEveryFindingHasItsWords: what an examination can say is said in every language.
func TestEveryFindingHasItsWords(t *testing.T) {
	for _, c := range webarchive.Codes {
		if !i18n.Has("capture.found." + string(c)) {
			t.Errorf("no words for %s", c)
		}
	}
	for _, v := range webarchive.Verdicts {
		if !i18n.Has("capture.verdict." + string(v)) {
			t.Errorf("no words for %s", v)
		}
	}
}
