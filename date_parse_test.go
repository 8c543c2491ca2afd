package homeward_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
)

func TestDatesAreReadAsTheWorldWritesThem(t *testing.T) {
	asOf := homeward.Exact(homeward.YMD(2025, 2, 22))
	for raw, want := range map[string]string{
		"13.4.1964": "1964-04-13", "13/04/1964": "1964-04-13", "1964-04-13": "1964-04-13", "13-04-1964": "1964-04-13",
		"1964-04-13T00:00:00Z": "1964-04-13", "13 квітня 1964": "1964-04-13", "13 квітня 1964 року": "1964-04-13", "13 апреля 1964 г.": "1964-04-13",
		"13 Apr 1964": "1964-04-13", "April 13, 1964": "1964-04-13", "13th April 1964": "1964-04-13",
		"(a) 13.4.1964, (b) 1955": "1964-04-13 1955", "1955; 1956": "1955 1956", "1955 або 1956": "1955 1956",
		"1955": "1955", "1955 р.": "1955", "2015 г.р.": "2015", "04.1964": "1964-04", "1964-04": "1964-04", "листопад 2014": "2014-11", "липень 2014": "2014-07",
		"2010-2012": "2010-01-01..2012-12-31", "між 2010 і 2012": "2010-01-01..2012-12-31",
		"бл. 2015": "2014-01-01..2016-12-31", "близько 2015 року": "2014-01-01..2016-12-31", "около 2015": "2014-01-01..2016-12-31", "c. 2015": "2014-01-01..2016-12-31",
		"about 4": "2019-02-23..2022-02-22", "4": "2020-02-23..2021-02-22", "4 роки": "2020-02-23..2021-02-22", "4-5 років": "2019-02-23..2021-02-22",
		"близько 8 років": "2015-02-23..2018-02-22", "8 months": "2024-05-23..2024-06-22", "4 years old": "2020-02-23..2021-02-22",
		"41153": "2012-09-01", "41153.0": "2012-09-01",
		"31.02.2015": "", "13.13.2015": "", "1.1.15": "", "": "", "невідомо": "", "n/a": "", "99999": "", "12345678": "", "0000-00-00": "",
	} {
		var have []string
		for _, d := range homeward.ParseDates(raw, asOf) {
			have = append(have, d.String())
			if d.Raw == "" || d.From > d.To {
				t.Errorf("%q: raw of %d bytes, from %s to %s", raw, len(d.Raw), d.From, d.To)
			}
		}
		if got := strings.Join(have, " "); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestAnAgeWithoutADateOfTheListIsNoDate(t *testing.T) {
	if d := homeward.ParseDates("about 4", homeward.Date{}); len(d) != 0 {
		t.Errorf("%d dates", len(d))
	}
}

func FuzzParseDates(f *testing.F) {
	for _, s := range []string{"13.4.1964", "(a) 13.4.1964, (b) 1955", "бл. 2015", "4-5 років", "99 99 9999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range homeward.ParseDates(s, homeward.Exact(homeward.YMD(2025, 1, 1))) {
			if d.IsZero() || d.From > d.To {
				t.Fatal("an empty or backward date")
			}
		}
	})
}
