package desk

import (
	"net/http"
	"strings"
)

const (
	// formLimit bounds the body of a form. The longest field, a reason, is 2,000 characters.
	formLimit = 256 << 10
	// uploadLimit bounds a file taken in through a page; the command line takes larger ones.
	uploadLimit = 64 << 20
)

// policy lets a page load its own stylesheet, script and images and send forms to its own host; nothing else.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// secured sets the headers that every answer carries.
func (d *Desk) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if d.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000") // RFC 6797: nobody on the way can ask for plain HTTP again
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// private keeps pages out of every cache: they hold words about children.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Add("Vary", "Accept-Language, Cookie")
		next.ServeHTTP(w, r)
	})
}

// limited bounds what a request may send.
func limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := int64(formLimit)
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
			limit = uploadLimit + formLimit
			if r.URL.Path == "/exhibits/new" {
				limit = exhibitLimit + formLimit
			}
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// sameSite refuses a request of another site that would change something.
func (d *Desk) sameSite(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(d.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := d.visit(w, r)
		v.fault(errCrossSite)
		d.log("cross-site", v)
	})))
	return guard.Handler(next)
}
