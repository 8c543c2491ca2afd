package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// The pages of the desk over a register of full size before anybody has decided: nearly every record is a person of its own, which
// is the most persons that so many records can be. Each page is asked for one at a time, over HTTP, by a supervisor in the compartment main and no other.

// asking is a page and how it is asked for; n counts the questions.
type asking struct {
	name  string
	share int    // of a hundred questions that are mixed
	route string // under which the server's log has it
	ask   func(v *reader, n int) error
}

// pages measures how long the desk takes to answer.
func pages(s sizes) error {
	ctx := context.Background()
	dir := filepath.Join(cmp.Or(s.dir, os.TempDir()), "invented")
	if err := fullRegister(dir, s.rows); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Settings{Dir: dir})
	if err != nil {
		return err
	}
	defer db.Close()
	stages := pipeline.New(db)
	if _, err := stages.Run(ctx, nil); err != nil {
		return err
	}
	v, done, err := signedIn(ctx, db, stages)
	if err != nil {
		return err
	}
	defer done()
	fmt.Printf("| page | median | 99 of 100 | processor | questions |\n| --- | --- | --- | --- | --- |\n")
	for _, a := range v.pages() {
		if err := v.measure(a, s.queries); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	line("memory", "mib", mostMemory())
	return nil
}

// fullRegister makes the register when the folder holds none, and brings its schema up to date.
func fullRegister(dir string, rows int) error {
	if _, err := os.Stat(filepath.Join(dir, "homeward.db")); err != nil {
		children := int(float64(rows) / rowsPerChild)
		if err := steps(dir, "The register", fmt.Sprintf("invent-%d", children), "import", "run"); err != nil {
			return err
		}
	}
	_, err := store.Init(context.Background(), store.Settings{Dir: dir})
	return err
}

// reader is a supervisor at the desk, and what there is to ask for.
type reader struct {
	client   *http.Client
	at       string
	persons  []homeward.PersonID
	pairs    []homeward.PairID
	words    []string
	sources  []homeward.SourceID
	editions []homeward.EditionID
}

// signedIn opens a desk to a supervisor from whom one compartment is closed, so that every question passes the fence.
func signedIn(ctx context.Context, db *store.DB, stages *pipeline.Pipeline) (*reader, func(), error) {
	v := &reader{}
	if err := errors.Join(people(ctx, db), v.sample(ctx, db)); err != nil {
		return nil, nil, err
	}
	d := desk.New(desk.Options{DB: db, Pipeline: stages, Demo: true, Logger: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(d)
	jar, err := cookiejar.New(nil)
	v.client, v.at = &http.Client{Jar: jar}, server.URL
	if err == nil {
		err = v.post("/demo", url.Values{"role": {string(homeward.RoleSupervisor)}})
	}
	return v, func() { server.Close(); d.Close() }, err
}

// people makes a supervisor and a compartment they are not in, where there are none.
func people(ctx context.Context, db *store.DB) error {
	return db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		_, err := tx.UserNamed(string(homeward.RoleSupervisor))
		if !errors.Is(err, homeward.ErrNotFound) {
			return err
		}
		if _, err := tx.PutCompartment("closed"); err != nil {
			return err
		}
		_, err = tx.PutUser(string(homeward.RoleSupervisor), homeward.RoleSupervisor, "")
		return err
	})
}

// sampled is how many persons and pairs the questions are about.
const sampled = 500

func (v *reader) sample(ctx context.Context, db *store.DB) error {
	return db.View(ctx, homeward.Operator, func(tx *store.Tx) error {
		persons, err := tx.Persons("", 40*sampled)
		for i := 0; i < len(persons); i += 40 {
			v.persons = append(v.persons, persons[i].ID)
			if err := v.ask(tx, persons[i].Records[0]); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		pairs, err := tx.Pairs(store.PairFilter{State: homeward.PairProposed, Urgent: true, Limit: sampled})
		for _, p := range pairs {
			v.pairs = append(v.pairs, p.ID)
		}
		if err != nil {
			return err
		}
		return v.lists(tx)
	})
}

// lists remembers what there is to ask about whole lists.
func (v *reader) lists(tx *store.Tx) error {
	sources, err := tx.Sources()
	for _, s := range sources {
		v.sources = append(v.sources, s.ID)
	}
	if err != nil {
		return err
	}
	editions, err := tx.Editions("")
	for _, e := range editions {
		v.editions = append(v.editions, e.ID)
	}
	return err
}

// ask remembers the name on a record as what is searched for.
func (v *reader) ask(tx *store.Tx, id homeward.RecordID) error {
	r, err := tx.Record(id)
	for _, path := range []homeward.Path{homeward.PathNameFull, homeward.PathNameFamily} {
		if c, ok := r.First(path); ok {
			v.words = append(v.words, c.Value)
			return err
		}
	}
	return err
}

// pages lists what is asked for.
func (v *reader) pages() []asking {
	at := func(name string, share int, path string) asking {
		return asking{name, share, "GET " + path, func(v *reader, _ int) error { return v.get(path) }}
	}
	person := func(name string, share int, under string) asking {
		return asking{name, share, "GET /persons/{person}" + under, func(v *reader, n int) error {
			return v.get("/persons/" + string(v.persons[n%len(v.persons)]) + under)
		}}
	}
	return []asking{
		{"start", 8, "GET /{$}", func(v *reader, _ int) error { return v.get("/") }}, at("queue", 12, "/review"),
		{"pair", 20, "GET /pairs/{pair}", func(v *reader, n int) error { return v.get("/pairs/" + string(v.pairs[n%len(v.pairs)])) }},
		person("child", 20, ""), person("child on paper", 1, "/print"), person("links", 3, "/links"), person("nearest", 3, "/near"),
		{"record", 3, "GET /records/{record}", func(v *reader, n int) error { return v.get("/records/" + string(v.persons[n%len(v.persons)])) }}, // a child bears the id of its first record
		{"search", 10, "GET /search/{token}", func(v *reader, n int) error {
			return v.post("/search", url.Values{"words": {v.words[n%len(v.words)]}})
		}},
		at("searches kept", 1, "/searches"), at("requests", 3, "/requests"), at("batches", 1, "/batches"), at("marks", 1, "/marks"),
		at("state", 2, "/state"), at("team", 2, "/team"), at("sources", 2, "/sources"), at("ledger", 1, "/ledger"),
		{"source", 1, "GET /sources/{source}", func(v *reader, n int) error { return v.get("/sources/" + string(v.sources[n%len(v.sources)])) }},
		{"edition", 1, "GET /editions/{edition}", func(v *reader, n int) error { return v.get("/editions/" + string(v.editions[n%len(v.editions)])) }},
		{"counts", 3, "GET /counts", func(v *reader, n int) error { return v.get("/counts?definition=" + definitions[n%len(definitions)]) }},
	}
}

// definitions are counted in turn, one of them divided by region, age and month.
var definitions = []string{"deported", "children", "deported-not-returned", "taken&drawn=1", "reunified"}

// measure asks for a page so often and prints its line. What the first question makes once is not counted, and printed apart.
func (v *reader) measure(a asking, questions int) error {
	began := time.Now()
	if err := a.ask(v, 0); err != nil {
		return err
	}
	first, before := time.Since(began), processor()
	var took []time.Duration
	for n := 1; n <= questions; n++ {
		began := time.Now()
		if err := a.ask(v, n); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	each := (processor() - before) / time.Duration(questions)
	fmt.Printf("| %s | %.0f ms | %.0f ms | %.0f ms | %d; the first %.0f ms |\n", a.name, ms(percentile(took, 50)), ms(percentile(took, 99)), ms(each), questions, ms(first))
	return nil
}

// processor is the time that this process has had of the processors.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (v *reader) get(path string) error {
	res, err := v.client.Get(v.at + path)
	return answered(res, err)
}

func (v *reader) post(path string, fields url.Values) error {
	res, err := v.client.PostForm(v.at+path, fields)
	return answered(res, err)
}

// answered reads an answer to its end, and fails unless it is a page.
func answered(res *http.Response, err error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}
