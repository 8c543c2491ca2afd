package casework

import (
	"strings"

	"github.com/homeward-registry/homeward"
)

// cell is one answer about a child: the form's name of it, what it is about, and the words.
type cell struct {
	name string
	path homeward.Path
	text string
}

// cells are the answers about a child, in the order of the form.
func (c Child) cells(today homeward.Day) []cell {
	out := make([]cell, len(Questions))
	for i, q := range Questions {
		out[i] = cell{q.Name, q.path, *q.Of(&c)}
		if d := homeward.ParseDates(c.Birth, homeward.Exact(today)); q.Name == "birth" && len(d) == 1 && d[0].Precision == homeward.PrecisionAge {
			out[i].path = homeward.PathAge
		}
	}
	return out
}

// childOf returns what a row that was written of a child says of it.
func childOf(row []homeward.Cell) (c Child) {
	for _, x := range row {
		for _, q := range Questions {
			if x.Heading == string(q.path) || q.Name == "birth" && x.Heading == string(homeward.PathAge) {
				*q.Of(&c) = x.Text
			}
		}
	}
	return c
}

// family is what the inquirer tells of every sought child by who they are, and by whom else they seek.
func (d Draft) family(i int) []cell {
	out := []cell{{"inquirer", homeward.PathInquirer, d.Inquirer.Name}, {"contact", homeward.PathPhone, d.telephone()}}
	c := d.Children[i]
	switch {
	case d.Inquirer.Relationship == homeward.RelationMother && c.Mother == "":
		out = append(out, cell{"mother", homeward.PathMother, d.Inquirer.Name})
	case d.Inquirer.Relationship == homeward.RelationFather && c.Father == "":
		out = append(out, cell{"father", homeward.PathFather, d.Inquirer.Name})
	}
	if !d.Siblings || c.Apart {
		return out
	}
	var others []string
	for j, other := range d.Children {
		if j != i && !other.Apart {
			others = append(others, strings.TrimSpace(other.Name))
		}
	}
	if len(others) == 0 {
		return out
	}
	return append(out, cell{"siblings", homeward.PathSiblings, strings.Join(others, "; ")}, cell{"family", homeward.PathFamilyRef, "1"})
}

// telephone returns the contact when it is a number and nothing else: an address in words is no signal.
func (d Draft) telephone() string {
	if hasLetter(d.Inquirer.Contact) {
		return ""
	}
	return d.Inquirer.Contact
}

// row is the row of a sought child as a list would have it, with what each of its columns holds. The headings are the
// paths themselves: a form has no headings of its own.
func (d Draft) row(i int, today homeward.Day) (row []homeward.Cell, m homeward.Mapping) {
	m = homeward.Mapping{}
	for _, c := range append(d.Children[i].cells(today), d.family(i)...) {
		text := strings.TrimSpace(c.text)
		if _, told := m[string(c.path)]; text == "" || told {
			continue
		}
		m[string(c.path)] = c.path
		row = append(row, homeward.Cell{Heading: string(c.path), Text: text})
	}
	return row, m
}
