package synth

import (
	"fmt"

	"github.com/homeward-registry/homeward"
)

// Options say how large a world to invent.
type Options struct {
	Children int    // how many children; none when zero or less
	Seed     uint64 // the same seed gives the same world
}

// World is an invented truth and the lists that speak of it.
type World struct {
	Options  Options
	Families []*Family
	Children []*Child
	Lists    []List    // family reports, adoption listing, list of the non-profit
	Truth    []Mention // which row of which list is which child; in the order of the lists
}

// List is one source's file.
type List struct {
	Source    string // the name to import it under; the file's name without its ending
	File      string // the file's name
	Language  string // BCP 47
	Headings  []string
	Rows      [][]string // the first cell is the row's id
	delimiter rune
	encode    func(string) ([]byte, error)
}

// Mention says that a row of a list is about a child.
type Mention struct {
	Source, SourceID string
	Child, Family    int // numbers, from 1
}

// Names of the three sources, as [List.Source] and the truth file have them.
const (
	SourceReports = "family-reports"
	SourceListing = "adoption-listing"
	SourceNotes   = "ngo-list"
)

// Generate invents a world. It is a pure function of its options.
func Generate(o Options) *World {
	w := &World{Options: o}
	for number := 1; len(w.Children) < o.Children; number++ {
		f := bear(roll(o.Seed, uint64(number)), number, o.Children-len(w.Children))
		for _, c := range f.Children {
			c.Number = len(w.Children) + 1
			c.Document = documentNumber(c.Number, c.documented)
			w.Children = append(w.Children, c)
		}
		w.Families = append(w.Families, f)
	}
	w.speak(o.Seed)
	return w
}

// speak lets each source tell what it knows, and shuffles what it tells before it deals the ids.
func (w *World) speak(seed uint64) {
	lists := []struct {
		list List
		id   string // format of a row's id
		tell func(dice, *Child) [][]string
	}{
		{reports, "ЗВ-%06d", tellReports},
		{listing, "%07d", tellListing},
		{notes, "UA-%05d", tellNotes},
	}
	for i, l := range lists {
		var rows [][]string
		var about []*Child
		d := roll(seed, 1<<63+uint64(i))
		for _, c := range w.Children {
			for _, row := range l.tell(d, c) {
				rows, about = append(rows, row), append(about, c)
			}
		}
		d.Shuffle(len(rows), func(a, b int) {
			rows[a], rows[b], about[a], about[b] = rows[b], rows[a], about[b], about[a]
		})
		for n, row := range rows {
			row[0] = fmt.Sprintf(l.id, n+1)
			w.Truth = append(w.Truth, Mention{l.list.Source, row[0], about[n].Number, about[n].Family.Number})
		}
		l.list.Rows = rows
		w.Lists = append(w.Lists, l.list)
	}
}

// Happened returns the day on which the event happened to the child, and whether it did.
func (c *Child) Happened(t homeward.EventType) (homeward.Day, bool) {
	day := c.life.days[t.Order()]
	return day, day != 0
}

// documentNumber gives each child a number of its own, spread so that neighbours are not alike: 7,919 and 1,000,000
// have no common factor.
func documentNumber(child int, documented bool) string {
	if !documented {
		return ""
	}
	series := child / 1_000_000
	return fmt.Sprintf("F%c%06d", 'A'+rune(series%26), child*7919%1_000_000)
}
