package desk

import (
	"net/netip"
	"time"

	"github.com/homeward-registry/homeward/internal/store"
)

// seenEvery is how exactly it is kept when somebody was last there: a row written at every request would be too many.
const seenEvery = time.Minute

// stayEnds is when a stay ends when nothing more comes.
func stayEnds(began, now time.Time) time.Time {
	idle, whole := now.Add(sessionIdle), began.Add(sessionLifetime)
	if whole.Before(idle) {
		return whole
	}
	return idle
}

// stayHere signs the user in where the request comes from.
func (v *visit) stayHere(tx *store.Tx, began time.Time) error {
	s, err := tx.PutStay(store.Stay{Device: device(v.r), Address: v.d.address(v.r).String(), Began: began, Ends: stayEnds(began, tx.Now)})
	if err == nil {
		v.stay = s.ID
		v.d.sessions.Put(v.ctx(), keyStay, string(s.ID))
	}
	return err
}

// seen keeps that the user is there.
func (v *visit) seen(s store.Stay) error {
	now := v.d.DB.Now()
	if now.Sub(s.Seen) < seenEvery {
		return nil
	}
	return v.update(func(tx *store.Tx) error { return tx.SeeStay(s.ID, stayEnds(s.Began, now)) })
}

// stayOn keeps the reader signed in here, under a new token, after a change of what one signs in with has ended every
// stay. The whole of it lasts no longer than before.
func (v *visit) stayOn() error {
	began := time.Unix(v.d.sessions.GetInt64(v.ctx(), keyEntered), 0)
	if err := v.d.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	return v.update(func(tx *store.Tx) error { return v.stayHere(tx, began) })
}

// stayRow is where the reader is signed in.
type stayRow struct {
	store.Stay
	Here  bool // it is this one
	Local bool // the request came from the machine of the register itself
}

func (v *visit) stays() (rows []stayRow, err error) {
	return rows, v.view(func(tx *store.Tx) error {
		list, err := tx.Stays()
		rows = nil
		for _, s := range list {
			from, bad := netip.ParseAddr(s.Address)
			if bad != nil {
				s.Address = ""
			}
			rows = append(rows, stayRow{s, s.ID == v.stay, bad == nil && from.IsLoopback()})
		}
		return err
	})
}

// endStays signs the reader out in one other place, or in all others.
func (d *Desk) endStays(v *visit) error {
	which := store.StayID(v.r.PostFormValue("stay"))
	err := v.update(func(tx *store.Tx) error {
		if which == "others" {
			return tx.EndOtherStays(v.stay)
		}
		return tx.EndStay(which)
	})
	if err != nil {
		return err
	}
	if which == v.stay {
		return v.redirect("/sign-in")
	}
	v.tell("notice.stay_ended", "")
	return v.redirect("/account")
}
