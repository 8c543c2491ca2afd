package desk

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
)

type importPage struct {
	frame
	Failure string
	Source  string
	Sources []string
	In      homeward.CompartmentID // where a new source is made
	Rooms   []homeward.Compartment // more than one to choose from
	Date    string
	Limit   int64 // bytes
}

func (d *Desk) showImport(v *visit) error {
	p := importPage{Failure: ""}
	if id := homeward.SourceID(v.r.URL.Query().Get("source")); id != "" {
		err := v.view(func(tx *store.Tx) error {
			s, err := wholeSource(tx, id)
			p.Source, p.In = s.Name, s.Compartment
			return err
		})
		if err != nil {
			return err
		}
	}
	return v.showImportPage(http.StatusOK, p)
}

func (v *visit) showImportPage(status int, p importPage) error {
	p.Narrow, p.Limit, p.Sources = true, uploadLimit, nil
	err := v.view(func(tx *store.Tx) error {
		list, err := tx.Sources()
		for _, s := range list {
			p.Sources = append(p.Sources, s.Name)
		}
		if err == nil {
			p.Rooms, err = tx.Compartments()
		}
		return err
	})
	if err != nil {
		return err
	}
	i18n.Sort(v.l, p.Sources, func(s string) string { return s })
	i18n.Sort(v.l, p.Rooms[min(1, len(p.Rooms)):], func(c homeward.Compartment) string { return c.Name }) // after main
	p.Sources = slices.Compact(p.Sources)
	return v.show(status, "import", &p)
}

// receiveFile takes a file into memory, to be previewed. Nothing is kept yet.
func (d *Desk) receiveFile(v *visit) error {
	f, err := v.readParts()
	var tooLarge *http.MaxBytesError
	again := importPage{Source: f.text["source"], Date: f.text["date"], In: homeward.CompartmentID(f.text["compartment"])}
	if errors.As(err, &tooLarge) {
		again.Failure = v.l.T("import.toolarge")
		return v.showImportPage(http.StatusRequestEntityTooLarge, again)
	}
	if err != nil {
		return err
	}
	u := upload{body: f.body, name: f.name, source: strings.TrimSpace(f.text["source"]), in: again.In}
	if problem := u.complete(f); problem != "" {
		again.Failure = v.l.T(problem)
		return v.showImportPage(http.StatusUnprocessableEntity, again)
	}
	return v.redirect("/import/" + d.uploads.put(v.user.ID, u, len(u.body)))
}

// complete reads the date of the edition and returns the key of what is wrong with the form, if anything is.
func (u *upload) complete(f parts) (problem string) {
	switch {
	case !f.hasFile:
		return "import.nofile"
	case u.source == "":
		return "import.nosource"
	}
	if text := strings.TrimSpace(f.text["date"]); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return "import.baddate"
		}
		u.edition = homeward.Exact(homeward.DayOf(day))
	}
	return ""
}

// parts are the fields of a form with one file. The file never touches the disk.
type parts struct {
	text    map[string]string
	body    []byte
	name    string
	hasFile bool
}

// longestField bounds a field beside the file, in bytes.
const longestField = 4 << 10

func (v *visit) readParts() (parts, error) {
	out := parts{text: map[string]string{}}
	reader, err := v.r.MultipartReader()
	if err != nil {
		return out, homeward.ErrInvalid
	}
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return out, nil
		}
		if err == nil {
			err = out.take(part)
		}
		if err != nil {
			return out, formError(err)
		}
	}
}

func (p *parts) take(part *multipart.Part) (err error) {
	defer part.Close()
	if part.FormName() != "file" {
		text, err := io.ReadAll(io.LimitReader(part, longestField+1))
		if len(text) > longestField || !utf8.Valid(text) {
			return homeward.ErrInvalid
		}
		p.text[part.FormName()] = string(text)
		return err
	}
	p.name, p.hasFile = part.FileName(), part.FileName() != ""
	p.body, err = io.ReadAll(part)
	return err
}

// formError keeps what was sent out of the error; that it was too much stays known.
func formError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return tooLarge
	}
	return homeward.ErrInvalid
}

// failure returns why something was refused, in the reader's words; nothing when it was not.
func (v *visit) failure(err error) string {
	switch words, ok := v.message(err); {
	case err == nil:
		return ""
	case ok:
		return words
	case errors.Is(err, errBusy):
		return v.l.T("import.busy")
	}
	v.reference = reference()
	v.d.Logger.Error("import", "reference", v.reference, "error", err)
	return v.l.T("fault.failed") + ". " + v.l.T("fault.reference", "reference", v.reference)
}
