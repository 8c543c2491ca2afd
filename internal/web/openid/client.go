package openid

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
)

// longestAnswer bounds what is read of an answer, in bytes: documents and keys of providers are of some kilobytes.
const longestAnswer = 1 << 20

// private reports whether what goes to an address can be read by nobody on the way: over TLS, or on this machine.
func private(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// newClient asks within its patience, follows no redirect and reads no endless answer.
func newClient() *http.Client {
	return &http.Client{
		Timeout:       patience,
		Transport:     bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errElsewhere },
	}
}

// errElsewhere is a redirect: a code, a secret and keys are for the address that was named.
var errElsewhere = errors.New("a redirect of the provider is not followed")

// errFailing is an answer by which a provider says that something of its own is broken.
var errFailing = errors.New("the provider fails")

// bounded reads no endless answer, and none of a provider that fails.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= http.StatusInternalServerError {
		res.Body.Close()
		return nil, errFailing
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, longestAnswer), res.Body}
	return res, nil
}
