package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

type requestCmd struct {
	List requestListCmd `cmd:"" help:"List tracing requests, the newest first."`
	Show requestShowCmd `cmd:"" help:"Show a request: who asks, who is sought, consent, what became of it."`
}

type requestListCmd struct {
	State homeward.RequestState `help:"Only requests in this state: open, in-progress, proposed, verified, reunified, closed, suspended, withdrawn." placeholder:"STATE"`
	Limit int                   `help:"How many." default:"100" placeholder:"N"`
}

func (requestListCmd) Help() string {
	return "Requests are recorded on the desk, at /requests. This prints ids and states, and no word about anyone.\n\nExample:\n\n  homeward request list --state open"
}

// requestLine is a request in one line.
type requestLine struct {
	Request homeward.RequestID    `json:"request"`
	Code    string                `json:"code"`
	State   homeward.RequestState `json:"state"`
	Opened  time.Time             `json:"opened"`
	Moved   time.Time             `json:"moved"`
	Sought  []homeward.RecordID   `json:"sought"`
}

func (c requestListCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		list := []requestLine{}
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			facts, err := tx.RequestFacts(c.State, nil, c.Limit)
			for _, f := range facts {
				list = append(list, requestLine{f.ID, f.ID.Code(), f.State, f.At, f.MovedAt, f.Sought})
			}
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(list, func(w io.Writer) {
			for _, r := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Request, r.Code, r.State, many(len(r.Sought), "child"), moment(r.Opened))
			}
			if len(list) == 0 {
				fmt.Fprintln(w, "No such requests here: they are recorded on the desk, at /requests.")
			}
		})
	})
}

type requestShowCmd struct {
	Request homeward.RequestID `arg:"" help:"The request's id."`
}

func (requestShowCmd) Help() string {
	return "The read is audited.\n\nExample:\n\n  homeward request show 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b"
}

// shownRequest is a request as printed.
type shownRequest struct {
	requestLine
	Inquirer      string                `json:"inquirer"`
	Relationship  homeward.Relationship `json:"relationship"`
	Contact       string                `json:"contact"`
	Circumstances string                `json:"circumstances"`
	Names         []string              `json:"names"`
	Consents      []shownConsent        `json:"consents"`
	Moves         []shownMove           `json:"moves"`
	Interests     []shownInterests      `json:"interests"`
}

type shownConsent struct {
	Purpose homeward.Purpose       `json:"purpose"`
	Answer  homeward.ConsentAnswer `json:"answer"`
	Scope   string                 `json:"scope"`
	By      homeward.UserID        `json:"by"`
	At      time.Time              `json:"at"`
}

// shownInterests is what was determined to be best for a sought child.
type shownInterests struct {
	Child   homeward.RecordID  `json:"child"`
	Outcome homeward.Interests `json:"outcome"`
	Grounds string             `json:"grounds"`
	Wishes  string             `json:"wishes"`
	By      homeward.UserID    `json:"by"`
	At      time.Time          `json:"at"`
}

type shownMove struct {
	State  homeward.RequestState `json:"state"`
	Reason string                `json:"reason"`
	By     homeward.UserID       `json:"by"`
	At     time.Time             `json:"at"`
}

func (c requestShowCmd) Run(sh *shell) error {
	if err := checkID("request", c.Request, "homeward request list prints the ids of requests"); err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		var out shownRequest
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
			r, err := tx.Request(c.Request)
			if err != nil {
				return err
			}
			records, err := tx.Told(r)
			out = printedRequest(r, records)
			return err
		})
		if err != nil {
			return err
		}
		return sh.print(out, out.words)
	})
}

func printedRequest(r homeward.Request, records []homeward.Record) shownRequest {
	out := shownRequest{
		requestLine: requestLine{r.ID, r.ID.Code(), r.State(), r.At, r.Last().At, r.Sought},
		Inquirer:    r.Inquirer.Name, Relationship: r.Inquirer.Relationship, Contact: r.Inquirer.Contact, Circumstances: r.Circumstances,
		Names: []string{}, Consents: []shownConsent{}, Moves: []shownMove{}, Interests: []shownInterests{},
	}
	for _, x := range records {
		out.Names = append(out.Names, registry.DisplayName([]homeward.Record{x}))
	}
	for _, x := range r.Consents {
		out.Consents = append(out.Consents, shownConsent{x.Purpose, x.Answer, x.Scope, x.By, x.At})
	}
	for _, x := range r.Determined {
		out.Interests = append(out.Interests, shownInterests{x.Child, x.Outcome, x.Grounds, x.Wishes, x.By, x.At})
	}
	for _, x := range r.Moves {
		out.Moves = append(out.Moves, shownMove{x.To, x.Reason, x.By, x.At})
	}
	return out
}

func (r shownRequest) words(w io.Writer) {
	fmt.Fprintf(w, "%s, %s, opened %s\n", r.Code, r.State, moment(r.Opened))
	fmt.Fprintf(w, "asks:\t%s, %s, %s\n", r.Inquirer, r.Relationship, r.Contact)
	for i, name := range r.Names {
		fmt.Fprintf(w, "sought:\t%s\t%s\n", name, r.Sought[i])
	}
	for _, c := range r.Consents {
		fmt.Fprintf(w, "%s:\t%s\t%s\t%s\n", c.Purpose, c.Answer, moment(c.At), oneLine(c.Scope))
	}
	for _, d := range r.Interests {
		fmt.Fprintf(w, "interests:\t%s\t%s\t%s\t%s\n", d.Child, d.Outcome, moment(d.At), oneLine(d.Grounds))
	}
	for _, m := range r.Moves {
		fmt.Fprintf(w, "moved:\t%s\t%s\t%s\n", m.State, moment(m.At), oneLine(m.Reason))
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
