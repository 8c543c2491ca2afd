package webarchive

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestWhatIsWrittenIsWholeWhenRead writes a capture and reads it: the page is there as text, with its links and picture.
func TestWhatIsWrittenIsWholeWhenRead(t *testing.T) {
	r := readAll(written(t, made(listing)), Usual)
	if r.Verdict != Whole || r.Format != "WACZ 1.1.1" || r.Software != "Homeward test" || r.Records != 7 || len(r.Pages) != 1 {
		t.Fatalf("%s: %+v", told(r), r)
	}
	// three files, the package, seven blocks and two payloads
	if r.Agreed != 3+1+7+2 {
		t.Errorf("%d digests agree", r.Agreed)
	}
	p := r.Pages[0]
	if p.Text != "Про нас\nСписок\nфото\nМарко В., 4 роки\nОля Г., 7 років" {
		t.Errorf("text %q", p.Text)
	}
	want := []Link{{"https://list.example/about", "Про нас"}, {"https://list.example/child/1", "фото Марко В., 4 роки"}, {"https://list.example/child/2", "Оля Г., 7 років"}}
	if !slices.Equal(p.Links, want) {
		t.Errorf("links %q", p.Links)
	}
	if p.Status != 200 || p.Title != "Діти, яких чекають" || !p.At.Equal(began) || !strings.Contains(p.Head, "text/html") {
		t.Errorf("page %+v", p)
	}
	if r.Picture == nil || r.Picture.Type != "image/png" || r.Picture.Page != "https://list.example/" {
		t.Errorf("picture %+v", r.Picture)
	}
	if !bytes.Equal(written(t, made(listing)), written(t, made(listing))) {
		t.Error("the same capture gave other bytes")
	}
}

// TestWhatIsHostileIsNamed reads archives that are damaged, or made to do harm: each has its verdict and the finding that says why.
func TestWhatIsHostileIsNamed(t *testing.T) {
	good := written(t, made(listing))
	body := answer("<p>x</p>", "")
	add := func(name, content string) []byte { return packed(t, append(unpacked(t, good), file{name, content})) }
	small := Usual
	small.Expanded, small.Files, small.Records = 1<<20, 20, 10
	for _, x := range []struct {
		name    string
		content []byte
		verdict Verdict
		code    Code
	}{
		{"nothing", nil, Unreadable, NoArchive},
		{"a page", []byte(listing), Unreadable, NoArchive},
		{"a cut ZIP", good[:len(good)/2], Unreadable, BadZip},
		{"a ZIP without a package", packed(t, []file{{"x", "y"}}), Damaged, NoPackage},
		{"a package that is no JSON", changed(t, good, packageFile, func(string) string { return "{" }), Damaged, NoPackage},
		{"a package that was edited", changed(t, good, packageFile, func(s string) string { return strings.Replace(s, "test", "best", 1) }), Damaged, BadDigest},
		{"a digest that was edited", changed(t, good, digestFile, func(s string) string { return strings.Replace(s, "sha256:", "sha256:0", 1) }), Damaged, BadDigest},
		{"pages that were edited", changed(t, good, pagesFile, func(s string) string { return strings.Replace(s, "чекають", "чекаютъ", 1) }), Damaged, BadHash},
		{"pages that are no JSON", changed(t, good, pagesFile, func(string) string { return "{" }), Damaged, BadPages},
		{"an index that is longer", changed(t, good, "indexes/index.cdx", func(s string) string { return s + " " }), Damaged, BadSize},
		{"a WARC that is cut between records", changed(t, good, "archive/data.warc.gz", func(s string) string { return s[:len(s)/2] }), Damaged, Truncated},
		{"a file too many", add("archive/more.warc.gz", "x"), Damaged, Unlisted},
		{"a way out", add("../outside", "x"), Damaged, BadPath},
		{"a way out of Windows", add(`..\outside`, "x"), Damaged, BadPath},
		{"a place on the disk", add("/etc/passwd", "x"), Damaged, BadPath},
		{"a drive", add("C:x", "x"), Damaged, BadPath},
		{"a name with a NUL", add("a\x00b", "x"), Damaged, BadPath},
		{"a name twice", add(pagesFile, "{}"), Damaged, BadPath},
		{"a bomb in a ZIP", add("zeros", strings.Repeat("\x00", 4<<20)), Damaged, Unlisted},
		{"a bomb that is listed", changed(t, good, "indexes/index.cdx", func(string) string { return strings.Repeat("\x00", 4<<20) }), Unreadable, TooLarge},
		{"a bomb in a WARC", []byte(gzipped(withLength(strings.Repeat("\x00", 4<<20), ""))), Unreadable, TooLarge},
		{"too many files", packed(t, slices.Repeat([]file{{"x", ""}}, 21)), Unreadable, TooLarge},
		{"too many records", []byte(strings.Repeat(withLength(body, ""), 11)), Unreadable, TooLarge},

		{"a length that is too short", []byte(warcOf("Content-Length: 3\r\n", "12345") + withLength(body, "")), Damaged, BadLength},
		{"a length that is too long", []byte(warcOf("Content-Length: 7\r\n", "12345") + withLength(body, "")), Damaged, BadLength},
		{"a length beyond the end", []byte(warcOf("Content-Length: 999999999999\r\n", "12345")), Damaged, Truncated},
		{"a length that is none", []byte(warcOf("Content-Length: -1\r\n", "")), Damaged, BadLength},
		{"a length with a sign", []byte(warcOf("Content-Length: +1\r\n", "1")), Damaged, BadLength},
		{"no length", []byte(warcOf("", "1")), Damaged, BadLength},
		{"two lengths", []byte(warcOf("Content-Length: 1\r\nContent-Length: 1\r\n", "1")), Damaged, BadRecord},
		{"another version", []byte(strings.Replace(withLength(body, ""), "1.0", "0.9", 1)), Damaged, BadRecord},
		{"no date", []byte(strings.Replace(withLength(body, ""), "WARC-Date", "X-Date", 1)), Damaged, BadRecord},
		{"bare line ends", []byte(strings.ReplaceAll(withLength(body, ""), "\r\n", "\n")), Damaged, BadRecord},
		{"a line without end", []byte("WARC/1.0\r\n" + strings.Repeat("x", 1<<20)), Damaged, BadRecord},
		{"fields without end", []byte("WARC/1.0\r\n" + strings.Repeat("a: b\r\n", 1000)), Damaged, BadRecord},
		{"a gzip member that is cut", []byte(gzipped(withLength(body, ""), withLength(body, ""))[:150]), Damaged, Truncated},
		{"something behind the last member", []byte(gzipped(withLength(body, "")) + "\x1f\x8bxxxx"), Damaged, Truncated},
		{"a block of another digest", []byte(withLength(body, "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n")), Damaged, BadBlock},
		{"a payload of another digest", []byte(withLength(body, "WARC-Payload-Digest: sha256:00\r\n")), Damaged, BadBody},
		{"no digest", []byte(withLength(body, "")), Unproven, NoDigest},
		{"a digest nobody knows", []byte(withLength(body, "WARC-Block-Digest: crc:1\r\n")), Unproven, NoDigest},

		{"a signature of other words", signedBy(t, good, true, func(s *signed) { s.Hash = strings.Replace(s.Hash, ":", ":0", 1) }), Damaged, BadSign},
		{"a signature of another key", signedBy(t, good, true, func(s *signed) { s.PublicKey = "AAAA" }), Damaged, BadSign},
		{"half a signature", signedBy(t, good, true, func(s *signed) { s.Signature = s.Signature[:60] }), Damaged, BadSign},
		{"no list of pages", packed(t, slices.DeleteFunc(unpacked(t, good), func(f file) bool { return f.name == pagesFile })), Damaged, NoList},
		{"no signature", good, Whole, Unsigned},
	} {
		r := readAll(x.content, small)
		if r.Verdict != x.verdict || !has(r, x.code) {
			t.Errorf("%s: want %s because %s, got %s", x.name, x.verdict, x.code, told(r))
		}
	}
}

// TestASignatureIsVerified takes both ways of writing one.
func TestASignatureIsVerified(t *testing.T) {
	for _, raw := range []bool{true, false} {
		r := readAll(signedBy(t, written(t, made(listing)), raw, func(*signed) {}), Usual)
		if r.Verdict != Whole || r.Signature == nil || !r.Signature.Valid || len(r.Signature.Key) != 64 || has(r, Unsigned) {
			t.Errorf("raw %v: %s: %+v", raw, told(r), r.Signature)
		}
	}
}

// TestABareKeySpeaksForNoDomain adds a domain to what a key signed: the signature is good, and in nobody's name.
func TestABareKeySpeaksForNoDomain(t *testing.T) {
	r := readAll(signedBy(t, written(t, made(listing)), true, func(s *signed) { s.Domain = "court.example" }), Usual)
	if r.Signature == nil || !r.Signature.Valid || r.Signature.Domain != "" {
		t.Errorf("%s: %+v", told(r), r.Signature)
	}
}

// TestDigestsOfOtherWritersAgree reads SHA-1 in base 32, and bodies whose digest is of what was sent in chunks or of what was meant.
func TestDigestsOfOtherWritersAgree(t *testing.T) {
	chunks := answer("3\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n")
	for name, x := range map[string]struct{ block, digest string }{
		"sha1":          {answer("abc", ""), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"},
		"sha1 in hex":   {answer("abc", ""), "sha1:a9993e364706816aba3e25717850c26c9cd0d89d"},
		"md5":           {answer("abc", ""), "md5:900150983cd24fb0d6963f7d28e17f72"},
		"chunks meant":  {chunks, "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"},
		"chunks sent":   {chunks, "sha256:" + strings.TrimPrefix(sum([]byte("3\r\nabc\r\n0\r\n\r\n")), "sha256:")},
		"field is left": {answer("abc", "Transfer-Encoding: chunked\r\n"), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"},
	} {
		r := readAll([]byte(gzipped(withLength(x.block, "WARC-Payload-Digest: "+x.digest+"\r\n"))), Usual)
		if r.Verdict != Whole || r.Agreed != 1 || len(r.Pages) != 1 || r.Pages[0].Text != "abc" {
			t.Errorf("%s: %s: %+v", name, told(r), r.Pages)
		}
	}
}

// TestTextIsOnlyText takes what is not seen, what does not print and what turns writing round out of a page.
func TestTextIsOnlyText(t *testing.T) {
	for markup, want := range map[string]string{
		`<p>a<script>b</script><style>c</style><template>d</template><noscript>e</noscript><svg><text>f</text></svg></p>`: "a",
		"<p>a\u202eb\u2066c\x00\x07\x1bd</p>":                                   "abcd",
		`<p onclick="x()">&lt;script&gt;alert(1)&lt;/script&gt;</p>`:            "<script>alert(1)</script>",
		"<pre>один   два\n\n\nтри</pre>":                                        "один два три",
		`<table><tr><td>1</td><td>2</td></tr></table>`:                          "1\n2",
		strings.Repeat("<div>", 5000) + "x":                                     "",
		`<p>перше</p><!-- ні --><p>друге <b>і</b> <i>третє</i></p><br>четверте`: "перше\nдруге і третє\nчетверте",
	} {
		if got := read([]byte(markup), "text/html; charset=utf-8", "https://x.example/", Usual).text; got != want {
			t.Errorf("%.60q: %q, want %q", markup, got, want)
		}
	}
	old := read([]byte("<p>\xcc\xe0\xf0\xea\xee</p>"), "text/html; charset=windows-1251", "https://x.example/", Usual)
	if old.text != "Марко" {
		t.Errorf("windows-1251: %q", old.text)
	}
}

// TestAddressesAreOnlyText takes what turns writing round out of an address that a page leads to.
func TestAddressesAreOnlyText(t *testing.T) {
	got := read([]byte("<a href=\"/a?b=\u202ec\u2066\">x</a>"), "text/html; charset=utf-8", "https://x.example/", Usual).links
	if want := []Link{{"https://x.example/a?b=c", "x"}}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestCodingsInOneAnotherAreBounded reads bodies that are packed in packings.
func TestCodingsInOneAnotherAreBounded(t *testing.T) {
	for depth, encoded := range map[int]bool{1: false, 4: false, 5: true, 10_000: true} {
		body := "<p>тут"
		for range min(depth, 10) {
			body = gzipped(body)
		}
		r := readAll([]byte(withLength(answer(body, "Content-Encoding: "+strings.TrimSuffix(strings.Repeat("gzip,", depth), ",")+"\r\n"), "")), Usual)
		if len(r.Pages) != 1 || has(r, Encoded) != encoded || (r.Pages[0].Text != "") == encoded {
			t.Errorf("%d: %s: %+v", depth, told(r), r.Pages)
		}
	}
}

// TestPagesInBrotliAreRead packs a page as most servers do today: whole, packed twice, cut short, taken off already, and what is not packed so.
func TestPagesInBrotliAreRead(t *testing.T) {
	page := "<p>тут " + strings.Repeat("слово ", 400)
	packed := brotlied(page)
	for _, c := range []struct {
		name, coding, body string
		text, encoded      bool
	}{
		{"whole", "br", packed, true, false},
		{"in gzip", "br, gzip", gzipped(packed), true, false},
		{"gzip in it", "gzip, BR", brotlied(gzipped(page)), true, false},
		{"taken off already", "br", page, true, false},
		{"another packing", "br", gzipped(page), false, true},
		{"no bytes that are packed", "br", "\xff\xff\xff\xff", false, true},
		{"not known", "zstd", packed, false, true},
	} {
		r := readAll([]byte(withLength(answer(c.body, "Content-Encoding: "+c.coding+"\r\n"), "")), Usual)
		if len(r.Pages) != 1 || strings.HasPrefix(r.Pages[0].Text, "тут слово") != c.text || has(r, Encoded) != c.encoded {
			t.Errorf("%s: %s: %+v", c.name, told(r), r.Pages)
		}
	}
	r := readAll([]byte(withLength(answer(packed[:len(packed)-4], "Content-Encoding: br\r\n"), "")), Usual)
	if len(r.Pages) != 1 || !r.Pages[0].Cut && !has(r, Encoded) {
		t.Errorf("cut short: %s: %+v", told(r), r.Pages)
	}
	small := Usual
	small.Markup = 1 << 16
	r = readAll([]byte(withLength(answer(brotlied("<p>"+strings.Repeat("a", 64<<20)), "Content-Encoding: br\r\n"), "")), small)
	if len(r.Pages) != 1 || !r.Pages[0].Cut || len(r.Pages[0].Text) > 1<<16 {
		t.Errorf("a bomb: %s", told(r))
	}
}

// TestALostBodyHasNoDigest writes an answer whose body could not be kept: nothing of the archive says that it was empty.
func TestALostBodyHasNoDigest(t *testing.T) {
	c := made(listing)
	c.Exchanges = c.Exchanges[:1]
	c.Exchanges[0].Body, c.Exchanges[0].Cut = nil, true
	led := c.Exchanges[0]
	led.URL, led.Status, led.Cut = "https://list.example/old", 302, false
	c.Exchanges = append(c.Exchanges, led)
	file := written(t, c)
	if strings.Contains(inside(t, file), strings.TrimPrefix(sum(nil), "sha256:")) {
		t.Error("the archive holds the digest of nothing")
	}
	if r := readAll(file, Usual); r.Verdict != Whole || !has(r, CutShort) {
		t.Error(told(r))
	}
}

// TestAFlippedBitIsFoundOrMovesNothing flips single bits of a WACZ: what is still called whole says what it said before.
func TestAFlippedBitIsFoundOrMovesNothing(t *testing.T) {
	good := written(t, made(listing))
	before := readAll(good, Usual)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	chance, found := rand.New(rand.NewPCG(seed, 0)), 0
	for range 600 {
		at := chance.IntN(len(good) * 8)
		flipped := bytes.Clone(good)
		flipped[at/8] ^= 1 << (at % 8)
		after := readAll(flipped, Usual)
		if after.Verdict != Whole {
			found++
		} else if !reflect.DeepEqual(before, after) {
			t.Errorf("bit %d of byte %d: whole, and other than before", at%8, at/8)
		}
	}
	if found < 300 {
		t.Errorf("only %d of 600 were found: what was flipped?", found)
	}
}

// TestMemoryIsBounded reads pages of much markup that lie in few bytes.
func TestMemoryIsBounded(t *testing.T) {
	bomb := []byte(gzipped(withLength(answer(strings.Repeat("<p>\x00", 8<<20), ""), "")))
	bomb = slices.Concat(slices.Repeat([][]byte{bomb}, 3)...)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := readAll(bomb, Usual)
	runtime.ReadMemStats(&after)
	if r.Records != 3 || r.Verdict != Unproven {
		t.Errorf("%d records, %s", r.Records, told(r))
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 300<<20 {
		t.Errorf("%d MiB were taken", grown>>20)
	}
}

func FuzzRead(f *testing.F) {
	good := written(f, made(listing))
	f.Add(good)
	f.Add(good[:len(good)-10])
	f.Add([]byte(gzipped(withLength(answer("abc", ""), ""))))
	f.Add([]byte(withLength(answer("3\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"), "WARC-Payload-Digest: sha1:AA\r\n")))
	l := Usual
	l.Expanded = 1 << 20
	f.Fuzz(func(t *testing.T, content []byte) {
		r := readAll(content, l)
		if !slices.Contains(Verdicts, r.Verdict) || r.Verdict != Whole && len(r.Findings) == 0 {
			t.Errorf("verdict %q with %d findings", r.Verdict, len(r.Findings))
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}

// TestAnArchiveIsRecognisedByItsBytes tells archives of pages from other archives.
func TestAnArchiveIsRecognisedByItsBytes(t *testing.T) {
	good := written(t, made(listing))
	record := withLength("x", "")
	for _, x := range []struct {
		content []byte
		name    string
		is      bool
	}{
		{good, "capture.zip", true}, {[]byte(record), "", true}, {[]byte(gzipped(record)), "x.gz", true},
		{packed(t, []file{{"letter.txt", "a letter"}}), "letters.zip", false}, {packed(t, []file{{"other", "a letter"}}), "page.WACZ", true},
		{[]byte(gzipped("a letter")), "letter.warc.gz", false}, {[]byte("PK"), "a.wacz", false}, {nil, "a.wacz", false},
	} {
		if Recognised(x.content[:min(len(x.content), 512)], x.name) != x.is {
			t.Errorf("%q of %d bytes: want %v", x.name, len(x.content), x.is)
		}
	}
}
