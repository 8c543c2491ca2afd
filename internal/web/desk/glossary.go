package desk

import (
	"net/http"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// glossaryWords are the words that the pages use and the field understands, as GLOSSARY.md defines them; each is a key of the
// catalogs, "word." before it and ".means" behind.
var glossaryWords = []string{
	"assignment", "bid", "checkpoint", "claim", "compartment", "contradiction", "corroborated", "count", "decision", "definition",
	"deported", "edition", "event", "field_class", "figure", "glass", "grave_pair", "imposed", "known_time", "leaf", "lower_bound", "need_to_know", "opinion", "pair",
	"person", "precision", "probability", "quarantine", "record", "referral", "separated_child", "source", "transferred",
	"unaccompanied_child", "valid_time", "verification", "waterfall", "weight", "withheld",
}

// explaining are the routes to the pages that explain the others, and show nothing of the register.
func (d *Desk) explaining() []route {
	list := []route{{"GET /glossary", needsUser, "", d.showGlossary}, {"GET /design", needsUser, "", d.showDesign}}
	if d.Demo {
		list = append(list, route{"GET /tour", needsNobody, "", d.showTour})
	}
	return list
}

type glossaryPage struct {
	frame
	Words []definedWord
}

type definedWord struct{ Key, Word, Means string }

func (d *Desk) showGlossary(v *visit) error {
	p := &glossaryPage{}
	p.Narrow = true
	for _, w := range glossaryWords {
		p.Words = append(p.Words, definedWord{w, v.l.T("word." + w), v.l.T("word." + w + ".means")})
	}
	i18n.Sort(v.l, p.Words, func(w definedWord) string { return w.Word })
	return v.show(http.StatusOK, "glossary", p)
}
