package homeward_test

import (
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
)

func TestAnOriginIsTheLastOfTheChain(t *testing.T) {
	march := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	list := homeward.Repetitions{{Source: "a", Original: "b", From: march}, {Source: "b", Original: "c"}, {Source: "x", Original: "y"}, {Source: "y", Original: "x"}}
	for _, c := range []struct {
		source, want homeward.SourceID
		received     time.Time
	}{
		{"a", "a", march.Add(-time.Second)}, {"a", "c", march}, {"a", "c", march.Add(time.Hour)}, {"b", "c", march.Add(-time.Hour)}, {"c", "c", march}, {"other", "other", march},
	} {
		if got := list.Origin(c.source, c.received); got != c.want {
			t.Errorf("what %s said at %s is of %s, want %s", c.source, c.received, got, c.want)
		}
	}
	list.Origin("x", march) // comes to an end
	said := homeward.Repetitions{{Source: "a", Original: "b", At: march, EndedAt: march.Add(time.Hour)}}
	for after, want := range map[time.Duration]int{-time.Second: 0, 0: 1, time.Minute: 1, time.Hour: 0} {
		if got := len(said.StandingAt(march.Add(after))); got != want {
			t.Errorf("%s after it was said, %d stand", after, got)
		}
	}
}
