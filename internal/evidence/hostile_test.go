package evidence_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store/storetest"
)

// hostile is a file that somebody may send to do harm, and what is to become of it as a photo.
type hostile struct {
	name    string
	content []byte
	verdict evidence.Verdict
}

// corpus makes hostile files of every kind that a photo may be said to be.
func corpus(t *testing.T) []hostile {
	t.Helper()
	small := pngOf(t, 3, 2)
	jpg := jpegOf(t, 30, 20)
	archive := zipOf(t, "../../etc/passwd", "/abs", `C:\x`, "a\x00b", strings.Repeat("n", 300), "A", "a", "конверт.exe")
	foreign, made := evidence.VerdictForeign, evidence.VerdictMade
	return []hostile{
		{"empty.jpg", nil, foreign},
		{"one-byte.jpg", []byte{0xff}, foreign},
		{"archive.zip", archive, foreign},
		{"nested.zip", nested(t, 10), foreign},
		{"bomb.zip", zipBomb(t), foreign},
		{"links.tar", tarOf(t), foreign},
		{"page.html", []byte("<!doctype html><script>fetch('/exhibits')</script>"), foreign},
		{"utf7.html", []byte("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"), foreign},
		{"script.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><foreignObject/><use href="http://127.0.0.1/x"/></svg>`), foreign},
		{"laughs.xml", []byte(`<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>`), foreign},
		{"outside.xml", []byte(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`), foreign},
		{"action.pdf", []byte("%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF"), foreign},
		{"pdf-and-page.pdf", []byte("%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF"), foreign},
		{"macro.docm", zipOf(t, "word/vbaProject.bin", "[Content_Types].xml"), foreign},
		{"formula.csv", []byte("=cmd|'/C calc'!A0,@SUM(1)\n"), foreign},
		{"program.jpg.exe", append([]byte("MZ\x90\x00"), make([]byte, 100)...), foreign},
		{"place.mp4", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x1a\xa9xyz+50.4501+030.5234/"), foreign},
		{"photo.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"), foreign},
		{"photo.webp", []byte("RIFF\xff\xff\xff\x7fWEBPVP8L\xff\xff\xff\x7f/"), foreign},
		{"offset.tiff", []byte("II*\x00\xff\xff\xff\x7f"), foreign},
		{"palette.bmp", []byte("BM\xff\xff\xff\x7f\x00\x00\x00\x00\x36\x00\x00\x00(\x00\x00\x00\xff\xff\xff\x7f\x01\x00\x00\x00"), foreign},

		{"square.png", pngHead(65535, 65535), evidence.VerdictLarge},
		{"line.png", pngHead(1, 1<<31-1), evidence.VerdictLarge},
		{"flat.png", pngHead(0, 5), evidence.VerdictBroken},
		{"head-only.png", pngHead(100, 100), evidence.VerdictBroken},
		{"lying-head.jpg", jpegSaying(t, jpg, 60000, 60000), evidence.VerdictLarge},
		{"truncated.jpg", jpg[:len(jpg)/2], evidence.VerdictBroken},
		{"truncated.png", small[:len(small)-20], evidence.VerdictBroken},
		{"broken-sum.png", flipped(small, 20), evidence.VerdictBroken},
		{"lying-frame.gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02D\x01\x00;"), evidence.VerdictBroken},

		{"plain.png", small, made},
		{"wrong-extension.txt", small, made},
		{"black.png", pngOf(t, 5000, 5000), made},
		{"text-bomb.png", withChunk(small, "zTXt", append([]byte("x\x00\x00"), deflated(t, 50<<20)...)), made},
		{"profile-bomb.png", withChunk(small, "iCCP", append([]byte("x\x00\x00"), deflated(t, 50<<20)...)), made},
		{"place.jpg", withSegments(t, jpg, 0xe1, "Exif\x00\x00secret place", 0xfe, "secret author"), made},
		{"jpeg-and-zip.jpg", append(bytes.Clone(jpg), archive...), made},
		{"gif-and-zip.gif", append(gifOf(t, 1), archive...), made},
		{"frames.gif", gifOf(t, 3000), made},
		{"png-and-php.png", withChunk(small, "tEXt", []byte("Comment\x00<?php system($_GET['c']); ?>")), made},
	}
}

// TestHostileFilesAreKeptAndHarmNobody keeps each file as a photo: it is there byte for byte, the thumbnail has the right
// verdict, and nothing of what was hidden in a picture is in its thumbnail.
func TestHostileFilesAreKeptAndHarmNobody(t *testing.T) {
	db, ctx := storetest.Open(t), context.Background()
	decode := decoder(t, "decode-picture")
	for _, x := range corpus(t) {
		e, err := evidence.Receive(ctx, db, homeward.Operator, evidence.Delivery{
			Exhibit: homeward.Exhibit{Kind: homeward.ExhibitPhoto, Intake: homeward.Intake{Name: x.name}}, Bytes: bytes.NewReader(x.content),
		})
		if err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		small, verdict, err := decode.Make(ctx, db, homeward.Operator, e)
		if err != nil || verdict != x.verdict {
			t.Errorf("%s: verdict %q, want %q: %v", x.name, verdict, x.verdict, err)
		}
		if got := read(t, func() (io.ReadCloser, error) {
			_, r, err := db.ReadExhibit(ctx, homeward.Operator, e.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to compare"})
			return r, err
		}); !bytes.Equal(got, x.content) {
			t.Errorf("%s: %d bytes were kept of %d", x.name, len(got), len(x.content))
		}
		if verdict != evidence.VerdictMade {
			continue
		}
		shown := read(t, func() (io.ReadCloser, error) {
			_, r, err := db.ReadExhibit(ctx, homeward.Operator, small.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to compare"})
			return r, err
		})
		if _, format, err := image.Decode(bytes.NewReader(shown)); err != nil || format != "jpeg" {
			t.Errorf("%s: the thumbnail is %s: %v", x.name, format, err)
		}
		for _, hidden := range []string{"secret", "php", "PK\x03\x04", "Exif"} {
			if bytes.Contains(shown, []byte(hidden)) {
				t.Errorf("%s: the thumbnail holds what was hidden in the picture", x.name)
			}
		}
	}
}

// TestATooLargeFileIsNoPicture does not decode what is larger than any photo.
func TestATooLargeFileIsNoPicture(t *testing.T) {
	_, verdict, err := decoder(t, "decode-picture").Make(context.Background(), storetest.Open(t), homeward.Operator, homeward.Exhibit{Size: 65 << 20})
	if err != nil || verdict != evidence.VerdictLarge {
		t.Errorf("verdict %q: %v", verdict, err)
	}
}

func read(t *testing.T, open func() (io.ReadCloser, error)) []byte {
	t.Helper()
	r, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func pngOf(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// chunk is a chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// pngHead is a PNG that says how large it is, and ends.
func pngHead(w, h uint32) []byte {
	data := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(data, 8, 0, 0, 0, 0))...)
}

// withChunk puts a chunk behind the head of a PNG.
func withChunk(content []byte, kind string, data []byte) []byte {
	const head = 8 + 25
	return append(append(bytes.Clone(content[:head]), chunk(kind, data)...), content[head:]...)
}

func flipped(content []byte, at int) []byte {
	out := bytes.Clone(content)
	out[at] ^= 1
	return out
}

// jpegSaying changes the size that a JPEG's head says.
func jpegSaying(t *testing.T, content []byte, w, h uint16) []byte {
	t.Helper()
	at := bytes.Index(content, []byte{0xff, 0xc0})
	if at < 0 {
		t.Fatal("no head")
	}
	out := bytes.Clone(content)
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

// deflated is very little that unpacks to very much.
func deflated(t *testing.T, n int64) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := io.CopyN(w, zeros{}, n); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return out.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func gifOf(t *testing.T, frames int) []byte {
	t.Helper()
	g := &gif.GIF{}
	for range frames {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 0)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipOf(t *testing.T, names ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range names {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write([]byte("x"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// nested is an archive in an archive, n deep.
func nested(t *testing.T, n int) []byte {
	t.Helper()
	content := []byte("x")
	for range n {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		f, err := w.Create("inside.zip")
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		content = out.Bytes()
	}
	return content
}

func zipBomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("zeros")
	if err == nil {
		_, err = io.CopyN(f, zeros{}, 50<<20)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func tarOf(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, h := range []*tar.Header{
		{Name: "link", Linkname: "/etc/passwd", Typeflag: tar.TypeSymlink}, {Name: "hard", Linkname: "../../x", Typeflag: tar.TypeLink},
		{Name: "device", Typeflag: tar.TypeBlock, Devmajor: 8},
	} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
