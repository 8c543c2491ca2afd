//go:build measure

package places_test

import (
	"archive/zip"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/homeward-registry/homeward/places"
)

// These measures read public lists that are not in the repository: HOMEWARD_BENCH names the folder that has them.

func benchFile(t *testing.T, name string) string {
	dir := os.Getenv("HOMEWARD_BENCH")
	if dir == "" {
		t.Fatal("HOMEWARD_BENCH must name the folder of the public lists")
	}
	path := filepath.Join(dir, "places", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is not in HOMEWARD_BENCH", name)
	}
	return path
}

func katotth(t *testing.T) []places.Place {
	file, err := os.Open(benchFile(t, "katottg-2025-05-16.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	list, err := places.ReadKATOTTH(file)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func geonames(t *testing.T) []places.Place {
	archive, err := zip.OpenReader(benchFile(t, "geonames-cities15000.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	file, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	list, err := places.ReadGeoNames(file)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(list, func(p places.Place) bool { return !slices.Contains([]string{"UA", "RU", "BY"}, p.Country) })
}

// TestTablesAgreeWithTheCodifier holds every place of Ukraine in our tables against the official list: it is there, of that
// kind, in that raion and region; and every raion and city of the list is in our tables.
func TestTablesAgreeWithTheCodifier(t *testing.T) {
	ours, list := places.Ours(), katotth(t)
	all := ours.With(list)
	t.Logf("%d places and %d of the list make %d", ours.Len(), len(list), all.Len())
	codes := map[places.ID]places.Place{}
	for _, p := range list {
		codes[p.ID] = p
	}
	for _, p := range ours.All() {
		if q, _ := all.Place(p.ID); p.Country == "UA" && p.Kind.Settlement() && q.Hromada == "" && p.ID != p.Region && p.ID != "UA-40/balaklava" && p.Raion != "" {
			t.Errorf("%s (%s, %s) is not in the list as a %s of that raion", p.ID, p.Name.UK, p.Raion, p.Kind)
		}
	}
	for _, p := range all.All()[ours.Len():] {
		if p.Kind == places.KindCity || p.Kind == places.KindRaion || p.Kind == places.KindRegion {
			t.Errorf("%s %s of %s is not in our tables", p.Kind, p.Name.UK, p.Region)
		}
	}
}

// TestTablesAgreeOnWhereabouts holds our coordinates against those of GeoNames, and says which larger towns we lack.
func TestTablesAgreeOnWhereabouts(t *testing.T) {
	ours, list := places.Ours(), geonames(t)
	all := ours.With(list)
	type gap struct {
		p, q places.Place
		km   float64
	}
	var gaps []gap
	found := 0
	for _, p := range ours.All() {
		best := gap{km: 30} // farther ones are others of that name
		for _, q := range list {
			if km := p.At.Kilometres(q.At); p.Kind.Settlement() && p.Country == q.Country && km < best.km && named(ours, q, p.ID) {
				best = gap{p, q, km}
			}
		}
		if best.p.ID != "" {
			found++
			if best.km > 5 && best.p.ID != "UA-09/stanytsia-luhanska" { // listed at Luhansk's own point
				gaps = append(gaps, best)
			}
		}
	}
	slices.SortFunc(gaps, func(a, b gap) int { return cmp.Compare(b.km, a.km) })
	for _, g := range gaps {
		t.Errorf("%s stands %.0f km from where it is listed: %.2f %.2f", g.p.ID, g.km, g.q.At.Lat, g.q.At.Lon)
	}
	t.Logf("%d of our places are in the list, %d within 5 km", found, found-len(gaps))
	for _, p := range all.All()[ours.Len():] {
		t.Logf("%s %s (%s, %s) is not in our tables: %.2f %.2f in %s", p.Country, p.Name.EN, p.Name.UK, p.Name.RU, p.At.Lat, p.At.Lon, p.Region)
	}
}

func named(g *places.Gazetteer, q places.Place, id places.ID) bool {
	for _, name := range append([]string{q.Name.EN, q.Name.UK, q.Name.RU}, q.Also...) {
		for _, p := range g.Find(name) {
			if p.ID == id {
				return true
			}
		}
	}
	return false
}
