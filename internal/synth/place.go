package synth

import "strings"

// town is a settlement in Ukraine, with the oblast it belongs to and the code that transfer groups use.
type town struct {
	uk, ru, oblast, code string
}

// homes are towns under occupation or attack since 2022, larger ones more often (a town may be listed twice).
var homes = parseTowns(`
Маріуполь Мариуполь Донецька MAR
Маріуполь Мариуполь Донецька MAR
Херсон Херсон Херсонська KHE
Бердянськ Бердянск Запорізька BER
Мелітополь Мелитополь Запорізька MEL
Ізюм Изюм Харківська IZM
Куп'янськ Купянск Харківська KUP
Вовчанськ Волчанск Харківська VOV
Волноваха Волноваха Донецька VOL
Сєвєродонецьк Северодонецк Луганська SEV
Лисичанськ Лисичанск Луганська LYS
Рубіжне Рубежное Луганська RUB
Старобільськ Старобельск Луганська STB
Енергодар Энергодар Запорізька ENE
Токмак Токмак Запорізька TOK
Пологи Пологи Запорізька POL
Генічеськ Геническ Херсонська HEN
Скадовськ Скадовск Херсонська SKA
Олешки Олешки Херсонська OLE
Каховка Каховка Херсонська KAK
Лиман Лиман Донецька LYM
Бахмут Бахмут Донецька BAK
Авдіївка Авдеевка Донецька AVD
Сватове Сватово Луганська SVA
Кремінна Кременная Луганська KRE
Балаклія Балаклея Харківська BAL
`)

// onTheWay are towns in occupied territory, Crimea included, where children were transferred to.
var onTheWay = parseTowns(`
Донецьк Донецк Донецька DON
Луганськ Луганск Луганська LUH
Євпаторія Евпатория АР_Крим YEV
Сімферополь Симферополь АР_Крим SIM
Генічеськ Геническ Херсонська HEN
Бердянськ Бердянск Запорізька BER
`)

// abroad is a destination outside Ukraine: a region and a town of it.
type abroad struct{ region, town string }

var regions = parseAbroad(`
Ростовская_область Таганрог
Московская_область Подольск
Краснодарский_край Анапа
Воронежская_область Россошь
Белгородская_область Старый_Оскол
Саратовская_область Энгельс
Нижегородская_область Арзамас
Калужская_область Обнинск
Рязанская_область Касимов
Тульская_область Новомосковск
Мурманская_область Апатиты
Новосибирская_область Бердск
Тюменская_область Тобольск
Приморский_край Уссурийск
Астраханская_область Ахтубинск
Волгоградская_область Камышин
Республика_Татарстан Чистополь
Пермский_край Кунгур
`)

var belarus = parseAbroad(`
Минская_область Солигорск
Гомельская_область Мозырь
Витебская_область Новополоцк
`)

func parseTowns(table string) []town {
	var out []town
	for line := range strings.Lines(strings.TrimSpace(table)) {
		f := strings.Fields(line)
		out = append(out, town{spaced(f[0]), spaced(f[1]), spaced(f[2]), f[3]})
	}
	return out
}

// spaced restores the spaces that the tables write as low lines.
func spaced(s string) string { return strings.ReplaceAll(s, "_", " ") }

func parseAbroad(table string) []abroad {
	var out []abroad
	for line := range strings.Lines(strings.TrimSpace(table)) {
		region, place, _ := strings.Cut(strings.TrimSpace(line), " ")
		out = append(out, abroad{region: spaced(region), town: spaced(place)})
	}
	return out
}

// ukrainian writes the town as Ukrainians do: "м. Херсон, Херсонська обл.".
func (t town) ukrainian() string {
	if t.oblast == "АР Крим" {
		return "м. " + t.uk + ", " + t.oblast
	}
	return "м. " + t.uk + ", " + t.oblast + " обл."
}

func (t town) russian() string { return "г. " + t.ru }

// streets have names that hundreds of towns have.
var streets = strings.Fields(`
Зелена Садова Шкільна Лугова Степова Морська Вишнева Польова Набережна Соборна Молодіжна Миру Центральна Паркова
Сонячна Заводська Вокзальна Озерна`)
