package desk_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward"
)

// TestADayOfEveryRole lets each role do what its day asks for in a browser, on a telephone without scripts and at a desk with
// them, and then walks through every kind of page that links lead to. Nothing may be asked of another machine, no page may
// complain in the console, be refused, or be wider than the screen. The three languages take turns.
func TestADayOfEveryRole(t *testing.T) {
	b := browser(t)
	langs := []string{"uk", "en", "ru"}
	ways := map[string]look{"telephone": {width: 360}, "desk": {width: 1280, scripts: true}}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stage(t)
			for i, role := range homeward.Roles {
				t.Run(string(role), func(t *testing.T) {
					way.lang = langs[(i+int(way.width))%len(langs)]
					d := &day{tab: s.tab(t, b, s.as(role, way.lang), way), s: s, look: way}
					d.watch()
					acts := workOf[role]
					if acts == nil {
						t.Fatal("nobody wrote down what this role's day asks for")
					}
					acts(d)
					d.walk("/")
					d.quiet()
				})
			}
		})
	}
}

// day is one role at work in a tab.
type day struct {
	*tab
	look look
	s    *staged
	mu   sync.Mutex
	odd  []string // what should not have happened
}

// watch takes down what the page asks of other machines and what it says in the console.
func (d *day) watch() {
	d.Helper()
	note := func(format string, args ...any) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.odd = append(d.odd, fmt.Sprintf(format, args...))
	}
	d.must(chromedp.Listen(d.ctx, func(ev any) {
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			if url := e.Request.URL; !strings.HasPrefix(url, d.server+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "blob:") {
				note("something was asked of another machine")
			}
		case *network.EventResponseReceived:
			if e.Response.Status >= 400 {
				note("%s answers %d", patternOf(strings.TrimPrefix(e.Response.URL, d.server)), e.Response.Status)
			}
		case *runtime.EventExceptionThrown:
			note("a script fails: %s", e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError {
				note("the console says: %s", e.Entry.Text)
			}
		}
	}))
	_, err := chromedp.Call(d.ctx, network.Enable, network.EnableParams{})
	d.must(err)
}

func (d *day) quiet() {
	d.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, odd := range d.odd {
		d.Error(odd)
	}
}

// fill writes into the fields of a form, by their names. A field "file" takes a file of that content.
func (d *day) fill(form string, fields map[string]string) {
	d.Helper()
	for name, value := range fields {
		set := `(() => { const f = document.querySelector(` + quoted(form) + `); if (!f) return "no form"; const e = f.elements.namedItem(` + quoted(name) + `); if (!e) return "no field"; `
		if name == "file" {
			set += `const d = new DataTransfer(); d.items.add(new File([` + quoted(value) + `], "list.csv")); e.files = d.files; return ""; })()`
		} else {
			set += `if (e.type === "checkbox") e.checked = true; else e.value = ` + quoted(value) + `; return e.value === "" ? "not taken" : ""; })()`
		}
		if problem := evaluate[string](d.tab, set); problem != "" {
			d.Fatalf("%s of %s: %s", name, patternOf(form), problem)
		}
	}
}

// press sends a form as a click on its button does, waits for the page it leads to, and wants no problem there.
func (d *day) press(form, button string) {
	d.Helper()
	problem := evaluate[string](d.tab, `(() => { const f = document.querySelector(`+quoted(form)+`); if (!f) return "no form"; const b = f.querySelector(`+quoted(button)+`); if (!b) return "no button";
		if (!f.checkValidity()) return "not valid: " + f.querySelector(":invalid").name; window.before = true; f.requestSubmit(b); return ""; })()`)
	if problem != "" {
		d.Fatalf("%s: %s", patternOf(form), problem)
	}
	for range 500 {
		now, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool](`!window.before && document.readyState === "complete"`))
		if err == nil && now {
			d.seen()
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.Fatalf("%s: no page came", patternOf(form))
}

// do fills and sends.
func (d *day) do(form, button string, fields map[string]string) {
	d.Helper()
	d.fill(form, fields)
	d.press(form, button)
}

// told wants the page to say that something was done.
func (d *day) told() {
	d.Helper()
	if !evaluate[bool](d.tab, `!!document.querySelector("[role=status]")`) {
		d.Errorf("%s does not say that it was done", patternOf(d.at()))
	}
}

func (d *day) at() string {
	d.Helper()
	return evaluate[string](d.tab, `location.pathname`)
}

// seen holds a page against what every page owes.
func (d *day) seen() {
	d.Helper()
	at := patternOf(d.at())
	if problem := evaluate[bool](d.tab, `!!document.querySelector("main [role=alert], .problem")`); problem && at != "/design" { // it shows every component
		d.Errorf("%s tells of a problem", at)
	}
	if lang := evaluate[string](d.tab, `document.documentElement.lang`); lang != d.look.lang {
		d.Errorf("%s is in %q", at, lang)
	}
	d.fits(at, d.look.width)
}

// walk goes to one page of every kind that links lead to.
func (d *day) walk(start string) {
	d.Helper()
	todo, known := []string{start}, map[string]bool{patternOf(start): true}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		d.open(path)
		d.seen()
		for _, to := range evaluate[[]string](d.tab, `[...document.querySelectorAll("a[href^='/']:not([download])")].map(a => a.getAttribute("href"))`) {
			if p := patternOf(to); !known[p] {
				known[p] = true
				todo = append(todo, to)
			}
		}
	}
	if len(known) < 5 {
		d.Errorf("only %d kinds of pages are reached", len(known))
	}
}

var idInPath = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}(\.[0-9a-f-]{36})?|[A-Z2-7]{26}`)

// patternOf names an address without its ids and questions: it is the same for all pages of a kind, and holds no words.
func patternOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	return idInPath.ReplaceAllString(path, "*")
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string is always JSON
	}
	return string(text)
}

// pairAwaiting returns a pair that waits for a decision of the reader's role and moves nothing grave.
func (d *day) pairAwaiting() string {
	d.Helper()
	reader := d.s.as(homeward.RoleTracingOfficer, d.look.lang)
	for _, p := range d.s.pairs(homeward.PairProposed) {
		at := "/pairs/" + string(p.ID)
		if v, err := d.s.stages.Review.Pair(ctx, homeward.System, p.ID); err != nil {
			d.Fatal(err)
		} else if !v.Grave && strings.Contains(reader.get(at).text, `action="`+at+`/decide"`) {
			return at
		}
	}
	d.Fatal("no pair waits for a tracing officer on which nothing grave hangs")
	return ""
}
