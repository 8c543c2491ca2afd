package places_test

import (
	"testing"

	"github.com/homeward-registry/homeward/places"
	"pgregory.net/rapid"
)

// TestWordsFindTheirPlace holds what records say against the place they mean, the likeliest first.
func TestWordsFindTheirPlace(t *testing.T) {
	for text, want := range map[string]places.ID{
		"м. Маріуполь, Донецька обл.":       "UA-14/mariupol",
		"Донецкая область, город Мариуполь": "UA-14/mariupol",
		"Донецька обл. Маріуполь":           "UA-14/mariupol",
		"Mariupol, Donetsk": "UA-14/mariupol",
		"Donetsk, Mariupol": "UA-14/mariupol",
		"з Маріуполя":       "UA-14/mariupol",
		"г.Артемовск, ДНР":  "UA-14/bakhmut",
		"Artemivsk":         "UA-14/bakhmut",
		"Бахмут":            "UA-14/bakhmut",
		"Дніпродзержинськ":  "UA-12/kamianske",
		"Днепропетровск":    "UA-12/dnipro",
		"Комсомольск, Полтавская обл.":            "UA-53/horishni-plavni",
		"Комсомольск, Харьковская обл.":           "UA-63/slobozhanske",
		"Новомосковськ, Дніпропетровська область": "UA-12/samar",
		"Новомосковск, Тульская область":          "RU-TUL/novomoskovsk",
		"Червоноград": "UA-46/sheptytskyi",
		"Донецьк":     "UA-14/donetsk",
		"г. Донецк Ростовской области": "RU-ROS/donetsk",
		"Донецька область":             "UA-14",
		"Донецкая обл.":                "UA-14",
		"Kherson Oblast":               "UA-65",
		"Kherson":                      "UA-65/kherson",
		"Крым":                         "UA-43",
		"Республика Крым, г. Симферополь":             "UA-43/simferopol",
		"Севастополь":                                 "UA-40",
		"г. Киев":                                     "UA-30",
		"Київська обл., Ірпінь":                       "UA-32/irpin",
		"Краснодарский край":                          "RU-KDA",
		"лагерь у моря, Анапа, Краснодарский край":    "RU-KDA/anapa",
		"Республика Татарстан":                        "RU-TA",
		"Ростов-на-Дону":                              "RU-ROS/rostov-on-don",
		"Rostow na Donu":                              "RU-ROS/rostov-on-don",
		"Россия":                                      "RU",
		"Гомельская область, Мозырь":                  "BY-HO/mazyr",
		"Донецький р-н":                               "UA-14/donetskyi-raion",
		"Бердянський район Запорізької області":       "UA-23/berdianskyi-raion",
		"вул. Київська, 5, м. Херсон":                 "UA-65/kherson",
		"Сєвєродонецьк":                               "UA-09/siverskodonetsk",
		"m. Cherson":                                  "UA-65/kherson",
		"Миколаївка, Донецька обл.":                   "UA-14/mykolaivka",
		"Миколаїв":                                    "UA-48/mykolaiv",
		"смт Микільське":                              "UA-14/mykilske",
		"центральна лікарня, Токмак, Запорізька":      "UA-23/tokmak",
		"обл. Харківська, р-н Ізюмський, м. Балаклія": "UA-63/balakliia",
		"KHARKIV": "UA-63/kharkiv",
		"с. Соледар, Ростовская область": "RU-ROS",
		"Москва": "RU-MOW",
		"Московская область, Подольск": "RU-MOS/podolsk",
	} {
		found := places.Find(text)
		if len(found) == 0 || found[0].ID != want {
			var got []places.ID
			for _, p := range found {
				got = append(got, p.ID)
			}
			t.Errorf("%q finds %v, want %s first", text, got, want)
		}
	}
}

func TestAmbiguousNamesFindSeveral(t *testing.T) {
	for _, text := range []string{"Донецк", "Николаевка", "Первомайське", "Dzerzhinsk"} {
		if n := len(places.Find(text)); n < 2 {
			t.Errorf("%q finds %d places", text, n)
		}
	}
}

func TestOtherWordsFindNothing(t *testing.T) {
	for _, text := range []string{"", "школа", "дитячий будинок № 3", "невідомо", "детский дом", "boarding school", "з родичами", "вул. Донецька, 7", "не вказано", "лікарня"} {
		if found := places.Find(text); len(found) > 0 {
			t.Errorf("%q finds %s", text, found[0].ID)
		}
	}
}

// TestEveryNameFindsItsPlace asks for every place by every name it has or had.
func TestEveryNameFindsItsPlace(t *testing.T) {
	for _, p := range places.Ours().All() {
		for _, list := range [][]string{{p.Name.UK, p.Name.RU, p.Name.EN}, p.Old, p.Also} {
			for _, name := range list {
				if !finds(name, p) && !finds(name+" "+string(p.Kind), p) {
					t.Errorf("%s is not found by its name %q", p.ID, name)
				}
			}
		}
	}
}

func finds(text string, want places.Place) bool {
	for _, p := range places.Find(text) {
		if p.ID == want.ID || p.Within(want) || want.Within(p) {
			return true
		}
	}
	return false
}

func TestRelatingIsSymmetric(t *testing.T) {
	all := places.Ours().All()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SampledFrom(all).Draw(t, "a"), rapid.SampledFrom(all).Draw(t, "b")
		if x, y := places.Relate(a, b), places.Relate(b, a); x != y {
			t.Fatalf("%s and %s: %s one way, %s the other", a.ID, b.ID, x, y)
		}
		if l := places.Relate(a, a); l != places.Same {
			t.Fatalf("%s is %s to itself", a.ID, l)
		}
	})
}

func TestRelateSaysHowNear(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want places.Level
	}{
		{"Артемівськ", "Bakhmut", places.Same},
		{"Бахмут", "Соледар", places.SameRaion},
		{"Бахмут", "Маріуполь", places.SameRegion},
		{"Бахмут", "Херсон", places.SameCountry},
		{"Бахмут", "Анапа", places.Abroad},
		{"Бахмут", "Донецкая область", places.Contains},
		{"Бахмут", "дім", places.Unknown},
	} {
		if got := places.Ours().RelateText(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}
