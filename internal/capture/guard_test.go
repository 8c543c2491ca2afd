package capture

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
)

// corpus are addresses that must never be asked: what they are, and how somebody may write them.
var corpus = []string{
	"http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://127.255.255.254/", "http://0/", "http://0.0.0.0/", "http://0.0.0.0:8080/", "http://2130706433/",
	"http://017700000001/", "http://0177.0.0.1/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0x7f.1/", "http://127.0.0.1./", "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/",
	"http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[0:0:0:0:0:ffff:10.0.0.1]/",
	"http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
	"http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[100::1]/", "http://[3fff::1]/", "http://[fec0::1]/",
	"http://10.0.0.1/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.127.255.255/", "http://169.254.169.254/latest/meta-data/",
	"http://169.254.170.2/", "http://192.0.0.192/", "http://198.18.0.1/", "http://203.0.113.1/", "http://192.0.2.1/", "http://198.51.100.1/", "http://224.0.0.1/", "http://239.255.255.250/",
	"http://240.0.0.1/", "http://255.255.255.255/", "http://0xa9fea9fe/", "http://2852039166/", "http://0251.0376.0251.0376/", "http://169.254.43518/", "http://0xA9.0xFE.0xA9.0xFE/",
	"http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://x.localhost/", "http://router.local/", "http://metadata.google.internal/", "http://intranet/", "http://db/", "http://nas.lan/",
	"http://router.home.arpa/", "http://1.0.0.127.in-addr.arpa/", "http://x.onion/", "http://x.test/", "http://ｌｏｃａｌｈｏｓｔ/",
	"http://example.org@127.0.0.1/", "http://user:word@example.org/", "http://127.0.0.1@example.org/", "http://example.org:80@10.0.0.1/", `http://example.org\@127.0.0.1/`, "http://example.org%00.local/",
	"http://%31%32%37.0.0.1/", "http:127.0.0.1", "http:///etc/passwd", "//127.0.0.1/", "file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:6379/_", "javascript:alert(1)", "data:text/html,x",
	"chrome://version", "view-source:http://127.0.0.1/", "blob:http://127.0.0.1/x", "ws://127.0.0.1/", "about:blank", "", "127.0.0.1", "http://", "http://.", "http://..", "http://exa mple.org/", "http://example.org:22/",
}

// reached is a server that must not be reached.
func reached(t *testing.T) (*httptest.Server, *int) {
	t.Helper()
	n := new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { *n++; io.WriteString(w, "inside") }))
	t.Cleanup(s.Close)
	return s, n
}

// closedGuard resolves names as a test says, and fails the test when anything is dialled.
func closedGuard(t *testing.T, resolve map[string][]string) *guard {
	t.Helper()
	g, err := newGuard()
	if err != nil {
		t.Fatal(err)
	}
	g.resolve = func(_ context.Context, host string) (out []netip.Addr, err error) {
		for _, a := range resolve[host] {
			out = append(out, netip.MustParseAddr(a))
		}
		if out == nil {
			err = errors.New("no such host")
		}
		return out, err
	}
	g.dial = func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
		t.Errorf("%s was dialled", to)
		return nil, errors.New("not dialled")
	}
	return g
}

// TestNoAddressOfTheCorpusIsAsked hands each to the check that comes before a browser is started, to what looks at every request
// of a page, and to the proxy, as if both had been passed.
func TestNoAddressOfTheCorpusIsAsked(t *testing.T) {
	g := closedGuard(t, map[string][]string{"example.org": {"127.0.0.1"}, "x.test": {"10.0.0.1"}})
	for _, address := range corpus {
		_, checked := g.check(address)
		admitted := g.admit(address)
		_, connected := Page(context.Background(), address, Options{NoSandbox: true, Program: "no-such-program"})
		if u, err := url.Parse(address); err == nil && u.Hostname() != "" && u.User == nil {
			hostport := strings.ToLower(net.JoinHostPort(u.Hostname(), portOf(u)))
			g.asked[hostport] = true
			if c, err := g.connect(context.Background(), hostport); err == nil {
				c.Close()
				t.Errorf("%q: connected", address)
			}
		}
		if address == "http://example.org:22/" { // its name may be looked at, its port may not
			continue
		}
		if !errors.Is(checked, homeward.ErrDenied) && !errors.Is(checked, homeward.ErrInvalid) || admitted {
			t.Errorf("%q: checked %v, admitted %v", address, checked, admitted)
		}
		if !errors.Is(connected, homeward.ErrDenied) && !errors.Is(connected, homeward.ErrInvalid) {
			t.Errorf("%q: a browser would have been started: %v", address, connected)
		}
		if checked != nil && len(address) > 12 && strings.Contains(checked.Error(), address) {
			t.Errorf("%q: the error repeats the address", address)
		}
	}
}

// TestANameIsResolvedOnceAndWhatWasLookedAtIsDialled: a name that is of the open web when it is looked at and of this machine a moment
// later (DNS rebinding), one with addresses of both kinds, and one of this machine's own.
func TestANameIsResolvedOnceAndWhatWasLookedAtIsDialled(t *testing.T) {
	g, asks := closedGuard(t, nil), 0
	var dialled []netip.AddrPort
	g.dial = func(_ context.Context, to netip.AddrPort) (net.Conn, error) {
		dialled = append(dialled, to)
		near, far := net.Pipe()
		far.Close()
		return near, nil
	}
	g.resolve = func(context.Context, string) ([]netip.Addr, error) {
		asks++
		if asks == 1 {
			return []netip.Addr{netip.MustParseAddr("::ffff:93.184.216.34")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	g.admit("https://rebind.example.com/")
	if _, err := g.connect(context.Background(), "rebind.example.com:443"); err != nil || asks != 1 {
		t.Fatalf("%d questions: %v", asks, err)
	}
	if len(dialled) != 1 || dialled[0] != netip.MustParseAddrPort("93.184.216.34:443") || g.address("rebind.example.com") != "93.184.216.34" {
		t.Errorf("dialled %v", dialled)
	}
	if _, err := g.connect(context.Background(), "rebind.example.com:443"); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("the name led inside: %v", err)
	}
	for _, bad := range [][]string{{"93.184.216.34", "10.0.0.1"}, {"64:ff9b::a00:1"}, {"2606:2800:220:1::1", "::1"}, {"100.64.0.1"}} {
		x := closedGuard(t, map[string][]string{"both.example.com": bad})
		x.admit("http://both.example.com/")
		if _, err := x.connect(context.Background(), "both.example.com:80"); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestNeighboursAreNotAsked: what lies in the networks of this machine is not of the open web, be its addresses public.
func TestNeighboursAreNotAsked(t *testing.T) {
	for _, x := range []struct {
		own, asked string
		open       bool
	}{
		{"93.184.216.99/24", "93.184.216.99", false}, {"93.184.216.99/24", "93.184.216.7", false}, {"93.184.216.99/24", "93.184.217.7", true},
		{"93.184.216.99/32", "93.184.216.99", false}, {"93.184.216.99/32", "93.184.216.7", true},
		{"2606:2800:220:1::1/64", "2606:2800:220:1::7", false}, {"2606:2800:220:1::1/64", "2606:2800:220:2::7", true},
		{"2606:2800:220:1::1/120", "2606:2800:220:1:9::7", false}, {"2606:2800:220:1::1/56", "2606:2800:220:2::7", false},
		{"2606:2800:220:1::1/128", "2606:2800:220:1::1", false}, {"2606:2800:220:1::1/128", "2606:2800:220:1::7", true},
	} {
		g := closedGuard(t, nil)
		g.own = []netip.Prefix{around(netip.MustParsePrefix(x.own))}
		if got := g.open(netip.AddrPortFrom(netip.MustParseAddr(x.asked), 443)); got != x.open {
			t.Errorf("%s of a machine at %s: %v", x.asked, x.own, got)
		}
	}
	g := closedGuard(t, map[string][]string{"near.example.com": {"93.184.216.7"}})
	g.own = append(g.own, around(netip.MustParsePrefix("93.184.216.99/24")))
	g.admit("http://near.example.com/")
	if _, err := g.connect(context.Background(), "near.example.com:80"); !errors.Is(err, homeward.ErrDenied) {
		t.Errorf("a neighbour: %v", err)
	}
}

// TestTheProxyLetsThroughOnlyWhatThePageAskedFor uses the proxy as a client that is not the page.
func TestTheProxyLetsThroughOnlyWhatThePageAskedFor(t *testing.T) {
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
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(p.url())}}
	ask := func(address string) int {
		res, err := client.Get(address)
		if err != nil {
			return 0
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := ask(inside.URL); got != http.StatusForbidden || *n != 0 {
		t.Errorf("not asked for: %d, reached %d times", got, *n)
	}
	host := strings.TrimPrefix(inside.URL, "http://")
	g.mu.Lock()
	g.asked[host] = true
	g.mu.Unlock()
	if got := ask(inside.URL); got != http.StatusForbidden || *n != 0 {
		t.Errorf("of this machine: %d, reached %d times", got, *n)
	}
	if got := ask("https://" + host); got != 0 || *n != 0 {
		t.Errorf("through a tunnel: %d, reached %d times", got, *n)
	}
	g.allowed = map[string]bool{host: true}
	if got := ask(inside.URL); got != http.StatusOK || *n != 1 {
		t.Errorf("the way that tests have: %d, reached %d times", got, *n)
	}
}

// TestWhatIsOfTheOpenWebMayBeAsked: a guard that refuses everything would pass the tests above.
func TestWhatIsOfTheOpenWebMayBeAsked(t *testing.T) {
	g := closedGuard(t, nil)
	for _, address := range []string{
		"https://example.org/", "http://example.org:8080/a?b#c", "https://приклад.укр/діти", "https://93.184.216.34/", "https://[2606:2800:220:1:248:1893:25c8:1946]/", "https://EXAMPLE.org./", "https://a_b.example.org/",
	} {
		if _, err := g.check(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}
