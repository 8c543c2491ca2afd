package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/ledger"
	"pgregory.net/rapid"
)

func jsonString(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	return b.String()
}

func anyPayload(t *rapid.T) ledger.Payload {
	text := rapid.StringN(0, 12, -1)
	return ledger.Payload{
		ID: text.Draw(t, "id"), Type: text.Draw(t, "type"), Actor: text.Draw(t, "actor"), Role: text.Draw(t, "role"),
		At:     time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC(),
		Prev:   rapid.SliceOfN(text, 0, 12).Draw(t, "prev"),
		Source: rapid.MapOfN(text, text, 0, 3).Draw(t, "source"),
		Body:   rapid.MapOfN(text, text, 0, 6).Draw(t, "body"),
	}
}

// TestCanonicalFormIsThatOfTheReferenceLibrary compares with another implementation of RFC 8785.
func TestCanonicalFormIsThatOfTheReferenceLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPayload(t)
		have, err := p.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		want, err := jcs.Transform(have)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Fatalf("%d bytes differ from the reference", len(have))
		}
	})
}

func TestPayloadComesBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := anyPayload(t).Canonical()
		if err != nil {
			t.Fatal(err)
		}
		p, err := ledger.ParsePayload(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := p.Canonical()
		if err != nil || !bytes.Equal(text, again) {
			t.Fatal("the payload changed on its way")
		}
	})
}

func TestPayloadParserRefusesEveryOtherForm(t *testing.T) {
	good, err := ledger.Payload{ID: "i", Type: "t", Actor: "a", Role: "r", At: time.UnixMicro(1).UTC(), Body: map[string]string{"a": "x", "b": "y"}}.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	bad := map[string]string{
		"white space":   string(bytes.Replace(good, []byte(":"), []byte(": "), 1)),
		"trailing":      string(good) + " ",
		"number":        string(bytes.Replace(good, []byte(`"x"`), []byte(`1`), 1)),
		"key twice":     string(bytes.Replace(good, []byte(`"b":`), []byte(`"a":`), 1)),
		"key order":     string(bytes.Replace(good, []byte(`"a":"x","b":"y"`), []byte(`"b":"y","a":"x"`), 1)),
		"escaped slash": string(bytes.Replace(good, []byte(`"x"`), []byte(`"\u0041"`), 1)),
		"invalid UTF-8": string(bytes.Replace(good, []byte(`"x"`), []byte("\"\xff\""), 1)),
		"empty":         "",
		"cut":           string(good[:len(good)-1]),
	}
	for name, text := range bad {
		if _, err := ledger.ParsePayload([]byte(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnyChangedFieldChangesTheCommitment(t *testing.T) {
	salt := ledger.NewSalt()
	base := func() ledger.Payload {
		return ledger.Payload{ID: "i", Type: "t", Actor: "a", Role: "r", At: time.UnixMicro(5).UTC(), Prev: []string{"p"},
			Source: map[string]string{"s": "1"}, Body: map[string]string{"b": "1"}}
	}
	want, err := ledger.Commit(base(), salt)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*ledger.Payload){
		"id": func(p *ledger.Payload) { p.ID = "j" }, "type": func(p *ledger.Payload) { p.Type = "u" },
		"actor": func(p *ledger.Payload) { p.Actor = "b" }, "role": func(p *ledger.Payload) { p.Role = "s" },
		"at": func(p *ledger.Payload) { p.At = p.At.Add(time.Microsecond) }, "prev": func(p *ledger.Payload) { p.Prev[0] = "q" },
		"source value": func(p *ledger.Payload) { p.Source["s"] = "2" }, "body value": func(p *ledger.Payload) { p.Body["b"] = "2" },
		"body path": func(p *ledger.Payload) { p.Body = map[string]string{"c": "1"} }, "one more": func(p *ledger.Payload) { p.Body["d"] = "" },
	} {
		p := base()
		change(&p)
		if have, err := ledger.Commit(p, salt); err != nil || have == want {
			t.Errorf("%s: the commitment did not change (%v)", name, err)
		}
	}
	if have, _ := ledger.Commit(base(), ledger.NewSalt()); have == want {
		t.Error("another salt gives the same commitment")
	}
}

func FuzzParsePayload(f *testing.F) {
	good, _ := ledger.Payload{ID: "i", At: time.UnixMicro(1).UTC(), Body: map[string]string{"a\n": "\x00\"\\"}}.Canonical()
	f.Add(good)
	f.Add([]byte(`{"actor":"`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ledger.ParsePayload(b)
		if err != nil {
			return
		}
		if again, err := p.Canonical(); err != nil || !bytes.Equal(again, b) {
			t.Fatal("accepted a form it would not write")
		}
	})
}
