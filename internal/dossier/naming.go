package dossier

import (
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
)

// An id of 36 letters is nothing to say aloud in a court. In a dossier records and exhibits have short names, numbered through all
// of its children; the sections about sources and exhibits say which id each stands for.

// number gives every record and exhibit its number.
func (d *draft) number() {
	d.records, d.exhibits = map[homeward.RecordID]int{}, map[homeward.ExhibitID]int{}
	for _, c := range d.children {
		for _, r := range c.Records {
			if d.records[r.ID] == 0 {
				d.records[r.ID] = len(d.records) + 1
			}
		}
		for _, e := range c.exhibits {
			if d.exhibits[e.ID] == 0 {
				d.exhibits[e.ID] = len(d.exhibits) + 1
			}
		}
	}
}

func (d *draft) recordName(l *i18n.Localizer, id homeward.RecordID) string {
	if n := d.records[id]; n > 0 {
		return l.T("dossier.record", "n", n)
	}
	return string(id)
}

func (d *draft) exhibitName(l *i18n.Localizer, id homeward.ExhibitID) string {
	if n := d.exhibits[id]; n > 0 {
		return l.T("dossier.exhibit", "n", n)
	}
	return string(id)
}

// names are the children that the dossier is about.
func (d *draft) names(l *i18n.Localizer) (out []string) {
	for i, c := range d.children {
		if len(d.children) == 1 {
			return []string{title(l, c)}
		}
		out = append(out, d.called(l, i)+" · "+string(c.Person.ID))
	}
	return out
}
