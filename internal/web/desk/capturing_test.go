package desk_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/capture"
	"github.com/homeward-registry/homeward/internal/i18n"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/homeward-registry/homeward/internal/webarchive"
	"github.com/homeward-registry/homeward/internal/webarchive/webarchivetest"
)

// asks is what the form of a capture is filled with.
func asks(address string) url.Values {
	return url.Values{"address": {address}, "compartment": {"main"}, "class": {"evidence"}, "purpose": {"the list as it stands"}}
}

// capturing begins a capture that does not end and returns the address of its page.
func (s *staged) capturing(r *reader) string {
	s.desk.Capture = func(ctx context.Context, _ string) (webarchive.Capture, error) {
		<-ctx.Done()
		return webarchive.Capture{}, ctx.Err()
	}
	return r.post("/captures/new", asks("https://list.example/діти")).at
}

// settled asks for the page of a capture until it is over.
func settled(t *testing.T, r *reader, at string) page {
	t.Helper()
	for range 600 {
		p := r.get(at)
		if !strings.Contains(p.text, "data-look-again") {
			return p
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("a capture does not end")
	return page{}
}

// TestACustodianCapturesAPageFromTheDesk asks for a capture, waits for its end, and reads it as an exhibit with custody and an
// examination; nobody else sees how far it is, and nothing of the address is in the log.
func TestACustodianCapturesAPageFromTheDesk(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		opened, goOn := make(chan string, 1), make(chan bool)
		slow := func(ctx context.Context, address string) (webarchive.Capture, error) {
			opened <- address
			<-goOn
			c := webarchivetest.Page([]byte(listed), picture(t))
			c.Browser = "a browser"
			return c, nil
		}
		w := open(t, db, 0, small, func(o *desk.Options) { o.Capture = slow })
		r, l := w.as(homeward.RoleEvidenceCustodian, "en"), i18n.For(i18n.English)
		r.get("/exhibits").want(t, http.StatusOK, l.T("exhibits.capture"))
		r.get("/captures/new").want(t, http.StatusOK, l.T("capturing.seen"))
		begun := r.post("/captures/new", asks("https://list.example/"))
		if address := <-opened; address != "https://list.example/" {
			t.Errorf("another address is asked for: %d bytes", len(address))
		}
		r.get(begun.at).want(t, http.StatusOK, l.T("capturing.step.opening"), "data-look-again")
		waiting := r.post("/captures/new", asks("https://list.example/2"))
		waiting.want(t, http.StatusOK, l.T("capturing.step.waiting"))
		w.as(homeward.RoleLegalOfficer, "en").get(begun.at).want(t, http.StatusOK, l.T("notice.capturing.gone"))
		w.as(homeward.RoleCaseworker, "en").get(begun.at).want(t, http.StatusForbidden)
		for range 2 {
			goOn <- true
			select {
			case <-opened:
			case <-time.After(10 * time.Millisecond):
			}
		}
		kept := settled(t, r, begun.at)
		kept.want(t, http.StatusOK, l.T("notice.capturing.kept"), l.T("capture.verdict.whole"), "list.example-20260301T093000Z.wacz", "a browser", "the list as it stands", l.T("method.captured"))
		at := regexp.MustCompile(`href="(/exhibits/[^"/]+)/capture"`).FindStringSubmatch(kept.text)[1]
		r.get(at+"/capture").want(t, http.StatusOK, "Вигаданенко Марко", `href="/captures/new?record=&request="`, l.T("capture.signed_ours"))
		settled(t, r, waiting.at).want(t, http.StatusOK, l.T("notice.capturing.kept"))
		w.view(func(tx *store.Tx) error {
			list, err := tx.Exhibits(store.ExhibitFilter{Kind: homeward.ExhibitCapture})
			if len(list) != 2 {
				t.Errorf("%d captures are kept", len(list))
			}
			return err
		})
		if log := w.log.String(); strings.Contains(log, "list.example") {
			t.Error("the log holds the address")
		}
	})
}

// TestACaptureThatFailsSaysWhyAndKeepsNothing has captures fail in every way, among them the one that the machine's own addresses do.
func TestACaptureThatFailsSaysWhyAndKeepsNothing(t *testing.T) {
	w := open(t, storetest.Open(t), 0, small)
	r, l := w.as(homeward.RoleLegalOfficer, "en"), i18n.For(i18n.English)
	r.get("/captures/new").want(t, http.StatusOK, l.T("capturing.off"))
	r.post("/captures/new", asks("https://list.example/")).want(t, http.StatusConflict, l.T("capturing.off"))
	fails := func(err error) desk.Capture {
		return func(context.Context, string) (webarchive.Capture, error) { return webarchive.Capture{}, err }
	}
	real := func(ctx context.Context, address string) (webarchive.Capture, error) {
		return capture.Page(ctx, address, capture.Options{})
	}
	for _, c := range []struct {
		address string
		by      desk.Capture
		says    string
	}{
		{"http://127.0.0.1:8080/", real, "capturing.wrong.refused"},
		{"http://[::1]/", real, "capturing.wrong.refused"},
		{"http://169.254.169.254/latest/meta-data", real, "capturing.wrong.refused"},
		{"https://list.example/", fails(capture.ErrNoBrowser), "capturing.wrong.browser"},
		{"https://list.example/", fails(capture.ErrRoot), "capturing.wrong.browser"},
		{"https://list.example/", fails(homeward.ErrUnavailable), "capturing.wrong.unreachable"},
		{"https://list.example/", fails(fmt.Errorf("list.example: something else")), "capturing.wrong.fault"},
		{"https://list.example/", func(context.Context, string) (webarchive.Capture, error) { panic("list.example") }, "capturing.wrong.fault"},
	} {
		w.desk.Capture = c.by
		settled(t, r, r.post("/captures/new", asks(c.address)).at).want(t, http.StatusOK, l.T(c.says))
	}
	for change, says := range map[string]string{"address=file:///etc/passwd": "capturing.wrong.address", "address=list": "capturing.wrong.address", "purpose=": "capturing.wrong.purpose", "class=identity-x": "newexhibit.wrong.class", "compartment=none": "newexhibit.wrong.class"} {
		form := asks("https://list.example/")
		name, value, _ := strings.Cut(change, "=")
		form.Set(name, value)
		r.post("/captures/new", form).want(t, http.StatusUnprocessableEntity, l.T(says))
	}
	w.view(func(tx *store.Tx) error {
		list, err := tx.Exhibits(store.ExhibitFilter{})
		if len(list) != 0 {
			t.Errorf("%d exhibits are kept", len(list))
		}
		return err
	})
}
