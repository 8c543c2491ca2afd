package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/webarchive"
)

// TestWhatIsNotKeptIsTold adds answers that are cut, too large, and too many.
func TestWhatIsNotKeptIsTold(t *testing.T) {
	k := &keeper{left: 10}
	k.add(webarchive.Exchange{Body: []byte("123")})
	if got := k.told(); len(got) != 0 {
		t.Errorf("nothing is lost: %q", got)
	}
	k.add(webarchive.Exchange{Cut: true})
	k.add(webarchive.Exchange{Body: []byte("12345678")})
	if x := k.exchanges()[2]; !x.Cut || len(x.Body) != 0 {
		t.Errorf("more than there is room for: %+v", x)
	}
	k.add(webarchive.Exchange{RequestBody: []byte("12345678")})
	k.add(webarchive.Exchange{RequestBody: []byte("1234567"), Body: []byte("1")})
	if list := k.exchanges(); len(list[3].RequestBody) != 0 || len(list[4].RequestBody) != 7 || !list[4].Cut {
		t.Errorf("what is sent takes no room: %+v", list)
	}
	for range mostAnswers {
		k.add(webarchive.Exchange{})
	}
	want := []string{"answers whose body is not kept: 3", "requests whose body is not kept: 1", "answers behind the first 5000, which are not kept: 5"}
	if got := k.told(); !slices.Equal(got, want) || len(k.exchanges()) != mostAnswers {
		t.Errorf("got %q of %d answers", got, len(k.exchanges()))
	}
}

// serve captures a page of this markup from a site where every other address answers with "x", and reads what was written.
func serve(t *testing.T, markup string, o Options) (string, webarchive.Capture, webarchive.Report) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, markup)
		case "/never":
			<-r.Context().Done()
		default:
			io.WriteString(w, "x")
		}
	}))
	t.Cleanup(site.Close)
	c, err := allowing(t, site).page(context.Background(), site.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := webarchive.Write(&out, c, nil); err != nil {
		t.Fatal(err)
	}
	return site.URL, c, webarchive.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), webarchive.Usual)
}

// TestAPageCanNotSpoilItsArchive captures a page that asks for an address longer than an archive holds on a line, and calls itself by a name
// as long as a book.
func TestAPageCanNotSpoilItsArchive(t *testing.T) {
	long := `<p>Діти<script>document.title="x".repeat(5<<20); fetch("/long?"+"x".repeat(%d)).catch(()=>{})</script>`
	_, c, r := serve(t, fmt.Sprintf(long, 70<<10), options(t))
	if r.Verdict != webarchive.Whole || len(r.Pages) != 1 || r.Pages[0].Text != "Діти" || len(c.Title) != 500 {
		t.Errorf("%s: %v, %d pages, a title of %d bytes", r.Verdict, r.Findings, len(r.Pages), len(c.Title))
	}
	if !slices.ContainsFunc(c.Notes, func(n string) bool { return strings.Contains(n, "32 KiB") }) {
		t.Errorf("what is not kept is not told: %q", c.Notes)
	}
}

// TestTheAddressOfAPageIsTheOneThatAnswered captures a page whose script shows another address as its own: one that was never asked, and
// one that answered with something else.
func TestTheAddressOfAPageIsTheOneThatAnswered(t *testing.T) {
	for _, shown := range []string{"/nowhere", "/other"} {
		site, c, r := serve(t, `<p>Діти<script>fetch("/other").then(() => history.replaceState(null, "", "`+shown+`"))</script>`, options(t))
		if c.Final != site+"/" || r.Verdict != webarchive.Whole || r.Pages[0].Status != 200 || r.Pages[0].Text != "Діти" {
			t.Errorf("%s: final %s, %v, %+v", shown, c.Final, r.Findings, r.Pages)
		}
		if !slices.ContainsFunc(c.Notes, func(n string) bool { return strings.HasSuffix(n, site+shown) }) {
			t.Errorf("%s is not told: %q", shown, c.Notes)
		}
	}
}

// TestAPageThatNeverEndsIsCaptured captures a page that waits for somebody to press a button, and for a picture that never comes.
func TestAPageThatNeverEndsIsCaptured(t *testing.T) {
	o := options(t)
	o.Long = 12 * time.Second
	_, c, r := serve(t, `<p>Діти<script>alert("x"); if (!confirm("y")) document.title = prompt("z") || "далі"</script><img src="/never">`, o)
	if r.Verdict != webarchive.Whole || r.Pages[0].Text != "Діти" || c.Title != "далі" || r.Picture == nil {
		t.Errorf("%s: %v, title %q, %+v", r.Verdict, r.Findings, c.Title, r.Pages)
	}
	if !slices.ContainsFunc(c.Notes, func(n string) bool { return strings.Contains(n, "did not finish") }) {
		t.Errorf("that it did not end is not told: %q", c.Notes)
	}
}
