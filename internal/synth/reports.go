package synth

import (
	"fmt"
	"strings"

	"github.com/homeward-registry/homeward"
)

// reports is the list of family reports, in Ukrainian.
var reports = List{
	Source: SourceReports, File: SourceReports + ".csv", Language: "uk", delimiter: ',', encode: utf8,
	Headings: []string{
		"№ звернення", "Прізвище", "Ім'я", "По батькові", "Стать", "Дата народження", "Місце народження", "Домашня адреса",
		"Мати", "Батько", "Брати і сестри", "Заявник", "Телефон", "№ родини", "Дата розлучення з родиною", "Звідки забрали",
		"Дата вивезення", "Переміщено до", "Дата переміщення", "Група переміщення", "Зв'язок втрачено", "Дата повернення",
		"Дата возз'єднання", "Очі", "Волосся", "Особливі прикмети", "Номер документа", "Документ перевірено", "Примітки",
	},
}

// tellReports returns what relatives report of the child: the second report is another relative's.
func tellReports(d dice, c *Child) [][]string {
	var rows [][]string
	if c.voices.reports > 0 {
		rows = append(rows, report(d, c, c.Family.motherUk(), c.Family.phone))
	}
	if c.voices.reports > 1 {
		rows = append(rows, report(d, c, c.Family.relative, drawPhone(d)))
	}
	return rows
}

func report(d dice, c *Child, inquirer, phone string) []string {
	f := c.Family
	family, _ := c.surname().of(c.Boy)
	patronymic, _ := c.patronymic()
	document, verified := c.showDocument(d, rateReportDocument, rateReportVerified, "так", "ні")
	return []string{
		"",
		slip(d, family, rateReportTypo),
		slip(d, short(d, c.name.uk, c.name.ukPet, rateReportShort), rateReportTypo),
		maybe(d, patronymic, rateReportPatronymic),
		choose(c.Boy, "ч", "ж"),
		reportBirth(d, c.Born),
		maybe(d, c.birthplace.ukrainian(), rateFirstColumns),
		maybe(d, f.address(), rateFirstColumns),
		maybe(d, f.motherUk(), rateFirstColumns),
		f.fatherUk(),
		maybe(d, strings.Join(c.siblings(func(g given) string { return g.uk }), ", "), rateReportSiblings),
		inquirer,
		phone,
		fmt.Sprintf("Р-%05d", f.Number),
		c.reportDay(d, homeward.EventSeparated),
		maybe(d, c.takenFrom(), rateFirstColumns),
		c.reportDay(d, homeward.EventTaken),
		c.transferredTo(),
		c.reportDay(d, homeward.EventTransferred),
		maybe(d, c.life.group, 0.3),
		c.reportDay(d, homeward.EventContactLost),
		c.reportDay(d, homeward.EventReturned),
		c.reportDay(d, homeward.EventReunified),
		maybe(d, c.eyes.uk, rateFirstColumns),
		maybe(d, c.hair.uk, rateFirstColumns),
		maybe(d, c.mark.uk, rateReportMarks),
		document,
		verified,
		maybe(d, pick(d, reportNotes), 0.3),
	}
}

// reportBirth writes the birth date as a relative remembers it.
func reportBirth(d dice, born homeward.Day) string {
	switch at := d.Float64(); {
	case at < rateReportAboutYear:
		return fmt.Sprintf("бл. %d", born.Time().Year())
	case at < rateReportAboutYear+rateReportAboutAge:
		return "близько " + yearsUk(ageOn(born, EditionDay))
	case at < 0.20:
		return inWords(born, monthsUk)
	case at < 0.30:
		return born.String()
	}
	return dotted(born)
}

// reportDay writes the day of an event, or the month alone; empty when it did not happen.
func (c *Child) reportDay(d dice, t homeward.EventType) string {
	day, happened := c.Happened(t)
	switch {
	case !happened:
		return ""
	case d.chance(rateReportMonthOnly):
		return monthly(day)
	}
	return dotted(day)
}

func (f *Family) address() string {
	if f.flat == 0 {
		return fmt.Sprintf("%s, вул. %s, %d", f.home.ukrainian(), f.street, f.house)
	}
	return fmt.Sprintf("%s, вул. %s, %d, кв. %d", f.home.ukrainian(), f.street, f.house, f.flat)
}

func (f *Family) motherUk() string {
	uk, _ := f.maiden.of(false)
	return uk + " " + f.mother.uk + " " + f.motherPatronym
}

func (f *Family) fatherUk() string {
	if !f.hasFather {
		return ""
	}
	uk, _ := f.surname.of(true)
	return uk + " " + f.father.uk + " " + f.fatherPatronym
}

// takenFrom is where the child was taken, which is home as the town alone.
func (c *Child) takenFrom() string {
	if _, taken := c.Happened(homeward.EventTaken); !taken {
		return ""
	}
	return c.Family.home.ukrainian()
}

func (c *Child) transferredTo() string {
	if _, moved := c.Happened(homeward.EventTransferred); !moved {
		return ""
	}
	return c.life.transferred.ukrainian()
}
