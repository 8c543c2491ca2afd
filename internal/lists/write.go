package lists

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
)

// Floor is the probability below which a pair is not written, unless the threshold lies lower.
const Floor = 0.01

// The files of a result.
const (
	PairsFile    = "pairs.csv"
	ClustersFile = "clusters.csv"
	ModelFile    = "model.json"
	ReportFile   = "report.html"
)

// unfinished is how files are named until they are whole.
const unfinished = ".homeward-link-"

// Clear makes the folder where it is missing, and refuses one that holds anything but an earlier result.
func Clear(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if name := e.Name(); !e.Type().IsRegular() || !slices.Contains([]string{PairsFile, ClustersFile, ModelFile, ReportFile}, name) && !strings.HasPrefix(name, unfinished) {
			return fmt.Errorf("the folder given with --out holds other things, which are left alone: name one that is empty or new: %w", homeward.ErrConflict)
		}
	}
	return nil
}

// Write writes the result into a folder that [Clear] made ready. Files of an earlier result are replaced, each at once;
// should one fail, nothing is replaced.
func (l *Linked) Write(dir string) (err error) {
	stale, err := filepath.Glob(filepath.Join(dir, unfinished+"*"))
	if err != nil {
		return err
	}
	for _, name := range stale {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	explained := l.explain()
	written := map[string]string{} // name -> name until it is whole
	defer func() {
		for _, at := range written {
			os.Remove(at) // those that were renamed are not there any more
		}
	}()
	files := []struct {
		name  string
		write func(io.Writer) error
	}{
		{PairsFile, func(w io.Writer) error { return l.writePairs(w, explained) }},
		{ClustersFile, l.writeClusters},
		{ModelFile, l.writeModel},
		{ReportFile, func(w io.Writer) error { return l.writeReport(w, explained) }},
	}
	for _, f := range files {
		if written[f.name], err = writeFile(dir, f.write); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	for _, f := range files {
		if err := os.Rename(written[f.name], filepath.Join(dir, f.name)); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

func writeFile(dir string, write func(io.Writer) error) (name string, err error) {
	f, err := os.CreateTemp(dir, unfinished+"*")
	if err != nil {
		return "", err
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = errors.Join(write(w), w.Flush(), f.Sync(), f.Close())
	return f.Name(), err
}

// explained is a pair with why.
type explained struct {
	linkage.Pair
	signals []linkage.Signal
}

// explain returns the pairs that are written, the most probable first, each with its signals.
func (l *Linked) explain() []explained {
	floor := min(Floor, l.Options.Threshold)
	var out []explained
	for _, p := range l.Pairs {
		if p.Probability >= floor {
			out = append(out, explained{Pair: p})
		}
	}
	slices.SortStableFunc(out, func(a, b explained) int { return cmp.Compare(b.Weight, a.Weight) })
	const atOnce = 10_000
	for from := 0; from < len(out); from += atOnce {
		l.Options.Progress(StepExplain, int64(from), int64(len(out)))
		part := out[from:min(from+atOnce, len(out))]
		inParallel(len(part), func(i int) {
			_, part[i].signals, _ = l.index.Weigh(l.Model, part[i].Left, part[i].Right)
		})
	}
	return out
}

// inParallel calls fn for every index below n, on every processor.
func inParallel(n int, fn func(int)) {
	workers := runtime.GOMAXPROCS(0)
	span := (n + workers - 1) / workers
	var wg sync.WaitGroup
	for lo := 0; lo < n; lo += span {
		wg.Go(func() {
			for i := lo; i < min(lo+span, n); i++ {
				fn(i)
			}
		})
	}
	wg.Wait()
}

func (l *Linked) writePairs(w io.Writer, pairs []explained) error {
	out := csv.NewWriter(w)
	out.Write([]string{"left_file", "left_id", "right_file", "right_id", "probability", "weight", "reasons"}) // an error shows in out.Error
	for _, p := range pairs {
		leftFile, leftID := l.named(p.Left)
		rightFile, rightID := l.named(p.Right)
		out.Write([]string{leftFile, leftID, rightFile, rightID, probability(p.Probability), decimal(p.Weight, 3), l.reasons(p.signals)})
	}
	out.Flush()
	return out.Error()
}

func (l *Linked) named(k string) (file, id string) {
	list, id := split(k)
	return l.Lists[list].Name, id
}

// reasons writes signals as words with their bits.
func (l *Linked) reasons(signals []linkage.Signal) string {
	words := make([]string, len(signals))
	for i, s := range signals {
		text := s.Reason.String()
		if len(s.Reason.Args) == 0 {
			text = l.extras.words(s)
		}
		words[i] = fmt.Sprintf("%s %+.1f", text, s.Weight)
	}
	return strings.Join(words, "; ")
}

// probability writes a probability; one below one never becomes one by rounding.
func probability(p float64) string {
	if text := decimal(p, 6); p == 1 || !strings.HasPrefix(text, "1") {
		return text
	}
	return "0.999999"
}

func decimal(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }

func (l *Linked) writeClusters(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"file", "id", "cluster"})
	for i, c := range l.Clusters {
		for _, k := range c {
			file, id := l.named(k)
			out.Write([]string{file, id, strconv.Itoa(i + 1)})
		}
	}
	out.Flush()
	return out.Error()
}

func (l *Linked) writeModel(w io.Writer) error {
	text, err := l.Model.Encode()
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}
