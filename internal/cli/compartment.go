package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type roomsCmd struct {
	Add     compartmentAddCmd     `cmd:"" help:"Make a compartment, with nobody in it."`
	List    compartmentListCmd    `cmd:"" help:"List the compartments with their sources and members."`
	Members compartmentMembersCmd `cmd:"" help:"Say who is in a compartment."`
	Move    compartmentMoveCmd    `cmd:"" help:"Move a source, with all its records, to another compartment."`
}

// compartment is a compartment as printed.
type compartment struct {
	ID      homeward.CompartmentID `json:"id"`
	Name    string                 `json:"name"`
	Sources []string               `json:"sources"`
	Members []string               `json:"members"`
}

// nextCompartment is what to do when a compartment is not found.
const nextCompartment = "homeward compartment list shows the names; main is always there"

// compartmentNamed finds a compartment by its name or its id.
func compartmentNamed(tx *store.Tx, name string) (homeward.Compartment, error) {
	all, err := tx.Compartments()
	if err != nil {
		return homeward.Compartment{}, err
	}
	i := slices.IndexFunc(all, func(c homeward.Compartment) bool { return string(c.ID) == name || c.Name == name })
	if i < 0 {
		return homeward.Compartment{}, advise(fmt.Errorf("find the compartment: %w", homeward.ErrNotFound), nextCompartment)
	}
	return all[i], nil
}

func printedCompartment(tx *store.Tx, c homeward.Compartment) (compartment, error) {
	out := compartment{ID: c.ID, Name: c.Name, Sources: []string{}, Members: []string{}}
	if c.ID == homeward.Main {
		out.Name = string(homeward.Main)
	}
	members, err := tx.Members(c.ID)
	if err != nil {
		return out, err
	}
	for _, u := range members {
		out.Members = append(out.Members, u.Name)
	}
	sources, err := tx.Sources()
	for _, s := range sources {
		if s.Compartment == c.ID {
			out.Sources = append(out.Sources, s.Name)
		}
	}
	return out, err
}

type compartmentAddCmd struct {
	Name string `arg:"" help:"What it is called; sealed, and seen by its members and administrators."`
}

func (compartmentAddCmd) Help() string {
	return `For who is not a member, a compartment's sources, records and children do not exist: not in searches, counts or lists. It has a key of its own.

Example:

  homeward compartment add "Witness protection"`
}

func (c compartmentAddCmd) Run(sh *shell) error {
	return sh.inCompartment(func(tx *store.Tx) (homeward.Compartment, error) { return tx.PutCompartment(c.Name) })
}

type compartmentMembersCmd struct {
	Compartment string   `arg:"" help:"Its name or id."`
	Add         []string `help:"Put this user into it. Can be given several times." placeholder:"USER"`
	Remove      []string `help:"Take this user out of it. Can be given several times." placeholder:"USER"`
}

func (compartmentMembersCmd) Help() string {
	return `Prints who is in a compartment, after putting users in and taking users out. Only roles that work on children's data can be members; of main, all of them are until taken out.

Examples:

  homeward compartment members "Witness protection" --add olena --add taras
  homeward compartment members main --remove taras`
}

func (c compartmentMembersCmd) Run(sh *shell) error {
	return sh.inCompartment(func(tx *store.Tx) (homeward.Compartment, error) {
		in, err := compartmentNamed(tx, c.Compartment)
		if err == nil {
			err = errors.Join(setMembers(tx, in.ID, c.Add, true), setMembers(tx, in.ID, c.Remove, false))
		}
		return in, err
	})
}

func setMembers(tx *store.Tx, in homeward.CompartmentID, names []string, member bool) error {
	for _, name := range names {
		u, err := tx.UserNamed(name)
		if err != nil {
			return advise(err, "homeward user list shows the names")
		}
		if err := tx.SetMember(in, u.ID, member); err != nil {
			return advise(err, "give them a role that works on children's data first: homeward user role")
		}
	}
	return nil
}

type compartmentMoveCmd struct {
	Source string `arg:"" help:"The name of the source."`
	To     string `required:"" help:"The compartment it moves to: its name or id." placeholder:"NAME"`
}

func (compartmentMoveCmd) Help() string {
	return `Moves a source with its editions, records and exhibits. From then on they exist for the members of that compartment alone. Nothing is sealed anew: each record's key is wrapped by the other compartment. An interrupted move has moved nothing; run it again.

Example:

  homeward compartment move "Hotline" --to "Witness protection"`
}

func (c compartmentMoveCmd) Run(sh *shell) error {
	return sh.inCompartment(func(tx *store.Tx) (homeward.Compartment, error) {
		to, err := compartmentNamed(tx, c.To)
		if err != nil {
			return to, err
		}
		s, err := tx.SourceNamed(c.Source)
		if err != nil {
			return to, advise(err, nextCompartment)
		}
		return to, advise(tx.MoveSource(s.ID, to.ID), "a source of a tracing request, or of which a list is being read, stays; so does one whose name is taken there")
	})
}

// inCompartment does something with a compartment, and prints it as it is then.
func (sh *shell) inCompartment(do func(*store.Tx) (homeward.Compartment, error)) error {
	return sh.with(func(db *store.DB) error {
		var now compartment
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			c, err := do(tx)
			if err != nil {
				return err
			}
			now, err = printedCompartment(tx, c)
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(now, func(w io.Writer) { now.words(w) })
	})
}

func (c compartment) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s\n", c.Name, c.ID)
	for _, s := range c.Sources {
		fmt.Fprintf(w, "  source\t%s\n", s)
	}
	for _, m := range c.Members {
		fmt.Fprintf(w, "  member\t%s\n", m)
	}
}

type compartmentListCmd struct{}

func (compartmentListCmd) Help() string { return "Example:\n\n  homeward compartment list --json" }

func (compartmentListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		list := []compartment{}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			all, err := tx.Compartments()
			list = list[:0]
			for _, c := range all {
				printed, err := printedCompartment(tx, c)
				if err != nil {
					return err
				}
				list = append(list, printed)
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(list, func(w io.Writer) {
			for _, c := range list {
				c.words(w)
			}
		})
	})
}
