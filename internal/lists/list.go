package lists

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/linkage"
)

// File is a list to be read, under the name that results call it by.
type File struct {
	Name string
	File io.ReadSeeker
}

// List is a list as read. Its words are in the index.
type List struct {
	Name    string
	Columns []Column // in the order met
	Rows    int
	Counted bool // no column holds an id: rows are named by their numbers

	known map[string]int // heading -> column
}

// source names a list among all lists: its number.
func source(list int) string { return fmt.Sprintf("%03d", list) }

// key names a row among all lists: its list, and its id. Keys sort by list, then by id.
func key(list int, id string) string { return source(list) + "/" + id }

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
	source string
	file   io.ReadSeeker
	spare  sync.Pool // of batches

	meeting sync.Mutex // guards the columns of the list, which several goroutines meet
	list    *List
}

func (o Options) reader(number int, x extras, file io.ReadSeeker) *reader {
	return &reader{o: o, extras: x, number: number, source: source(number), file: file, spare: sync.Pool{New: func() any { return &batch{} }},
		list: &List{Name: o.Files[number].Name, Counted: true, known: map[string]int{}}}
}

// read reads the list to its end, in batches analysed for an index, which take is given in order.
func (r *reader) read(ctx context.Context, ix *linkage.Index, take func(*batch) error) error {
	worker := func() func([]intake.Line) *batch {
		rows, analyser := r.rows(), ix.Analyser()
		return func(lines []intake.Line) *batch {
			b := rows.batch(lines)
			b.analyse(analyser)
			return b
		}
	}
	err := intake.Batches(ctx, r.file, worker, take)
	if twice := (sameID{}); errors.As(err, &twice) {
		err = problem("lines %d and %d have the same id: name another column with --id, or map the column to \"ignore\" to count rows instead", r.lineOf(twice.id), twice.line)
	}
	if err != nil {
		return fmt.Errorf("list %d: %w", r.number+1, err)
	}
	return r.complete()
}

// sameID ends a reading that has met an id a second time.
type sameID struct {
	id   string
	line int
}

func (sameID) Error() string { return "two lines have the same id" }

// meet takes a heading for what it says, is mapped to, or was named as.
func (r *reader) meet(heading string) homeward.Path {
	r.meeting.Lock()
	defer r.meeting.Unlock()
	if at, known := r.list.known[heading]; known {
		return r.list.Columns[at].Holds
	}
	path := r.o.holds(heading, r.list.Columns)
	if _, said := r.o.Mapping[heading]; !said && (Column{Holds: path}).extra() && !slices.Contains(r.extras, path) {
		path = r.o.recognised(heading, r.list.Columns) // there is no room for it
	}
	r.list.known[heading] = len(r.list.Columns)
	r.list.Columns = append(r.list.Columns, Column{Heading: heading, Holds: path, Weighed: r.cells(path).weighed()})
	return path
}

// column returns the cells of a heading.
func (r *reader) column(heading string) *cells { return r.cells(r.meet(heading)) }

// cells says where what stands under a path goes.
func (r *reader) cells(path homeward.Path) *cells {
	c := &cells{path: path, plain: plain[path], reading: readings[path], met: map[string]*meaning{}}
	if (Column{Holds: path}).extra() {
		c.plain = r.extras.put(path)
	}
	return c
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

// identify returns the key of the next row: by what its id column says, or by its number. has tells whether a row of a key
// is there already.
func (r *reader) identify(carried bool, id string, line int, has func(key string) bool) (string, error) {
	if carried && r.list.Counted {
		if r.list.Counted = false; r.list.Rows > 0 {
			return "", problem("line %d has an id, and the lines before it have none: give every line one, or map it to \"ignore\" to count rows instead", line)
		}
	}
	r.list.Rows++
	if r.list.Counted {
		return r.source + "/" + strconv.Itoa(r.list.Rows), nil
	}
	if id == "" {
		return "", problem("line %d has no id: fill it in, name another column with --id, or map the column to \"ignore\" to count rows instead", line)
	}
	k := r.source + "/" + id
	if has(k) {
		return "", sameID{id, line}
	}
	return k, nil
}

// lineOf returns the first line that has an id, by reading the list again.
func (r *reader) lineOf(id string) (line int) {
	w := r.rows()
	intake.Lines(r.file, func(l intake.Line) error { // what was read before can be read again
		if text(l, w.shaped(l.Headings).id) == id {
			line = l.Number
			return errEnough
		}
		return nil
	})
	return line
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
