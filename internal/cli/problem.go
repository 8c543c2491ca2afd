package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/store"
)

// The exit codes; doc.go states what they promise.
const (
	codeDone        = 0
	codeFault       = 1
	codeUsage       = 2
	codeNotFound    = 3
	codeInvalid     = 4
	codeConflict    = 5
	codeDenied      = 6
	codeTampered    = 7
	codeUnavailable = 8
)

// errUsage is a command line that says nothing we can do.
var errUsage = errors.New("wrong command line")

// kinds lists the kinds of failure with their exit codes and what to do about each when the error does not say.
var kinds = []struct {
	kind error
	code int
	next string
}{
	{errUsage, codeUsage, "homeward --help lists the commands; homeward COMMAND --help shows an example of each"},
	{homeward.ErrTampered, codeTampered, "keep the folder as it is, make a copy, and compare with a backup: homeward verify names every place"},
	{homeward.ErrNotFound, codeNotFound, "look at the id or the folder: homeward search, review list and user list show ids; homeward init makes a register"},
	{homeward.ErrInvalid, codeInvalid, "mend the input and run the command again; nothing was changed"},
	{homeward.ErrConflict, codeConflict, "look at what stands first: homeward review show PAIR, homeward show PERSON"},
	{homeward.ErrDenied, codeDenied, "ask an administrator for a role that may do this"},
	{store.ErrNewer, codeUnavailable, "use the program that brought the register up to date, or a later one; nothing was changed"},
	{store.ErrOlder, codeUnavailable, "make a copy of the folder, then run homeward init: it brings the register up to date"},
	{homeward.ErrUnavailable, codeUnavailable, "see that the database is running and the keys are in place, then run the command again"},
}

// explain writes what went wrong and what to do next, and returns the exit code.
func explain(w io.Writer, err error) int {
	if err == nil {
		return codeDone
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "homeward: interrupted; run the command again to go on where it stopped")
		return codeFault
	}
	code, next := codeFault, "run the command again; should it fail again, report it with this line"
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			code, next = k.code, k.next
			break
		}
	}
	if store.Full(err) {
		code, next = codeUnavailable, "no room is left on the disk: free some, then run the command again; what was done until now is kept"
	}
	var advised *advice
	if errors.As(err, &advised) {
		next = advised.next
	}
	fmt.Fprintf(w, "homeward: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	if next != "" {
		fmt.Fprintf(w, "  next: %s\n", next)
	}
	return code
}

// advice is an error that knows better than its kind what to do next.
type advice struct {
	err  error
	next string
}

func (a *advice) Error() string { return a.err.Error() }
func (a *advice) Unwrap() error { return a.err }

// advise adds what to do next.
func advise(err error, next string) error {
	if err == nil {
		return nil
	}
	return &advice{err, next}
}

// needs is a command line that lacks something.
func needs(what string) error { return advise(errUsage, what) }

// usageError turns what the parser says into words that repeat nothing of what was typed: arguments may hold names.
func usageError(err error) error {
	text := err.Error()
	switch {
	case strings.HasPrefix(text, "unexpected argument"):
		text = "too many arguments, or a command that does not exist"
	case strings.HasPrefix(text, "unknown flag"):
		text = "a flag that does not exist"
	case strings.Contains(text, " but got "):
		text, _, _ = strings.Cut(text, " but got ")
	case strings.Contains(text, "invalid syntax") || strings.Contains(text, "expected a valid"):
		text, _, _ = strings.Cut(text, ":")
		text += ": not a value of the right kind"
	}
	return fmt.Errorf("%w: %s", errUsage, text)
}

// openFile opens a file named on the command line. Its errors do not repeat the name, which may tell of someone.
func openFile(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err == nil {
		return f, nil
	}
	return nil, fileError("open the file", err)
}

func fileError(operation string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return advise(fmt.Errorf("%s: %w", operation, homeward.ErrNotFound), "look at the name of the file and the folder you are in")
	case errors.Is(err, fs.ErrPermission):
		return advise(fmt.Errorf("%s: %w", operation, homeward.ErrDenied), "see that you may read the file and write to its folder")
	case errors.Is(err, fs.ErrExist):
		return advise(fmt.Errorf("%s: it exists: %w", operation, homeward.ErrConflict), "name a file that does not exist yet")
	}
	return fmt.Errorf("%s: %w", operation, err)
}
