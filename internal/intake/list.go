package intake

import (
	"io"

	"github.com/homeward-registry/homeward"
)

// Line is one row of a list: its cells under their headings, and where it stood.
type Line struct {
	Number int // in the file, from 1
	Cells  []homeward.Cell
}

// Lines reads a list row by row from its start, for those who work on it without a register. What is no list, is broken or has no
// rows is refused as an import refuses it; rows before the break have been given by then.
func Lines(file io.ReadSeeker, fn func(Line) error) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f, err := detect(file)
	if err != nil {
		return err
	}
	empty := true
	err = eachRow(file, f, func(r row) error {
		empty = false
		return fn(Line{Number: r.line, Cells: r.cells})
	})
	if err == nil && empty {
		err = errNoRows
	}
	return err
}
