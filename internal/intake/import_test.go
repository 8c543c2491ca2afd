package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/synth"
)

var ctx = context.Background()

func bring(t *testing.T, db *store.DB, source, text string) intake.Report {
	t.Helper()
	r, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: strings.NewReader(text), Source: source})
	if err != nil {
		t.Fatalf("import: %v", err)
	}
	return r
}

func TestSyntheticListsAreUnderstoodWithoutAMapping(t *testing.T) {
	dir := t.TempDir()
	if err := synth.Generate(synth.Options{Children: 60, Seed: 3}).Write(dir); err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t)
	for _, name := range []string{"family-reports.csv", "adoption-listing.csv", "ngo-list.csv"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		in := intake.Input{File: f, Source: name, Edition: homeward.Exact(homeward.YMD(2025, 2, 22))}
		p, err := intake.Look(ctx, db, homeward.Operator, in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range p.Columns {
			if !c.Recognised {
				t.Errorf("%s: heading %q is not recognised", name, c.Heading)
			}
		}
		r, err := intake.Import(ctx, db, homeward.Operator, in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Tally != p.Tally || r.Tally.Rows == 0 || r.Tally.Quarantined > r.Tally.Rows/20 {
			t.Errorf("%s: imported %+v, previewed %+v", name, r.Tally, p.Tally)
		}
	}
	undated := 0
	err := db.EachRecord(ctx, homeward.System, "", func(r homeward.Record) error {
		for _, c := range r.Claims {
			if c.Path.IsDate() && c.When.IsZero() {
				undated++
			}
		}
		return nil
	})
	if err != nil || undated > 0 {
		t.Errorf("%d dates could not be read; %v", undated, err)
	}
}

func TestTheSameFileTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const list = "id,name,dob\n1,Іван Приклад,2015\n2,Олена Приклад,бл. 2012\n"
		first := bring(t, db, "list", list)
		size := treeSize(t, db)
		second := bring(t, db, "list", list)
		if !second.Already || second.Edition != first.Edition || second.Tally != first.Tally {
			t.Errorf("second import: %+v", second)
		}
		if now := treeSize(t, db); now != size {
			t.Errorf("the log grew from %d to %d", size, now)
		}
	})
}

func treeSize(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	err := db.View(ctx, homeward.System, func(tx *store.Tx) (err error) { n, err = tx.TreeSize(); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestANewEditionReportsAddedChangedAndRemoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		bring(t, db, "list", "id,name,dob\n1,Іван Приклад,2015\n2,Олена Приклад,2012\n3,Марія Приклад,2010\n")
		r := bring(t, db, "list", "id,name,dob\n1,Іван Приклад,2015\n2,Елена Примерова,2012\n4,Петро Приклад,2011\n")
		want := homeward.Tally{Rows: 3, Added: 1, Changed: 1, Unchanged: 1, Removed: 1}
		if r.Tally != want {
			t.Errorf("tally %+v, want %+v", r.Tally, want)
		}
		err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
			changes, err := tx.Changes(r.Edition)
			kinds := map[homeward.ChangeKind]int{}
			for _, c := range changes {
				kinds[c.Kind]++
				if c.Kind == homeward.ChangeChanged {
					rec, err := tx.Record(c.Record)
					if err != nil || rec.Supersedes != c.Previous || c.Previous == "" {
						t.Error("a changed record does not name the one before it")
					}
				}
			}
			if len(changes) != 3 || kinds[homeward.ChangeRemoved] != 1 {
				t.Errorf("changes %v", kinds)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		back := bring(t, db, "list", "id,name,dob\n1,Іван Приклад,2015\n2,Олена Приклад,2012\n3,Марія Приклад,2010\n4,Петро Приклад,2011\n\n")
		if want := (homeward.Tally{Rows: 4, Added: 1, Changed: 1, Unchanged: 2}); back.Tally != want {
			t.Errorf("a row that came back and one that changed back: %+v, want %+v", back.Tally, want)
		}
	})
}

func TestRowsWithoutAnIDAreToldByTheirContent(t *testing.T) {
	db := storetest.Open(t)
	r := bring(t, db, "list", "name,dob\nІван Приклад,2015\nІван Приклад,2015\nОлена Приклад,2012\n")
	if r.Tally.Added != 3 {
		t.Errorf("two equal rows are two rows: %+v", r.Tally)
	}
	r = bring(t, db, "list", "name,dob\nОлена Приклад,2012\nІван Приклад,2015\nПетро Приклад,2011\n")
	if want := (homeward.Tally{Rows: 3, Added: 1, Unchanged: 2, Removed: 1}); r.Tally != want {
		t.Errorf("tally %+v, want %+v", r.Tally, want)
	}
}

func TestEncodingsAndDelimitersAreFoundOut(t *testing.T) {
	const list = "id;Прізвище;Ім'я;Дата народження\n1;Їжакевич;Ґалина;13.4.2012\n2;Єрмоленко;Олексій;2011\n3;Щербак;Юрій;бл. 2014\n"
	for name, bytes := range encodings(t, list) {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t)
			r := bring(t, db, "list", string(bytes))
			if r.Encoding != strings.TrimSuffix(name, " with mark") || r.Delimiter != ";" || r.Tally.Added != 3 {
				t.Errorf("encoding %s, delimiter %q, %+v", r.Encoding, r.Delimiter, r.Tally)
			}
			err := db.EachRecord(ctx, homeward.System, "", func(rec homeward.Record) error {
				if c, ok := rec.First(homeward.PathNameFamily); !ok || !strings.ContainsAny(c.Value, "ЖжЄєЩщрм") {
					t.Error("words were not decoded")
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

// hostile are files that must be refused with a clear answer, by the key of the message.
func TestWhatIsNoListIsRefusedClearlyAndNothingIsWritten(t *testing.T) {
	big := strings.Repeat("x", 10<<20)
	for name, c := range map[string]struct{ text, key string }{
		"empty":         {"", "import.error.empty"},
		"blank":         {" \n\n ", "import.error.empty"},
		"headings only": {"id,name\n", "import.error.rows"},
		"pdf":           {"%PDF-1.7\n...", "import.error.kind"},
		"png":           {"\x89PNG\r\n\x1a\n....", "import.error.kind"},
		"old excel":     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "import.error.kind"},
		"html":          {"<!DOCTYPE html><html><table>", "import.error.kind"},
		"zip":           {"PK\x03\x04 not a workbook", "import.error.kind"},
		"binary":        {"id,name\n1,\x00\x01\x02\x03", "import.error.kind"},
		"open quote":    {"id,name\n1,\"Іван\n2,Олена\n", "import.error.quotes"},
		"inner quote":   {"id,name\n1,Ів\"ан\" Приклад\n", "import.error.quotes"},
		"huge cell":     {"id,name\n1," + big + "\n", "import.error.cell"},
		"bad json":      {"{\"name\":\"a\"}\n{\"name\":\n", "import.error.json"},
		"json list":     {"{\"name\":\"a\"}\n[1]\n", "import.error.json"},
		"no name":       {"номер,рядок\n1,Іван Приклад\n", "import.error.nameless"},
		"no headings":   {"Іван Приклад,2015-01-02\nОлена Приклад,2012-03-04\n", "import.error.nameless"},
		"huge value":    {"{\"name\":\"" + big + "\"}\n", "import.error.cell"},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t)
			_, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: strings.NewReader(c.text), Source: "list"})
			var m *homeward.Message
			if !errors.As(err, &m) || m.Key != c.key || !errors.Is(err, homeward.ErrInvalid) {
				t.Errorf("error: %v, want %s", err, c.key)
			}
			if n := treeSize(t, db); n != 0 {
				t.Errorf("%d entries were written", n)
			}
		})
	}
}

func TestWorkbookIsReadAndABombIsRefused(t *testing.T) {
	db := storetest.Open(t)
	r, err := intake.Import(ctx, db, homeward.Operator, intake.Input{File: bytes.NewReader(workbook(t)), Source: "book"})
	if err != nil || r.Format != "xlsx" || r.Tally.Added != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	err = db.EachRecord(ctx, homeward.System, "", func(rec homeward.Record) error {
		if c, ok := rec.First(homeward.PathBirthDate); ok && c.When.String() != "2012-09-01" && c.When.String() != "2014-01-01..2016-12-31" {
			t.Errorf("a date of the workbook reads %s", c.When)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := treeSize(t, db)
	packed := bomb(t)
	_, err = intake.Import(ctx, db, homeward.Operator, intake.Input{File: bytes.NewReader(packed), Source: "bomb"})
	var m *homeward.Message
	if !errors.As(err, &m) || m.Key != "import.error.bomb" || !errors.Is(err, homeward.ErrInvalid) || treeSize(t, db) != before {
		t.Errorf("a bomb of %d bytes: %v", len(packed), err)
	}
}

// TestAWrongLabelLosesNothing brings in bytes that are not what their mark says, and bytes that are no text in the
// middle of a list.
func TestAWrongLabelLosesNothing(t *testing.T) {
	const list = "id,Прізвище,Ім'я\n1,Їжакевич,Ґалина\n2,Єрмоленко,Олексій\n3,Щербак,Юрій\n"
	t.Run("mark of UTF-8 before windows-1251", func(t *testing.T) {
		db := storetest.Open(t)
		r := bring(t, db, "list", "\xef\xbb\xbf"+string(encodings(t, list)["windows-1251"]))
		if r.Encoding != "windows-1251" || r.Tally.Added != 3 {
			t.Errorf("encoding %s, %+v", r.Encoding, r.Tally)
		}
	})
	t.Run("a line of windows-1251 within UTF-8", func(t *testing.T) {
		db := storetest.Open(t)
		mixed := strings.Repeat("1,Їжакевич,Ґалина\n", 20_000) // the fault lies beyond what is looked at first
		r := bring(t, db, "list", "id,Прізвище,Ім'я\n"+mixed+"2,\xc9\xe2\xe0\xed,Олексій\n3,Щербак,Юрій\n")
		if want := (homeward.Tally{Rows: 20_002, Added: 20_001, Quarantined: 1}); r.Tally != want || r.Reasons["quarantine.unreadable"] != 1 {
			t.Fatalf("tally %+v, want %+v", r.Tally, want)
		}
		err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
			ids, err := tx.QuarantinedRecords("", 2)
			if err != nil {
				return err
			}
			rec, err := tx.Record(ids[0])
			if err == nil && rec.Row[1].Text != "\uFFFD<C9>\uFFFD<E2>\uFFFD<E0>\uFFFD<ED>" {
				t.Error("a byte was lost")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRowsThatAreNoChildGoToQuarantineAndAreKept(t *testing.T) {
	db := storetest.Open(t)
	r := bring(t, db, "list", "id,name,dob\n1,,2015\n2,Іван Приклад,2012,зайве\n3,Олена \uFFFD,2011\n4,Петро Приклад,32.13.2010\n")
	if want := (homeward.Tally{Rows: 4, Added: 1, Quarantined: 3}); r.Tally != want {
		t.Errorf("tally %+v, want %+v", r.Tally, want)
	}
	if r.Reasons["quarantine.no_name"] != 1 || r.Reasons["quarantine.columns"] != 1 || r.Reasons["quarantine.unreadable"] != 1 {
		t.Errorf("reasons %v", r.Reasons)
	}
	err := db.View(ctx, homeward.System, func(tx *store.Tx) error {
		ids, err := tx.QuarantinedRecords("", 10)
		if err != nil || len(ids) != 3 {
			t.Errorf("%d in quarantine", len(ids))
		}
		list, err := tx.RecordsByID(ids)
		for _, rec := range list {
			if len(rec.Row) < 3 {
				t.Errorf("a row in quarantine lost cells: %d", len(rec.Row))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnInterruptedImportGoesOnWhereItStopped cancels an import at random rows until it is through, and compares with one
// clean run.
func TestAnInterruptedImportGoesOnWhereItStopped(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,name,dob\n")
	for i := range 6500 {
		fmt.Fprintf(&b, "%d,Іван Приклад %d,2012\n", i, i)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rng := rand.New(rand.NewPCG(1, 2))
		in := intake.Input{File: strings.NewReader(b.String()), Source: "list"}
		for try := 0; ; try++ {
			running, stop := context.WithCancel(ctx)
			after := 1 + rng.IntN(3)
			in.Progress = func(int, int) {
				if after--; after == 0 && try < 4 {
					stop()
				}
			}
			r, err := intake.Import(running, db, homeward.Operator, in)
			stop()
			if err == nil {
				if want := (homeward.Tally{Rows: 6500, Added: 6500}); r.Tally != want || try == 0 || !r.Resumed {
					t.Errorf("after %d interruptions: %+v", try, r)
				}
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("interruption %d: %v", try, err)
			}
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() || v.Records != 6500 {
			t.Errorf("verify: %d records, %v", v.Records, err)
		}
	})
}

func TestAnOlderEditionIsRefused(t *testing.T) {
	db := storetest.Open(t)
	in := intake.Input{File: strings.NewReader("id,name\n1,А Б\n"), Source: "list", Edition: homeward.Exact(homeward.YMD(2025, 1, 1))}
	if _, err := intake.Import(ctx, db, homeward.Operator, in); err != nil {
		t.Fatal(err)
	}
	in.File, in.Edition = strings.NewReader("id,name\n2,В Г\n"), homeward.Exact(homeward.YMD(2024, 1, 1))
	if _, err := intake.Import(ctx, db, homeward.Operator, in); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("error: %v", err)
	}
}

func TestWhoMayNotImportDoesNot(t *testing.T) {
	db := storetest.Open(t)
	_, err := intake.Import(ctx, db, homeward.Actor{ID: "u", Role: homeward.RoleAuditor}, intake.Input{File: strings.NewReader("name\nА"), Source: "list"})
	if !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("error: %v", err)
	}
}

// TestTwoImportsOfOneFileDoNotDoubleIt begins an import while another of the same file is between two batches.
func TestTwoImportsOfOneFileDoNotDoubleIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var text strings.Builder
		text.WriteString("id,name\n")
		const rows = 2500
		for i := range rows {
			fmt.Fprintf(&text, "%d,Name%d Family%d\n", i, i, i)
		}
		input := func(progress func(done, total int)) intake.Input {
			return intake.Input{File: strings.NewReader(text.String()), Source: "list", Progress: progress}
		}
		var second error
		begun := false
		_, first := intake.Import(ctx, db, homeward.Operator, input(func(int, int) {
			if !begun {
				begun = true
				_, second = intake.Import(ctx, db, homeward.Operator, input(nil))
			}
		}))
		if !errors.Is(first, homeward.ErrConflict) || second != nil {
			t.Errorf("the first ends with %v, the second with %v", first, second)
		}
		err := db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
			n, err := tx.CountRecords()
			if n[homeward.RecordAccepted] != rows {
				t.Errorf("%d records of %d rows", n[homeward.RecordAccepted], rows)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if again, err := intake.Import(ctx, db, homeward.Operator, input(nil)); err != nil || !again.Already {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}
