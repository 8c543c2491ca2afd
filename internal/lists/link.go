package lists

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
)

// Options say what to link and how.
type Options struct {
	Files    []File
	ID       string           // heading of the column that names a row; empty: as recognised, or the row's number
	Mapping  homeward.Mapping // what columns hold, over what is recognised
	AsOf     homeward.Date    // when the lists speak; ages are counted from it
	Truth    string           // heading of the column that holds the true cluster; empty: not known, or in Known
	Known    [][2]string      // ids of rows that are one child; nil: not known, or in Truth
	OneToOne bool             // no list holds a child twice

	Threshold float64 // probability from which on a pair speaks for joining
	// Progress, when not nil, is told what is being done, and how much of it is done.
	Progress func(step Step, done, total int64)
}

// Step is a part of the work.
type Step string

// The steps, in order.
const (
	StepRead    Step = "reading rows"
	StepTrain   Step = "learning weights"
	StepWeigh   Step = "weighing pairs"
	StepCluster Step = "joining pairs"
	StepScore   Step = "comparing with the truth"
	StepExplain Step = "writing reasons"
	StepReport  Step = "drawing the report"
)

// Linked is what came of it. Rows are named by their places in the order of their keys.
type Linked struct {
	Options Options
	Lists   []*List
	Rows    int
	Model   *linkage.Model
	// Calibration turns weights into the probabilities of the pairs, learned from the clusters of a first parting.
	Calibration *linkage.Calibration
	Pairs       []Pair // proposed, of probability Kept and more
	Blocking    linkage.Blocking
	Clusters    Partition
	Scores      *Scores // nil when the truth is not known

	index  *linkage.Index
	keys   []string // of rows
	extras extras
	truth  Partition
}

// Kept is the probability below which a pair is forgotten once it is weighed, unless the threshold lies lower: in a large list
// nearly all are.
const Kept = 1e-4

// Pair is two rows, the smaller left, with the weight that they are one child and its probability.
type Pair = linkage.Placed

// Link reads the lists and links them.
func Link(ctx context.Context, o Options) (*Linked, error) {
	if o.Progress == nil {
		o.Progress = func(Step, int64, int64) {}
	}
	l := &Linked{Options: o, index: linkage.NewIndex()}
	if err := l.read(ctx); err != nil {
		return nil, err
	}
	wanted := linkage.Options{Floor: min(Kept, o.Threshold)}
	if o.OneToOne {
		wanted.Skip = func(listA, _, listB, _ string) bool { return listA == listB }
	}
	for _, step := range []struct {
		name Step
		do   func()
	}{
		{StepTrain, func() { l.Model = linkage.Train(l.index, wanted) }},
		{StepWeigh, func() { l.weigh(wanted) }},
		{StepCluster, l.cluster},
		{StepScore, l.score},
	} {
		if err := o.attend(ctx, step.name, step.do); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// attend does work and says now and then that it goes on. It does not wait for work that is no longer wanted.
func (o Options) attend(ctx context.Context, step Step, work func()) error {
	done := make(chan struct{})
	o.Progress(step, 0, 0)
	go func() {
		defer close(done)
		work()
	}()
	tick := time.NewTicker(time.Second / 4)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return ctx.Err()
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			o.Progress(step, 0, 0)
		}
	}
}

// weigh weighs pairs. What linkage needs for finding them is not needed any more.
func (l *Linked) weigh(wanted linkage.Options) {
	l.Pairs, l.Blocking = l.index.Placed(l.Model, wanted)
	l.index.Unfile()
}

// maxLists is how many lists keys have room for.
const maxLists = 999

// size returns how many bytes all lists have.
func (o Options) size() (total int64, err error) {
	for _, f := range o.Files {
		n, err := f.File.Seek(0, io.SeekEnd)
		if err != nil {
			return 0, fmt.Errorf("read the list: %w", err)
		}
		total += n
	}
	return total, nil
}

// meter counts the bytes that are read, on whatever goroutine.
type meter struct {
	io.ReadSeeker
	done *atomic.Int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.ReadSeeker.Read(p)
	m.done.Add(int64(n))
	return n, err
}

func (l *Linked) read(ctx context.Context) error {
	o := l.Options
	if len(o.Files) > maxLists {
		return problem("there are more than %d lists", maxLists)
	}
	total, err := o.size()
	if err != nil {
		return err
	}
	l.extras = o.extras()
	var done atomic.Int64
	told := &told{}
	for i, f := range o.Files {
		r := o.reader(i, l.extras, &meter{f.File, &done})
		err := r.read(ctx, l.index, func(b *batch) error {
			o.Progress(StepRead, min(done.Load(), total), total)
			return l.take(r, b, told)
		})
		if err != nil {
			return err
		}
		l.Lists = append(l.Lists, r.list)
		l.Rows += r.list.Rows
	}
	if err := o.unmapped(l.Lists); err != nil {
		return err
	}
	l.keys = l.index.IDs()
	l.truth, err = l.tell(told)
	return err
}

// take files the records of a batch under their keys, and notes the true clusters that a column tells.
func (l *Linked) take(r *reader, b *batch, told *told) error {
	for i, record := range b.records {
		k, err := r.identify(b.carried[i], record.ID, b.lines[i], l.index.Has)
		if err != nil {
			return err
		}
		l.index.Take(k, record.Source, b.analysed[i])
		if b.truth[i] != "" {
			told.add(k, b.truth[i])
		}
	}
	r.spare.Put(b) // the index keeps nothing of a record but what was analysed
	return nil
}

// unmapped refuses a mapping that names columns which no list has: a slip of the pen there would go unseen.
func (o Options) unmapped(lists []*List) error {
	missing := 0
	for heading := range o.Mapping {
		if !slices.ContainsFunc(lists, func(l *List) bool { _, there := l.known[heading]; return there }) {
			missing++
		}
	}
	if missing > 0 {
		return problem("%d of the %d headings in the mapping are in no list: look at the first rows of the lists; letter case counts", missing, len(o.Mapping))
	}
	return nil
}
