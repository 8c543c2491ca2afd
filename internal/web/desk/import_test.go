package desk_test

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"golang.org/x/text/encoding/charmap"
)

// upload sends a file as the import page does.
func (r *reader) upload(path string, body []byte, fields map[string]string) page {
	r.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range fields {
		w.WriteField(name, value)
	}
	part, err := w.CreateFormFile("file", "list.csv")
	if err != nil {
		r.t.Fatal(err)
	}
	part.Write(body)
	w.Close()
	return r.do(http.MethodPost, path, w.FormDataContentType(), &form)
}

func (w *world) records() (n int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		counts, err := tx.CountRecords()
		for _, c := range counts {
			n += c
		}
		return err
	})
	return n
}

var about = map[string]string{"source": "Родини", "date": "2025-02-01"}

const list = "id;ПІБ;дата народження;місто;вік\n" +
	"1;Коваль Марія Іванівна;13.4.2014;Маріуполь;\n" +
	"2;Бойко Петро;;Бердянськ;близько 4\n" +
	"3;;;;\n"

// TestAListIsLookedAtBeforeItIsKept previews a list, chooses another column, confirms, and brings a new edition.
func TestAListIsLookedAtBeforeItIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		r := w.as(homeward.RoleIntakeClerk, "en")
		p := r.upload("/import", []byte(list), about)
		p.want(t, http.StatusOK, en.T("preview.title"), "Коваль Марія Іванівна", en.T("quarantine.no_name"), en.T("delimiter.semicolon"))
		if w.records() != 0 {
			t.Fatal("a preview kept something")
		}
		form := url.Values{"do": {"map"}, "heading": {"id", "ПІБ", "дата народження", "місто", "вік"}, "path": {"id", "name.full", "birth.date", "home.place", ""}}
		at := p.at
		r.post(at, form).want(t, http.StatusOK, en.T("preview.title"))
		p = r.post(at, url.Values{"do": {"confirm"}})
		p.want(t, http.StatusOK, en.T("edition.tally"), en.T("change.added"), en.T("change.quarantined"))
		if !strings.HasPrefix(p.at, "/editions/") || w.records() != 3 {
			t.Fatalf("at %s with %d records", p.at, w.records())
		}
		r.get(at).want(t, http.StatusGone, en.T("import.gone"))
		r.get("/quarantine").want(t, http.StatusOK, en.T("quarantine.no_name"))

		again := r.upload("/import", []byte(list), about)
		again.want(t, http.StatusOK, en.T("preview.same"))
		r.post(again.at, url.Values{"do": {"confirm"}}).want(t, http.StatusOK)
		if w.records() != 3 {
			t.Errorf("the same file again made %d records", w.records())
		}

		newer := strings.Replace(strings.Replace(list, "13.4.2014", "14.3.2014", 1), "2;Бойко Петро;;Бердянськ;близько 4\n", "", 1)
		p = r.upload("/import", []byte(newer), map[string]string{"source": "Родини", "date": "2025-03-01"})
		p = r.post(p.at, url.Values{"do": {"confirm"}})
		p.want(t, http.StatusOK, en.T("change.changed"), en.T("change.removed"))

		// A row in quarantine that is listed no more waits for nobody.
		r.get("/quarantine").want(t, http.StatusOK, en.T("quarantine.no_name"))
		gone := strings.Replace(newer, "3;;;;\n", "4;Мельник Остап;;;\n", 1)
		p = r.upload("/import", []byte(gone), map[string]string{"source": "Родини", "date": "2025-04-01"})
		r.post(p.at, url.Values{"do": {"confirm"}}).want(t, http.StatusOK, en.T("change.removed"))
		r.get("/quarantine").want(t, http.StatusOK, en.T("quarantine.none"))
	})
}

func TestAPreviewBelongsToWhoMadeIt(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	p := w.as(homeward.RoleIntakeClerk, "en").upload("/import", []byte(list), about)
	w.as(homeward.RoleSupervisor, "en").get(p.at).want(t, http.StatusGone, en.T("import.gone"))
}

// bomb is a workbook of a few kilobytes that unfolds to far more than a list holds.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range 400 {
			f.Write(zeros)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestEveryWrongFileGetsAClearAnswer sends what people and attackers send. Nothing is kept, and the form says why.
func TestEveryWrongFileGetsAClearAnswer(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleIntakeClerk, "en")
	for _, c := range []struct {
		name  string
		body  []byte
		words string
	}{
		{"empty", nil, en.T("import.error.empty")},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "not a list"},
		{"a PDF", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), "not a list"},
		{"headings alone", []byte("id,name\n"), en.T("import.error.rows")},
		{"a quotation mark never closed", []byte("id,name\n1,\"Коваль\n2,Бойко\n"), "quotation mark"},
		{"a cell of ten megabytes", []byte("id,name\n1," + strings.Repeat("я", 5<<20) + "\n"), "quotation mark"},
		{"a zip bomb", bomb(t), "unfolds"},
		{"JSON that breaks off", []byte("{\"name\":\"Коваль\"}\n{\"name\":\n"), "JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := r.upload("/import", c.body, about)
			p.want(t, http.StatusUnprocessableEntity, `role="alert"`, "Родини")
			if !strings.Contains(p.words(), c.words) {
				t.Errorf("the form does not say %q", c.words)
			}
		})
	}
	r.upload("/import", []byte(list), map[string]string{"source": " ", "date": ""}).want(t, http.StatusUnprocessableEntity, en.T("import.nosource"))
	r.upload("/import", []byte(list), map[string]string{"source": "x", "date": "1.2.2025"}).want(t, http.StatusUnprocessableEntity, en.T("import.baddate"))
	r.upload("/import", make([]byte, 70<<20), about).want(t, http.StatusRequestEntityTooLarge, en.T("import.toolarge"))
	r.post("/import", nil).want(t, http.StatusBadRequest)
	if n := w.records(); n != 0 {
		t.Errorf("%d records were kept", n)
	}
}

// TestAListWithoutANameIsNotTakenIn sends a list whose headings nobody foresaw. Taken in, all of it would lie in quarantine and
// the same file could not be read again; refused, it is read as soon as somebody says which column names the child.
func TestAListWithoutANameIsNotTakenIn(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleIntakeClerk, "en")
	p := r.upload("/import", []byte("хто;коли\nКоваль Марія;2015\n"), about)
	p.want(t, http.StatusOK, en.T("import.error.nameless"))
	r.post(p.at, url.Values{"do": {"confirm"}}).want(t, http.StatusConflict, en.T("import.error.nameless"))
	if n := w.records(); n != 0 {
		t.Fatalf("%d records were kept", n)
	}
	again := r.post(p.at, url.Values{"do": {"map"}, "heading": {"хто", "коли"}, "path": {"name.full", "birth.date"}})
	again.want(t, http.StatusOK, "Коваль Марія")
	if strings.Contains(again.words(), en.T("import.error.nameless")) {
		t.Error("mapped, it is still refused")
	}
	r.post(p.at, url.Values{"do": {"confirm"}}).want(t, http.StatusOK)
	if n := w.records(); n != 1 {
		t.Errorf("%d records were kept, want 1", n)
	}
}

// TestAListInAnotherEncodingIsRead sends a list in the encoding of an old office program.
func TestAListInAnotherEncodingIsRead(t *testing.T) {
	w := open(t, storetest.Open(t), 0)
	r := w.as(homeward.RoleIntakeClerk, "en")
	old, err := charmap.Windows1251.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	r.upload("/import", []byte(old), about).want(t, http.StatusOK, "Коваль Марія Іванівна", "windows-1251")
}

// TestConfirmingTwiceReadsOnce presses the button twice, as tired people do.
func TestConfirmingTwiceReadsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db, 0)
		r := w.as(homeward.RoleIntakeClerk, "en")
		at := r.upload("/import", []byte(list), about).at
		var both sync.WaitGroup
		pages := make([]page, 2)
		for i := range pages {
			both.Go(func() { pages[i] = r.post(at, url.Values{"do": {"confirm"}}) })
		}
		both.Wait()
		for _, p := range pages {
			if p.status != http.StatusOK && p.status != http.StatusGone {
				t.Errorf("status %d at %s", p.status, p.at)
			}
		}
		if n := w.records(); n != 3 {
			t.Errorf("%d records of three rows", n)
		}
	})
}
