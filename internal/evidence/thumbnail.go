package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// ThumbnailType is what every thumbnail is, whatever it was made of.
const ThumbnailType = "image/jpeg"

// Thumbnails makes small pictures of photos in a process of its own, which reaches no network and is bound in memory and time:
// what decodes a picture that a stranger sent does not run where the keys are. The zero value makes none.
type Thumbnails struct {
	Program string   // this program
	Args    []string // that make it call [DecodePicture] with its standard streams
}

// Verdict is what became of a picture that was to be made small.
type Verdict string

const (
	VerdictMade    Verdict = "made"
	VerdictForeign Verdict = "not a picture that is read here" // JPEG, PNG and GIF are
	VerdictLarge   Verdict = "too large"                       // in bytes or in pixels
	VerdictBroken  Verdict = "broken"                          // the picture, or what decodes it
	VerdictStopped Verdict = "stopped at a limit"              // of time or memory
	VerdictNone    Verdict = "no process to decode in"         // the machine does not give one that is closed off
)

const (
	pictureBytes   = 64 << 20
	pictureTime    = 20 * time.Second
	thumbnailBytes = 1 << 20
)

// Make makes a thumbnail of an exhibit and keeps it as a derivative. Whatever the verdict, the exhibit stays as it is.
func (t Thumbnails) Make(ctx context.Context, db *store.DB, actor homeward.Actor, e homeward.Exhibit) (homeward.Exhibit, Verdict, error) {
	if e.Size > pictureBytes {
		return homeward.Exhibit{}, VerdictLarge, nil
	}
	line := homeward.Custody{Act: homeward.CustodyAccessed, Purpose: "a thumbnail"}
	_, original, err := db.ReadExhibit(ctx, actor, e.ID, line)
	if err != nil {
		return homeward.Exhibit{}, "", fmt.Errorf("make thumbnail: %w", err)
	}
	small, verdict, err := t.run(ctx, original)
	if err := errors.Join(err, original.Close()); err != nil || verdict != VerdictMade {
		return homeward.Exhibit{}, verdict, err
	}
	made, err := Receive(ctx, db, actor, Delivery{
		Exhibit: homeward.Exhibit{
			Kind: homeward.ExhibitThumbnail, Parent: e.ID,
			Intake: homeward.Intake{Name: "thumbnail.jpg", Collector: "Homeward", Method: homeward.MethodDerived, Tool: "Homeward, image decoders of Go; metadata left out"},
		},
		Purpose: "to be shown in place of the photo", Bytes: bytes.NewReader(small),
	})
	return made, VerdictMade, err
}

// run decodes in a process of its own. An error is one of reading the exhibit; what the process did is the verdict.
func (t Thumbnails) run(ctx context.Context, picture io.Reader) ([]byte, Verdict, error) {
	ctx, stop := context.WithTimeout(ctx, pictureTime)
	defer stop()
	content, err := io.ReadAll(picture) // at most pictureBytes, and whole, or what is read was not received
	if err != nil {
		return nil, "", fmt.Errorf("make thumbnail: %w", err)
	}
	for _, closed := range closedOff() {
		cmd := exec.CommandContext(ctx, t.Program, t.Args...)
		cmd.Env, cmd.Dir, cmd.SysProcAttr = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}, "/", closed
		cmd.Stdin = bytes.NewReader(content)
		out := &atMost{left: thumbnailBytes}
		cmd.Stdout = out
		err := cmd.Run()
		if started := cmd.ProcessState != nil; started {
			return out.Bytes(), verdictOf(ctx, err, out), nil
		}
	}
	return nil, VerdictNone, nil
}

// The exit codes of [DecodePicture] in a process of its own.
const (
	exitForeign = 10
	exitLarge   = 11
	exitBroken  = 12
)

func verdictOf(ctx context.Context, err error, out *atMost) Verdict {
	var ended *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return VerdictStopped
	case err == nil && out.Len() > 0 && bytes.HasPrefix(out.Bytes(), []byte{0xff, 0xd8, 0xff}):
		return VerdictMade
	case !errors.As(err, &ended):
		return VerdictBroken
	}
	switch ended.ExitCode() {
	case exitForeign:
		return VerdictForeign
	case exitLarge:
		return VerdictLarge
	case exitBroken:
		return VerdictBroken
	}
	return VerdictStopped // killed, or out of memory
}

// atMost keeps what is written to it, up to a limit; beyond it writing fails.
type atMost struct {
	bytes.Buffer
	left int
}

func (a *atMost) Write(p []byte) (int, error) {
	if a.left -= len(p); a.left < 0 {
		return 0, io.ErrShortBuffer
	}
	return a.Buffer.Write(p)
}
