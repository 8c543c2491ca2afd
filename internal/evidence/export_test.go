package evidence

import (
	"context"
	"io"
)

// Run is the process alone, without a register.
func (t Thumbnails) Run(ctx context.Context, picture io.Reader) ([]byte, Verdict, error) {
	return t.run(ctx, picture)
}
