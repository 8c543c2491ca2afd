package drawing_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/places"
	"pgregory.net/rapid"
)

// journey is of an invented child.
var journey = drawing.Journey{Gazetteer: places.Ours(), Stops: []drawing.Stop{
	{What: "home", Said: "Маріуполь, Донецька обл."},
	{What: "taken", When: "5.3.2022", Said: "м. Маріуполь"},
	{What: "transferred", When: "8.3.2022", Said: "г. Донецк, ДНР"},
	{What: "seen", When: "10.3.2022", Said: "<дитячий табір>"},
	{What: "deported", When: "12.3.2022", Said: "Таганрог, Ростовская область"},
	{What: "placed", When: "1.6.2022", Said: "Московская область"},
	{What: "contact lost"},
}}

var flows = drawing.Flows{Gazetteer: places.Ours(), Floor: 5, Unplaced: 12, Cells: []drawing.Flow{
	{From: "UA-14", To: "RU-ROS", Count: 40}, {From: "UA-65", To: "UA-43", Count: 25}, {From: "UA-63", To: "RU-BEL", Count: 7},
	{From: "UA-09", To: "UA-09", Count: 9}, {From: "UA-23", To: "RU-KDA", Count: 4}, {From: "UA-14", To: "BY-MI", Count: 1},
}}

var ages = drawing.Bars{ID: "ages", Title: "Ages", Of: "Age", Floor: 5, Amounts: []drawing.Amount{
	{Label: "0", Count: 3}, {Label: "1", Count: 8}, {Label: "2", Count: 0}, {Label: "3", Count: 14}, {Label: "4", Count: 22}, {Label: "5", Count: 31}, {Label: "6", Count: 28}, {Label: "7", Count: 40},
}}

func along() drawing.Timeline {
	year := homeward.Date{From: homeward.YMD(2023, time.January, 1), To: homeward.YMD(2023, time.December, 31), Precision: homeward.PrecisionYear}
	return drawing.Timeline{Events: []drawing.Dated{
		{What: "taken", Words: "5.3.2022", When: homeward.Exact(homeward.YMD(2022, time.March, 5))},
		{What: "citizenship imposed", Words: "2023", When: year},
		{What: "mistreated", Words: "1.4.2024", When: homeward.Exact(homeward.YMD(2024, time.April, 1)), Harm: true},
		{What: "renamed"},
	}}
}

// pictures draws one of each kind.
func pictures(lang i18n.Lang) map[string]string {
	l := i18n.For(lang)
	return map[string]string{
		"journey": string(journey.Draw(l)), "flows": string(flows.Draw(l)), "bars": string(ages.Draw(l)), "timeline": string(along().Draw(l)),
		"family": string(family.Draw(l)),
	}
}

func TestEveryPictureCanBeReadAloudAndRunsNothing(t *testing.T) {
	untranslated := regexp.MustCompile(`\[[a-z]+\.[a-z._]+\]`)
	forbidden := regexp.MustCompile(`(?i)<script|<style| style=| on[a-z]+=|https?:|javascript:|<image|<use|@import`)
	for _, lang := range i18n.Languages {
		for name, html := range pictures(lang) {
			wellFormed(t, name, html)
			for _, part := range []string{`<svg role="img"`, "<title id=", "<desc id=", "<table", "<caption", `<th scope="col"`} {
				if !strings.Contains(html, part) {
					t.Errorf("%s %s has no %s", lang, name, part)
				}
			}
			if found := forbidden.FindString(html); found != "" {
				t.Errorf("%s %s holds %q", lang, name, found)
			}
			if found := untranslated.FindString(html); found != "" {
				t.Errorf("%s %s lacks the text %s", lang, name, found)
			}
		}
	}
}

func wellFormed(t *testing.T, name, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(html, "<br>", "<br/>")))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestAJourneyShowsWhatIsKnownAndListsTheRest(t *testing.T) {
	html := string(journey.Draw(i18n.For(i18n.English)))
	for _, want := range []string{
		">1·2<", ">3<", ">5<", ">6<", // the numbers on the map; 4 and 7 have no place
		"Mariupol, Donetsk Oblast", "Taganrog, Rostov Oblast", "roughly: the centre", "not in the gazetteer", "no place is named",
		"&lt;дитячий табір&gt;", `class="leg gap"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the journey has no %s", want)
		}
	}
	if strings.Contains(html, ">4</text>") || strings.Contains(html, ">7</text>") {
		t.Error("a stop without a known place stands on the map")
	}
	none := string(drawing.Journey{Gazetteer: places.Ours(), Stops: []drawing.Stop{{What: "taken", Said: "?"}}}.Draw(i18n.For(i18n.English)))
	if strings.Contains(none, "<svg") || !strings.Contains(none, "<table") {
		t.Error("a journey of unknown places is more, or less, than its table")
	}
}

// TestAMapOnPaperIsTheOneOnThePage compares what a journey gives to a page with what it gives to paper.
func TestAMapOnPaperIsTheOneOnThePage(t *testing.T) {
	l := i18n.For(i18n.English)
	html, m := string(journey.Draw(l)), journey.Map(l)
	path := regexp.MustCompile(`^M-?[\d.]+ -?[\d.]+([LQ]-?[\d.]+ -?[\d.]+( -?[\d.]+ -?[\d.]+)?)*Z?$`)
	gaps := 0
	for _, way := range m.Ways {
		if !path.MatchString(way.D) || !strings.Contains(html, `d="`+way.D+`"`) {
			t.Errorf("the page has no way %s", way.D)
		}
		if way.Gap {
			gaps++
		}
	}
	for _, d := range append(m.Home, m.Land...) {
		if !path.MatchString(d) || !strings.Contains(html, d) {
			t.Errorf("the page has no outline of %d bytes", len(d))
		}
	}
	for _, mark := range m.Marks {
		if !strings.Contains(html, ">"+mark.Numbers+"<") || mark.Name != "" && !strings.Contains(html, mark.Name) {
			t.Errorf("the page has no mark %s", mark.Numbers)
		}
	}
	if gaps != strings.Count(html, `class="leg gap"`) || len(m.Marks) != strings.Count(html, `<g class="spot`) || len(m.Told) != len(journey.Stops) || len(m.Home) == 0 {
		t.Errorf("%d gaps, %d marks, %d stops, %d regions", gaps, len(m.Marks), len(m.Told), len(m.Home))
	}
	other := journey
	other.ID = "second"
	if strings.Contains(string(other.Draw(l)), `"journey-`) {
		t.Error("two journeys on one page share an id")
	}
	none := drawing.Journey{Gazetteer: places.Ours(), Stops: []drawing.Stop{{What: "taken", Said: "?"}}}.Map(l)
	if none.Width != 0 || len(none.Told) != 1 || !none.Told[0].Unknown {
		t.Error("a journey of unknown places is more, or less, than its words")
	}
}

func TestSmallAmountsAreNeitherDrawnNorTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.IntRange(1, 4).Draw(t, "small")
		draw := func(n int) string {
			f := flows
			f.Cells = append([]drawing.Flow{}, flows.Cells[:4]...)
			f.Cells = append(f.Cells, drawing.Flow{From: "UA-48", To: "RU-VOR", Count: n}, drawing.Flow{From: "UA-48", To: "RU-TUL", Count: 2})
			b := ages
			b.Amounts = append([]drawing.Amount{{Label: "x", Count: n}}, ages.Amounts...)
			return string(f.Draw(i18n.For(i18n.English))) + string(b.Draw(i18n.For(i18n.English)))
		}
		if draw(small) != draw(3) {
			t.Fatalf("an amount of %d is drawn otherwise than one of 3", small)
		}
	})
	if html := string(flows.Draw(i18n.For(i18n.English))); !strings.Contains(html, "2 more flows of fewer than 5") || strings.Count(html, `class="stream"`) != 4 || strings.Contains(html, "Krasnodar") {
		t.Error("two flows of six are small: it is told how many there are, and four are drawn")
	}
}

func TestADateIsDrawnAsWideAsItIs(t *testing.T) {
	html := string(along().Draw(i18n.For(i18n.English)))
	if n := strings.Count(html, "<circle"); n != 2 {
		t.Errorf("%d days are drawn, want 2", n)
	}
	if n := strings.Count(html, `<rect`); n != 1 {
		t.Errorf("%d stretches of time are drawn, want 1", n)
	}
	if !strings.Contains(html, "<td>renamed</td>") || strings.Contains(html, ">renamed</text>") {
		t.Error("an event without a date is told, and not drawn")
	}
}

// TestProjectionKeepsTheMeridiansTrue holds the law of an equidistant conic: along a meridian lengths are those of the sphere.
func TestProjectionKeepsTheMeridiansTrue(t *testing.T) {
	c := drawing.NewConic(44, 53, 31)
	rapid.Check(t, func(t *rapid.T) {
		lon := rapid.Float64Range(22, 40).Draw(t, "lon")
		a, b := rapid.Float64Range(44, 53).Draw(t, "a"), rapid.Float64Range(44, 53).Draw(t, "b")
		ax, ay := c.Project(places.Point{Lat: a, Lon: lon})
		bx, by := c.Project(places.Point{Lat: b, Lon: lon})
		drawn := ((ax-bx)*(ax-bx) + (ay-by)*(ay-by))
		true2 := (a - b) * (a - b) * 3.14159265358979 * 3.14159265358979 / 180 / 180
		if d := drawn - true2; d > 1e-9 || d < -1e-9 {
			t.Fatalf("a stretch of a meridian is %g, want %g", drawn, true2)
		}
		if a > b == (ay > by) && a != b {
			t.Fatal("north is not up")
		}
	})
}

func TestEveryJourneyCanBeDrawn(t *testing.T) {
	all := places.Ours().All()
	l := i18n.For(i18n.Ukrainian)
	rapid.Check(t, func(t *rapid.T) {
		var j drawing.Journey
		j.Gazetteer = places.Ours()
		for range rapid.IntRange(0, 6).Draw(t, "stops") {
			j.Stops = append(j.Stops, drawing.Stop{What: "x", Said: rapid.SampledFrom(all).Draw(t, "place").Name.UK})
		}
		if html := string(j.Draw(l)); strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
			t.Fatal("the map has a point that is no point")
		}
	})
}
