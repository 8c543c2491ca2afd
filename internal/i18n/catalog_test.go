package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
)

// pluralForms are the plural forms of each language by Unicode CLDR.
var pluralForms = map[Lang][]string{
	Ukrainian: {"few", "many", "one", "other"},
	Russian:   {"few", "many", "one", "other"},
	English:   {"one", "other"},
}

// catalog reads a language's catalog as forms: "" for a text without plural.
func catalog(t *testing.T, l Lang) map[string]map[string]string {
	t.Helper()
	text, err := fs.ReadFile(folder(), catalogName(l))
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatalf("catalog %s: %v", l, err)
	}
	out := map[string]map[string]string{}
	for key, value := range raw {
		var one string
		if json.Unmarshal(value, &one) == nil {
			out[key] = map[string]string{"": one}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			t.Fatalf("catalog %s: key %s: %v", l, key, err)
		}
		out[key] = forms
	}
	return out
}

func TestEveryKeyExistsInEveryLanguage(t *testing.T) {
	want := slices.Sorted(maps.Keys(catalog(t, Ukrainian)))
	for _, l := range Languages {
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(catalog(t, l)))); diff != "" {
			t.Errorf("%s has other keys than uk (-uk +%s):\n%s", l, l, diff)
		}
	}
}

func TestEveryCountedTextHasEveryPluralFormOfItsLanguage(t *testing.T) {
	english := catalog(t, English)
	for _, l := range Languages {
		for key, forms := range catalog(t, l) {
			got := slices.Sorted(maps.Keys(forms))
			want, listed := pluralForms[l]
			if !listed { // a language of one more file: every number has to find its form, below
				want = got
			}
			if _, plain := english[key][""]; plain {
				want = []string{""}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: key %s has the forms %q, want %q", l, key, got, want)
			}
		}
	}
}

// TestEveryNumberFindsItsForm counts with every counted text, in languages whose forms are not listed above as well.
func TestEveryNumberFindsItsForm(t *testing.T) {
	for _, l := range Languages {
		speaks := For(l)
		for key, forms := range catalog(t, l) {
			for n := 0; n < 1200 && forms[""] == ""; n += 1 + n/25*9 {
				if got := speaks.N(key, n); got == "["+key+"]" {
					t.Errorf("%s: key %s has no form for %d", l, key, n)
				}
			}
		}
	}
}

// TestALanguageIsOneMoreFile puts a fourth catalog beside the three.
func TestALanguageIsOneMoreFile(t *testing.T) {
	more := fstest.MapFS{"active.fa.json": {Data: []byte(`{"queue.title": "\u0635\u0641"}`)}, "README.md": {}}
	for _, l := range Languages {
		text, err := fs.ReadFile(folder(), catalogName(l))
		if err != nil {
			t.Fatal(err)
		}
		more[catalogName(l)] = &fstest.MapFile{Data: text}
	}
	c, err := Load(more)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Lang{Ukrainian, English, Russian, "fa"}, c.Languages()); diff != "" {
		t.Error(diff)
	}
	if got := c.Match("", "fa-IR, en;q=0.5"); got != "fa" || got.Dir() != "rtl" || got.Script() != "Arab" {
		t.Errorf("matched %s, %s, %s", got, got.Dir(), got.Script())
	}
	if got := c.For("fa").T("queue.title"); got != "صف" {
		t.Errorf("got %q", got)
	}
	if Ukrainian.Dir() != "ltr" || Lang("he").Dir() != "rtl" || Lang("uz-Arab").Dir() != "rtl" {
		t.Error("a direction is wrong")
	}
	delete(more, catalogName(Ukrainian))
	if _, err := Load(more); err == nil {
		t.Error("catalogs without Ukrainian were loaded")
	}
}

var placeholder = regexp.MustCompile(`{{\.\w+}}`)

func TestTranslationsHoldTheSamePlaceholders(t *testing.T) {
	holders := func(forms map[string]string) []string {
		set := map[string]bool{}
		for _, text := range forms {
			for _, p := range placeholder.FindAllString(text, -1) {
				set[p] = true
			}
		}
		return slices.Sorted(maps.Keys(set))
	}
	want := catalog(t, Ukrainian)
	for _, l := range Languages {
		for key, forms := range catalog(t, l) {
			if diff := cmp.Diff(holders(want[key]), holders(forms)); diff != "" {
				t.Errorf("%s: key %s: placeholders differ from uk: %s", l, key, diff)
			}
		}
	}
}

func TestNoTextIsEmptyOrBrokenOrInTheWrongScript(t *testing.T) {
	cyrillic := regexp.MustCompile(`\p{Cyrillic}`)
	for _, l := range Languages {
		for key, forms := range catalog(t, l) {
			for form, text := range forms {
				rest := placeholder.ReplaceAllString(text, "")
				if text == "" || strings.Contains(rest, "{{") || strings.Contains(rest, "}}") || strings.TrimSpace(text) != text {
					t.Errorf("%s: key %s %s is empty or broken", l, key, form)
				}
				if l == English && cyrillic.MatchString(rest) {
					t.Errorf("en: key %s %s holds Cyrillic letters", key, form)
				}
				if l == Ukrainian && regexp.MustCompile(`[ыэъё]`).MatchString(rest) {
					t.Errorf("uk: key %s %s holds letters that Ukrainian has not", key, form)
				}
				if l == Russian && regexp.MustCompile(`[іїєґ]`).MatchString(rest) {
					t.Errorf("ru: key %s %s holds letters that Russian has not", key, form)
				}
			}
		}
	}
}

func TestPluralsFollowEachLanguage(t *testing.T) {
	words := map[Lang]map[int]string{
		Ukrainian: {0: "дітей", 1: "дитина", 2: "дитини", 5: "дітей", 11: "дітей", 21: "дитина", 22: "дитини", 112: "дітей"},
		Russian:   {0: "детей", 1: "ребёнок", 2: "ребёнка", 5: "детей", 11: "детей", 21: "ребёнок", 22: "ребёнка", 112: "детей"},
		English:   {0: "children", 1: "child", 2: "children", 21: "children"},
	}
	for l, cases := range words {
		for n, want := range cases {
			if got := For(l).N("glance.persons", n); got != want {
				t.Errorf("%s %d: got %q, want %q", l, n, got, want)
			}
		}
	}
}

func TestFamiliesOfKeysCoverTheVocabulary(t *testing.T) {
	var want []string
	for _, r := range append(slices.Clone(homeward.Roles), homeward.RoleSystem, homeward.RoleOperator) {
		want = append(want, "role."+string(r), "role."+string(r)+".does")
	}
	for _, e := range homeward.EventTypes {
		want = append(want, "event."+string(e))
	}
	for _, s := range []homeward.PairState{homeward.PairProposed, homeward.PairInReview, homeward.PairSame, homeward.PairDifferent, homeward.PairUnsure} {
		want = append(want, "pair.state."+string(s), "queue.none."+string(s))
	}
	for _, j := range []homeward.Judgement{homeward.Same, homeward.Different, homeward.Unsure} {
		want = append(want, "judge."+string(j), "notice.decided."+string(j))
	}
	for _, b := range []homeward.Basis{homeward.BasisReview, homeward.BasisVerifiedDocument} {
		want = append(want, "basis."+string(b))
	}
	for _, law := range homeward.Laws {
		want = append(want, "law."+string(law))
	}
	for _, s := range homeward.Standards {
		want = append(want, "standard."+string(s))
	}
	for _, f := range homeward.Findings {
		want = append(want, "finding."+string(f))
	}
	for _, a := range homeward.Applications {
		want = append(want, "application."+string(a))
	}
	for _, k := range homeward.ExportKinds {
		want = append(want, "export.kind."+string(k))
	}
	for letter := 'a'; letter <= 's'; letter++ {
		want = append(want, "card."+string(letter))
	}
	for i := 1; i <= 12; i++ {
		want = append(want, "month."+strconv.Itoa(i), "month.of."+strconv.Itoa(i))
	}
	for _, key := range want {
		if !Has(key) {
			t.Errorf("the catalogs lack %s", key)
		}
	}
}

func TestLanguageIsMatchedToTheReader(t *testing.T) {
	for _, c := range []struct {
		chosen, accept string
		want           Lang
	}{
		{"", "", Ukrainian},
		{"", "uk-UA,ru;q=0.5", Ukrainian},
		{"", "ru-RU,uk;q=0.9", Russian},
		{"", "en-GB", English},
		{"", "ja", Ukrainian},
		{"", "not a language;;;", Ukrainian},
		{"en", "uk", English},
		{"xx", "ru", Russian},
	} {
		if got := Match(c.chosen, c.accept); got != c.want {
			t.Errorf("Match(%q, %q) = %s, want %s", c.chosen, c.accept, got, c.want)
		}
	}
}

func TestListsAreSortedAsADictionarySortsThem(t *testing.T) {
	list := []string{"Ївга", "Зоя", "Ґалаґан", "Іван", "Гнат", "Єва", "Дмитро"}
	Sort(For(Ukrainian), list, func(s string) string { return s })
	if diff := cmp.Diff([]string{"Гнат", "Ґалаґан", "Дмитро", "Єва", "Зоя", "Іван", "Ївга"}, list); diff != "" {
		t.Error(diff)
	}
}

func TestMessageOfAnUnknownKeyKeepsItsEnglishText(t *testing.T) {
	m := &homeward.Message{Key: "no.such.key", Text: "the file is empty"}
	if got := For(Ukrainian).Message(m); got != m.Text {
		t.Errorf("got %q", got)
	}
	if got := For(English).T("no.such.key"); got != "[no.such.key]" {
		t.Errorf("got %q", got)
	}
}

func ExampleLocalizer_N() {
	for _, l := range Languages {
		fmt.Println(For(l).N("search.found", 22))
	}
	// Output:
	// Знайдено 22 записи
	// 22 records found
	// Найдено 22 записи
}
