package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

// visit is one request: who asks, in which language, and the way to answer.
type visit struct {
	d    *Desk
	w    http.ResponseWriter
	r    *http.Request
	l    *i18n.Localizer
	user store.User // zero when nobody is signed in
	stay store.StayID

	regained bool // access was given back just now
	bare     bool // the user signs in with a password alone, and the operator asks for more

	began     time.Time
	status    int
	reference string // of a fault, for the log and the reader
}

func (d *Desk) visit(w http.ResponseWriter, r *http.Request) *visit {
	chosen := ""
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	lang := d.Catalogs.Match(chosen, r.Header.Get("Accept-Language"))
	return &visit{d: d, w: w, r: r, l: d.pages[lang].localizer, began: time.Now()}
}

// identify reads who is signed in. A user who was disabled, or whose role was changed, is what the store says now; a stay
// that was ended is over.
func (v *visit) identify() error {
	id := homeward.UserID(v.d.sessions.GetString(v.ctx(), keyUser))
	if id == "" {
		return nil
	}
	var u store.User
	var s store.Stay
	err := v.view(func(tx *store.Tx) (err error) {
		if s, err = tx.Stay(store.StayID(v.d.sessions.GetString(v.ctx(), keyStay))); err != nil {
			return err
		}
		if u, err = tx.User(id); err != nil || !v.d.SecondFactor || v.d.Demo {
			return err
		}
		have, err := factorsOf(tx, u.ID)
		v.bare = !have.any()
		return err
	})
	if err != nil && !errors.Is(err, homeward.ErrNotFound) {
		return err
	}
	if err != nil || !u.Active || s.Owner != u.ID {
		return v.d.sessions.Destroy(v.ctx())
	}
	v.user, v.stay = u, s.ID
	return v.seen(s)
}

func (v *visit) ctx() context.Context       { return v.r.Context() }
func (v *visit) signedIn() bool             { return v.user.ID != "" }
func (v *visit) can(a homeward.Action) bool { return v.signedIn() && v.user.Actor().Can(a) }

// may reports whether the reader may do an action on all of some things.
func (v *visit) may(a homeward.Action, on ...homeward.Resource) (may bool, err error) {
	return may, v.view(func(tx *store.Tx) error {
		who, err := tx.Access()
		may = !slices.ContainsFunc(on, func(x homeward.Resource) bool { return !homeward.Can(who, a, x) })
		return err
	})
}

// placed is a record as far as permission hangs on it.
func placed(r homeward.Record) homeward.Resource {
	return homeward.Resource{Compartment: r.Compartment, Record: r.ID, State: string(r.State)}
}

// actor is who acts: the user, or the machine while nobody is known.
func (v *visit) actor() homeward.Actor {
	if v.signedIn() {
		return v.user.Actor()
	}
	return homeward.System
}

func (v *visit) view(fn func(*store.Tx) error) error   { return v.d.DB.View(v.ctx(), v.actor(), fn) }
func (v *visit) update(fn func(*store.Tx) error) error { return v.d.DB.Update(v.ctx(), v.actor(), fn) }

// redirect sends the reader to a path on this host.
func (v *visit) redirect(path string) error {
	v.status = http.StatusSeeOther
	http.Redirect(v.w, v.r, path, v.status)
	return nil
}

// cameFrom returns the page of this desk that the request was made from; the start page when it is not told.
func (v *visit) cameFrom() string {
	u, err := url.Parse(v.r.Referer())
	if err != nil || u.Host != v.r.Host {
		return "/"
	}
	return local(u.RequestURI())
}

// tell keeps a notice for the next page: a key of the catalogs, and a path to open, or none.
func (v *visit) tell(key, path string) {
	v.d.sessions.Put(v.ctx(), keyNotice, key)
	v.d.sessions.Put(v.ctx(), keyNoticePath, path)
}

// log writes one line about the request. The route's pattern stands for the address, which holds ids and tokens.
func (d *Desk) log(pattern string, v *visit) {
	attrs := []any{"route", pattern, "method", v.r.Method, "status", v.status, "ms", time.Since(v.began).Milliseconds()}
	if v.signedIn() {
		attrs = append(attrs, "actor", string(v.user.ID))
	}
	if v.reference != "" {
		attrs = append(attrs, "reference", v.reference)
	}
	d.Logger.Info("request", attrs...)
}
