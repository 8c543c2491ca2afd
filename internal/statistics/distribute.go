package statistics

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/places"
)

// Distribution is how the children of a count divide: each child is in one flow, one age and one month at most, by the first
// of its records that tells it.
type Distribution struct {
	Children int
	Flows    map[Flow]int
	Unplaced int         // children of whom one of the two regions is not known
	Ages     map[int]int // full years when taken, as far as the dates allow to tell
	Ageless  int
	Months   map[time.Time]int // the first day of the month in which they were taken
	Undated  int               // children of whom the month is not known
}

// Flow is from which region to which.
type Flow struct{ From, To places.ID }

// Distribute divides the children that [Compute] counts. It opens every record once; what it returns are amounts, and the
// caller hides the small ones. ErrDenied when the actor may not count.
func (s *Sketches) Distribute(ctx context.Context, db *store.DB, actor homeward.Actor, g *places.Gazetteer, expr string, validAsOf, knownAsOf time.Time) (Distribution, error) {
	if !actor.Can(homeward.ActionCount) {
		return Distribution{}, fmt.Errorf("distribute: %w", homeward.ErrDenied)
	}
	def, err := Define(expr)
	if err != nil {
		return Distribution{}, err
	}
	t, err := s.NewTable(ctx, db, actor, g, validAsOf, knownAsOf)
	if err != nil {
		return Distribution{}, fmt.Errorf("distribute: %w", err)
	}
	return t.Distribution(def), nil
}

func newDistribution() Distribution {
	return Distribution{Flows: map[Flow]int{}, Ages: map[int]int{}, Months: map[time.Time]int{}}
}

// or fills what is not known yet from a later record.
func (s sketch) or(t sketch) sketch {
	s.from, s.to = cmp.Or(s.from, t.from), cmp.Or(s.to, t.to)
	if s.birth.IsZero() {
		s.birth = t.birth
	}
	if s.taken.IsZero() {
		s.taken = t.taken
	}
	return s
}

func (d *Distribution) add(s sketch) {
	d.Children++
	if s.from == "" || s.to == "" {
		d.Unplaced++
	} else {
		d.Flows[Flow{s.from, s.to}]++
	}
	if age, ok := s.age(); ok {
		d.Ages[age]++
	} else {
		d.Ageless++
	}
	if month, ok := s.month(); ok {
		d.Months[month]++
	} else {
		d.Undated++
	}
}

// merge adds other children.
func (d *Distribution) merge(o Distribution) {
	d.Children, d.Unplaced, d.Ageless, d.Undated = d.Children+o.Children, d.Unplaced+o.Unplaced, d.Ageless+o.Ageless, d.Undated+o.Undated
	for f, n := range o.Flows {
		d.Flows[f] += n
	}
	for age, n := range o.Ages {
		d.Ages[age] += n
	}
	for month, n := range o.Months {
		d.Months[month] += n
	}
}

// age returns the full years of a child when it was taken. ok is false when the dates leave more than two ages open; of two,
// the one that more of the days allow.
func (s sketch) age() (years int, ok bool) {
	if s.birth.IsZero() || s.taken.IsZero() {
		return 0, false
	}
	least, most := fullYears(s.birth.To, s.taken.From), fullYears(s.birth.From, s.taken.To)
	if most-least > 1 || least < -1 || most < 0 || most > 17 {
		return 0, false
	}
	middle := func(d homeward.Date) homeward.Day { return d.From + (d.To-d.From)/2 }
	return max(fullYears(middle(s.birth), middle(s.taken)), 0), true
}

func fullYears(from, to homeward.Day) int {
	a, b := from.Time(), to.Time()
	years := b.Year() - a.Year()
	if b.Month() < a.Month() || b.Month() == a.Month() && b.Day() < a.Day() {
		years--
	}
	return years
}

// month returns the first day of the month in which a child was taken; ok is false when the date allows several.
func (s sketch) month() (first time.Time, ok bool) {
	if s.taken.IsZero() {
		return first, false
	}
	from, to := s.taken.From.Time(), s.taken.To.Time()
	first = time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	return first, from.Year() == to.Year() && from.Month() == to.Month()
}
