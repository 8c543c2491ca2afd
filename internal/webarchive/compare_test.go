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
