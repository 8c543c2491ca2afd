package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type evidenceAssessCmd struct {
	Record     homeward.RecordID     `help:"The record that tells of the act." required:"" placeholder:"ID"`
	Event      homeward.EventType    `help:"The act: deported, transferred, taken, placed, renamed, citizenship-imposed, mistreated and so on." required:"" placeholder:"TYPE"`
	Law        homeward.Law          `help:"gc4-49, gc4-50, rome-7-1-d, rome-8-2-a-vii, rome-8-2-b-viii or genocide-2-e." required:"" enum:"gc4-49,gc4-50,rome-7-1-d,rome-8-2-a-vii,rome-8-2-b-viii,genocide-2-e" placeholder:"LAW"`
	Standard   homeward.Standard     `help:"indication, reasonable-grounds, clear-and-convincing; beyond-reasonable-doubt is for a court's finding." required:"" enum:"indication,reasonable-grounds,clear-and-convincing,beyond-reasonable-doubt" placeholder:"STANDARD"`
	Element    []string              `help:"An element of the provision: NAME | met, open or not-met | on what that rests. Once for each." required:"" sep:"none" placeholder:"WORDS"`
	Party      []string              `help:"A party: NAME | applies, contested or does-not-apply | why. Once for each." required:"" sep:"none" placeholder:"WORDS"`
	Conclusion string                `help:"What is concluded." required:"" placeholder:"WORDS"`
	Author     string                `help:"The human who concludes it, by name and office." required:"" placeholder:"WORDS"`
	Replaces   homeward.AssessmentID `help:"An earlier assessment that this one replaces; it stays to be read." placeholder:"ID"`
}

func (evidenceAssessCmd) Help() string {
	return `What happened stays what its source said; an assessment stands beside it and belongs to a named human. It is an entry of the ledger, and is never changed: a later one replaces it. A dossier shows it with its elements, its standard of proof and its author.

Example:

  homeward evidence assess --record 0193a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b --event deported --law gc4-49 --standard reasonable-grounds \
    --element "protected person | met | a child of an occupied territory, by its birth record" --party "Russian Federation | applies | party since 1954" \
    --conclusion "deported from occupied territory" --author "O. Petrenko, legal officer"`
}

// assessed is an assessment for scripts: no word of it.
type assessed struct {
	Assessment homeward.AssessmentID `json:"assessment"`
	Record     homeward.RecordID     `json:"record"`
	Event      homeward.EventType    `json:"event"`
	Law        homeward.Law          `json:"law"`
	Standard   homeward.Standard     `json:"standard"`
}

func (c evidenceAssessCmd) Run(sh *shell) error {
	a, err := c.assessment()
	if err != nil {
		return err
	}
	return sh.with(func(db *store.DB) error {
		err := db.Update(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			a, err = tx.PutAssessment(a)
			return err
		})
		if err != nil {
			return advise(err, "look at --record, which must tell of the act, and at --replaces: homeward show PERSON prints the ids of records")
		}
		result := assessed{a.ID, a.Record, a.Event, a.Law, a.Standard}
		return sh.print(result, func(w io.Writer) {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.ID, a.Event, a.Law, a.Standard)
		})
	})
}

func (c evidenceAssessCmd) assessment() (a homeward.Assessment, err error) {
	if err := checkID("record", c.Record, "homeward show PERSON prints the ids of records"); err != nil {
		return a, err
	}
	if c.Replaces != "" {
		if err := checkID("assessment", c.Replaces, "homeward evidence assess printed its id"); err != nil {
			return a, err
		}
	}
	a = homeward.Assessment{Record: c.Record, Event: c.Event, Law: c.Law, Standard: c.Standard, Conclusion: c.Conclusion, Author: c.Author, Replaces: c.Replaces}
	for _, text := range c.Element {
		p, err := threeParts(text)
		if err != nil {
			return a, err
		}
		a.Elements = append(a.Elements, homeward.Element{Name: p[0], Finding: homeward.Finding(p[1]), Grounds: p[2]})
	}
	for _, text := range c.Party {
		p, err := threeParts(text)
		if err != nil {
			return a, err
		}
		a.Parties = append(a.Parties, homeward.Applicability{Party: p[0], Applies: homeward.Application(p[1]), Grounds: p[2]})
	}
	if !a.Complete() {
		return a, advise(fmt.Errorf("a part of the assessment is missing, or off its scale: %w", homeward.ErrInvalid),
			"an element is met, open or not-met; for a party a provision applies, is contested or does-not-apply; --event names an act, and no words may be empty")
	}
	return a, nil
}

// threeParts cuts words at their bars.
func threeParts(text string) (p [3]string, err error) {
	parts := strings.SplitN(text, "|", 3)
	if len(parts) != 3 {
		return p, needs("write --element and --party in three parts with bars between: NAME | finding | grounds")
	}
	for i := range p {
		p[i] = strings.TrimSpace(parts[i])
	}
	return p, nil
}
