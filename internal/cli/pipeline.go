package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward/internal/pipeline"
	"github.com/homeward-registry/homeward/internal/store"
)

type runCmd struct{}

func (runCmd) Help() string {
	return `Brings every stage up to date with what came in: the index, the pairs and their weights, the persons, a checkpoint of the ledger. Safe to run at any time and as often as you like.

Example:

  homeward run`
}

// updated is what a run of the stages did.
type updated struct {
	NewPairs   int      `json:"new_pairs"`
	Pairs      int      `json:"pairs"`
	ByRule     int      `json:"decided_by_rule"`
	Trained    bool     `json:"model_trained"`
	Persons    int      `json:"persons"`
	Changed    int      `json:"persons_changed"`
	Events     int      `json:"events_written"`
	Unheeded   []string `json:"decisions_not_applied"`
	Checkpoint string   `json:"checkpoint"`
}

func (runCmd) Run(sh *shell) error {
	return sh.with(func(db *store.DB) error {
		done, err := sh.bringUpToDate(pipeline.New(db))
		if err != nil {
			return err
		}
		return sh.print(done, done.words)
	})
}

// stageWords say what each stage does, beside a progress bar.
var stageWords = map[string]string{"refresh": "reading records", "propose": "weighing pairs", "batches": "carrying out batches", "derive": "deriving persons", "sign": "signing"}

// bringUpToDate runs every stage, with a progress bar.
func (sh *shell) bringUpToDate(p *pipeline.Pipeline) (updated, error) {
	bar, stage := sh.progress(""), ""
	report, err := p.Run(sh.ctx, func(name string, done, total int64) {
		if name != stage {
			stage = name
			bar.step(stageWords[name])
		}
		bar.at(done, total)
	})
	bar.end()
	result := updated{
		NewPairs: report.Review.New, Pairs: report.Review.Pairs, ByRule: report.Review.Rule, Trained: report.Review.Trained,
		Persons: report.Registry.Persons, Changed: report.Registry.Changed, Events: report.Registry.Events,
		Unheeded: []string{}, Checkpoint: string(report.Checkpoint),
	}
	for _, c := range report.Registry.Conflicts {
		result.Unheeded = append(result.Unheeded, string(c.Decision))
	}
	return result, err
}

func (u updated) words(w io.Writer) {
	fmt.Fprintf(w, "pairs\t%s, %s new\n", amount(u.Pairs), amount(u.NewPairs))
	if u.ByRule > 0 {
		fmt.Fprintf(w, "by rule\t%s joined: the same verified document number\n", many(u.ByRule, "pair"))
	}
	fmt.Fprintf(w, "persons\t%s, %s written\n", amount(u.Persons), amount(u.Changed))
	for _, id := range u.Unheeded {
		fmt.Fprintf(w, "not applied\tdecision %s: another decision stands against it\n", id)
	}
	if lines := strings.Split(u.Checkpoint, "\n"); len(lines) > 2 {
		fmt.Fprintf(w, "checkpoint\tsize %s, root %s\n", lines[1], lines[2])
	}
}
