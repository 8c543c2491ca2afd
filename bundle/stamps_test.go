package bundle

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/ledger"
	"github.com/homeward-registry/homeward/stamp"
	"github.com/homeward-registry/homeward/stamp/stamptest"
	"golang.org/x/mod/sumdb/tlog"
)

// stampedBy has two authorities stamp the maker's checkpoints.
func (m *maker) stampedBy(t testing.TB) *maker {
	m.stampers = []*stamptest.Authority{stamptest.New(t, "one", stamptest.ForStamps), stamptest.New(t, "two", stamptest.ForStamps)}
	return m
}

// stamped returns time-stamps over a checkpoint, at most two.
func (m *maker) stamped(message []byte) (out []Stamp) {
	if len(m.stampers) == 0 {
		return nil
	}
	for range m.IntN(3) {
		a := m.stampers[m.IntN(len(m.stampers))]
		if m.liesOf && m.IntN(4) == 0 {
			message = append(bytes.Clone(message), '.')
		}
		s := Stamp{answerOf(a, message), a.Root}
		if m.liesOf {
			s = m.alteredStamp(s)
		}
		out = append(out, s)
	}
	return out
}

func answerOf(a *stamptest.Authority, message []byte) []byte {
	request, err := stamp.NewRequest(message).DER()
	if err != nil {
		panic(err)
	}
	answer, err := a.Answer(request)
	if err != nil {
		panic(err)
	}
	return answer
}

// alteredStamp changes an answer or its roots in a way that two verifiers must see alike.
func (m *maker) alteredStamp(s Stamp) Stamp {
	answer, roots := bytes.Clone(s.Answer), bytes.Clone(s.Roots)
	switch m.IntN(8) {
	case 0:
		answer = append(answer, 0)
	case 1:
		answer = answer[:m.IntN(len(answer)+1)]
	case 2:
		roots = append(roots, '\n')
	case 3:
		if len(m.stampers) > 0 {
			roots = m.stampers[m.IntN(len(m.stampers))].Root
		}
	case 4:
		if len(roots) > 0 {
			roots[m.IntN(len(roots))] ^= 1 << m.IntN(8)
		}
	case 5:
		roots = bytes.ReplaceAll(roots, []byte("\n"), []byte("\r\n"))
	case 6:
		answer = bytes.Replace(answer, []byte("\x30\x03\x02\x01\x00"), []byte("\x30\x03\x02\x01\x01"), 1)
	default:
		if len(answer) > 0 {
			answer[m.IntN(len(answer))] ^= 1 << m.IntN(8)
		}
	}
	return Stamp{answer, roots}
}

// one makes a bundle of one item and one older checkpoint with a time-stamp of the answer that a function makes.
func (m *maker) one(answer func(checkpoint []byte) []byte, roots []byte) []byte {
	item, at := m.add(m.payload("record"), m.some(0))
	mark := older{m.log.Size(), m.checkpoint()}
	d := Draft{ID: m.id(), Info: []string{"Bagging-Date: 2026-11-23"}, Items: []Item{item}, Earlier: []Earlier{{Checkpoint: mark.note, Stamps: []Stamp{{answer(mark.note), roots}}}}}
	content, err := d.Content()
	if err != nil {
		panic(err)
	}
	p := m.payload(EntryType)
	p.Body = map[string]string{"object": d.ID, "content": content}
	seal, last := m.add(p, WithheldInSeal)
	log := Log{Key: m.verifier, Checkpoint: m.checkpoint(), Seal: seal}
	hashes, err := tlog.ProveTree(m.log.Size(), mark.size, m.log)
	if err != nil {
		panic(err)
	}
	log.SealProof, log.Proofs = m.prove(last, log.Checkpoint), [][]byte{m.prove(at, log.Checkpoint)}
	log.Consistency = [][]byte{ledger.FormatConsistency(mark.size, hashes, log.Checkpoint)}
	var out bytes.Buffer
	if err := d.Write(&out, log); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// TestATimeStampThatDoesNotHoldIsTampering seals time-stamps that an authority got wrong into a bundle that is whole otherwise.
func TestATimeStampThatDoesNotHoldIsTampering(t *testing.T) {
	python := startSecond(t)
	for name, c := range map[string]struct {
		purpose stamptest.Purpose
		wrong   func(*stamptest.Said)
		want    Verdict
	}{
		"right":                       {want: Verified},
		"of another hash":             {wrong: func(s *stamptest.Said) { s.HashedMessage[0] ^= 1 }, want: Tampered},
		"without certificates":        {wrong: func(s *stamptest.Said) { s.AddTSACertificate = false }, want: Tampered},
		"before its certificate":      {wrong: func(s *stamptest.Said) { s.Time = s.Time.Add(-48 * time.Hour) }, want: Tampered},
		"after its certificate ended": {wrong: func(s *stamptest.Said) { s.Time = s.Time.Add(48 * time.Hour) }, want: Tampered},
		"by a server":                 {purpose: stamptest.ForServers, want: Tampered},
		"by a server as well":         {purpose: stamptest.ForServersAsWell, want: Tampered},
		"not critically for it":       {purpose: stamptest.ForStampsNotCritical, want: Tampered},
	} {
		a, m := stamptest.New(t, name, c.purpose), newMaker(3)
		a.Wrong = c.wrong
		b := m.one(func(checkpoint []byte) []byte { return answerOf(a, checkpoint) }, a.Root)
		got := Verify(bytes.NewReader(b), m.verifier)
		if other := python.verdict(t, b, m.verifier); got.Verdict != c.want || other != c.want {
			t.Errorf("%s: Go says %s %v, Python says %s", name, got.Verdict, got.Findings, other)
		}
	}
	m, a, other := newMaker(4), stamptest.New(t, "one", stamptest.ForStamps), stamptest.New(t, "one", stamptest.ForStamps)
	for name, b := range map[string][]byte{
		"another's roots":       m.one(func(c []byte) []byte { return answerOf(a, c) }, other.Root),
		"an older checkpoint's": m.one(func(c []byte) []byte { return answerOf(a, c[1:]) }, a.Root),
		"too long":              m.one(func(c []byte) []byte { return append(answerOf(a, c), make([]byte, stamp.MaxAnswer)...) }, a.Root),
		"nested without end":    m.one(func([]byte) []byte { return nested(20000) }, a.Root),
		"nothing":               m.one(func([]byte) []byte { return nil }, nil),
	} {
		if first, second := Verify(bytes.NewReader(b), "").Verdict, python.verdict(t, b, ""); first != Tampered || second != Tampered {
			t.Errorf("%s: Go says %s, Python says %s", name, first, second)
		}
	}
}

// nested is DER in DER in DER.
func nested(size int) (out []byte) {
	for n := 0; len(out) < size; n = len(out) {
		switch {
		case n < 0x80:
			out = append([]byte{0x30, byte(n)}, out...)
		case n < 0x100:
			out = append([]byte{0x30, 0x81, byte(n)}, out...)
		default:
			out = append([]byte{0x30, 0x82, byte(n >> 8), byte(n)}, out...)
		}
	}
	return out
}

// TestBothSayWhoStamped holds that the two tell the same time and name, that a name cannot write a line of its own or move a
// terminal, and that both leave the trust to the reader.
func TestBothSayWhoStamped(t *testing.T) {
	startSecond(t) // the tools are there
	for name, shown := range map[string]string{"Установа часу": "CN=Установа часу", "x\nverified\x1b[2J\u202e": ""} {
		a, m := stamptest.New(t, name, stamptest.ForStamps), newMaker(5)
		b := m.one(func(checkpoint []byte) []byte { return answerOf(a, checkpoint) }, a.Root)
		got := Verify(bytes.NewReader(b), m.verifier)
		if got.Verdict != Verified || len(got.Stamps) != 1 || got.Stamps[0].Number != "000001-1" || shown != "" && got.Stamps[0].By != shown {
			t.Fatalf("%s %v %v", got.Verdict, got.Findings, got.Stamps)
		}
		folder := t.TempDir()
		for name, content := range map[string][]byte{"b.zip": b, "verify.py": Script} {
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command("python3", "-B", "verify.py", "b.zip")
		cmd.Dir, cmd.Env = folder, append(os.Environ(), "PYTHONIOENCODING=utf-8")
		out, err := cmd.CombinedOutput()
		line := fmt.Sprintf("\ntime-stamp\t000001-1\t%s by CN=", got.Stamps[0].At.Format(time.RFC3339))
		if err != nil || !strings.Contains(string(out), line) || !strings.Contains(string(out), "yours to decide") || shown != "" && !strings.Contains(string(out), " by "+shown+"\n") {
			t.Errorf("verify.py: %v\n%s", err, out)
		}
		for _, text := range []string{string(out), got.Stamps[0].By} {
			if strings.ContainsAny(text, "\x1b\u202e") || strings.Count(text, "\nverified") > 1 {
				t.Errorf("a name is not escaped: %q", text)
			}
		}
	}
}

// TestAnOpensslWithoutTimeStampsIsSaid runs verify.py where openssl knows no time-stamps: it says that it did not check them, and neither
// a time nor a name.
func TestAnOpensslWithoutTimeStampsIsSaid(t *testing.T) {
	tools := stockTools(t)
	real, err := filepath.EvalSymlinks(filepath.Join(tools, "openssl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(tools, "openssl")); err != nil {
		t.Fatal(err)
	}
	a, m, folder := stamptest.New(t, "one", stamptest.ForStamps), newMaker(6), t.TempDir()
	for name, content := range map[string]string{
		filepath.Join(tools, "openssl"):     "#!/bin/sh\n[ \"$1\" = ts ] && exit 1\nexec " + real + " \"$@\"\n",
		filepath.Join(folder, "verify.py"):  string(Script),
		filepath.Join(folder, "BUNDLE.zip"): string(m.one(func(c []byte) []byte { return answerOf(a, c) }, a.Root)),
	} {
		if err := os.WriteFile(name, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(filepath.Join(tools, "python3"), "-B", "verify.py", "BUNDLE.zip")
	cmd.Dir, cmd.Env = folder, []string{"PATH=" + tools}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "\ntime-stamp\t000001-1\tNOT CHECKED") || strings.Contains(string(out), "CN=one") || !strings.HasSuffix(string(out), "\nverified\n") {
		t.Errorf("verify.py: %v\n%s", err, out)
	}
}
