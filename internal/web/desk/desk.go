package desk

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/gazetteer"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/openid"
)

// Options say what a desk stands on.
type Options struct {
	DB       *store.DB
	Pipeline *pipeline.Pipeline
	// Demo offers sign-in as each role with one click and says on every page that the children are invented.
	Demo bool
	// Public is the origin under which people reach the desk, without a path: links that leave the desk begin with it,
	// and passkeys are bound to its host. What a request says of its host counts for neither. Empty means
	// http://localhost.
	Public string
	// Secure gives cookies over TLS only. Set it wherever the desk is not on localhost.
	Secure bool
	// Proxies stand before the desk, beside those of this machine: what they say of where a request comes from is believed.
	Proxies []netip.Prefix
	// Catalogs are the words of the pages; nil means those of the program.
	Catalogs *i18n.Catalogs
	// SecondFactor asks everybody for more than a password: who has not set it up is led there and nowhere else. A
	// demonstration does not ask.
	SecondFactor bool
	// Provider says elsewhere who somebody is; nil means that nobody signs in that way.
	Provider *openid.Provider
	// Thumbnails makes small pictures of photos that come in as exhibits; the zero value makes none.
	Thumbnails evidence.Thumbnails
	// Captures reads web captures that come in as exhibits; the zero value reads none.
	Captures evidence.Captures
	// Capture lets the desk capture pages of the open web, which asks the web for them; nil switches that off.
	Capture Capture
	// Now is the clock of what lives in memory; nil means the machine's.
	Now func() time.Time
	// Logger takes one line a request: method, route, status, duration, actor; nil means slog.Default.
	Logger *slog.Logger
}

// Desk serves the pages. It is an [http.Handler]; Close it when it serves no more.
type Desk struct {
	Options

	handler  http.Handler
	sessions *scs.SessionManager
	pages    pages
	static   *assets
	door     *door
	passkeys *webauthn.WebAuthn // nil where browsers make none
	searches *shelf[search]
	fresh    freshness
	surveys  surveys
	tallies  tallies
	counts   countings
	drafts   *shelf[heldDraft]
	uploads  *shelf[upload]
	waiting  *shelf[[]field] // what people wrote, while they sign in elsewhere
	readings readings
	captures capturings
	places   gazetteer.Keeper
	sketches statistics.Sketches

	verifying sync.Mutex // held while the ledger is recomputed
	behind    sync.Mutex // held while something large is counted behind a page: one at a time leaves the rest of the machine to the pages

	work sync.WaitGroup  // readings and captures under way
	life context.Context // of them
	end  context.CancelFunc
}

// New returns the whole desk.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Public == "" {
		o.Public = "http://localhost"
	}
	if o.Catalogs == nil {
		o.Catalogs = i18n.BuiltIn()
	}
	d := &Desk{Options: o, static: newAssets(), door: newDoor(o.Now), passkeys: relyingParty(o.Public)}
	d.tallies.large = largeRegister
	d.life, d.end = context.WithCancel(context.Background())
	d.searches = newShelf[search](o.Now, 512, 0)
	d.drafts = newShelf[heldDraft](o.Now, 256, 0)
	d.uploads = newShelf[upload](o.Now, 16, 4*uploadLimit)
	d.waiting = newShelf[[]field](o.Now, 256, 4*formLimit)
	d.sessions = newSessions(o)
	d.sessions.ErrorFunc = d.sessionFault
	d.pages = parsePages(d.static, o.Catalogs)
	d.handler = d.build()
	return d
}

func (d *Desk) build() http.Handler {
	mux := http.NewServeMux()
	for _, r := range d.routes() {
		mux.HandleFunc(r.pattern, d.serve(r))
	}
	var h http.Handler = d.sessions.LoadAndSave(mux)
	h = limited(h)
	h = d.sameSite(h)
	top := http.NewServeMux()
	top.Handle("GET /static/", d.static)
	top.Handle("/", private(h))
	return d.secured(top)
}

// ServeHTTP answers a request.
func (d *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// Close ends the captures under way, and the readings, each between two transactions, and waits for them. An import that was ended goes
// on when the same file is taken in again.
func (d *Desk) Close() {
	d.end()
	d.work.Wait()
}
