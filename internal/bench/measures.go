package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// seed is the seed of every population measured.
const seed = 1

// sizes say how much is measured.
type sizes struct {
	rows, queries int
	dir           string
}

// measures by name.
var measures = map[string]func(sizes) error{
	"ask":     ask,     // a child among others by given and family name alone, and by the year too; how long an answer takes
	"names":   rank,    // the same by names.Index, which knows nothing but names
	"altered": altered, // a child under an altered identity among others, its siblings known or not
	"link":    link,    // one list, from CSV to clusters: time, memory, F1, calibration, siblings and twins joined
	"pages":   pages,   // a register, and how long each page of the desk takes; -dir keeps the register
	"load":    load,    // the same under 50 questions a second, mixed, of the program serving it: pages, start, memory
	"lists":   lists,   // the same of three lists with relatives and looks
}

func measureNames() string { return strings.Join(slices.Sorted(maps.Keys(measures)), ", ") }

func measureOne(name string, s sizes) error {
	do, ok := measures[name]
	if !ok || s.rows < 1 || s.queries < 1 {
		return fmt.Errorf("a measure is one of %s, of at least one row and one question", measureNames())
	}
	return do(s)
}

// line prints the figures of a measure: its name, then name=value.
func line(name string, figures ...any) {
	fmt.Print(name)
	for i := 0; i+1 < len(figures); i += 2 {
		switch v := figures[i+1].(type) {
		case float64:
			fmt.Printf(" %s=%.4f", figures[i], v)
		case time.Duration:
			fmt.Printf(" %s=%.3f", figures[i], v.Seconds())
		default:
			fmt.Printf(" %s=%v", figures[i], v)
		}
	}
	fmt.Println()
}

// mostMemory is the largest resident memory of this process so far, in MiB.
func mostMemory() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss >> 10
}

// recordOf is a row as linkage takes it.
func recordOf(r synth.Row, source string) linkage.Record {
	one := func(s string) []string {
		if s == "" {
			return nil
		}
		return []string{s}
	}
	return linkage.Record{
		ID: r.ID, Source: source, Names: []linkage.NameText{{Given: r.Given, Patronymic: r.Patronymic, Family: r.Family}},
		Births: homeward.ParseDates(r.Born, homeward.Date{}), Sex: names.Sex(homeward.ReadSex(r.Sex)),
		BirthPlaces: one(r.Birthplace), Homes: one(r.Home), TakenFrom: one(r.TakenFrom), Mothers: one(r.Mother), Fathers: one(r.Father),
		Siblings: names.SplitAliases(strings.ReplaceAll(r.Siblings, ",", ";")), Eyes: r.Eyes, Hair: r.Hair,
	}
}

// crowd is a clean population in an index: those among whom a child is to be found.
type crowd struct {
	*synth.Population
	index *linkage.Index
}

func newCrowd(rows int, wide bool) crowd {
	c := crowd{synth.Populate(synth.PopulationOptions{Rows: rows, Clean: true, Seed: seed}), linkage.NewIndex()}
	for r := range c.All() {
		if !wide {
			r.Mother, r.Father, r.Siblings, r.TakenFrom, r.Eyes, r.Hair = "", "", "", "", "", ""
		}
		c.index.Add(recordOf(r, "crowd"))
	}
	return c
}
