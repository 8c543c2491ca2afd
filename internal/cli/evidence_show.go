package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type evidenceShowCmd struct {
	Exhibit homeward.ExhibitID `arg:"" help:"The exhibit's id."`
}

func (evidenceShowCmd) Help() string {
	return "Shows how an exhibit came here, its hashes, what was made of it and its chain of custody. The read is audited; the bytes are not read.\n\nExample:\n\n  homeward evidence show 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
}

// nextExhibit is what to do when an exhibit's id leads nowhere.
const nextExhibit = "homeward evidence list prints the ids of exhibits, homeward request list those of tracing requests"

// shownExhibit is an exhibit as printed.
type shownExhibit struct {
	exhibitLine
	SHA512      string                 `json:"sha512"`
	MediaType   string                 `json:"media_type"`
	Compartment homeward.CompartmentID `json:"compartment"`
	By          homeward.UserID        `json:"by"`
	Intake      shownIntake            `json:"intake"`
	Derivatives []exhibitLine          `json:"derivatives"`
	Custody     []shownCustody         `json:"custody"`
}

type shownIntake struct {
	Name      string          `json:"name"`
	Collector string          `json:"collector,omitempty"`
	Collected string          `json:"collected,omitempty"`
	When      string          `json:"when,omitempty"`
	Place     string          `json:"place,omitempty"`
	Method    homeward.Method `json:"method"`
	From      string          `json:"from,omitempty"`
	Consent   string          `json:"consent,omitempty"`
	Tool      string          `json:"tool,omitempty"`
	Present   string          `json:"present,omitempty"`
	Local     string          `json:"local"`
}

type shownCustody struct {
	Act       homeward.CustodyAct `json:"act"`
	Actor     homeward.UserID     `json:"actor"`
	Role      homeward.Role       `json:"role"`
	At        time.Time           `json:"at"`
	Person    string              `json:"person,omitempty"`
	Purpose   string              `json:"purpose,omitempty"`
	Authority string              `json:"authority,omitempty"`
	Before    string              `json:"sha256_before,omitempty"`
	After     string              `json:"sha256_after,omitempty"`
}

func (c evidenceShowCmd) Run(sh *shell) error {
	if err := checkID("exhibit", c.Exhibit, nextExhibit); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		var out shownExhibit
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			e, err := tx.Exhibit(c.Exhibit)
			if err != nil {
				return advise(err, nextExhibit)
			}
			out = printedExhibit(e)
			made, err := tx.Exhibits(store.ExhibitFilter{Parent: e.ID})
			if err != nil {
				return err
			}
			for _, d := range made {
				out.Derivatives = append(out.Derivatives, lineOf(d))
			}
			chain, err := tx.Custody(e.ID)
			for _, l := range chain {
				out.Custody = append(out.Custody, shownCustody{l.Act, l.Actor.ID, l.Actor.Role, l.At, l.Person, l.Purpose, l.Authority, l.Before, l.After})
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(out, out.words)
	})
}

func printedExhibit(e homeward.Exhibit) shownExhibit {
	i, collected := e.Intake, ""
	if !i.Collected.IsZero() {
		collected = i.Collected.Format(time.RFC3339)
	}
	return shownExhibit{
		exhibitLine: lineOf(e), SHA512: e.SHA512, MediaType: e.MediaType, Compartment: e.Compartment, By: e.By,
		Intake:      shownIntake{i.Name, i.Collector, collected, i.When, i.Place, i.Method, i.From, i.Consent, i.Tool, i.Present, i.Local},
		Derivatives: []exhibitLine{}, Custody: []shownCustody{},
	}
}

func (e shownExhibit) words(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s, %s, %s\n", e.Exhibit, e.Kind, many(e.Size, "byte"), e.MediaType)
	fmt.Fprintf(w, "sha256\t%s\n", e.SHA256)
	fmt.Fprintf(w, "sha512\t%s\n", e.SHA512)
	fmt.Fprintf(w, "received\t%s (%s on the clock here), by %s\n", moment(e.Received), e.Intake.Local, e.By)
	for _, x := range []struct{ word, said string }{
		{"name", e.Intake.Name}, {"collector", e.Intake.Collector}, {"collected", e.Intake.Collected}, {"when", e.Intake.When},
		{"place", e.Intake.Place}, {"method", string(e.Intake.Method)}, {"from", e.Intake.From}, {"consent", e.Intake.Consent},
		{"tool", e.Intake.Tool}, {"present", e.Intake.Present}, {"verdict", e.Verdict}, {"made of", string(e.Parent)}, {"request", string(e.Request)}, {"record", string(e.Record)},
	} {
		if x.said != "" {
			fmt.Fprintf(w, "%s\t%s\n", x.word, oneLine(x.said))
		}
	}
	for _, d := range e.Derivatives {
		fmt.Fprintf(w, "derivative\t%s\t%s\n", d.Exhibit, strings.TrimSuffix(string(d.Kind)+", "+d.Verdict, ", "))
	}
	for _, c := range e.Custody {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.Act, moment(c.At), c.Actor, oneLine(c.Person+" "+c.Purpose+" "+c.Authority))
	}
}
