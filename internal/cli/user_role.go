package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// What the operator does to users who are there already. Names come from the command line, and stay out of errors.

type userRoleCmd struct {
	Name string        `arg:"" help:"Name they sign in with."`
	Role homeward.Role `arg:"" help:"Their new role; homeward user add --help lists them."`
}

func (userRoleCmd) Help() string {
	return `A role that works on children's data, or gives roles, takes effect when an administrator or supervisor confirms it at the desk; until then they keep the one they have. Where there is none yet, it takes effect at once.

Example:

  homeward user role olena supervisor`
}

func (c userRoleCmd) Run(sh *shell) error {
	return sh.change(c.Name, func(tx *store.Tx, u store.User) (bool, error) { return tx.SetRole(u.ID, c.Role) })
}

type userDisableCmd struct {
	Name string `arg:"" help:"Name they sign in with."`
}

func (userDisableCmd) Help() string {
	return `They are out at once, on every device. What they did stays in the register.

Example:

  homeward user disable olena`
}

func (c userDisableCmd) Run(sh *shell) error {
	return sh.change(c.Name, func(tx *store.Tx, u store.User) (bool, error) { return false, tx.Disable(u.ID) })
}

type userEnableCmd struct {
	Name string `arg:"" help:"Name they sign in with."`
}

func (userEnableCmd) Help() string {
	return `Lets somebody in again who was shut out, with the role they had; as any role, it may wait for a second person.

Example:

  homeward user enable olena`
}

func (c userEnableCmd) Run(sh *shell) error {
	return sh.change(c.Name, func(tx *store.Tx, u store.User) (bool, error) { return tx.Enable(u.ID) })
}

type userConfirmCmd struct {
	Name   string `arg:"" help:"Name they sign in with."`
	Refuse bool   `help:"Refuse the role instead."`
}

func (userConfirmCmd) Help() string {
	return `Confirms a role that an administrator asked for at the desk. What was asked for at the shell is confirmed at the desk: a role is given by two people.

Examples:

  homeward user list
  homeward user confirm olena`
}

func (c userConfirmCmd) Run(sh *shell) error {
	answer := homeward.GrantConfirmed
	if c.Refuse {
		answer = homeward.GrantRefused
	}
	return sh.change(c.Name, func(tx *store.Tx, u store.User) (bool, error) {
		list, err := tx.GrantsWaiting()
		if err != nil {
			return false, err
		}
		for _, g := range list {
			if g.User == u.ID {
				err := tx.AnswerGrant(g.ID, answer)
				if errors.Is(err, homeward.ErrDenied) {
					err = advise(err, "another person confirms it: an administrator or supervisor, at the desk")
				}
				return false, err
			}
		}
		return false, advise(fmt.Errorf("confirm role of user %s: nothing waits: %w", u.ID, homeward.ErrConflict), "homeward user list shows whose role waits")
	})
}

// change does something to the user of a name and prints them as they are then.
func (sh *shell) change(name string, do func(*store.Tx, store.User) (waits bool, err error)) error {
	return sh.with(func(db *store.DB) error {
		var now user
		var waits bool
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			u, err := tx.UserNamed(name)
			if err != nil {
				return advise(err, "homeward user list shows the names")
			}
			if waits, err = do(tx, u); err != nil {
				return err
			}
			now, err = userNow(tx, u.ID)
			return err
		})
		if errors.Is(err, homeward.ErrInvalid) {
			return advise(err, "homeward user add --help lists the roles")
		}
		if err != nil {
			return err
		}
		return sh.print(now, func(w io.Writer) {
			fmt.Fprintf(w, "%s\t%s\t%s\n", now.Name, now.Role, activity(now.Active))
			if waits {
				fmt.Fprintln(w, waitsWords)
			}
		})
	})
}

const waitsWords = "The role takes effect when an administrator or supervisor confirms it at the desk."

// userNow reads a user with what waits for them.
func userNow(tx *store.Tx, id homeward.UserID) (user, error) {
	u, err := tx.User(id)
	if err != nil {
		return user{}, err
	}
	list, err := tx.GrantsWaiting()
	return printedUser(u, list), err
}
