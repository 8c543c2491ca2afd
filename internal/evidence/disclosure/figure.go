package disclosure

import (
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/homeward-registry/homeward/internal/drawing"
)

// Figure is a map: as a page shows it, with its table; and for paper, as lines, with rows that say the same.
type Figure struct {
	Page template.HTML
	Map  drawing.Map
	Rows []Line
}

// Colours of a map on paper: greys, so that a copier keeps them.
const landGrey, homeGrey, sunkGrey, inkGrey, wayGrey = 244, 255, 228, 38, 80

// drawn draws a map over the width of the page. There is none of what has no place.
func (p sheet) drawn(m drawing.Map) {
	if m.Width == 0 {
		return
	}
	unit := p.height(m) / m.Height
	p.keep(m.Height*unit + 4)
	c := canvas{sheet: p, unit: unit, left: 18, top: p.GetY() + 1}
	p.ClipRect(c.left, c.top, m.Width*unit, m.Height*unit, false)
	p.SetFillColor(sunkGrey, sunkGrey, sunkGrey)
	p.Rect(c.left, c.top, m.Width*unit, m.Height*unit, "F")
	c.shapes(m.Land, landGrey, 0.15)
	c.shapes(m.Home, homeGrey, 0.2)
	for _, w := range m.Ways {
		c.way(w)
	}
	for _, mark := range m.Marks {
		c.mark(mark)
	}
	c.scale(m)
	p.ClipEnd()
	p.SetDrawColor(faint, faint, faint)
	p.Rect(c.left, c.top, m.Width*unit, m.Height*unit, "D")
	p.SetTextColor(0, 0, 0)
	p.SetXY(18, c.top+m.Height*unit+2)
}

// height is how high a map is drawn, in millimetres: as wide as the page, but no higher than half of it.
func (p sheet) height(m drawing.Map) float64 {
	if m.Width == 0 {
		return 0
	}
	return min(p.width/m.Width*m.Height, 105)
}

// canvas is where on the sheet a map lies.
type canvas struct {
	sheet
	unit, left, top float64
}

func (c canvas) x(x float64) float64 { return c.left + x*c.unit }
func (c canvas) y(y float64) float64 { return c.top + y*c.unit }

func (c canvas) shapes(paths []string, grey int, line float64) {
	c.SetFillColor(grey, grey, grey)
	c.SetDrawColor(160, 160, 160)
	c.SetLineWidth(line)
	for _, d := range paths {
		c.path(d)
		c.DrawPath("FD")
	}
}

// path follows a path of M, L, Q and Z in absolute places, and returns the last two points of it.
func (c canvas) path(d string) (from, to [2]float64) {
	for d != "" {
		act := d[0]
		end := strings.IndexAny(d[1:], "MLQZ") + 1
		if end == 0 {
			end = len(d)
		}
		var n []float64
		for _, text := range strings.Fields(d[1:end]) {
			x, _ := strconv.ParseFloat(text, 64) // written by package drawing
			n = append(n, x)
		}
		d = d[end:]
		for i := range n {
			if i%2 == 0 {
				n[i] = c.x(n[i])
			} else {
				n[i] = c.y(n[i])
			}
		}
		switch {
		case act == 'M' && len(n) == 2:
			c.MoveTo(n[0], n[1])
			to = [2]float64{n[0], n[1]}
		case act == 'L' && len(n) == 2:
			c.LineTo(n[0], n[1])
			from, to = to, [2]float64{n[0], n[1]}
		case act == 'Q' && len(n) == 4:
			c.CurveTo(n[0], n[1], n[2], n[3])
			from, to = [2]float64{n[0], n[1]}, [2]float64{n[2], n[3]}
		case act == 'Z':
			c.ClosePath()
		}
	}
	return from, to
}

// way draws a way with an arrow at its end.
func (c canvas) way(w drawing.Way) {
	c.SetDrawColor(wayGrey, wayGrey, wayGrey)
	c.SetFillColor(wayGrey, wayGrey, wayGrey)
	c.SetLineWidth(0.6)
	if w.Gap {
		c.SetDashPattern([]float64{1.4, 1}, 0)
	}
	from, to := c.path(w.D)
	c.DrawPath("D")
	c.SetDashPattern(nil, 0)
	dx, dy := to[0]-from[0], to[1]-from[1]
	length := math.Hypot(dx, dy)
	if length == 0 {
		return
	}
	const long, wide = 2.6, 1.1
	dx, dy = dx/length, dy/length
	c.MoveTo(to[0]+dx*long*.6, to[1]+dy*long*.6)
	c.LineTo(to[0]-dx*long*.4-dy*wide, to[1]-dy*long*.4+dx*wide)
	c.LineTo(to[0]-dx*long*.4+dy*wide, to[1]-dy*long*.4-dx*wide)
	c.ClosePath()
	c.DrawPath("F")
}

// mark draws the numbers of a place on a ground of their own, open where the place is rough, with its name beside it.
func (c canvas) mark(m drawing.Mark) {
	high := 16 * c.unit
	c.SetLineWidth(0.3)
	c.SetDrawColor(inkGrey, inkGrey, inkGrey)
	c.SetFillColor(inkGrey, inkGrey, inkGrey)
	c.SetTextColor(255, 255, 255)
	if m.Rough {
		c.SetFillColor(255, 255, 255)
		c.SetTextColor(inkGrey, inkGrey, inkGrey)
		c.SetDashPattern([]float64{0.8, 0.6}, 0)
	}
	c.RoundedRect(c.x(m.X-m.Half), c.y(m.Y)-high/2, 2*m.Half*c.unit, high, high/2, "1234", "FD")
	c.SetDashPattern(nil, 0)
	c.SetFont(face, "B", 7.5)
	c.SetXY(c.x(m.X-m.Half), c.y(m.Y)-high/2)
	c.CellFormat(2*m.Half*c.unit, high, m.Numbers, "", 0, "C", false, 0, "")
	if m.Name == "" {
		return
	}
	c.SetFont(face, "", 8)
	c.SetTextColor(inkGrey, inkGrey, inkGrey)
	x := c.x(m.NameX)
	if m.NameEnds {
		x -= c.GetStringWidth(m.Name)
	}
	c.Text(x, c.y(m.NameY), printable(m.Name))
}

// scale draws how long a way is.
func (c canvas) scale(m drawing.Map) {
	x, y := c.x(8), c.y(m.Height-8)
	c.SetLineWidth(0.2)
	c.SetDrawColor(inkGrey, inkGrey, inkGrey)
	c.Line(x, y, x+m.ScaleLength*c.unit, y)
	c.SetFont(face, "", 6.5)
	c.SetTextColor(inkGrey, inkGrey, inkGrey)
	c.Text(x, y-1, printable(m.Scale))
}
