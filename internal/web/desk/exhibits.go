package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// exhibitRoutes is the part of the table of routes that evidence has.
func (d *Desk) exhibitRoutes(may func(homeward.Action, string, func(*visit) error) route) []route {
	return []route{
		may(homeward.ActionReadExhibit, "GET /exhibits", d.showExhibits),
		may(homeward.ActionAddExhibit, "GET /exhibits/new", d.showNewExhibit),
		may(homeward.ActionAddExhibit, "POST /exhibits/new", d.receiveExhibit),
		may(homeward.ActionCapture, "GET /captures/new", d.showNewCapture),
		may(homeward.ActionCapture, "POST /captures/new", d.newCapture),
		may(homeward.ActionCapture, "GET /captures/{token}", d.showCapturing),
		may(homeward.ActionReadExhibit, "GET /exhibits/{exhibit}", d.showExhibit),
		may(homeward.ActionReadExhibit, "POST /exhibits/{exhibit}/read", d.readExhibit),
		may(homeward.ActionReadExhibit, "GET /exhibits/{exhibit}/picture", d.showPicture),
		may(homeward.ActionReadExhibit, "GET /exhibits/{exhibit}/capture", d.showCaptured),
		may(homeward.ActionReadExhibit, "GET /exhibits/{exhibit}/difference", d.showDifference),
		may(homeward.ActionAddExhibit, "POST /exhibits/{exhibit}/examine", d.examine),
		may(homeward.ActionReadExhibit, "POST /exhibits/{exhibit}/verify", d.verifyExhibit),
		may(homeward.ActionKeepExhibit, "POST /exhibits/{exhibit}/custody", d.keepExhibit),
		may(homeward.ActionLiftHold, "POST /exhibits/{exhibit}/release", d.keepExhibit),
		may(homeward.ActionCite, "POST /exhibits/{exhibit}/cite", d.cite),
		may(homeward.ActionCite, "POST /exhibits/{exhibit}/withdraw", d.withdrawCitation),
	}
}

// exhibitsShown is how many exhibits a page lists.
const exhibitsShown = 25

type exhibitsPage struct {
	frame
	Kind       homeward.ExhibitKind // shown alone; empty: all
	Kinds      []homeward.ExhibitKind
	Rows       []homeward.Exhibit
	MayAdd     bool
	MayCapture bool
	Next       string // address of the next page
}

// showExhibits lists exhibits, the newest first.
func (d *Desk) showExhibits(v *visit) error {
	q := v.r.URL.Query()
	p := &exhibitsPage{
		Kind: homeward.ExhibitKind(q.Get("kind")), Kinds: slices.Concat(homeward.OriginalKinds, homeward.DerivedKinds), MayAdd: v.can(homeward.ActionAddExhibit), MayCapture: v.can(homeward.ActionCapture) && d.Capture != nil,
	}
	if !p.Kind.Known() {
		p.Kind = ""
	}
	err := v.view(func(tx *store.Tx) (err error) {
		p.Rows, err = tx.Exhibits(store.ExhibitFilter{Kind: p.Kind, Before: exhibitPlace(q.Get("before")), Limit: exhibitsShown + 1})
		return err
	})
	if err != nil {
		return err
	}
	if len(p.Rows) > exhibitsShown {
		p.Rows = p.Rows[:exhibitsShown]
		last := p.Rows[exhibitsShown-1]
		place := strconv.FormatInt(last.At.UnixMicro(), 10) + "_" + string(last.ID)
		p.Next = "/exhibits?" + url.Values{"kind": {string(p.Kind)}, "before": {place}}.Encode()
	}
	return v.show(http.StatusOK, "exhibits", p)
}

// exhibitPlace reads where a page begins; nil is the newest exhibit.
func exhibitPlace(text string) *homeward.Exhibit {
	at, id, ok := strings.Cut(text, "_")
	us, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return nil
	}
	return &homeward.Exhibit{ID: homeward.ExhibitID(id), At: time.UnixMicro(us).UTC()}
}
