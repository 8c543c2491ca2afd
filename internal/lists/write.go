package lists

import (
	"encoding/json"
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
	"golang.org/x/sync/errgroup"
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
	there, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range there {
		if strings.HasPrefix(e.Name(), unfinished) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	told := l.tally()
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
		{PairsFile, func(w io.Writer) error { return l.writePairs(w, told) }},
		{ClustersFile, l.writeClusters},
		{ModelFile, l.writeModel},
		{ReportFile, func(w io.Writer) error { return l.writeReport(w, told) }},
	}
	var syncing errgroup.Group
	for _, f := range files {
		file, err := os.CreateTemp(dir, unfinished+"*")
		if err != nil {
			return errors.Join(err, syncing.Wait())
		}
		written[f.name] = file.Name()
		err = f.write(file)
		syncing.Go(func() error { return errors.Join(file.Sync(), file.Close()) })
		if err != nil {
			return errors.Join(fmt.Errorf("write %s: %w", f.name, err), syncing.Wait())
		}
	}
	if err := syncing.Wait(); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	for _, f := range files {
		if err := os.Rename(written[f.name], filepath.Join(dir, f.name)); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	return nil
}

// inParallel calls fn for every index below n, on every processor.
func inParallel(n int, fn func(int)) {
	inSpans(n, func(from, to int) {
		for i := from; i < to; i++ {
			fn(i)
		}
	})
}

// inSpans parts the indexes below n among processors.
func inSpans(n int, fn func(from, to int)) {
	workers := runtime.GOMAXPROCS(0)
	span := (n + workers - 1) / workers
	var wg sync.WaitGroup
	for from := 0; from < n; from += span {
		wg.Go(func() { fn(from, min(from+span, n)) })
	}
	wg.Wait()
}

// inOrder writes n texts, made on every processor: worker returns, for one goroutine, what appends a text. After some texts are
// written, wrote is told from which to which.
func inOrder(w io.Writer, n int, worker func() func(i int, to []byte) []byte, wrote func(from, to int)) error {
	const share = 4096
	workers := runtime.GOMAXPROCS(0)
	texts, appends := make([][]byte, workers), make([]func(int, []byte) []byte, workers)
	for k := range appends {
		appends[k] = worker()
	}
	for from := 0; from < n; from += share * workers {
		inParallel(workers, func(k int) {
			texts[k] = texts[k][:0]
			for i := from + k*share; i < min(from+(k+1)*share, n); i++ {
				texts[k] = appends[k](i, texts[k])
			}
		})
		for _, text := range texts {
			if _, err := w.Write(text); err != nil {
				return err
			}
		}
		wrote(from, min(from+share*workers, n))
	}
	return nil
}

// writePairs writes the pairs that are likely enough, and counts their patterns.
func (l *Linked) writePairs(w io.Writer, t *tally) error {
	if _, err := io.WriteString(w, "left_file,left_id,right_file,right_id,probability,weight,reasons\n"); err != nil {
		return err
	}
	all := int64(len(t.pairs))
	l.Options.Progress(StepExplain, 0, all)
	cite, patterns := l.citing(), make([]*pattern, len(t.pairs))
	worker := func() func(int, []byte) []byte {
		e := l.explainer()
		return func(i int, to []byte) []byte {
			p := l.Pairs[t.pairs[i]]
			signals := e.weigher.Signals(p)
			patterns[i] = e.pattern(signals)
			to = cite(cite(to, p.Left), p.Right)
			to = append(append(to, probability(p.Probability)...), ',')
			to = append(strconv.AppendFloat(to, p.Weight, 'f', 3, 64), ',')
			return append(e.reasons(to, signals), '\n')
		}
	}
	return inOrder(w, len(t.pairs), worker, func(from, to int) {
		for i := from; i < to; i++ {
			l.count(t, l.Pairs[t.pairs[i]], patterns[i])
		}
		l.Options.Progress(StepExplain, int64(to), all)
	})
}

// citing returns what appends the list and the id of a row as cells of CSV, each with a comma.
func (l *Linked) citing() func(to []byte, row int32) []byte {
	files := make([]string, len(l.Lists))
	for i, list := range l.Lists {
		files[i] = string(appendCell(nil, list.Name)) + ","
	}
	return func(to []byte, row int32) []byte {
		list, id := split(l.keys[row])
		return append(appendCell(append(to, files[list]...), id), ',')
	}
}

func (l *Linked) named(row int32) (file, id string) {
	list, id := split(l.keys[row])
	return l.Lists[list].Name, id
}

// probability writes a probability; one below one never becomes one by rounding.
func probability(p float64) string {
	if text := decimal(p, 6); p == 1 || !strings.HasPrefix(text, "1") {
		return text
	}
	return "0.999999"
}

func decimal(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }

// writeClusters writes every row with the number of its cluster, cluster by cluster.
func (l *Linked) writeClusters(w io.Writer) error {
	if _, err := io.WriteString(w, "file,id,cluster\n"); err != nil {
		return err
	}
	rows, numbers := l.Clusters.inOrder()
	cite := l.citing()
	worker := func() func(int, []byte) []byte {
		return func(i int, to []byte) []byte {
			to = strconv.AppendInt(cite(to, rows[i]), int64(numbers[i]), 10)
			return append(to, '\n')
		}
	}
	return inOrder(w, len(rows), worker, func(int, int) {})
}

func (l *Linked) writeModel(w io.Writer) error {
	text, err := json.Marshal(struct {
		*linkage.Model
		Calibration *linkage.Calibration
	}{l.Model, l.Calibration})
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}
