package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
)

// link measures one list that is searched for duplicates.
func link(s sizes) error {
	return throughLink("link", s, synth.PopulationOptions{Rows: s.rows, Seed: seed}, false)
}

// lists measures three lists, with relatives, origin and looks.
func lists(s sizes) error {
	return throughLink("lists", s, synth.PopulationOptions{Rows: s.rows, Lists: 3, Seed: seed}, true)
}

// throughLink writes a population and links it by the command anybody uses: once for its time and memory, knowing nothing of
// the truth; once more for the scores.
func throughLink(name string, s sizes, o synth.PopulationOptions, wide bool) error {
	dir, done, err := folder(s.dir)
	if err != nil {
		return err
	}
	defer done()
	p := synth.Populate(o)
	people := filepath.Join(dir, "people")
	if err := p.Write(context.Background(), synth.Writing{Dir: people, Wide: wide}); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(people, "people*.csv"))
	if err != nil {
		return err
	}
	program := filepath.Join(dir, "homeward")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/homeward-registry/homeward/cmd/homeward").CombinedOutput(); err != nil {
		return fmt.Errorf("build homeward: %w\n%s", err, out)
	}
	blind := filepath.Join(dir, "blind.json")
	if err := os.WriteFile(blind, []byte(`{"columns":{"cluster":"ignore"}}`), 0o600); err != nil {
		return err
	}
	timed, err := runLink(program, files, "--map", blind, "--out", filepath.Join(dir, "timed"))
	if err != nil {
		return err
	}
	result := filepath.Join(dir, "scored")
	scored, err := runLink(program, files, "--truth", "cluster", "--out", result)
	if err != nil {
		return err
	}
	return report(name, p, timed, scored, result)
}

// run is what one run of homeward link came to.
type run struct {
	took   time.Duration
	memory int64 // MiB
	said   struct {
		Proposed int `json:"pairs_proposed"`
		Scores   struct {
			Blocking    float64 `json:"blocking_recall"`
			AtThreshold figures `json:"pairs_at_threshold"`
			Best        figures `json:"pairs_best"`
			Clustered   figures `json:"pairs_in_clusters"`
			BCubed      figures `json:"b_cubed"`
			Calibration float64 `json:"calibration_error"`
		} `json:"scores"`
	}
}

type figures struct {
	Precision, Recall, F1 float64
}

func runLink(program string, files []string, flags ...string) (r run, err error) {
	cmd := exec.Command(program, append(append([]string{"link", "--json"}, files...), flags...)...)
	cmd.Stderr = os.Stderr
	began := time.Now()
	out, err := cmd.Output()
	if err != nil {
		return r, fmt.Errorf("link: %w", err)
	}
	r.took, r.memory = time.Since(began), peak(cmd.ProcessState)>>20
	return r, json.Unmarshal(out, &r.said)
}

func report(name string, p *synth.Population, timed, scored run, result string) error {
	s := scored.said.Scores
	line(name, "rows", p.Len(), "seconds", timed.took, "mib", timed.memory, "f1_pairs", s.AtThreshold.F1, "precision", s.AtThreshold.Precision, "recall", s.AtThreshold.Recall,
		"f1_best", s.Best.F1, "f1_clusters", s.Clustered.F1, "precision_clusters", s.Clustered.Precision, "recall_clusters", s.Clustered.Recall, "b_cubed", s.BCubed.F1, "blocking_recall", s.Blocking, "proposed", scored.said.Proposed)
	line(name+"-calibration", "rows", p.Len(), "error", s.Calibration)
	all, weighed, joined, err := siblings(p, result)
	line(name+"-siblings", "rows", p.Len(), "pairs", all.siblings, "at_half", ratio(weighed.siblings, all.siblings), "in_clusters", ratio(joined.siblings, all.siblings),
		"twins", all.twins, "twins_at_half", ratio(weighed.twins, all.twins), "twins_in_clusters", ratio(joined.twins, all.twins))
	return err
}

// who is the truth about a row, and nothing else.
type who struct {
	household, child int32
	born             homeward.Day
}

func about(r synth.Row) who { return who{int32(r.Household), int32(r.Child), r.Birthday} }

// kin counts pairs of rows of two children of one household, twins among them.
type kin struct{ siblings, twins int }

func (k *kin) note(a, b who) {
	if a.household != b.household || a.child == b.child {
		return
	}
	k.siblings++
	k.twins += one(a.born == b.born)
}

func (k *kin) within(rows []who) {
	for i, a := range rows {
		for _, b := range rows[:i] {
			k.note(a, b)
		}
	}
}

// siblings counts the pairs of siblings there are, those that were weighed one half or more, and those in one cluster.
func siblings(p *synth.Population, result string) (all, weighed, joined kin, err error) {
	truth, households, clusters := make([]who, p.Len()), map[int32][]who{}, map[string][]who{}
	for r := range p.All() {
		truth[r.Number] = about(r)
		households[truth[r.Number].household] = append(households[truth[r.Number].household], truth[r.Number])
	}
	for _, rows := range households {
		all.within(rows)
	}
	err = eachLine(filepath.Join(result, "pairs.csv"), func(cells []string) error {
		probability, err := strconv.ParseFloat(cells[4], 64)
		if err == nil && probability >= 0.5 {
			weighed.note(truth[numberOf(cells[1])], truth[numberOf(cells[3])])
		}
		return err
	})
	if err != nil {
		return all, weighed, joined, err
	}
	err = eachLine(filepath.Join(result, "clusters.csv"), func(cells []string) error {
		cluster := strings.Clone(cells[2]) // not the whole line
		clusters[cluster] = append(clusters[cluster], truth[numberOf(cells[1])])
		return nil
	})
	for _, rows := range clusters {
		joined.within(rows)
	}
	return all, weighed, joined, err
}

// ratio is a small share, with more digits than others.
func ratio(part, whole int) string { return fmt.Sprintf("%.6f", share(part, whole)) }

// numberOf is the number of the row with an id.
func numberOf(id string) int {
	n, _ := strconv.Atoi(id[1:]) // ids are ours
	return n - 1
}

// eachLine calls do with every line of a CSV file after its headings.
func eachLine(path string, do func(cells []string) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := csv.NewReader(file)
	in.ReuseRecord = true
	if _, err := in.Read(); err != nil {
		return err
	}
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(cells); err != nil {
			return err
		}
	}
}
