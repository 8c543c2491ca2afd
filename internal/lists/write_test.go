package lists

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCellsAreWrittenAsTheLibraryWritesThem writes two cells at a time.
func TestCellsAreWrittenAsTheLibraryWritesThem(t *testing.T) {
	cell := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune(" \",;\\.\r\n\t\u00a0аЇ")), 0, 4, -1))
	rapid.Check(t, func(t *rapid.T) {
		a, b := cell.Draw(t, "a"), cell.Draw(t, "b")
		var want bytes.Buffer
		w := csv.NewWriter(&want)
		w.Write([]string{a, b}) // into memory
		w.Flush()
		got := append(appendCell(append(appendCell(nil, a), ','), []byte(b)), '\n')
		if !bytes.Equal(got, want.Bytes()) {
			t.Fatalf("%q and %q: %q, want %q", a, b, got, want.String())
		}
	})
}

// TestTextsAreWrittenInOrder writes numbers on several processors.
func TestTextsAreWrittenInOrder(t *testing.T) {
	const n = 30_000
	var got, want bytes.Buffer
	for i := range n {
		fmt.Fprintln(&want, i)
	}
	told := 0
	worker := func() func(int, []byte) []byte {
		return func(i int, to []byte) []byte { return fmt.Appendln(to, i) }
	}
	err := inOrder(&got, n, worker, func(from, to int) {
		if from != told {
			t.Errorf("told of %d after %d", from, told)
		}
		told = to
	})
	if err != nil || told != n || !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("%d told, %v", told, err)
	}
	if err := inOrder(fullDisk{}, n, worker, func(int, int) {}); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}

type fullDisk struct{}

var errFull = errors.New("full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// TestReasonsAreThoseOfTheSignals holds what is written against what each signal says by itself.
func TestReasonsAreThoseOfTheSignals(t *testing.T) {
	l := link(t, Options{Files: invented(t, 60), Truth: "true child"})
	e := l.explainer()
	for _, i := range l.tally().pairs {
		signals := e.weigher.Signals(l.Pairs[i])
		var words []string
		for _, s := range signals {
			text := s.Reason.String()
			if len(s.Reason.Args) == 0 {
				text = l.extras.words(s)
			}
			words = append(words, fmt.Sprintf("%s %+.1f", text, s.Weight))
		}
		if got, want := e.reasons(nil, signals), appendCell(nil, strings.Join(words, "; ")); !bytes.Equal(got, want) {
			t.Fatal("reasons differ from what signals say")
		}
	}
}

func TestTheResultIsTheSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	written := map[string][]byte{}
	for _, processors := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(processors)
		dir := t.TempDir()
		if err := link(t, Options{Files: invented(t, 80), Truth: "true child"}).Write(dir); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{PairsFile, ClustersFile, ModelFile, ReportFile} {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if was, ok := written[name]; ok && !bytes.Equal(was, text) {
				t.Errorf("%s is another on %d processors", name, processors)
			}
			written[name] = text
		}
	}
}

// drawPartition draws a partition of n rows.
func drawPartition(t *rapid.T, n int) Partition {
	out := make(Partition, n)
	for i := range out {
		if out[i] = int32(i); i > 0 && rapid.Bool().Draw(t, "joined") {
			out[i] = out[rapid.IntRange(0, i-1).Draw(t, "to")]
		}
	}
	return out
}

func TestPartitionsAreCountedAsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		p, q := drawPartition(t, n), drawPartition(t, n)
		first := rapid.IntRange(0, n).Draw(t, "rows of the first list")
		l := &Linked{Lists: []*List{{Rows: first}, {Rows: n - first}}, Options: Options{OneToOne: rapid.Bool().Draw(t, "one to one")}}
		both, want := p.and(q), 0
		for i := range n {
			for j := range i {
				pair := Pair{Left: int32(j), Right: int32(i)}
				if both.same(pair) != (p.same(pair) && q.same(pair)) {
					t.Fatalf("%v and %v are %v", p, q, both)
				}
				if p.same(pair) && (!l.Options.OneToOne || (i < first) != (j < first)) {
					want++
				}
			}
		}
		if got := l.pairsIn(p); got != want {
			t.Fatalf("%v has %d pairs, want %d", p, got, want)
		}
		rows, numbers := p.inOrder()
		if sorted := slices.Sorted(slices.Values(rows)); len(sorted) != n || sorted[n-1] != int32(n-1) || !slices.IsSorted(numbers) {
			t.Fatalf("%v in order: %v %v", p, rows, numbers)
		}
	})
}
