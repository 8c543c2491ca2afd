package homeward_test

import (
	"errors"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"pgregory.net/rapid"
)

func TestALocatorIsReadAsItIsWritten(t *testing.T) {
	span := rapid.Custom(func(t *rapid.T) homeward.Span {
		if rapid.Bool().Draw(t, "none") {
			return homeward.Span{}
		}
		from := rapid.IntRange(1, 100000).Draw(t, "from")
		return homeward.Span{From: from, To: from + rapid.IntRange(0, 100).Draw(t, "more")}
	})
	rapid.Check(t, func(t *rapid.T) {
		l := homeward.Locator{Page: span.Draw(t, "page"), Line: span.Draw(t, "line"), Row: span.Draw(t, "row")}
		if rapid.Bool().Draw(t, "timed") {
			from := time.Duration(rapid.IntRange(0, 90_000_000).Draw(t, "ms")) * time.Millisecond
			l.Time = homeward.TimeSpan{Set: true, From: from, To: from + time.Duration(rapid.IntRange(0, 5000).Draw(t, "more"))*time.Millisecond}
		}
		if rapid.Bool().Draw(t, "boxed") {
			n := rapid.IntRange(1, 5000)
			l.Box = homeward.Box{X: n.Draw(t, "x") - 1, Y: n.Draw(t, "y") - 1, Width: n.Draw(t, "width"), Height: n.Draw(t, "height")}
		}
		if got, err := homeward.ParseLocator(l.String()); err != nil || got != l {
			t.Fatalf("%q is read as %+v: %v", l, got, err)
		}
	})
}

func TestWhatIsNoPlaceIsNotRead(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Page  3": "page 3", "line 10-12 page 3": "page 3 line 10-12", "time 62.5-70": "time 0:01:02.500-0:01:10",
		"time 1:02:03": "time 1:02:03", "row 17": "row 17", "box 0,0,1,1": "box 0,0,1,1",
	} {
		if l, err := homeward.ParseLocator(in); err != nil || l.String() != want {
			t.Errorf("%q is %q: %v", in, l, err)
		}
	}
	for _, bad := range []string{
		"page", "page 0", "page 5-3", "page -1", "page 3 page 4", "page ٣", "third page", "time 1:60", "time 1:2:3:4", "time 5-4", "time .5",
		"time 1.", "box 1,2,3", "box 1,2,0,4", "box a,b,c,d", "row 9999999999999999999", "page 3-",
	} {
		if _, err := homeward.ParseLocator(bad); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%q is read: %v", bad, err)
		}
	}
}

func FuzzParseLocator(f *testing.F) {
	f.Add("page 3 line 10-12 time 0:01:02.500-0:01:10 box 10,20,300,400")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := homeward.ParseLocator(text)
		if err != nil {
			return
		}
		if again, err := homeward.ParseLocator(l.String()); err != nil || again != l {
			t.Fatalf("%q is read as %q, which is read otherwise", text, l)
		}
	})
}

func TestWhatSpeaksAgainstAClaimStandsFirst(t *testing.T) {
	list := []homeward.Citation{
		{ID: "1", Stance: homeward.StanceSupports}, {ID: "2", Stance: homeward.StanceExculpates},
		{ID: "3", Stance: homeward.StanceContradicts, Withdrawn: &homeward.Citation{}}, {ID: "4", Stance: homeward.StanceContradicts},
	}
	homeward.SortCitations(list)
	for i, want := range []homeward.CitationID{"4", "2", "1", "3"} {
		if list[i].ID != want {
			t.Errorf("place %d: %s, want %s", i, list[i].ID, want)
		}
	}
}
