package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
	"github.com/homeward-registry/homeward/internal/lists"
)

type linkCmd struct {
	Files     []string `arg:"" help:"The lists: CSV, TSV, XLSX or JSON lines." type:"path"`
	Out       string   `required:"" help:"Folder to write to: new, empty, or of an earlier run." type:"path" placeholder:"DIR"`
	ID        string   `name:"id" help:"Column that holds the id of a row (default: as recognised, else rows are numbered)." placeholder:"COL"`
	Map       string   `help:"JSON file that says what columns hold." type:"path" placeholder:"FILE"`
	AsOf      string   `help:"When the lists speak; ages are counted from it." placeholder:"DATE"`
	Threshold float64  `help:"Probability from which on a pair speaks for joining." default:"0.5"`
	OneToOne  bool     `help:"No list holds a child twice: link lists only, one row to one."`
	Truth     string   `help:"Column that holds the true cluster, or a file of two columns of ids that are one child: prints how well it went." placeholder:"COL|FILE"`
}

func (linkCmd) Help() string {
	return `Links lists without a register. One list is searched for duplicates; of several, rows are linked across lists and within them. Columns are recognised from their headings in Ukrainian, Russian and English; a mapping says what others hold: {"columns":{"given":"name.given","surname":"name.family","dob":"birth.date","job":"text:job"}}. The paths are those of homeward import --help. Columns that a mapping keeps as text are compared too, each by itself, and so are postcode, occupation, state, street number and religion, fifteen at most; what is printed says which columns are not weighed.

Writes into the folder:

  pairs.csv      left_file,left_id,right_file,right_id,probability,weight,reasons: every pair of probability 0.01 and more, or of the threshold where that is lower
  clusters.csv   file,id,cluster: every row, in the cluster it belongs to at the threshold
  model.json     what the weights depend on, frequencies of names included: keep it as you keep the lists
  report.html    charts and the pairs that most need a human eye; one file that asks nothing of the network

The same lists give the same files. Nothing is kept elsewhere.

Examples:

  homeward link A.csv --out result
  homeward link A.csv B.csv --map MAP.json --one-to-one --out result
  homeward link A.csv --truth cluster --out result --json`
}

// linkGCPercent lets memory grow by three quarters of what is in use before garbage is collected: nearly all that link holds stays in use to its
// end, and twice as much is memory that other work on the machine lacks.
const linkGCPercent = 75

// linked is what a run of link printed.
type linked struct {
	Out       string        `json:"out"`
	Lists     []linkedList  `json:"lists"`
	Threshold float64       `json:"threshold"`
	Proposed  int           `json:"pairs_proposed"`
	Pairs     int           `json:"pairs_at_threshold"`
	Rows      int           `json:"rows"`
	Clusters  int           `json:"clusters"`
	Joined    int           `json:"clusters_of_several"`
	Scores    *lists.Scores `json:"scores,omitempty"`
}

type linkedList struct {
	File    string         `json:"file"`
	Rows    int            `json:"rows"`
	Counted bool           `json:"rows_numbered"`
	Columns []lists.Column `json:"columns"`
}

func (c linkCmd) Run(sh *shell) error {
	if !(c.Threshold > 0 && c.Threshold < 1) {
		return needs("--threshold wants a probability between 0 and 1, such as 0.5")
	}
	o := lists.Options{ID: strings.TrimSpace(c.ID), Threshold: c.Threshold, OneToOne: c.OneToOne}
	if err := c.options(&o); err != nil {
		return err
	}
	if err := lists.Clear(c.Out); err != nil {
		return fileErrorUnlessKnown("make the folder given with --out", err)
	}
	opened, err := c.open(&o)
	defer func() {
		for _, f := range opened {
			f.Close() // read only
		}
	}()
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(linkGCPercent))
	bar := sh.progress(string(lists.StepRead))
	defer bar.end()
	at := lists.StepRead
	o.Progress = func(step lists.Step, done, total int64) {
		if step != at {
			bar.step(string(step))
			at = step
		}
		bar.at(done, total)
	}
	l, err := lists.Link(sh.ctx, o)
	if err != nil {
		return err
	}
	if err := l.Write(c.Out); err != nil {
		return fileErrorUnlessKnown("write the result", err)
	}
	bar.end()
	result := linkedBy(l, c.Out)
	return sh.print(result, result.words)
}

// options reads the files that flags name.
func (c linkCmd) options(o *lists.Options) (err error) {
	if c.AsOf != "" {
		dates := homeward.ParseDates(c.AsOf, homeward.Date{})
		if len(dates) != 1 {
			return needs("--as-of wants one date, such as 2025-02-22, 2025-02 or 2025")
		}
		o.AsOf = dates[0]
	}
	if c.Map != "" {
		file, err := openFile(c.Map)
		if err != nil {
			return err
		}
		if o.Mapping, err = intake.ParseMapping(file); closing(file, err) != nil {
			return err
		}
	}
	if c.Truth == "" {
		return nil
	}
	file, err := os.Open(c.Truth)
	if errors.Is(err, fs.ErrNotExist) {
		o.Truth = strings.TrimSpace(c.Truth)
		return nil
	}
	if err != nil {
		return fileError("open the truth", err)
	}
	if o.Known, err = lists.ReadPairs(file); err != nil {
		err = fmt.Errorf("read the truth: %w", err)
	}
	return closing(file, err)
}

// open opens the lists. Those opened are returned with the error, for closing.
func (c linkCmd) open(o *lists.Options) (opened []*os.File, err error) {
	bases := map[string]int{}
	for _, name := range c.Files {
		bases[filepath.Base(name)]++
	}
	seen := map[string]bool{}
	for _, name := range c.Files {
		if seen[name] {
			return opened, needs("a list is named twice: name it once, and it is searched for duplicates")
		}
		seen[name] = true
		file, err := openFile(name)
		if err != nil {
			return opened, err
		}
		opened = append(opened, file)
		if base := filepath.Base(name); bases[base] == 1 {
			name = base
		}
		o.Files = append(o.Files, lists.File{Name: name, File: file})
	}
	return opened, nil
}

// fileErrorUnlessKnown leaves an error that says what to do as it is.
func fileErrorUnlessKnown(operation string, err error) error {
	if errors.Is(err, homeward.ErrConflict) || errors.Is(err, homeward.ErrInvalid) {
		return advise(err, "name another folder with --out, or empty this one")
	}
	return fileError(operation, err)
}

func linkedBy(l *lists.Linked, out string) linked {
	result := linked{Out: out, Threshold: l.Options.Threshold, Proposed: l.Blocking.Proposed, Rows: l.Rows, Scores: l.Scores}
	result.Clusters, result.Joined = l.Clusters.Parts()
	for _, list := range l.Lists {
		result.Lists = append(result.Lists, linkedList{list.Name, list.Rows, list.Counted, list.Columns})
	}
	for _, p := range l.Pairs {
		if p.Probability >= l.Options.Threshold {
			result.Pairs++
		}
	}
	return result
}

func (r linked) words(w io.Writer) {
	for _, list := range r.Lists {
		fmt.Fprintf(w, "%s\t%s\n", list.File, many(list.Rows, "row"))
		for _, c := range list.Columns {
			weighed := ""
			if !c.Weighed {
				weighed = "not weighed"
			}
			fmt.Fprintf(w, "  %s\t%s\t%s\n", c.Heading, c.Holds, weighed)
		}
		if list.Counted {
			fmt.Fprintln(w, "  no column holds an id: rows are numbered from 1")
		}
	}
	fmt.Fprintf(w, "pairs proposed\t%s\n", amount(r.Proposed))
	fmt.Fprintf(w, "pairs at %g and more\t%s\n", r.Threshold, amount(r.Pairs))
	fmt.Fprintf(w, "clusters\t%s\t%s of more than one row\n", amount(r.Clusters), amount(r.Joined))
	if s := r.Scores; s != nil {
		fmt.Fprintf(w, "\nscored against %s\tprecision\trecall\tF1\n", many(s.TruePairs, "true pair"))
		for _, line := range []struct {
			of string
			s  lists.Score
		}{
			{fmt.Sprintf("pairs at %g", r.Threshold), s.AtThreshold}, {fmt.Sprintf("pairs at best, %.4f", s.BestThreshold), s.Best},
			{"pairs in clusters", s.Clustered}, {"B-cubed", s.BCubed},
		} {
			fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\n", line.of, line.s.Precision, line.s.Recall, line.s.F1)
		}
		fmt.Fprintf(w, "true pairs proposed\t\t%.4f\n", s.BlockingRecall)
		fmt.Fprintf(w, "calibration error\t%.4f\n", s.CalibrationError)
	}
	fmt.Fprintf(w, "\nWritten to the folder: %s, %s, %s, %s.\n", lists.PairsFile, lists.ClustersFile, lists.ModelFile, lists.ReportFile)
}
