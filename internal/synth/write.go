package synth

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// readme stands beside the lists, so that nobody takes them for real ones.
const readme = `SYNTHETIC. Nobody in these files ever lived.

%d invented children in %d families, %d rows in three lists, as of %s, seed %d.

family-reports.csv    what families report, in Ukrainian (UTF-8, comma)
adoption-listing.csv  an adoption listing, in Russian (windows-1251, semicolon)
ngo-list.csv          a list of a non-profit, in Latin letters (UTF-8, comma)
truth.csv             which row of which list is which child: source, source_id, child, family

Names are drawn from tables of common given names and from surnames put together from stems and endings. Any likeness
to a living person is chance. Phone numbers begin with +380 00, which no operator has. The same number of children and
the same seed give the same files.
`

// Write writes the three lists, the truth and a README into the folder, which it makes where it is missing. Files of
// the same names are replaced.
func (w *World) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write synthetic lists: %w", err)
	}
	rows := 0
	for _, l := range w.Lists {
		rows += len(l.Rows)
		text, err := l.Bytes()
		if err != nil {
			return fmt.Errorf("write %s: %w", l.File, err)
		}
		if err := put(dir, l.File, text); err != nil {
			return err
		}
	}
	if err := put(dir, "truth.csv", w.truth()); err != nil {
		return err
	}
	text := fmt.Sprintf(readme, len(w.Children), len(w.Families), rows, EditionDay, w.Options.Seed)
	return put(dir, "README.txt", []byte(text))
}

func put(dir, name string, text []byte) error {
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		return fmt.Errorf("write synthetic lists: %w", err)
	}
	return nil
}

// Bytes returns the list as its file is: headings first, in its own encoding.
func (l List) Bytes() ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	out.Comma = l.delimiter
	out.Write(l.Headings) // into memory: an error would come back from WriteAll
	if err := out.WriteAll(l.Rows); err != nil {
		return nil, err
	}
	return l.encode(b.String())
}

// truth returns the truth file.
func (w *World) truth() []byte {
	var b bytes.Buffer
	b.WriteString("source,source_id,child,family\n")
	for _, m := range w.Truth {
		b.WriteString(m.Source + "," + m.SourceID + "," + strconv.Itoa(m.Child) + "," + strconv.Itoa(m.Family) + "\n")
	}
	return b.Bytes()
}
