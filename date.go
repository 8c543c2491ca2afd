package homeward

import (
	"fmt"
	"time"
)

// Day is a calendar day: days since 1970-01-01, proleptic Gregorian.
type Day int32

// DayOf returns the calendar day of t in t's own location.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// YMD returns the day of a calendar date; out-of-range values are normalised as [time.Date] does.
func YMD(year int, month time.Month, day int) Day {
	return DayOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Time returns midnight UTC at the start of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String returns the day as YYYY-MM-DD.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Date is a date as someone said it: the words, how precise they are, and the interval of days they allow. "about 4"
// stays "about 4" in every room: no date is ever made more precise than its words.
type Date struct {
	Raw       string // as received
	From, To  Day    // inclusive; meaningless when Precision is PrecisionNone
	Precision Precision
}

// Precision says what a date's words allow.
type Precision string

const (
	PrecisionNone  Precision = ""      // no date could be read
	PrecisionDay   Precision = "day"   // 13.4.1964
	PrecisionMonth Precision = "month" // 04.1964
	PrecisionYear  Precision = "year"  // 1964
	PrecisionRange Precision = "range" // 2010-2012
	PrecisionAbout Precision = "about" // бл. 2015
	PrecisionAge   Precision = "age"   // about 4, as of the edition's date
)

// IsZero reports whether no date could be read.
func (d Date) IsZero() bool { return d.Precision == PrecisionNone }

// Exact returns a date of day precision.
func Exact(day Day) Date {
	return Date{Raw: day.String(), From: day, To: day, Precision: PrecisionDay}
}

// String returns the interval, never the raw words: "2015", "2015-04", "2015-04-13", "2014-01-01..2016-12-31".
func (d Date) String() string {
	switch d.Precision {
	case PrecisionNone:
		return ""
	case PrecisionDay:
		return d.From.String()
	case PrecisionMonth:
		return d.From.Time().Format("2006-01")
	case PrecisionYear:
		return d.From.Time().Format("2006")
	}
	return fmt.Sprintf("%s..%s", d.From, d.To)
}

// Overlaps reports whether some day satisfies both dates.
func (d Date) Overlaps(e Date) bool {
	return !d.IsZero() && !e.IsZero() && d.From <= e.To && e.From <= d.To
}
