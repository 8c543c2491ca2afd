package linkage

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestPlacesAreThoseOfAMap lets records come, go and come again, and holds the table beside a map.
func TestPlacesAreThoseOfAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, entries, want := newPlaceTable(), []*entry(nil), map[string]int32{}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			id := fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "id"))
			if place, there := want[id]; there {
				entries[place].dead = true
				delete(want, id)
				continue
			}
			want[id] = int32(len(entries))
			entries = append(entries, &entry{id: id})
			table.put(entries, want[id])
		}
		for n := range 61 {
			place, there := want[fmt.Sprint(n)]
			if got, found := table.find(entries, fmt.Sprint(n)); got != place || found != there {
				t.Fatalf("record %d: %d %v, and %d %v in a map", n, got, found, place, there)
			}
		}
		if len(table.slots) > 16 && len(table.slots) > 8*61 {
			t.Fatalf("%d slots for %d records that live", len(table.slots), len(want))
		}
	})
}
