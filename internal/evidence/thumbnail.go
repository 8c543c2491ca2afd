package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	content, err := io.ReadAll(picture) // at most pictureBytes, and whole, or what is read was not received
	if err != nil {
		return nil, "", fmt.Errorf("make thumbnail: %w", err)
	}
	small, verdict := t.of(ctx, content)
	return small, verdict, nil
}

// of makes a small picture of one in memory.
func (t Thumbnails) of(ctx context.Context, picture []byte) ([]byte, Verdict) {
	small, verdict := apart(ctx, pictureTime, thumbnailBytes, bytes.NewReader(picture), t.Program, t.Args...)
	if verdict == VerdictMade && !bytes.HasPrefix(small, []byte{0xff, 0xd8, 0xff}) {
		verdict = VerdictBroken
	}
	return small, verdict
}
