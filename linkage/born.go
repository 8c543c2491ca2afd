package linkage

import (
	"slices"

	"github.com/homeward-registry/homeward"
)

// born is a birth date as it is compared: without the words it was read from.
type born struct {
	from, to   homeward.Day
	digits     uint32 // of an exact day, YYYYMMDD, four bits a digit
	year       int16  // of from
	month, day uint8
	precision  uint8 // among precisions
}

var precisions = []homeward.Precision{
	homeward.PrecisionNone, homeward.PrecisionDay, homeward.PrecisionMonth, homeward.PrecisionYear, homeward.PrecisionRange, homeward.PrecisionAbout, homeward.PrecisionAge,
}

func bornOn(d homeward.Date) born {
	t := d.From.Time()
	b := born{from: d.From, to: d.To, year: int16(t.Year()), month: uint8(t.Month()), day: uint8(t.Day()), precision: uint8(max(slices.Index(precisions, d.Precision), 0))}
	for i, n := 0, t.Year()*10000+int(t.Month())*100+t.Day(); i < 8; i, n = i+1, n/10 {
		b.digits |= uint32(n%10) << (4 * i)
	}
	return b
}

// date returns the date again.
func (b born) date() homeward.Date {
	return homeward.Date{From: b.from, To: b.to, Precision: precisions[b.precision]}
}

func (b born) known() bool { return b.precision != 0 }

// exact reports whether the date is a day that can be believed: 1 January often stands for "that year".
func (b born) exact() bool { return b.precision == 1 }

// newYear reports whether the day is 1 January.
func (b born) newYear() bool { return b.month == 1 && b.day == 1 }

// lastYear is the year the interval ends in.
func (b born) lastYear() int {
	if b.from == b.to {
		return int(b.year)
	}
	return b.to.Time().Year()
}

// Levels of the birth date.
const (
	birthDay      = iota + 1 // the same day
	birthSwapped             // day and month exchanged
	birthDigit               // one digit differs
	birthMonth               // the same month, as far as is known
	birthQuarter             // at most three months apart: the limit of what an adoption may change
	birthYear                // the same year, as far as is known
	birthOverlap             // an age or a rough date that fits
	birthYearOff             // a year apart, or less by rough dates
	birthThreeOff            // at most three years apart
	birthDifferent
)

func compareBirths(a, b []born) int {
	best := 0
	for i := range a {
		for j := range b {
			if level := compareBirth(&a[i], &b[j]); level != 0 && (best == 0 || level < best) {
				best = level
			}
		}
	}
	return best
}

func compareBirth(x, y *born) int {
	if !x.known() || !y.known() {
		return 0
	}
	if x.exact() && y.exact() {
		return compareDays(x, y)
	}
	gap := max(x.from-y.to, y.from-x.to, 0) // days between the two intervals
	wide := max(x.to-x.from, y.to-y.from)
	switch {
	case gap == 0 && wide <= 31:
		return birthMonth
	case gap == 0 && wide <= 366:
		return birthYear
	case gap == 0:
		return birthOverlap
	case gap <= 366:
		return birthYearOff
	case gap <= 3*366:
		return birthThreeOff
	}
	return birthDifferent
}

func compareDays(x, y *born) int {
	if x.from == y.from {
		return birthDay
	}
	sameYear := x.year == y.year
	if sameYear && x.month == y.day && y.month == x.day {
		return birthSwapped
	}
	if oneDigit(x.digits ^ y.digits) {
		return birthDigit
	}
	apart := x.from - y.from
	if apart < 0 {
		apart = -apart
	}
	switch {
	case apart <= 92:
		return birthQuarter
	case sameYear && (x.newYear() || y.newYear()):
		return birthYear
	case apart <= 366:
		return birthYearOff
	case apart <= 3*366:
		return birthThreeOff
	}
	return birthDifferent
}

// oneDigit reports whether all that differs stands in one group of four bits.
func oneDigit(differing uint32) bool {
	n := 0
	for ; differing != 0; differing >>= 4 {
		if differing&15 != 0 {
			n++
		}
	}
	return n == 1
}
