package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

func decoder(t *testing.T, args ...string) evidence.Thumbnails {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return evidence.Thumbnails{Program: self, Args: args}
}

// TestWhatDecodesPicturesReachesNoNetwork listens, sees that this process gets through, and that the one in which pictures are
// decoded does not.
func TestWhatDecodesPicturesReachesNoNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if dial(l.Addr().String()) != 0 {
		t.Fatal("nobody gets through")
	}
	_, verdict, err := decoder(t, "dial", l.Addr().String()).Run(context.Background(), bytes.NewReader(nil))
	if err != nil || verdict == evidence.VerdictMade || verdict == evidence.VerdictNone {
		t.Errorf("verdict %q: %v", verdict, err)
	}
}

// TestWhatDecodesPicturesOpensNoFile has a file that everybody may read, sees that it can be read, and that the process in which pictures
// are decoded can not.
func TestWhatDecodesPicturesOpensNoFile(t *testing.T) {
	if !evidence.FilesAreShut() {
		storetest.Require(t, "Landlock")
	}
	folder, err := os.MkdirTemp("/tmp", "open")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "passphrase")
	if err := errors.Join(os.Chmod(folder, 0o777), os.WriteFile(name, []byte("words"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(name); err != nil {
		t.Fatal(err)
	}
	_, verdict, err := decoder(t, "open", name).Run(context.Background(), bytes.NewReader(nil))
	if err != nil || verdict != evidence.VerdictStopped {
		t.Errorf("verdict %q: %v", verdict, err)
	}
}

func TestWhatDecodesPicturesIsBoundInMemoryAndTime(t *testing.T) {
	_, verdict, err := decoder(t, "grow").Run(context.Background(), bytes.NewReader(nil))
	if err != nil || verdict != evidence.VerdictStopped {
		t.Errorf("memory: verdict %q: %v", verdict, err)
	}
	soon, stop := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer stop()
	_, verdict, err = decoder(t, "sleep").Run(soon, bytes.NewReader(nil))
	if err != nil || verdict != evidence.VerdictStopped {
		t.Errorf("time: verdict %q: %v", verdict, err)
	}
}

// TestAThumbnailHoldsNoMetadata makes one of a picture with a comment and a place in it.
func TestAThumbnailHoldsNoMetadata(t *testing.T) {
	content := withSegments(t, jpegOf(t, 900, 300), 0xe1, "Exif\x00\x00 50.4501 N 30.5234 E", 0xfe, "taken by somebody")
	small, verdict, err := decoder(t, "decode-picture").Run(context.Background(), bytes.NewReader(content))
	if err != nil || verdict != evidence.VerdictMade {
		t.Fatalf("verdict %q: %v", verdict, err)
	}
	if bytes.Contains(small, []byte("Exif")) || bytes.Contains(small, []byte("somebody")) {
		t.Error("metadata was carried over")
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(small))
	if err != nil || format != "jpeg" || head.Width != 320 || head.Height != 106 {
		t.Errorf("a thumbnail of %dx%d, %s: %v", head.Width, head.Height, format, err)
	}
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withSegments puts segments of a kind and a text behind the head of a JPEG.
func withSegments(t testing.TB, content []byte, segments ...any) []byte {
	t.Helper()
	out := bytes.Clone(content[:2])
	for i := 0; i < len(segments); i += 2 {
		text := segments[i+1].(string)
		out = append(out, 0xff, byte(segments[i].(int)), byte((len(text)+2)>>8), byte(len(text)+2))
		out = append(out, text...)
	}
	return append(out, content[2:]...)
}
