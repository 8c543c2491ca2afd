package desk

import (
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
)

type previewPage struct {
	frame
	Token     string
	Failure   string
	Tally     homeward.Tally
	Same      bool // this very file was taken in before
	Reasons   []quarantineReason
	Columns   []previewColumn
	Paths     []homeward.Path
	File      string
	Source    string
	Date      homeward.Date
	Format    string
	Encoding  string
	Delimiter string
	Size      int64
	Rows      []previewRow
}

type quarantineReason struct {
	Count int
	Why   string
}

type previewColumn struct {
	intake.Column
	Unknown bool // kept as text under its own heading
}

type previewRow struct {
	Line  int
	Why   string   // it would go to quarantine
	Cells []string // in the order of the columns
}

// taken returns the reader's upload of the address, or says that it is over.
func (v *visit) taken() (token string, u upload, ok bool) {
	token = v.r.PathValue("token")
	u, ok = v.d.uploads.take(v.user.ID, token)
	return token, u, ok
}

func (v *visit) previewGone() error {
	return v.showImportPage(http.StatusGone, importPage{Failure: v.l.T("import.gone")})
}

func (d *Desk) showPreview(v *visit) error {
	token, u, ok := v.taken()
	if !ok {
		return v.previewGone()
	}
	return v.showPreviewPage(http.StatusOK, token, u, "")
}

// showPreviewPage reads the whole file as an import would. A file that is refused leads back to the form, with why.
func (v *visit) showPreviewPage(status int, token string, u upload, failure string) error {
	seen, err := intake.Look(v.ctx(), v.d.DB, v.user.Actor(), u.input())
	if words, ok := v.message(err); ok {
		v.d.uploads.drop(token)
		return v.showImportPage(http.StatusUnprocessableEntity, importPage{Failure: words, Source: u.source, In: u.in, Date: u.edition.String()})
	}
	if err != nil {
		return err
	}
	if failure == "" {
		failure, _ = v.message(intake.Nameless(mappingOf(seen.Columns)))
	}
	p := &previewPage{
		Token: token, Failure: failure, Tally: seen.Tally, Same: seen.Already, File: u.name, Source: u.source, Date: u.edition,
		Format: known(v.l, "format."+seen.Format, seen.Format), Encoding: seen.Encoding, Size: int64(len(u.body)),
		Paths: intake.Paths(),
	}
	if seen.Delimiter != "" {
		p.Delimiter = known(v.l, "delimiter."+delimiterNames[seen.Delimiter], seen.Delimiter)
	}
	for _, why := range slices.Sorted(maps.Keys(seen.Reasons)) {
		p.Reasons = append(p.Reasons, quarantineReason{seen.Reasons[why], v.l.T(why)})
	}
	p.lay(v, seen)
	return v.show(status, "preview", p)
}

// mappingOf is what columns hold, as a mapping.
func mappingOf(columns []intake.Column) homeward.Mapping {
	m := homeward.Mapping{}
	for _, c := range columns {
		m[c.Heading] = c.Path
	}
	return m
}

var delimiterNames = map[string]string{",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

// lay puts the first rows under their columns.
func (p *previewPage) lay(v *visit, seen intake.Preview) {
	at := map[string]int{}
	for i, c := range seen.Columns {
		at[c.Heading] = i
		p.Columns = append(p.Columns, previewColumn{c, !slices.Contains(p.Paths, c.Path)})
	}
	for _, r := range seen.Rows {
		row := previewRow{Line: r.Line, Cells: make([]string, len(seen.Columns))}
		if r.Reason != "" {
			row.Why = v.l.T(r.Reason)
		}
		for _, c := range r.Cells {
			if i, ok := at[c.Heading]; ok {
				row.Cells[i] = c.Text
			}
		}
		p.Rows = append(p.Rows, row)
	}
}

// answerPreview reads again with other columns, or takes the file in.
func (d *Desk) answerPreview(v *visit) error {
	token, u, ok := v.taken()
	switch {
	case !ok:
		return v.previewGone()
	case v.r.PostFormValue("do") == "map":
		mapping, err := v.mapping()
		if err != nil {
			return err
		}
		u.mapping = mapping
		d.uploads.replace(token, u)
		return v.redirect("/import/" + token)
	}
	edition, err := d.read(v.user.Actor(), u)
	if errors.Is(err, errBusy) {
		return v.showPreviewPage(http.StatusServiceUnavailable, token, u, v.l.T("import.busy"))
	}
	if words, ok := v.message(err); ok {
		return v.showPreviewPage(http.StatusConflict, token, u, words)
	}
	if err != nil {
		return err
	}
	d.uploads.drop(token)
	return v.redirect("/editions/" + string(edition))
}

// mapping reads what each column was chosen to hold.
func (v *visit) mapping() (homeward.Mapping, error) {
	headings, paths := v.r.PostForm["heading"], v.r.PostForm["path"]
	if len(headings) != len(paths) {
		return nil, homeward.ErrInvalid
	}
	offered := intake.Paths()
	m := homeward.Mapping{}
	for i, h := range headings {
		p := homeward.Path(paths[i])
		if !slices.Contains(offered, p) {
			p = homeward.TextPath(h)
		}
		m[h] = p
	}
	return m, nil
}
