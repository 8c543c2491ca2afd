package lists

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/linkage"
)

// File is a list to be read, under the name that results call it by.
type File struct {
	Name string
	File io.ReadSeeker
}

// List is a list as read.
type List struct {
	Name    string
	Columns []Column // in the order met
	Rows    []Row
	Counted bool // no column holds an id: rows are named by their numbers

	known map[string]int // heading -> column
}

// Row is what is kept of a row: its id and where it stood. Its words are in the index.
type Row struct {
	ID   string
	Line int
}

// key names a row among all lists: the number of its list, and its id. Keys sort by list, then by id.
func key(list int, id string) string { return fmt.Sprintf("%03d/%s", list, id) }

const keyList = len("000")

// split is the inverse of key.
func split(k string) (list int, id string) {
	list, _ = strconv.Atoi(k[:keyList]) // digits, by key
	return list, k[keyList+1:]
}

// reader reads one list.
type reader struct {
	o      Options
	extras extras
	number int
	list   *List
	paths  homeward.Mapping
	lines  map[string]int // id -> line
	truth  map[string]string
	add    func(linkage.Record) error
}

// read reads a list to its end; each row becomes a record for add, and its true cluster, when a column tells it, is noted
// in truth.
func (o Options) read(number int, x extras, file io.ReadSeeker, truth map[string]string, add func(linkage.Record) error) (*List, error) {
	r := &reader{o: o, extras: x, number: number, list: &List{Name: o.Files[number].Name, Counted: true, known: map[string]int{}}, paths: homeward.Mapping{},
		lines: map[string]int{}, truth: truth, add: add}
	if err := intake.Lines(file, r.line); err != nil {
		return nil, fmt.Errorf("list %d: %w", number+1, err)
	}
	return r.list, r.complete()
}

func (r *reader) line(l intake.Line) error {
	for _, c := range l.Cells() {
		if _, known := r.list.known[c.Heading]; !known {
			r.meet(c.Heading)
		}
	}
	id, err := r.identify(l)
	if err != nil {
		return err
	}
	k := key(r.number, id)
	claims, _ := intake.Claims(l.Cells(), r.paths, r.o.AsOf, "") // a row that would be quarantined is in no cluster but its own
	record := review.Columns(homeward.Record{ID: homeward.RecordID(k), Source: homeward.SourceID(k[:keyList]), Claims: claims})
	record.Names = oneWord(record.Names)
	r.extras.put(&record, claims)
	r.list.Rows = append(r.list.Rows, Row{ID: id, Line: l.Number})
	if r.o.Truth != "" {
		for _, c := range l.Cells() {
			if text := strings.TrimSpace(c.Text); c.Heading == r.o.Truth && text != "" {
				r.truth[k] = text
			}
		}
	}
	return r.add(record)
}

// meet takes a heading for what it says, is mapped to, or was named as.
func (r *reader) meet(heading string) {
	path := r.o.holds(heading, r.list.Columns)
	_, placed := r.extras[path]
	if _, said := r.o.Mapping[heading]; !placed && !said && (Column{Holds: path}).extra() {
		path = r.o.recognised(heading, r.list.Columns) // no place was left for it
	}
	if path == homeward.PathRowID {
		r.list.Counted = false
	}
	r.paths[heading] = path
	r.list.known[heading] = len(r.list.Columns)
	r.list.Columns = append(r.list.Columns, Column{Heading: heading, Holds: path, Weighed: placed || isWeighed(path)})
}

// holds says what a column holds; before are the columns of its list that were met before it.
func (o Options) holds(heading string, before []Column) homeward.Path {
	switch {
	case heading == o.ID:
		return homeward.PathRowID
	case heading == o.Truth:
		return homeward.PathIgnore
	}
	if p, ok := o.Mapping[heading]; ok && (p != homeward.PathRowID || o.ID == "") {
		return p
	}
	if path, ok := tells(heading); ok {
		return path
	}
	return o.recognised(heading, before)
}

// recognised says what a heading says, unless another column was named for that.
func (o Options) recognised(heading string, before []Column) homeward.Path {
	path := intake.Recognise([]string{heading})[heading]
	taken := slices.ContainsFunc(before, func(c Column) bool { return c.Holds == path })
	if path == homeward.PathRowID && (o.ID != "" || taken) || o.said(path) {
		return homeward.TextPath(heading) // another column was named for it, or came first
	}
	return path
}

// said reports whether the mapping names a column for a path: then no other is recognised for it.
func (o Options) said(p homeward.Path) bool {
	for _, said := range o.Mapping {
		if said == p && p != homeward.PathIgnore {
			return true
		}
	}
	return false
}

// isWeighed reports whether a claim at the path becomes a column that linkage compares.
func isWeighed(p homeward.Path) bool {
	probe := homeward.Claim{Path: p, Value: "m", When: homeward.Exact(0)}
	return !reflect.DeepEqual(review.Columns(homeward.Record{Claims: []homeward.Claim{probe}}), linkage.Record{})
}

// identify returns the id of a row: what its column says, or its number.
func (r *reader) identify(l intake.Line) (string, error) {
	if r.list.Counted {
		return strconv.Itoa(len(r.list.Rows) + 1), nil
	}
	id := ""
	for _, c := range l.Cells() {
		if r.paths[c.Heading] == homeward.PathRowID {
			id = strings.TrimSpace(c.Text)
		}
	}
	if len(r.lines) < len(r.list.Rows) {
		return "", problem("line %d has an id, and the lines before it have none: give every line one, or map it to \"ignore\" to count rows instead", l.Number)
	}
	if id == "" {
		return "", problem("line %d has no id: fill it in, name another column with --id, or map the column to \"ignore\" to count rows instead", l.Number)
	}
	if before, twice := r.lines[id]; twice {
		return "", problem("lines %d and %d have the same id: name another column with --id, or map the column to \"ignore\" to count rows instead", before, l.Number)
	}
	r.lines[id] = l.Number
	return id, nil
}

// complete checks that the columns asked for are there, and that something can be compared.
func (r *reader) complete() error {
	for _, asked := range []struct{ heading, flag string }{{r.o.ID, "--id"}, {r.o.Truth, "--truth"}} {
		if _, there := r.list.known[asked.heading]; asked.heading != "" && !there {
			return problem("list %d has no column of the name given with %s: look at its first row; letter case counts", r.number+1, asked.flag)
		}
	}
	if !slices.ContainsFunc(r.list.Columns, func(c Column) bool { return c.Weighed }) {
		return problem("list %d has no column that can be compared: say what its columns hold with --map", r.number+1)
	}
	return nil
}

// problem is what is wrong with the input, in words for its owner.
func problem(format string, args ...any) error {
	return fmt.Errorf(format+": %w", append(args, homeward.ErrInvalid)...)
}
