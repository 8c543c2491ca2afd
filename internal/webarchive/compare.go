package webarchive

import (
	"cmp"
	"strings"
)

// Change is what became of something between two captures.
type Change string

const (
	Vanished Change = "vanished"
	Appeared Change = "appeared"
	Changed  Change = "changed"
)

// Fact is one difference of two captures.
type Fact struct {
	Change Change `json:"change"`
	What   string `json:"what"` // page, status, title, listing or line
	Page   string `json:"page"`
	URL    string `json:"url,omitempty"` // of a listing: where it leads
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Compare returns the differences of two captures, an earlier and a later one: pages that only one of them holds, and of those
// that both hold the status, the title, the listings (an address that the page leads to, with the text around it) and the lines of
// the text. Order is no fact: what only moved has not changed. What is said of a listing is not said again line by line where its text
// is one line. What was not read is no fact either: [Uncompared] tells of it.
func Compare(a, b Report) []Fact {
	facts := []Fact{}
	later := map[string]Page{}
	for _, p := range b.Pages {
		later[p.URL] = p
	}
	held := map[string]bool{}
	for _, p := range a.Pages {
		held[p.URL] = true
		if q, there := later[p.URL]; there {
			facts = append(facts, comparePages(p, q)...)
		} else if !b.Cut {
			facts = append(facts, Fact{Change: Vanished, What: "page", Page: p.URL, Before: p.Title})
		}
	}
	for _, q := range b.Pages {
		if !held[q.URL] && !a.Cut {
			facts = append(facts, Fact{Change: Appeared, What: "page", Page: q.URL, After: q.Title})
		}
	}
	return facts
}

// Gap is something that was not compared, and why: the reason that a page was not read, or "no-page": its answer is not in the archive.
// "cut": a page is longer than is read here; of it status and title alone are compared. "more-pages": there are more than are read here.
type Gap struct {
	Page string `json:"page,omitempty"`
	Why  string `json:"why"`
}

// Uncompared returns what [Compare] leaves out of two captures: of the pages that both hold, those of which it compares the status at most, or
// with it the title; and that a capture holds more pages.
func Uncompared(a, b Report) []Gap {
	gaps := []Gap{}
	later := map[string]Page{}
	for _, p := range b.Pages {
		later[p.URL] = p
	}
	for _, p := range a.Pages {
		if q, there := later[p.URL]; there && gap(p, q) != "" {
			gaps = append(gaps, Gap{p.URL, gap(p, q)})
		}
	}
	if a.Cut || b.Cut {
		gaps = append(gaps, Gap{Why: "more-pages"})
	}
	return gaps
}

// gap returns why two captures of a page can not be compared in full; empty when they can.
func gap(p, q Page) string {
	switch {
	case p.Status == 0 || q.Status == 0:
		return "no-page"
	case p.Unread != "" || q.Unread != "":
		return string(cmp.Or(p.Unread, q.Unread))
	case p.Cut || q.Cut:
		return "cut"
	}
	return ""
}

func comparePages(p, q Page) (facts []Fact) {
	add := func(c Change, what, url, before, after string) {
		facts = append(facts, Fact{c, what, p.URL, url, before, after})
	}
	first := func(head string) string { line, _, _ := strings.Cut(head, "\n"); return line }
	why := gap(p, q)
	if why == "no-page" {
		return nil
	}
	if p.Status != q.Status {
		add(Changed, "status", "", first(p.Head), first(q.Head))
	}
	if why != "" && why != "cut" {
		return facts
	}
	if p.Title != q.Title {
		add(Changed, "title", "", p.Title, q.Title)
	}
	if why == "cut" {
		return facts
	}
	return append(facts, compareTexts(p, q)...)
}

// compareTexts compares what two captures of a page lead to, and say.
func compareTexts(p, q Page) (facts []Fact) {
	add := func(c Change, what, url, before, after string) {
		facts = append(facts, Fact{c, what, p.URL, url, before, after})
	}
	told := map[string]bool{} // texts that a fact about a listing already tells
	after := texts(q.Links)
	for _, l := range p.Links {
		now, there := after[l.URL]
		switch {
		case !there:
			add(Vanished, "listing", l.URL, l.Text, "")
		case now != l.Text:
			add(Changed, "listing", l.URL, l.Text, now)
		default:
			continue
		}
		told[l.Text], told[now] = true, true
	}
	before := texts(p.Links)
	for _, l := range q.Links {
		if _, there := before[l.URL]; !there {
			add(Appeared, "listing", l.URL, "", l.Text)
			told[l.Text] = true
		}
	}
	for _, line := range only(p.Text, q.Text, told) {
		add(Vanished, "line", "", line, "")
	}
	for _, line := range only(q.Text, p.Text, told) {
		add(Appeared, "line", "", "", line)
	}
	return facts
}

func texts(links []Link) map[string]string {
	out := map[string]string{}
	for _, l := range links {
		out[l.URL] = l.Text
	}
	return out
}

// only returns the lines of one text that the other has not, or not as often.
func only(text, other string, told map[string]bool) (out []string) {
	left := map[string]int{}
	for _, line := range strings.Split(other, "\n") {
		left[line]++
	}
	for _, line := range strings.Split(text, "\n") {
		if left[line]--; left[line] < 0 && line != "" && !told[line] {
			out = append(out, line)
		}
	}
	return out
}
