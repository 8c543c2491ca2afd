package casework

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
)

// Draft is what an officer wrote down, before it is a request. Texts are as they were told.
type Draft struct {
	Compartment   homeward.CompartmentID
	Inquirer      homeward.Inquirer
	Circumstances string
	Siblings      bool // the children are brothers and sisters
	Children      []Child
	Consents      []Answer
}

// Child is what is known of one sought child. Only a name is needed.
type Child struct {
	Name, Other, Sex, Birth, BirthPlace, Home string
	Mother, Father, Parted, PartedAt          string // when and where last seen
	Eyes, Hair, Marks, Document, Note         string

	Apart bool // no brother or sister of the others, where some are
}

// Questions are what a form asks of each child, in order: the form's name of an answer, and where it is kept.
var Questions = []struct {
	Name string
	Of   func(*Child) *string
	path homeward.Path // what the answer tells of; of a birth that is told as an age, another
}{
	{"name", func(c *Child) *string { return &c.Name }, homeward.PathNameFull},
	{"other", func(c *Child) *string { return &c.Other }, homeward.PathNameAlias},
	{"birth", func(c *Child) *string { return &c.Birth }, homeward.PathBirthDate},
	{"sex", func(c *Child) *string { return &c.Sex }, homeward.PathSex},
	{"birthplace", func(c *Child) *string { return &c.BirthPlace }, homeward.PathBirthPlace},
	{"home", func(c *Child) *string { return &c.Home }, homeward.PathHome},
	{"mother", func(c *Child) *string { return &c.Mother }, homeward.PathMother},
	{"father", func(c *Child) *string { return &c.Father }, homeward.PathFather},
	{"parted", func(c *Child) *string { return &c.Parted }, homeward.EventPath(homeward.EventSeparated, "date")},
	{"partedat", func(c *Child) *string { return &c.PartedAt }, homeward.EventPath(homeward.EventSeparated, "place")},
	{"eyes", func(c *Child) *string { return &c.Eyes }, homeward.PathEyes},
	{"hair", func(c *Child) *string { return &c.Hair }, homeward.PathHair},
	{"marks", func(c *Child) *string { return &c.Marks }, homeward.PathMarks},
	{"document", func(c *Child) *string { return &c.Document }, homeward.PathDocument},
	{"note", func(c *Child) *string { return &c.Note }, homeward.PathNote},
}

// Answer is what the inquirer said about a purpose.
type Answer struct {
	Purpose homeward.Purpose
	Given   bool
	Scope   string
}

// MostChildren bounds how many children one request seeks.
const MostChildren = 8

// Longest texts, in characters.
const (
	LongestLine = 200
	LongestText = 2000
)

// Problem is what is wrong with one field of a draft: a name as forms use it, and a key of the catalogs.
type Problem struct{ Field, Key string }

// Check returns what is wrong with a draft. today is the day on which ages are told.
func (d Draft) Check(today homeward.Day) []Problem {
	c := checking{}
	c.add(!hasLetter(d.Inquirer.Name), "inquirer", "name")
	c.text("inquirer", d.Inquirer.Name, LongestLine)
	c.add(!slices.Contains(homeward.Relationships, d.Inquirer.Relationship), "relationship", "relationship")
	c.add(strings.TrimSpace(d.Inquirer.Contact) == "", "contact", "contact")
	c.text("contact", d.Inquirer.Contact, LongestText)
	c.text("circumstances", d.Circumstances, LongestText)
	c.add(!d.consents(homeward.PurposeTracing), "consent-tracing", "tracing")
	for _, a := range d.Consents {
		c.text("scope-"+string(a.Purpose), a.Scope, LongestText)
	}
	c.add(len(d.Children) == 0 || len(d.Children) > MostChildren, "name-0", "children")
	for i, child := range d.Children {
		c.child("-"+strconv.Itoa(i), child, today)
	}
	return c.out
}

// CheckChild returns what is wrong with the i-th child alone.
func (d Draft) CheckChild(i int, today homeward.Day) []Problem {
	c := checking{}
	c.child("-"+strconv.Itoa(i), d.Children[i], today)
	return c.out
}

// checking gathers what is wrong: of each field the first thing.
type checking struct{ out []Problem }

func (c *checking) add(wrong bool, field, key string) {
	if wrong && !slices.ContainsFunc(c.out, func(p Problem) bool { return p.Field == field }) {
		c.out = append(c.out, Problem{field, "request.wrong." + key})
	}
}

func (c *checking) text(field, text string, most int) {
	c.add(utf8.RuneCountInString(text) > most, field, "long")
	c.add(unreadable(text), field, "unreadable")
}

func (c *checking) child(suffix string, child Child, today homeward.Day) {
	c.add(!hasLetter(child.Name), "name"+suffix, "name")
	c.add(!dated(child.Birth, today), "birth"+suffix, "date")
	c.add(!dated(child.Parted, today), "parted"+suffix, "date")
	for _, x := range child.cells(today) {
		most := LongestLine
		if x.path == homeward.PathNote {
			most = LongestText
		}
		c.text(x.name+suffix, x.text, most)
	}
}

func (d Draft) consents(p homeward.Purpose) bool {
	return slices.ContainsFunc(d.Consents, func(a Answer) bool { return a.Purpose == p && a.Given })
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// unreadable reports whether a text holds what no keyboard writes: intake would put the row aside.
func unreadable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// dated reports whether a text is empty or can be read as a date or an age.
func dated(text string, today homeward.Day) bool {
	return strings.TrimSpace(text) == "" || len(homeward.ParseDates(text, homeward.Exact(today))) == 1
}
