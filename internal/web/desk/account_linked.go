package desk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/openid"
)

func isLink(c store.Credential) bool {
	return c.Kind == store.CredentialLinked && c.State == store.CredentialActive
}

// linkedIn reports whether who has these is linked to the provider of now.
func (d *Desk) linkedIn(have factors) bool {
	return d.Provider != nil && slices.ContainsFunc(have.links, func(c store.Credential) bool { return c.Name == d.Provider.Issuer })
}

// offerLink sends the reader to the provider, after a step up, to link the account to who the provider says they are.
func (d *Desk) offerLink(v *visit) error {
	if d.Provider == nil {
		return homeward.ErrNotFound
	}
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	have, err := v.factors(v.user)
	if err != nil {
		return err
	}
	if d.linkedIn(have) {
		return v.showAccountPage(http.StatusConflict, "linked.there")
	}
	err = v.leave(elsewhere{Next: "/account", Links: v.user.ID}, "/account")
	if errors.Is(err, homeward.ErrUnavailable) {
		d.Logger.Warn("link to a provider", "error", err)
		return v.showAccountPage(http.StatusServiceUnavailable, "linked.down")
	}
	return err
}

// receiveLink links the account of who is signed in, when it is they who began it, and not too long ago.
func (v *visit) receiveLink(held elsewhere, sent url.Values) error {
	if held.Links != v.user.ID {
		return v.showAccountPage(http.StatusUnauthorized, "linked.late")
	}
	who, problem, err := v.subject(held, sent)
	if err == nil && problem == "" {
		problem, err = v.link(who)
	}
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(linkedStatus(problem), problem)
	}
	if err := v.stayOn(); err != nil {
		return err
	}
	v.tell("notice.linked", "")
	return v.redirect("/account")
}

// link keeps a link to a subject that nobody is linked to. What the provider else may say of somebody links nothing.
func (v *visit) link(who openid.Subject) (problem string, err error) {
	err = v.update(func(tx *store.Tx) error {
		problem = ""
		have, err := factorsOf(tx, v.user.ID)
		if err != nil {
			return err
		}
		if v.d.linkedIn(have) {
			problem = "linked.there"
			return nil
		}
		if _, err := tx.Link(who.Issuer, who.Name); !errors.Is(err, homeward.ErrNotFound) {
			problem = "linked.taken"
			return err
		}
		_, err = tx.PutCredential(store.Credential{
			Kind: store.CredentialLinked, State: store.CredentialActive, Name: who.Issuer, Secret: who.Name, Print: tx.LinkPrint(who.Issuer, who.Name),
		})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("link an account: %w", err)
	}
	return problem, nil
}

// endLink ends one of the reader's links, after a step up: from then on that subject lets nobody in.
func (d *Desk) endLink(v *visit) error {
	id := store.CredentialID(v.r.PostFormValue("link"))
	have, err := v.factors(v.user)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(have.links, func(c store.Credential) bool { return c.ID == id })
	if i < 0 {
		return homeward.ErrNotFound
	}
	problem, err := v.stepUp()
	if err != nil {
		return err
	}
	if problem != "" {
		return v.showAccountPage(codeStatus(problem), problem)
	}
	if err := v.update(func(tx *store.Tx) error { return tx.SetCredentialState(have.links[i], store.CredentialEnded) }); err != nil {
		return err
	}
	if err := v.stayOn(); err != nil {
		return err
	}
	v.tell("notice.unlinked", "")
	return v.redirect("/account")
}
