package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// Column is one column of a list as a preview shows it.
type Column struct {
	Heading    string
	Path       homeward.Path
	Recognised bool   // its heading, a remembered or a given mapping says what it holds
	Sample     string // the first text in it
}

// PreviewRow is one row as it would be read.
type PreviewRow struct {
	Line   int
	Cells  []homeward.Cell
	Claims []homeward.Claim
	Reason string // of quarantine
}

// Preview says what an import would do, without doing it.
type Preview struct {
	Format, Encoding, Delimiter string
	Columns                     []Column
	Rows                        []PreviewRow   // the first ones
	Tally                       homeward.Tally // as it would be
	Reasons                     map[string]int // rows that would go to quarantine, by reason
	Already                     bool           // the same file is complete already
	NewSource                   bool
}

// previewRows is how many rows a preview shows.
const previewRows = 20

// Look reads a whole file as Import would and writes nothing.
func Look(ctx context.Context, db *store.DB, actor homeward.Actor, in Input) (Preview, error) {
	if !actor.Can(homeward.ActionImport) {
		return Preview{}, fmt.Errorf("preview: %w", homeward.ErrDenied)
	}
	seen, err := inspect(in.File)
	if err != nil {
		return Preview{}, err
	}
	i := &importing{ctx: ctx, db: db, actor: actor, in: in, seen: seen}
	p := Preview{Format: seen.form.Format, Encoding: seen.form.Encoding, Delimiter: seen.form.delimiter(), Reasons: map[string]int{}}
	if err := db.View(ctx, actor, func(tx *store.Tx) error { return i.lookUp(tx, &p) }); err != nil {
		return p, err
	}
	p.Columns = i.columns()
	return p, i.look(&p)
}

// lookUp finds what is there of the source and the edition.
func (i *importing) lookUp(tx *store.Tx, p *Preview) error {
	i.current = map[store.Fingerprint]store.Current{}
	s, err := tx.SourceNamedIn(i.in.Source, i.in.Compartment)
	if errors.Is(err, homeward.ErrNotFound) {
		p.NewSource = true
		i.report.Mapping = i.mapping(nil)
		return nil
	}
	if err != nil {
		return err
	}
	i.source = s
	i.report.Mapping = i.mapping(s.Mapping)
	e, err := tx.EditionOf(s.ID, i.seen.sha256)
	if err == nil {
		p.Already = e.State == homeward.EditionComplete
		i.edition = e
	} else if err := i.refuseOlder(tx); err != nil {
		return err
	}
	i.current, err = tx.CurrentRows(s.ID)
	return err
}

func (i *importing) columns() []Column {
	out := make([]Column, len(i.seen.headings))
	for k, h := range i.seen.headings {
		p := i.report.Mapping[h]
		out[k] = Column{Heading: h, Path: p, Recognised: p != homeward.TextPath(h)}
	}
	return out
}

// look goes through the rows and counts what would become of each.
func (i *importing) look(p *Preview) error {
	apart := &tellApart{i.db, i.source.ID, i.report.Mapping, map[store.Fingerprint]int{}}
	met := map[store.Fingerprint]bool{}
	asOf := i.in.Edition
	err := eachRow(i.in.File, i.seen.form, func(r row) error {
		s := apart.row(r)
		met[s.key] = true
		p.Tally.Rows++
		claims, reason := Claims(r.cells, i.report.Mapping, asOf, i.source.Language)
		if reason == "" && r.extra {
			reason = reasonExtra
		}
		now, there := i.current[s.key]
		switch {
		case there && !now.Removed && now.Content == s.content:
			p.Tally.Unchanged++
		case reason != "":
			p.Tally.Quarantined++
			p.Reasons[reason]++
		case there && !now.Removed:
			p.Tally.Changed++
		default:
			p.Tally.Added++
		}
		p.sample(r, claims, reason)
		return i.ctx.Err()
	})
	for key, c := range i.current {
		if !c.Removed && !met[key] {
			p.Tally.Removed++
		}
	}
	return err
}

// sample keeps the first rows, and the first text of every column.
func (p *Preview) sample(r row, claims []homeward.Claim, reason string) {
	for k := range p.Columns {
		c := &p.Columns[k]
		for _, cell := range r.cells {
			if c.Sample == "" && cell.Heading == c.Heading {
				c.Sample = cell.Text
			}
		}
	}
	if len(p.Rows) < previewRows {
		p.Rows = append(p.Rows, PreviewRow{Line: r.line, Cells: r.cells, Claims: claims, Reason: reason})
	}
}
