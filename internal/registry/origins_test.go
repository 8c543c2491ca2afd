package registry_test

import (
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/registry"
)

func TestOnlySourcesOfTheirOwnThatSayItStillCorroborate(t *testing.T) {
	say := func(record, source, replaced string) registry.Said {
		return registry.Said{Record: homeward.RecordID(record), Source: homeward.SourceID(source), SupersededBy: homeward.RecordID(replaced)}
	}
	for name, c := range map[string]struct {
		claims []registry.Said
		want   int
	}{
		"nobody":                 {nil, 0},
		"one source twice":       {[]registry.Said{say("1", "a", ""), say("2", "a", "")}, 1},
		"two sources":            {[]registry.Said{say("1", "a", ""), say("2", "b", "")}, 2},
		"one of them no longer":  {[]registry.Said{say("1", "a", ""), say("2", "b", "3")}, 1},
		"an edition after other": {[]registry.Said{say("1", "a", "2"), say("2", "a", "")}, 1},
	} {
		if got := (registry.Value{Claims: c.claims}).Origins(); got != c.want {
			t.Errorf("%s: %d origins, want %d", name, got, c.want)
		}
	}
}

// TestSexIsOneValueInAnyLanguage: three sources that write it differently say the same.
func TestSexIsOneValueInAnyLanguage(t *testing.T) {
	var records []homeward.Record
	for i, word := range []string{"ж", "F", "девочка", "unknown"} {
		id := string(rune('a' + i))
		records = append(records, homeward.Record{ID: homeward.RecordID(id), Source: homeward.SourceID(id), Claims: []homeward.Claim{{Path: homeward.PathSex, Value: word}}})
	}
	values := registry.Facets(records...)[0].Values
	if len(values) != 2 || values[0].Origins() != 3 {
		t.Errorf("%d values, the first said by %d sources; want 2, and 3", len(values), values[0].Origins())
	}
}
