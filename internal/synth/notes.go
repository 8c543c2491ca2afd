package synth

import (
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

// notes is the list of the non-profit, in Latin letters.
var notes = List{
	Source: SourceNotes, File: SourceNotes + ".csv", Language: "en", delimiter: ',', encode: utf8,
	Headings: []string{
		"Ref", "Full name", "Also known as", "New name", "Sex", "Date of birth", "Age", "Place of birth", "Home town", "Mother", "Father",
		"Siblings", "Institution", "Taken from", "Taken on", "Deported to", "Deported on", "Transfer group",
		"Mistreatment reported", "Mistreated on", "Located in", "Located on", "Returned on", "Reunified on", "Eyes", "Hair",
		"Document no.", "Document verified", "Remarks",
	},
}

// tellNotes returns what the non-profit noted of the child: each row is another volunteer's.
func tellNotes(d dice, c *Child) [][]string {
	var rows [][]string
	for range c.voices.notes {
		rows = append(rows, note(d, c, drawScheme(d)))
	}
	return rows
}

func note(d dice, c *Child, s scheme) []string {
	born, age := noteBirth(d, c.Born)
	document, verified := c.showDocument(d, rateNotedDocument, rateNotedVerified, "yes", "no")
	home := s.write(c.Family.home.uk, c.Family.home.ru)
	return []string{
		"",
		c.noteName(d, s),
		c.noteAlias(d, s),
		maybe(d, c.noteNewName(), rateNotedNewName),
		choose(c.Boy, "M", "F"),
		born,
		age,
		maybe(d, s.write(c.birthplace.uk, c.birthplace.ru), 0.6),
		maybe(d, home, rateNotedHome),
		maybe(d, c.Family.noteMother(s), rateNotedParents),
		maybe(d, c.Family.noteFather(s), rateNotedParents),
		maybe(d, strings.Join(c.siblings(func(g given) string { return s.write(g.uk, g.ru) }), "; "), rateNotedSiblings),
		c.noteCentre(d),
		c.when(homeward.EventTaken, home),
		c.noteDay(d, homeward.EventTaken),
		c.when(homeward.EventDeported, russian.text(c.life.deported.region)),
		c.noteDay(d, homeward.EventDeported),
		maybe(d, c.life.group, 0.5),
		c.when(homeward.EventMistreated, pick(d, mistreatments)),
		c.noteDay(d, homeward.EventMistreated),
		c.when(homeward.EventLocated, c.whereabouts()),
		c.noteDay(d, homeward.EventLocated),
		c.noteDay(d, homeward.EventReturned),
		c.noteDay(d, homeward.EventReunified),
		maybe(d, c.eyes.en, 0.5),
		maybe(d, c.hair.en, 0.5),
		document,
		verified,
		maybe(d, pick(d, noteRemarks), 0.4),
	}
}

// noteName writes the child's name in the volunteer's spelling and order.
func (c *Child) noteName(d dice, s scheme) string {
	first := s.write(short(d, c.name.uk, c.name.ukPet, rateNotedShort), c.name.ru)
	family := s.write(c.surname().of(c.Boy))
	first, family = slip(d, first, rateNotedTypo), slip(d, family, rateNotedTypo)
	if d.chance(rateNotedCapitals) {
		family = strings.ToUpper(family)
	}
	if uk, ru := c.patronymic(); uk != "" && d.chance(rateNotedPatronymic) {
		first += " " + s.write(uk, ru)
	}
	if d.chance(rateNotedSwapped) {
		return family + " " + first
	}
	return first + " " + family
}

// noteAlias writes other names the child goes by: the pet name, or another spelling.
func (c *Child) noteAlias(d dice, s scheme) string {
	if !d.chance(rateNotedAlias) {
		return ""
	}
	out := []string{s.write(c.name.ukPet, c.name.ruPet)}
	if d.chance(rateNotedSpelling) {
		uk, ru := c.surname().of(c.Boy)
		other := drawScheme(d)
		out = append(out, other.write(c.name.uk, c.name.ru)+" "+other.write(uk, ru))
	}
	return strings.Join(out, "; ")
}

// noteNewName writes the name imposed on the child, where it was renamed.
func (c *Child) noteNewName() string {
	if c.life.now.given == "" {
		return ""
	}
	return russian.text(c.life.now.given + " " + c.life.now.surname)
}

// noteBirth writes the birth date as a full date, a year, or not at all, then the age, or both.
func noteBirth(d dice, born homeward.Day) (date, age string) {
	years := fmt.Sprint(ageOn(born, EditionDay))
	if !d.chance(rateNotedBorn) {
		return "", choose(d.chance(0.2), "about "+years, years)
	}
	switch {
	case d.chance(rateNotedYear):
		return fmt.Sprint(born.Time().Year()), maybe(d, years, rateNotedAge)
	case d.chance(rateNotedWrongDay):
		born = wrongDay(born)
	}
	ways := []string{"2006-01-02", "02.01.2006", "2 January 2006", "2006-01-02"}
	return born.Time().Format(pick(d, ways)), maybe(d, years, rateNotedAge)
}

// wrongDay misreads the last digit of the day, inside the month.
func wrongDay(born homeward.Day) homeward.Day {
	if born.Time().Day()%10 == 9 {
		return born - 1
	}
	if next := born + 1; next.Time().Month() == born.Time().Month() {
		return next
	}
	return born - 1
}

func (f *Family) noteMother(s scheme) string {
	return s.write(f.mother.uk, f.mother.ru) + " " + s.write(f.maiden.of(false))
}

func (f *Family) noteFather(s scheme) string {
	if !f.hasFather {
		return ""
	}
	return s.write(f.father.uk, f.father.ru) + " " + s.write(f.surname.of(true))
}

// noteCentre names the institution the child was placed in, where the volunteers learned it.
func (c *Child) noteCentre(d dice) string {
	if _, placed := c.Happened(homeward.EventPlaced); !placed {
		return ""
	}
	return maybe(d, fmt.Sprintf("Centre No. %d, %s", c.life.centre, russian.text(c.life.placed.region)), 0.3)
}

// whereabouts is the region where the child was found: abroad, or on the way there.
func (c *Child) whereabouts() string {
	if _, deported := c.Happened(homeward.EventDeported); deported {
		return russian.text(c.life.deported.region)
	}
	return kmu.text(c.life.transferred.uk)
}

// when returns text where the event happened, and nothing otherwise.
func (c *Child) when(t homeward.EventType, text string) string {
	if _, happened := c.Happened(t); !happened {
		return ""
	}
	return text
}

func (c *Child) noteDay(d dice, t homeward.EventType) string {
	day, happened := c.Happened(t)
	switch {
	case !happened:
		return ""
	case d.chance(rateNotedMonthOnly):
		return monthly(day)
	}
	return day.String()
}
