package synth

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// populationReadme stands beside the lists, so that nobody takes them for real ones.
const populationReadme = `SYNTHETIC. Nobody in these files ever lived.

%d rows about invented children in %s, seed %d. The column "cluster" is the truth: two rows have the same
cluster when, and only when, they tell of one child; what stands before the dash is the household. Nothing may be learned from it.

Names are drawn from tables of common given names and from surnames put together from roots and suffixes. Any likeness to
a living person is chance. The same options give the same files. Every rate of error is in docs/synthetic.md.
`

// PopulationHeadings are the columns of a list of a population; wide ones have those of relatives and looks too.
func PopulationHeadings(wide bool) []string {
	head := []string{"id", "family_name", "given_name", "patronymic", "sex", "birth_date", "birthplace", "home"}
	if wide {
		head = append(head, "mother", "father", "siblings", "taken_from", "eyes", "hair")
	}
	return append(head, "cluster")
}

// Cells returns the row as it stands under the headings.
func (r Row) Cells(wide bool) []string { return r.appendCells(nil, wide) }

func (r Row) appendCells(to []string, wide bool) []string {
	to = append(to, r.ID, r.Family, r.Given, r.Patronymic, r.Sex, r.Born, r.Birthplace, r.Home)
	if wide {
		to = append(to, r.Mother, r.Father, r.Siblings, r.TakenFrom, r.Eyes, r.Hair)
	}
	return append(to, r.Cluster())
}

// Writing says how a population is written.
type Writing struct {
	Dir      string                // made where it is missing; files of the same names are replaced
	Wide     bool                  // also relatives, where the child was taken from, and looks
	Altered  int                   // how many altered identities to write beside the lists; they need the wide columns
	Progress func(done, total int) // called now and then; may be nil
}

// files returns the names of the lists.
func (p *Population) files() []string {
	if len(p.sources) == 1 {
		return []string{"people.csv"}
	}
	out := make([]string, len(p.sources))
	for i := range out {
		out[i] = fmt.Sprintf("people-%d.csv", i+1)
	}
	return out
}

// AlteredFile is the list of altered identities.
const AlteredFile = "altered.csv"

// Write writes the lists, row by row, and a README. Its memory does not grow with the rows.
func (p *Population) Write(ctx context.Context, w Writing) error {
	if err := os.MkdirAll(w.Dir, 0o755); err != nil {
		return fmt.Errorf("write a population: %w", err)
	}
	names := p.files()
	lists := "one list"
	if len(names) > 1 {
		lists = fmt.Sprintf("%d lists", len(names))
	}
	if err := put(w.Dir, "README.txt", fmt.Appendf(nil, populationReadme, p.Len(), lists, p.o.Seed)); err != nil {
		return err
	}
	wide := w.Wide || w.Altered > 0
	if err := p.stream(ctx, w, names, p.Len(), wide, p.Row); err != nil || w.Altered == 0 {
		return err
	}
	step := max(1, p.Len()/w.Altered)
	w.Progress = nil
	return p.stream(ctx, w, []string{AlteredFile}, min(w.Altered, p.Len()), wide, func(i int) Row {
		r := p.Altered(i * step)
		r.List = 0
		return r
	})
}

// stream writes rows into the files of their lists.
func (p *Population) stream(ctx context.Context, w Writing, names []string, total int, wide bool, row func(int) Row) (err error) {
	outs := make([]*csv.Writer, len(names))
	for i, name := range names {
		file, e := os.Create(filepath.Join(w.Dir, name))
		if e != nil {
			return fmt.Errorf("write a population: %w", e)
		}
		buffer := bufio.NewWriterSize(file, 1<<18)
		outs[i] = csv.NewWriter(buffer)
		defer func() { err = errors.Join(err, outs[i].Error(), buffer.Flush(), file.Close()) }()
		defer outs[i].Flush()
		if e := outs[i].Write(PopulationHeadings(wide)); e != nil {
			return e
		}
	}
	var cells []string
	for r := range ahead(ctx, total, row) {
		cells = r.appendCells(cells[:0], wide)
		if err := outs[r.List].Write(cells); err != nil {
			return fmt.Errorf("write a population: %w", err)
		}
		if w.Progress != nil && r.Number%4096 == 0 {
			w.Progress(r.Number, total)
		}
	}
	return ctx.Err()
}
