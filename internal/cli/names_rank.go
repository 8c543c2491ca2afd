package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"sync"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/names"
)

type namesRankCmd struct {
	Index   string `help:"The list to search: lines of id, tab, name; - reads standard input." required:"" placeholder:"FILE"`
	Queries string `help:"The names to find, in the same form; - reads standard input." required:"" placeholder:"FILE"`
	K       int    `help:"How many to print for each." name:"k" default:"5"`
}

func (namesRankCmd) Help() string {
	return `For each name of one list the likeliest of another, in any script and spelling: lines of query id, rank, id and probability, parted by tabs, in the order of the queries. The probability takes it that at most one name of the list is the one asked for. It needs no register.

Examples:

  homeward names rank --index latin.tsv --queries cyrillic.tsv --k 5
  cut -f1,3 list.tsv | homeward names rank --index known.tsv --queries - --json`
}

// ranked is one answer, as printed.
type ranked struct {
	Query       string  `json:"query_id"`
	Rank        int     `json:"rank"`
	ID          string  `json:"id"`
	Probability float64 `json:"probability"`
}

// namedLine is a line of a list: an id and a name.
type namedLine struct{ id, name string }

func (c namesRankCmd) Run(sh *shell) error {
	if c.K < 1 {
		return needs("--k wants at least 1")
	}
	if c.Index == "-" && c.Queries == "-" {
		return needs("only one of --index and --queries can be -; name a file for the other")
	}
	list, err := sh.namedLines("the index", c.Index)
	if err != nil {
		return err
	}
	queries, err := sh.namedLines("the queries", c.Queries)
	if err != nil {
		return err
	}
	ix := names.NewIndex()
	for i, n := range list {
		if i%4096 == 0 && sh.ctx.Err() != nil {
			return sh.ctx.Err()
		}
		ix.Add(names.Parse(n.name))
	}
	found, err := rankAll(sh.ctx, ix, list, queries, c.K)
	if err != nil {
		return err
	}
	if sh.JSON {
		return sh.print(found, nil)
	}
	return printRanked(sh.Out, found)
}

// rankAll asks for every name, on every processor, and keeps the order of the queries.
func rankAll(ctx context.Context, ix *names.Index, list, queries []namedLine, k int) ([]ranked, error) {
	answers := make([][]ranked, len(queries))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		wg.Go(func() {
			ranker := ix.Ranker()
			for i := first; i < len(queries) && ctx.Err() == nil; i += workers {
				for rank, r := range ranker.Rank(names.Parse(queries[i].name), k) {
					answers[i] = append(answers[i], ranked{queries[i].id, rank + 1, list[r.At].id, r.Probability})
				}
			}
		})
	}
	wg.Wait()
	out := []ranked{}
	for _, a := range answers {
		out = append(out, a...)
	}
	return out, ctx.Err()
}

// printRanked writes the answers as they are promised: tabs, not columns.
func printRanked(to io.Writer, found []ranked) error {
	w := bufio.NewWriter(to)
	for _, r := range found {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", r.Query, r.Rank, r.ID, strconv.FormatFloat(r.Probability, 'f', 6, 64))
	}
	return w.Flush()
}

// maxLine bounds a line of a list of names.
const maxLine = 1 << 20

// namedLines reads a list of ids and names. Empty lines are passed over; its errors tell lines, never what they say.
func (sh *shell) namedLines(which, file string) ([]namedLine, error) {
	in := sh.In
	if file != "-" {
		f, err := openFile(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	var out []namedLine
	for at := 1; lines.Scan(); at++ {
		text := bytes.TrimSuffix(lines.Bytes(), []byte("\r"))
		if at == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		id, name, ok := bytes.Cut(text, []byte("\t"))
		if !ok || len(id) == 0 {
			return nil, advise(fmt.Errorf("read %s: line %d: no id and name parted by a tab: %w", which, at, homeward.ErrInvalid),
				"write each line as id, tab, name; a spreadsheet saves so as text parted by tabs")
		}
		out = append(out, namedLine{string(id), string(name)})
	}
	if err := lines.Err(); err != nil {
		return nil, advise(fmt.Errorf("read %s: after %s: %w", which, many(len(out), "line"), homeward.ErrInvalid), "see that the file is text with an id and a name in each line")
	}
	return out, nil
}
