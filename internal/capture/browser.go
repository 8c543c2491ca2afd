package capture

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// Options say how a page is captured.
type Options struct {
	Program   string        // chromium; empty: the first that is found
	Software  string        // this program, with its version, as the capture names it
	Long      time.Duration // how long a page may take; a minute and a half when not set
	NoSandbox bool          // chromium's own sandbox is off, which root alone needs
}

const (
	wide, high = 1280, 900
	highest    = 16_000 // pixels of a screenshot
	quiet      = 700 * time.Millisecond
	settle     = 10 * time.Second
)

// What is missing on this machine.
var (
	ErrNoBrowser = fmt.Errorf("capture: no chromium: %w", homeward.ErrUnavailable)
	ErrRoot      = fmt.Errorf("capture: chromium does not protect root from a page: %w", homeward.ErrDenied)
)

// Page captures a page: ErrDenied when it, or where it leads, is not of the open web; ErrUnavailable when
// nobody answers.
func Page(ctx context.Context, address string, o Options) (webarchive.Capture, error) {
	g, err := newGuard()
	if err != nil {
		return webarchive.Capture{}, err
	}
	return g.page(ctx, address, o)
}

// Ready tells beforehand what would stand in the way of every capture: [ErrNoBrowser], [ErrRoot].
func Ready(o Options) error {
	if _, err := program(o.Program); err != nil {
		return err
	}
	if os.Geteuid() == 0 && !o.NoSandbox {
		return ErrRoot
	}
	return nil
}

func (g *guard) page(ctx context.Context, address string, o Options) (webarchive.Capture, error) {
	c := webarchive.Capture{Asked: address, Software: o.Software, Start: time.Now()}
	u, err := g.check(address)
	if err != nil {
		return c, err
	}
	if o.Program, err = program(o.Program); err != nil {
		return c, err
	}
	if os.Geteuid() == 0 && !o.NoSandbox {
		return c, ErrRoot
	}
	way, err := newProxy(g)
	if err != nil {
		return c, fmt.Errorf("capture: start the proxy: %w", err)
	}
	defer way.Close()
	home, err := os.MkdirTemp("", "homeward-capture-")
	if err != nil {
		return c, fmt.Errorf("capture: make a home for chromium: %w", err)
	}
	defer os.RemoveAll(home) // after chromium has ended
	if o.Long == 0 {
		o.Long = 90 * time.Second
	}
	ctx, stop := context.WithTimeout(ctx, o.Long)
	defer stop()
	all, stopAll := chromedp.NewExecAllocator(ctx, append(flags(way.url(), home, o), g.flags...)...)
	defer stopAll()
	tab, closeTab := chromedp.NewContext(all)
	defer closeTab()
	err = g.gather(tab, u, &c)
	c.End = time.Now()
	g.mu.Lock()
	c.Refused = slices.Clone(g.refused)
	g.mu.Unlock()
	return c, err
}

// program finds chromium.
func program(named string) (string, error) {
	for _, name := range []string{named, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path, nil
		}
		if named != "" && name == named {
			break
		}
	}
	return "", ErrNoBrowser
}

// flags starts a browser that knows no way out but the proxy, keeps nothing and tells nobody. Its home is an empty folder: one that
// others may write to could hold certificates for it to trust.
func flags(way *url.URL, home string, o Options) []chromedp.ExecAllocatorOption {
	out := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(o.Program), chromedp.NoInheritEnv, chromedp.Env("PATH="+os.Getenv("PATH"), "LANG=C.UTF-8", "HOME="+home),
		chromedp.Flag("proxy-server", way.String()),
		chromedp.Flag("proxy-bypass-list", "<-loopback>"), // this machine's own names go through the proxy too, and are refused there
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE "+way.Hostname()),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("webrtc-ip-handling-policy", "disable_non_proxied_udp"),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("dns-prefetch-disable", true),
		chromedp.Flag("disable-site-isolation-trials", true), // frames of other sites are asked about as the page is
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,AsyncDns,IsolateOrigins,site-per-process,Prerender2,NetworkPrediction,AutofillServerCommunication,CertificateTransparencyComponentUpdater"),
		chromedp.Flag("disable-popup-blocking", false),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("mute-audio", true),
	)
	if o.NoSandbox {
		out = append(out, chromedp.NoSandbox)
	}
	return out
}

// gather opens the page and keeps what it brings.
func (g *guard) gather(tab context.Context, u *url.URL, c *webarchive.Capture) error {
	k := &keeper{guard: g, tab: tab, left: kept, turns: make(chan struct{}, atOnce)}
	if err := chromedp.Listen(tab, k.event); err != nil {
		return fmt.Errorf("capture: start chromium: %w", errors.Join(homeward.ErrUnavailable, tab.Err()))
	}
	if err := prepare(tab, c); err != nil {
		return fmt.Errorf("capture: prepare chromium: %w", homeward.ErrUnavailable)
	}
	end, _ := tab.Deadline() // of the whole capture
	half, stop := context.WithTimeout(tab, time.Until(end)/2)
	defer stop()
	opened := chromedp.Do(half, chromedp.Navigate(u.String()))
	if opened != nil && half.Err() != nil && tab.Err() == nil && k.unfinished() {
		opened = nil // one answer that never comes does not lose the others
	}
	k.wait(tab)
	c.Exchanges = k.exchanges()
	if opened != nil {
		if g.refusedSome() {
			return refusal("the page, or where it leads, is not of the open web")
		}
		return fmt.Errorf("capture: the page did not open: %w", homeward.ErrUnavailable)
	}
	return g.finish(tab, k, c)
}

// refusedSome reports whether something was refused, which is why a page that does not open did not.
func (g *guard) refusedSome() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.refused) > 0
}

func prepare(tab context.Context, c *webarchive.Capture) error {
	_, err := chromedp.Call(tab, network.Enable, network.EnableParams{})
	if err == nil {
		yes := true
		_, err = chromedp.Call(tab, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: yes})
	}
	if err == nil {
		_, err = chromedp.Call(tab, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{
			{URLPattern: "*", RequestStage: fetch.RequestStageRequest}, {URLPattern: "*", RequestStage: fetch.RequestStageResponse},
		}})
	}
	if err == nil {
		_, err = chromedp.Call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: wide, Height: high, DeviceScaleFactor: 1})
	}
	if err == nil {
		_, err = chromedp.CallBrowser(tab, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorDeny})
	}
	if err == nil {
		v, failed := chromedp.CallBrowser(tab, browser.GetVersion, cdp.Empty{})
		c.Browser, err = v.Product, failed
	}
	return err
}

// finish reads where the page is, what it is called, how it looks and what its hosts showed.
func (g *guard) finish(tab context.Context, k *keeper, c *webarchive.Capture) error {
	var err error
	if c.Final, err = chromedp.Run(tab, chromedp.Location()); err == nil {
		c.Title, err = chromedp.Run(tab, chromedp.Title())
	}
	if err != nil {
		return fmt.Errorf("capture: read the page: %w", homeward.ErrUnavailable)
	}
	c.Title = string(firstOf([]rune(c.Title), longTitle))
	c.Final, _, _ = strings.Cut(c.Final, "#")
	c.Final = k.final(c.Final)
	c.Notes = k.told()
	if len(c.Final) > longAddress {
		return refusal("the address that the page leads to is too long to be kept")
	}
	if _, err := g.check(c.Final); err != nil {
		return refusal("where the page leads is not of the open web")
	}
	if c.Screenshot, err = screenshot(tab); err != nil {
		c.Notes = append(c.Notes, "no screenshot")
	}
	seen := map[string]bool{}
	for _, x := range c.Exchanges {
		u, err := url.Parse(x.URL)
		if err != nil || u.Scheme != "https" || seen[u.Host] {
			continue
		}
		seen[u.Host] = true
		got, err := chromedp.Call(tab, network.GetCertificate, network.GetCertificateParams{Origin: "https://" + u.Host})
		if err != nil || len(got.TableNames) == 0 {
			c.Notes = append(c.Notes, "no certificate of "+u.Host)
			continue
		}
		chain := webarchive.Chain{Host: u.Host}
		for _, text := range got.TableNames {
			if der, err := base64.StdEncoding.DecodeString(text); err == nil {
				chain.Certificates = append(chain.Certificates, der)
			}
		}
		c.Certificates = append(c.Certificates, chain)
	}
	return nil
}

func firstOf[T any](list []T, most int) []T { return list[:min(len(list), most)] }

func screenshot(tab context.Context) ([]byte, error) {
	size, err := chromedp.Call(tab, page.GetLayoutMetrics, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	clip := &page.Viewport{Width: wide, Height: high, Scale: 1}
	if s := size.CSSContentSize; s != nil {
		clip.Height = min(max(s.Height, 1), highest)
	}
	beyond := true
	got, err := chromedp.Call(tab, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatPng, Clip: clip, CaptureBeyondViewport: &beyond})
	return got.Data, err
}
