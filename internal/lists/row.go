package lists

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/review"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// rows makes records of the lines of one list, on one goroutine. The result is what package review makes of the claims that
// package intake reads in a line, which [rows.long] does to the letter; a million lines are made without claims, each cell put where
// it goes by its column.
type rows struct {
	reader *reader
	cells  map[string]*cells // by heading
	shape  *shape            // of the line before
}

func (r *reader) rows() *rows { return &rows{reader: r, cells: map[string]*cells{}} }

// shape is what the headings of a line say.
type shape struct {
	headings  []string
	cells     []*cells
	id, truth int  // columns; -1 for none
	dated     bool // lines tell a date of their own, from which ages are counted
	begun     bool // a line was made into a record
}

// cells are the cells of one column, and where they go; nowhere when both are nil.
type cells struct {
	path    homeward.Path
	plain   func(*said, string)
	reading func(*said, *meaning)
	met     map[string]*meaning // texts that are read, because they come again and again
}

// weighed reports whether linkage is told of the column.
func (c *cells) weighed() bool { return c.plain != nil || c.reading != nil }

// meaning is what a text says that is read.
type meaning struct {
	texts []string
	dates []homeward.Date
	sex   names.Sex
}

// mostMet is how many texts of a column are kept before all are forgotten: more than there are birth dates.
const mostMet = 1 << 16

// batch is lines made into records. Their ids are those that the lines carry. Lists of the records share its memory.
type batch struct {
	records  []linkage.Record
	analysed []linkage.Analysed
	lines    []int
	carried  []bool // whether lines of this shape carry an id
	truth    []string

	texts []string
	names []linkage.NameText
	extra []linkage.Text
}

// sized returns an empty batch for so many lines, in the memory of b.
func (b *batch) sized(n int) *batch {
	if cap(b.records) < n {
		b.records, b.lines, b.carried, b.truth = make([]linkage.Record, n), make([]int, n), make([]bool, n), make([]string, n)
	}
	b.records, b.lines, b.carried, b.truth = b.records[:n], b.lines[:n], b.carried[:n], b.truth[:n]
	b.texts, b.names, b.extra = b.texts[:0], b.names[:0], b.extra[:0]
	clear(b.records)
	return b
}

// analyse analyses the records of the batch.
func (b *batch) analyse(a *linkage.Analyser) {
	b.analysed = b.analysed[:0]
	for _, r := range b.records {
		b.analysed = append(b.analysed, a.Analyse(r))
	}
}

func (r *rows) batch(lines []intake.Line) *batch {
	b := r.reader.spare.Get().(*batch).sized(len(lines))
	row := said{batch: b}
	for i, l := range lines {
		s := r.shaped(l.Headings)
		record := &b.records[i]
		if s.dated {
			*record = r.long(l)
		} else {
			row.begin(record)
			r.read(s, l, &row)
		}
		if record.Source = r.reader.source; !s.begun {
			record.Extra = append(r.reader.extras.none(s), record.Extra...)
			s.begun = true
		}
		b.lines[i], b.carried[i] = l.Number, s.id >= 0
		record.ID, b.truth[i] = text(l, s.id), text(l, s.truth)
	}
	return b
}

// text returns what stands in a column, empty when there is none.
func text(l intake.Line, column int) string {
	if column < 0 || column >= len(l.Texts) {
		return ""
	}
	return trimmed(l.Texts[column])
}

// trimmed takes white space off both ends, at once where there is none: no white space is a Cyrillic letter, nor one of ASCII
// above the space.
func trimmed(t string) string {
	if n := len(t); n > 1 && solid(t[0]) && (t[n-1] < utf8.RuneSelf && solid(t[n-1]) || t[n-2] == 0xD0 || t[n-2] == 0xD1) {
		return t
	}
	return strings.TrimSpace(t)
}

func solid(b byte) bool { return b > ' ' && b < utf8.RuneSelf || b == 0xD0 || b == 0xD1 }

// shaped returns the shape of lines with these headings.
func (r *rows) shaped(headings []string) *shape {
	if s := r.shape; s != nil && len(s.headings) == len(headings) && (len(headings) == 0 || &s.headings[0] == &headings[0]) {
		return s
	}
	s := &shape{headings: headings, cells: make([]*cells, len(headings)), id: -1, truth: -1}
	for i, h := range headings {
		c, known := r.cells[h]
		if !known {
			c = r.reader.column(h)
			r.cells[h] = c
		}
		s.cells[i] = c
		switch {
		case c.path == homeward.PathRowID:
			s.id = i
		case c.path == homeward.PathListDate:
			s.dated = true
		case h == r.reader.o.Truth:
			s.truth = i
		}
	}
	r.shape = s
	return s
}

// long makes a record of a line by way of its claims.
func (r *rows) long(l intake.Line) linkage.Record {
	paths := make(homeward.Mapping, len(l.Headings))
	for _, h := range l.Headings {
		paths[h] = r.cells[h].path
	}
	claims, _ := intake.Claims(l.Cells(), paths, r.reader.o.AsOf, "") // a row that would be quarantined is in no cluster but its own
	out := review.Columns(homeward.Record{Claims: claims})
	out.Names = oneWord(out.Names)
	for _, c := range claims {
		if slices.Contains(r.reader.extras, c.Path) && r.cells[c.Heading].path == c.Path {
			out.Extra = append(out.Extra, linkage.Text{Column: r.reader.extras.named(c.Path), Value: c.Value})
		}
	}
	return out
}

// read makes a record of a line cell by cell.
func (r *rows) read(s *shape, l intake.Line, row *said) {
	for i, t := range l.Texts {
		switch c := s.cells[i]; {
		case c.plain != nil:
			if t = trimmed(t); t != "" {
				c.plain(row, t)
			}
		case c.reading != nil:
			c.reading(row, r.meaning(c, t))
		}
	}
	row.end()
}

// meaning returns what a text says.
func (r *rows) meaning(c *cells, t string) *meaning {
	if m, met := c.met[t]; met {
		return m
	}
	if len(c.met) >= mostMet {
		clear(c.met)
	}
	t = strings.Clone(t)
	m := mean(c.path, t, r.reader.o.AsOf)
	c.met[t] = m
	return m
}

// mean works out what a text says under a path.
func mean(path homeward.Path, t string, asOf homeward.Date) *meaning {
	m := &meaning{}
	claims, _ := intake.Claims([]homeward.Cell{{Heading: "h", Text: t}}, homeward.Mapping{"h": path}, asOf, "")
	if path == homeward.PathSiblings {
		m.texts = review.Columns(homeward.Record{Claims: claims}).Siblings
		return m
	}
	for _, c := range claims {
		m.texts, m.sex = append(m.texts, c.Value), names.Sex(homeward.ReadSex(c.Value))
		if !c.When.IsZero() {
			m.dates = append(m.dates, c.When)
		}
	}
	return m
}

// said is a record on its way: what the cells of its line have said.
type said struct {
	*linkage.Record
	batch        *batch
	name         linkage.NameText // its parts
	full, others []string
	ages         []homeward.Date
	sexed        bool
}

func (row *said) begin(r *linkage.Record) {
	*row = said{Record: r, batch: row.batch, full: row.full[:0], others: row.others[:0]}
}

// end puts together what cells said of the same.
func (row *said) end() {
	if row.Births == nil {
		row.Births = row.ages // an age fits too much to stand beside a date
	}
	b := row.batch
	from := len(b.names)
	if row.name != (linkage.NameText{}) {
		b.names = append(b.names, row.name)
	}
	for _, list := range [][]string{row.full, row.others} {
		for _, t := range list {
			if n := (linkage.NameText{Full: t}); !slices.Contains(b.names[from:], n) {
				b.names = append(b.names, n)
			}
		}
	}
	row.Names = oneWord(slices.Clip(b.names[from:]))
}

// list puts a column of texts into a list of the record.
func list(of func(*linkage.Record) *[]string) func(*said, string) {
	return func(row *said, t string) {
		to := of(row.Record)
		if *to != nil {
			*to = append(slices.Clip(*to), t)
			return
		}
		b := row.batch
		b.texts = append(b.texts, t)
		*to = slices.Clip(b.texts[len(b.texts)-1:])
	}
}

// part puts a column into a part of the name; the first that says something counts.
func part(of func(*linkage.NameText) *string) func(*said, string) {
	return func(row *said, t string) {
		if to := of(&row.name); *to == "" {
			*to = t
		}
	}
}

// plain says where columns go whose text is one value.
var plain = map[homeward.Path]func(*said, string){
	homeward.PathNameGiven:      part(func(n *linkage.NameText) *string { return &n.Given }),
	homeward.PathNamePatronymic: part(func(n *linkage.NameText) *string { return &n.Patronymic }),
	homeward.PathNameFamily:     part(func(n *linkage.NameText) *string { return &n.Family }),
	homeward.PathNameFull:       func(row *said, t string) { row.full = append(row.full, t) },
	homeward.PathNameImposed:    func(row *said, t string) { row.others = append(row.others, t) },
	homeward.PathBirthPlace:     list(func(r *linkage.Record) *[]string { return &r.BirthPlaces }),
	homeward.PathBirthPlaceImp:  list(func(r *linkage.Record) *[]string { return &r.BirthPlaces }),
	homeward.PathHome:           list(func(r *linkage.Record) *[]string { return &r.Homes }),
	homeward.PathTakenFrom:      list(func(r *linkage.Record) *[]string { return &r.TakenFrom }),
	homeward.PathInstitution:    list(func(r *linkage.Record) *[]string { return &r.Institutions }),
	homeward.PathTransferGroup:  list(func(r *linkage.Record) *[]string { return &r.Groups }),
	homeward.PathMother:         list(func(r *linkage.Record) *[]string { return &r.Mothers }),
	homeward.PathFather:         list(func(r *linkage.Record) *[]string { return &r.Fathers }),
	homeward.PathDocument:       list(func(r *linkage.Record) *[]string { return &r.Documents }),
	homeward.PathPhone:          list(func(r *linkage.Record) *[]string { return &r.Phones }),
	homeward.PathEyes:           func(row *said, t string) { row.Eyes = t },
	homeward.PathHair:           func(row *said, t string) { row.Hair = t },
}

// readings say where columns go whose text is read: for dates, for several values, for a sex.
var readings = map[homeward.Path]func(*said, *meaning){
	homeward.PathNameAlias: func(row *said, m *meaning) { row.others = append(row.others, m.texts...) },
	homeward.PathSiblings:  func(row *said, m *meaning) { row.Siblings = joined(row.Siblings, m.texts) },
	homeward.PathAge:       func(row *said, m *meaning) { row.ages = joined(row.ages, m.dates) },
	homeward.PathBirthDate: born, homeward.PathBirthDateImposed: born,
	homeward.PathSex: func(row *said, m *meaning) {
		if len(m.texts) > 0 && !row.sexed {
			row.sexed, row.Sex = true, m.sex
		}
	},
}

func born(row *said, m *meaning) { row.Births = joined(row.Births, m.dates) }

// joined returns both lists as one, in memory of neither when both hold something.
func joined[T any](a, b []T) []T {
	if len(a) == 0 {
		return b
	}
	return append(slices.Clip(a), b...)
}
