package synth

import (
	"fmt"

	"github.com/homeward-registry/homeward"
)

// life is what happened to a child.
type life struct {
	days        [13]homeward.Day // by [homeward.EventType.Order]; 0 where it did not happen
	transferred town
	deported    abroad
	placed      abroad
	centre      int    // number of the institution
	group       string // children moved together
	now         named  // the name imposed, where the child was renamed
}

// named is a Russian name that replaced the child's.
type named struct {
	given, patronymic, surname string
}

// live draws what happened: one course for the family, and one of their own for the siblings who were parted.
func (f *Family) live(d dice) {
	shared := drawCourse(d, f.home)
	for _, c := range f.Children {
		c.life = shared
		if !d.chance(rateTogether) {
			c.life = drawCourse(d, f.home)
		}
		c.life.afterwards(d, c)
		c.life.close()
		c.voices = drawVoices(d, c)
	}
}

// step puts an event a number of days after another, where chance has it that it happened.
func (l *life) step(d dice, t, after homeward.EventType, rate float64, low, high int) bool {
	from := l.days[after.Order()]
	if from == 0 || !d.chance(rate) {
		return false
	}
	l.days[t.Order()] = from + homeward.Day(d.between(low, high))
	return true
}

// drawCourse draws what siblings usually share: separation, taking, transfer, deportation.
func drawCourse(d dice, home town) life {
	var l life
	l.days[homeward.EventSeparated.Order()] = FirstDay + homeward.Day(d.skewed(480))
	if !l.step(d, homeward.EventTaken, homeward.EventSeparated, rateTaken, 0, 40) {
		return l
	}
	taken := l.days[homeward.EventTaken.Order()].Time()
	l.group = fmt.Sprintf("%s-%s-%d", home.code, taken.Format("0601"), 1+taken.Day()/11)
	l.transferred = pick(d, onTheWay)
	from := homeward.EventTaken
	if l.step(d, homeward.EventTransferred, homeward.EventTaken, rateTransferred, 0, 25) {
		from = homeward.EventTransferred
	}
	if l.step(d, homeward.EventDeported, from, rateDeported, 1, 120) {
		l.deported = pick(d, regions)
		if d.chance(rateBelarus) {
			l.deported = pick(d, belarus)
		}
	}
	l.placed, l.centre = l.deported, d.between(1, 24)
	return l
}

// afterwards draws what happened to this child alone.
func (l *life) afterwards(d dice, c *Child) {
	l.step(d, homeward.EventPlaced, homeward.EventDeported, ratePlaced, 20, 260)
	if l.step(d, homeward.EventRenamed, homeward.EventPlaced, rateRenamed, 5, 200) {
		l.now = drawNewName(d, c)
	}
	l.step(d, homeward.EventCitizenshipImposed, homeward.EventDeported, rateCitizenship, 30, 380)
	if !l.step(d, homeward.EventContactLost, homeward.EventTaken, rateContactLost, 0, 60) {
		if l.days[homeward.EventTaken.Order()] == 0 {
			l.step(d, homeward.EventContactLost, homeward.EventSeparated, rateContactLost, 0, 30)
		}
	}
	l.step(d, homeward.EventMistreated, homeward.EventTaken, rateMistreated, 10, 320)
	l.step(d, homeward.EventLocated, homeward.EventTaken, rateLocated, 60, 600)
	if l.step(d, homeward.EventReturned, homeward.EventLocated, rateReturned, 20, 200) {
		l.leaveLast()
		l.step(d, homeward.EventReunified, homeward.EventReturned, rateReunified, 0, 60)
	}
}

// leaveLast moves the return behind everything that was done to the child before it.
func (l *life) leaveLast() {
	back := &l.days[homeward.EventReturned.Order()]
	for _, day := range l.days {
		*back = max(*back, day)
	}
}

// close brings every day inside the window, which keeps the order.
func (l *life) close() {
	for i, day := range l.days {
		l.days[i] = min(day, EditionDay-1)
	}
}

// drawNewName draws the name imposed: always another surname, sometimes another given name, always a patronymic.
func drawNewName(d dice, c *Child) named {
	names := girls
	if c.Boy {
		names = boys
	}
	n := named{given: c.name.ru, surname: pick(d, newSurnames)}
	if d.chance(rateAllRenamed) {
		n.given = pick(d, names).ru
	}
	if !c.Boy {
		n.surname += "а"
	}
	_, n.patronymic = pickCommon(d, boys).patronymic(c.Boy)
	return n
}
