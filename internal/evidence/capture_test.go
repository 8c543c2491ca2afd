package evidence_test

import (
	"bytes"
	"context"
	"image"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/evidence"
	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/store/storetest"
	"github.com/homeward-registry/homeward/internal/webarchive"
	"github.com/homeward-registry/homeward/internal/webarchive/webarchivetest"
)

func examiner(t *testing.T, reader ...string) evidence.Captures {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return evidence.Captures{Program: self, Reader: reader, Picture: []string{"decode-page"}}
}

func captureOf(t *testing.T, markup string, shot []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	err := webarchive.Write(&out, webarchivetest.Page([]byte(markup), shot), nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestACaptureIsExaminedAndKeptAsItIs keeps captures, good and hostile: the verdict is in the examination's intake record, the
// text in its bytes, the screenshot is a small picture, and the capture is what was received. The ledger verifies.
func TestACaptureIsExaminedAndKeptAsItIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		good := captureOf(t, "<p>один<script>двічі</script>", pngOf(t, 1280, 9000))
		for _, x := range []struct {
			name    string
			content []byte
			verdict webarchive.Verdict
			shots   int
		}{
			{"good.wacz", good, webarchive.Whole, 1},
			{"no-shot.wacz", captureOf(t, "<p>x", nil), webarchive.Whole, 0},
			{"a-shot-that-is-none.wacz", captureOf(t, "<p>x", []byte("<svg onload=alert(1)>")), webarchive.Whole, 0},
			{"flipped.wacz", flipped(good, len(good)/2), webarchive.Damaged, 1},
			{"cut.wacz", good[:len(good)-40], webarchive.Unreadable, 0},
			{"bomb.zip", zipBomb(t), webarchive.Damaged, 0},
			{"ways-out.zip", zipOf(t, "../../etc/passwd", "/abs", `C:\x`), webarchive.Damaged, 0},
			{"empty", nil, webarchive.Unreadable, 0},
		} {
			e, err := evidence.Receive(ctx, db, homeward.Operator, evidence.Delivery{
				Exhibit: homeward.Exhibit{Kind: homeward.ExhibitCapture, Intake: homeward.Intake{Name: x.name}}, Bytes: bytes.NewReader(x.content),
			})
			if err != nil {
				t.Fatal(err)
			}
			made, verdict, err := examiner(t, "read-capture").Examine(ctx, db, homeward.Operator, e)
			if err != nil || verdict != evidence.VerdictMade || made.Intake.Verdict != string(x.verdict) {
				t.Errorf("%s: %q, verdict %q, want %q: %v", x.name, verdict, made.Intake.Verdict, x.verdict, err)
				continue
			}
			r, err := evidence.Examination(ctx, db, homeward.Operator, made.ID)
			if err != nil || r.Verdict != x.verdict || x.name == "good.wacz" && (len(r.Pages) != 1 || r.Pages[0].Text != "один") {
				t.Errorf("%s: %+v: %v", x.name, r, err)
			}
			if shots := shotsOf(t, db, e); shots != x.shots && x.name != "flipped.wacz" {
				t.Errorf("%s: %d screenshots, want %d", x.name, shots, x.shots)
			}
			line, err := db.VerifyExhibit(ctx, homeward.Operator, e.ID, "test")
			if err != nil || !line.Whole() {
				t.Errorf("%s: not as it was received: %v", x.name, err)
			}
		}
		if v, err := db.Verify(ctx, homeward.Operator, nil); err != nil || !v.OK() {
			t.Errorf("verify: %v %v", v.Findings, err)
		}
	})
}

// shotsOf counts the thumbnails of a capture, and looks whether they are pictures of the top of a page.
func shotsOf(t *testing.T, db *store.DB, e homeward.Exhibit) (n int) {
	t.Helper()
	var list []homeward.Exhibit
	err := db.View(context.Background(), homeward.Operator, func(tx *store.Tx) (err error) {
		list, err = tx.Exhibits(store.ExhibitFilter{Parent: e.ID, Kind: homeward.ExhibitThumbnail})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, small := range list {
		content := read(t, func() (io.ReadCloser, error) {
			_, r, err := db.ReadExhibit(context.Background(), homeward.Operator, small.ID, homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "to look"})
			return r, err
		})
		head, format, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || format != "jpeg" || head.Height != 960 || head.Width != 640 {
			t.Errorf("a screenshot of %dx%d, %s: %v", head.Width, head.Height, format, err)
		}
	}
	return len(list)
}

// TestNobodyBringsAnExaminationIn refuses what says that it is the program's own verdict.
func TestNobodyBringsAnExaminationIn(t *testing.T) {
	db, ctx := storetest.Open(t), context.Background()
	e, err := evidence.Receive(ctx, db, homeward.Operator, evidence.Delivery{
		Exhibit: homeward.Exhibit{Kind: homeward.ExhibitCapture}, Bytes: strings.NewReader("x"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, forged := range []homeward.Exhibit{
		{Kind: homeward.ExhibitExamination, Parent: e.ID},
		{Kind: homeward.ExhibitTranscript, Parent: e.ID, Intake: homeward.Intake{Verdict: string(webarchive.Whole)}},
	} {
		if _, err := evidence.Receive(ctx, db, homeward.Operator, evidence.Delivery{Exhibit: forged, Bytes: strings.NewReader("{}")}); err == nil {
			t.Errorf("%s came in", forged.Kind)
		}
	}
}

// TestWhatReadsCapturesReachesNoNetwork starts the process with a program that dials out.
func TestWhatReadsCapturesReachesNoNetwork(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, verdict := examiner(t, "dial", l.Addr().String()).Read(context.Background(), bytes.NewReader(nil))
	if verdict == evidence.VerdictMade || verdict == evidence.VerdictNone {
		t.Errorf("verdict %q", verdict)
	}
	soon, stop := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer stop()
	if _, verdict = examiner(t, "sleep").Read(soon, bytes.NewReader(nil)); verdict != evidence.VerdictStopped {
		t.Errorf("time: verdict %q", verdict)
	}
}
