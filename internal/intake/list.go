package intake

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/homeward-registry/homeward"
)

// Line is one row of a list: its texts under their headings, and where it stood. Texts share memory with the rows around
// them: clone what is kept.
type Line struct {
	Number   int      // in the file, from 1
	Headings []string // one slice for rows of a shape that follow one another
	Texts    []string // as many as headings, or fewer: those missing at the end are empty
}

// Cells returns the texts with their headings.
func (l Line) Cells() []homeward.Cell {
	out := make([]homeward.Cell, len(l.Headings))
	for i, h := range l.Headings {
		out[i].Heading = h
		if i < len(l.Texts) {
			out[i].Text = l.Texts[i]
		}
	}
	return out
}

// Lines reads a list row by row from its start, for those who work on it without a register. What is no list, is broken or has no
// rows is refused as an import refuses it; rows before the break have been given by then. Lines are good for one call.
func Lines(file io.ReadSeeker, fn func(Line) error) error {
	list, err := openPieces(file)
	if err != nil {
		return err
	}
	return errors.Join(eachLine(list, fn), list.close())
}

func eachLine(list pieces, fn func(Line) error) error {
	var room room
	for n := 0; ; {
		read, err := list.piece()
		switch {
		case err == io.EOF && n == 0:
			return errNoRows
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		lines, err := read(&room)
		for _, l := range lines {
			if err := fn(l); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		n += len(lines)
	}
}

// Batches reads a list as Lines does, many lines at once on every processor. worker is called once on each of several
// goroutines and returns what makes something of lines, which are good for one call; take is given what was made, in the order
// of the list, on the goroutine that called. Only CSV is read by several workers. No more than a few batches are held at once.
func Batches[T any](ctx context.Context, file io.ReadSeeker, worker func() func([]Line) T, take func(T) error) error {
	list, err := openPieces(file)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	workers := list.workers()
	jobs, order := make(chan job[T], workers), make(chan job[T], 2*workers)
	var running sync.WaitGroup
	running.Go(func() {
		defer close(jobs)
		defer close(order)
		deal(ctx, list, jobs, order)
	})
	for range workers {
		running.Go(func() {
			made, room := worker(), room{}
			for j := range jobs {
				lines, err := j.read(&room)
				j.out <- result[T]{made(lines), len(lines), err}
			}
		})
	}
	err = collect(ctx, order, take)
	stop()
	running.Wait()
	return errors.Join(err, list.close())
}

// job is a piece of a list to be read, and where what is made of it is waited for.
type job[T any] struct {
	read piece
	out  chan result[T] // has room for one
}

type result[T any] struct {
	made  T
	lines int
	err   error // that broke the reading after the lines
}

// deal gives out the pieces of a list: to whoever works, and then in order to who collects.
func deal[T any](ctx context.Context, list pieces, jobs, order chan<- job[T]) {
	for {
		read, err := list.piece()
		if err == io.EOF {
			return
		}
		if err != nil {
			read = func(*room) ([]Line, error) { return nil, err }
		}
		j := job[T]{read, make(chan result[T], 1)}
		for _, to := range []chan<- job[T]{jobs, order} {
			select {
			case to <- j:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// collect takes results in order until one is an error.
func collect[T any](ctx context.Context, order <-chan job[T], take func(T) error) error {
	lines := 0
	for j := range order {
		r := <-j.out
		if err := take(r.made); err != nil {
			return err
		}
		if r.err != nil {
			return r.err
		}
		lines += r.lines
	}
	if err := ctx.Err(); err != nil {
		return err // what was dealt is not all
	}
	if lines == 0 {
		return errNoRows
	}
	return nil
}

// pieces is a list as pieces, in order, io.EOF ending it. A piece may be read into lines on any goroutine.
type pieces interface {
	piece() (piece, error)
	workers() int // that may read pieces
	close() error
}

type piece func(*room) ([]Line, error)

// room is memory that one goroutine reads pieces into, one after another.
type room struct {
	lines []Line
	texts []string
}

// openPieces opens a list at its start.
func openPieces(file io.ReadSeeker) (pieces, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	f, err := detect(file)
	if err != nil {
		return nil, err
	}
	list, err := openRows(file, f)
	if err != nil {
		return nil, err
	}
	if c, ok := list.(*csvRows); ok {
		return c, nil
	}
	return &gathered{rows: list}, nil
}

func (c *csvRows) workers() int { return runtime.GOMAXPROCS(0) }

// piece cuts off a block; the first is what is left of the one that held the headings.
func (c *csvRows) piece() (piece, error) {
	if scan := c.scan; scan.text != "" {
		c.scan = csvScan{}
		return func(r *room) ([]Line, error) { return c.lines(scan, r) }, nil
	}
	b, err := c.blocks.next()
	if err != nil {
		return nil, err
	}
	return func(r *room) ([]Line, error) { return c.lines(b.scan(c.delimiter), r) }, nil
}

// lines reads a block; it changes nothing of c.
func (c *csvRows) lines(scan csvScan, r *room) (lines []Line, err error) {
	texts, wide := r.texts[:0], c.headings
	lines = r.lines[:0]
	for from := 0; ; from = len(texts) {
		var line int
		if texts, line, err = scan.next(texts); err != nil {
			break
		}
		r.texts = texts
		headings := c.headings
		if n := len(texts) - from; n > len(headings) {
			if n != len(wide) {
				wide = widened(headings, n)
			}
			headings = wide
		}
		lines = append(lines, Line{line, headings, texts[from:len(texts):len(texts)]})
	}
	r.lines = lines
	if err == io.EOF {
		err = nil
	}
	return lines, err
}

// widened adds headings for cells beyond the last one.
func widened(headings []string, cells int) []string {
	out := slices.Clone(headings)
	for i := len(headings); i < cells; i++ {
		out = append(out, unnamed(i))
	}
	return out
}

// gathered gives the rows of a list that is not CSV, some hundreds a piece.
type gathered struct {
	rows
	headings []string // of the row before
	err      error    // that ended it
}

const gatheredRows = 500

func (g *gathered) workers() int { return 1 }

func (g *gathered) piece() (piece, error) {
	var lines []Line
	for g.err == nil && len(lines) < gatheredRows {
		var r row
		if r, g.err = g.next(); g.err == nil {
			lines = append(lines, g.line(r))
		}
	}
	if len(lines) == 0 {
		return nil, g.err
	}
	return func(*room) ([]Line, error) { return lines, nil }, nil
}

func (g *gathered) line(r row) Line {
	if !slices.EqualFunc(g.headings, r.cells, func(h string, c homeward.Cell) bool { return h == c.Heading }) {
		g.headings = make([]string, len(r.cells))
		for i, c := range r.cells {
			g.headings[i] = c.Heading
		}
	}
	texts := make([]string, len(r.cells))
	for i, c := range r.cells {
		texts[i] = c.Text
	}
	return Line{r.line, g.headings, texts}
}
