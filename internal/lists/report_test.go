package lists

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
)

// hostile is a list whose cells and headings try to get out of the page.
const hostile = `id,given_name,surname,date_of_birth,"<script>alert(1)</script>"` + "\n" +
	`"<img src=""https://example.org/a.png"">",Martha,"Wain""wright<b>",1915-11-11,"url(https://example.org)"` + "\n" +
	`b,Marta,"Wain""wright<b>",1915-11-11,"<link href=""//example.org"">"` + "\n" +
	`c,Marta,Wainwrong,1915-11-12,` + "\n" + `d,,,,x` + "\n"

func reportOf(t *testing.T, o Options) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := link(t, o).Write(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, ReportFile))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestTheReportStandsAlone reads every element of reports as XML: each is closed, is one we drew, and leads nowhere.
func TestTheReportStandsAlone(t *testing.T) {
	drawn := strings.Fields("html head meta title style body main h1 h2 h3 p ul li div table thead tbody tr th td svg line rect text g circle article")
	for name, text := range map[string][]byte{
		"hostile":      reportOf(t, Options{Files: []File{{"<i>list</i>.csv", strings.NewReader(hostile)}}}),
		"scored":       reportOf(t, Options{Files: invented(t, 120), Truth: "true child"}),
		"one to one":   reportOf(t, Options{Files: invented(t, 60), Truth: "true child", OneToOne: true}),
		"one row":      reportOf(t, Options{Files: []File{file("name\nAnna\n")}}),
		"nothing said": reportOf(t, Options{Files: []File{file("name,tag\n,x\n,y\n")}}),
	} {
		elements := 0
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: not well-formed: %v", name, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			elements++
			if !slices.Contains(drawn, e.Name.Local) {
				t.Errorf("%s: an element <%s>", name, e.Name.Local)
			}
			for _, a := range e.Attr {
				if slices.Contains([]string{"src", "href", "srcset", "action", "style", "xmlns"}, a.Name.Local) || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "//") {
					t.Errorf("%s: <%s %s>", name, e.Name.Local, a.Name.Local)
				}
			}
		}
		if elements < 50 {
			t.Errorf("%s: %d elements", name, elements)
		}
		style, _, _ := strings.Cut(string(text), "</style>")
		for _, out := range []string{"@import", "url(", "://"} {
			if strings.Contains(style, out) {
				t.Errorf("%s: the style holds %s", name, out)
			}
		}
		if strings.Contains(string(text), "NaN") || strings.Contains(string(text), "Inf") {
			t.Errorf("%s: a number is none", name)
		}
	}
}

func TestTheReportTellsWhatWasFound(t *testing.T) {
	text := string(reportOf(t, Options{Files: invented(t, 120), Truth: "true child", AsOf: homeward.Exact(homeward.YMD(2025, 2, 22))}))
	for _, want := range []string{
		"What was linked", "Against the truth", "weights, m and u of name", "Patterns of agreement", "histogram from", "Rows that say too little",
		"How complete blocking was", "Calibration", "Pairs that most need a human eye", "together", "birth.date",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if n := strings.Count(text, "<article>"); n != closeShown {
		t.Errorf("%d pairs are shown whole, want %d", n, closeShown)
	}
}

func TestTheWaterfallEndsAtTheWeight(t *testing.T) {
	l := link(t, Options{Files: invented(t, 120), Truth: "true child"})
	e := l.explainer()
	for _, i := range l.tally().pairs {
		p := l.Pairs[i]
		signals := e.weigher.Signals(p)
		sum := 0.0
		for _, s := range signals {
			sum += s.Weight
		}
		if d := sum - p.Weight; d > 0.01 || d < -0.01 {
			t.Fatalf("signals add up to %.3f, the weight is %.3f", sum, p.Weight)
		}
		bars := l.extras.waterfall(signals, p.Weight).Bars
		for _, b := range bars {
			if b.X < reasonWidth || b.X+b.W > chartWidth-40 || b.W <= 0 {
				t.Fatalf("a bar from %.1f to %.1f leaves its place", b.X, b.X+b.W)
			}
		}
		if last := bars[len(bars)-1]; last.Value != p.Weight {
			t.Fatal("the last bar is not the weight")
		}
	}
}
