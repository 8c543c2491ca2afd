package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"golang.org/x/term"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Add someone who may sign in."`
	List    userListCmd    `cmd:"" help:"List who may sign in."`
	Role    userRoleCmd    `cmd:"" help:"Give someone another role."`
	Confirm userConfirmCmd `cmd:"" help:"Confirm a role that was asked for at the desk."`
	Disable userDisableCmd `cmd:"" help:"Shut someone out at once."`
	Enable  userEnableCmd  `cmd:"" help:"Let someone in again who was shut out."`
}

// user is a user as printed: never the password's hash.
type user struct {
	ID     homeward.UserID `json:"id"`
	Name   string          `json:"name"`
	Role   homeward.Role   `json:"role"`
	Active bool            `json:"active"`
	Waits  homeward.Role   `json:"waits,omitempty"` // the role that another has to confirm
	Since  string          `json:"since"`
}

func printedUser(u store.User, waiting []homeward.Grant) user {
	out := user{ID: u.ID, Name: u.Name, Role: u.Role, Active: u.Active, Since: moment(u.CreatedAt)}
	for _, g := range waiting {
		if g.User == u.ID {
			out.Waits = g.Role
		}
	}
	return out
}

// shortestPassword is that of the desk's pages.
const shortestPassword = 12

type userAddCmd struct {
	Name          string        `arg:"" help:"Name to sign in with."`
	Role          homeward.Role `required:"" help:"intake-clerk, tracing-officer, reviewer, caseworker, supervisor, evidence-custodian, legal-officer, release-officer, auditor or administrator."`
	PasswordStdin bool          `help:"Read the password from the first line of standard input."`
}

func (userAddCmd) Help() string {
	return `A role that works on children's data, or gives roles, takes effect when an administrator or supervisor confirms it at the desk; where there is none yet, at once.

Asks for the password, or reads it from standard input; never from the command line, where others can see it.

Example:

  homeward user add olena --role reviewer`
}

func (c userAddCmd) Run(sh *shell) error {
	password, err := sh.password(c.PasswordStdin)
	if err != nil {
		return err
	}
	if utf8.RuneCountInString(password) < shortestPassword {
		return advise(fmt.Errorf("add user: the password is too short: %w", homeward.ErrInvalid), fmt.Sprintf("choose one of at least %d characters; several words are good", shortestPassword))
	}
	hash, err := desk.HashPassword(password)
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		var made user
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			u, err := tx.AddUser(c.Name, c.Role, hash)
			if err != nil {
				return err
			}
			made, err = userNow(tx, u.ID)
			return err
		})
		switch {
		case errors.Is(err, homeward.ErrConflict):
			return advise(err, "choose another name; homeward user list shows those taken")
		case errors.Is(err, homeward.ErrInvalid):
			return advise(err, "homeward user add --help lists the roles")
		case err != nil:
			return err
		}
		return sh.print(made, func(w io.Writer) {
			fmt.Fprintf(w, "%s may sign in as %s.\n", made.Name, cmp.Or(made.Waits, made.Role))
			if made.Waits != "" {
				fmt.Fprintln(w, waitsWords)
			}
		})
	})
}

// password reads a password without showing it.
func (sh *shell) password(fromStdin bool) (string, error) {
	if fromStdin {
		return sh.line("read the password")
	}
	f, ok := sh.In.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", needs("give the password on standard input with --password-stdin, or run the command in a terminal")
	}
	fmt.Fprint(sh.Err, "Password: ")
	typed, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(sh.Err)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(typed), nil
}

// line reads the first line of standard input.
func (sh *shell) line(operation string) (string, error) {
	text, err := bufio.NewReader(sh.In).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("%s: %w", operation, err)
	}
	return strings.TrimRight(text, "\r\n"), nil
}

type userListCmd struct{}

func (userListCmd) Help() string { return "Example:\n\n  homeward user list --json" }

func (userListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		list := []user{}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			waiting, err := tx.GrantsWaiting()
			if err != nil {
				return err
			}
			found, err := tx.Users()
			list = list[:0]
			for _, u := range found {
				list = append(list, printedUser(u, waiting))
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(list, func(w io.Writer) {
			for _, u := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", u.Name, u.Role, activity(u.Active), u.ID, waiting(u.Waits))
			}
			if len(list) == 0 {
				fmt.Fprintln(w, "Nobody may sign in yet: homeward serve prints a link for the first administrator.")
			}
		})
	})
}

func waiting(role homeward.Role) string {
	if role == "" {
		return ""
	}
	return "waits to be confirmed: " + string(role)
}

func activity(active bool) string {
	if active {
		return "active"
	}
	return "disabled"
}
