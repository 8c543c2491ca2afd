package desk_test

import (
	"bytes"
	"cmp"
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

var ctx = context.Background()

// world is a desk over a register of invented children, with a user for each role.
type world struct {
	t      testing.TB
	db     *store.DB
	stages *pipeline.Pipeline
	server *httptest.Server
	log    *logBook
	team   map[homeward.Role]homeward.Actor
	truth  *synth.World
	desk   *desk.Desk
}

// logBook keeps what was logged.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// open makes a world of so many children; none leaves the register empty.
func open(t testing.TB, db *store.DB, children int, change ...func(*desk.Options)) *world {
	t.Helper()
	w := &world{t: t, db: db, stages: pipeline.New(db), log: &logBook{}, team: map[homeward.Role]homeward.Actor{}}
	w.addTeam()
	if children > 0 {
		w.bring(synth.Generate(synth.Options{Children: children, Seed: 1}))
	}
	o := desk.Options{DB: db, Pipeline: w.stages, Demo: true}
	for _, fn := range change {
		fn(&o)
	}
	w.serve(o)
	return w
}

// serve opens the desk to readers.
func (w *world) serve(o desk.Options) {
	w.serveAt(func(here string) desk.Options {
		o.Public = cmp.Or(o.Public, here)
		return o
	})
}

// serveAt opens a desk that stands on where it is reached.
func (w *world) serveAt(stand func(here string) desk.Options) {
	w.server = httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(w.server.Listener.Addr().String())
	if err != nil {
		w.t.Fatal(err)
	}
	here := "http://localhost:" + port // no address in numbers: passkeys are bound to a name
	o := stand(here)
	o.Logger = slog.New(slog.NewTextHandler(w.log, nil))
	d := desk.New(o)
	w.desk = d
	w.server.Config.Handler = d
	w.server.Start()
	w.server.URL = here
	w.t.Cleanup(func() {
		w.server.Close()
		d.Close()
	})
}

func (w *world) addTeam() {
	w.t.Helper()
	err := w.db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		for _, role := range homeward.Roles {
			u, err := tx.PutUser(string(role), role, "")
			if err != nil {
				return err
			}
			w.team[role] = u.Actor()
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// bring imports the lists of an invented world and the published figures, and brings every stage up to date.
func (w *world) bring(invented *synth.World) {
	w.t.Helper()
	w.truth = invented
	for _, l := range invented.Lists {
		text, err := l.Bytes()
		if err != nil {
			w.t.Fatal(err)
		}
		in := intake.Input{File: bytes.NewReader(text), Source: l.Source, Lang: l.Language, Edition: homeward.Exact(synth.EditionDay)}
		if _, err := intake.Import(ctx, w.db, homeward.Operator, in); err != nil {
			w.t.Fatalf("import %s: %v", l.Source, err)
		}
	}
	if _, _, err := statistics.ImportFigures(ctx, w.db, homeward.Operator, statistics.Published()); err != nil {
		w.t.Fatal(err)
	}
	w.run()
}

func (w *world) run() {
	w.t.Helper()
	if _, err := w.stages.Run(ctx, nil); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.View(ctx, homeward.System, fn); err != nil {
		w.t.Fatal(err)
	}
}

// pairs returns the pairs in a state, the most urgent first.
func (w *world) pairs(state homeward.PairState) (list []homeward.Pair) {
	w.t.Helper()
	w.view(func(tx *store.Tx) (err error) {
		list, err = tx.Pairs(store.PairFilter{State: state, Urgent: true})
		return err
	})
	return list
}

// reader is a browser with cookies of its own, without script.
type reader struct {
	*world
	client *http.Client
	lang   string
}

// page is an answer.
type page struct {
	status int
	at     string // path after redirects
	query  string // the same, with its query
	text   string // with character references resolved
	header http.Header
}

func (w *world) reader(lang string) *reader {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &reader{world: w, client: &http.Client{Jar: jar}, lang: lang}
}

// as returns a reader signed in as a role.
func (w *world) as(role homeward.Role, lang string) *reader {
	w.t.Helper()
	r := w.reader(lang)
	if p := r.post("/demo", url.Values{"role": {string(role)}, "next": {"/"}}); p.status != http.StatusOK {
		w.t.Fatalf("sign in as %s: %d", role, p.status)
	}
	return r
}

func (r *reader) get(path string) page {
	r.t.Helper()
	return r.do(http.MethodGet, path, "", nil)
}

func (r *reader) post(path string, form url.Values) page {
	r.t.Helper()
	return r.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func (r *reader) do(method, path, kind string, body io.Reader) page {
	r.t.Helper()
	req, err := http.NewRequest(method, r.server.URL+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", r.lang)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return r.send(req)
}

func (r *reader) send(req *http.Request) page {
	r.t.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return page{res.StatusCode, res.Request.URL.Path, res.Request.URL.RequestURI(), html.UnescapeString(string(text)), res.Header}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// words returns what a page says, without its markup.
func (p page) words() string { return tags.ReplaceAllString(p.text, " ") }

// want fails the test unless the page has the status and says every text.
func (p page) want(t testing.TB, status int, texts ...string) {
	t.Helper()
	if p.status != status {
		t.Fatalf("status %d, want %d", p.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(p.text, text) {
			t.Errorf("the page of %s does not say %q", p.at, text)
		}
	}
}

// wantNot fails the test when an answered page says any of the texts.
func (p page) wantNot(t testing.TB, texts ...string) {
	t.Helper()
	p.want(t, http.StatusOK)
	for _, text := range texts {
		if strings.Contains(p.text, text) {
			t.Errorf("the page of %s says %q", p.at, text)
		}
	}
}

// joined returns how many decisions "same" stand that a person took.
func (w *world) joined() (n int) {
	w.t.Helper()
	w.view(func(tx *store.Tx) error {
		n = 0
		list, err := tx.DecisionFacts()
		for _, d := range list {
			if d.Judgement == homeward.Same && d.Basis.Judged() && d.RevokedAt.IsZero() {
				n++
			}
		}
		return err
	})
	return n
}

// decide writes a judgement by an actor, and where it takes two, by the reviewer or the tracing officer as well.
func (w *world) decide(who homeward.Actor, pair homeward.PairID, j homeward.Judgement, reason string) homeward.Decision {
	w.t.Helper()
	out, err := w.stages.Review.Decide(ctx, who, pair, j, reason)
	if err == nil && out.Awaits == homeward.AwaitsSecond {
		second := w.team[homeward.RoleReviewer]
		if who == second {
			second = w.team[homeward.RoleTracingOfficer]
		}
		out, err = w.stages.Review.Decide(ctx, second, pair, j, reason)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Decision
}
