package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/names"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// canaries are words that nobody else writes: a family name in two scripts, a given name, a telephone number, words of
// a note, of a reason, and of a user.
var canaries = []string{
	"Жмерихвістенко", "Zhmerykhvistenko", "Ґудзослав", "380007774193", "000 777 41 93", "плямакварцова", "бодягомшилий", "kvarcokorystuvach",
}

// TestNoWordAboutAChildLeaks plants unique names, runs every command and uses every page, wrongly too, and looks for
// the names in everything that is not meant to show them: standard error, logs, addresses, and the bytes of every file
// of the register and of its backup, in many encodings.
func TestNoWordAboutAChildLeaks(t *testing.T) {
	storetest.EachSettings(t, func(t *testing.T, s store.Settings) {
		work := t.TempDir()
		out, errs := plant(t, s, work)
		if !bytes.Contains(out, []byte(canaries[0])) || !bytes.Contains(out, []byte(canaries[5])) {
			t.Fatal("the planted words were not shown where they should be: the test tests nothing")
		}
		if !bytes.Contains(out, []byte("gc4-49  indication")) || !bytes.Contains(out, []byte("Version 1: 2 children")) {
			t.Fatal("no act was assessed, or no dossier was frozen: the test tests nothing")
		}
		look(t, "standard error and logs", errs)
		urls, logged := plantOnPages(t, s)
		look(t, "addresses", urls)
		look(t, "log of the desk", logged)
		must(t, s, "backup", filepath.Join(work, "backup", "later.db"))
		// The backup of a PostgreSQL register is a file with every column of every table as it stands there.
		for _, dir := range []string{s.Dir, filepath.Join(work, "backup")} {
			lookInFiles(t, dir)
		}
	})
}

// plant writes lists with the canaries and runs every command on them; it returns all that was printed.
func plant(t *testing.T, s store.Settings, work string) (out, errs []byte) {
	t.Helper()
	write := func(name, text string) string {
		path := filepath.Join(work, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if err := os.Mkdir(filepath.Join(work, "backup"), 0o700); err != nil {
		t.Fatal(err)
	}
	family, latin, given, phone, marks, reason, user := canaries[0], canaries[1], canaries[2], "+38 "+canaries[4], canaries[5], canaries[6], canaries[7]
	first := write(family+".csv", "id,Прізвище,Ім'я,Дата народження,Особливі прикмети,Телефон,Мати\n1,"+family+","+given+",13.04.2012,"+marks+","+phone+","+family+" Ольга\n2,"+family+",Марко,14.05.2014,,,\n")
	second := write(latin+".csv", "id,name,birth date,phone,deported date,deported to\nA,"+latin+" "+given+",13.04.2012,"+phone+",2022-10-21,"+latin+"\n")
	broken := write(given+".csv", "id,name\n1,\""+family+"\n")
	noMap := write(marks+".json", `{"columns":{"`+family+`":"no.such.path"}}`)
	run := func(stdin string, args ...string) string {
		cmd := program(t, s, args...)
		var o, e bytes.Buffer
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &o, &e
		cmd.Run() // many of these must fail
		out, errs = append(out, o.Bytes()...), append(errs, e.Bytes()...)
		return o.String()
	}
	run("", "init")
	run("", "import", first, "--source", family, "--edition", "2025-02-22", "--dry-run")
	run("", "import", first, "--source", family, "--edition", "2025-02-22")
	run("", "import", second, "--source", latin)
	run("", "import", broken, "--source", given)
	run("", "import", second, "--source", latin, "--map", noMap)
	run("", "import", second+given, "--source", latin)
	run("", "import", second, "--source", latin, "--edition", given)
	run("", "import", second, family, "--"+latin, given)
	run("", "run")
	run("", "search", family, given)
	run(latin+"\n", "search", "-", "--json")
	run("", "search", family, "--limit", given)
	run("", "show", family)
	run("", "count", family, "minus", given)
	run("", "count", "children", "--valid-as-of", given)
	run("", "figures", "import", first)
	run("", "figures", "import", first+given)
	run("", "places", "import", first)
	run("", "places", "import", write(family+".txt", strings.Repeat(family+"\t", 18)+given+"\n"+strings.Repeat("P\t", 18)+given+"\n"))
	run("", "places", "find", family, given)
	pair := firstField(run("", "review", "list", "--all", "--json"), `"pair": "`)
	run("", "review", "show", pair)
	decided := firstField(run("", "review", "decide", pair, "same", "--reason", reason, "--json"), `"decision": "`)
	run("", "review", "decide", pair, "different", "--reason", reason)
	run("", "review", "decide", family, given, "--reason", reason)
	run("", "show", strings.Split(pair, ".")[0])
	run("", "review", "revoke", decided, "--reason", reason)
	run("", "review", "revoke", family, "--reason", reason)
	run("a long enough password\n", "user", "add", user, "--role", "reviewer", "--password-stdin")
	run("a long enough password\n", "user", "add", user, "--role", family, "--password-stdin")
	run("a long enough password\n", "user", "add", user, "--role", "reviewer", "--password-stdin")
	run("", "user", "list")
	run("", "request", "list", "--state", family)
	run("", "request", "show", family)
	child := strings.Split(pair, ".")[0]
	leaving := []string{"export", "bundle", "--recipient", family + " court", "--purpose", reason, "--out", filepath.Join(work, family+".zip")}
	run("", append(leaving, "--person", child, "--withhold", marks+","+phone)...)
	run("", append(leaving, "--person", child)...)
	run("", append(leaving, "--case", family)...)
	run("", append(leaving, "--exhibit", child, "--to", given)...)
	run("", "export", "bundle", "--person", child, "--dry-run", "--"+latin)
	plantInDossier(run, pair, filepath.Join(work, family+"-"))
	run("", "verify", filepath.Join(work, family+".zip"), "--log", given)
	run("", "verify", first)
	run("", "capture", "http://"+latin+":"+latin+"@127.0.0.1/"+given, "--keep")
	run("", "capture", "http://"+latin+"/"+given, "--out", filepath.Join(work, family+".wacz"))
	run("", "capture", "check", first)
	run("", "verify", given+".zip")
	run("", "verify")
	run("", "backup", filepath.Join(work, "backup", "away.db"))
	run("", "restore", filepath.Join(work, family))
	run("", family, given)
	return out, errs
}

// plantInDossier assesses an act of the children of a pair and freezes dossiers of them, wrongly too.
func plantInDossier(run func(string, ...string) string, pair, out string) {
	family, latin, given, marks, reason := canaries[0], canaries[1], canaries[2], canaries[5], canaries[6]
	left, right, _ := strings.Cut(pair, ".")
	for _, record := range []string{left, right} { // one of them tells of the act
		act := []string{"evidence", "assess", "--record", record, "--event", "deported", "--law", "gc4-49", "--standard", "indication"}
		whole := append(act, "--element", family+" | met | "+marks, "--party", latin+" | applies | "+reason, "--conclusion", family+" "+marks, "--author", given)
		run("", whole...)
		run("", append(whole, "--replaces", record)...)
		run("", append(act, "--element", family, "--party", given, "--conclusion", marks, "--author", given)...)
		run("", append(act, "--element", family+"|"+given+"|"+marks, "--party", given+"||", "--conclusion", reason, "--author", given)...)
	}
	run("", "evidence", "assess", "--record", family, "--event", given, "--law", marks, "--standard", reason)
	leaving := []string{"export", "dossier", "--recipient", family + " court", "--purpose", reason}
	run("", append(leaving, "--person", left, "--person", right, "--floor", "F6", "--out", out+given)...)
	run("", append(leaving, "--person", left, "--out", out+given)...) // there already
	run("", append(leaving, "--person", family, "--out", out+"1")...)
	run("", append(leaving, "--person", left, "--floor", given, "--out", out+"2")...)
	run("", append(leaving, "--person", left, "--to", marks, "--out", out+"3")...)
	run("", append(leaving, "--person", left, "--out", filepath.Join(out, given, "4"))...)
}

// firstField returns the first value of a field in printed JSON.
func firstField(text, before string) string {
	_, rest, _ := strings.Cut(text, before)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// lookInFiles looks into every file below the folder.
func lookInFiles(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		look(t, "file "+entry.Name(), text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// look fails the test when a canary is in the text, in any form. It prints neither.
func look(t *testing.T, where string, text []byte) {
	t.Helper()
	for i, canary := range canaries {
		for form, planted := range forms(canary) {
			if bytes.Contains(text, planted) {
				t.Errorf("%s: canary %d is there as %s", where, i, form)
			}
		}
	}
}

// forms writes a word in the ways it could end up in a file.
func forms(word string) map[string][]byte {
	out := map[string][]byte{}
	for cased, w := range map[string]string{"written": word, "lower": strings.ToLower(word), "upper": strings.ToUpper(word), "folded": names.Fold(word), "keyed": names.Key(word)} {
		if len(w) < 6 {
			continue // a short key could stand in any file by chance
		}
		for name, e := range encodings {
			if text, err := e.NewEncoder().Bytes([]byte(w)); err == nil {
				out[cased+" "+name] = text
			}
		}
		out[cased+" url"] = []byte(url.QueryEscape(w))
		out[cased+" url lower"] = []byte(strings.ToLower(url.QueryEscape(w)))
		out[cased+" hex"] = []byte(hex.EncodeToString([]byte(w)))
		out[cased+" json"] = []byte(strings.Trim(fmt.Sprintf("%+q", w), `"`))
		for shift := range 3 {
			out[fmt.Sprintf("%s base64 %d", cased, shift)] = middle64(w, shift)
		}
	}
	return out
}

var encodings = map[string]encoding.Encoding{
	"utf-8": encoding.Nop, "utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"windows-1251": charmap.Windows1251, "koi8-u": charmap.KOI8U, "koi8-r": charmap.KOI8R, "ibm866": charmap.CodePage866, "iso-8859-5": charmap.ISO8859_5,
}

// middle64 returns the part of a word's base64 form that does not depend on what stands before and after it, when it
// begins shift bytes into a group of three.
func middle64(word string, shift int) []byte {
	text := base64.StdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + word))
	from := (shift*8 + 5) / 6
	to := (shift + len(word)) * 8 / 6
	return []byte(text[from:to])
}

// TestTheCanaryWouldSing shows that a leak in any form would be found.
func TestTheCanaryWouldSing(t *testing.T) {
	for _, canary := range canaries {
		for form, planted := range forms(canary) {
			text := append(append([]byte("before"), planted...), "after"...)
			if !bytes.Contains(text, planted) || len(planted) < 6 {
				t.Errorf("form %s of a canary would not be found", form)
			}
		}
		for shift := range 3 {
			text := base64.StdEncoding.EncodeToString([]byte("xyz"[:shift] + canary + "and more"))
			if !strings.Contains(text, string(middle64(canary, shift))) {
				t.Errorf("shift %d of base64 would not be found", shift)
			}
		}
	}
}
