package desk

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func TestAShelfEmptiesItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelf[search](time.Now, 10, 0)
		s.put("someone", search{Words: "words"}, 0)
		time.Sleep(shelfLife + time.Minute)
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.held) != 0 || len(s.order) != 0 {
			t.Error("words of a search outlive their half hour")
		}
	})
}

// TestAReadingThatEndedLeadsToItsEdition settles when everything has happened at once.
func TestAReadingThatEndedLeadsToItsEdition(t *testing.T) {
	over := make(chan time.Time)
	close(over)
	taken := &taking{opened: make(chan struct{}), ended: make(chan struct{}), edition: "one", err: errors.New("broken off")}
	close(taken.opened)
	close(taken.ended)
	for range 200 {
		if id, err := taken.settle(t.Context(), over); id != "one" || err != nil {
			t.Fatalf("led to %q: %v", id, err)
		}
	}
}

// TestAPanicEndsTheReadingAlone reads into a register that is not there.
func TestAPanicEndsTheReadingAlone(t *testing.T) {
	d := &Desk{Options: Options{Logger: slog.New(slog.DiscardHandler)}, life: context.Background()}
	taken := &taking{opened: make(chan struct{}), ended: make(chan struct{})}
	d.takeIn(homeward.Operator, upload{body: []byte("id,name\n1,x\n"), source: "x"}, taken)
	if taken.err == nil {
		t.Error("nothing is known of the panic")
	}
}

func TestOneFileIsReadOnceAtATime(t *testing.T) {
	var rs readings
	file, other := upload{body: []byte("a"), source: "Список"}, upload{body: []byte("b"), source: "Список"}
	first, begun, err := rs.begin(file.key(), time.Now())
	if err != nil || !begun {
		t.Fatal("the first reading did not begin")
	}
	file.source = "список"
	if again, begun, err := rs.begin(file.key(), time.Now()); again != first || begun || err != nil {
		t.Error("the same file is read twice at once")
	}
	if _, begun, err := rs.begin(other.key(), time.Now()); !begun || err != nil {
		t.Error("another file has to wait")
	}
	rs.end(file.key(), first, time.Now())
	if _, begun, _ := rs.begin(file.key(), time.Now()); !begun {
		t.Error("the place was not given back")
	}
}

// TestLookingHowFarAReadingIsReadsNoChild opens the page of an edition while it is being read, which the page itself does
// every two seconds: it must not fill the audit with children that nobody has looked at.
func TestLookingHowFarAReadingIsReadsNoChild(t *testing.T) {
	db := storetest.Open(t)
	list := strings.NewReader("id,name\n1,Maria Koval\n")
	report, err := intake.Import(t.Context(), db, homeward.Operator, intake.Input{File: list, Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	d := New(Options{DB: db, Pipeline: pipeline.New(db), Logger: slog.New(slog.DiscardHandler)})
	defer d.Close()
	reads := func() (n int) {
		err := db.View(t.Context(), homeward.System, func(tx *store.Tx) error {
			changes, err := tx.Changes(report.Edition)
			if err != nil {
				return err
			}
			rows, err := tx.AuditOf(string(changes[0].Record), 10)
			n = len(rows)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := reads()
	for _, ended := range []bool{false, true} {
		d.readings.change(report.Edition, func(r *reading) { r.ended = ended })
		d.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.SetPathValue("edition", string(report.Edition))
			v := d.visit(w, r)
			v.user = store.User{ID: "u", Role: homeward.RoleTracingOfficer}
			if err := d.showEdition(v); err != nil {
				t.Error(err)
			}
		})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		if read := reads() > before; read != ended {
			t.Errorf("ended %t: a child was read %t", ended, read)
		}
	}
}

func TestTheLedgerIsVerifiedOneAtATime(t *testing.T) {
	d := &Desk{}
	d.verifying.Lock()
	if err := d.verifyLedger(&visit{d: d}); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("a second verification began: %v", err)
	}
}
