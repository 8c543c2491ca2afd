package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
)

type eraseCmd struct {
	List      eraseListCmd      `cmd:"" help:"List requests to erase a child, and where each stands."`
	Show      eraseShowCmd      `cmd:"" help:"Show a request: what it takes, who did what about it, what stands in the way."`
	Request   eraseRequestCmd   `cmd:"" help:"Enter a request to erase a child."`
	Check     eraseCheckCmd     `cmd:"" help:"Record how it was checked who asks."`
	Refuse    eraseRefuseCmd    `cmd:"" help:"Refuse a request, or take it back."`
	Run       eraseRunCmd       `cmd:"" help:"Carry out what is approved and due; the desk does it by itself."`
	Destroyed eraseDestroyedCmd `cmd:"" help:"Print the list of destroyed keys, which a restore applies."`
}

func (eraseCmd) Help() string {
	return `A child is erased on request: who asks is checked, two people approve on the desk, neither of them who entered the request, fourteen days pass, and no legal hold stands. Then its keys, rows and files are destroyed everywhere. The leaves of the ledger stay and prove the rest. What people write about a request is read from standard input, so that it stays out of the shell's history.

Example:

  echo "the mother, by letter of 3 March" | homeward erase request 0192f0a0-… --ground objection`
}

// erasure is a request as printed.
type erasure struct {
	ID      homeward.ErasureID     `json:"id"`
	State   homeward.ErasureState  `json:"state"`
	Ground  homeward.ErasureGround `json:"ground"`
	Person  homeward.PersonID      `json:"person"`
	Records []homeward.RecordID    `json:"records"`
	By      homeward.UserID        `json:"by"`
	At      time.Time              `json:"at"`
	Due     time.Time              `json:"due,omitzero"`
	Held    bool                   `json:"held"`
	Acts    []erasureAct           `json:"acts"`
}

type erasureAct struct {
	Kind homeward.ErasureActKind `json:"act"`
	By   homeward.UserID         `json:"by"`
	At   time.Time               `json:"at"`
}

func printable(tx *store.Tx, e homeward.Erasure) (erasure, error) {
	out := erasure{ID: e.ID, State: e.State(), Ground: e.Ground, Person: e.Person, Records: e.Records, By: e.By, At: e.At, Due: e.Due(), Acts: []erasureAct{}}
	for _, a := range e.Acts {
		out.Acts = append(out.Acts, erasureAct{a.Kind, a.By, a.At})
	}
	if !e.Open() {
		return out, nil
	}
	held, err := tx.ErasureHeld(e)
	out.Held = held
	return out, err
}

func (e erasure) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%s", e.ID, e.State, e.Ground, many(len(e.Records), "record"))
	if !e.Due.IsZero() {
		fmt.Fprintf(w, "\tdue %s", moment(e.Due))
	}
	if e.Held {
		fmt.Fprint(w, "\tLEGAL HOLD")
	}
	fmt.Fprintln(w)
}

type eraseListCmd struct {
	All bool `help:"Those that are over as well."`
}

func (eraseListCmd) Help() string { return "Example:\n\n  homeward erase list" }

func (c eraseListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		list := []erasure{}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			found, err := tx.Erasures(store.ErasurePage{Limit: 10_000})
			for _, e := range found {
				if err != nil || !c.All && !e.Open() {
					continue
				}
				var p erasure
				p, err = printable(tx, e)
				list = append(list, p)
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(list, func(w io.Writer) {
			for _, e := range list {
				e.words(w)
			}
			if len(list) == 0 {
				fmt.Fprintln(w, "Nobody asks to be erased.")
			}
		})
	})
}

type eraseShowCmd struct {
	Erasure string `arg:"" help:"Id of the request."`
}

func (eraseShowCmd) Help() string { return "Example:\n\n  homeward erase show 0192f0a0-…" }

func (c eraseShowCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error { return sh.showErasure(db, homeward.ErasureID(c.Erasure)) })
}

func (sh *shell) showErasure(db *store.DB, id homeward.ErasureID) error {
	var out erasure
	err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		e, err := tx.Erasure(id)
		if err == nil {
			out, err = printable(tx, e)
		}
		return err
	})
	if err != nil {
		return advise(err, "homeward erase list shows the ids of requests")
	}
	return sh.print(out, func(w io.Writer) {
		out.words(w)
		fmt.Fprintf(w, "asked\t%s\t%s\n", out.By, moment(out.At))
		for _, a := range out.Acts {
			fmt.Fprintf(w, "%s\t%s\t%s\n", a.Kind, a.By, moment(a.At))
		}
	})
}

type eraseRequestCmd struct {
	Person string `arg:"" help:"Id of the child, or of one of its records."`
	Ground string `help:"Why the law gives a right to it: unneeded, consent, objection or unlawful (GDPR art. 17(1)(a) to (d))." enum:"unneeded,consent,objection,unlawful" required:""`
}

func (eraseRequestCmd) Help() string {
	return `Reads from standard input who asks, how and what for. All records of the child are taken, every version of their rows, and those to come.

Example:

  echo "the mother, by letter of 3 March" | homeward erase request 0192f0a0-… --ground objection`
}

func (c eraseRequestCmd) Run(sh *shell) error {
	words, err := sh.readWords()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		var id homeward.ErasureID
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			records := []homeward.RecordID{homeward.RecordID(c.Person)}
			if p, err := tx.Person(homeward.PersonID(c.Person)); err == nil {
				records = p.Records
			} else if !errors.Is(err, homeward.ErrNotFound) {
				return err
			}
			e, err := tx.AskErasure(homeward.PersonID(c.Person), records, homeward.ErasureGround(c.Ground), words)
			id = e.ID
			return err
		})
		if err != nil {
			return advise(err, "homeward erase list shows what is asked for; homeward search - shows the ids of children")
		}
		return sh.showErasure(db, id)
	})
}

// readWords reads what a person writes from standard input.
func (sh *shell) readWords() (string, error) {
	const most = 10_000
	text, err := io.ReadAll(io.LimitReader(sh.In, most+1))
	if err != nil {
		return "", fileError("read standard input", err)
	}
	words := strings.TrimSpace(string(text))
	if words == "" || len(text) > most {
		return "", needs("write who asks and why to standard input, in at most 10,000 bytes")
	}
	return words, nil
}

type eraseCheckCmd struct {
	Erasure string `arg:"" help:"Id of the request."`
}

func (eraseCheckCmd) Help() string {
	return "Reads from standard input how it was checked who asks, and by what right.\n\nExample:\n\n  echo \"passport and birth certificate seen\" | homeward erase check 0192f0a0-…"
}

func (c eraseCheckCmd) Run(sh *shell) error {
	return sh.actOn(homeward.ErasureID(c.Erasure), (*store.Tx).CheckIdentity)
}

type eraseRefuseCmd struct {
	Erasure string `arg:"" help:"Id of the request."`
}

func (eraseRefuseCmd) Help() string {
	return "Reads the reason from standard input. A request that is being carried out can no longer be refused.\n\nExample:\n\n  echo \"not the mother\" | homeward erase refuse 0192f0a0-…"
}

func (c eraseRefuseCmd) Run(sh *shell) error {
	return sh.actOn(homeward.ErasureID(c.Erasure), (*store.Tx).RefuseErasure)
}

func (sh *shell) actOn(id homeward.ErasureID, act func(*store.Tx, homeward.ErasureID, string) error) error {
	words, err := sh.readWords()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) error { return act(tx, id, words) })
		if err != nil {
			return advise(err, "homeward erase show ERASURE says where the request stands")
		}
		return sh.showErasure(db, id)
	})
}

type eraseRunCmd struct{}

func (eraseRunCmd) Help() string {
	return `Carries out every request that two have approved, whose fourteen days have passed and that no legal hold stands against. A server that runs does so by itself every few minutes. Interrupted, it is finished by the next command.

Example:

  homeward erase run`
}

func (eraseRunCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		n, err := db.CarryOutErasures(sh.ctx)
		if err != nil {
			return err
		}
		return sh.print(struct {
			Erased int `json:"erased"`
		}{n}, func(w io.Writer) { fmt.Fprintf(w, "%s carried out\n", many(n, "erasure")) })
	})
}

type eraseDestroyedCmd struct {
	File string `arg:"" optional:"" help:"File to write; without it, standard output." type:"path"`
}

func (eraseDestroyedCmd) Help() string {
	return `One line for each destroyed key: ids, a time and a seal, no word about anyone. Keep it beside the backups, for ever: homeward restore --destroyed applies it, so that an older backup of the keys brings nobody back.

Example:

  homeward erase destroyed /mnt/away/destroyed.txt`
}

func (c eraseDestroyedCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		if c.File == "" {
			return db.WriteTombstones(sh.ctx, sh.Out)
		}
		f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return fileError("write the list", err)
		}
		err = db.WriteTombstones(sh.ctx, f)
		return closing(f, errors.Join(err, f.Sync()))
	})
}

// lookForDue is how often a server looks for erasures whose day has come.
const lookForDue = 5 * time.Minute

// eraseWhenDue carries out erasures as they fall due, until ctx ends. One that fails is logged by its id and tried again.
func eraseWhenDue(ctx context.Context, db *store.DB, stages *pipeline.Pipeline) {
	tick := time.NewTicker(lookForDue)
	defer tick.Stop()
	for {
		n, err := db.CarryOutErasures(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Warn("erasure postponed", "error", err)
		}
		if n > 0 {
			stages.Wake()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
