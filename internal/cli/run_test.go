package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/homeward-registry/homeward"
)

// TestEveryCommandShowsAnExample walks the command line and asks each command for help.
func TestEveryCommandShowsAnExample(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(false) {
		path := strings.Fields(command.Path())
		var out bytes.Buffer
		if code := Run(context.Background(), append(path, "--help"), Streams{In: strings.NewReader(""), Out: &out, Err: &out}); code != codeDone {
			t.Errorf("%v --help: exit code %d", path, code)
		}
		if want := "homeward " + strings.Join(path, " "); !strings.Contains(out.String(), "Example") || strings.Count(out.String(), want) < 2 {
			t.Errorf("%v --help shows no example", path)
		}
	}
}

func TestEachKindOfFailureHasItsExitCode(t *testing.T) {
	want := map[error]int{
		nil: 0, errors.New("anything else"): 1, errUsage: 2, homeward.ErrNotFound: 3, homeward.ErrInvalid: 4,
		homeward.ErrConflict: 5, homeward.ErrDenied: 6, homeward.ErrTampered: 7, homeward.ErrUnavailable: 8,
	}
	for err, code := range want {
		if err != nil {
			err = fmt.Errorf("do: %w", err)
		}
		var out bytes.Buffer
		if got := explain(&out, err); got != code {
			t.Errorf("%v: exit code %d, want %d", err, got, code)
		}
		if err != nil && !strings.Contains(out.String(), "next: ") {
			t.Errorf("%v: nothing is said about what to do next", err)
		}
	}
}
