package i18n

import (
	"strings"

	"golang.org/x/text/number"
)

// Number writes an integer with the language's grouping: 19 546 in Ukrainian, 19,546 in English.
func (l *Localizer) Number(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// Weight writes a log2 Bayes factor with its sign and one digit after the point: +12.4, −3.0, 0.0. The minus is
// U+2212, as wide as the plus, so that columns align.
func (l *Localizer) Weight(w float64) string {
	text := l.printer.Sprint(number.Decimal(max(w, -w), number.MaxFractionDigits(1), number.MinFractionDigits(1)))
	switch {
	case strings.Trim(text, "0.,") == "":
		return text
	case w > 0:
		return "+" + text
	}
	return "−" + text
}

// Probability writes a probability in percent. It is never shown as certainty: above 0.999 it reads "> 99.9 %", below
// 0.001 it reads "< 0.1 %".
func (l *Localizer) Probability(p float64) string {
	switch {
	case p > 0.999:
		return "> " + l.percent(0.999)
	case p < 0.001:
		return "< " + l.percent(0.001)
	}
	return l.percent(p)
}

func (l *Localizer) percent(p float64) string {
	return l.printer.Sprint(number.Decimal(p*100, number.MaxFractionDigits(1), number.MinFractionDigits(1))) + "\u00a0%"
}

// Size writes a number of bytes in the largest unit that keeps it above one: 2.4 MB. Units are decimal.
func (l *Localizer) Size(n int64) string {
	units := []string{"unit.b", "unit.kb", "unit.mb", "unit.gb"}
	v, i := float64(n), 0
	for v >= 1000 && i < len(units)-1 {
		v, i = v/1000, i+1
	}
	digits := 1
	if i == 0 {
		digits = 0
	}
	return l.printer.Sprint(number.Decimal(v, number.MaxFractionDigits(digits))) + "\u00a0" + l.T(units[i])
}
