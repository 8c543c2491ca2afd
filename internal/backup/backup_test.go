package backup_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/backup"
)

var now = time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC)

var parts = map[string][]byte{
	"data.db":    bytes.Repeat([]byte("row "), 50_000),
	"blobs/aa11": {},
	"blobs/bb22": bytes.Repeat([]byte{7}, 3*512),
}

func write(t *testing.T, to backup.Recipients) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "away")
	w, err := backup.Create(path, to, backup.About{Kind: backup.Data, Backup: "b", Register: "homeward.local/r", At: now})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"data.db", "blobs/aa11", "blobs/bb22"} {
		if err := w.Add(name, int64(len(parts[name])), bytes.NewReader(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Finish(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it has its name before it is published: %v", err)
	}
	if _, err := w.Publish(); err != nil {
		t.Fatal(err)
	}
	if err := w.Abandon(); err != nil {
		t.Errorf("abandon what was published: %v", err)
	}
	return path
}

func read(path string, with backup.Identities) (map[string][]byte, error) {
	r, err := backup.Open(path, with)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	out := map[string][]byte{}
	for {
		name, _, err := r.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if out[name], err = io.ReadAll(r); err != nil {
			return out, err
		}
	}
}

func throwaway(t *testing.T) (backup.Recipients, backup.Identities) {
	t.Helper()
	to, with, err := backup.Throwaway()
	if err != nil {
		t.Fatal(err)
	}
	return to, with
}

// TestEachRecipientOpensWhatWasWritten and who is none does not.
func TestEachRecipientOpensWhatWasWritten(t *testing.T) {
	toOne, one := throwaway(t)
	toTwo, two := throwaway(t)
	_, stranger := throwaway(t)
	sealed := write(t, slices.Concat(toOne, toTwo))
	for name, with := range map[string]backup.Identities{"one": one, "two": two, "among others": slices.Concat(stranger, two)} {
		if found, err := read(sealed, with); err != nil || !cmp.Equal(found, parts) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, with := range []backup.Identities{stranger, nil} {
		if _, err := read(sealed, with); !errors.Is(err, homeward.ErrDenied) {
			t.Errorf("who is no recipient: %v", err)
		}
	}
	if text, err := os.ReadFile(sealed); err != nil || bytes.Contains(text, []byte("row row")) {
		t.Errorf("it is not encrypted: %v", err)
	}
	if found, err := read(write(t, nil), nil); err != nil || !cmp.Equal(found, parts) {
		t.Errorf("without recipients: %v", err)
	}
}

// TestEveryAlterationIsFound cuts files at places of all kinds and flips bits all over them.
func TestEveryAlterationIsFound(t *testing.T) {
	to, with := throwaway(t)
	for name, path := range map[string]string{"sealed": write(t, to), "plain": write(t, nil)} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		altered := filepath.Join(t.TempDir(), "altered")
		refuse := func(what string, content []byte) {
			if err := os.WriteFile(altered, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := backup.Check(altered, with)
			if !errors.Is(err, homeward.ErrTampered) && !errors.Is(err, homeward.ErrDenied) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		chance := rand.New(rand.NewPCG(1, 2))
		places := []int{0, 1, 21, 22, 100, 512, 1024, 1536, len(whole) - 84, len(whole) - 83, len(whole) - 1}
		for range 300 {
			places = append(places, chance.IntN(len(whole)))
		}
		for _, at := range places {
			refuse(fmt.Sprintf("cut at %d", at), whole[:at])
			flipped := slices.Clone(whole)
			flipped[at] ^= 1 << chance.IntN(8)
			refuse(fmt.Sprintf("flipped at %d", at), flipped)
		}
		refuse("extended", append(slices.Clone(whole), 0))
		refuse("doubled", append(slices.Clone(whole), whole...))
	}
}

// TestTarOpensIt as a stranger with stock tools would.
func TestTarOpensIt(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("tar", "-xf", write(t, nil), "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, out)
	}
	for name, want := range parts {
		if have, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(have, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAFileIsNeverWrittenOver and what was begun and abandoned leaves nothing.
func TestAFileIsNeverWrittenOver(t *testing.T) {
	path := write(t, nil)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Create(path, nil, backup.About{}); !errors.Is(err, homeward.ErrConflict) {
		t.Errorf("create: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("it was written over: %v", err)
	}
	w, err := backup.Create(path+"2", nil, backup.About{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add("short", 10, strings.NewReader("five!")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a part that is shorter than was said: %v", err)
	}
	if err := w.Abandon(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%d files are there: %v", len(left), err)
	}
}

// TestKeysOfOthersAreRefused reads files that are no public or secret keys.
func TestKeysOfOthersAreRefused(t *testing.T) {
	const public = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	if r, err := backup.ParseRecipients([]string{public}); err != nil || len(r) != 1 {
		t.Errorf("a recipient: %v", err)
	}
	if r, err := backup.ReadRecipients(strings.NewReader("# Olena\n" + public + "\n\n" + public + "\n")); err != nil || len(r) != 2 {
		t.Errorf("a file of recipients: %v", err)
	}
	for _, text := range []string{"", "age1", "someone@example.org", public + "\n" + public} {
		if _, err := backup.ParseRecipients([]string{text}); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%d bytes that are no recipient: %v", len(text), err)
		}
	}
	for _, text := range []string{"", "a passphrase", public, "age-encryption.org/v1\n-> X25519 a\n"} {
		if _, err := backup.ReadIdentities(strings.NewReader(text)); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%d bytes that are no identity: %v", len(text), err)
		}
	}
}

// TestRetentionKeepsTheNewestAndWhatIsNotOurs makes a folder of many days and looks at what is over.
func TestRetentionKeepsTheNewestAndWhatIsNotOurs(t *testing.T) {
	day := func(n int) string { return backup.Name(now.AddDate(0, 0, -n)) }
	dir := t.TempDir()
	partial := day(9) + ".123.partial"
	for _, name := range []string{day(1), day(1) + ".keys", day(20), day(20) + ".keys", day(90), day(-3), "homeward-old.backup", "a.db", partial, "x.partial"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := now.AddDate(0, 0, -9)
	if err := errors.Join(os.Chtimes(filepath.Join(dir, partial), old, old), os.Chtimes(filepath.Join(dir, "x.partial"), old, old)); err != nil {
		t.Fatal(err)
	}
	files, unfinished, err := backup.List(dir, now)
	if err != nil || len(files) != 6 || !slices.Equal(unfinished, []string{partial}) {
		t.Fatalf("%d files, %d unfinished: %v", len(files), len(unfinished), err)
	}
	due := func(data, keys int, files []backup.File) (names []string) {
		for _, f := range (backup.Retention{Data: time.Duration(data) * 24 * time.Hour, Keys: time.Duration(keys) * 24 * time.Hour}).Due(files, now) {
			names = append(names, f.Name)
		}
		return names
	}
	for _, c := range []struct {
		data, keys int
		want       []string
	}{
		{60, 10, []string{day(90), day(20) + ".keys"}},
		{60, 30, []string{day(90)}},
		{400, 20, nil}, // twenty days old is not over twenty days old
		{10, 10, []string{day(90), day(20), day(20) + ".keys"}},
	} {
		if diff := cmp.Diff(c.want, due(c.data, c.keys, files)); diff != "" {
			t.Errorf("data for %d days, keys for %d: %s", c.data, c.keys, diff)
		}
	}
	if left := due(1, 1, files[:1]); left != nil {
		t.Errorf("the only one is over: %v", left)
	}
	for _, r := range []backup.Retention{{Data: 24 * time.Hour, Keys: 48 * time.Hour}, {Data: 48 * time.Hour}, {Data: time.Hour, Keys: time.Hour}} {
		if err := r.Check(); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}
