package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/bundle"
	"github.com/homeward-registry/homeward/internal/dossier"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

var ctx = context.Background()

// world is a child of whom two records tell, with an exhibit that is cited for and against them, and an assessment.
type world struct {
	*testing.T
	db      *store.DB
	records []homeward.RecordID
	lawyer  homeward.Actor
	exhibit homeward.ExhibitID
}

func newWorld(t *testing.T, db *store.DB) *world {
	w := &world{T: t, db: db}
	said := func(kv ...string) (out []homeward.Claim) {
		for i := 0; i < len(kv); i += 2 {
			out = append(out, homeward.Claim{Path: homeward.Path(kv[i]), Value: kv[i+1], Heading: kv[i]})
		}
		return out
	}
	w.records = storetest.Put(t, db, "one list",
		said("name.full", "Марія Вигаданенко", "mother.name", "Ольга Вигаданенко", "citizenship", "Україна", "event.deported.date", "2022-10-21", "event.deported.place", "Перм", "event.deported.note", "the night flight", "event.transferred.place", "Луганськ", "institution", "дитячий будинок"),
		said("name.full", "Мария Вигаданенко", "mother.name", "Ганна Інша"))
	w.does(homeward.Operator, func(tx *store.Tx) error {
		pair := homeward.PairOf(w.records[0], w.records[1])
		_, err := tx.PutPairs([]homeward.Pair{{ID: pair, Left: w.records[0], Right: w.records[1], Model: "m"}})
		if err == nil {
			_, err = tx.PutDecision(homeward.Decision{Pair: pair, Left: w.records[0], Right: w.records[1], Judgement: homeward.Same, Basis: homeward.BasisReview, Reason: "той самий свідок"})
		}
		return err
	})
	if _, err := registry.Run(ctx, db); err != nil {
		t.Fatal(err)
	}
	got, err := db.Receive(ctx, homeward.Main, strings.NewReader("a page"))
	if err != nil {
		t.Fatal(err)
	}
	var e homeward.Exhibit
	w.does(homeward.Operator, func(tx *store.Tx) (err error) {
		e, err = tx.PutExhibit(homeward.Exhibit{Kind: homeward.ExhibitDocument, Record: w.records[0], Intake: homeward.Intake{Name: "order.pdf", From: "медсестра"}}, got, homeward.Custody{Purpose: "kept"})
		return err
	})
	w.does(homeward.Operator, func(tx *store.Tx) error {
		u, err := tx.PutUser("counsel", homeward.RoleLegalOfficer, "hash")
		w.lawyer = u.Actor()
		return err
	})
	w.exhibit = e.ID
	cite := func(path homeward.Path, value string, stance homeward.Stance, grade, quote string) {
		w.does(w.lawyer, func(tx *store.Tx) error {
			_, err := tx.PutCitation(homeward.Citation{
				Exhibit: e.ID, Record: w.records[0], Path: path, Value: value, Stance: stance, Quote: quote,
				Locator: homeward.Locator{Page: homeward.Span{From: 3, To: 3}}, Grade: homeward.Grade{Reliability: grade[:1], Credibility: grade[1:]},
			})
			return err
		})
	}
	cite("name.full", "Марія Вигаданенко", homeward.StanceSupports, "B2", "so it is written")
	cite("citizenship", "Україна", homeward.StanceSupports, "C2", "a weaker page")
	cite("event.deported.date", "2022-10-21", homeward.StanceSupports, "A1", "the day of the flight")
	cite("event.deported.place", "Перм", homeward.StanceExculpates, "E5", "he was elsewhere")
	w.does(w.lawyer, func(tx *store.Tx) error {
		_, err := tx.PutAssessment(homeward.Assessment{
			Record: w.records[0], Event: homeward.EventDeported, Law: "gc4-49", Standard: "reasonable-grounds", Conclusion: "it was a deportation", Author: "O. Petrenko",
			Elements: []homeward.Element{{Name: "protected person", Finding: "met", Grounds: "born there"}},
			Parties:  []homeward.Applicability{{Party: "one state", Applies: "contested", Grounds: "it says so"}},
		})
		return err
	})
	return w
}

func (w *world) does(who homeward.Actor, fn func(*store.Tx) error) {
	w.Helper()
	if err := w.db.Update(ctx, who, fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) freeze(who homeward.Actor, floor string) (dossier.Frozen, map[string]string, []byte) {
	w.Helper()
	return w.freezeAs(who, w.records[1], floor)
}

func (w *world) freezeAs(who homeward.Actor, of homeward.RecordID, floor string) (dossier.Frozen, map[string]string, []byte) {
	w.Helper()
	return w.freezeThem(who, []homeward.PersonID{homeward.PersonID(of)}, floor)
}

func (w *world) freezeThem(who homeward.Actor, of []homeward.PersonID, floor string) (dossier.Frozen, map[string]string, []byte) {
	w.Helper()
	g, err := homeward.ParseGrade(floor)
	if err != nil {
		w.Fatal(err)
	}
	var out bytes.Buffer
	made, err := dossier.Freeze(ctx, w.db, who, dossier.Order{Persons: of, Floor: g, Purpose: "a case", Recipient: "a court"}, &out)
	if err != nil {
		w.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		w.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			w.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			w.Fatal(err)
		}
		_, name, _ := strings.Cut(f.Name, "/")
		files[name] = string(text)
	}
	return made, files, out.Bytes()
}

// TestADossierHoldsWhatReachesTheFloorAndAllThatSpeaksAgainstIt freezes one child twice, at two floors.
func TestADossierHoldsWhatReachesTheFloorAndAllThatSpeaksAgainstIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		made, files, zipped := w.freeze(homeward.Operator, "B2")
		page := files["data/dossier/en.html"]
		for what, times := range map[string]int{
			"so it is written": 1, "page 3": 3, "the day of the flight": 1, // at the floor, with their places
			"a weaker page":    0,                                          // below it
			"he was elsewhere": 1, "Ганна Інша": 1, "Ольга Вигаданенко": 1, // against, whatever the grade
			"O. Petrenko": 1, "it was a deportation": 1, "reasonable grounds": 1, "protected person: met": 1, "one state: contested": 1,
			"той самий свідок": 1, "order.pdf": 1, "медсестра": 1,
		} {
			if n := strings.Count(page, what); n != times {
				t.Errorf("it says %q %d times, not %d", what, n, times)
			}
		}
		if made.Version != 1 || made.Claims != 2 || made.Below == 0 || made.Against != 2 || made.Assessments != 1 || made.Exhibits != 1 {
			t.Errorf("frozen: version %d, %+v", made.Version, made.Tally)
		}
		for _, lang := range bundle.Languages {
			for _, name := range []string{"dossier", "card"} {
				if page := files["data/"+name+"/"+lang+".html"]; !strings.Contains(page, `lang="`+lang+`"`) || strings.Contains(page, "[dossier.") || strings.Contains(page, "[card.") {
					t.Errorf("%s in %s lacks words", name, lang)
				}
				if !strings.HasPrefix(files["data/"+name+"/"+lang+".pdf"], "%PDF-") {
					t.Errorf("%s in %s is not on paper", name, lang)
				}
			}
		}
		if result := bundle.Verify(bytes.NewReader(zipped), made.Key); result.Verdict != bundle.Verified {
			t.Errorf("the bundle is %s", result.Verdict)
		}
		again, later, _ := w.freeze(homeward.Operator, "C2")
		if again.Version != 2 || again.Subject != made.Subject || again.Content == made.Content || !strings.Contains(later["data/dossier/en.html"], "a weaker page") {
			t.Errorf("frozen again: version %d", again.Version)
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("the ledger: %v, %v", v.Findings, err)
		}
	})
}

// TestNothingOfADossierIsLeftInTheWordsOfTheMachine reads the page and the report of its bundle in Ukrainian.
func TestNothingOfADossierIsLeftInTheWordsOfTheMachine(t *testing.T) {
	w := newWorld(t, storetest.Open(t))
	_, files, _ := w.freeze(homeward.Operator, "B2")
	for name, words := range map[string]map[string]bool{
		"data/dossier/uk.html": {"доказ 1, сторінка 3": true, "запис 1": true, "page 3": false, "оцінка --": false, "не оцінено": true},
		"data/report/uk.html": {
			"Елемент 1: підстави": true, "Сторона 1: застосовність": true, "Норма": true, "Женевська конвенція IV, ст. 49": true, "сторінка 3": true,
			">stance<": false, ">supports<": false, ">page 3<": false, ">gc4-49<": false, "element 0000": false, ">quote<": false,
		},
	} {
		for word, there := range words {
			if strings.Contains(files[name], word) != there {
				t.Errorf("%s: whether it says %q is not %v", name, word, there)
			}
		}
	}
}

// TestWhatASourceTookBackStandsOnlyAgainst takes a claim back, and then its whole record, which belongs to the child until the persons
// are derived anew.
func TestWhatASourceTookBackStandsOnlyAgainst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const back = "The source took this back."
		tracer := homeward.Actor{ID: "t", Role: homeward.RoleTracingOfficer}
		w := newWorld(t, db)
		w.does(tracer, func(tx *store.Tx) error { _, err := tx.Retract(w.records[0], 2, "a slip"); return err })
		before, files, _ := w.freezeAs(homeward.Operator, w.records[0], "C2")
		page := files["data/dossier/en.html"]
		if strings.Count(page, back) != 1 || strings.Count(page, "a weaker page") != 1 || strings.Contains(files["data/card/en.html"], "Україна") {
			t.Errorf("a claim taken back: %d times, cited %d times", strings.Count(page, back), strings.Count(page, "a weaker page"))
		}
		if before.Against != 3 || before.Claims != 2 {
			t.Errorf("a claim taken back: %+v", before.Tally)
		}
		w.does(tracer, func(tx *store.Tx) error {
			_, err := tx.Retract(w.records[0], homeward.WholeRecord, "another child")
			return err
		})
		after, files, _ := w.freezeAs(homeward.Operator, w.records[0], "C2")
		page = files["data/dossier/en.html"]
		if after.Claims != 0 || after.Below != 2 || after.Assessments != 1 {
			t.Errorf("a record taken back: %+v", after.Tally)
		}
		if strings.Count(page, back) != 9 { // eight claims, and the act that the assessment is about
			t.Errorf("a record taken back says so %d times", strings.Count(page, back))
		}
		for _, what := range []string{"so it is written", "the day of the flight", "he was elsewhere"} {
			if strings.Count(page, what) != 1 {
				t.Errorf("it says %q %d times, not once", what, strings.Count(page, what))
			}
		}
		for _, what := range []string{"Ольга Вигаданенко", "2022-10-21"} {
			if strings.Contains(files["data/card/en.html"], what) {
				t.Errorf("the card says %q, which was taken back", what)
			}
		}
	})
}

// TestACardSaysWhatTheProtocolAsksForAndNotWhereTheChildIs reads every letter of art. 78(3).
func TestACardSaysWhatTheProtocolAsksForAndNotWhereTheChildIs(t *testing.T) {
	w := newWorld(t, storetest.Open(t))
	_, files, _ := w.freeze(homeward.Operator, "A1")
	card := files["data/card/en.html"]
	for letter := 'a'; letter <= 's'; letter++ {
		if !strings.Contains(card, fmt.Sprintf("(%c) ", letter)) {
			t.Errorf("letter %c is missing", letter)
		}
	}
	for what, there := range map[string]bool{"Марія Вигаданенко": true, "Ольга Вигаданенко": true, "Ганна Інша": true, "2022-10-21": true, "дитячий будинок": false, "Перм": false, "the night flight": false, "Луганськ": false} {
		if strings.Contains(card, what) != there {
			t.Errorf("whether it says %q is not %v", what, there)
		}
	}
}

// TestWhatMayBeReadAndNotTakenOutIsNotFrozen breaks the glass over one record of a child in another compartment.
func TestWhatMayBeReadAndNotTakenOutIsNotFrozen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var room homeward.Compartment
		w.does(homeward.Operator, func(tx *store.Tx) (err error) {
			room, err = tx.PutCompartment("a room")
			return err
		})
		hidden := storetest.PutIn(t, db, room.ID, "another list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "Прихована Вигаданенко"}})[0]
		w.does(homeward.Operator, func(tx *store.Tx) error {
			one := homeward.Person{ID: homeward.PersonID(w.records[0]), Records: append(slices.Clone(w.records), hidden), Since: tx.Now}
			return tx.ReplacePersons([]homeward.Person{one}, nil)
		})
		w.freeze(w.lawyer, "B2") // of what it does not reach it sees nothing
		w.does(w.lawyer, func(tx *store.Tx) error { _, err := tx.BreakGlass(hidden, "urgent"); return err })
		var out bytes.Buffer
		_, err := dossier.Freeze(ctx, db, w.lawyer, dossier.Order{
			Persons: []homeward.PersonID{homeward.PersonID(w.records[0])}, Floor: homeward.Grade{Reliability: "B", Credibility: "2"}, Purpose: "p", Recipient: "r",
		}, &out)
		if !errors.Is(err, homeward.ErrDenied) || out.Len() > 0 {
			t.Errorf("%d bytes, %v", out.Len(), err)
		}
	})
}

// TestACardNamesThePhotosOfTheChildAlone cites a photo of another child for what is said of this one.
func TestACardNamesThePhotosOfTheChildAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		other := storetest.Put(t, db, "another list", []homeward.Claim{{Path: homeward.PathNameFull, Value: "Інша Вигаданенко"}})[0]
		shown := map[homeward.RecordID]homeward.ExhibitID{}
		for _, of := range []homeward.RecordID{w.records[0], other} {
			got, err := db.Receive(ctx, homeward.Main, strings.NewReader("a picture of "+string(of)))
			if err != nil {
				t.Fatal(err)
			}
			var e homeward.Exhibit
			w.does(homeward.Operator, func(tx *store.Tx) (err error) {
				e, err = tx.PutExhibit(homeward.Exhibit{Kind: homeward.ExhibitPhoto, Record: of}, got, homeward.Custody{Purpose: "kept"})
				return err
			})
			shown[of] = e.ID
			w.does(w.lawyer, func(tx *store.Tx) error {
				_, err := tx.PutCitation(homeward.Citation{
					Exhibit: e.ID, Record: w.records[0], Path: "citizenship", Value: "Україна", Stance: homeward.StanceSupports,
					Grade: homeward.Grade{Reliability: "C", Credibility: "3"},
				})
				return err
			})
		}
		_, files, _ := w.freeze(homeward.Operator, "B2")
		if card := files["data/card/en.html"]; !strings.Contains(card, string(shown[w.records[0]])) || strings.Contains(card, string(shown[other])) {
			t.Error("the card names another's photo, or not the child's own")
		}
		if !strings.Contains(files["data/dossier/en.html"], string(shown[other])) {
			t.Error("the dossier does not name what is cited")
		}
	})
}

// TestWhoMayNotExportFreezesNothing asks as others, and with what is no order.
func TestWhoMayNotExportFreezesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		floor := homeward.Grade{Reliability: "B", Credibility: "2"}
		one := []homeward.PersonID{homeward.PersonID(w.records[0])}
		for name, c := range map[string]struct {
			who   homeward.Actor
			order dossier.Order
			want  error
		}{
			"a caseworker":  {homeward.Actor{ID: "x", Role: homeward.RoleCaseworker}, dossier.Order{Persons: one, Floor: floor, Purpose: "p", Recipient: "r"}, homeward.ErrDenied},
			"of nobody":     {homeward.Operator, dossier.Order{Floor: floor, Purpose: "p", Recipient: "r"}, homeward.ErrInvalid},
			"of no child":   {homeward.Operator, dossier.Order{Persons: []homeward.PersonID{"x"}, Floor: floor, Purpose: "p", Recipient: "r"}, homeward.ErrNotFound},
			"for nobody":    {homeward.Operator, dossier.Order{Persons: one, Floor: floor, Purpose: "p"}, homeward.ErrInvalid},
			"for no reason": {homeward.Operator, dossier.Order{Persons: one, Floor: floor, Recipient: "r"}, homeward.ErrInvalid},
			"for no key":    {homeward.Operator, dossier.Order{Persons: one, Floor: floor, Purpose: "p", Recipient: "r", To: "x"}, homeward.ErrInvalid},
		} {
			var out bytes.Buffer
			if _, err := dossier.Freeze(ctx, w.db, c.who, c.order, &out); !errors.Is(err, c.want) || out.Len() > 0 {
				t.Errorf("%s: %d bytes, %v", name, out.Len(), err)
			}
		}
		if made, files, _ := w.freeze(w.lawyer, "B2"); made.Version != 1 || !strings.Contains(files["data/dossier/uk.html"], "O. Petrenko") {
			t.Error("a legal officer freezes no dossier, or not the first")
		}
		same := slices.Concat(one, []homeward.PersonID{homeward.PersonID(w.records[1])})
		var out bytes.Buffer
		if made, err := dossier.Freeze(ctx, w.db, homeward.Operator, dossier.Order{Persons: same, Floor: floor, Purpose: "p", Recipient: "r"}, &out); err != nil || made.Children != 1 || made.Version != 2 {
			t.Errorf("one child under two ids: %d, %v", made.Children, err)
		}
	})
}
