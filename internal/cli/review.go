package cli

import (
	"fmt"
	"io"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

type reviewCmd struct {
	List     reviewListCmd     `cmd:"" help:"List pairs, the most probable first."`
	Show     reviewShowCmd     `cmd:"" help:"Show a pair: both records and what each signal weighs."`
	Decide   reviewDecideCmd   `cmd:"" help:"Decide: same, different or unsure."`
	Revoke   reviewRevokeCmd   `cmd:"" help:"Revoke a decision."`
	Withdraw reviewWithdrawCmd `cmd:"" help:"Take back an opinion that waits for another person's."`
}

// pair is a pair as printed.
type pair struct {
	Pair        homeward.PairID    `json:"pair"`
	Left        side               `json:"left"`
	Right       side               `json:"right"`
	Weight      float64            `json:"weight"`
	Probability float64            `json:"probability"`
	State       homeward.PairState `json:"state"`
}

// side is one record of a pair: its id, its source's name and the id that the source's own row carries.
type side struct {
	Record   homeward.RecordID `json:"record"`
	Source   string            `json:"source"`
	SourceID string            `json:"source_id"`
}

type reviewListCmd struct {
	All   bool               `help:"Every pair, whatever was decided, without a limit."`
	State homeward.PairState `help:"Which pairs: proposed, in-review, same, different or unsure." enum:"proposed,in-review,same,different,unsure" default:"proposed"`
	Min   float64            `help:"Leave out pairs less probable than this." default:"0"`
	Limit int                `help:"How many; 0 means all." default:"50"`
}

func (reviewListCmd) Help() string {
	return `Without flags: the first fifty pairs that await a decision.

Examples:

  homeward review list --min 0.9
  homeward review list --all --json`
}

func (c reviewListCmd) Run(sh *shell) error {
	filter := store.PairFilter{State: c.State, MinProbability: c.Min, Limit: c.Limit}
	if c.All {
		filter.State, filter.Limit = "", 0
	}
	return sh.with(func(db *store.DB) error {
		var found []homeward.Pair
		err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) (err error) {
			found, err = tx.Pairs(filter)
			return err
		})
		if err != nil {
			return err
		}
		sides, err := sh.sides(db, found)
		if err != nil {
			return err
		}
		list := make([]pair, len(found))
		for i, p := range found {
			list[i] = pair{p.ID, sides[p.Left], sides[p.Right], p.Weight, p.Probability, p.State}
		}
		return sh.print(list, func(w io.Writer) { printPairs(w, list) })
	})
}

func printPairs(w io.Writer, list []pair) {
	if len(list) == 0 {
		fmt.Fprintln(w, "No pairs here. homeward run proposes pairs for what came in; --all lists decided ones too.")
		return
	}
	for _, p := range list {
		fmt.Fprintf(w, "%s\t%+.1f\t%s\t%s %s\t%s %s\t%s\n", percent(p.Probability), p.Weight, p.State,
			p.Left.Source, p.Left.SourceID, p.Right.Source, p.Right.SourceID, p.Pair)
	}
}

// few is up to how many records are read one by one, each with its own audit row; more are read in one pass.
const few = 200

// sides reads what the listing says of each record.
func (sh *shell) sides(db *store.DB, pairs []homeward.Pair) (map[homeward.RecordID]side, error) {
	wanted := map[homeward.RecordID]bool{}
	var ids []homeward.RecordID
	for _, p := range pairs {
		for _, id := range []homeward.RecordID{p.Left, p.Right} {
			if !wanted[id] {
				wanted[id] = true
				ids = append(ids, id)
			}
		}
	}
	names, records := map[homeward.SourceID]string{}, []homeward.Record(nil)
	err := db.View(sh.ctx, homeward.Operator, func(tx *store.Tx) error {
		sources, err := tx.Sources()
		for _, s := range sources {
			names[s.ID] = s.Name
		}
		if err == nil && len(ids) <= few {
			records, err = tx.RecordsByID(ids)
		}
		return err
	})
	sides := make(map[homeward.RecordID]side, len(ids))
	keep := func(r homeward.Record) error {
		if wanted[r.ID] {
			sides[r.ID] = side{r.ID, names[r.Source], r.SourceRow}
		}
		return nil
	}
	for _, r := range records {
		keep(r)
	}
	if err == nil && len(ids) > few {
		err = db.EachRecord(sh.ctx, homeward.Operator, "", keep)
	}
	return sides, err
}
