package lists

import (
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/homeward-registry/homeward/linkage"
)

// explainer says why pairs weigh what they do, on one goroutine. What it says of a level without values is kept: there are few
// levels and many pairs.
type explainer struct {
	l        *Linked
	weigher  linkage.Weigher
	words    map[string]string // by code
	patterns map[string]*pattern
	compared map[string]bool // names of comparisons: what a family shares is none
	text     []byte
}

// pattern is how a pair agrees: its levels.
type pattern struct {
	key                 string
	comparisons, levels []string
}

func (l *Linked) explainer() *explainer {
	e := &explainer{l: l, weigher: l.index.Weigher(l.Model), words: map[string]string{}, patterns: map[string]*pattern{}, compared: map[string]bool{}}
	for _, c := range l.Model.Comparisons {
		e.compared[c.Name] = true
	}
	return e
}

// reasons appends signals as words with their bits, as a cell.
func (e *explainer) reasons(to []byte, signals []linkage.Signal) []byte {
	e.text = e.text[:0]
	for i, s := range signals {
		if i > 0 {
			e.text = append(e.text, "; "...)
		}
		if len(s.Reason.Args) > 0 {
			e.text = append(e.text, s.Reason.String()...)
		} else {
			e.text = append(e.text, e.said(s)...)
		}
		if e.text = append(e.text, ' '); !math.Signbit(s.Weight) {
			e.text = append(e.text, '+')
		}
		e.text = strconv.AppendFloat(e.text, s.Weight, 'f', 1, 64)
	}
	return appendCell(to, e.text)
}

// said returns what a level says, without the values compared.
func (e *explainer) said(s linkage.Signal) string {
	known, met := e.words[s.Reason.Code]
	if !met {
		known = e.l.extras.words(s)
		e.words[s.Reason.Code] = known
	}
	return known
}

// pattern returns how a pair agrees, the same pattern for the same levels.
func (e *explainer) pattern(signals []linkage.Signal) *pattern {
	e.text = e.text[:0]
	for _, s := range signals {
		if e.compared[s.Comparison] {
			e.text = append(append(append(e.text, s.Comparison...), 0), s.Level...)
			e.text = append(e.text, 0)
		}
	}
	known, met := e.patterns[string(e.text)]
	if !met {
		known = &pattern{key: string(e.text)}
		for _, s := range signals {
			if e.compared[s.Comparison] {
				known.comparisons, known.levels = append(known.comparisons, s.Comparison), append(known.levels, s.Level)
			}
		}
		e.patterns[known.key] = known
	}
	return known
}

// appendCell appends a cell of CSV, in quotation marks where package encoding/csv would set them.
func appendCell[T string | []byte](to []byte, cell T) []byte {
	if !quoted(cell) {
		return append(to, cell...)
	}
	to = append(to, '"')
	for i := range len(cell) {
		if cell[i] == '"' {
			to = append(to, '"')
		}
		to = append(to, cell[i])
	}
	return append(to, '"')
}

func quoted[T string | []byte](cell T) bool {
	for i := range len(cell) {
		if b := cell[i]; b == ',' || b == '"' || b == '\n' || b == '\r' {
			return true
		}
	}
	start := string(cell[:min(len(cell), utf8.UTFMax)])
	first, _ := utf8.DecodeRuneInString(start)
	return unicode.IsSpace(first) || len(cell) == 2 && start == `\.`
}
