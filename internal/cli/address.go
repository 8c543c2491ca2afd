package cli

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// publicURL checks the address that people reach the desk at: a scheme and a host, without a path.
func publicURL(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" {
		return "", needs("write --public-url as https://register.example, without a path")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	return u.Scheme + "://" + host, nil
}

// prefixes reads addresses and networks.
func prefixes(texts []string) (out []netip.Prefix, err error) {
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if at, bad := netip.ParseAddr(text); bad == nil {
			p, err = at.Prefix(at.BitLen())
		}
		if err != nil {
			return nil, needs("write --proxy as an address or a network: 192.0.2.7 or 192.0.2.0/24")
		}
		out = append(out, p)
	}
	return out, nil
}

// nearby is the address under which this machine reaches what listens: by the name localhost where it listens to itself,
// because browsers bind passkeys to names.
func nearby(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		return "http://localhost:" + port
	}
	return "http://" + at.String()
}
