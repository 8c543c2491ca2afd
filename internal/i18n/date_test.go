package i18n

import (
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

func ymd(y int, m time.Month, d int) homeward.Day { return homeward.YMD(y, m, d) }

func TestDatesAreNeverMorePreciseThanTheirWords(t *testing.T) {
	asOf := homeward.Exact(ymd(2023, 3, 1))
	four := homeward.Date{From: ymd(2018, 3, 2), To: ymd(2019, 3, 1), Precision: homeward.PrecisionAge}
	for _, c := range []struct {
		date       homeward.Date
		uk, en, ru string
	}{
		{homeward.Exact(ymd(2015, 4, 13)), "13 квітня 2015", "13 April 2015", "13 апреля 2015"},
		{homeward.Date{From: ymd(2015, 4, 1), To: ymd(2015, 4, 30), Precision: homeward.PrecisionMonth}, "квітень 2015", "April 2015", "апрель 2015"},
		{homeward.Date{From: ymd(2015, 1, 1), To: ymd(2015, 12, 31), Precision: homeward.PrecisionYear}, "2015", "2015", "2015"},
		{homeward.Date{From: ymd(2014, 1, 1), To: ymd(2016, 12, 31), Precision: homeward.PrecisionAbout}, "близько 2015", "about 2015", "около 2015"},
		{homeward.Date{From: ymd(2010, 1, 1), To: ymd(2012, 12, 31), Precision: homeward.PrecisionRange}, "2010–2012", "2010–2012", "2010–2012"},
		{homeward.Date{From: ymd(2015, 3, 30), To: ymd(2015, 5, 1), Precision: homeward.PrecisionAbout}, "близько квітня 2015", "about April 2015", "около апреля 2015"},
		{four, "близько 4 років (станом на 1 березня 2023)", "about 4 years (as of 1 March 2023)", "около 4 лет (на 1 марта 2023)"},
		{homeward.Date{From: ymd(2017, 3, 2), To: ymd(2020, 3, 1), Precision: homeward.PrecisionAge}, "близько 4 років (станом на 1 березня 2023)", "about 4 years (as of 1 March 2023)", "около 4 лет (на 1 марта 2023)"},
		{homeward.Date{From: ymd(2022, 6, 2), To: ymd(2022, 7, 1), Precision: homeward.PrecisionAge}, "близько 8 місяців (станом на 1 березня 2023)", "about 8 months (as of 1 March 2023)", "около 8 месяцев (на 1 марта 2023)"},
		{homeward.Date{Raw: "soon"}, "", "", ""},
	} {
		for l, want := range map[Lang]string{Ukrainian: c.uk, English: c.en, Russian: c.ru} {
			if got := For(l).DateAsOf(c.date, asOf); got != want {
				t.Errorf("%s of %s in %s: got %q, want %q", c.date.Precision, c.date, l, got, want)
			}
		}
	}
}

func TestAgeWithoutTheDayItWasTrueIsShownAsAnInterval(t *testing.T) {
	d := homeward.Date{From: ymd(2018, 3, 2), To: ymd(2019, 3, 1), Precision: homeward.PrecisionAge}
	if got, want := For(English).Date(d), "between 2 March 2018 and 1 March 2019"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A day may be written only for a date that was said to the day, or as an end of an interval.
func TestOnlyADayReadsAsADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := homeward.Day(rapid.Int32Range(0, 25000).Draw(t, "from"))
		d := homeward.Date{From: from, To: from + homeward.Day(rapid.Int32Range(0, 2000).Draw(t, "width"))}
		d.Precision = rapid.SampledFrom([]homeward.Precision{homeward.PrecisionMonth, homeward.PrecisionYear, homeward.PrecisionRange, homeward.PrecisionAge}).Draw(t, "precision")
		asOf := homeward.Exact(d.To + homeward.Day(rapid.Int32Range(0, 9000).Draw(t, "later")))
		for _, l := range Languages {
			got := For(l).DateAsOf(d, asOf)
			if got == "" || got == For(l).Day(d.From) {
				t.Fatalf("%s %s reads as %d bytes equal to a day or empty", l, d.Precision, len(got))
			}
		}
	})
}

func TestInstantNamesItsZone(t *testing.T) {
	at := time.Date(2026, 11, 24, 16, 11, 59, 0, time.FixedZone("", 7200))
	if got, want := For(English).Instant(at), "24 November 2026, 14:11 UTC"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNumbersAreGroupedAndAligned(t *testing.T) {
	if got := For(English).Number(19546); got != "19,546" {
		t.Errorf("got %q", got)
	}
	if got := For(Ukrainian).Number(19546); got != "19\u00a0546" {
		t.Errorf("got %q", got)
	}
	for w, want := range map[float64]string{12.44: "+12.4", -3: "−3.0", 0: "0.0", -0.04: "0.0"} {
		if got := For(English).Weight(w); got != want {
			t.Errorf("weight %v: got %q, want %q", w, got, want)
		}
	}
	if got := For(English).Size(2_400_000); got != "2.4\u00a0MB" {
		t.Errorf("got %q", got)
	}
}

func TestProbabilityIsNeverShownAsCertainty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		for _, l := range Languages {
			got := For(l).Probability(p)
			if strings.HasPrefix(got, "100") || strings.HasPrefix(got, "0,0") || strings.HasPrefix(got, "0.0") {
				t.Fatalf("%v is shown as certainty in %s", p, l)
			}
		}
	})
	if got := For(English).Probability(1); got != "> 99.9\u00a0%" {
		t.Errorf("got %q", got)
	}
}
