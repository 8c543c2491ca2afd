package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	randv2 "math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/desk"
)

// The desk under the questions of a whole organisation: the program itself serves a register of full size, in a process of its own, and
// eight supervisors, signed in by password over HTTP, ask for its pages mixed. Questions come when they come, whether those before are
// answered or not, so that waiting counts; two in a hundred are decisions, so that the register grows meanwhile. Nothing is
// asked beforehand but one search, which tells when the index is there.

const (
	perSecond   = 50
	readers     = 8
	mostAtOnce  = 1000            // questions under way; more are counted as failed
	mostAsked   = 20_000          // in one measure
	askPatience = 2 * time.Minute // for one answer
)

// load measures the pages under questions that come mixed.
func load(s sizes) error {
	if s.queries > mostAsked {
		return fmt.Errorf("at most %d questions in one measure", mostAsked)
	}
	dir := filepath.Join(cmp.Or(s.dir, os.TempDir()), "invented")
	if err := fullRegister(dir, s.rows); err != nil {
		return err
	}
	if err := steps(dir, "Brought up to date", "again"); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	password := rand.Text()
	v, names, err := employed(ctx, dir, password)
	if err != nil {
		return err
	}
	server, err := serveDesk(ctx, dir)
	if err != nil {
		return err
	}
	err = v.underLoad(server, names, password, s.queries)
	if err := errors.Join(err, server.stop()); err != nil {
		return err
	}
	line("memory", "most_mib", peak(server.cmd.ProcessState)>>20)
	return nil
}

// underLoad lets the readers in, asks, and prints what it came to.
func (v *reader) underLoad(server *served, names []string, password string, questions int) error {
	began := time.Now()
	team, err := v.signIn(server.at, names, password)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	signed := time.Now()
	if err := team[0].post("/search", url.Values{"words": {v.words[0]}}); err != nil {
		return fmt.Errorf("first search: %w", err)
	}
	now, most := server.memory()
	line("start", "first_page", server.open, "processor", server.spent, "signed_in_after", server.open+signed.Sub(began), "first_search_after", server.open+time.Since(began), "processor", server.processor(), "mib", now, "most_mib", most)
	server.forget()
	spent := server.processor()
	began = time.Now()
	m := &mix{pages: append(v.pages(), deciding), team: team}
	m.run(questions)
	took := time.Since(began)
	spent = server.processor() - spent
	m.print(server)
	now, most = server.memory()
	line("load", "questions", questions, "per_second", perSecond, "seconds", took, "processor", spent, "mib", now, "most_mib", most)
	return m.failure()
}

// deciding is a question that writes: a pair is put off, with a reason. The pairs are those that others look at last.
var deciding = asking{"decide", 2, "POST /pairs/{pair}/decide", func(v *reader, n int) error {
	pair := v.pairs[len(v.pairs)-1-n%len(v.pairs)]
	return v.post("/pairs/"+string(pair)+"/decide", url.Values{"judgement": {string(homeward.Unsure)}, "reason": {"measured"}})
}}

// employed makes supervisors who may sign in, and remembers what there is to ask for.
func employed(ctx context.Context, dir, password string) (v *reader, names []string, err error) {
	db, err := store.Open(ctx, store.Settings{Dir: dir})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	hash, err := desk.HashPassword(password)
	if err != nil {
		return nil, nil, err
	}
	v = &reader{}
	if err := errors.Join(people(ctx, db), v.sample(ctx, db)); err != nil {
		return nil, nil, err
	}
	return v, names, db.Update(ctx, homeward.Operator, func(tx *store.Tx) error {
		names = nil
		for range readers {
			name := "asks-" + strings.ToLower(rand.Text())
			if _, err := tx.PutUser(name, homeward.RoleSupervisor, hash); err != nil {
				return err
			}
			names = append(names, name)
		}
		return nil
	})
}

// signIn lets the readers in, each with a jar of cookies of their own.
func (v *reader) signIn(at string, names []string, password string) (team []*reader, err error) {
	lines := &http.Transport{MaxIdleConns: mostAtOnce, MaxIdleConnsPerHost: mostAtOnce}
	for _, name := range names {
		r := *v
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		r.at, r.client = at, &http.Client{Jar: jar, Transport: lines, Timeout: askPatience}
		if err := r.post("/sign-in", url.Values{"name": {name}, "password": {password}}); err != nil {
			return nil, err
		}
		team = append(team, &r)
	}
	return team, nil
}

// mix asks for pages mixed, and notes how long each took from when it was due.
type mix struct {
	pages []asking
	team  []*reader

	mu     sync.Mutex
	took   map[string][]time.Duration
	failed map[string]int
	why    error // the first
}

// run asks so many questions. They come at random moments, so many a second in the mean.
func (m *mix) run(questions int) {
	m.took, m.failed = map[string][]time.Duration{}, map[string]int{}
	order, chance := m.order(questions), randv2.New(randv2.NewPCG(seed, seed))
	room := make(chan struct{}, mostAtOnce)
	var asked sync.WaitGroup
	due := time.Now()
	for n, page := range order {
		due = due.Add(time.Duration(chance.ExpFloat64() * float64(time.Second/perSecond)))
		at := due
		time.Sleep(time.Until(at))
		select {
		case room <- struct{}{}:
		default:
			m.note(page.name, 0, errors.New("too many questions are not answered yet"))
			continue
		}
		asked.Go(func() {
			err := page.ask(m.team[n%len(m.team)], n)
			m.note(page.name, time.Since(at), err)
			<-room
		})
	}
	asked.Wait()
}

// order is which page is asked for when: by their shares, the same in every run.
func (m *mix) order(questions int) []asking {
	total := 0
	for _, p := range m.pages {
		total += p.share
	}
	var out []asking
	for _, p := range m.pages {
		out = append(out, slices.Repeat([]asking{p}, int(math.Ceil(float64(questions*p.share)/float64(total))))...)
	}
	randv2.New(randv2.NewPCG(seed, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:questions]
}

func (m *mix) note(page string, took time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		m.took[page] = append(m.took[page], took)
		return
	}
	m.failed[page]++
	if m.why == nil {
		m.why = fmt.Errorf("%s: %w", page, err)
	}
}

// print prints a line a page: what the server's log says its answers took, and what they took from when they were due.
func (m *mix) print(server *served) {
	server.mu.Lock()
	defer server.mu.Unlock()
	fmt.Print("\n| page | questions | server: median | 95 of 100 | 99 | most | asked: median | 95 of 100 | 99 | most |\n|" + strings.Repeat(" --- |", 10) + "\n")
	var all, asked []time.Duration
	for _, p := range m.pages {
		fmt.Printf("| %s | %d |%s%s\n", p.name, len(m.took[p.name])+m.failed[p.name], cells(server.routes[p.route]), cells(m.took[p.name]))
		all, asked = append(all, server.routes[p.route]...), append(asked, m.took[p.name]...)
	}
	fmt.Printf("| all | %d |%s%s\n\n", len(asked), cells(all), cells(asked))
}

// cells are percentiles in milliseconds.
func cells(took []time.Duration) string {
	if len(took) == 0 {
		return strings.Repeat(" |", 4)
	}
	out := ""
	for _, p := range []int{50, 95, 99} {
		out += fmt.Sprintf(" %.0f |", ms(percentile(took, p)))
	}
	return out + fmt.Sprintf(" %.0f |", ms(slices.Max(took)))
}

// failure tells how many questions were not answered with a page.
func (m *mix) failure() error {
	n := 0
	for _, of := range m.failed {
		n += of
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d questions failed, the first: %w", n, m.why)
}
