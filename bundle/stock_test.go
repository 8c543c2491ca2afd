package bundle

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/ledger"
)

// TestThePrintedPageWorks follows the page for the court, command by command, with the stock tools and nothing else: an
// empty environment, a PATH of four programs and, where the system lets us, a network namespace with no network in it.
func TestThePrintedPageWorks(t *testing.T) {
	folder, tools := t.TempDir(), stockTools(t)
	alone := []string{"sh"}
	if unshare, err := exec.LookPath("unshare"); err == nil && exec.Command(unshare, "-rn", "true").Run() == nil {
		alone = []string{unshare, "-rn", filepath.Join(tools, "sh")}
	} else {
		t.Log("the network could not be taken away here")
	}
	m := newMaker(7).stampedBy(t)
	if err := os.WriteFile(filepath.Join(folder, "BUNDLE.zip"), m.bundle(), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(dir string, script string) string {
		cmd := exec.Command(alone[0], append(slices.Clone(alone[1:]), "-ec", script)...)
		cmd.Dir, cmd.Env = dir, []string{"PATH=" + tools}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return string(out)
	}
	page, err := Instruction("en")
	if err != nil {
		t.Fatal(err)
	}
	steps := []string{"sha256sum BUNDLE.zip", "python3 -m zipfile -e BUNDLE.zip unpacked", "sha256sum -c manifest-sha256.txt",
		"sha256sum -c tagmanifest-sha256.txt", "sha256sum verify.py", "python3 verify.py ../../BUNDLE.zip", "python3 verify.py ../../BUNDLE.zip --log 'KEY'"}
	for i, step := range steps {
		if !bytes.Contains(page, []byte("       "+step+"\n")) {
			t.Errorf("the page does not say: %s", step)
		}
		dir := folder
		if i > 1 {
			dir, _ = filepath.EvalSymlinks(folder)
			bases, _ := filepath.Glob(filepath.Join(dir, "unpacked/homeward-*"))
			dir = bases[0]
		}
		out := run(dir, strings.Replace(step, "KEY", m.verifier, 1))
		if strings.HasPrefix(step, "python3 verify.py") && !strings.HasSuffix(out, "\nverified\n") {
			t.Errorf("%s says %s", step, out)
		}
		if step == "sha256sum verify.py" && !strings.HasPrefix(out, ScriptDigest()) {
			t.Errorf("the script in the bundle is another than the page says")
		}
	}
}

// stockTools returns a folder with links to the programs the page asks for.
func stockTools(t *testing.T) string {
	tools := t.TempDir()
	for _, tool := range []string{"python3", "openssl", "sha256sum", "sh"} {
		path, err := exec.LookPath(tool)
		if err == nil && tool == "python3" { // what is on the PATH may be a script that starts the real one
			var real []byte
			real, err = exec.Command(path, "-c", "import sys; print(sys.executable, end='')").Output()
			path = string(real)
		}
		if err != nil {
			if os.Getenv("HOMEWARD_REQUIRE_ALL") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		if err := os.Symlink(path, filepath.Join(tools, tool)); err != nil {
			t.Fatal(err)
		}
	}
	return tools
}

// TestOtherProgramsOpenTheArchive holds that the one form is a form of ZIP: readers that know nothing of it read it.
func TestOtherProgramsOpenTheArchive(t *testing.T) {
	b := newMaker(8).bundle()
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files, base := unpack(b)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(in); err != nil {
			t.Fatal(err) // its checksum is checked here too
		}
		if !bytes.Equal(content.Bytes(), files[strings.TrimPrefix(f.Name, base+"/")]) || !f.Mode().IsRegular() {
			t.Errorf("%s is read otherwise", f.Name)
		}
	}
	if len(r.File) != len(files) {
		t.Errorf("%d files are read, not %d", len(r.File), len(files))
	}
	unzip, err := exec.LookPath("unzip")
	if err != nil {
		return // two readers have read it
	}
	path := filepath.Join(t.TempDir(), "b.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(unzip, "-t", path).CombinedOutput(); err != nil {
		t.Errorf("unzip: %v\n%s", err, out)
	}
}

// TestThePublishedPageIsOfThisVersion holds that the digest on the published page is that of the script.
func TestThePublishedPageIsOfThisVersion(t *testing.T) {
	published, err := os.ReadFile("../docs/verify-a-bundle.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := Instruction("en")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(published, page) {
		t.Error("docs/verify-a-bundle.md holds another page than the bundle")
	}
	for _, lang := range Languages {
		page, err := Instruction(lang)
		if err != nil || !bytes.Contains(page, []byte(ScriptDigest())) {
			t.Errorf("the page in %s does not name the script's digest: %v", lang, err)
		}
	}
}

// TestWithheldIsProvableAndNotConfirmed holds selective disclosure: the leaf is the same whatever is withheld, what is
// disclosed opens no other path, and a guess of the right value confirms nothing without its key.
func TestWithheldIsProvableAndNotConfirmed(t *testing.T) {
	m := newMaker(9)
	p := m.payload("record")
	p.Body["secret"] = "yes"
	whole, _ := m.add(p, m.some(0))
	hidden := Item{Time: whole.Time, Disclosed: map[string]Field{}, Withheld: map[string]Withheld{}}
	for path, f := range whole.Disclosed {
		hidden.Disclosed[path] = f
	}
	secret := whole.Disclosed["body/secret"]
	delete(hidden.Disclosed, "body/secret")
	hidden.Withheld["body/secret"] = Withheld{Digest: ledger.DisclosedDigest(secret.Key, secret.Value), Why: "chosen"}
	if !bytes.Equal(whole.Leaf(), hidden.Leaf()) {
		t.Fatal("withholding moves the leaf")
	}
	for path, f := range hidden.Disclosed {
		if ledger.DisclosedDigest(f.Key, "yes") == hidden.Withheld["body/secret"].Digest {
			t.Errorf("the key of %s confirms what is withheld", path)
		}
	}
	text, err := hidden.MarshalText()
	if err != nil || bytes.Contains(text, []byte(`"yes"`)) {
		t.Errorf("the value is in the item: %v", err)
	}
	again, err := ParseItem(text)
	if err != nil || !bytes.Equal(again.Leaf(), whole.Leaf()) {
		t.Errorf("an item read again has another leaf: %v", err)
	}
}

// FuzzVerify holds that no bytes make the verifier fall over, and that what is verified has the one form of its files.
func FuzzVerify(f *testing.F) {
	good := newMaker(10).bundle()
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if Verify(bytes.NewReader(b), "").Verdict != Verified {
			return
		}
		files, base := unpack(b)
		if !bytes.Equal(pack(base, files, nil), b) {
			t.Error("verified in two forms")
		}
	})
}
