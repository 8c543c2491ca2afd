package desk

import (
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
)

const (
	sessionIdle     = 30 * time.Minute
	sessionLifetime = 8 * time.Hour
	sessionCookie   = "homeward-session"
	languageCookie  = "homeward-language"

	// What a session holds: ids and keys of the catalogs, never words about a person.
	keyUser       = "user"
	keyStay       = "stay"
	keyEntered    = "entered" // when the user signed in
	keyNotice     = "notice"
	keyNoticePath = "notice-path"
)

func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Store = o.DB.Sessions()
	m.HashTokenInStore = true
	m.Lifetime = sessionLifetime // how long one idles is for the stay to say: see stayEnds
	m.Cookie.Name = sessionCookie
	m.Cookie.HttpOnly = true
	m.Cookie.Persist = false
	m.Cookie.SameSite = http.SameSiteLaxMode
	if o.Secure {
		m.Cookie.Name, m.Cookie.Secure = "__Host-"+sessionCookie, true
	}
	return m
}

// sessionFault answers when a session cannot be read or kept: the store is busy or closed.
func (d *Desk) sessionFault(w http.ResponseWriter, r *http.Request, err error) {
	v := d.visit(w, r)
	d.Logger.Error("session", "error", err)
	v.fault(homeward.ErrUnavailable)
	d.log("session", v)
}

// setLanguage keeps the reader's choice for a year. The cookie holds nothing else.
func (d *Desk) setLanguage(v *visit) error {
	lang := v.r.PostFormValue("lang")
	if !v.d.Catalogs.Speak(i18n.Lang(lang)) {
		return homeward.ErrInvalid
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteLaxMode,
	})
	return v.redirect(local(v.r.PostFormValue("back")))
}

// local returns a path on this host, or the start page: a redirect never leads elsewhere.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
