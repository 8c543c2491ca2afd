package cli

import (
	"context"

	"github.com/homeward-registry/homeward/internal/capture"
	"github.com/homeward-registry/homeward/internal/web/desk"
	"github.com/homeward-registry/homeward/internal/webarchive"
)

// captures returns how the desk captures pages; nil where the operator did not ask for it. What would stand in the way of every
// capture is said at the start.
func (c serveCmd) captures() (desk.Capture, error) {
	if c.Chromium == "" {
		if c.NoSandbox {
			return nil, needs("--no-sandbox goes with --chromium PROGRAM")
		}
		return nil, nil
	}
	o := capture.Options{Program: c.Chromium, Software: "Homeward " + thisBuild().Version, NoSandbox: c.NoSandbox}
	if err := capture.Ready(o); err != nil {
		return nil, notCaptured(err)
	}
	return func(ctx context.Context, address string) (webarchive.Capture, error) {
		return capture.Page(ctx, address, o)
	}, nil
}
