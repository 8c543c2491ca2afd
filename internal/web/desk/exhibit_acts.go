package desk

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
)

// exhibitPath is the address of the exhibit that is asked about.
func (v *visit) exhibitPath() string { return "/exhibits/" + v.r.PathValue("exhibit") }

// readExhibit sends the bytes of an exhibit, as they were received, once its custody says who reads them and why. They are
// never shown: a browser is told to keep them in a file, to guess nothing of them and to run none of them.
func (d *Desk) readExhibit(v *visit) error {
	purpose, err := v.field("purpose")
	authority, err2 := v.field("authority")
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	if purpose == "" {
		return v.showExhibitPage(http.StatusUnprocessableEntity, exhibitProblem{"read", v.l.T("exhibit.wrong.purpose")})
	}
	line := homeward.Custody{Act: homeward.CustodyAccessed, Purpose: purpose, Authority: authority}
	e, bytes, err := d.DB.ReadExhibit(v.ctx(), v.user.Actor(), homeward.ExhibitID(v.r.PathValue("exhibit")), line)
	if err != nil {
		return err
	}
	defer bytes.Close()
	h := v.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(e)}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.FormatInt(e.Size, 10))
	return v.send(e, bytes)
}

// send copies bytes to the reader. Once they are under way a fault can only be told by ending before all of them are there,
// which a browser shows as a failed download.
func (v *visit) send(e homeward.Exhibit, bytes io.Reader) error {
	v.status = http.StatusOK
	to := &patient{w: v.w, control: http.NewResponseController(v.w)}
	if _, err := io.Copy(to, bytes); err != nil && v.ctx().Err() == nil {
		v.reference = reference()
		v.d.Logger.Error("exhibit not sent", "reference", v.reference, "exhibit", string(e.ID), "error", err)
	}
	return nil
}

// patience is how long a reader, or a writer, of an exhibit may stand still.
const patience = 2 * time.Minute

// patient writes for as long as the reader takes what is written.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}

// fileName is under which name an exhibit is kept by who downloads it: its own, without what does not print. A mark that
// turns the direction of writing makes a program look like a picture.
func fileName(e homeward.Exhibit) string {
	name := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, e.Intake.Name)
	if strings.Trim(name, "._ ") == "" {
		return string(e.ID)
	}
	return name
}

// showPicture sends a thumbnail, which is a picture that we made, to be shown on a page. Custody says so first.
func (d *Desk) showPicture(v *visit) error {
	id := homeward.ExhibitID(v.r.PathValue("exhibit"))
	err := v.view(func(tx *store.Tx) error {
		e, err := tx.Exhibit(id)
		if err == nil && e.Kind != homeward.ExhibitThumbnail {
			err = &homeward.Message{Key: "exhibit.wrong.picture", Kind: homeward.ErrConflict, Text: "only a thumbnail is shown"}
		}
		return err
	})
	if err != nil {
		return err
	}
	line := homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "shown on a page"}
	e, bytes, err := d.DB.ReadExhibit(v.ctx(), v.user.Actor(), id, line)
	if err != nil {
		return err
	}
	defer bytes.Close()
	v.w.Header().Set("Content-Type", evidence.ThumbnailType)
	v.w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return v.send(e, bytes)
}

// verifyExhibit reads an exhibit to the end and hashes it again.
func (d *Desk) verifyExhibit(v *visit) error {
	line, err := d.DB.VerifyExhibit(v.ctx(), v.user.Actor(), homeward.ExhibitID(v.r.PathValue("exhibit")), "asked for on the desk")
	if err != nil {
		return err
	}
	if line.Whole() {
		v.tell("notice.exhibit.whole", "")
	} else {
		v.tell("notice.exhibit.damaged", "")
	}
	return v.redirect(v.exhibitPath())
}

// keptActs are the lines of custody that are written by hand.
var keptActs = []homeward.CustodyAct{
	homeward.CustodyTransferred, homeward.CustodyExported, homeward.CustodySealed, homeward.CustodyHeld, homeward.CustodyReleased,
}

// keepExhibit writes a line of custody. The address says which action it is, the form which act.
func (d *Desk) keepExhibit(v *visit) error {
	line := homeward.Custody{Act: homeward.CustodyAct(v.r.PostFormValue("act"))}
	lifts := strings.HasSuffix(v.r.URL.Path, "/release")
	if !slices.Contains(keptActs, line.Act) || lifts != (line.Act == homeward.CustodyReleased) {
		return homeward.ErrInvalid
	}
	for name, into := range map[string]*string{"person": &line.Person, "purpose": &line.Purpose, "authority": &line.Authority} {
		text, err := v.field(name)
		if err != nil {
			return err
		}
		*into = text
	}
	err := v.update(func(tx *store.Tx) error {
		_, err := tx.PutCustody(homeward.ExhibitID(v.r.PathValue("exhibit")), line)
		return err
	})
	switch {
	case errors.Is(err, homeward.ErrInvalid):
		return v.showExhibitPage(http.StatusUnprocessableEntity, exhibitProblem{"custody", v.l.T("exhibit.wrong.custody")})
	case errors.Is(err, homeward.ErrConflict):
		return v.showExhibitPage(http.StatusConflict, exhibitProblem{"custody", v.l.T("exhibit.wrong.hold")})
	case err != nil:
		return err
	}
	v.tell("notice.exhibit.kept", "")
	return v.redirect(v.exhibitPath())
}

// cite keeps what a place in the exhibit says of a claim.
func (d *Desk) cite(v *visit) error {
	place, placeErr := homeward.ParseLocator(v.r.PostFormValue("locator"))
	nth, nthErr := strconv.Atoi(v.r.PostFormValue("claim"))
	quote, err := v.field("quote")
	if err != nil {
		return err
	}
	c := homeward.Citation{
		Exhibit: homeward.ExhibitID(v.r.PathValue("exhibit")), Stance: homeward.Stance(v.r.PostFormValue("stance")), Locator: place, Quote: quote,
		Grade: homeward.Grade{Reliability: v.r.PostFormValue("reliability"), Credibility: v.r.PostFormValue("credibility")},
	}
	err = v.update(func(tx *store.Tx) error {
		e, err := tx.Exhibit(c.Exhibit)
		if err != nil {
			return err
		}
		if placeErr != nil || nthErr != nil || e.Record == "" {
			return homeward.ErrInvalid
		}
		r, err := tx.Record(e.Record)
		if err != nil {
			return err
		}
		if nth < 0 || nth >= len(r.Claims) {
			return homeward.ErrInvalid
		}
		c.Record, c.Path, c.Value = r.ID, r.Claims[nth].Path, r.Claims[nth].Value
		_, err = tx.PutCitation(c)
		return err
	})
	if errors.Is(err, homeward.ErrInvalid) {
		return v.showExhibitPage(http.StatusUnprocessableEntity, exhibitProblem{"cite", v.l.T("exhibit.wrong.citation")})
	}
	if err != nil {
		return err
	}
	v.tell("notice.exhibit.cited", "")
	return v.redirect(v.exhibitPath() + "#cited")
}

// withdrawCitation takes a citation back. It stays, and says that it was.
func (d *Desk) withdrawCitation(v *visit) error {
	reason, err := v.field("reason")
	if err != nil {
		return err
	}
	id := homeward.ExhibitID(v.r.PathValue("exhibit"))
	err = v.update(func(tx *store.Tx) error {
		if _, err := tx.Exhibit(id); err != nil {
			return err
		}
		cited, err := tx.CitationsIn(id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(cited, func(c homeward.Citation) bool { return string(c.ID) == v.r.PostFormValue("citation") })
		if i < 0 || reason == "" {
			return homeward.ErrInvalid
		}
		_, err = tx.PutCitation(homeward.Citation{
			Exhibit: id, Record: cited[i].Record, Path: cited[i].Path, Stance: homeward.StanceWithdrawn, Withdraws: cited[i].ID, Reason: reason,
		})
		return err
	})
	if errors.Is(err, homeward.ErrInvalid) {
		return v.showExhibitPage(http.StatusUnprocessableEntity, exhibitProblem{"cited", v.l.T("exhibit.wrong.withdraw")})
	}
	if err != nil {
		return err
	}
	v.tell("notice.exhibit.withdrawn", "")
	return v.redirect(v.exhibitPath() + "#cited")
}

// picture makes a thumbnail of a photo and examines a web capture, where the machine gives a process to do it in. Where that
// fails they are kept all the same.
func (d *Desk) picture(v *visit, e homeward.Exhibit) {
	if e.Kind == homeward.ExhibitCapture {
		if err := d.examineCapture(v, e); err != nil {
			d.Logger.Error("no examination", "exhibit", string(e.ID), "error", err)
		}
		return
	}
	if e.Kind != homeward.ExhibitPhoto || d.Thumbnails.Program == "" {
		return
	}
	_, verdict, err := d.Thumbnails.Make(v.ctx(), d.DB, v.user.Actor(), e)
	if err != nil {
		d.Logger.Error("no thumbnail", "exhibit", string(e.ID), "error", err)
	} else if verdict != evidence.VerdictMade {
		d.Logger.Info("no thumbnail", "exhibit", string(e.ID), "verdict", string(verdict))
	}
}
