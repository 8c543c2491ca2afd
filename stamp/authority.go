package stamp

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"

	"github.com/homeward-registry/homeward"
)

// Authority is somebody who stamps: its name here, its address, and the roots that are trusted for it.
type Authority struct {
	Name, URL string
	Roots     *x509.CertPool
	PEM       []byte // the roots, as a stock tool reads them
}

// ParseAuthorities reads the text that names authorities.
func ParseAuthorities(text []byte) ([]Authority, error) {
	var out []Authority
	names := map[string]bool{}
	for len(bytes.TrimSpace(text)) > 0 {
		line, rest, _ := strings.Cut(string(text), "\n")
		text = []byte(rest)
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 3 || words[0] != "authority" || names[words[1]] || !address(words[2]) {
			return nil, malformed("a line \"authority NAME URL\" is expected, each name once")
		}
		a := Authority{Name: words[1], URL: words[2], Roots: x509.NewCertPool()}
		if text = a.roots(text); len(a.PEM) == 0 {
			return nil, malformed("authority " + a.Name + " has no certificate in PEM below its line")
		}
		out, names[a.Name] = append(out, a), true
	}
	if len(out) == 0 {
		return nil, malformed("it names none")
	}
	return out, nil
}

func malformed(why string) error {
	return fmt.Errorf("read authorities: %s: %w", why, homeward.ErrInvalid)
}

func address(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// roots takes the certificates that follow at once, and returns the rest of the text.
func (a *Authority) roots(text []byte) []byte {
	for bytes.HasPrefix(bytes.TrimSpace(text), []byte("-----BEGIN CERTIFICATE-----")) {
		block, rest := pem.Decode(text)
		if block == nil {
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			break
		}
		a.Roots.AddCert(c)
		a.PEM, text = append(a.PEM, pem.EncodeToMemory(block)...), rest
	}
	return text
}
