package cli

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/homeward-registry/homeward/internal/store"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary play the program when it is started under the program's name, in stories and in
// tests that kill it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"homeward": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := Run(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
		stop()
		os.Exit(code)
	}})
}

// TestStories runs the command line as its users do.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/stories",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("HOMEWARD_DIR", env.WorkDir+"/register")
			return nil
		},
	})
}

// program returns a command that runs this program on the store at s, in a process of its own.
func program(t *testing.T, s store.Settings, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = append([]string{"homeward"}, args...)
	cmd.Env = append(os.Environ(), "HOMEWARD_DIR="+s.Dir, "HOMEWARD_DATABASE="+s.Database, "HOMEWARD_KEYS="+s.Keys)
	return cmd
}

// must runs the program, fails the test when it fails, and returns what it printed.
func must(t *testing.T, s store.Settings, args ...string) string {
	t.Helper()
	cmd := program(t, s, args...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("homeward %s: %v: %s", args[0], err, errs.String())
	}
	return string(out)
}
