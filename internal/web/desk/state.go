package desk

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
	"github.com/homeward-registry/homeward/internal/store"
)

// statePage is how the register stands: what is stuck, how well it is supported, what the last editions took away. It counts
// and tells what happened; it puts no child before another.
type statePage struct {
	frame
	store.Quality
	StaleDays int
	Stuck     []stuck
	Survey    registry.Survey
	Paths     []homeward.Path // that are contradicted, in their order
	Counted   time.Time       // when contradictions were; zero while they are for the first time
	Vanished  []lostRow
	Renamed   []lostRow
	Most      int
	SeesTeam  bool
}

// stuck is something that waits, and since when the oldest of it does.
type stuck struct {
	Key   string
	Since time.Time
	Days  int
	Path  string
}

// lostRow is a row that an edition took away, or gave another name.
type lostRow struct {
	Record    homeward.RecordID
	Name, Now string
	Source    string
	At        time.Time
}

const (
	// staleAfter is how many days without news make a child's records stale.
	staleAfter = 180
	// lossesShown is how many rows a list has at most, and lossesRead how many changed ones are looked at for names.
	lossesShown, lossesRead = 30, 200
)

func (d *Desk) showState(v *visit) error {
	p := &statePage{StaleDays: staleAfter, Most: lossesShown, SeesTeam: v.can(homeward.ActionSeeTeam)}
	var size int64
	err := v.view(func(tx *store.Tx) (err error) {
		if size, err = tx.TreeSize(); err != nil {
			return err
		}
		if p.Vanished, err = v.vanished(tx); err != nil {
			return err
		}
		p.Renamed, err = v.renamed(tx)
		return err
	})
	if err != nil {
		return err
	}
	told, err := d.surveyFor(v, size)
	if err != nil {
		return err
	}
	p.Survey, p.Quality, p.Counted = told.Survey, told.Quality, told.at
	p.Stuck = v.stuck(told.stuck, d.Now())
	p.Paths = slices.Sorted(maps.Keys(p.Survey.By))
	return v.show(http.StatusOK, "state", p)
}

// stuck lists what waits, as far as it is the reader's to move.
func (v *visit) stuck(s store.Stuck, now time.Time) (out []stuck) {
	add := func(a homeward.Action, key string, since time.Time, path string) {
		if v.can(a) && !since.IsZero() {
			out = append(out, stuck{key, since, int(now.Sub(since).Hours() / 24), path})
		}
	}
	add(homeward.ActionReview, "stuck.pairs", s.Pairs, "/review")
	add(homeward.ActionReview, "stuck.unsure", s.Unsure, "/review?state=unsure")
	add(homeward.ActionImport, "stuck.quarantine", s.Quarantine, "/quarantine")
	return out
}

// vanished names the rows that the last editions no longer have. Each read is audited.
func (v *visit) vanished(tx *store.Tx) ([]lostRow, error) {
	changes, err := tx.LatestLosses(homeward.ChangeRemoved, lossesShown)
	if err != nil {
		return nil, err
	}
	return v.lost(tx, changes, nil)
}

// renamed names the rows to which the last editions give another name.
func (v *visit) renamed(tx *store.Tx) ([]lostRow, error) {
	changes, err := tx.LatestLosses(homeward.ChangeChanged, lossesRead)
	if err != nil {
		return nil, err
	}
	before := make([]homeward.RecordID, len(changes))
	for i, c := range changes {
		before[i] = c.Previous
	}
	reached, err := tx.Reaches(before)
	if err != nil {
		return nil, err
	}
	changes = slices.DeleteFunc(changes, func(c homeward.Change) bool { return !reached[c.Previous] })
	rows, err := v.lost(tx, changes, func(c homeward.Change) homeward.RecordID { return c.Previous })
	rows = slices.DeleteFunc(rows, func(r lostRow) bool { return r.Name == r.Now })
	return rows[:min(len(rows), lossesShown)], err
}

// lost reads rows with their sources; was, when not nil, tells the record before.
func (v *visit) lost(tx *store.Tx, changes []homeward.Change, was func(homeward.Change) homeward.RecordID) ([]lostRow, error) {
	out := make([]lostRow, 0, len(changes))
	for _, c := range changes {
		ids := []homeward.RecordID{c.Record}
		if was != nil {
			ids = append(ids, was(c))
		}
		records, err := tx.RecordsByID(ids)
		if err != nil {
			return nil, err
		}
		source, err := tx.Source(records[0].Source)
		if err != nil {
			return nil, err
		}
		if records[0].State != homeward.RecordAccepted {
			continue
		}
		row := lostRow{Record: c.Record, Name: registry.DisplayName(records[len(records)-1:]), Now: registry.DisplayName(records[:1]), Source: source.Name, At: c.At}
		if row.Source == "" {
			row.Source = v.l.T("source.withheld")
		}
		out = append(out, row)
	}
	return out, nil
}
