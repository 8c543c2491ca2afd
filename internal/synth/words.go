package synth

import (
	"fmt"
	"strings"
)

// words is one meaning in the three languages.
type words struct{ uk, ru, en string }

// Colours, commoner first. Grey and green eyes are where lists disagree most, so each has a neighbour.
var (
	eyes = []words{
		{"карі", "карие", "brown"}, {"сірі", "серые", "grey"}, {"блакитні", "голубые", "blue"},
		{"зелені", "зелёные", "green"}, {"сіро-блакитні", "серо-голубые", "grey-blue"}, {"темно-карі", "тёмно-карие", "dark brown"},
	}
	hairs = []words{
		{"русяве", "русые", "light brown"}, {"темно-русяве", "тёмно-русые", "dark brown"}, {"каштанове", "каштановые", "chestnut"},
		{"світле", "светлые", "fair"}, {"чорне", "чёрные", "black"}, {"руде", "рыжие", "red"},
	}
	marks = []words{
		{"родимка на лівій щоці", "родинка на левой щеке", "mole on the left cheek"},
		{"шрам над правою бровою", "шрам над правой бровью", "scar above the right eyebrow"},
		{"шрам на лівому коліні", "шрам на левом колене", "scar on the left knee"},
		{"родима пляма на шиї", "родимое пятно на шее", "birthmark on the neck"},
		{"носить окуляри", "носит очки", "wears glasses"},
		{"шрам від опіку на правій руці", "шрам от ожога на правой руке", "burn scar on the right arm"},
		{"щілина між передніми зубами", "щель между передними зубами", "gap between the front teeth"},
		{"родимка над губою", "родинка над губой", "mole above the lip"},
		{"ластовиння", "веснушки", "freckles"},
		{"слуховий апарат", "слуховой аппарат", "hearing aid"},
	}
	reportNotes = []string{
		"Останній дзвінок був коротким, обіцяли передзвонити.",
		"За словами сусідів, дітей посадили в автобус; список \"на оздоровлення\" не показали.",
		"Дитину вивезли із закладу, документи лишилися вдома.",
		"Родич бачив дитину у відео новин.",
		"Просимо зв'язуватися лише увечері,\nвдень телефон вимкнено.",
		"Потребує щоденних ліків.",
	}
	listingNotes = []string{
		"Спокойный, доброжелательный ребёнок.", "Любит рисовать; посещает кружок лепки.",
		"Активный, общительный, быстро привыкает к новым людям.", "Любит животных, помогает младшим.",
		"Хорошо учится, увлекается музыкой.", "Скучает, первое время держится в стороне.",
	}
	noteRemarks = []string{
		"Source: volunteer, one phone call.", "Seen in a video of a summer camp; not verified.",
		"Confirmed by a teacher, \"the whole class was moved\".", "Family abroad, call after six.",
		"Two lists disagree about the date.", "Photo kept by the coordinator.",
	}
	mistreatments = []string{
		"punished for speaking Ukrainian", "denied medical care", "isolated after asking to go home",
		"told that the family had given the child up", "made to attend military training", "beaten by staff",
	}
	// newSurnames are surnames given to children, man's form; a woman's adds а.
	newSurnames = strings.Fields(`Лебедев Орлов Соколов Белов Зайцев Воробьёв Никитин Громов Крылов Фролов Макаров Тихонов
		Комаров Журавлёв Голубев Виноградов Лаптев Суворов Ермаков Рябов Киселёв Кольцов Ларин Полунин`)
)

var (
	monthsUk = strings.Fields("січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня")
	monthsRu = strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
)

// drawPhone draws a number from a range that no Ukrainian operator has.
func drawPhone(d dice) string {
	return fmt.Sprintf("+380 00 %03d %02d %02d", d.IntN(1000), d.IntN(100), d.IntN(100))
}

// drawRelative draws the aunt or grandmother who asks for the children too.
func (f *Family) drawRelative(d dice) string {
	uk, _ := drawSurname(d).of(false)
	return uk + " " + pickCommon(d, girls).uk
}

// typo makes one mistake of typing: two letters change places, or one is missing or doubled.
func typo(d dice, text string) string {
	r := []rune(text)
	if len(r) < 4 {
		return text
	}
	i := d.between(1, len(r)-2)
	switch d.IntN(3) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r = append(r[:i], r[i+1:]...)
	default:
		r = append(r[:i+1], r[i:]...)
	}
	return string(r)
}
