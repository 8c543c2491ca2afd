package disclosure_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var ctx = context.Background()

// world is a child of two records, one decision, another child, and an exhibit that tells of the first.
type world struct {
	db      *store.DB
	person  string
	records []homeward.RecordID
	exhibit homeward.Exhibit
}

const picture = "\x89PNG\r\n\x1a\nnot much of a picture"

func newWorld(t *testing.T, db *store.DB) world {
	t.Helper()
	said := func(kv ...string) (out []homeward.Claim) {
		for i := 0; i < len(kv); i += 2 {
			out = append(out, homeward.Claim{Path: homeward.Path(kv[i]), Value: kv[i+1], Heading: kv[i]})
		}
		return out
	}
	w := world{db: db}
	w.records = storetest.Put(t, db, "Family reports", said("name.full", "Марія Вигадана", "contact.phone", "+380500000001"), said("name.full", "Мария Выдуманная", "note", "плакала 𝄞"), said("name.full", "Another"))
	w.person = string(w.records[0])
	err := db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		for _, pair := range [][2]int{{0, 1}, {0, 2}} {
			_, err := tx.PutDecision(homeward.Decision{Pair: homeward.PairOf(w.records[pair[0]], w.records[pair[1]]), Judgement: homeward.Same, Basis: homeward.BasisReview, Reason: "one mother"})
			if err != nil {
				return err
			}
		}
		return tx.ReplacePersons([]homeward.Person{{ID: homeward.PersonID(w.person), Records: w.records[:2], Since: tx.Now}}, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.exhibit, err = evidence.Receive(ctx, db, homeward.Operator, evidence.Delivery{
		Exhibit: homeward.Exhibit{Compartment: homeward.Main, Class: homeward.ClassEvidence, Kind: homeward.ExhibitPhoto, Record: w.records[0], Intake: homeward.Intake{Name: "img.png", Method: homeward.MethodSent}},
		Bytes:   strings.NewReader(picture), Purpose: "kept", Authority: "mandate",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) order(kind homeward.ExportKind, subject string) disclosure.Order {
	return disclosure.Order{Kind: kind, Subject: subject, Purpose: "proceedings 12/26", Recipient: "District court"}
}

// user makes somebody who signs in with a role.
func (w world) user(t *testing.T, role homeward.Role) homeward.Actor {
	t.Helper()
	var u store.User
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) (err error) {
		u, err = tx.PutUser(string(role), role, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u.Actor()
}

// export makes a bundle and has it verified.
func (w world) export(t *testing.T, who homeward.Actor, o disclosure.Order) (disclosure.Result, []byte) {
	t.Helper()
	var out bytes.Buffer
	r, err := disclosure.Export(ctx, w.db, who, o, &out)
	if err != nil {
		t.Fatal(err)
	}
	found := bundle.Verify(bytes.NewReader(out.Bytes()), w.db.Verifier())
	if found.Verdict != bundle.Verified || found.Items != r.Items {
		t.Fatalf("the bundle is %s with %d items of %d: %v", found.Verdict, found.Items, r.Items, found.Findings)
	}
	return r, out.Bytes()
}

func files(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(f.Name, "/")
		if out[name], err = io.ReadAll(in); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestAChildLeavesAsABundleThatIsVerified exports a child, and looks for what must not be in it.
func TestAChildLeavesAsABundleThatIsVerified(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		o := w.order(homeward.ExportPerson, string(w.records[1])) // by the id of another of its records
		o.Withhold.Paths = []string{"reason"}
		legal := w.user(t, homeward.RoleLegalOfficer)
		r, b := w.export(t, legal, o)
		if r.Subject != w.person || r.By != legal.ID {
			t.Errorf("exported %s by %s", r.Subject, r.By)
		}
		for _, hidden := range []string{"+380500000001", "плакала", "one mother", string(legal.ID), "Another", picture} {
			if bytes.Contains(b, []byte(hidden)) {
				t.Errorf("the bundle holds %d bytes that are withheld", len(hidden))
			}
		}
		f := files(t, b)
		for _, lang := range bundle.Languages {
			page, paper := f["data/report/"+lang+".html"], f["data/report/"+lang+".pdf"]
			if !bytes.Contains(page, []byte("Марія Вигадана")) || bytes.Contains(page, []byte("[export.")) || !bytes.Contains(page, []byte(db.Verifier()[:40])) {
				t.Errorf("the report in %s does not tell what it should", lang)
			}
			if !bytes.HasPrefix(paper, []byte("%PDF-")) || len(paper) < 10000 {
				t.Errorf("the report on paper in %s is none", lang)
			}
		}
		if log := string(f["data/withheld.csv"]); !strings.Contains(log, "contact.phone,role") || !strings.Contains(log, "body/reason,chosen") {
			t.Errorf("the list of what is withheld lacks something")
		}
		if !bytes.Contains(f["data/sbom.json"], []byte("CycloneDX")) {
			t.Error("no bill of materials")
		}
		found, err := db.Verify(ctx, homeward.Operator, nil)
		if err != nil || !found.OK() {
			t.Errorf("the register after an export: %v %v", found.Findings, err)
		}
		err = db.View(ctx, legal, func(tx *store.Tx) error {
			list, err := tx.ExportsOf(w.person)
			if len(list) != 1 || list[0].ID != r.ID || list[0].Recipient != "District court" || list[0].Withheld != r.Withheld {
				t.Errorf("exports of the child: %d", len(list))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAnOriginalLeavesForItsRecipientAlone exports an exhibit, and opens it with the recipient's key.
func TestAnOriginalLeavesForItsRecipientAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		court, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		o := w.order(homeward.ExportExhibit, string(w.exhibit.ID))
		o.To = court.Recipient().String()
		custodian := w.user(t, homeward.RoleEvidenceCustodian)
		r, b := w.export(t, custodian, o)
		if r.Originals != 1 || bytes.Contains(b, []byte(picture)) {
			t.Fatalf("%d originals, or one in the clear", r.Originals)
		}
		f := files(t, b)
		plain, err := age.Decrypt(bytes.NewReader(f["data/originals/000001.age"]), court)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(plain)
		if err != nil || string(got) != picture {
			t.Errorf("the recipient reads %d bytes: %v", len(got), err)
		}
		if !strings.Contains(string(f["data/originals.csv"]), "data/originals/000001.age,"+string(w.exhibit.ID)) {
			t.Error("the list of originals does not name it")
		}
		acts := ""
		for i := 1; i <= r.Items; i++ {
			it, err := bundle.ParseItem(f[fmt.Sprintf("data/items/%06d.json", i)])
			if err != nil {
				t.Fatal(err)
			}
			acts += " " + it.Value("body/act")
		}
		if !strings.Contains(acts, "received") || !strings.HasSuffix(acts, "exported") {
			t.Errorf("the custody in the bundle tells%s", acts)
		}

		o.To = ""
		if r, b := w.export(t, custodian, o); r.Originals != 0 || files(t, b)["data/originals/000001.age"] != nil {
			t.Error("an original left without a recipient's key")
		}
	})
}

// TestAnExportIsRefusedBeforeAnythingIsRead asks as who may not, and for what cannot be.
func TestAnExportIsRefusedBeforeAnythingIsRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		legal := w.user(t, homeward.RoleLegalOfficer)
		good := w.order(homeward.ExportPerson, w.person)
		for name, c := range map[string]struct {
			who  homeward.Actor
			bend func(*disclosure.Order)
			want error
		}{
			"a caseworker":         {w.user(t, homeward.RoleCaseworker), func(*disclosure.Order) {}, homeward.ErrDenied},
			"an auditor":           {w.user(t, homeward.RoleAuditor), func(*disclosure.Order) {}, homeward.ErrDenied},
			"no purpose":           {legal, func(o *disclosure.Order) { o.Purpose = " " }, homeward.ErrInvalid},
			"no recipient":         {legal, func(o *disclosure.Order) { o.Recipient = "" }, homeward.ErrInvalid},
			"no such child":        {legal, func(o *disclosure.Order) { o.Subject = homeward.NewID(db.Now()) }, homeward.ErrNotFound},
			"no such exhibit":      {legal, func(o *disclosure.Order) { o.Kind = homeward.ExportExhibit }, homeward.ErrNotFound},
			"a request unseen":     {legal, func(o *disclosure.Order) { o.Kind = homeward.ExportRequest }, homeward.ErrNotFound},
			"no kind":              {legal, func(o *disclosure.Order) { o.Kind = "all" }, homeward.ErrInvalid},
			"a key that is no key": {legal, func(o *disclosure.Order) { o.To = "age1nothing" }, homeward.ErrInvalid},
		} {
			o := good
			c.bend(&o)
			var out bytes.Buffer
			if _, err := disclosure.Export(ctx, db, c.who, o, &out); !errors.Is(err, c.want) || out.Len() > 0 {
				t.Errorf("%s: %d bytes, %v", name, out.Len(), err)
			}
		}
		err := db.View(ctx, legal, func(tx *store.Tx) error {
			list, err := tx.ExportsOf(w.person)
			if len(list) > 0 {
				t.Errorf("%d exports are on record", len(list))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAPreviewShowsWhatAnExportWouldHold holds that what is previewed is what leaves.
func TestAPreviewShowsWhatAnExportWouldHold(t *testing.T) {
	w := newWorld(t, storetest.Open(t))
	if _, err := w.db.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	o := w.order(homeward.ExportPerson, w.person)
	s, err := disclosure.Preview(ctx, w.db, homeward.Operator, o)
	if err != nil {
		t.Fatal(err)
	}
	_, withheld := s.Amounts()
	total := 0
	for _, n := range withheld {
		total += n
	}
	r, _ := w.export(t, homeward.Operator, o)
	if len(s.Entries) != r.Items || total != r.Withheld || s.Elsewhere != 1 {
		t.Errorf("%d entries and %d withheld were shown, %d and %d left; %d decisions elsewhere", len(s.Entries), total, r.Items, r.Withheld, s.Elsewhere)
	}
}
