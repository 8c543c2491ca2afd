package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/homeward-registry/homeward/internal/web/openid"
)

type serveCmd struct {
	Listen       string   `help:"Where the desk listens." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	PublicURL    string   `name:"public-url" help:"Where people reach the desk, with a proxy before it: links and passkeys are of this address." env:"HOMEWARD_PUBLIC_URL" placeholder:"URL"`
	SecondFactor bool     `help:"Ask everybody who signs in for more than a password." env:"HOMEWARD_SECOND_FACTOR"`
	Proxy        []string `help:"A proxy on another machine that is believed when it says where a request comes from; those on this machine are." env:"HOMEWARD_PROXY" placeholder:"ADDRESS"`
	Secure       bool     `help:"Cookies over TLS only; follows from a --public-url of https." env:"HOMEWARD_SECURE"`
	OIDCIssuer   string   `name:"oidc-issuer" help:"A provider of OpenID Connect at which people may sign in, as it calls itself." env:"HOMEWARD_OIDC_ISSUER" placeholder:"URL"`
	OIDCClient   string   `name:"oidc-client" help:"The name under which the provider knows this register." env:"HOMEWARD_OIDC_CLIENT" placeholder:"NAME"`
	OIDCSecret   string   `name:"oidc-secret-file" help:"The file with the secret that goes with it." type:"path" env:"HOMEWARD_OIDC_SECRET_FILE" placeholder:"FILE"`
	Chromium     string   `help:"Let evidence custodians and legal officers capture pages of the web from the desk, with this browser. Left out, the desk asks the web for nothing." placeholder:"PROGRAM"`
	NoSandbox    bool     `help:"With --chromium: run it without its sandbox, which root needs. Only in a container made for it: pages are strangers'."`
	PublishAt    []string `help:"Times of day, UTC, at which the log is filled up, signed for the outside, and the witnesses of the policy are asked." default:"00:00" env:"HOMEWARD_PUBLISH_AT" placeholder:"HH:MM"`
}

func (serveCmd) Help() string {
	return `Serves the desk. When nobody may sign in yet, a link for the first administrator is printed; it works once, for a day. The desk speaks HTTP and listens on this machine only unless told otherwise: put a proxy with TLS before it and say with --public-url where people reach it. Passkeys work at an https address with a name, and at http://localhost.

With --oidc-issuer people may also sign in at a provider of your organisation: it stands for the password, and only for accounts whose owners linked them on the page My sign-in. Tell the provider this address to send browsers back to: the address of --public-url with /sign-in/linked/back behind it. The provider is asked when somebody signs in there, and not before.

With --chromium the desk captures pages of the web on request: the site sees a visit from this machine's address, and nothing that is not of the open web is asked for.

Examples:

  homeward serve --listen 127.0.0.1:8080
  homeward serve --public-url https://register.example --second-factor
  homeward serve --public-url https://register.example --oidc-issuer https://login.example --oidc-client homeward --oidc-secret-file /etc/homeward/oidc-secret`
}

func (c serveCmd) Run(sh *shell) error {
	times, err := parseTimes(c.PublishAt)
	if err != nil {
		return err
	}
	public, err := publicURL(c.PublicURL)
	if err != nil {
		return err
	}
	proxies, err := prefixes(c.Proxy)
	if err != nil {
		return err
	}
	elsewhere, err := c.provider()
	if err != nil {
		return err
	}
	captures, err := c.captures()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		secure := c.Secure || strings.HasPrefix(public, "https:")
		return sh.serve(db, service{capture: captures, provider: elsewhere, publishAt: times, listen: c.Listen, public: public, proxies: proxies, secure: secure, secondFactor: c.SecondFactor})
	})
}

// service is how a desk is served.
type service struct {
	capture      desk.Capture     // nil: no page is captured from the desk
	provider     *openid.Settings // nil: nobody signs in elsewhere
	publishAt    dailyTimes
	listen       string
	public       string // empty: this machine, by name
	secure       bool
	demo         bool
	secondFactor bool
	proxies      []netip.Prefix
}

// The limits of the HTTP server. Writing may take long because an import answers when it is done.
const (
	headerPatience  = 10 * time.Second
	readPatience    = 2 * time.Minute
	writePatience   = 5 * time.Minute
	idlePatience    = 2 * time.Minute
	goodbyePatience = 10 * time.Second
)

// serve serves the desk until the command is interrupted, and keeps every stage up to date meanwhile.
func (sh *shell) serve(db *store.DB, s service) error {
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return advise(fmt.Errorf("listen at %s: %w", s.listen, homeward.ErrUnavailable), "another program may listen there: choose another address with --listen HOST:PORT")
	}
	logger := slog.New(slog.NewTextHandler(sh.Err, nil))
	slog.SetDefault(logger)
	stages := pipeline.New(db)
	ctx, stop := context.WithCancel(sh.ctx)
	defer stop()
	looped := make(chan struct{})
	go func() {
		defer close(looped)
		stages.Loop(ctx)
	}()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		evidence.Watch(ctx, db)
	}()
	published := make(chan struct{})
	go func() {
		defer close(published)
		publishing(ctx, db, s.publishAt)
	}()
	erasing := make(chan struct{})
	go func() {
		defer close(erasing)
		eraseWhenDue(ctx, db, stages)
	}()
	public := cmp.Or(s.public, nearby(listener.Addr()))
	if !evidence.FilesAreShut() {
		logger.Warn(openWords)
	}
	elsewhere, err := s.openProvider(public)
	if err != nil {
		return err
	}
	pages := desk.New(desk.Options{DB: db, Provider: elsewhere, Pipeline: stages, Demo: s.demo, Public: public, Proxies: s.proxies, Secure: s.secure, SecondFactor: s.secondFactor, Thumbnails: thumbnails(), Captures: captures(), Capture: s.capture, Logger: logger})
	defer pages.Close()
	server := &http.Server{
		Handler:           pages,
		ReadHeaderTimeout: headerPatience, ReadTimeout: readPatience, WriteTimeout: writePatience, IdleTimeout: idlePatience,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	go sh.stopWith(ctx, server)
	if err := sh.announce(db, s, public); err != nil {
		return err
	}
	err = server.Serve(listener)
	stop()
	<-looped
	<-watched
	<-published
	<-erasing
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// stopWith lets requests under way end when the command is interrupted.
func (sh *shell) stopWith(ctx context.Context, server *http.Server) {
	<-ctx.Done()
	goodbye, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbyePatience)
	defer cancel()
	if err := server.Shutdown(goodbye); err != nil {
		server.Close()
	}
}

// announce says where the desk is, and how the first administrator gets in.
func (sh *shell) announce(db *store.DB, s service, address string) error {
	fmt.Fprintf(sh.Out, "The desk is open at %s\n", address)
	if host, _, err := net.SplitHostPort(s.listen); err == nil && !loopback(host) && !s.secure {
		fmt.Fprintln(sh.Err, "Other machines can reach the desk, and it speaks HTTP: put a proxy with TLS before it, and name its address with --public-url.")
	}
	if s.demo {
		fmt.Fprintln(sh.Out, "This is a demonstration: nobody in it exists. Sign in with one click as any role.")
		return nil
	}
	token, err := sh.invite(db)
	if err != nil {
		return err
	}
	if token != "" {
		fmt.Fprintf(sh.Out, "Nobody may sign in yet. The first administrator opens this link, once, within a day:\n  %s%s\n", address, desk.InvitationPath(token))
	}
	return nil
}

// loopback reports whether only this machine reaches the host.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// invitationLife is how long the link of the first administrator works.
const invitationLife = 24 * time.Hour

// invite makes a one-time link for the first administrator when there is no user; otherwise it returns nothing. The
// store keeps the token's hash only.
func (sh *shell) invite(db *store.DB) (token string, err error) {
	return token, db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		users, err := tx.Users()
		if err != nil || len(users) > 0 {
			return err
		}
		token = rand.Text()
		hash := sha256.Sum256([]byte(token))
		return tx.PutInvitation(hex.EncodeToString(hash[:]), homeward.RoleAdministrator, tx.Now.Add(invitationLife))
	})
}
