package capture

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward"
	"golang.org/x/net/idna"
)

// guard decides what may be asked, and asks only that.
type guard struct {
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	dial    func(ctx context.Context, to netip.AddrPort) (net.Conn, error)
	own     []netip.Prefix                 // networks that this machine is in
	allowed map[string]bool                // of tests alone: hosts with ports that may be asked though they are not of the open web
	flags   []chromedp.ExecAllocatorOption // of tests alone: a browser that believes their certificates
	mu      sync.Mutex
	asked   map[string]bool       // hosts, with ports, that the page asked for
	dialled map[string]netip.Addr // by host: which address answered
	refused []string
}

// newGuard returns a guard of this machine's network.
func newGuard() (*guard, error) {
	g := &guard{asked: map[string]bool{}, dialled: map[string]netip.Addr{}}
	g.resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	g.dial = func(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
		d := net.Dialer{Timeout: 15 * time.Second}
		return d.DialContext(ctx, "tcp", to.String())
	}
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("capture: look at the addresses of this machine: %w", err)
	}
	for _, a := range found {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			g.own = append(g.own, around(p))
		}
	}
	return g, nil
}

// around returns the network of an interface, with the neighbours that it has there. Networks of IPv6 are /64 at the least (RFC 4291);
// an address that stands alone, as clouds give them, is itself.
func around(p netip.Prefix) netip.Prefix {
	if a := p.Addr(); a.Is6() && p.Bits() > 64 && p.Bits() < 128 {
		p = netip.PrefixFrom(a, 64)
	}
	return p.Masked()
}

// closed lists what is not of the open web, inside what could be. Of IPv6 only 2000::/3 is.
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
	"192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

var openV6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) (out []netip.Prefix) {
	for _, t := range texts {
		out = append(out, netip.MustParsePrefix(t))
	}
	return out
}

// open reports whether an address is one of the open web.
func (g *guard) open(to netip.AddrPort) bool {
	a := to.Addr()
	if a.Zone() != "" || a.Is4In6() || a.Is6() && !openV6.Contains(a) || to.Port() == 0 || to.Port() < 1024 && to.Port() != 80 && to.Port() != 443 {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	for _, own := range g.own {
		if own.Contains(a) {
			return false
		}
	}
	return true
}

var lookup = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// inner are the ends of names that never are of the open web.
var inner = []string{"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "home.arpa", "arpa", "test", "invalid", "onion", "alt"}

// checkHost refuses names that can not be of the open web, before anything is asked about them. An address is looked at when it is
// dialled.
func (g *guard) checkHost(host, port string) error {
	if g.allowed[net.JoinHostPort(host, port)] {
		return nil
	}
	name, err := lookup.ToASCII(strings.ToLower(host)) // as a browser reads it: digits in circles are digits
	if err != nil && !strings.Contains(host, ":") {
		return refusal("this is no name of a host")
	}
	if strings.Contains(host, ":") {
		name = host
	}
	name = strings.TrimSuffix(name, ".")
	if a, err := netip.ParseAddr(name); err == nil {
		if !g.open(netip.AddrPortFrom(a, 443)) {
			return refusal("the address is not of the open web")
		}
		return nil
	}
	if name == "" || len(name) > 253 || strings.ContainsAny(name, " %\\/?#@:[]\x00\t\r\n") {
		return refusal("this is no name of a host")
	}
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	if slices.Contains(labels, "") {
		return refusal("this is no name of a host")
	}
	if len(labels) == 1 {
		return refusal("a name without a dot is of this network, not of the open web")
	}
	if number(last) {
		return refusal("a number is no name of a host, and this is no address as addresses are written")
	}
	for _, end := range inner {
		if name == end || strings.HasSuffix(name, "."+end) {
			return refusal("names that end so are not of the open web")
		}
	}
	return nil
}

// number reports whether a browser would take a label for a part of an IPv4 address: decimal, octal or hexadecimal.
func number(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		label = hex
		if label == "" {
			return true
		}
		_, err := strconv.ParseUint(label, 16, 64)
		return err == nil
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

// refusal is why an address is not asked for. It does not repeat the address, which may name somebody.
func refusal(why string) error { return fmt.Errorf("capture: %s: %w", why, homeward.ErrDenied) }

// check reads an address that is to be captured.
func (g *guard) check(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return nil, fmt.Errorf("capture: this is no address: %w", homeward.ErrInvalid)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, refusal("only addresses of http and https are captured")
	case u.User != nil:
		return nil, refusal("an address with a name or password in it is not captured")
	case u.Opaque != "" || u.Host == "":
		return nil, fmt.Errorf("capture: this is no address of a page: %w", homeward.ErrInvalid)
	}
	return u, g.checkHost(u.Hostname(), portOf(u))
}

func portOf(u *url.URL) string {
	return cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// admit lets the proxy through to the host of an address that the page asks for; it reports whether it may be asked.
func (g *guard) admit(address string) bool {
	u, err := g.check(address)
	if err != nil {
		g.refuse(address)
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked[strings.ToLower(net.JoinHostPort(u.Hostname(), portOf(u)))] = true
	return true
}

func (g *guard) refuse(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	const most = 1000
	if len(g.refused) < most {
		g.refused = append(g.refused, what)
	}
}

// connect dials the host that the page asked for: it is resolved once, everything it resolves to is looked at, and what was
// looked at is dialled.
func (g *guard) connect(ctx context.Context, hostport string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(hostport)
	port, err2 := strconv.ParseUint(portText, 10, 16)
	if err != nil || err2 != nil {
		return nil, refusal("this is no name of a host")
	}
	g.mu.Lock()
	asked := g.asked[strings.ToLower(hostport)]
	g.mu.Unlock()
	if !asked {
		return nil, refusal("the page did not ask for this host")
	}
	if err := g.checkHost(host, portText); err != nil {
		g.refuse(hostport)
		return nil, err
	}
	addresses := []netip.Addr{}
	if a, err := netip.ParseAddr(host); err == nil {
		addresses = append(addresses, a)
	} else if addresses, err = g.resolve(ctx, host); err != nil {
		return nil, fmt.Errorf("capture: resolve a host: %w", homeward.ErrUnavailable)
	}
	for i, a := range addresses {
		if a.Is4In6() && strings.Contains(host, ":") {
			g.refuse(hostport)
			return nil, refusal("the address is not of the open web")
		}
		addresses[i] = a.Unmap() // resolvers give IPv4 in its coat
		if !g.allowed[hostport] && !g.open(netip.AddrPortFrom(addresses[i], uint16(port))) {
			g.refuse(hostport)
			return nil, refusal("the host lies at an address that is not of the open web")
		}
	}
	for _, a := range addresses {
		var conn net.Conn
		if conn, err = g.dial(ctx, netip.AddrPortFrom(a, uint16(port))); err == nil {
			g.mu.Lock()
			g.dialled[strings.ToLower(host)] = a
			g.mu.Unlock()
			return conn, nil
		}
	}
	return nil, fmt.Errorf("capture: no answer from a host: %w", homeward.ErrUnavailable)
}

// address returns the address that answered for a host.
func (g *guard) address(host string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if a, ok := g.dialled[strings.ToLower(host)]; ok {
		return a.String()
	}
	return ""
}
