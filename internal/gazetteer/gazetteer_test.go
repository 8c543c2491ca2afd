package gazetteer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/gazetteer"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/places"
)

var ctx = context.Background()

// Two small lists in the shapes of the large ones, of invented villages.
const (
	codifier = "Перший рівень;Другий рівень;Третій рівень;Четвертий рівень;Додатковий рівень;Категорія об’єкта;Назва об’єкта\n" +
		"UA14000000000000001;;;;;O;Донецька\n" +
		"UA14000000000000001;UA14020000000000002;;;;P;Бахмутський\n" +
		"UA14000000000000001;UA14020000000000002;UA14020010000000003;;;H;Бахмутська\n" +
		"UA14000000000000001;UA14020000000000002;UA14020010000000003;UA14020010020000005;;C;Вигадане\n"
	geonames = "1\tBakhmut\tBakhmut\tБахмут\t48.59\t38.00\tP\tPPL\tUA\t\t05\t\t\t\t73000\t\t90\tEurope/Kiev\t2017-01-01\n" +
		"2\tVyhadane\tVyhadane\tВигадане\t48.70\t38.20\tP\tPPL\tUA\t\t05\t\t\t\t300\t\t90\tEurope/Kiev\t2017-01-01\n" +
		"3\tRivertown\tRivertown\t\t10.00\t10.00\tP\tPPL\tNG\t\t01\t\t\t\t300\t\t90\tAfrica/Lagos\t2017-01-01\n"
)

func zipped(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, content := range map[string]string{"readme.txt": strings.Repeat("words ", 10000), name: text} {
		w, err := z.Create(n)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestListsAreReadOnceAndJoined(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var keeper gazetteer.Keeper
		current := func() *places.Gazetteer {
			g, err := keeper.Current(ctx, db, homeward.Operator)
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		if current().Len() != places.Ours().Len() {
			t.Error("a register without lists has other places than ours")
		}
		for _, c := range []struct {
			file []byte
			want gazetteer.Report
		}{
			{[]byte(codifier), gazetteer.Report{Format: "katotth", Read: 4, New: 2, Added: true}},
			{[]byte(codifier), gazetteer.Report{Format: "katotth", Read: 4}},
			{zipped(t, "UA.txt", geonames), gazetteer.Report{Format: "geonames", Read: 2, Added: true}},
		} {
			got, err := gazetteer.Import(ctx, db, homeward.Operator, c.file)
			if err != nil || got != c.want {
				t.Errorf("import: %+v, %v; want %+v", got, err, c.want)
			}
		}
		found := current().Find("с. Вигадане")
		if len(found) != 1 || !found[0].At.Known() || found[0].Raion != "UA-14/bakhmutskyi-raion" {
			t.Errorf("the village of both lists is found as %+v", found)
		}
	})
}

func TestOnlyWhoMayImportImports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, err := gazetteer.Import(ctx, db, homeward.Actor{ID: "u", Role: homeward.RoleAuditor}, []byte(codifier))
		if !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("an auditor imports: %v", err)
		}
	})
}

func TestOtherFilesAreRefused(t *testing.T) {
	for name, file := range map[string][]byte{
		"empty": nil, "text": []byte("hello"), "zip": zipped(t, "a.pdf", "x"), "torn zip": []byte("PK\x03\x04..."),
		"another country": []byte(strings.SplitAfter(geonames, "\n")[2]),
	} {
		if _, _, err := gazetteer.Read(file); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
