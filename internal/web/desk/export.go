package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence/disclosure"
	"github.com/homeward-registry/homeward/internal/store"
)

// exportPage shows what a proof bundle about a child would hold and what it would withhold.
type exportPage struct {
	frame
	Order    disclosure.Order
	Problem  string
	Classes  []choice
	Claims   []choice
	Other    string // paths that are neither class nor claim, separated by commas
	Items    []disclosure.Item
	Shown    int
	Withheld map[homeward.Withholding]int
	Reasons  []homeward.Withholding
	Away     int // decisions left out: they compare the child with others
	Exhibits int
	Past     []pastExport
}

// choice is something that can be withheld.
type choice struct {
	Value, Label string
	Chosen       bool
}

// pastExport is a bundle that left before.
type pastExport struct {
	homeward.Export
	Who string
}

func (d *Desk) showExport(v *visit) error {
	return v.showExportPage(http.StatusOK, v.exportOrder(), "")
}

// receiveExport looks again with what was chosen, or makes the bundle.
func (d *Desk) receiveExport(v *visit) error {
	o := v.exportOrder()
	if v.r.PostFormValue("do") != "export" {
		return v.showExportPage(http.StatusOK, o, "")
	}
	out := &download{v: v, name: "homeward-bundle.zip"}
	_, err := disclosure.Export(v.ctx(), d.DB, v.user.Actor(), o, out)
	var m *homeward.Message
	switch {
	case out.begun && err != nil && v.ctx().Err() != nil:
		return nil // the reader has gone
	case errors.As(err, &m):
		return v.showExportPage(http.StatusUnprocessableEntity, o, v.l.Message(m))
	}
	return err
}

// exportOrder reads what was chosen; nothing is withheld by choice before anybody chose.
func (v *visit) exportOrder() disclosure.Order {
	o := disclosure.Order{
		Kind: homeward.ExportPerson, Subject: v.r.PathValue("person"), Purpose: v.r.PostFormValue("purpose"),
		Recipient: v.r.PostFormValue("recipient"), To: strings.TrimSpace(v.r.PostFormValue("to")),
	}
	for _, c := range v.r.PostForm["class"] {
		o.Withhold.Classes |= homeward.ClassesOf(homeward.FieldClass(c))
	}
	o.Withhold.Paths = slices.Clone(v.r.PostForm["claim"])
	for path := range strings.SplitSeq(v.r.PostFormValue("other"), ",") {
		if path = strings.TrimSpace(path); path != "" {
			o.Withhold.Paths = append(o.Withhold.Paths, path)
		}
	}
	return o
}

func (v *visit) showExportPage(status int, o disclosure.Order, problem string) error {
	s, err := disclosure.Preview(v.ctx(), v.d.DB, v.user.Actor(), o)
	if err != nil {
		return err
	}
	p := &exportPage{Order: o, Problem: problem, Other: v.r.PostFormValue("other"), Items: s.Told(v.l), Away: s.Elsewhere, Exhibits: len(s.Exhibits), Reasons: homeward.Withholdings}
	p.Order.Subject = s.Subject
	p.Shown, p.Withheld = s.Amounts()
	for _, c := range homeward.FieldClasses {
		p.Classes = append(p.Classes, choice{string(c), v.l.T("class." + string(c)), o.Withhold.Classes.Has(c)})
	}
	for _, c := range s.Claims() {
		p.Claims = append(p.Claims, choice{string(c), pathName(v.l, c), slices.Contains(v.r.PostForm["claim"], string(c))})
	}
	err = v.view(func(tx *store.Tx) error {
		names, err := userNames(tx)
		if err != nil {
			return err
		}
		list, err := tx.ExportsOf(s.Subject)
		p.Past = nil
		for _, e := range list {
			p.Past = append(p.Past, pastExport{e, v.whoever(e.By, names)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return v.show(status, "export", p)
}

// download sends a bundle: the first byte is written only when the ledger has the entry of it.
type download struct {
	v     *visit
	name  string
	begun bool
}

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		h := d.v.w.Header()
		h.Set("Content-Type", "application/zip")
		h.Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
		d.v.status = http.StatusOK
	}
	return d.v.w.Write(b)
}
