package desk

import (
	"html/template"
	"net/http"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/drawing"
)

// designPage shows every component of the pages in every state, to be looked at and held against axe. Its names are
// invented, and as long as names get.
type designPage struct {
	frame
	Long, Mirrored string // a name of sixty letters and more; one that runs from right to left
	States         []homeward.PairState
	Agreements     []agreement
	Events         []homeward.EventType
	Signals        []signalView
	Total          signalView
	Moments        []momentView
	Values         []valueView
	Judgements     []homeward.Judgement
	Joins          joins
	Bars           template.HTML
}

// The names of the page. Nobody bears them.
const (
	longName     = "Незабудькіна-Вишнивецька Олександра-Магдалина Всеволодівна-Ростиславівна"
	mirroredName = "نور بنت كريم الياسمين"
)

func (d *Desk) showDesign(v *visit) error {
	p := &designPage{
		Long: longName, Mirrored: mirroredName, States: pairStates, Judgements: judgements, Events: homeward.EventTypes,
		Agreements: []agreement{agreeSame, agreeNear, agreeDiffer}, Joins: joins{Before: []int{2, 1}, After: []int{3}},
	}
	p.showWeights(v)
	p.showMoments(v)
	p.Values = []valueView{
		{Text: longName, Lang: "uk", Reading: nameRead(v.l, longName, "uk"), Verified: true},
		{Text: "Незабудкина Александра", Lang: "ru", Imposed: true, Reading: nameRead(v.l, "Незабудкина Александра", "ru")},
		{Text: "Nezabudkina A.", Reading: nameRead(v.l, "Nezabudkina A.", "")},
		{Text: mirroredName, Lang: "ar"},
	}
	bars := drawing.Bars{ID: "design", Title: v.l.T("drawing.ages"), Of: v.l.T("drawing.age"), Floor: smallCell}
	for i, n := range []int{12, 3, 0, 31, 18} {
		bars.Amounts = append(bars.Amounts, drawing.Amount{Label: v.l.Number(int64(i)), Count: n})
	}
	p.Bars = bars.Draw(v.l)
	return v.show(http.StatusOK, "design", p)
}

// showWeights makes a waterfall of every kind of bar.
func (p *designPage) showWeights(v *visit) {
	total := 0.0
	for _, s := range []struct {
		comparison string
		weight     float64
	}{{"name", 9.4}, {"birth", -3.1}, {"home", 0}, {"siblings", 0.6}} {
		total += s.weight
		p.Signals = append(p.Signals, signalView{What: v.l.T("comparison." + s.comparison), Why: longName, Weight: s.weight, Bar: newBar(s.weight, 9.4)})
	}
	p.Total = signalView{Weight: total, Bar: newBar(total, 9.4)}
}

func (p *designPage) showMoments(v *visit) {
	day := homeward.YMD(2022, 4, 13)
	for i, e := range homeward.EventTypes {
		m := momentView{Type: e, When: v.l.Day(day + homeward.Day(40*i)), Place: longName, SaidBy: []string{longName, mirroredName}, Known: v.l.Day(day + 400), Harm: e == homeward.EventMistreated}
		if i == 0 {
			m.When = ""
		}
		p.Moments = append(p.Moments, m)
	}
}
