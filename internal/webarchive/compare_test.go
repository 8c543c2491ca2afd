package webarchive

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestTheDifferenceOfTwoCapturesIsFacts compares a list with itself a month later: one child is gone, one has another age, one is new.
func TestTheDifferenceOfTwoCapturesIsFacts(t *testing.T) {
	later := strings.NewReplacer(
		`<li><a href="/child/1"><img src="1.jpg" alt="фото"></a><p>Марко&nbsp;В., 4 роки</p></li>`, `<li><a href="/child/3">Нова Н.</a>, 2 роки</li>`,
		"<b>років</b>", "<b>рочків</b>", "<h1>Список</h1>", "<h1>Перелік</h1>",
	).Replace(listing)
	c := made(later)
	c.Title = "Чекають"
	got := Compare(readAll(written(t, made(listing)), Usual), readAll(written(t, c), Usual))
	const page, child = "https://list.example/", "https://list.example/child/"
	want := []Fact{
		{Changed, "title", page, "", "Діти, яких чекають", "Чекають"},
		{Vanished, "listing", page, child + "1", "фото Марко В., 4 роки", ""},
		{Changed, "listing", page, child + "2", "Оля Г., 7 років", "Оля Г., 7 рочків"},
		{Appeared, "listing", page, child + "3", "", "Нова Н., 2 роки"},
		{Vanished, "line", page, "", "Список", ""},
		{Vanished, "line", page, "", "фото", ""},
		{Vanished, "line", page, "", "Марко В., 4 роки", ""},
		{Appeared, "line", page, "", "", "Перелік"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	gone := made("<p>немає")
	gone.Exchanges[0].Status, gone.Exchanges[0].Response = 404, []byte("HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\n\r\n")
	facts := Compare(readAll(written(t, made(listing)), Usual), readAll(written(t, gone), Usual))
	if !slices.Contains(facts, Fact{Changed, "status", page, "", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"}) {
		t.Errorf("a page that is gone: %q", facts)
	}
	other := readAll(written(t, made(listing)), Usual)
	other.Pages[0].URL += "2"
	if facts := Compare(readAll(written(t, made(listing)), Usual), other); len(facts) != 2 || facts[0].Change != Vanished || facts[1].Change != Appeared {
		t.Errorf("another page: %q", facts)
	}
}

// TestComparingIsALaw: a capture does not differ from itself, and looked at backwards what vanished appeared.
func TestComparingIsALaw(t *testing.T) {
	page := rapid.Custom(func(t *rapid.T) Report {
		p := Page{URL: "https://x.example/", Text: strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-d]{1,2}`), 0, 9).Draw(t, "lines"), "\n")}
		for _, to := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-d]`), 0, 4, rapid.ID[string]).Draw(t, "links") {
			p.Links = append(p.Links, Link{to, rapid.StringMatching(`[a-d]`).Draw(t, "text")})
		}
		return Report{Pages: []Page{p}}
	})
	count := func(facts []Fact, c Change) (n int) {
		for _, f := range facts {
			if f.Change == c {
				n++
			}
		}
		return n
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := page.Draw(t, "a"), page.Draw(t, "b")
		if facts := Compare(a, a); len(facts) != 0 {
			t.Fatalf("differs from itself: %v", facts)
		}
		there, back := Compare(a, b), Compare(b, a)
		if count(there, Vanished) != count(back, Appeared) || count(there, Appeared) != count(back, Vanished) || count(there, Changed) != count(back, Changed) {
			t.Fatalf("there %v, back %v", there, back)
		}
	})
}

// TestWhatWasNotReadHasNotVanished compares a page with captures that do not hold it, or hold more than is read: nothing is said to
// have vanished, and why is told.
func TestWhatWasNotReadHasNotVanished(t *testing.T) {
	const page, head = "https://list.example/", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	with := func(change func(*Capture)) Report {
		c := made(listing)
		change(&c)
		return readAll(written(t, c), Usual)
	}
	few, short := Usual, Usual
	few.Links, short.Text = 2, 60
	whole := with(func(*Capture) {})
	for name, x := range map[string]struct {
		r   Report
		why string
	}{
		"encoded": {with(func(c *Capture) {
			c.Exchanges[0].Response, c.Exchanges[0].Body = []byte(head+"Content-Encoding: br\r\n\r\n"), []byte("\x1b\x03")
		}), "encoded"},
		"cut": {with(func(c *Capture) { c.Exchanges[0].Body, c.Exchanges[0].Cut = nil, true }), "cut-short"},
		"no text": {with(func(c *Capture) {
			c.Exchanges[0].Response = []byte("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n")
		}), "no-text"},
		"tangled":      {with(func(c *Capture) { c.Exchanges[0].Body = []byte(strings.Repeat("<div>", 5000) + "x") }), "no-text"},
		"no answer":    {with(func(c *Capture) { c.Exchanges = c.Exchanges[1:] }), "no-page"},
		"many links":   {readAll(written(t, made(listing)), few), "cut"},
		"a long text":  {readAll(written(t, made(listing)), short), "cut"},
		"a long piece": {readAll(written(t, made("<p>"+strings.Repeat("x", 70))), short), "cut"},
	} {
		for _, pair := range [][2]Report{{whole, x.r}, {x.r, whole}} {
			facts := Compare(pair[0], pair[1])
			if gaps := Uncompared(pair[0], pair[1]); len(facts) != 0 || !slices.Equal(gaps, []Gap{{page, x.why}}) {
				t.Errorf("%s: facts %q, not compared %q", name, facts, gaps)
			}
		}
		if x.r.Verdict != Whole || has(x.r, CutShort) != (x.why == "cut-short") {
			t.Errorf("%s: %s", name, told(x.r))
		}
	}
	if gaps := Uncompared(whole, whole); len(gaps) != 0 {
		t.Errorf("a whole page: %q", gaps)
	}
}

// TestPagesBehindTheLimitHaveNotVanished compares archives of which only some pages are kept.
func TestPagesBehindTheLimitHaveNotVanished(t *testing.T) {
	one := Usual
	one.Pages = 1
	second := strings.ReplaceAll(withLength(answer("<p>2", ""), ""), "x.example/", "y.example/")
	content := []byte(withLength(answer("<p>1", ""), "") + second)
	listed := changed(t, written(t, made(listing)), pagesFile, func(s string) string { return s + `{"url":"https://y.example/"}` + "\n" })
	for name, content := range map[string][]byte{"WARC": content, "WACZ": listed} {
		all, some := readAll(content, Usual), readAll(content, one)
		if len(all.Pages) != 2 || all.Cut || len(some.Pages) != 1 || !some.Cut {
			t.Fatalf("%s: %d pages, cut %v; %d pages, cut %v", name, len(all.Pages), all.Cut, len(some.Pages), some.Cut)
		}
		for _, pair := range [][2]Report{{all, some}, {some, all}} {
			facts, gaps := Compare(pair[0], pair[1]), Uncompared(pair[0], pair[1])
			if len(facts) != 0 || !slices.Contains(gaps, Gap{Why: "more-pages"}) {
				t.Errorf("%s: facts %q, not compared %q", name, facts, gaps)
			}
		}
	}
}

// TestARevisitDoesNotHideThePage puts a reference to an earlier answer before the answer, and alone.
func TestARevisitDoesNotHideThePage(t *testing.T) {
	page := withLength("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>тут", "")
	revisit := strings.Replace(withLength(answer("", ""), ""), "WARC-Type: response", "WARC-Type: revisit", 1)
	gone := withLength("HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>x", "")
	for name, content := range map[string]string{"before": revisit + page, "behind": page + revisit, "with an error between": revisit + gone + page} {
		if r := readAll([]byte(content), Usual); len(r.Pages) != 1 || r.Pages[0].Text != "тут" || r.Pages[0].Unread != "" || r.Pages[0].Status != 200 {
			t.Errorf("%s: %+v", name, r.Pages)
		}
	}
	alone := readAll([]byte(revisit), Usual)
	if len(alone.Pages) != 1 || alone.Pages[0].Unread != UnreadRevisit {
		t.Fatalf("alone: %+v", alone.Pages)
	}
	if facts := Compare(readAll([]byte(page), Usual), alone); len(facts) != 0 {
		t.Errorf("what is kept elsewhere vanished: %q", facts)
	}
}
