package casework

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// What is known of the sought children grows in one way: the draft is written down as the family tells it now, and every child
// whose row reads differently gets a record that corrects the one before, in an edition of the request's source. A child that
// is new gets a first record, and those who are its brothers and sisters are corrected with it.

// whyHeading is the cell of a row that says why a child's record was corrected. It makes no claim about the child.
const whyHeading = "correction"

var (
	errNoChildren = &homeward.Message{Key: "request.refused.children", Kind: homeward.ErrConflict,
		Text: "a child was found, or the work has ended: take the request back to work before adding a child"}
	errTooMany = &homeward.Message{Key: "request.refused.many", Kind: homeward.ErrConflict,
		Text: "a request seeks eight children at most: open another"}
	errNothingNew = &homeward.Message{Key: "request.refused.same", Kind: homeward.ErrInvalid,
		Text: "nothing differs from what is known already"}
	errCorrected = &homeward.Message{Key: "request.refused.corrected", Kind: homeward.ErrConflict,
		Text: "somebody corrected this in the meantime: look at what is known now"}
)

// Known returns what is known of the sought children now, as a draft that was never sent: of consent it says nothing.
func Known(r homeward.Request, told []homeward.Record) Draft {
	d := Draft{Compartment: r.Compartment, Inquirer: r.Inquirer, Circumstances: r.Circumstances}
	for _, record := range told {
		child := childOf(record.Row)
		related := slices.ContainsFunc(record.Row, func(c homeward.Cell) bool { return c.Heading == string(homeward.PathFamilyRef) })
		child.Apart, d.Siblings = !related && len(told) > 1, d.Siblings || related
		d.Children = append(d.Children, child)
	}
	return d
}

// Add puts one more child among those that a request seeks; a sibling is one of the brothers and sisters among them, or of the
// only one. It refuses with a
// [homeward.Message] where consent to tracing does not stand, or a child was found; ErrInvalid when something is wrong with
// the child, see [Draft.CheckChild].
func (c Casework) Add(ctx context.Context, actor homeward.Actor, id homeward.RequestID, child Child, sibling bool) (added homeward.RecordID, err error) {
	err = c.DB.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		if m := BarsAdding(r); m != nil {
			return m
		}
		told, err := tx.Told(r)
		if err != nil {
			return err
		}
		d := Known(r, told)
		child.Apart = !sibling
		d.Children, d.Siblings = append(d.Children, child), d.Siblings || sibling
		if wrong := d.CheckChild(len(told), homeward.DayOf(tx.Now)); len(wrong) > 0 {
			return fmt.Errorf("field %s: %w", wrong[0].Field, homeward.ErrInvalid)
		}
		ids, err := c.amend(tx, r, amendment{now: d, told: told})
		if err != nil {
			return err
		}
		added = ids[len(ids)-1]
		return tx.PutSought(r, added)
	})
	if err != nil {
		return "", fmt.Errorf("add child to request %s: %w", id, err)
	}
	return added, nil
}

// BarsAdding says why no child may be added to a request, or nil.
func BarsAdding(r homeward.Request) *homeward.Message {
	switch {
	case !r.ConsentsTo(homeward.PurposeTracing):
		return errNoConsent
	case !r.State().TakesChildren():
		return errNoChildren
	case len(r.Sought) >= MostChildren:
		return errTooMany
	}
	return nil
}

// Correct writes what is known of a sought child now, and why. was is the record that it corrects: when that is not what is known now
// any more, somebody else corrected it, which is refused with a [homeward.Message]. The record that is corrected stays.
func (c Casework) Correct(ctx context.Context, actor homeward.Actor, id homeward.RequestID, was homeward.RecordID, child Child, why string) error {
	err := c.DB.Update(ctx, actor, func(tx *store.Tx) error {
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		told, err := tx.Told(r)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(told, func(x homeward.Record) bool { return x.ID == was })
		if i < 0 {
			return errCorrected
		}
		d := Known(r, told)
		d.Children[i] = child
		wrong := d.CheckChild(i, homeward.DayOf(tx.Now))
		if why = strings.TrimSpace(why); len(wrong) > 0 || why == "" || unreadable(why) || utf8.RuneCountInString(why) > LongestText {
			return fmt.Errorf("what is written is wrong: %w", homeward.ErrInvalid)
		}
		_, err = c.amend(tx, r, amendment{now: d, told: told, why: why})
		return err
	})
	if err != nil {
		return fmt.Errorf("correct request %s: %w", id, err)
	}
	return nil
}

// amendment is what is known of the children now, beside what was told last.
type amendment struct {
	now  Draft
	told []homeward.Record
	why  string
}

// amend writes a record for each child of whom something else is known now, as an edition, and returns their ids.
func (c Casework) amend(tx *store.Tx, r homeward.Request, a amendment) ([]homeward.RecordID, error) {
	if err := tx.MayTrace(r); err != nil {
		return nil, err
	}
	unseen, next, err := tx.Unseen(r)
	if err != nil {
		return nil, err
	}
	today := homeward.DayOf(tx.Now)
	var list []store.NewRecord
	for i := range a.now.Children {
		row, m := a.now.row(i, today)
		if i < len(a.told) && unseen > 0 {
			row = asTold(row, m, a.told[i].Row)
		}
		if i < len(a.told) && sameCells(row, a.told[i].Row) {
			continue
		}
		n := store.NewRecord{Record: homeward.Record{Line: next + 1}, Change: homeward.ChangeAdded}
		if i < len(a.told) { // its own line: not every child of the request need be seen, or be there still
			n.Record.Line, n.Record.Supersedes, n.Change = a.told[i].Line, a.told[i].ID, homeward.ChangeChanged
			if a.why != "" {
				row, m[whyHeading] = append(row, homeward.Cell{Heading: whyHeading, Text: a.why}), homeward.PathIgnore
			}
		}
		if err := c.fill(tx, &n, r.Compartment, row, m); err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	if len(list) == 0 {
		return nil, errNothingNew
	}
	return c.edition(tx, r.Source, list)
}

// asTold gives a row what was told of the child's family last: who does not see every child of it cannot say it anew.
func asTold(row []homeward.Cell, m homeward.Mapping, told []homeward.Cell) []homeward.Cell {
	family := func(c homeward.Cell) bool {
		return c.Heading == string(homeward.PathSiblings) || c.Heading == string(homeward.PathFamilyRef)
	}
	row = slices.DeleteFunc(row, family)
	for _, c := range told {
		if family(c) {
			row, m[c.Heading] = append(row, c), homeward.Path(c.Heading)
		}
	}
	return row
}

// sameCells reports whether two rows say the same, but for why one of them was corrected.
func sameCells(a, b []homeward.Cell) bool {
	return maps.Equal(cellsOf(a), cellsOf(b))
}

func cellsOf(row []homeward.Cell) map[string]string {
	out := map[string]string{}
	for _, c := range row {
		if c.Heading != whyHeading {
			out[c.Heading] = c.Text
		}
	}
	return out
}
