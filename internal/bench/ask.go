package main

import (
	"runtime"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// listed is how far down an answer is looked at.
const listed = 20

// namesakes are the children who bear a given name that is asked for, and a family name that begins as the one asked for.
type namesakes map[[2]string][]synth.Row

func namesakesOf(p *synth.Population, questions int) namesakes {
	n := namesakes{}
	for q := range questions {
		n[named(p.Ask(q).Row)] = nil
	}
	for r := range p.All() {
		if same, asked := n[named(r)]; asked {
			n[named(r)] = append(same, synth.Row{Family: r.Family, Birthday: r.Birthday, Patronymic: r.Patronymic})
		}
	}
	return n
}

func named(r synth.Row) [2]string { return [2]string{r.Given, begun(r.Family)} }

// of counts those whom what is asked does not tell apart, the one meant included.
func (n namesakes) of(a synth.Asked, fits func(synth.Asked, synth.Row) bool) (count int) {
	for _, r := range n[named(a.Row)] {
		count += one(fits(a, r))
	}
	return count
}

// recall sums up where the child meant stood in the answers. A child is found first only when it stands before everybody
// else, namesakes included; alone is over the questions whose name nobody else bears. The ceiling is what somebody would
// reach who finds every namesake and can but guess among them.
type recall struct {
	asked, alone          int
	first, five           int
	firstAlone, fiveAlone int
	ceiling               float64
}

func (r *recall) note(place, namesakes int) {
	r.asked++
	r.ceiling += 1 / float64(namesakes)
	r.first += below(place, 1)
	r.five += below(place, 5)
	if namesakes == 1 {
		r.alone++
		r.firstAlone += below(place, 1)
		r.fiveAlone += below(place, 5)
	}
}

// below is 1 where a place, from 0, is among the first n; -1 is no place.
func below(place, n int) int {
	if place >= 0 && place < n {
		return 1
	}
	return 0
}

func (r *recall) print(name string, more ...any) {
	line(name, append([]any{"questions", r.asked, "alone", share(r.alone, r.asked), "r1_alone", share(r.firstAlone, r.alone), "r5_alone", share(r.fiveAlone, r.alone),
		"r1", share(r.first, r.asked), "r5", share(r.five, r.asked), "r1_ceiling", r.ceiling / float64(max(r.asked, 1))}, more...)...)
}

// way is a way to ask for a child.
type way struct {
	name  string
	query func(synth.Asked) linkage.Query
	fits  func(synth.Asked, synth.Row) bool // a namesake agrees with all that is asked
}

var ways = []way{
	{"name", func(a synth.Asked) linkage.Query { return linkage.Query{Name: a.Name()} }, sameName},
	{"name-year", func(a synth.Asked) linkage.Query { return linkage.Query{Name: a.Name(), Births: aboutYear(a.Year)} }, bornAbout},
	{"name-latin", func(a synth.Asked) linkage.Query { return linkage.Query{Name: a.Latin} }, sameName},
	{"name-full", func(a synth.Asked) linkage.Query { return linkage.Query{Name: a.Name() + " " + a.Row.Patronymic} }, sameFather},
	{"name-begun", func(a synth.Asked) linkage.Query { return linkage.Query{Name: a.Row.Given + " " + begun(a.Row.Family)} }, begunAlike},
}

func sameName(a synth.Asked, r synth.Row) bool { return a.Row.Family == r.Family }

func begunAlike(synth.Asked, synth.Row) bool { return true }

func bornAbout(a synth.Asked, r synth.Row) bool {
	year := r.Birthday.Time().Year()
	return sameName(a, r) && year >= a.Year-1 && year <= a.Year+1
}

func sameFather(a synth.Asked, r synth.Row) bool {
	return sameName(a, r) && a.Row.Patronymic == r.Patronymic
}

// aboutYear is a year or a neighbour of it.
func aboutYear(year int) []homeward.Date {
	return []homeward.Date{{From: homeward.YMD(year-1, 1, 1), To: homeward.YMD(year+1, 12, 31), Precision: homeward.PrecisionRange}}
}

// begun is a word of which somebody has typed five letters.
func begun(word string) string {
	letters := []rune(word)
	return string(letters[:min(5, len(letters))])
}

// ask looks for children among a clean population, in each way, and times the answers.
func ask(s sizes) error {
	began := time.Now()
	c := newCrowd(s.rows, false)
	model := linkage.Train(c.index, linkage.Options{})
	line("ask-index", "rows", s.rows, "seconds", time.Since(began), "mib", mostMemory())
	sakes := namesakesOf(c.Population, s.queries)
	var all []time.Duration
	for _, w := range ways {
		r, took, allocated := w.ask(s, c, model, sakes)
		r.print("ask-"+w.name, "rows", s.rows, "p50_ms", ms(percentile(took, 50)), "p99_ms", ms(percentile(took, 99)), "allocations", allocated)
		all = append(all, took...)
	}
	line("latency", "rows", s.rows, "answers", len(all), "p50_ms", ms(percentile(all, 50)), "p99_ms", ms(percentile(all, 99)), "mib", mostMemory())
	return nil
}

// ask asks every question in one way. allocated is how many allocations an answer took.
func (w way) ask(s sizes, c crowd, model *linkage.Model, sakes namesakes) (r recall, took []time.Duration, allocated int) {
	for q := range s.queries {
		a := c.Ask(q)
		query := w.query(a)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		hits := c.index.Search(model, query, listed)
		took = append(took, time.Since(began))
		runtime.ReadMemStats(&after)
		allocated += int(after.Mallocs - before.Mallocs)
		place := slices.IndexFunc(hits, func(h linkage.Hit) bool { return h.ID == a.Row.ID })
		r.note(place, sakes.of(a, w.fits))
	}
	return r, took, allocated / s.queries
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// percentile sorts the durations and returns the one below which p of a hundred lie.
func percentile(took []time.Duration, p int) time.Duration {
	slices.Sort(took)
	return took[min(len(took)*p/100, len(took)-1)]
}

// rank looks for the same children by names alone.
func rank(s sizes) error {
	began := time.Now()
	p := synth.Populate(synth.PopulationOptions{Rows: s.rows, Clean: true, Seed: seed})
	index := names.NewIndex()
	for r := range p.All() {
		index.Add(names.ParseParts(r.Given, "", r.Family))
	}
	line("names-index", "rows", s.rows, "seconds", time.Since(began), "mib", mostMemory())
	sakes, ranker := namesakesOf(p, s.queries), index.Ranker()
	for _, w := range []struct {
		name string
		text func(synth.Asked) string
	}{{"names-name", synth.Asked.Name}, {"names-latin", func(a synth.Asked) string { return a.Latin }}} {
		var r recall
		var took []time.Duration
		for q := range s.queries {
			a := p.Ask(q)
			began := time.Now()
			ranked := ranker.Rank(names.Parse(w.text(a)), listed)
			took = append(took, time.Since(began))
			r.note(slices.IndexFunc(ranked, func(x names.Ranked) bool { return x.At == a.Row.Number }), sakes.of(a, sameName))
		}
		r.print(w.name, "rows", s.rows, "p50_ms", ms(percentile(took, 50)), "p99_ms", ms(percentile(took, 99)))
	}
	return nil
}
