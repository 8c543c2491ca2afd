package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"time"
)

// Verdict is what became of a stranger's bytes that were to be read in a process of its own.
type Verdict string

const (
	VerdictMade    Verdict = "made"
	VerdictForeign Verdict = "not a picture that is read here" // JPEG, PNG and GIF are
	VerdictLarge   Verdict = "too large"                       // in bytes or in pixels
	VerdictBroken  Verdict = "broken"                          // the bytes, or what reads them
	VerdictStopped Verdict = "stopped at a limit"              // of time or memory
	VerdictNone    Verdict = "no process to decode in"         // the machine does not give one that is closed off
)

// apart starts a program that reaches no network, gives it what it is to read and returns what it wrote, at most so many bytes in
// at most so long. A file is given as it is, so that the program can move in it.
func apart(ctx context.Context, long time.Duration, most int, in io.Reader, program string, args ...string) ([]byte, Verdict) {
	ctx, stop := context.WithTimeout(ctx, long)
	defer stop()
	for _, closed := range closedOff() {
		cmd := exec.CommandContext(ctx, program, args...)
		cmd.Env, cmd.Dir, cmd.SysProcAttr = []string{"GOMAXPROCS=1", "GOTRACEBACK=none"}, "/", closed
		cmd.Stdin = in
		out := &atMost{left: most}
		cmd.Stdout = out
		err := cmd.Run()
		if started := cmd.ProcessState != nil; started {
			return out.Bytes(), verdictOf(ctx, err, out)
		}
	}
	return nil, VerdictNone
}

// The exit codes of such a process.
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
	case err == nil && out.Len() > 0:
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
