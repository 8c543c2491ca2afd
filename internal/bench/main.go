// Command bench measures Homeward on invented lists and on real ones, and prints the tables of docs/benchmarks.md.
//
//	go run ./internal/bench                       100,000 invented rows: import, unlock, linkage, verification
//	go run ./internal/bench -rows 10000           fewer
//	HOMEWARD_BENCH=DIR go run ./internal/bench    also the lists of public persons in DIR/eu, scored by their truth
//	go run ./internal/bench -measure NAME         one measure of linkage without a register, on an invented population
//
// What flows in: a number of rows and, for the real lists, a folder that is not in the repository. What flows out:
// Markdown on standard output. Each step runs in a process of its own on the store that the step before left, so that
// its time and its largest memory are its own; the steps go through the same rooms as the command line.
//
// A measure prints lines of words and of name=value, for people and for scripts; measures.go lists them. What a population is,
// and every rate of error in it, is in docs/synthetic.md.
//
// Lists are scored over pairs of records of different sources: recall is the share of true pairs that were proposed at
// all, precision the share of true ones among the pairs of probability 0.9 and more.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/homeward-registry/homeward/internal/store"
)

func main() {
	rows := flag.Int("rows", 100_000, "how many invented rows, about; of a measure, exactly")
	keep := flag.String("dir", "", "folder to work in; a temporary one when empty")
	step := flag.String("step", "", "run one step on the store in -dir (used by bench itself)")
	name := flag.String("measure", "", "instead: one measure of linkage, of "+measureNames())
	queries := flag.Int("queries", 1000, "of a measure: how many questions or altered children")
	flag.Parse()
	var err error
	switch {
	case *step != "":
		err = perform(context.Background(), *step, *keep)
	case *name != "":
		err = measureOne(*name, sizes{rows: *rows, queries: *queries, dir: *keep})
	default:
		err = registers(*rows, *keep)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// rowsPerChild is what the generator writes on average.
const rowsPerChild = 2.6

// registers measures lists that go through a register.
func registers(rows int, dir string) error {
	dir, done, err := folder(dir)
	if err != nil {
		return err
	}
	defer done()
	fmt.Printf("%s, %d processors, %s/%s\n\n", runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	invented := filepath.Join(dir, "invented")
	children := int(float64(rows) / rowsPerChild)
	if err := steps(invented, fmt.Sprintf("Invented lists, %d children", children), fmt.Sprintf("invent-%d", children), "import", "rebuild", "run", "unlock", "again", "verify", "score"); err != nil {
		return err
	}
	bench := os.Getenv("HOMEWARD_BENCH")
	if bench == "" {
		fmt.Println("SKIPPED: the lists of public persons were not measured, HOMEWARD_BENCH is not set.")
		return nil
	}
	public := filepath.Join(dir, "public")
	if err := os.MkdirAll(filepath.Join(public, "lists"), 0o700); err != nil {
		return err
	}
	for _, name := range []string{"latin.csv", "cyrillic.csv", "truth.csv"} {
		text, err := os.ReadFile(filepath.Join(bench, "eu", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(public, "lists", name), text, 0o600); err != nil {
			return err
		}
	}
	return steps(public, "Public persons on a Latin and a Cyrillic list (EU acts)", "import", "run", "score")
}

// folder returns the folder to work in, a temporary one when none is named, and what is to be done with it in the end.
func folder(named string) (dir string, done func(), err error) {
	if named != "" {
		return named, func() {}, nil
	}
	dir, err = os.MkdirTemp("", "homeward-bench-")
	return dir, func() { os.RemoveAll(dir) }, err
}

// steps makes a store in the folder and runs the steps on it, each in a process of its own.
func steps(dir, title string, names ...string) error {
	if _, err := store.Init(context.Background(), store.Settings{Dir: dir}); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Printf("### %s\n\n| step | result | time | most memory |\n| --- | --- | --- | --- |\n", title)
	for _, name := range names {
		cmd := exec.Command(self, "-step", name, "-dir", dir)
		cmd.Stderr = os.Stderr
		began := time.Now()
		out, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("step %s: %w", name, err)
		}
		took := time.Since(began).Round(10 * time.Millisecond)
		fmt.Printf("| %s | %s | %s | %d MiB |\n", name, strings.TrimSpace(string(out)), took, peak(cmd.ProcessState)>>20)
	}
	fmt.Println()
	return nil
}

// peak returns the largest resident memory of an ended process, in bytes.
func peak(ended *os.ProcessState) int64 {
	usage, ok := ended.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10 // Linux counts in KiB
}
