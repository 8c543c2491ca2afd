package synth

import "strings"

// surname is a family name in both languages, for a man and a woman.
type surname struct {
	ukMan, ukWoman, ruMan, ruWoman string
}

// stems of surnames: trades, given names and nature, each ending in a hard consonant. Commoner first.
var stems = strings.Fields(`
Шевч Бондар Кравч Ткач Гончар Марч Савч Іван Петр Семен Степан Роман Захар Федор Павл Тарас Назар Максим Гаврил
Данил Яким Остап Прокоп Сидор Демид Нечипор Панас Тимош Юрч Радч Левч Онищ Грищ Зінч Вовч Козач Харч Дорош
Мороз Карп Хом Черн Яров Вакул Гнат Лаврин Микит Опанас Потап Самсон Уст Філон Цибул Шульж Клим Кирил Леонт
Мартин Никон Пилип Родіон Стець Трох Хвед Явтух`)

// endings of surnames with their weight, man and woman, in Ukrainian and in Russian.
var endings = []struct {
	weight                         int
	ukMan, ukWoman, ruMan, ruWoman string
}{
	{40, "енко", "енко", "енко", "енко"},
	{24, "ук", "ук", "ук", "ук"},
	{12, "инський", "инська", "инский", "инская"},
	{10, "ів", "ів", "ов", "ова"},
	{8, "ак", "ак", "ак", "ак"},
	{6, "ишин", "ишина", "ишин", "ишина"},
}

// whole surnames, for letters and shapes that stems do not give.
var whole = strings.Fields(`
Мельник Коваль Ґалаґан Їжак Єрмак Щербань Соловей Голуб Кучер Гайда Заруба Перепелиця Явір Калина Дуб
Дем'яненко Лук'янчук В'юник Солов'юк Гринь Береза Журавель Чайка Сокіл Криниця Гребля Ясень Ющук`)

// drawSurname draws a surname; common ones are drawn far more often than rare ones.
func drawSurname(d dice) surname {
	if d.chance(0.08) {
		w := pick(d, whole)
		ru := russify(w)
		return surname{w, w, ru, ru}
	}
	stem := stems[min(d.IntN(len(stems)), d.IntN(len(stems)))]
	stemRu := russify(stem)
	at := d.IntN(100)
	for _, e := range endings {
		if at -= e.weight; at < 0 {
			return surname{stem + e.ukMan, stem + e.ukWoman, stemRu + e.ruMan, stemRu + e.ruWoman}
		}
	}
	panic("synth: the weights of the endings do not add up to 100")
}

// of returns the form for the sex, in both languages.
func (s surname) of(man bool) (uk, ru string) {
	if man {
		return s.ukMan, s.ruMan
	}
	return s.ukWoman, s.ruWoman
}

// russify writes a Ukrainian name with Russian letters, as a clerk does who hears it.
var russifier = strings.NewReplacer(
	"іє", "ие", "ії", "ии", "І", "И", "і", "и", "Ї", "И", "ї", "и", "Є", "Е", "є", "е", "Ґ", "Г", "ґ", "г", "'", "ь", "ьо", "ё",
)

func russify(uk string) string { return russifier.Replace(uk) }
