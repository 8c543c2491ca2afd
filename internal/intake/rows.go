package intake

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/xuri/excelize/v2"
)

// Limits of what a list may hold. What is beyond them is no list.
const (
	maxCell     = 1 << 20 // bytes of one cell
	maxRow      = 8 << 20 // bytes of one row
	maxColumns  = 1000
	maxUnzipped = 256 << 20 // bytes a workbook may unfold to
)

// row is one row of a list: its cells under their headings, and where it stood.
type row struct {
	cells []homeward.Cell
	line  int
	extra bool // more cells than headings
}

// rows reads a list row by row; io.EOF ends it. Rows without any text are passed over.
type rows interface {
	next() (row, error)
	close() error
}

func openRows(file io.ReadSeeker, f form) (rows, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch f.Format {
	case "xlsx":
		return openXLSX(file)
	case "jsonl":
		return &jsonRows{scan: lineScanner(decoded(file, f))}, nil
	}
	return openCSV(file, f)
}

// csvRows reads CSV and TSV.
type csvRows struct {
	blocks    *blocks
	delimiter byte
	headings  []string
	scan      csvScan // of the block that is being read
	fields    []string
}

func openCSV(file io.Reader, f form) (*csvRows, error) {
	text := decoded(file, f)
	if f.Encoding == "utf-8" {
		text = unmarked(file, f) // blocks are looked at one by one, which is faster
	}
	c := &csvRows{blocks: newBlocks(text, blockSize), delimiter: byte(f.Delimiter)}
	record, _, err := c.read()
	if err == io.EOF {
		return nil, errEmpty
	}
	if err != nil {
		return nil, err
	}
	c.headings, err = headingsOf(record)
	return c, err
}

// headingsOf copies headings, giving a blank one the name of its column.
func headingsOf(record []string) ([]string, error) {
	if len(record) > maxColumns {
		return nil, refuse("columns", fmt.Sprintf("the list has more than %d columns", maxColumns), map[string]any{"Most": maxColumns})
	}
	out := make([]string, len(record))
	for i, h := range record {
		if out[i] = strings.Clone(strings.TrimSpace(h)); out[i] == "" {
			out[i] = unnamed(i)
		}
	}
	return out, nil
}

// unnamed is the heading of a column that has none, counted from 0.
func unnamed(column int) string { return fmt.Sprintf("column %d", column+1) }

// read returns the fields of the next row, which are good until the next call, and the line it begins in.
func (c *csvRows) read() ([]string, int, error) {
	for {
		fields, line, err := c.scan.next(c.fields[:0])
		if err != io.EOF {
			c.fields = fields
			return fields, line, err
		}
		b, err := c.blocks.next()
		if err != nil {
			return nil, 0, err
		}
		c.scan = b.scan(c.delimiter)
	}
}

func blank(record []string) bool {
	for _, s := range record {
		if strings.TrimSpace(s) != "" {
			return false
		}
	}
	return true
}

func (c *csvRows) next() (row, error) {
	record, line, err := c.read()
	if err != nil {
		return row{}, err
	}
	return rowOf(c.headings, record, line), nil
}

// rowOf puts cells under their headings. Cells missing at the end are empty; cells beyond the last heading are kept.
func rowOf(headings, record []string, line int) row {
	out := row{cells: make([]homeward.Cell, max(len(headings), len(record))), line: line, extra: len(record) > len(headings)}
	for i := range out.cells {
		c := &out.cells[i]
		if i < len(headings) {
			c.Heading = headings[i]
		} else {
			c.Heading = unnamed(i)
		}
		if i < len(record) {
			c.Text = strings.Clone(record[i])
		}
	}
	return out
}

func (c *csvRows) close() error { return nil }

// jsonRows reads JSON lines: one object a line.
type jsonRows struct {
	scan *bufio.Scanner
	line int
}

func lineScanner(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), maxRow)
	return s
}

func (j *jsonRows) next() (row, error) {
	for j.scan.Scan() {
		j.line++
		text := bytes.TrimSpace(j.scan.Bytes())
		if len(text) == 0 {
			continue
		}
		cells, err := flatten(text)
		if err != nil {
			return row{}, refuse("json", fmt.Sprintf("line %d is not a JSON object: each line must hold one; nothing was brought in", j.line), map[string]any{"Line": j.line})
		}
		for _, c := range cells {
			if len(c.Text) > maxCell {
				return row{}, refuseLarge(j.line)
			}
		}
		return row{cells: cells, line: j.line}, nil
	}
	if errors.Is(j.scan.Err(), bufio.ErrTooLong) {
		return row{}, refuseLarge(j.line + 1)
	}
	if err := j.scan.Err(); err != nil {
		return row{}, err
	}
	return row{}, io.EOF
}

func (j *jsonRows) close() error { return nil }

// flatten turns one object into cells, in the order written: {"a":{"b":1}} is a.b, a list is joined with "; ".
func flatten(text []byte) ([]homeward.Cell, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var cells []homeward.Cell
	t, err := d.Token()
	if err != nil || t != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	if err := flattenObject(d, "", &cells, 0); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return cells, nil
}

const maxDepth = 20

func flattenObject(d *json.Decoder, prefix string, cells *[]homeward.Cell, depth int) error {
	if depth > maxDepth || len(*cells) > maxColumns {
		return errors.New("too deep or too wide")
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		heading := prefix + t.(string) // a key is always a string
		if t, err = d.Token(); err != nil {
			return err
		}
		if t == json.Delim('{') {
			if err := flattenObject(d, heading+".", cells, depth+1); err != nil {
				return err
			}
			continue
		}
		value, err := scalarOrList(d, t, depth)
		if err != nil {
			return err
		}
		*cells = append(*cells, homeward.Cell{Heading: heading, Text: value})
	}
	_, err := d.Token()
	return err
}

func scalarOrList(d *json.Decoder, t json.Token, depth int) (string, error) {
	switch v := t.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return fmt.Sprint(v), nil
	case nil:
		return "", nil
	}
	if t != json.Delim('[') || depth > maxDepth {
		return "", errors.New("unexpected value")
	}
	var parts []string
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		if t == json.Delim('{') {
			var cells []homeward.Cell
			if err := flattenObject(d, "", &cells, depth+1); err != nil {
				return "", err
			}
			for _, c := range cells {
				parts = append(parts, c.Heading+": "+c.Text)
			}
			continue
		}
		s, err := scalarOrList(d, t, depth+1)
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	_, err := d.Token()
	return strings.Join(parts, "; "), err
}

// xlsxRows reads the first sheet that is shown.
type xlsxRows struct {
	file     *excelize.File
	rows     *excelize.Rows
	headings []string
	line     int
}

func openXLSX(file io.Reader) (rows, error) {
	// A part larger than the second limit would be unfolded into a temporary file: words in the clear on disk.
	f, err := excelize.OpenReader(file, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		if strings.Contains(err.Error(), "unzip size exceeds") {
			return nil, refuse("bomb", fmt.Sprintf("the workbook unfolds to more than %d megabytes, which no list does", maxUnzipped>>20), map[string]any{"Megabytes": maxUnzipped >> 20})
		}
		return nil, refuseKind("ZIP")
	}
	x := &xlsxRows{file: f}
	for _, sheet := range f.GetSheetList() {
		if shown, err := f.GetSheetVisible(sheet); err != nil || !shown {
			continue
		}
		if x.rows, err = f.Rows(sheet); err != nil {
			return nil, errors.Join(refuse("workbook", "the workbook is damaged: open it, save it again and bring that", nil), f.Close())
		}
		record, err := x.read()
		if err == io.EOF {
			continue
		}
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		x.headings, err = headingsOf(record)
		return x, err
	}
	return nil, errors.Join(errEmpty, f.Close())
}

func (x *xlsxRows) read() ([]string, error) {
	for x.rows.Next() {
		x.line++
		record, err := x.rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, refuse("workbook", "the workbook is damaged: open it, save it again and bring that", nil)
		}
		if blank(record) {
			continue
		}
		for _, cell := range record {
			if len(cell) > maxCell {
				return nil, refuseLarge(x.line)
			}
		}
		return record, nil
	}
	if x.rows.Error() != nil {
		return nil, refuse("workbook", "the workbook is damaged: open it, save it again and bring that", nil)
	}
	return nil, io.EOF
}

func (x *xlsxRows) next() (row, error) {
	record, err := x.read()
	if err != nil {
		return row{}, err
	}
	return rowOf(x.headings, record, x.line), nil
}

func (x *xlsxRows) close() error { return errors.Join(x.rows.Close(), x.file.Close()) }
