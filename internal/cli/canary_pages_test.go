package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/internal/store"
)

// browser uses the desk as a person would, and keeps every address it was shown or sent to.
type browser struct {
	t       *testing.T
	base    string
	client  *http.Client
	urls    bytes.Buffer
	pages   bytes.Buffer // what was shown, to see that the canaries were
	visited map[string]bool
}

// plantOnPages serves the register, uses every kind of page with the canaries, asks for pages that are not there under
// their names, and returns the addresses the pages led to and what the server logged.
func plantOnPages(t *testing.T, s store.Settings) (urls, logged []byte) {
	t.Helper()
	const password = "a long enough password"
	for _, name := range []string{"supervisor", "administrator"} {
		add := program(t, s, "user", "add", name, "--role", name, "--password-stdin")
		add.Stdin = strings.NewReader(password + "\n")
		if out, err := add.CombinedOutput(); err != nil {
			t.Fatalf("add user: %v: %s", err, out)
		}
	}
	serve := program(t, s, "serve", "--listen", "127.0.0.1:0")
	var log bytes.Buffer
	serve.Stderr = &log
	out, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the desk does not open: %v", err)
	}
	jar, _ := cookiejar.New(nil) // fails never without options
	b := &browser{t: t, base: strings.TrimSpace(line[strings.Index(line, "http"):]), visited: map[string]bool{}}
	b.client = &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		fmt.Fprintln(&b.urls, r.URL)
		return nil
	}}
	b.work(password)
	if err := serve.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Fatalf("serve: %v", err)
	}
	for _, n := range []int{0, 5, 7} {
		if !strings.Contains(b.pages.String(), canaries[n]) {
			t.Errorf("planted word %d was shown on no page: the test tests nothing", n)
		}
	}
	if len(b.visited) < 15 || log.Len() == 0 {
		t.Errorf("%d pages seen, %d bytes logged: the test tests nothing", len(b.visited), log.Len())
	}
	return b.urls.Bytes(), log.Bytes()
}

// work signs in, wrongly and rightly, and does what can be done.
func (b *browser) work(password string) {
	family, given, reason, user := canaries[0], canaries[2], canaries[6], canaries[7]
	b.post("/sign-in", url.Values{"name": {family}, "password": {given}})
	b.post("/sign-in", url.Values{"name": {user}, "password": {given}})
	b.post("/sign-in", url.Values{"name": {"administrator"}, "password": {password}})
	b.walk("/")
	b.post("/admin/users", url.Values{"role": {family}})
	b.post("/sign-out", nil)
	b.post("/sign-in", url.Values{"name": {"supervisor"}, "password": {password}})
	b.post("/search", url.Values{"words": {family + " " + given}})
	b.walk("/")
	for _, place := range []string{"/persons/", "/pairs/", "/sources/", "/editions/", "/decisions/", "/search/", "/import/", "/review?after=", "/counts?definition=", "/"} {
		b.get(place + url.PathEscape(family))
	}
	pair := regexp.MustCompile(`/pairs/[0-9a-f.-]{73}`).FindString(b.pages.String())
	for range 2 { // the second contradicts the first
		b.post(pair+"/decide", url.Values{"judgement": {"unsure"}, "reason": {reason}})
		b.post(pair+"/decide", url.Values{"judgement": {family}, "reason": {reason}})
	}
	child, _, _ := strings.Cut(strings.TrimPrefix(pair, "/pairs/"), ".")
	for _, place := range []string{"/law", "/law/new", "/dossier"} {
		b.get("/persons/" + child + place)
		b.get("/persons/" + url.PathEscape(family) + place)
	}
	b.post("/persons/"+child+"/law", url.Values{"act": {family}, "author": {given}, "conclusion": {reason}, "element-0": {canaries[5]}})
	for _, do := range []string{"look", "freeze"} {
		b.post("/persons/"+child+"/dossier", url.Values{"do": {do}, "others": {family}, "recipient": {family}, "purpose": {reason}})
		b.post("/persons/"+child+"/dossier", url.Values{"do": {do}, "to": {given}, "recipient": {family}, "purpose": {reason}})
	}
	b.post("/decisions/"+family+"/revoke", url.Values{"reason": {reason}})
	for _, text := range []string{"id,name,note\n1," + family + " " + given + "," + canaries[5] + "\n", "id,name\n1,\"" + family, "%PDF-" + family} {
		preview := b.upload("/import", family+".csv", text, map[string]string{"source": given, "date": "2025-02-22"})
		if strings.Contains(preview, "/import/") {
			b.post(preview, url.Values{"do": {"confirm"}})
		}
	}
	b.upload("/figures", family+".csv", family+","+given+"\n", nil)
	b.seek()
	b.post("/ledger/verify", nil)
	b.walk("/sources")
}

// seek records a tracing request, wrongly and rightly, and leads it on.
func (b *browser) seek() {
	family, given, marks, reason := canaries[0], canaries[2], canaries[5], canaries[6]
	form := url.Values{
		"inquirer": {family}, "relationship": {"mother"}, "contact": {canaries[4]}, "circumstances": {reason}, "children": {"1"},
		"name-0": {family + " " + given}, "birth-0": {marks}, "marks-0": {marks}, "note-0": {reason}, "consent-tracing": {"yes"}, "scope-tracing": {reason},
	}
	b.post("/requests/new", form)
	form.Set("birth-0", "13.04.2012")
	draft := regexp.MustCompile(`name="draft" value="([^"]*)"`).FindStringSubmatch(b.post("/requests/new", form))
	if draft == nil {
		b.t.Fatal("a request is not checked")
	}
	request := regexp.MustCompile(`/requests/[0-9a-f-]{36}`).FindString(b.post("/requests/new", url.Values{"draft": draft[1:]}))
	if request == "" {
		b.t.Fatal("a request is not opened")
	}
	for _, to := range []string{"in-progress", "proposed", "suspended", family} {
		b.post(request+"/move", url.Values{"to": {to}, "reason": {reason}})
	}
	b.post(request+"/consent", url.Values{"purpose": {"sharing"}, "answer": {"given"}, "reason": {reason}})
	b.get("/requests?state=" + url.QueryEscape("open"))
	b.get("/requests/" + url.PathEscape(family))
}

// walk follows every link, breadth first, to so many pages.
func (b *browser) walk(from string) {
	next := []string{from}
	for n := 0; len(next) > 0 && n < 160; n++ {
		path := next[0]
		next = next[1:]
		if b.visited[path] && n > 0 {
			continue
		}
		b.visited[path] = true
		for _, link := range regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindAllStringSubmatch(b.get(path), -1) {
			to := strings.ReplaceAll(link[1], "&amp;", "&")
			fmt.Fprintln(&b.urls, to)
			if strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/static/") && !strings.HasPrefix(to, "/sign-out") {
				next = append(next, to)
			}
		}
	}
}

func (b *browser) get(path string) string {
	b.t.Helper()
	answer, err := b.client.Get(b.base + path)
	return b.read(answer, err)
}

func (b *browser) post(path string, form url.Values) string {
	b.t.Helper()
	answer, err := b.client.PostForm(b.base+path, form)
	return b.read(answer, err)
}

func (b *browser) read(answer *http.Response, err error) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("ask the desk: %v", err.(*url.Error).Err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pages.Write(text)
	return string(text)
}

// upload sends a file with some fields and returns the path of the page it led to.
func (b *browser) upload(path, name, text string, fields map[string]string) string {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range fields {
		form.WriteField(k, v)
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.t.Fatal(err)
	}
	io.WriteString(part, text)
	form.Close()
	answer, err := b.client.Post(b.base+path, form.FormDataContentType(), &body)
	b.read(answer, err)
	return answer.Request.URL.Path
}
