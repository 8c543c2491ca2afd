package drawing

import (
	"html/template"
	"unicode/utf8"

	"github.com/homeward-registry/homeward/internal/i18n"
)

// Family is a child among parents, brothers and sisters, as the sources say: parents stand left, children right.
type Family struct {
	Child    Kin
	Parents  []Kin
	Siblings []Kin
}

// Kin is one of a family. Words are in the reader's language, names as they were said.
type Kin struct {
	Name, Role string
	Note       string // who says so, when born
	Doubtful   bool   // the sources contradict each other about it
}

// kinBox is one of a family with its place.
type kinBox struct {
	Kin
	X, Y, NameY, RoleY float64
	Short              string // the name as far as there is room; the table has the whole
	Child              bool
	Tie                string // the line that leads to it
}

type familyPicture struct {
	Width, Height float64
	Boxes         []kinBox
}

const (
	kinWidth, kinHeight, kinGap = 200., 40., 8.
	kinBetween                  = 48. // the stretch in which the lines run
	kinLetters                  = 28  // of a name have room
)

// Draw returns the family with its table, or nothing when the child has no kin.
func (f Family) Draw(l *i18n.Localizer) template.HTML {
	if len(f.Parents)+len(f.Siblings) == 0 {
		return ""
	}
	young := append([]Kin{f.Child}, f.Siblings...)
	rows := float64(max(len(f.Parents), len(young)))
	p := familyPicture{Width: 2*kinWidth + kinBetween + 4, Height: rows*(kinHeight+kinGap) - kinGap + 4}
	for i, k := range f.Parents {
		b := newKinBox(k, 2, i, len(f.Parents), p.Height)
		b.Tie = stroke(b.X+kinWidth, b.middle(), "h", kinBetween/2)
		p.Boxes = append(p.Boxes, b)
	}
	for i, k := range young {
		b := newKinBox(k, 2+kinWidth+kinBetween, i, len(young), p.Height)
		b.Child, b.Tie = i == 0, stroke(b.X, b.middle(), "h", -kinBetween/2)
		p.Boxes = append(p.Boxes, b)
	}
	p.trunk()
	return figure(l, "family", p)
}

// trunk joins the lines of all boxes: it begins with the first's, and runs from the highest to the lowest.
func (p *familyPicture) trunk() {
	top, bottom := p.Height, 0.
	for _, b := range p.Boxes {
		top, bottom = min(top, b.middle()), max(bottom, b.middle())
	}
	p.Boxes[0].Tie += stroke(2+kinWidth+kinBetween/2, top, "v", bottom-top)
}

func stroke(x, y float64, way string, length float64) string {
	return "M" + number(x) + " " + number(y) + way + number(length)
}

// newKinBox puts the i-th of several into its column, which stands in the middle of the height.
func newKinBox(k Kin, x float64, i, of int, height float64) kinBox {
	used := float64(of)*(kinHeight+kinGap) - kinGap
	b := kinBox{Kin: k, X: x, Y: (height-used)/2 + float64(i)*(kinHeight+kinGap), Short: k.Name}
	b.RoleY, b.NameY = b.Y+15, b.Y+31
	if utf8.RuneCountInString(k.Name) > kinLetters {
		b.Short = string([]rune(k.Name)[:kinLetters-1]) + "…"
	}
	return b
}

func (b kinBox) middle() float64 { return b.Y + kinHeight/2 }
