package homeward

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ParseDates reads the dates in a text as the world writes them, in Ukrainian, Russian and English. Each keeps the words
// it was read from and is no more precise than they are. A text in which no date can be read gives none.
//
//	13.4.1964   13/04/1964   1964-04-13   13 квітня 1964   April 13, 1964      a day
//	04.1964   1964-04   квітень 1964                                           a month
//	1955                                                                       a year
//	2010-2012   між 2010 і 2012                                                a range
//	бл. 2015   около 2015   c. 2015                                            a year either side
//	about 4   4 роки   8 months   4-5 років                                    an age, as of asOf
//	(a) 13.4.1964, (b) 1955   1955; 1956                                       several
//	41153                                                                      a day, as a spreadsheet counts them
//	19640413                                                                   a day, as ISO 8601 writes it without signs
//
// Day comes before month wherever a date is written with points, slashes or dashes and does not begin with the year.
// Two-digit years and days that no calendar has are refused, and so are years before 1850, but for a whole day that begins
// with its year: such dates are written by machines, and lists of the dead hold them from the year 1000 on. Of those a day
// or a month that cannot be is one that is not known: 2015-02-00 and 2015-02-31 are a month, 2015-00-00 is a year. Eight digits
// are year, month and day; day, month and year without signs would have the month 18, 19 or 20, so neither is taken for
// the other. An age is counted back from the last day of asOf; without
// asOf it gives no date.
func ParseDates(raw string, asOf Date) []Date {
	var out []Date
	for _, part := range splitDates(strings.TrimSpace(raw)) {
		if d := parseDate(strings.ToLower(part), asOf); !d.IsZero() {
			d.Raw = part
			out = append(out, d)
		}
	}
	return out
}

var (
	listMark   = regexp.MustCompile(`(?i)\(?\b[a-zа-я]\)\s*`)
	separators = regexp.MustCompile(`(?i)\s*(?:;|\||\n|,\s*(?:або|или|or)?|\s(?:або|или|or)\s)\s*`)
	monthComma = regexp.MustCompile(`(?i)^\p{L}+\.?\s+\d{1,2},\s*\d{4}$`)
)

// splitDates splits a text that holds several dates. The comma of "April 13, 1964" separates nothing.
func splitDates(s string) []string {
	if monthComma.MatchString(s) {
		return []string{s}
	}
	parts := separators.Split(listMark.ReplaceAllString(s, ""), -1)
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

var (
	isoDay     = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:[t ][\d:.z+]*)?$`)
	compactDay = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	pointedDay = regexp.MustCompile(`^(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4})$`)
	wordedDay  = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th)?[\s.-]+(\p{L}{3,})[\s.,-]+(\d{4})$`)
	englishDay = regexp.MustCompile(`^(\p{L}{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$`)
	isoMonth   = regexp.MustCompile(`^(\d{4})[-./](\d{1,2})$`)
	pointMonth = regexp.MustCompile(`^(\d{1,2})[-./](\d{4})$`)
	wordMonth  = regexp.MustCompile(`^(\p{L}{3,})\.?,?\s+(\d{4})$`)
	yearAlone  = regexp.MustCompile(`^(\d{4})$`)
	yearRange  = regexp.MustCompile(`^(?:між|между|between|from|з|с|від|от)?\s*(\d{4})\s*(?:-|–|—|/|to|and|до|по|і|и|та)\s*(\d{4})$`)
	serial     = regexp.MustCompile(`^([2-5]\d{4})(?:\.0+)?$`)
	yearTail   = regexp.MustCompile(`\s*(?:року|рік|р\.?\s?н\.?|р\.?|года|год|г\.?\s?р\.?|г\.?|year)$`)
	aboutHead  = regexp.MustCompile(`^(?:бл(?:изько)?|біля|приблизно|прибл|орієнтовно|около|ок|примерно|прим|about|approximately|approx|around|circa|ca|c|~|≈)\.?\s*(\d.*)$`)
	ageText    = regexp.MustCompile(`^(\d{1,2})(?:\s*(?:-|–|—|to|до)\s*(\d{1,2}))?\s*(.*)$`)
)

// readers are tried in order on one date, lower-cased and trimmed.
var readers = []func(string) Date{readDay, readMonth, readYears, readSerial}

func parseDate(s string, asOf Date) Date {
	if s == "" || len(s) > 80 {
		return Date{}
	}
	if d := firstOf(s); !d.IsZero() {
		return d
	}
	if d := firstOf(strings.TrimSpace(yearTail.ReplaceAllString(s, ""))); !d.IsZero() {
		return d
	}
	if m := aboutHead.FindStringSubmatch(s); m != nil {
		if d := firstOf(strings.TrimSpace(yearTail.ReplaceAllString(m[1], ""))); !d.IsZero() && len(m[1]) >= 4 {
			return about(d)
		}
		return readAge(m[1], asOf, 1)
	}
	return readAge(s, asOf, 0)
}

func firstOf(s string) Date {
	for _, read := range readers {
		if d := read(s); !d.IsZero() {
			return d
		}
	}
	return Date{}
}

// about widens a date by a year either side.
func about(d Date) Date {
	from, to := d.From.Time(), d.To.Time()
	return Date{From: YMD(from.Year()-1, 1, 1), To: YMD(to.Year()+1, 12, 31), Precision: PrecisionAbout}
}

func readDay(s string) Date {
	if m := isoDay.FindStringSubmatch(s); m != nil {
		return isoDate(number(m[1]), number(m[2]), m[3])
	}
	if m := compactDay.FindStringSubmatch(s); m != nil {
		return day(m[1], number(m[2]), m[3])
	}
	if m := pointedDay.FindStringSubmatch(s); m != nil {
		return day(m[3], number(m[2]), m[1])
	}
	if m := wordedDay.FindStringSubmatch(s); m != nil {
		return day(m[3], monthNamed(m[2]), m[1])
	}
	if m := englishDay.FindStringSubmatch(s); m != nil {
		return day(m[3], monthNamed(m[1]), m[2])
	}
	return Date{}
}

func readMonth(s string) Date {
	if m := isoMonth.FindStringSubmatch(s); m != nil {
		return month(m[1], number(m[2]))
	}
	if m := pointMonth.FindStringSubmatch(s); m != nil {
		return month(m[2], number(m[1]))
	}
	if m := wordMonth.FindStringSubmatch(s); m != nil {
		return month(m[2], monthNamed(m[1]))
	}
	return Date{}
}

func readYears(s string) Date {
	if m := yearAlone.FindStringSubmatch(s); m != nil && plausible(number(m[1])) {
		y := number(m[1])
		return Date{From: YMD(y, 1, 1), To: YMD(y, 12, 31), Precision: PrecisionYear}
	}
	if m := yearRange.FindStringSubmatch(s); m != nil {
		from, to := number(m[1]), number(m[2])
		if plausible(from) && plausible(to) && from <= to {
			return Date{From: YMD(from, 1, 1), To: YMD(to, 12, 31), Precision: PrecisionRange}
		}
	}
	return Date{}
}

// readSerial reads the days that spreadsheets count from 30 December 1899.
func readSerial(s string) Date {
	if m := serial.FindStringSubmatch(s); m != nil {
		d := YMD(1899, 12, 30) + Day(number(m[1]))
		return Date{From: d, To: d, Precision: PrecisionDay}
	}
	return Date{}
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// Years that are believed: of a whole day that begins with its year, and of anything else.
const (
	firstYear = 1000
	someYear  = 1850
	lastYear  = 2150
)

func plausible(year int) bool { return year >= someYear && year <= lastYear }

func day(year string, month int, dayOfMonth string) Date {
	return dayFrom(someYear, number(year), month, dayOfMonth)
}

func dayFrom(first, y, month int, dayOfMonth string) Date {
	d := number(dayOfMonth)
	at := YMD(y, time.Month(month), d)
	if t := at.Time(); y < first || y > lastYear || t.Year() != y || int(t.Month()) != month || t.Day() != d {
		return Date{} // no calendar has this day
	}
	return Date{From: at, To: at, Precision: PrecisionDay}
}

// isoDate reads year, month and day as far as the calendar knows them: a day or a month of 00, or one that cannot be, is one
// that is not known.
func isoDate(y, m int, dayOfMonth string) Date {
	if d := dayFrom(firstYear, y, m, dayOfMonth); !d.IsZero() {
		return d
	}
	switch {
	case y < firstYear || y > lastYear:
		return Date{}
	case m < 1 || m > 12:
		return Date{From: YMD(y, 1, 1), To: YMD(y, 12, 31), Precision: PrecisionYear}
	}
	return monthOf(y, m)
}

func month(year string, m int) Date {
	y := number(year)
	if !plausible(y) || m < 1 || m > 12 {
		return Date{}
	}
	return monthOf(y, m)
}

func monthOf(y, m int) Date {
	return Date{From: YMD(y, time.Month(m), 1), To: YMD(y, time.Month(m+1), 0), Precision: PrecisionMonth}
}

// readAge turns an age in years or months into the days of birth it allows. slack is how many years either side
// "about" adds.
func readAge(s string, asOf Date, slack int) Date {
	m := ageText.FindStringSubmatch(s)
	if m == nil || asOf.IsZero() {
		return Date{}
	}
	low := number(m[1])
	high := low
	if m[2] != "" {
		high = number(m[2])
	}
	if high < low {
		return Date{}
	}
	at := asOf.To.Time()
	switch unit := strings.Trim(m[3], " ."); {
	case isUnit(unit, monthWords):
		return Date{From: DayOf(at.AddDate(0, -high-1-slack, 1)), To: DayOf(at.AddDate(0, -low+slack, 0)), Precision: PrecisionAge}
	case unit == "" || isUnit(unit, yearWords):
		low, high = max(low-slack, 0), high+slack
		return Date{From: DayOf(at.AddDate(-high-1, 0, 1)), To: DayOf(at.AddDate(-low, 0, 0)), Precision: PrecisionAge}
	}
	return Date{}
}

const (
	monthWords = "місяці місяців місяць міс мес месяц месяца месяцев month months mo"
	yearWords  = "рік роки року років р год года лет г л year years yr yrs y years old year old yo y/o"
)

func isUnit(s, words string) bool {
	s = strings.TrimSpace(strings.TrimSuffix(s, "old"))
	for w := range strings.FieldsSeq(words) {
		if s == w {
			return true
		}
	}
	return false
}

// monthStems are the beginnings of the names of months, in order, in Ukrainian, Russian and English. The longest that
// fits decides: "лист" is November in Ukrainian, "лип" July.
var monthStems = [12][]string{
	{"січ", "янв", "jan"}, {"лют", "фев", "feb"}, {"берез", "мар", "mar"}, {"квіт", "апр", "apr"},
	{"трав", "май", "мая", "may"}, {"черв", "июн", "jun"}, {"лип", "июл", "jul"}, {"серп", "авг", "aug"},
	{"верес", "сен", "sep"}, {"жовт", "окт", "oct"}, {"листоп", "ноя", "nov"}, {"груд", "дек", "dec"},
}

// monthNamed returns the number of a month, 0 when the word is none.
func monthNamed(word string) int {
	for i, stems := range monthStems {
		for _, stem := range stems {
			if strings.HasPrefix(word, stem) {
				return i + 1
			}
		}
	}
	return 0
}
