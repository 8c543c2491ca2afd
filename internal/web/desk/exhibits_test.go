package desk_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
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
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// TestMain lets this binary be the processes in which a stranger's bytes are read.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "decode-picture":
			os.Exit(evidence.DecodePicture(os.Stdin, os.Stdout))
		case "decode-page":
			os.Exit(evidence.DecodePage(os.Stdin, os.Stdout))
		case "read-capture":
			os.Exit(evidence.ReadCapture(os.Stdin, os.Stdout))
		}
	}
	os.Exit(m.Run())
}

// small makes the desk make thumbnails and examine web captures.
func small(o *desk.Options) {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	o.Thumbnails = evidence.Thumbnails{Program: self, Args: []string{"decode-picture"}}
	o.Captures = evidence.Captures{Program: self, Reader: []string{"read-capture"}, Picture: []string{"decode-page"}}
}

// exhibit keeps some bytes as an exhibit.
func (w *world) exhibit(e homeward.Exhibit, content string) homeward.Exhibit {
	w.t.Helper()
	e, err := evidence.Receive(ctx, w.db, homeward.Operator, evidence.Delivery{Exhibit: e, Purpose: "kept", Bytes: strings.NewReader(content)})
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// prove makes an account of a child, cited in every way, under legal hold, with a translation.
func (s *staged) prove() {
	s.t.Helper()
	record := homeward.RecordID(s.person)
	e := s.exhibit(homeward.Exhibit{Kind: homeward.ExhibitAccount, Record: record, Intake: homeward.Intake{
		Name: "розповідь-вигаданої-дитини-дуже-довга-назва-файлу-без-жодного-пробілу.ogg", From: "тітка", Collector: "слідча", Method: homeward.MethodRecorded,
		Present: "психологиня, перекладачка", Consent: "матері, письмово", When: "навесні 2025",
	}}, "not one word")
	s.exhibit(homeward.Exhibit{Kind: homeward.ExhibitAccount, Record: record, Intake: homeward.Intake{Name: "друга.txt"}}, "another")
	s.exhibit(homeward.Exhibit{Kind: homeward.ExhibitTranslation, Parent: e.ID, Intake: homeward.Intake{Name: "translation.txt", Collector: "перекладачка"}}, "translated")
	s.exhibit(homeward.Exhibit{Kind: homeward.ExhibitPhoto, Class: homeward.ClassIdentity, Request: s.request, Intake: homeward.Intake{Name: "фото.jpg"}}, "no picture")
	lawyer := s.team[homeward.RoleLegalOfficer]
	err := s.db.Update(ctx, lawyer, func(tx *store.Tx) error {
		if _, err := tx.PutCustody(e.ID, homeward.Custody{Act: homeward.CustodyHeld, Purpose: "Провадження триває.", Authority: "ухвала суду"}); err != nil {
			return err
		}
		r, err := tx.Record(record)
		if err != nil {
			return err
		}
		for i, stance := range homeward.Stances {
			_, err := tx.PutCitation(homeward.Citation{
				Exhibit: e.ID, Record: record, Path: r.Claims[i].Path, Value: r.Claims[i].Value, Stance: stance, Quote: "«Мене так не звали»",
				Locator: homeward.Locator{Line: homeward.Span{From: 3, To: 5}}, Grade: homeward.Grade{Reliability: "B", Credibility: "2"},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.proof = e.ID
	s.conclude()
}

// conclude enters an assessment of an act of the child, and one that replaces it.
func (s *staged) conclude() {
	s.t.Helper()
	a := homeward.Assessment{
		Law: "gc4-49", Standard: "reasonable-grounds", Conclusion: "Депортація з окупованої території.", Author: "О. Висновенко, юрисконсульт",
		Elements: []homeward.Element{
			{Name: "особа під захистом", Finding: "met", Grounds: "народилася на окупованій території, за свідоцтвом"},
			{Name: "вивезення з окупованої території", Finding: "met", Grounds: "список організації називає рейс"},
			{Name: "немає вимог воєнної необхідності", Finding: "open", Grounds: "про це ніхто не сказав"},
		},
		Parties: []homeward.Applicability{{Party: "держава, що окупує", Applies: "contested", Grounds: "заперечує, що територія окупована"}},
	}
	err := s.db.Update(ctx, s.team[homeward.RoleLegalOfficer], func(tx *store.Tx) error {
		p, err := tx.Person(s.person)
		if err != nil {
			return err
		}
		records, err := tx.RecordsByID(p.Records)
		for _, r := range records {
			for _, c := range r.Claims {
				if kind, _, event := c.Path.Event(); event && a.Record == "" {
					a.Record, a.Event = r.ID, kind
				}
			}
		}
		for range 2 {
			made, bad := tx.PutAssessment(a)
			err = errors.Join(err, bad)
			a.Replaces, a.Standard = made.ID, "clear-and-convincing"
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// sendExhibit sends the form of a new exhibit.
func (r *reader) sendExhibit(name string, content []byte, fields map[string]string) page {
	r.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			r.t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(http.MethodPost, "/exhibits/new", w.FormDataContentType(), &body)
}

func picture(t testing.TB) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 800, 600))
	p.Set(1, 1, color.Black)
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAPhotoOfARequestIsKeptAndShownSmall adds a photo to a request as its officer does, sees it small on the request's page,
// and downloads the photo itself after saying what for.
func TestAPhotoOfARequestIsKeptAndShownSmall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0, small)
		r, l := w.as(homeward.RoleTracingOfficer, "en"), i18n.For(i18n.English)
		request := "/requests/" + string(w.seek(homeward.Main, "Вигаданенко").ID)
		_, link, _ := strings.Cut(r.get(request).text, `href="/exhibits/new`)
		link, _, _ = strings.Cut(link, `"`)
		r.get("/exhibits/new"+link).want(t, http.StatusOK, `value="photo" selected`, `value="identity" selected`)
		fields := map[string]string{
			"kind": "photo", "class": "identity", "request": strings.TrimPrefix(request, "/requests/"), "method": "sent", "from": "мати", "consent": "мати, усно",
			"compartment": "main", "collected": "2025-02-22T14:30", "offset": "+02:00", "purpose": "розшук",
		}
		content := picture(t)
		kept := r.sendExhibit("дитина.png", content, fields)
		kept.want(t, http.StatusOK, l.T("notice.exhibit"), "дитина.png", `class="thumbnail"`)
		found := regexp.MustCompile(`src="(/exhibits/[^"]+/picture)"`).FindStringSubmatch(kept.text)
		shown := r.get(found[1])
		if shown.header.Get("Content-Type") != "image/jpeg" || shown.status != http.StatusOK {
			t.Errorf("the thumbnail is sent as %s: %d", shown.header.Get("Content-Type"), shown.status)
		}
		at := regexp.MustCompile(`<a href="(/exhibits/[^"]+)"><img`).FindStringSubmatch(kept.text)[1]
		r.get(at).want(t, http.StatusOK, "мати, усно", "2025-02-22T14:30:00+02:00", l.T("custody.act.copied"), l.T("custody.act.received"))
		r.get(at+"/picture").want(t, http.StatusConflict, l.T("exhibit.wrong.picture"))
		r.post(at+"/read", url.Values{"purpose": {" "}}).want(t, http.StatusUnprocessableEntity, l.T("exhibit.wrong.purpose"))
		body, header := r.download(at+"/read", url.Values{"purpose": {"для огляду"}})
		if !bytes.Equal(body, content) {
			t.Errorf("downloaded %d bytes of %d", len(body), len(content))
		}
		if header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") ||
			header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("sent with %v", header)
		}
		r.get(at).want(t, http.StatusOK, "для огляду")
		if log := w.log.String(); strings.Contains(log, "дитина") || strings.Contains(log, "мати") {
			t.Error("the log holds words about somebody")
		}
	})
}

// download sends a form and returns what comes back, byte for byte.
func (r *reader) download(path string, form url.Values) ([]byte, http.Header) {
	r.t.Helper()
	res, err := r.client.PostForm(r.server.URL+path, form)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return body, res.Header
}

// TestAFormThatCannotBeKeptIsShownAgain sends what is wrong in every way: nothing is kept, and what was written stands.
func TestAFormThatCannotBeKeptIsShownAgain(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r, l := w.as(homeward.RoleSupervisor, "en"), i18n.For(i18n.English)
	good := func(change, to string) map[string]string {
		f := map[string]string{"kind": "document", "class": "evidence", "method": "sent", "from": "хтось вигаданий", "compartment": "main"}
		f[change] = to
		return f
	}
	for _, x := range []struct{ change, to, want string }{
		{"kind", "thing", "newexhibit.wrong.kind"}, {"kind", "crop", "newexhibit.wrong.kind"}, {"class", "secret", "newexhibit.wrong.class"},
		{"method", "magic", "newexhibit.wrong.method"}, {"collected", "yesterday", "newexhibit.wrong.time"},
	} {
		r.sendExhibit("file", []byte("x"), good(x.change, x.to)).want(t, http.StatusUnprocessableEntity, l.T(x.want), "хтось вигаданий")
	}
	r.sendExhibit("", []byte("x"), good("kind", "photo")).want(t, http.StatusUnprocessableEntity, l.T("newexhibit.wrong.file"))
	r.sendExhibit("f", nil, good("request", homeward.NewID(w.db.Now()))).want(t, http.StatusNotFound)
	r.sendExhibit("f", nil, good("compartment", "nowhere")).want(t, http.StatusForbidden)
	r.get("/exhibits").want(t, http.StatusOK, l.T("exhibits.none"))
	r.sendExhibit("empty", nil, good("kind", "other")).want(t, http.StatusOK, l.T("notice.exhibit"))
}

// TestEvidenceIsHandledOnPages holds an exhibit, lifts the hold as another, cites it and takes that back, and reads of the
// earlier account before adding one.
func TestEvidenceIsHandledOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, l := open(t, db, 5), i18n.For(i18n.English)
		var record homeward.RecordID
		w.view(func(tx *store.Tx) error {
			persons, err := tx.Persons("", 1)
			record = persons[0].Records[0]
			return err
		})
		e := w.exhibit(homeward.Exhibit{Kind: homeward.ExhibitAccount, Record: record, Intake: homeward.Intake{Name: "told.txt", From: "x"}}, "told")
		at := "/exhibits/" + string(e.ID)
		custodian, lawyer, worker := w.as(homeward.RoleEvidenceCustodian, "en"), w.as(homeward.RoleLegalOfficer, "en"), w.as(homeward.RoleCaseworker, "en")
		worker.get("/exhibits/new?kind=account&record="+string(record)).want(t, http.StatusOK, l.N("newexhibit.heard", 1), at)
		custodian.post(at+"/custody", url.Values{"act": {"transferred"}, "purpose": {"expertise"}}).want(t, http.StatusUnprocessableEntity, l.T("exhibit.wrong.custody"), `value="expertise"`)
		custodian.post(at+"/custody", url.Values{"act": {"held"}, "purpose": {"proceedings"}}).want(t, http.StatusOK, l.T("notice.exhibit.kept"), l.T("exhibit.lift_other"))
		custodian.post(at+"/custody", url.Values{"act": {"held"}, "purpose": {"again"}}).want(t, http.StatusConflict, l.T("exhibit.wrong.hold"))
		custodian.post(at+"/custody", url.Values{"act": {"released"}, "purpose": {"by the wrong door"}}).want(t, http.StatusBadRequest)
		custodian.post(at+"/release", url.Values{"act": {"released"}, "purpose": {"by myself"}}).want(t, http.StatusForbidden)
		lawyer.post(at+"/release", url.Values{"act": {"released"}, "purpose": {"ended"}}).want(t, http.StatusOK, l.T("custody.act.released"))
		custodian.post(at+"/verify", nil).want(t, http.StatusOK, l.T("notice.exhibit.whole"), l.T("exhibit.whole"))

		lawyer.post(at+"/cite", url.Values{"claim": {"0"}, "stance": {"contradicts"}, "locator": {"the middle"}}).want(t, http.StatusUnprocessableEntity, l.T("exhibit.wrong.citation"))
		kept := url.Values{"claim": {"0"}, "stance": {"exculpates"}, "locator": {"about the middle"}, "quote": {"the very words"}, "reliability": {"B"}, "credibility": {"2"}}
		lawyer.post(at+"/cite", kept).want(t, http.StatusUnprocessableEntity, `value="about the middle"`, "the very words", `value="B" selected`, `value="2" selected`, `value="exculpates" selected`)
		lawyer.post(at+"/cite", url.Values{"claim": {"9999"}, "stance": {"contradicts"}}).want(t, http.StatusUnprocessableEntity)
		lawyer.post(at+"/cite", url.Values{"claim": {"0"}, "stance": {"supports"}, "locator": {"line 3"}, "quote": {"said so"}, "reliability": {"B"}, "credibility": {"2"}}).
			want(t, http.StatusOK, l.T("notice.exhibit.cited"), "said so", "line 3", l.T("reliability.B"), l.T("credibility.2"))
		p := lawyer.post(at+"/cite", url.Values{"claim": {"0"}, "stance": {"contradicts"}, "locator": {"line 9"}})
		if against, support := strings.Index(p.text, "line 9"), strings.Index(p.text, "line 3<"); against < 0 || against > support {
			t.Error("what speaks against a claim does not stand first")
		}
		worker.get("/persons/"+string(record)).want(t, http.StatusOK, "told.txt", l.N("proofs.origins", 1), l.T("stance.contradicts"))
		id := regexp.MustCompile(`name="citation" value="([^"]+)"`).FindStringSubmatch(p.text)[1]
		lawyer.post(at+"/withdraw", url.Values{"citation": {id}}).want(t, http.StatusUnprocessableEntity, l.T("exhibit.wrong.withdraw"))
		lawyer.post(at+"/withdraw", url.Values{"citation": {id}, "reason": {"misread"}}).want(t, http.StatusOK, l.T("exhibit.withdrawn"), "misread")
		w.as(homeward.RoleTracingOfficer, "en").get(at).want(t, http.StatusNotFound) // of a class that the role does not see
	})
}

// TestANameDoesNotDeceiveWhoDownloads sends names that turn writing around, hold paths or nothing.
func TestANameDoesNotDeceiveWhoDownloads(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleSupervisor, "en")
	for name, want := range map[string]string{
		"photo\u202egpj.exe": "filename=photo_gpj.exe", `..\..\evil.bat`: "filename=evil.bat", "a\r\nSet-Cookie: x.jpg": "Set-Cookie_",
		"": "filename=01", "...": "filename=01", "фото.jpg": "filename*=utf-8''%D1%84",
	} {
		e := w.exhibit(homeward.Exhibit{Kind: homeward.ExhibitOther, Intake: homeward.Intake{Name: name}}, "<script>alert(1)</script>")
		_, header := r.download("/exhibits/"+string(e.ID)+"/read", url.Values{"purpose": {"to look"}})
		if got := header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; ") || !strings.Contains(got, want) {
			t.Errorf("%q is downloaded as %s, want %s", name, got, want)
		}
		if header.Get("Content-Type") != "application/octet-stream" || header.Get("Set-Cookie") != "" && strings.Contains(header.Get("Set-Cookie"), "x.jpg") {
			t.Errorf("%q: sent as %s", name, header.Get("Content-Type"))
		}
	}
}

// What is sent to the routes of exhibits, and the exhibits that their addresses can stand for.

func init() {
	maps.Copy(forms, map[string]func(x things, n int) url.Values{
		"POST /exhibits/new":               func(things, int) url.Values { return nil },
		"POST /exhibits/{exhibit}/read":    func(things, int) url.Values { return url.Values{"purpose": {"to look"}} },
		"POST /exhibits/{exhibit}/verify":  func(things, int) url.Values { return nil },
		"POST /exhibits/{exhibit}/examine": func(things, int) url.Values { return nil },
		"POST /exhibits/{exhibit}/custody": func(things, int) url.Values {
			return url.Values{"act": {"transferred"}, "person": {"a court"}, "purpose": {"because"}}
		},
		"POST /exhibits/{exhibit}/release": func(things, int) url.Values { return url.Values{"act": {"released"}, "purpose": {"because"}} },
		"POST /exhibits/{exhibit}/cite": func(things, int) url.Values {
			return url.Values{"claim": {"0"}, "stance": {"supports"}, "locator": {"page 3"}}
		},
		"POST /exhibits/{exhibit}/withdraw": func(things, int) url.Values { return url.Values{"citation": {"none"}, "reason": {"because"}} },
	})
}

// giveExhibits keeps an exhibit for each role, of a class that every role of these pages sees.
func (w *world) giveExhibits(mine, hidden, nothing *things) {
	w.t.Helper()
	for x, name := range map[*things]string{mine: "Видименко.jpg", hidden: hiddenName + ".jpg"} {
		for range homeward.Roles {
			e := w.exhibit(homeward.Exhibit{
				Compartment: x.room, Kind: homeward.ExhibitPhoto, Class: homeward.ClassIdentity, Record: homeward.RecordID(x.of["person"][0]),
				Intake: homeward.Intake{Name: name, From: name},
			}, name)
			x.of["exhibit"] = append(x.of["exhibit"], string(e.ID))
		}
	}
	nothing.of["exhibit"] = []string{homeward.NewID(time.Now())}
}
