package desk_test

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

//go:embed testdata/axe.min.js
var axe string

// axeSum is the SHA-256 of axe-core 4.14.1 as its authors published it.
const axeSum = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"

func TestAxeIsTheOnePublished(t *testing.T) {
	if sum := sha256.Sum256([]byte(axe)); hex.EncodeToString(sum[:]) != axeSum {
		t.Error("testdata/axe.min.js was altered")
	}
}

// browser starts chromium, or skips the test loudly where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		storetest.Require(t, "chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // chromium refuses its sandbox to root
	}
	all, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	b, closeBrowser := chromedp.NewContext(all)
	t.Cleanup(closeBrowser)
	if err := chromedp.Do(b); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return b
}

// tab is a tab of the browser, signed in as one reader.
type tab struct {
	*testing.T
	ctx    context.Context
	server string
}

// look is how a page is looked at.
type look struct {
	lang    string
	width   int64
	dark    bool
	scripts bool
	paper   bool              // as it is printed
	asks    map[string]string // other media features: "forced-colors": "active"
}

// tab opens a tab with the cookies of a reader.
func (w *world) tab(t *testing.T, b context.Context, r *reader, l look) *tab {
	t.Helper()
	c, closeTab := chromedp.NewContext(b, chromedp.WithNewBrowserContext()) // its cookies are its own
	t.Cleanup(closeTab)
	x := &tab{T: t, ctx: c, server: w.server.URL}
	x.must(chromedp.Do(c))
	x.enter(r)
	x.see(l)
	return x
}

// next is the tab in the hands of another test and another reader: what the browser made ready for one page serves the next.
func (x *tab) next(t *testing.T, r *reader, l look) *tab {
	t.Helper()
	y := &tab{T: t, ctx: x.ctx, server: x.server}
	_, err := chromedp.Call(y.ctx, network.ClearBrowserCookies, cdp.Empty{})
	y.must(err)
	y.enter(r)
	y.see(l)
	return y
}

// enter takes over the cookies of a reader.
func (x *tab) enter(r *reader) {
	x.Helper()
	if r == nil {
		return
	}
	home, err := url.Parse(x.server)
	x.must(err)
	for _, cookie := range r.client.Jar.Cookies(home) {
		_, err := chromedp.Call(x.ctx, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: x.server})
		x.must(err)
	}
}

func (x *tab) must(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// see changes how pages are looked at.
func (x *tab) see(l look) {
	x.Helper()
	_, err := chromedp.Call(x.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": l.lang}})
	x.must(err)
	height := int64(900)
	if l.width < 600 {
		height = 780
	}
	_, err = chromedp.Call(x.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: l.width, Height: height, DeviceScaleFactor: 1, Mobile: l.width < 600})
	x.must(err)
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if l.paper {
		media.Media = "print"
	}
	for name, value := range l.asks {
		media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	_, err = chromedp.Call(x.ctx, emulation.SetEmulatedMedia, media)
	x.must(err)
	x.scripts(l.scripts)
}

func (x *tab) scripts(on bool) {
	x.Helper()
	_, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	x.must(err)
}

func (x *tab) open(path string) {
	x.Helper()
	x.must(chromedp.Do(x.ctx, chromedp.Navigate(x.server+path)))
}

func evaluate[T any](x *tab, expression string) T {
	x.Helper()
	v, err := chromedp.Run(x.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	x.must(err)
	return v
}

// violation is what axe found, without the words of the page.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ Target []any }
}

// audit holds the page against WCAG 2.2 AA and the good practices axe knows. The page itself was loaded without script:
// script is allowed again only for axe.
func (x *tab) audit(name string) {
	x.Helper()
	x.scripts(true)
	_, err := chromedp.Call(x.ctx, runtime.Evaluate, runtime.EvaluateParams{Expression: axe})
	x.must(err)
	found := evaluate[string](x, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], iframes: false, elementRef: false}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({target: n.target}))}))))`)
	var list []violation
	x.must(json.Unmarshal([]byte(found), &list))
	for _, v := range list {
		where := []string{}
		for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
			where = append(where, fmt.Sprint(n.Target...))
		}
		x.Errorf("%s: %s (%s): %s, at %s", name, v.ID, v.Impact, v.Help, strings.Join(where, "; "))
	}
}

// fits fails when the page is wider than the screen.
func (x *tab) fits(name string, width int64) {
	x.Helper()
	if got := evaluate[int64](x, `document.scrollingElement.scrollWidth`); got > width {
		widest := evaluate[string](x, `[...document.querySelectorAll("body *")].filter(e => (e.getBoundingClientRect().right > `+fmt.Sprint(width+1)+` || e.getBoundingClientRect().left < -1) && !e.closest(".nav, .unseen")).map(e => e.tagName + "." + (e.getAttribute("class") ?? "")).slice(-3).join(" ")`)
		x.Errorf("%s: %d pixels wide on a screen of %d: %s", name, got, width, widest)
	}
}

// TestPagesPassAxe looks at every page in every language, loaded with scripts off: once wide, once as on a telephone,
// once in the dark.
func TestPagesPassAxe(t *testing.T) {
	b := browser(t)
	s := stage(t)
	for _, lang := range []string{"uk", "en", "ru"} {
		scenes := s.scenes(lang)
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			wide := look{lang: lang, width: 1280, dark: lang == "ru"}
			one := s.tab(t, b, nil, wide)
			for _, scene := range scenes {
				t.Run(scene.name, func(t *testing.T) {
					x := one.next(t, scene.reader, wide)
					x.open(scene.path)
					x.audit(scene.name)
					x.see(look{lang: lang, width: 360}) // the page is laid out anew, not loaded
					x.fits(scene.name, 360)
					if lang == "uk" {
						x.audit(scene.name + " narrow")
						pictured(t, scene.name)
					}
				})
			}
		})
	}
}

// TestAPairIsDecidedByKeysAlone works through a pair without touching the mouse.
func TestAPairIsDecidedByKeysAlone(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 20)
	r := w.as(homeward.RoleTracingOfficer, "en")
	pairs := w.pairs(homeward.PairProposed)
	light := w.light()
	pairs = pairs[slices.IndexFunc(pairs, func(p homeward.Pair) bool { return p.ID == light.ID }):]
	x := w.tab(t, b, r, look{lang: "en", width: 1280, scripts: true})
	first, second := "/pairs/"+string(pairs[0].ID), "/pairs/"+string(pairs[1].ID)
	x.open(first)
	x.key("j")
	x.arrives(second)
	x.key("k")
	x.arrives(first)
	x.key("s") // no reason yet: leads to it
	if at := evaluate[string](x, `document.activeElement.id`); at != "reason" {
		t.Fatalf("the key leads to %q", at)
	}
	x.must(chromedp.Do(x.ctx, chromedp.KeyEvent("the same scar")))
	x.must(chromedp.Do(x.ctx, chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))) // Ctrl+Enter
	x.arrives(second)
	if w.joined() != 1 {
		t.Error("no decision was taken")
	}
	// Switched off, the keys do nothing, and stay off on the next page.
	evaluate[any](x, `document.querySelector("[data-keys]").click(), null`)
	x.key("j")
	time.Sleep(200 * time.Millisecond)
	if at := evaluate[string](x, `location.pathname`); at != second {
		t.Errorf("a key that is off led to another page")
	}
}

func (x *tab) key(k string) {
	x.Helper()
	x.must(chromedp.Do(x.ctx, chromedp.KeyEvent(k)))
}

// arrives waits until the tab is at a path and the page has loaded.
func (x *tab) arrives(path string) {
	x.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		at, err := chromedp.Run(x.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? location.pathname : ""`))
		if err == nil && at == path {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	x.Fatal("the page did not come")
}

// picture takes a picture of the whole page, down to a sensible length.
func (x *tab) picture(width int64) []byte {
	x.Helper()
	return x.pictureTo(width, 2200)
}

func (x *tab) whole(width int64) []byte {
	x.Helper()
	return x.pictureTo(width, 1<<14)
}

func (x *tab) pictureTo(width, most int64) []byte {
	x.Helper()
	height := min(evaluate[int64](x, `document.documentElement.scrollHeight`), most)
	beyond := true
	shot, err := chromedp.Call(x.ctx, cdpage.CaptureScreenshot, cdpage.CaptureScreenshotParams{
		Format: cdpage.CaptureScreenshotFormatPng, CaptureBeyondViewport: &beyond,
		Clip: &cdpage.Viewport{Width: float64(width), Height: float64(height), Scale: 1},
	})
	x.must(err)
	return shot.Data
}

// TestAFormIsSentOnce sends a form twice from one page, as two clicks do, and again after coming back to it.
func TestAFormIsSentOnce(t *testing.T) {
	b := browser(t)
	w := open(t, storetest.Open(t), 0)
	x := w.tab(t, b, w.as(homeward.RoleTracingOfficer, "en"), look{lang: "en", width: 1280, scripts: true})
	x.open("/search")
	got := evaluate[string](x, `(() => {
		const send = () => document.querySelector("main form").dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}));
		const sent = [send(), send()];
		dispatchEvent(new PageTransitionEvent("pageshow"));
		return [...sent, send()].join();
	})()`)
	if got != "true,false,true" {
		t.Errorf("sent: %s", got)
	}
}
