package synth

import (
	"fmt"
	"time"

	"github.com/homeward-registry/homeward"
)

// dotted writes 13.04.2015.
func dotted(day homeward.Day) string { return day.Time().Format("02.01.2006") }

// monthly writes 04.2015.
func monthly(day homeward.Day) string { return day.Time().Format("01.2006") }

// inWords writes 13 квітня 2015 with the months of a language.
func inWords(day homeward.Day, months []string) string {
	t := day.Time()
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// ageOn returns the completed years on a day.
func ageOn(born, on homeward.Day) int {
	b, t := born.Time(), on.Time()
	years := t.Year() - b.Year()
	if t.YearDay() < b.YearDay() {
		years--
	}
	return years
}

// yearsUk writes a number of years as Ukrainian counts: 1 рік, 2 роки, 5 років.
func yearsUk(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return fmt.Sprintf("%d рік", n)
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 10 || n%100 >= 20):
		return fmt.Sprintf("%d роки", n)
	}
	return fmt.Sprintf("%d років", n)
}

// swapped returns the date with day and month in each other's place, and whether that is another date.
func swapped(day homeward.Day) (homeward.Day, bool) {
	y, m, d := day.Time().Date()
	return homeward.YMD(y, time.Month(d), int(m)), d <= 12 && d != int(m)
}
