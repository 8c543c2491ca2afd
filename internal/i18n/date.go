package i18n

import (
	"strconv"
	"time"

	"github.com/homeward-registry/homeward"
)

// Day writes a calendar day: 13 квітня 2015.
func (l *Localizer) Day(d homeward.Day) string {
	t := d.Time()
	return l.T("date.day", "day", strconv.Itoa(t.Day()), "month", l.monthOf(t), "year", year(t))
}

// Instant writes a time to the minute, in UTC and saying so.
func (l *Localizer) Instant(t time.Time) string {
	t = t.UTC()
	return l.T("date.instant", "date", l.Day(homeward.DayOf(t)), "time", t.Format("15:04"))
}

// Date writes a date as precisely as it was said and no more. A date that could not be read gives nothing: show its
// words instead.
func (l *Localizer) Date(d homeward.Date) string {
	from, to := d.From.Time(), d.To.Time()
	switch d.Precision {
	case homeward.PrecisionNone:
		return ""
	case homeward.PrecisionDay:
		return l.Day(d.From)
	case homeward.PrecisionMonth:
		return l.month(from)
	case homeward.PrecisionYear:
		return year(from)
	case homeward.PrecisionAbout:
		return l.about(from, to)
	}
	return l.between(from, to)
}

// DateAsOf writes a date said in an edition of the given date: an age reads "about 4 years (as of 1 March 2023)", every
// other date as [Localizer.Date] writes it.
func (l *Localizer) DateAsOf(d, asOf homeward.Date) string {
	if d.Precision != homeward.PrecisionAge || asOf.IsZero() || asOf.From < d.From {
		return l.Date(d)
	}
	return l.T("date.age.as_of", "age", l.age(d, asOf.From), "date", l.Date(asOf))
}

// age writes the ages on a day that birth days between d.From and d.To allow; in months for the youngest.
func (l *Localizer) age(d homeward.Date, day homeward.Day) string {
	low, high := monthsBetween(d.To, day), monthsBetween(d.From, day)
	if high < 24 && high-low < 12 {
		return l.N("date.age.months", max(low, 0))
	}
	// The interval of birth days of a child of n full years begins n+1 years and no day earlier.
	lowYears, highYears := max(low, 0)/12, monthsBetween(d.From+1, day)/12
	if highYears-lowYears <= 1 {
		return l.N("date.age.years", lowYears+(highYears-lowYears)/2)
	}
	if (highYears-lowYears)%2 == 0 && highYears-lowYears == 2 {
		return l.N("date.age.years", lowYears+1)
	}
	return l.N("date.age.between", highYears, "low", lowYears)
}

// monthsBetween counts full months from birth to day; negative when the birth is later.
func monthsBetween(birth, day homeward.Day) int {
	b, t := birth.Time(), day.Time()
	months := (t.Year()-b.Year())*12 + int(t.Month()) - int(b.Month())
	if t.Day() < b.Day() {
		months--
	}
	return months
}

// about writes the middle of an interval around a year, a month or a day, whichever the interval's width allows.
func (l *Localizer) about(from, to time.Time) string {
	middle := from.Add(to.Sub(from) / 2)
	switch width := to.Sub(from); {
	case width > 200*24*time.Hour:
		return l.T("date.about", "date", year(middle))
	case width > 20*24*time.Hour:
		return l.T("date.about", "date", l.monthGenitive(middle))
	}
	return l.T("date.about", "date", l.Day(homeward.DayOf(middle)))
}

// between writes an interval: in years when it is one of whole years, in days otherwise.
func (l *Localizer) between(from, to time.Time) string {
	if from.YearDay() == 1 && to.Month() == time.December && to.Day() == 31 {
		if from.Year() == to.Year() {
			return year(from)
		}
		return year(from) + "–" + year(to)
	}
	return l.T("date.between", "from", l.Day(homeward.DayOf(from)), "to", l.Day(homeward.DayOf(to)))
}

// month writes a month by itself: квітень 2015.
func (l *Localizer) month(t time.Time) string {
	return l.T("date.month", "month", l.T("month."+strconv.Itoa(int(t.Month()))), "year", year(t))
}

// monthGenitive writes a month after a word that asks for the genitive: близько квітня 2015.
func (l *Localizer) monthGenitive(t time.Time) string {
	return l.T("date.month", "month", l.monthOf(t), "year", year(t))
}

// monthOf writes the month as it stands after a day.
func (l *Localizer) monthOf(t time.Time) string {
	return l.T("month.of." + strconv.Itoa(int(t.Month())))
}

// year writes a year without grouping.
func year(t time.Time) string { return strconv.Itoa(t.Year()) }
