package places_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/places"
)

// codifier is a list of the shape of KATOTTH; its village is invented.
const codifier = "\ufeffПерший рівень;Другий рівень;Третій рівень;Четвертий рівень;Додатковий рівень;Категорія об’єкта;Назва об’єкта\r\n" +
	"UA14000000000000001;;;;;O;Донецька\r\n" +
	"UA14000000000000001;UA14020000000000002;;;;P;Бахмутський\r\n" +
	"UA14000000000000001;UA14020000000000002;UA14020010000000003;;;H;Бахмутська \r\n" +
	"UA14000000000000001;UA14020000000000002;UA14020010000000003;UA14020010010000004;;M;Бахмут\r\n" +
	"UA14000000000000001;UA14020000000000002;UA14020010000000003;UA14020010020000005;;C;Вигадане\r\n"

func geoname(fields ...string) string {
	return fields[0] + "\t" + fields[1] + "\t" + fields[1] + "\t" + fields[2] + "\t" + fields[3] + "\t" + fields[4] +
		"\tP\tPPL\t" + fields[5] + "\t\t" + fields[6] + "\t\t\t\t" + fields[7] + "\t\t90\tEurope/Kiev\t2017-01-01\n"
}

func TestCodifierIsTakenIn(t *testing.T) {
	list, err := places.ReadKATOTTH(strings.NewReader(codifier))
	if err != nil {
		t.Fatal(err)
	}
	all := places.Ours().With(list)
	if n := all.Len() - places.Ours().Len(); n != 2 {
		t.Errorf("%d places are new, want a hromada and a village", n)
	}
	found := all.Find("с. Вигадане, Донецька обл.")
	if len(found) != 1 || found[0].Region != "UA-14" || found[0].Raion != "UA-14/bakhmutskyi-raion" || found[0].Kind != places.KindVillage {
		t.Fatalf("the village is found as %+v", found)
	}
	city, _ := all.Place("UA-14/bakhmut")
	if got := places.Relate(found[0], city); got != places.SameHromada {
		t.Errorf("the village is %s to its centre", got)
	}
	if at, exact := all.Whereabouts(found[0]); exact || at != city.At {
		t.Errorf("the village without coordinates stands at %v, exact %t; want the raion's centre", at, exact)
	}
}

func TestGeoNamesAreTakenIn(t *testing.T) {
	text := geoname("1", "Bakhmut", "Artemivsk,BXM,Бахмут", "48.59", "38.00", "UA", "05", "73000") +
		geoname("2", "Vyhadane", "Вигаданівка,Вигадановка,巴", "48.70", "38.20", "UA", "05", "300") +
		geoname("3", "Elsewhere", "", "10.00", "10.00", "NG", "01", "50000")
	list, err := places.ReadGeoNames(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	all := places.Ours().With(list)
	if n := all.Len() - places.Ours().Len(); n != 2 {
		t.Errorf("%d places are new, want 2", n)
	}
	found := all.Find("Вигадановка")
	if len(found) != 1 || found[0].Region != "UA-14" || found[0].Kind != places.KindVillage || !found[0].At.Known() {
		t.Errorf("the village is found as %+v", found)
	}
}

// TestNoListGivesUkraineAway reads places that a list calls Russian.
func TestNoListGivesUkraineAway(t *testing.T) {
	text := geoname("1", "Simferopol", "Симферополь", "44.95", "34.10", "RU", "91", "330000") +
		geoname("2", "Vyhadane", "Вигадане", "45.30", "34.30", "RU", "91", "300") +
		geoname("3", "Donetsk", "Донецк", "48.00", "37.80", "RU", "93", "900000") +
		geoname("4", "Millerovo", "Миллерово", "48.92", "40.40", "RU", "61", "35000")
	list, err := places.ReadGeoNames(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	all := places.Ours().With(list)
	if n := all.Len() - places.Ours().Len(); n != 1 {
		t.Errorf("%d places are new, want the village alone", n)
	}
	if found := all.Find("Вигадане"); len(found) != 1 || found[0].Country != "UA" || found[0].Region != "UA-43" {
		t.Errorf("the village is found as %+v", found)
	}
	if p, _ := all.Place("RU-ROS/millerovo"); p.Country != "RU" {
		t.Error("a town of Russia was taken from it")
	}
}

func TestTakingInTwiceChangesNothing(t *testing.T) {
	list, err := places.ReadKATOTTH(strings.NewReader(codifier))
	if err != nil {
		t.Fatal(err)
	}
	once := places.Ours().With(list)
	if twice := once.With(list); twice.Len() != once.Len() {
		t.Errorf("%d places after once, %d after twice", once.Len(), twice.Len())
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	for _, text := range []string{"", "a;b;c\n", "name,lat\nx,1\n", "\x00\xff"} {
		if _, err := places.ReadKATOTTH(strings.NewReader(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("as a codifier: %v", err)
		}
	}
	for _, text := range []string{"a;b;c\n", "a\tb\n", geoname("1", "X", "", "north", "1", "UA", "1", "0"), geoname("1", "X", "", "NaN", "1", "UA", "1", "0")} {
		if _, err := places.ReadGeoNames(strings.NewReader(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("as geonames: %v", err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(codifier)
	f.Add(geoname("1", "Bakhmut", "Artemivsk", "48.59", "38.00", "UA", "05", "73000"))
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = places.ReadKATOTTH(strings.NewReader(text))
		_, _ = places.ReadGeoNames(strings.NewReader(text))
		places.Find(text)
	})
}
