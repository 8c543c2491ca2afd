package capture

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

const (
	kept        = 256 << 20 // bytes of bodies that a capture holds
	atOnce      = 2
	bodyTime    = 20 * time.Second
	mostAnswers = 5000
	longAddress = 32 << 10 // bytes; a longer one is on no line of an archive that is read again
	longTitle   = 500      // letters
)

// keeper keeps every request of a page with its answer. The browser stands still at each until it was looked at.
type keeper struct {
	guard *guard
	tab   context.Context
	mu    sync.Mutex
	list  []webarchive.Exchange
	busy  int
	last  time.Time // when something last happened
	left  int64
	pages []string // addresses whose answers were shown as the page, in order
	notes []string
	turns chan struct{} // bodies that are taken at once
	short int           // answers whose body is not kept in full
	sent  int           // requests whose body is not kept
	over  int           // answers that are not kept at all
	long  int           // answers of addresses that are too long
}

// event is called by the loop that reads what the browser says: it must not wait.
func (k *keeper) event(ev any) {
	if _, asks := ev.(*page.EventJavascriptDialogOpening); asks {
		go chromedp.Call(k.tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false}) // gone is as good
		return
	}
	p, ok := ev.(*fetch.EventRequestPaused)
	if !ok {
		return
	}
	k.mu.Lock()
	k.busy++
	k.last = time.Now()
	k.mu.Unlock()
	go func() {
		if p.ResponseStatusCode == 0 && p.ResponseErrorReason == "" {
			k.request(p)
		} else {
			k.response(p)
		}
		k.mu.Lock()
		k.busy--
		k.last = time.Now()
		k.mu.Unlock()
	}()
}

// request lets through what may be asked.
func (k *keeper) request(p *fetch.EventRequestPaused) {
	// Redirects come by here as well: each of their addresses is looked at.
	local := strings.HasPrefix(p.Request.URL, "data:") || strings.HasPrefix(p.Request.URL, "blob:")
	if !local && !k.guard.admit(p.Request.URL) {
		chromedp.Call(k.tab, fetch.FailRequest, fetch.FailRequestParams{RequestID: p.RequestID, ErrorReason: network.ErrorReasonAccessDenied}) // gone is as good
		return
	}
	chromedp.Call(k.tab, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: p.RequestID})
}

// response keeps an answer and lets it go on to the page.
func (k *keeper) response(p *fetch.EventRequestPaused) {
	u, err := url.Parse(p.Request.URL)
	if p.ResponseErrorReason == "" && err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		k.keep(p, u)
	}
	chromedp.Call(k.tab, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: p.RequestID})
}

func (k *keeper) keep(p *fetch.EventRequestPaused, u *url.URL) {
	x := webarchive.Exchange{
		URL: p.Request.URL, At: time.Now(), Request: requestHead(p.Request, u), Response: responseHead(p), Status: int(p.ResponseStatusCode),
		Address: k.guard.address(u.Hostname()),
	}
	for _, e := range p.Request.PostDataEntries {
		x.RequestBody = append(x.RequestBody, e.Bytes...)
	}
	for _, h := range p.ResponseHeaders {
		if strings.EqualFold(h.Name, "content-type") {
			x.Type, _, _ = mime.ParseMediaType(h.Value)
		}
	}
	redirect := x.Status/100 == 3 && x.Status != 304
	switch {
	case x.Type == "text/event-stream":
		x.Cut = true // it has no end
	case !redirect:
		var err error
		x.Body, err = k.body(p.RequestID)
		x.Cut = err != nil
	}
	k.add(x)
	if main := chromedp.FromContext(k.tab).Target.TargetID; !redirect && p.ResourceType == network.ResourceTypeDocument && string(p.FrameID) == string(main) {
		k.mu.Lock()
		k.pages = append(k.pages, x.URL)
		k.mu.Unlock()
	}
}

// unfinished notes that a page did not come to its end; it reports whether there is a page at all.
func (k *keeper) unfinished() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.pages) == 0 {
		return false
	}
	k.notes = append(k.notes, "the page did not finish loading; what came later is not kept")
	return true
}

// final returns the address whose answer the page is. A script may show any other of its host as where the page is.
func (k *keeper) final(shown string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.pages) == 0 || slices.Contains(k.pages, shown) {
		return shown
	}
	k.notes = append(k.notes, "the page shows another address than it was asked at: "+shown[:min(len(shown), 2000)])
	return k.pages[len(k.pages)-1]
}

// body takes the body of an answer from the browser, a few at once: each is held in memory before it is counted. One that does not come
// holds the others up for a while only.
func (k *keeper) body(id fetch.RequestID) ([]byte, error) {
	select {
	case k.turns <- struct{}{}:
		defer func() { <-k.turns }()
	case <-k.tab.Done():
		return nil, k.tab.Err()
	}
	ctx, stop := context.WithTimeout(k.tab, bodyTime)
	defer stop()
	got, err := chromedp.Call(ctx, fetch.GetResponseBody, fetch.GetResponseBodyParams{RequestID: id})
	return got.Body, err
}

// add adds an answer to the list, as far as there is room, and counts what is lost.
func (k *keeper) add(x webarchive.Exchange) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(x.URL) > longAddress {
		k.long++
		return
	}
	if len(k.list) == mostAnswers {
		k.over++
		return
	}
	if int64(len(x.RequestBody)) > k.left {
		x.RequestBody = nil
		k.sent++
	}
	k.left -= int64(len(x.RequestBody))
	if int64(len(x.Body)) > k.left {
		x.Body, x.Cut = nil, true
	}
	k.left -= int64(len(x.Body))
	if x.Cut {
		k.short++
	}
	k.list = append(k.list, x)
}

// told returns what could not be kept, in words.
func (k *keeper) told() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := slices.Clone(k.notes)
	if k.short > 0 {
		out = append(out, fmt.Sprintf("answers whose body is not kept: %d", k.short))
	}
	if k.sent > 0 {
		out = append(out, fmt.Sprintf("requests whose body is not kept: %d", k.sent))
	}
	if k.long > 0 {
		out = append(out, fmt.Sprintf("answers of addresses longer than 32 KiB, which are not kept: %d", k.long))
	}
	if k.over > 0 {
		out = append(out, fmt.Sprintf("answers behind the first %d, which are not kept: %d", mostAnswers, k.over))
	}
	return out
}

// requestHead writes the head of a request as the browser told it.
func requestHead(r *network.Request, u *url.URL) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s %s HTTP/1.1\r\nHost: %s\r\n", field(r.Method), field(u.RequestURI()), field(u.Host))
	names := []string{}
	for name := range r.Headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !strings.EqualFold(name, "host") {
			fmt.Fprintf(&out, "%s: %s\r\n", field(name), field(fmt.Sprint(r.Headers[name])))
		}
	}
	out.WriteString("\r\n")
	return out.Bytes()
}

// undone are fields that told of encodings which the browser took off before it gave the body; they stay under another name, as
// other writers of archives do it.
var undone = []string{"content-encoding", "transfer-encoding", "content-length"}

// responseHead writes the head of an answer.
func responseHead(p *fetch.EventRequestPaused) []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", p.ResponseStatusCode, field(cmp.Or(p.ResponseStatusText, "-")))
	for _, h := range p.ResponseHeaders {
		name := field(h.Name)
		if slices.Contains(undone, strings.ToLower(name)) {
			name = "X-Orig-" + name
		}
		fmt.Fprintf(&out, "%s: %s\r\n", name, field(h.Value))
	}
	out.WriteString("\r\n")
	return out.Bytes()
}

// field keeps a value on its line.
func field(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// wait waits until nothing was asked for a moment, or long enough.
func (k *keeper) wait(ctx context.Context) {
	end := time.After(settle)
	tick := time.NewTicker(quiet / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-end:
			k.mu.Lock()
			k.notes = append(k.notes, "the page went on asking; what came later is not kept")
			k.mu.Unlock()
			return
		case <-tick.C:
			k.mu.Lock()
			still := k.busy == 0 && time.Since(k.last) > quiet
			k.mu.Unlock()
			if still {
				return
			}
		}
	}
}

// exchanges returns what was kept, in order of time.
func (k *keeper) exchanges() []webarchive.Exchange {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.SortedStableFunc(slices.Values(k.list), func(a, b webarchive.Exchange) int { return a.At.Compare(b.At) })
}
