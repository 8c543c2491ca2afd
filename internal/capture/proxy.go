package capture

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"
)

// transferred bounds what one capture may take in.
const transferred = 512 << 20

// proxy is the only way out that the browser has.
type proxy struct {
	guard  *guard
	server *http.Server
	listen net.Listener
	left   atomic.Int64
}

// newProxy starts a proxy on this machine. The caller closes it.
func newProxy(g *guard) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{guard: g, listen: l}
	p.left.Store(transferred)
	plain := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		Transport: &http.Transport{
			Proxy: nil, DisableKeepAlives: true, DisableCompression: true,
			DialContext: func(ctx context.Context, _, to string) (net.Conn, error) { return p.metered(p.guard.connect(ctx, to)) },
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusForbidden) },
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // an address may name somebody
	}
	p.server = &http.Server{
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodConnect:
				p.tunnel(w, r)
			case r.URL.Scheme == "http" && r.URL.User == nil:
				plain.ServeHTTP(w, r)
			default:
				w.WriteHeader(http.StatusForbidden)
			}
		}),
	}
	go p.server.Serve(l) // ends when the proxy is closed
	return p, nil
}

func (p *proxy) url() *url.URL { return &url.URL{Scheme: "http", Host: p.listen.Addr().String()} }

// Close ends the proxy and every connection through it that it still knows.
func (p *proxy) Close() error { return p.server.Close() }

// tunnel joins the browser with a host, for what is between the two alone.
func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	far, err := p.metered(p.guard.connect(r.Context(), r.Host))
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	defer far.Close()
	near, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer near.Close()
	if _, err := io.WriteString(near, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	go func() {
		io.Copy(far, buffered) // either side may end it
		far.Close()
	}()
	io.Copy(near, far)
}

// metered counts what comes in.
func (p *proxy) metered(c net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &meteredConn{c, &p.left}, nil
}

type meteredConn struct {
	net.Conn
	left *atomic.Int64
}

var errMuch = errors.New("more than a capture may take in")

func (m *meteredConn) Read(p []byte) (int, error) {
	n, err := m.Conn.Read(p)
	if m.left.Add(-int64(n)) < 0 {
		return 0, errMuch
	}
	return n, err
}
