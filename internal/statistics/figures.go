package statistics

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

//go:embed figures.csv
var published []byte

// Published returns a list of figures that others published about the children of Ukraine since 2022, contradictions
// included, in the form that [ReadFigures] reads.
func Published() io.Reader { return bytes.NewReader(published) }

// Populations a figure can be of.
const (
	PopulationChildren = "children"
	PopulationAllAges  = "all_ages"
)

// columns of a list of figures, in the order in which they stand.
var columns = []string{"date", "date_precision", "publisher", "reported_by", "category", "relation", "value", "population", "scope_as_said", "link", "note"}

// ReadFigures reads a list of figures: CSV in UTF-8 with the columns date, date_precision, publisher, reported_by,
// category, relation, value, population, scope_as_said, link, note, in any order. Words are kept exactly, and rows
// that contradict one another are all kept. A row that cannot be read is left out and named by a message with its
// line; the error is for a list that is none.
func ReadFigures(r io.Reader) ([]homeward.Figure, []*homeward.Message, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	headings, err := in.Read()
	if err != nil {
		return nil, nil, notFigures(err)
	}
	place, err := positions(headings)
	if err != nil {
		return nil, nil, err
	}
	var out []homeward.Figure
	var rejected []*homeward.Message
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, rejected, nil
		}
		if err != nil {
			return nil, nil, notFigures(err)
		}
		line, _ := in.FieldPos(0)
		f, column := readFigure(row, len(headings), place)
		if column != "" {
			rejected = append(rejected, rejection(line, column))
			continue
		}
		out = append(out, f)
	}
}

// positions finds the column of each heading.
func positions(headings []string) (map[string]int, error) {
	place := make(map[string]int, len(columns))
	for _, name := range columns {
		at := slices.IndexFunc(headings, func(h string) bool { return strings.TrimPrefix(strings.TrimSpace(h), "\ufeff") == name })
		if at < 0 {
			return nil, &homeward.Message{Key: "figures.error.column", Args: map[string]any{"column": name}, Kind: homeward.ErrInvalid,
				Text: "the list of figures has no column " + name + "; its columns must be " + strings.Join(columns, ", ")}
		}
		place[name] = at
	}
	return place, nil
}

// readFigure reads one row, or names the column that cannot be read; "row" when the row has too few or too many cells.
func readFigure(row []string, width int, place map[string]int) (f homeward.Figure, wrong string) {
	if len(row) != width {
		return f, "row"
	}
	cell := func(name string) string { return row[place[name]] }
	when, ok := readDate(cell("date"), cell("date_precision"))
	if !ok {
		return f, "date"
	}
	value, err := strconv.ParseInt(cell("value"), 10, 64)
	switch {
	case err != nil || value < 0:
		return f, "value"
	case !slices.Contains([]string{"=", ">", ">=", "<", "<=", "~"}, cell("relation")):
		return f, "relation"
	case cell("population") != PopulationChildren && cell("population") != PopulationAllAges:
		return f, "population"
	}
	for _, name := range []string{"publisher", "category", "scope_as_said"} {
		if strings.TrimSpace(cell(name)) == "" {
			return f, name
		}
	}
	return homeward.Figure{
		Date: when, Publisher: cell("publisher"), ReportedBy: cell("reported_by"), Category: cell("category"),
		Relation: cell("relation"), Value: value, Population: cell("population"), Scope: cell("scope_as_said"),
		Link: cell("link"), Note: cell("note"),
	}, ""
}

// readDate reads YYYY, YYYY-MM or YYYY-MM-DD where it is as precise as the precision says, and no more.
func readDate(text, precision string) (homeward.Date, bool) {
	d := homeward.Date{Raw: text, Precision: homeward.Precision(precision)}
	var layout string
	var years, months, days int
	switch d.Precision {
	case homeward.PrecisionDay:
		layout, days = time.DateOnly, 1
	case homeward.PrecisionMonth:
		layout, months = "2006-01", 1
	case homeward.PrecisionYear:
		layout, years = "2006", 1
	default:
		return d, false
	}
	t, err := time.Parse(layout, text)
	d.From, d.To = homeward.DayOf(t), homeward.DayOf(t.AddDate(years, months, days))-1
	return d, err == nil
}

func notFigures(err error) *homeward.Message {
	text, args := "this is not a list of figures: the file is empty", map[string]any{"line": 0}
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		args["line"] = parse.Line
		text = fmt.Sprintf("this is not a list of figures: line %d cannot be read as CSV", parse.Line)
	}
	return &homeward.Message{Key: "figures.error.format", Args: args, Kind: homeward.ErrInvalid, Text: text}
}

func rejection(line int, column string) *homeward.Message {
	return &homeward.Message{Key: "figures.error.row", Args: map[string]any{"line": line, "column": column}, Kind: homeward.ErrInvalid,
		Text: fmt.Sprintf("line %d: %s cannot be read", line, column)}
}

// ImportFigures brings in a list of figures, all of it or none. Figures that are there already change nothing. It
// returns how many were added and how many were known. ErrDenied when the actor may not add figures; the first
// rejected row as a *[homeward.Message] when there is one.
func ImportFigures(ctx context.Context, db *store.DB, actor homeward.Actor, r io.Reader) (added, known int, err error) {
	if !actor.Can(homeward.ActionAddFigure) {
		return 0, 0, fmt.Errorf("import figures: %w", homeward.ErrDenied)
	}
	figures, rejected, err := ReadFigures(r)
	if err != nil {
		return 0, 0, err
	}
	if len(rejected) > 0 {
		return 0, 0, rejected[0]
	}
	err = db.Update(ctx, actor, func(tx *store.Tx) error {
		added, known = 0, 0
		for _, f := range figures {
			isNew, err := tx.PutFigure(f)
			if err != nil {
				return err
			}
			if isNew {
				added++
			} else {
				known++
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("import figures: %w", err)
	}
	return added, known, nil
}

// Series returns the figures of children in a category, by date. Every one is kept as it was said: two of one day
// that differ stand side by side. Figures of people of all ages never enter.
func Series(figures []homeward.Figure, category string) []homeward.Figure {
	var out []homeward.Figure
	for _, f := range figures {
		if f.Category == category && f.Population == PopulationChildren {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b homeward.Figure) int { return int(a.Date.From) - int(b.Date.From) })
	return out
}
