package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// options start chromium, or skip the test loudly where there is none.
func options(t *testing.T) Options {
	t.Helper()
	if _, err := program(""); err != nil {
		storetest.Require(t, "chromium")
	}
	return Options{Software: "Homeward test", NoSandbox: os.Geteuid() == 0}
}

// open is a site that tests alone may ask, with a page that wants what is inside in every way that a page has.
func open(t *testing.T, inside string) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Seen", "yes")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<title>Перелік</title><link rel=stylesheet href="/style.css"><link rel=preconnect href="%[1]s"><link rel=dns-prefetch href="%[1]s"><link rel=prefetch href="%[1]s/prefetch">
<h1>Діти</h1><div id=more></div><img src="%[1]s/picture"><iframe src="%[1]s/frame"></iframe><img src="/away"><script src="%[1]s/script"></script>
<script>
fetch("%[1]s/fetch",{mode:"no-cors"}).catch(()=>{});
navigator.sendBeacon("%[1]s/beacon","x");
try { new WebSocket("%[1]s/socket".replace("http","ws")) } catch(e) {}
try { new EventSource("%[1]s/events") } catch(e) {}
try { new Worker(URL.createObjectURL(new Blob(["fetch('%[1]s/worker',{mode:'no-cors'})"]))) } catch(e) {}
try { var p = new RTCPeerConnection({iceServers:[{urls:"stun:127.0.0.1:3478"}]}); p.createDataChannel("x"); p.createOffer().then(o=>p.setLocalDescription(o)) } catch(e) {}
fetch("/child").then(r=>r.text()).then(t=>{document.getElementById("more").innerHTML=t});
</script>`, inside)
	})
	mux.HandleFunc("/style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		fmt.Fprintf(w, `@import url("%s/style"); body { background: url("%s/background") }`, inside, inside)
	})
	mux.HandleFunc("/child", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<p><a href="/child/1">Марко Вигаданенко</a>, 4 роки</p>`)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside+"/redirect", http.StatusFound)
	})
	mux.HandleFunc("/out", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside+"/page", http.StatusFound) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/refresh", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<meta http-equiv=refresh content="0;url=%s/refresh"><p>x`, inside)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func allowing(t *testing.T, s *httptest.Server) *guard {
	t.Helper()
	g, err := newGuard()
	if err != nil {
		t.Fatal(err)
	}
	g.allowed = map[string]bool{strings.TrimPrefix(s.URL, "http://"): true}
	return g
}

// TestAPageIsCapturedAndReachesNothingInside captures a page that wants what is inside in every way it can: nothing of that is reached, and what
// the page is, with what it loaded later, is in a WACZ that is whole.
func TestAPageIsCapturedAndReachesNothingInside(t *testing.T) {
	o := options(t)
	inside, n := reached(t)
	site := open(t, inside.URL)
	c, err := allowing(t, site).page(context.Background(), site.URL+"/moved", o)
	if err != nil {
		t.Fatal(err)
	}
	if *n != 0 {
		t.Errorf("what is inside was reached %d times", *n)
	}
	if len(c.Refused) == 0 || c.Final != site.URL+"/" || c.Title != "Перелік" || !strings.Contains(c.Browser, "Chrome") {
		t.Errorf("refused %d, final %s, title %q, browser %q", len(c.Refused), c.Final, c.Title, c.Browser)
	}
	key, err := webarchive.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := webarchive.Write(&out, c, &key); err != nil {
		t.Fatal(err)
	}
	r := webarchive.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), webarchive.Usual)
	if r.Verdict != webarchive.Whole || len(r.Pages) != 1 || r.Pages[0].Status != 200 || r.Signature == nil || !r.Signature.Valid || r.Picture == nil || !bytes.HasPrefix(r.Picture.Content, []byte("\x89PNG")) {
		t.Fatalf("%s: %v: %+v", r.Verdict, r.Findings, r.Pages)
	}
	if p := r.Pages[0]; p.Text != "Діти" || !strings.Contains(p.Head, "X-Seen: yes") {
		t.Errorf("text %q, head %q", p.Text, p.Head)
	}
	asked := map[string]webarchive.Exchange{}
	for _, x := range c.Exchanges {
		asked[strings.TrimPrefix(x.URL, site.URL)] = x
	}
	if x := asked["/child"]; !strings.Contains(string(x.Body), "Марко") || !strings.Contains(string(x.Request), "User-Agent: ") || x.Address != "127.0.0.1" {
		t.Errorf("what was loaded later: %q", x.Request)
	}
	if asked["/moved"].Status != http.StatusMovedPermanently || asked["/style.css"].Status != 200 {
		t.Errorf("answers: %d, %d", asked["/moved"].Status, asked["/style.css"].Status)
	}
}

// TestTheCertificatesOfHostsAreKept captures a page over TLS; the chain in the archive is the one that the site showed. A browser that
// does not believe the site captures nothing.
func TestTheCertificatesOfHostsAreKept(t *testing.T) {
	o := options(t)
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<title>x</title><p>x")
	}))
	defer site.Close()
	g, err := newGuard()
	if err != nil {
		t.Fatal(err)
	}
	g.allowed = map[string]bool{strings.TrimPrefix(site.URL, "https://"): true}
	if _, err := g.page(context.Background(), site.URL, o); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
	g.flags = []chromedp.ExecAllocatorOption{chromedp.Flag("ignore-certificate-errors", true)}
	c, err := g.page(context.Background(), site.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Certificates) != 1 || len(c.Certificates[0].Certificates) == 0 || !bytes.Equal(c.Certificates[0].Certificates[0], site.Certificate().Raw) {
		t.Errorf("certificates %v, notes %v", c.Certificates, c.Notes)
	}
}

// TestWhatLeadsInsideIsRefused opens pages that redirect inside, in the answer or in the page.
func TestWhatLeadsInsideIsRefused(t *testing.T) {
	o := options(t)
	inside, n := reached(t)
	site := open(t, inside.URL)
	for _, path := range []string{"/out", "/refresh"} {
		c, err := allowing(t, site).page(context.Background(), site.URL+path, o)
		if path == "/out" && !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("%s: %v", path, err)
		}
		if len(c.Refused) == 0 || *n != 0 {
			t.Errorf("%s: %d refused, inside was reached %d times", path, len(c.Refused), *n)
		}
	}
}

// TestThereIsNoOtherWayOut starts chromium as a capture does, without anything that looks at its requests, and lets it ask for what is
// inside by address and by name: it comes by the proxy, which refuses it.
func TestThereIsNoOtherWayOut(t *testing.T) {
	o := options(t)
	inside, n := reached(t)
	g, err := newGuard()
	if err != nil {
		t.Fatal(err)
	}
	p, err := newProxy(g)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if o.Program, err = program(""); err != nil {
		t.Fatal(err)
	}
	all, stop := chromedp.NewExecAllocator(context.Background(), flags(p.url(), t.TempDir(), o)...)
	defer stop()
	tab, closeTab := chromedp.NewContext(all)
	defer closeTab()
	for _, address := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1), strings.Replace(inside.URL, "127.0.0.1", "[::1]", 1)} {
		// The proxy's answer has no body, which chromium calls a failure of its status.
		if err := chromedp.Do(tab, chromedp.Navigate(address)); err == nil || !strings.Contains(err.Error(), "HTTP_RESPONSE_CODE") {
			t.Errorf("%s: not answered by the proxy: %v", address, err)
		}
	}
	if *n != 0 {
		t.Errorf("reached %d times", *n)
	}
}

// TestTheHomeOfTheBrowserIsItsOwn starts a program that tells its home in place of chromium: nobody else has put anything there, and it is gone afterwards.
func TestTheHomeOfTheBrowserIsItsOwn(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "chromium")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho $HOME >"+dir+"/home\nls -A $HOME >"+dir+"/inside\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Page(context.Background(), "https://example.org/", Options{Program: program, NoSandbox: true}); !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("a program that is no chromium: %v", err)
	}
	said, err := os.ReadFile(dir + "/home")
	if err != nil {
		t.Fatal(err)
	}
	home := strings.TrimSpace(string(said))
	if inside, err := os.ReadFile(dir + "/inside"); err != nil || len(inside) != 0 || home == os.TempDir() || home == os.Getenv("HOME") {
		t.Errorf("home %s, inside %q: %v", home, inside, err)
	}
	if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the home is still there: %v", err)
	}
}

// TestWithoutChromiumOrSandboxNothingIsCaptured names what is missing.
func TestWithoutChromiumOrSandboxNothingIsCaptured(t *testing.T) {
	_, err := Page(context.Background(), "https://example.org/", Options{Program: "no-such-program", NoSandbox: true})
	if !errors.Is(err, homeward.ErrUnavailable) {
		t.Errorf("no chromium: %v", err)
	}
	self, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Page(context.Background(), "https://example.org/", Options{Program: self}); os.Geteuid() == 0 && !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("root: %v", err)
	} else if err == nil {
		t.Error("a program that does nothing captures a page")
	}
}
