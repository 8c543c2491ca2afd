package names

import (
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// The examples are those of resolution 55 of 2010.
func TestRomaniseFollowsTheResolution(t *testing.T) {
	for cyrillic, latin := range map[string]string{
		"Алушта": "Alushta", "Борщагівка": "Borshchahivka", "Вінниця": "Vinnytsia", "Гадяч": "Hadiach", "Ґалаґан": "Galagan", "Єнакієве": "Yenakiieve",
		"Короп’є": "Koropie", "Згорани": "Zghorany", "Їжакевич": "Yizhakevych", "Кадиївка": "Kadyivka", "Йосипівка": "Yosypivka", "Стрий": "Stryi",
		"Щербухи": "Shcherbukhy", "Юрій": "Yurii", "Корюківка": "Koriukivka", "Яготин": "Yahotyn", "Знам’янка": "Znamianka", "Костянтин": "Kostiantyn",
		"Наталія Ющенко-Ґава": "Nataliia Yushchenko-Gava", "ЩЕРБАК ЮЛІЯ": "SHCHERBAK YULIIA", "": "", "Maria": "Maria",
	} {
		if got := Romanise(cyrillic, ""); got != latin {
			t.Errorf("%s: got %s, want %s", cyrillic, got, latin)
		}
	}
}

func TestRussianNamesAreRomanisedAsRussian(t *testing.T) {
	for _, c := range []struct{ text, lang, want string }{
		{"Игорь", "ru", "Igor"}, {"Хрущёв Николай", "", "Khrushchev Nikolai"}, {"Мария Сергеевна", "", "Mariia Sergeevna"}, {"Микола", "", "Mykola"},
	} {
		if got := Romanise(c.text, c.lang); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestCyrilliseSoundsLikeTheName(t *testing.T) {
	for latin, want := range map[string][2]string{
		"Shevchenko Taras": {"Шевченко Тарас", "Шевченко Тарас"}, "Yushchenko": {"Ющенко", "Ющенко"}, "Andriy": {"Андрій", "Андрий"},
		"Zghorany": {"Згорани", "Згораны"}, "KOVALCHUK": {"КОВАЛЧУК", "КОВАЛЧУК"}, "Nikolai": {"Ніколай", "Николай"}, "Mykhailo": {"Михайло", "Мыхайло"},
	} {
		if got := [2]string{Cyrillise(latin, "uk"), Cyrillise(latin, "ru")}; got != want {
			t.Errorf("%s: got %q, want %q", latin, got, want)
		}
	}
}

func TestARomanisedNameHasNoCyrillicLeft(t *testing.T) {
	letters := []rune("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэъёАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ '’-")
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOf(rapid.SampledFrom(letters)).Draw(t, "name"))
		for _, r := range Romanise(name, rapid.SampledFrom([]string{"", "uk", "ru"}).Draw(t, "lang")) {
			if unicode.Is(unicode.Cyrillic, r) {
				t.Fatalf("%U stayed", r)
			}
		}
	})
}
