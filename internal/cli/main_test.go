package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/homeward-registry/homeward/internal/store"
	"github.com/homeward-registry/homeward/internal/webarchive"
	"github.com/homeward-registry/homeward/internal/webarchive/webarchivetest"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary play the program when it is started under the program's name, in stories and in
// tests that kill it, and some small tools that stories use.
func TestMain(m *testing.M) {
	readingApart() // a test that keeps an exhibit starts its own binary to read it, which must not run the tests again
	testscript.Main(m, map[string]func(){
		"homeward": func() { os.Exit(Main()) },
		"first":    func() { tool(first) },
		"alter":    func() { tool(alter) },
		"pairof":   func() { tool(pairof) },
		"touched":  func() { tool(touched) },
		"policy":   func() { tool(policy) },
		"keypair":  func() { tool(keypair) },
		"renamed":  func() { tool(renamed) },
		"lose":     func() { tool(lose) },
		"archived": func() { tool(archived) },
	})
}

func tool(do func(args []string) error) {
	if err := do(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// first prints a field, such as left.record, of the first object in a JSON file.
func first(args []string) error {
	text, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		list = make([]map[string]any, 1)
		if err := json.Unmarshal(text, &list[0]); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		return errors.New("the list is empty")
	}
	var at any = list[0]
	for field := range strings.SplitSeq(args[0], ".") {
		at = at.(map[string]any)[field]
	}
	fmt.Print(at)
	return nil
}

// pairof prints the id of the pair of two rows, named by the ids that their sources' rows carry, in a JSON file.
func pairof(args []string) error {
	text, err := os.ReadFile(args[2])
	if err != nil {
		return err
	}
	var list []pair
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	for _, p := range list {
		if p.Left.SourceID == args[0] && p.Right.SourceID == args[1] || p.Left.SourceID == args[1] && p.Right.SourceID == args[0] {
			fmt.Print(p.Pair)
			return nil
		}
	}
	return errors.New("no such pair")
}

// policy writes a policy of a log and one witness that has no address.
func policy(args []string) error {
	text := fmt.Sprintf("log %s\nwitness red %s\nquorum red\n", args[1], args[2])
	return os.WriteFile(args[0], []byte(text), 0o644)
}

// alter changes one digit of a leaf in a database file.
func alter(args []string) error {
	text, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	at := bytes.Index(text, []byte(`{"c":"`))
	if at < 0 {
		return errors.New("no leaf in the file")
	}
	digit := &text[at+len(`{"c":"`)+10]
	*digit = map[bool]byte{true: '1', false: '0'}[*digit == '0']
	return os.WriteFile(args[0], text, 0o600)
}

// touched changes one bit of every file in a folder.
func touched(args []string) error {
	files, err := filepath.Glob(filepath.Join(args[0], "*"))
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		content[len(content)/2] ^= 1
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return err
		}
	}
	return err
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
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code":    code,
			"envfile": envfile,
		},
	})
}

// code runs a command and checks its exit code: code 3 homeward verify
func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	var ended *exec.ExitError
	err = ts.Exec(args[1], args[2:]...)
	if got := 0; err != nil {
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		if got = ended.ExitCode(); got != want {
			ts.Fatalf("exit code %d, want %d", got, want)
		}
	} else if want != 0 {
		ts.Fatalf("exit code 0, want %d", want)
	}
}

// envfile sets a variable to a file's content: envfile NAME=file
func envfile(ts *testscript.TestScript, _ bool, args []string) {
	name, file, _ := strings.Cut(args[0], "=")
	ts.Setenv(name, strings.TrimSpace(ts.ReadFile(file)))
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

// archived writes a web capture of a page that lies in a file.
func archived(args []string) error {
	page, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	file, err := os.Create(args[1])
	if err != nil {
		return err
	}
	return closing(file, webarchive.Write(file, webarchivetest.Page(page, nil), nil))
}
