package disclosure

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// sheet is a report being written for paper: A4, one column, in the Go fonts, which have Cyrillic and a free licence. The
// page of the same name says the same to who reads by ear: this one carries no structure.
type sheet struct {
	*fpdf.Fpdf
	width float64
}

const (
	face              = "go"
	body, small, high = 10.0, 7.5, 5.0 // points, points, millimetres of a line
	labels            = 55.0           // millimetres
	soft, faint       = 96, 216        // greys: of small words, of lines between rows
	allPages          = "{n}"          // stands for how many there are
)

// paper writes the report as PDF. The same report gives the same bytes.
func (r report) paper(now time.Time) ([]byte, error) {
	p := newSheet(r.Title, r.Title, now)
	p.heading(16, r.Title)
	p.words(r.T("export.report.lead"))
	p.rows(r.About)
	for _, part := range []struct {
		title string
		list  []string
	}{{r.T("export.report.proves"), r.Proves}, {r.T("export.report.not"), r.Not}, {r.T("export.report.check"), []string{r.T("export.report.check.how"), r.Digest}}} {
		p.heading(13, part.title)
		for _, text := range part.list {
			p.words("– " + text)
		}
	}
	p.heading(13, r.T("export.report.items"))
	for _, it := range r.Items {
		p.heading(10.5, it.Number+" · "+it.Title)
		p.rows(it.Said)
		p.rows(it.Withheld)
	}
	if len(r.Originals) > 0 {
		p.heading(13, r.T("export.report.originals"))
		p.words(r.T("export.report.originals.how"))
		for _, o := range r.Originals {
			p.words(strings.TrimSpace(o.Path+" "+o.Label) + "\nSHA-256 " + o.Value)
		}
	}
	p.heading(13, r.T("export.report.people"))
	p.words(r.T("export.report.people.how"))
	p.rows(r.People)
	p.heading(13, r.T("export.report.build"))
	p.words(r.T("export.report.build.how") + "\n" + r.Build)
	var out bytes.Buffer
	if err := p.Output(&out); err != nil {
		return nil, fmt.Errorf("write report for paper: %w", err)
	}
	return out.Bytes(), nil
}

// newSheet begins a document; foot stands under every page, so that a loose one tells where it belongs.
func newSheet(title, foot string, now time.Time) sheet {
	p := sheet{Fpdf: fpdf.New("P", "mm", "A4", "")}
	p.SetCreationDate(now.UTC())
	p.SetModificationDate(now.UTC())
	p.SetCatalogSort(true)
	p.AddUTF8FontFromBytes(face, "", goregular.TTF)
	p.AddUTF8FontFromBytes(face, "B", gobold.TTF)
	p.SetTitle(title, true)
	p.SetMargins(18, 18, 18)
	p.SetAutoPageBreak(true, 20)
	p.SetFooterFunc(func() {
		p.SetY(-14)
		p.SetFont(face, "", small)
		p.SetTextColor(soft, soft, soft)
		p.CellFormat(150, high, printable(foot), "", 0, "L", false, 0, "")
		p.CellFormat(0, high, fmt.Sprintf("%d / %s", p.PageNo(), allPages), "", 0, "R", false, 0, "")
		p.SetTextColor(0, 0, 0)
	})
	p.AliasNbPages(allPages)
	p.AddPage()
	w, _ := p.GetPageSize()
	p.width = w - 36
	return p
}

func (p sheet) heading(size float64, text string) {
	p.keep(40)
	p.Ln(3)
	p.SetFont(face, "B", size)
	p.MultiCell(0, size*0.5, printable(text), "", "L", false)
	p.Ln(1)
}

// keep begins a new page unless so many millimetres of this one are left.
func (p sheet) keep(height float64) {
	if _, page := p.GetPageSize(); p.GetY() > page-20-height {
		p.AddPage()
	}
}

func (p sheet) words(text string) {
	p.SetFont(face, "", body)
	p.MultiCell(0, high, printable(text), "", "L", false)
}

// rows writes lines in two columns, what is said beside of what, with a fine line over each.
func (p sheet) rows(lines []Line) {
	for _, l := range lines {
		p.keep(30)
		p.SetDrawColor(faint, faint, faint)
		p.Line(18, p.GetY()+0.4, 18+p.width, p.GetY()+0.4)
		p.SetY(p.GetY() + 1)
		top, number := p.GetY(), p.PageNo()
		p.SetFont(face, "B", small+1)
		p.MultiCell(labels-3, high-0.5, printable(l.Label), "", "L", false)
		low, lowPage := p.GetY(), p.PageNo()
		p.SetPage(number)
		p.said(l, top)
		if lowPage > p.PageNo() || lowPage == p.PageNo() && low > p.GetY() {
			p.SetPage(lowPage)
			p.SetY(low)
		}
		p.SetX(18)
	}
	p.Ln(1)
}

// said writes what a line says and the notes to it, in the right column. Whatever breaks a page goes on in that column.
func (p sheet) said(l Line, top float64) {
	p.SetLeftMargin(18 + labels)
	p.SetXY(18+labels, top)
	p.SetFont(face, "", body)
	p.MultiCell(p.width-labels, high, printable(l.Value), "", "L", false)
	p.SetFont(face, "", small+0.5)
	p.SetTextColor(soft, soft, soft)
	for _, note := range l.Notes {
		p.MultiCell(p.width-labels, high-1, printable(note), "", "L", false)
	}
	p.SetTextColor(0, 0, 0)
	p.SetLeftMargin(18)
}

// printable replaces what the fonts cannot hold: control characters, and characters beyond the basic plane.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\u02bc': // the apostrophe of Ukrainian, which these fonts have under its other number
			return '\u2019'
		case r < 0x20 || r == 0x7f:
			return ' '
		case r > 0xffff:
			return '\ufffd'
		}
		return r
	}, text)
}
