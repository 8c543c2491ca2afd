package synth

import (
	"fmt"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
)

// listing is the adoption listing, in Russian.
var listing = List{
	Source: SourceListing, File: SourceListing + ".csv", Language: "ru", delimiter: ';', encode: windows1251,
	Headings: []string{
		"№ анкеты", "Имя ребенка", "Прежнее имя", "Пол", "Дата рождения", "Место рождения", "Регион размещения",
		"Дата размещения", "Учреждение", "Цвет глаз", "Цвет волос", "Группа здоровья", "Братья и сестры", "Гражданство РФ",
		"Имя изменено", "Номер документа", "Документ проверен", "Характеристика",
	},
}

// tellListing returns the child's profiles in the adoption listing: the second is another region's.
func tellListing(d dice, c *Child) [][]string {
	var rows [][]string
	if c.voices.listing > 0 {
		rows = append(rows, profile(d, c, c.life.placed))
	}
	if c.voices.listing > 1 {
		rows = append(rows, profile(d, c, pick(d, regions)))
	}
	return rows
}

func profile(d dice, c *Child, where abroad) []string {
	document, verified := c.showDocument(d, rateListedDocument, rateListedVerified, "да", "нет")
	return []string{
		"",
		c.profileName(d),
		c.formerName(d),
		choose(c.Boy, "м", "ж"),
		profileBirth(d, c.Born),
		c.profileBirthplace(d, where),
		where.region,
		c.profileDay(homeward.EventPlaced),
		fmt.Sprintf("Центр содействия семейному воспитанию № %d, %s", c.life.centre, where.region),
		profileEyes(d, c),
		maybe(d, c.hair.ru, rateFirstColumns),
		fmt.Sprint(c.healthGroup),
		c.profileSiblings(d),
		c.profileDay(homeward.EventCitizenshipImposed),
		c.profileDay(homeward.EventRenamed),
		document,
		verified,
		maybe(d, pick(d, listingNotes), 0.7),
	}
}

// profileName writes the name the listing gives: Russian, mostly "Николай К.", imposed where the child was renamed.
func (c *Child) profileName(d dice) string {
	_, family := c.surname().of(c.Boy)
	_, patronymic := c.patronymic()
	n := named{given: c.name.ru, patronymic: patronymic, surname: family}
	if c.life.now.given != "" {
		n = c.life.now
	}
	if d.chance(rateNewPatronymic) {
		_, n.patronymic = pickCommon(d, boys).patronymic(c.Boy)
	}
	switch {
	case d.chance(rateListedInitial):
		return n.given + " " + string([]rune(n.surname)[:1]) + "."
	case d.chance(rateListedPatronymic) && n.patronymic != "":
		return n.surname + " " + n.given + " " + n.patronymic
	}
	return n.surname + " " + n.given
}

// formerName writes the name before renaming, where the listing betrays it.
func (c *Child) formerName(d dice) string {
	if c.life.now.given == "" || !d.chance(rateListedFormer) {
		return ""
	}
	_, family := c.surname().of(c.Boy)
	return family + " " + c.name.ru
}

// profileBirth writes the birth date as the listing gives it: true, shifted, swapped, or the year alone.
func profileBirth(d dice, born homeward.Day) string {
	at := d.Float64()
	for _, way := range []struct {
		rate  float64
		write func() string
	}{
		{rateListedExact, func() string { return dotted(born) }},
		{rateListedYear, func() string { return fmt.Sprint(born.Time().Year()) }},
		{rateListedFirstJan, func() string { return dotted(homeward.YMD(born.Time().Year(), time.January, 1)) }},
		{rateListedSwapped, func() string {
			other, is := swapped(born)
			if !is {
				return inWords(born, monthsRu)
			}
			return dotted(other)
		}},
	} {
		if at -= way.rate; at < 0 {
			return way.write()
		}
	}
	return dotted(born + homeward.Day(d.between(-daysShifted, daysShifted)))
}

// profileBirthplace writes the true birthplace, a new one in the region of placement, or nothing.
func (c *Child) profileBirthplace(d dice, where abroad) string {
	switch {
	case c.life.now.given != "" || d.chance(rateNewBirthplace):
		return "г. " + where.town + ", " + where.region
	case d.chance(rateNoBirthplace):
		return ""
	}
	return c.birthplace.russian()
}

func profileEyes(d dice, c *Child) string {
	if d.chance(rateListedEyesWrong) {
		return pick(d, eyes).ru
	}
	return maybe(d, c.eyes.ru, rateFirstColumns)
}

// profileSiblings names the siblings, says that there are some, or says nothing.
func (c *Child) profileSiblings(d dice) string {
	names := c.siblings(func(g given) string { return g.ru })
	switch {
	case !d.chance(rateListedSiblings):
		return ""
	case len(names) == 0:
		return "нет"
	case d.chance(rateListedNamed):
		return strings.Join(names, ", ")
	}
	return "есть"
}

func (c *Child) profileDay(t homeward.EventType) string {
	day, happened := c.Happened(t)
	if !happened {
		return ""
	}
	return dotted(day)
}
