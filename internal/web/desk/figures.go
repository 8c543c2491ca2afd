package desk

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/statistics"
	"github.com/homeward-registry/homeward/internal/store"
)

type figuresPage struct {
	frame
	MayAdd  bool
	Failure string
	Groups  []figureGroup
}

// figureGroup is every figure of one category, by date: contradictions stand side by side.
type figureGroup struct {
	Category string
	Anchor   string
	Figures  []homeward.Figure
}

func (d *Desk) showFigures(v *visit) error { return v.showFiguresPage(http.StatusOK, "") }

func (v *visit) showFiguresPage(status int, failure string) error {
	p := &figuresPage{MayAdd: v.can(homeward.ActionAddFigure), Failure: failure}
	var all []homeward.Figure
	err := v.view(func(tx *store.Tx) (err error) {
		all, err = tx.Figures()
		return err
	})
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, f := range all {
		i, ok := at[f.Category]
		if !ok {
			i = len(p.Groups)
			at[f.Category] = i
			p.Groups = append(p.Groups, figureGroup{Category: f.Category, Anchor: strconv.Itoa(i)})
		}
		p.Groups[i].Figures = append(p.Groups[i].Figures, f)
	}
	return v.show(status, "figures", p)
}

func (d *Desk) addFigures(v *visit) error {
	f, err := v.readParts()
	if err != nil {
		return err
	}
	if !f.hasFile {
		return v.showFiguresPage(http.StatusUnprocessableEntity, v.l.T("import.nofile"))
	}
	_, _, err = statistics.ImportFigures(v.ctx(), d.DB, v.user.Actor(), bytes.NewReader(f.body))
	if words, ok := v.message(err); ok {
		return v.showFiguresPage(http.StatusUnprocessableEntity, words)
	}
	if err != nil {
		return err
	}
	v.tell("notice.figures", "")
	return v.redirect("/figures")
}
