package registry

import (
	"slices"
	"testing"

	"github.com/homeward-registry/homeward"
)

// TestAJourneyTellsEachStopOnceAndWhereNobodySaysWhere reads a child of whom two records tell.
func TestAJourneyTellsEachStopOnceAndWhereNobodySaysWhere(t *testing.T) {
	said := func(kv ...string) (out []homeward.Claim) {
		for i := 0; i < len(kv); i += 2 {
			out = append(out, homeward.Claim{Path: homeward.Path(kv[i]), Value: kv[i+1]})
		}
		return out
	}
	records := []homeward.Record{
		{ID: "a", State: homeward.RecordAccepted, Claims: said("home.place", "Ізюм", "event.taken.place", "Ізюм", "event.transferred.note", "by bus", "event.renamed.note", "x")},
		{ID: "b", State: homeward.RecordAccepted, Claims: said("event.taken.place", "Ізюм", "event.mistreated.place", "Курськ")},
	}
	view := func() View {
		v := View{Records: records, Superseded: map[homeward.RecordID]homeward.RecordID{}}
		v.Facets, v.Timeline = facets(records, v.Superseded), timeline("p", records, v.Superseded)
		return v
	}
	names := func(v View) (out []string) {
		for _, s := range v.Journey() {
			out = append(out, string(s.Act)+" "+s.Place)
		}
		return out
	}
	if got, want := names(view()), []string{" Ізюм", "taken Ізюм", "transferred ", "mistreated Курськ"}; !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("%d stops, not %d, or others", len(got), len(want))
	}
	records[1].Withheld = homeward.ClassesOf(homeward.ClassLocation)
	if got := names(view()); slices.Contains(got, "transferred ") {
		t.Error("a place that may be withheld is said not to be named")
	}
	records = []homeward.Record{{ID: "a", State: homeward.RecordAccepted, Claims: said("event.taken.note", "x")}}
	if got := names(view()); len(got) != 0 {
		t.Error("there is a journey of no place")
	}
}

// TestAMomentIsToldByItsOwnClaims divides what tells of two events of one kind.
func TestAMomentIsToldByItsOwnClaims(t *testing.T) {
	first := homeward.Claim{Path: "event.placed.place", Value: "Курськ", Part: 1}
	second := homeward.Claim{Path: "event.placed.place", Value: "Твер", Part: 2}
	r := homeward.Record{ID: "a", State: homeward.RecordAccepted, Claims: []homeward.Claim{first, second}}
	for _, m := range timeline("p", []homeward.Record{r}, map[homeward.RecordID]homeward.RecordID{}) {
		if m.ToldBy(first) == m.ToldBy(second) || m.Only(r.Claims).Place != m.Place || m.Only(nil).Place != "" {
			t.Error("a moment is told by claims of another, or not by its own")
		}
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}
