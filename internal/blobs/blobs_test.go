package blobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/blobs"
)

var ctx = context.Background()

// files is what both implementations promise.
type files interface {
	Create(ctx context.Context, name string, r io.Reader) error
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	Size(ctx context.Context, name string) (int64, error)
	Remove(ctx context.Context, name string) error
	Each(ctx context.Context, fn func(name string, at time.Time, whole bool) error) error
}

// each runs a test on a folder and on a bucket.
func each(t *testing.T, test func(t *testing.T, f files)) {
	t.Run("folder", func(t *testing.T) { test(t, blobs.In(filepath.Join(t.TempDir(), "not made yet"))) })
	t.Run("bucket", func(t *testing.T) { f, _ := bucket(t); test(t, f) })
}

func bucket(t *testing.T) (blobs.Bucket, *fake) {
	t.Helper()
	service := newFake()
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	b, err := blobs.At(strings.Replace(server.URL, "http://", "s3+http://", 1)+"/bucket/register?region=here", blobs.Keys{ID: "id", Secret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return b, service
}

func names(t *testing.T, f files) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	err := f.Each(ctx, func(name string, at time.Time, whole bool) error {
		if time.Since(at).Abs() > time.Minute {
			t.Errorf("written at %v", at)
		}
		out[name] = whole
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAFileIsKeptAsItWasGiven(t *testing.T) {
	each(t, func(t *testing.T, f files) {
		if len(names(t, f)) != 0 {
			t.Error("there are files already")
		}
		large := make([]byte, 33<<20)
		rng := rand.NewChaCha8([32]byte{})
		rng.Read(large)
		for name, content := range map[string][]byte{"a1": large, "b2": []byte("short"), "c3": {}} {
			if err := f.Create(ctx, name, bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
			if err := f.Create(ctx, name, strings.NewReader("again")); !errors.Is(err, homeward.ErrConflict) {
				t.Errorf("written twice: %v", err)
			}
			if n, err := f.Size(ctx, name); err != nil || n != int64(len(content)) {
				t.Errorf("%s has %d bytes: %v", name, n, err)
			}
			r, err := f.Open(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%s: %d bytes of %d: %v", name, len(got), len(content), err)
			}
		}
		if all := names(t, f); len(all) != 3 || !all["a1"] {
			t.Errorf("listed %v", all)
		}
		for range 2 { // what is removed already is removed
			if err := f.Remove(ctx, "a1"); err != nil {
				t.Error(err)
			}
		}
		if _, err := f.Size(ctx, "a1"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("the size of what is gone: %v", err)
		}
		if _, err := f.Open(ctx, "a1"); !errors.Is(err, homeward.ErrNotFound) {
			t.Errorf("opened what is gone: %v", err)
		}
	})
}

func TestAFileThatWasNotGivenWholeIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, f files) {
		broken := errors.New("the wire was cut")
		for _, n := range []int{0, 10, 33 << 20} {
			err := f.Create(ctx, "half", io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(broken)))
			if !errors.Is(err, broken) {
				t.Errorf("after %d bytes: %v", n, err)
			}
			if left := names(t, f); len(left) != 0 {
				t.Errorf("after %d bytes: left %v", n, left)
			}
			if _, err := f.Open(ctx, "half"); !errors.Is(err, homeward.ErrNotFound) {
				t.Errorf("after %d bytes: %v", n, err)
			}
		}
	})
}

func TestANameLeadsNowhereElse(t *testing.T) {
	each(t, func(t *testing.T, f files) {
		for _, name := range []string{"", ".", "..", "../a", "a/b", `a\b`, "A", "a.partial", "a\x00", "ї", strings.Repeat("a", 65)} {
			_, err := f.Open(ctx, name)
			for _, err := range []error{err, f.Create(ctx, name, strings.NewReader("x")), f.Remove(ctx, name)} {
				if !errors.Is(err, homeward.ErrInvalid) {
					t.Errorf("%q: %v", name, err)
				}
			}
		}
	})
}

// TestWhatAKilledProcessLeftIsListedAndRemoved makes leftovers as a killed process leaves them.
func TestWhatAKilledProcessLeftIsListedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ab.partial"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "README.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	b, service := bucket(t)
	service.uploads["register/ab?left"] = map[int][]byte{1: []byte("half")}
	service.objects["another/cd"] = []byte("not ours")
	for _, f := range []files{blobs.In(dir), b} {
		whole, listed := names(t, f)["ab"]
		if !listed || whole || len(names(t, f)) != 1 {
			t.Errorf("%T lists %v", f, names(t, f))
		}
		if err := f.Remove(ctx, "ab"); err != nil {
			t.Error(err)
		}
		if len(names(t, f)) != 0 {
			t.Errorf("%T: not removed", f)
		}
	}
	if _, there := service.objects["another/cd"]; !there {
		t.Error("what is not ours was removed")
	}
}

func TestTheFaultsOfABucketAreToldApart(t *testing.T) {
	_, service := bucket(t)
	server := httptest.NewServer(service)
	at := strings.Replace(server.URL, "http://", "s3+http://", 1)
	for _, x := range []struct {
		address string
		keys    blobs.Keys
		want    error
	}{
		{at + "/elsewhere?region=here", blobs.Keys{ID: "id", Secret: "s"}, homeward.ErrUnavailable},
		{at + "/bucket?region=here", blobs.Keys{ID: "other", Secret: "s"}, homeward.ErrDenied},
	} {
		b, err := blobs.At(x.address, x.keys)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Create(ctx, "a", strings.NewReader("x")); !errors.Is(err, x.want) {
			t.Errorf("create: %v, want %v", err, x.want)
		}
	}
	server.Close()
	for _, bad := range []string{"", "bucket", "https://host/bucket", "s3://host", "s3://id:secret@host/bucket", "s3:///bucket"} {
		if _, err := blobs.At(bad, blobs.Keys{}); !errors.Is(err, homeward.ErrInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestABucketHoldsAPartInMemory sends a file of several parts: none is larger than a part.
func TestABucketHoldsAPartInMemory(t *testing.T) {
	b, service := bucket(t)
	if err := b.Create(ctx, "large", io.LimitReader(zeros{}, 65<<20)); err != nil {
		t.Fatal(err)
	}
	if service.largest != 32<<20 || len(service.objects["register/large"]) != 65<<20 {
		t.Errorf("the largest part was of %d bytes", service.largest)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
