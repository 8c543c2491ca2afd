package synth

import (
	"context"
	"fmt"
	"iter"
	"sort"

	"github.com/homeward-registry/homeward"
)

// PopulationOptions say what population to invent.
type PopulationOptions struct {
	Rows  int    // in all lists together
	Lists int    // 0 and 1: one list, to be searched for duplicates; at most [MostLists]
	Clean bool   // one list that names every child once and without a mistake: what a search must not be lost in
	Seed  uint64 // the same options give the same rows
}

// MostLists is how many lists a population is told in at most.
const MostLists = 9

// Population is a large number of invented children in one list or several. It is a function from the number of a row to
// the row: nothing of it is kept but where each few households begin, so a list of ten million is written, or asked for
// single rows, in the memory of a small one. It is safe for concurrent use.
type Population struct {
	o       PopulationOptions
	sources []source
	begin   []uint32 // the first slot of every stride-th household
	order   scatter  // row -> slot; slots follow households, rows follow nothing
}

// stride is how many households share one entry of begin.
const stride = 4

// Populate invents a population.
func Populate(o PopulationOptions) *Population {
	p := &Population{o: o, sources: sourcesOf(o)}
	l, slots := p.planner(), 0
	for household := 0; slots < o.Rows; household++ {
		if household%stride == 0 {
			p.begin = append(p.begin, uint32(slots))
		}
		l.of(household)
		slots += len(l.mentions)
	}
	p.order = newScatter(o.Rows, mix(o.Seed))
	return p
}

// Len returns how many rows there are.
func (p *Population) Len() int { return p.o.Rows }

// Lists returns how many lists there are.
func (p *Population) Lists() int { return len(p.sources) }

// Row is one row of a list of a population: its cells as written, empty where the source says nothing, and the truth.
type Row struct {
	Number int    // from 0, over all lists
	List   int    // from 0
	ID     string // "R0000001", told by the number alone

	Family, Given, Patronymic, Sex, Born, Birthplace, Home string
	Mother, Father, Siblings, TakenFrom, Eyes, Hair        string

	Household, Child int          // the truth: which household, and which child of it, from 1
	Birthday         homeward.Day // the truth: children of one household with one birthday are twins
	Acts             Acts         // the truth: what was done to it when the row was written
}

// Cluster names the child: two rows have the same cluster when, and only when, they tell of one child. What stands before
// the dash names the household.
func (r Row) Cluster() string { return fmt.Sprintf("%d-%d", r.Household, r.Child) }

// Row returns a row by its number.
func (p *Population) Row(n int) Row {
	slot := p.order.at(n)
	c, m := p.find(slot)
	return p.tell(roll(p.o.Seed, 1<<61+uint64(slot)), n, c, m)
}

// All yields every row in the order of their numbers, made ahead on all processors.
func (p *Population) All() iter.Seq[Row] { return ahead(context.Background(), p.Len(), p.Row) }

// find returns the child that a slot is about, in its family, and the row to come.
func (p *Population) find(slot int) (*Child, mention) {
	at := sort.Search(len(p.begin), func(i int) bool { return int(p.begin[i]) > slot }) - 1
	household, first := at*stride, int(p.begin[at])
	l := p.planner()
	for l.of(household); first+len(l.mentions) <= slot; l.of(household) {
		first += len(l.mentions)
		household++
	}
	m := l.mentions[slot-first]
	return l.family(household).Children[m.child], m
}
