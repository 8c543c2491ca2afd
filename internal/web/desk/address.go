package desk

import (
	"net/http"
	"net/netip"
	"strings"
)

// address is where a request comes from. What stands in X-Forwarded-For is believed as far as proxies we trust wrote it,
// from the last one backwards; anybody can write the rest. The zero address is none that can be read.
func (d *Desk) address(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := at.Addr().Unmap().WithZone("")
	told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(told) - 1; i >= 0 && d.believes(from); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(told[i]))
		if err != nil {
			break
		}
		from = next.Unmap().WithZone("")
	}
	return from
}

func (d *Desk) believes(proxy netip.Addr) bool {
	if proxy.IsLoopback() {
		return true
	}
	for _, p := range d.Proxies {
		if p.Contains(proxy) {
			return true
		}
	}
	return false
}

// browsers and systems are told by what their user agents hold, the more particular first: most pretend to be others.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// device names the browser and the system of a request, as far as they tell: "Firefox, Windows". It is a hint to its owner
// and nothing is decided by it.
func device(r *http.Request) string {
	var parts []string
	for _, list := range [][][2]string{browsers, systems} {
		for _, x := range list {
			if strings.Contains(r.UserAgent(), x[0]) {
				parts = append(parts, x[1])
				break
			}
		}
	}
	return strings.Join(parts, ", ")
}

// from names where a request comes from, as far as attempts are counted by it: whoever has one IPv6 address has a network
// of them.
func (v *visit) from() string {
	at := v.d.address(v.r)
	bits := 32
	if at.Is6() {
		bits = 64
	}
	p, err := at.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}
