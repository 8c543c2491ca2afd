package synth

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// roots of a population's surnames, commoner first: those of the demonstration, more trades, names and nature, and a long
// tail put together from sounds, as most surnames of a country are borne by few. Each ends in a hard consonant.
var (
	roots       = growRoots()
	rootsRu     = each(roots, russify)
	rootRanks   = ranks(len(roots), rootShift, 1)
	suffixRanks = weigh(suffixes)
)

// moreRoots are trades, given names, animals, plants, places and temper.
var moreRoots = strings.Fields(`
Ковал Мельнич Кравц Швец Бондарч Коляд Пономар Писар Паламар Дячк Попович Поліщ Подол Волин Гуцул Литвин Москал Козак Гетьман
Сотник Осавул Чумак Кушнір Лимар Стельмах Токар Столяр Маляр Муляр Різник Скляр Рибак Рибалк Пастух Чабан Вівчар Бджоляр Олійник
Сагайдач Скоропад Хмельн Вишн Лозин Калин Малин Тополин Вербиц Дубин Ясин Яворин Грабов Липов Соснов Берез Смерек Терн Барвін
Журавл Лелек Орл Сокол Яструб Горобц Синиц Соловей Чайк Голуб Ворон Галк Куріп Перепел Лебед Гусак Качур Півн Когут Зозул
Вовчин Лисиц Зайц Ведмед Борсук Тхор Куниц Бобр Видр Їжач Хом'яч Кабан Козл Баран Бик Коров Теляч Жереб Кобил Щук
Карас Окун Линч Сом Рак Жук Комар Мух Джмел Мураш Павуч Черв Зубр Тур Олен Лос Сарн
Біл Чорн Руд Сив Рижк Жовт Зелен Синь Кучеряв Лис Горбат Крив Глух Нім Сліп Товст Худ Висоц Низ Довг Кругл
Весел Сумн Тих Гучн Швидк Ледащ Мудр Дурн Хитр Добр Злот Срібл Мідн Залізн Кремін Каменяр Пісоч Глин Болот Озер Рікач Криниц
Степн Лугов Полян Гайов Лісов Бережн Горян Долин Яр Могил Городн Слобод Хутор Степаню Василь Григор Миколай Матвій Андрущ Андріє
Антон Аврам Адам Артем Богдан Борис Вітал Гарас Георг Гордій Давид Денис Дмитр Єврас Єгор Єрем Єфим Зінов Ігнат Ілля Іллін Іщ
Йосип Кас'ян Кіндрат Климент Кузьм Лавр Лазар Лук Макар Марк Матвій Мирон Михайл Мусі Наум Ничипор Овсі Олекс Омел Онопр Орест
Пантел Парфен Пархом Перехр Прох Рад Савел Свирид Северин Сергі Скиб Солом Спирид Стеф Терещ Титар Трофим Улян Федорч Харит Хар
Хоменк Цап Чуб Шаповал Шинкар Шкляр Шпак Штанг Щерб Юхим Юшк Яківч Ярем Ярош Яцен Яценюк Заболот Загор Задорож Замлин Запорож Заріч
Підгор Підліс Підгай Перебийніс Перехрест Непийпив Нестер Неділ Недбайл Нечай Рибч Рудч Руденч Савчин Сердюч Сирот Скрип Слюсар Смол
Снігур Сорок Стадн Старич Стороженк Сухомл Танас Тимч Тищ Ткачен Удов Усач Фрол Хвор Хижняч Цимбал Чепур Черепах Шев Шостач Шульг Щур Якуб`)

// sounds that roots of the tail are made of.
var (
	onsets = strings.Fields("Б В Г Д Ж З К Л М Н П Р С Т Х Ц Ч Ш Бр Гр Др Кр Тр Пр Хр Ст Сл Кл Гл Хл Шк Св Зв Мл")
	vowels = strings.Fields("а о у и е і")
	codas  = strings.Fields("б в г д ж з к л м н п р с т х ц ч ш рн рч льн нч ст лк рб йд")
)

// growRoots joins the roots, each once; those of the tail in a fixed order that follows neither sound nor alphabet.
func growRoots() []string {
	var tail []string
	for _, o := range onsets {
		for _, v := range vowels {
			for _, c := range codas {
				tail = append(tail, o+v+c)
			}
		}
	}
	order := rand.New(rand.NewPCG(1, 2))
	order.Shuffle(len(tail), func(a, b int) { tail[a], tail[b] = tail[b], tail[a] })
	var out []string
	seen := map[string]bool{}
	for _, root := range slices.Concat(stems, moreRoots, tail) {
		if !seen[root] && !strings.ContainsRune("аеиоуіїєюяьй", []rune(root)[len([]rune(root))-1]) {
			seen[root] = true
			out = append(out, root)
		}
	}
	return out
}

func each(list []string, change func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = change(s)
	}
	return out
}

// suffix makes a surname of a root, for a man and a woman, in Ukrainian and in Russian.
type suffix struct {
	weight                         float64
	ukMan, ukWoman, ruMan, ruWoman string
}

// suffixes of a population's surnames with their weight.
var suffixes = []suffix{
	{26, "енко", "енко", "енко", "енко"},
	{13, "ук", "ук", "ук", "ук"},
	{9, "чук", "чук", "чук", "чук"},
	{8, "ів", "ів", "ов", "ова"},
	{7, "ський", "ська", "ский", "ская"},
	{5, "ак", "ак", "ак", "ак"},
	{5, "ко", "ко", "ко", "ко"},
	{4, "инський", "инська", "инский", "инская"},
	{3, "овський", "овська", "овский", "овская"},
	{3, "ик", "ик", "ик", "ик"},
	{2, "ець", "ець", "ец", "ец"},
	{2, "ишин", "ишина", "ишин", "ишина"},
	{2, "ович", "ович", "ович", "ович"},
	{2, "ченко", "ченко", "ченко", "ченко"},
	{2, "ій", "ій", "ий", "ий"},
	{1.5, "ун", "ун", "ун", "ун"},
	{1.5, "ура", "ура", "ура", "ура"},
	{1, "евич", "евич", "евич", "евич"},
	{1, "айло", "айло", "айло", "айло"},
	{1, "ань", "ань", "ань", "ань"},
	{1, "ош", "ош", "ош", "ош"},
}

// weigh makes the cumulative shares of the suffixes.
func weigh(list []suffix) zipf {
	z, sum := make(zipf, len(list)), 0.0
	for _, s := range list {
		sum += s.weight
	}
	at := 0.0
	for i, s := range list {
		at += s.weight / sum
		z[i] = at
	}
	return z
}

// drawFamilyName draws a surname of a population: a root by its frequency, and a suffix by its weight.
func drawFamilyName(d dice) surname {
	at, s := rootRanks.draw(d), suffixes[suffixRanks.draw(d)]
	root, ru := roots[at], rootsRu[at]
	return surname{root + s.ukMan, root + s.ukWoman, ru + s.ruMan, ru + s.ruWoman}
}
