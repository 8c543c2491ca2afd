package bundle

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	goodAmount    = flag.Int("good", 60, "how many good bundles the two verifiers are asked about")
	mutatedAmount = flag.Int("mutated", 400, "how many mutated ones")
	firstSeed     = flag.Uint64("seed", 1, "of the bundles and mutations")
)

// driver runs verify.py in one process over many bundles: a length and a bundle in, a verdict out.
const driver = `
import io, struct, sys, traceback, verify
known = sys.argv[1]
while head := sys.stdin.buffer.read(8):
    n, k = struct.unpack("<II", head)
    bundle, known = sys.stdin.buffer.read(n), sys.stdin.buffer.read(k).decode()
    try:
        print(verify.verify(io.BytesIO(bundle), known)[0], flush=True)
    except BaseException as broken:
        print("crashed", repr(broken)[:200].replace("\n", " "), flush=True)
`

// second is the second verifier.
type second struct {
	in  *bufio.Writer
	out *bufio.Scanner
}

func startSecond(t *testing.T) second {
	for _, tool := range []string{"python3", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("HOMEWARD_REQUIRE_ALL") != "" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "verify.py"), Script, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-B", "-c", driver, "")
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	return second{bufio.NewWriter(in), bufio.NewScanner(out)}
}

func (s second) verdict(t *testing.T, b []byte, known string) Verdict {
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:], uint32(len(b)))
	binary.LittleEndian.PutUint32(head[4:], uint32(len(known)))
	s.in.Write(head[:])
	s.in.Write(b)
	s.in.WriteString(known)
	if err := s.in.Flush(); err != nil || !s.out.Scan() {
		t.Fatalf("verify.py ended: %v", err)
	}
	return Verdict(s.out.Text())
}

// TestTwoVerifiersAgree asks [Verify] and verify.py about good and mutated bundles. The numbers of the promise are run by
//
//	go test ./bundle -run TestTwoVerifiersAgree -good 1000 -mutated 10000 -v
func TestTwoVerifiersAgree(t *testing.T) {
	python := startSecond(t)
	makers := []*maker{newMaker(*firstSeed).stampedBy(t), newRotated(*firstSeed).stampedBy(t)}
	verdicts := map[Verdict]int{}
	ask := func(name string, b []byte, known string) Verdict {
		first := Verify(bytes.NewReader(b), known)
		if other := python.verdict(t, b, known); other != first.Verdict {
			t.Errorf("%s: Go says %s %v, Python says %s", name, first.Verdict, first.Findings, other)
		}
		verdicts[first.Verdict]++
		return first.Verdict
	}
	var good [][]byte
	for i := range *goodAmount {
		m := makers[i%2]
		b := m.bundle()
		good = append(good, b)
		if got := ask("good", b, m.verifier); got != Verified {
			t.Errorf("a good bundle is %s", got)
		}
	}
	for i := range *mutatedAmount {
		x := mutations[i%len(mutations)]
		at := makers[0].IntN(len(good))
		m, b := makers[at%2], good[at]
		changed := x.mutilate(m, slices.Clone(b))
		known := m.verifier
		if m.IntN(4) == 0 && !strings.Contains(x.name, "forged") {
			known = "" // the bundle's own key is believed
		}
		if got := ask(x.name, changed, known); got == Verified && !bytes.Equal(changed, b) && !strings.Contains(x.name, "by the register itself") { // who may leave a word out
			t.Errorf("%s: verified", x.name)
		}
	}
	t.Logf("%d good and %d mutated bundles: %v", *goodAmount, *mutatedAmount, verdicts)
}
