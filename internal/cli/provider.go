package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/homeward-registry/homeward/internal/web/openid"
)

// longestSecret of a provider's client is in bytes.
const longestSecret = 4096

// provider reads what is said of a provider elsewhere; nil when nothing is.
func (c serveCmd) provider() (*openid.Settings, error) {
	if c.OIDCIssuer+c.OIDCClient+c.OIDCSecret == "" {
		return nil, nil
	}
	if c.OIDCIssuer == "" || c.OIDCClient == "" || c.OIDCSecret == "" {
		return nil, needs("--oidc-issuer, --oidc-client and --oidc-secret-file go together: write all three, or none")
	}
	secret, err := readSecret(c.OIDCSecret)
	if err != nil {
		return nil, err
	}
	s := &openid.Settings{Issuer: c.OIDCIssuer, Client: c.OIDCClient, Secret: secret}
	_, err = service{provider: s}.openProvider("http://localhost")
	return s, err
}

// readSecret reads the first line of a file.
func readSecret(path string) (string, error) {
	const next = "write the secret that the provider gave you into the file of --oidc-secret-file, alone, readable by who serves the desk"
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", advise(fmt.Errorf("read the secret of the provider: %w", homeward.ErrNotFound), next)
	}
	if err != nil { // the path stays out of what is printed
		return "", advise(fmt.Errorf("read the secret of the provider: %w", homeward.ErrUnavailable), next)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, longestSecret+1))
	secret := strings.TrimSpace(string(text))
	if err != nil || secret == "" || len(text) > longestSecret || strings.ContainsAny(secret, "\r\n\x00") {
		return "", advise(fmt.Errorf("read the secret of the provider: not one line: %w", homeward.ErrInvalid), next)
	}
	return secret, nil
}

// openProvider returns the provider for a desk that people reach at an address; nil when there is none. Nothing is asked of it yet.
func (s service) openProvider(public string) (*openid.Provider, error) {
	if s.provider == nil {
		return nil, nil
	}
	settings := *s.provider
	settings.Back = public + desk.LinkedBack
	p, err := openid.New(settings)
	if err != nil {
		return nil, needs("write --oidc-issuer as the provider calls itself: https://login.example, over TLS unless it is on this machine")
	}
	return p, nil
}
