package intake_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func encodings(t *testing.T, text string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"utf-8": []byte(text), "utf-8 with mark": []byte("\xef\xbb\xbf" + text)}
	for name, e := range map[string]encoding.Encoding{
		"utf-16le with mark": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16be with mark": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		"windows-1251": charmap.Windows1251, "koi8-u": charmap.KOI8U, "ibm866": charmap.CodePage866,
	} {
		plain := text
		if name == "ibm866" { // the code page of Russian DOS has no Ґ, and its І is the Latin one
			plain = strings.NewReplacer("Ґ", "Г", "і", "i", "І", "I").Replace(text)
		}
		b, err := e.NewEncoder().String(plain)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = []byte(b)
	}
	return out
}

func workbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "id", "B1": "ПІБ", "C1": "Дата народження", "A3": 1, "B3": "Приклад Іван", "C3": 41153, "A4": 2, "B4": "Приклад Олена", "C4": "бл. 2015"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a workbook, whole in every part, whose sheet unfolds to more than any list.
func bomb(t *testing.T) []byte {
	t.Helper()
	whole := workbook(t)
	good, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range good.File {
		w, err := z.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
		spaces := bytes.Repeat([]byte(" "), 1<<20)
		for i := 0; part.Name == "xl/worksheets/sheet1.xml" && i < 300; i++ {
			if _, err := w.Write(spaces); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestClaimsKeepTheWordsAndSayWhatTheyMean(t *testing.T) {
	row := []homeward.Cell{{Heading: "ПІБ", Text: " Приклад Олена "}, {Heading: "Інші імена", Text: "Лена; Елена Примерова"},
		{Heading: "Дата народження", Text: "(a) 13.4.2012, (b) 2011"}, {Heading: "Вік", Text: "about 4"}, {Heading: "Колір", Text: "синій"},
		{Heading: "Номер документа", Text: "АА 123456"}, {Heading: "Документ перевірено", Text: "так"}, {Heading: "Порожньо", Text: " "}}
	var headings []string
	for _, c := range row {
		headings = append(headings, c.Heading)
	}
	claims, reason := intake.Claims(row, intake.Recognise(headings), homeward.Exact(homeward.YMD(2024, 6, 1)), "uk")
	if reason != "" {
		t.Errorf("quarantined: %s", reason)
	}
	var have []string
	for _, c := range claims {
		have = append(have, string(c.Path)+"="+c.When.String())
		if c.Heading == "" || c.Value == "" || c.Path == homeward.PathDocument && !c.Verified {
			t.Errorf("claim %s is not complete", c.Path)
		}
	}
	want := "name.full= name.alias= name.alias= birth.date=2012-04-13 birth.date=2011 age=2018-06-02..2021-06-01 text:Колір= document.number= document.verified="
	if got := strings.Join(have, " "); got != want {
		t.Errorf("claims\n%s\nwant\n%s", got, want)
	}
}

func TestMappingIsCheckedBeforeItIsUsed(t *testing.T) {
	good := `{"columns":{"given_name":"name.given","dob":"birth.date","occupation":"text:occupation","when":"event.taken.date"}}`
	if m, err := intake.ParseMapping(strings.NewReader(good)); err != nil || len(m) != 4 {
		t.Errorf("%d columns, %v", len(m), err)
	}
	for _, bad := range []string{"", "{}", `{"columns":{"a":"name.middle"}}`, `{"columns":{"a":"event.flown.date"}}`, `{"columns":{"a":1}}`, `{"cols":{}}`} {
		if _, err := intake.ParseMapping(strings.NewReader(bad)); err == nil {
			t.Errorf("a bad mapping of %d bytes was taken", len(bad))
		}
	}
}
