package intake

import (
	"bytes"
	"errors"
	"testing"

	"github.com/homeward-registry/homeward"
)

// FuzzInspect reads any bytes: they are refused with words a clerk understands, or every row is read twice alike.
func FuzzInspect(f *testing.F) {
	for _, s := range []string{
		"id,name,dob\n1,Іван Приклад,бл. 2015\n", "id;ПІБ\n1;\"Іван \"\"Приклад\"\"\"\n", "name\tage\nA\tabout 4\n", "{\"name\":{\"given\":[\"A\",\"B\"]},\"age\":4}\n",
		"\xef\xbb\xbfid,name\n1,\xc9\xe2\xe0\xed\n", "\xff\xfei\x00d\x00\n\x001\x00", "PK\x03\x04", "%PDF-1.7", "a\n\"", "\x98\xd0,\n",
	} {
		f.Add([]byte(s))
	}
	asOf := homeward.Exact(homeward.YMD(2025, 2, 22))
	f.Fuzz(func(t *testing.T, b []byte) {
		file := bytes.NewReader(b)
		s, err := inspect(file)
		if err != nil {
			var m *homeward.Message
			if !errors.As(err, &m) {
				t.Fatalf("an answer nobody understands: %T", err)
			}
			return
		}
		rows, m := 0, Recognise(s.headings)
		err = eachRow(file, s.form, func(r row) error {
			rows++
			Claims(r.cells, m, asOf, "uk")
			return nil
		})
		if err != nil || rows != s.total || rows == 0 {
			t.Fatalf("%d rows, then %d: %v", s.total, rows, err)
		}
	})
}

func FuzzParseMapping(f *testing.F) {
	f.Add([]byte(`{"columns":{"dob":"birth.date","x":"text:occupation"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := ParseMapping(bytes.NewReader(b)); err == nil && len(m) == 0 {
			t.Fatal("a mapping of nothing was taken")
		}
	})
}
