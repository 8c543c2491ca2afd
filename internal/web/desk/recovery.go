package desk

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// lostPage is the way in for who has nothing left to sign in with.
type lostPage struct {
	frame
	Asked   bool
	Problem string
}

func (d *Desk) showLost(v *visit) error { return v.showLostPage(http.StatusOK, lostPage{}) }

func (v *visit) showLostPage(status int, p lostPage) error {
	p.Narrow = true
	return v.show(status, "lost", &p)
}

// askBack asks for the recovery of whoever has that name. The answer does not tell whether there is one, and does not wait
// for it.
func (d *Desk) askBack(v *visit) error {
	name := v.name()
	print := d.DB.Fingerprint("sign-in", strings.ToLower(name))
	if !d.door.knock("lost/"+hex.EncodeToString(print[:]), v.from()) {
		return v.showLostPage(http.StatusTooManyRequests, lostPage{Problem: "signin.slow"})
	}
	d.work.Go(func() {
		if err := d.askFor(name); err != nil {
			d.Logger.Error("ask for a recovery", "error", err)
		}
	})
	return v.showLostPage(http.StatusOK, lostPage{Asked: true})
}

// askFor is silent about names nobody has, access that is closed, and what is under way already.
func (d *Desk) askFor(name string) error {
	ctx, stop := context.WithTimeout(d.life, time.Minute)
	defer stop()
	err := d.DB.Update(ctx, homeward.System, func(tx *store.Tx) error {
		u, err := tx.UserNamed(name)
		if err == nil {
			_, err = tx.AskRecovery(u.ID)
		}
		return err
	})
	if errors.Is(err, homeward.ErrNotFound) || errors.Is(err, homeward.ErrConflict) {
		return nil
	}
	return err
}

// beginRecovery asks for the recovery of a user as an administrator, who gets no further alone.
func (d *Desk) beginRecovery(v *visit) error {
	id := homeward.UserID(v.r.PathValue("user"))
	err := v.update(func(tx *store.Tx) error { _, err := tx.AskRecovery(id); return err })
	if err != nil {
		return err
	}
	v.tell("notice.recovery_begun", "")
	return v.redirect("/admin/users")
}

// recoveriesPage lists who lost access and waits to be checked.
type recoveriesPage struct {
	frame
	Problem string
	Link    string // to hand over; shown once
	For     string // whom it is for
	Rows    []recoveryRow
}

type recoveryRow struct {
	homeward.Recovery
	Name, Asker string
	Role        homeward.Role
	Checkers    []checkRow
	MayCheck    bool
	Mine        bool // it is the reader's own access
}

type checkRow struct {
	homeward.RecoveryCheck
	Name string
}

func (d *Desk) showRecoveries(v *visit) error {
	return v.showRecoveriesPage(http.StatusOK, recoveriesPage{})
}

func (v *visit) showRecoveriesPage(status int, p recoveriesPage) error {
	err := v.view(func(tx *store.Tx) error {
		list, err := tx.RecoveriesWaiting()
		if err == nil {
			p.Rows, err = v.recoveryRows(tx, list)
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "recoveries", &p)
}

func (v *visit) recoveryRows(tx *store.Tx, list []homeward.Recovery) (out []recoveryRow, err error) {
	who, err := tx.Access()
	if err != nil {
		return nil, err
	}
	names, err := userNames(tx)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		u, err := tx.User(r.User)
		if err != nil {
			return nil, err
		}
		row := recoveryRow{Recovery: r, Name: u.Name, Role: u.Role, Asker: names[r.By], Mine: r.User == who.ID, MayCheck: mayCheck(who, r)}
		for _, c := range r.Checks {
			row.Checkers = append(row.Checkers, checkRow{c, names[c.By]})
		}
		out = append(out, row)
	}
	return out, nil
}

// mayCheck reports whether somebody may still say who stands before them.
func mayCheck(who homeward.Access, r homeward.Recovery) bool {
	for _, c := range r.Checks {
		if c.By == who.ID {
			return false
		}
	}
	return homeward.Can(who, homeward.ActionCheckIdentity, homeward.Resource{State: string(r.State), By: r.By, For: r.User})
}

// countRecoveries counts those that wait for the reader.
func countRecoveries(tx *store.Tx) (n int, err error) {
	who, err := tx.Access()
	if err != nil {
		return 0, err
	}
	list, err := tx.RecoveriesWaiting()
	for _, r := range list {
		if mayCheck(who, r) {
			n++
		}
	}
	return n, err
}

// checkIdentity keeps what the reader found. The second confirmation makes the link.
func (d *Desk) checkIdentity(v *visit) error {
	id := homeward.RecoveryID(v.r.PathValue("recovery"))
	verdict := homeward.RecoveryVerdict(v.r.PostFormValue("verdict"))
	if verdict != homeward.IdentityConfirmed && verdict != homeward.IdentityRefused {
		return homeward.ErrInvalid
	}
	words, err := v.field("words")
	if err != nil || words == "" {
		return v.showRecoveriesPage(http.StatusUnprocessableEntity, recoveriesPage{Problem: "recoveries.wordless"})
	}
	token := rand.Text()
	var r homeward.Recovery
	var u store.User
	err = v.update(func(tx *store.Tx) (err error) {
		if r, err = tx.CheckRecovery(id, verdict, words, invitationHash(token)); err == nil {
			u, err = tx.User(r.User)
		}
		return err
	})
	if err != nil {
		return err
	}
	if r.State == homeward.RecoveryGranted {
		return v.showRecoveriesPage(http.StatusOK, recoveriesPage{Link: d.Public + "/recovery/" + token, For: u.Name})
	}
	v.tell("notice.identity_"+string(verdict), "")
	return v.redirect("/recoveries")
}
