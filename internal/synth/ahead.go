package synth

import (
	"context"
	"iter"
	"runtime"
)

// batch is how many rows one goroutine makes at a time.
const batch = 1024

// ahead yields the rows in order while other goroutines make those to come, a few batches at most.
func ahead(ctx context.Context, total int, row func(int) Row) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		batches := make(chan chan []Row, 2*runtime.GOMAXPROCS(0))
		go order(ctx, total, row, batches)
		for made := range batches {
			for _, r := range <-made {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// order starts the making of each batch, as soon as there is room for it, until all are made or nobody wants them.
func order(ctx context.Context, total int, row func(int) Row, batches chan<- chan []Row) {
	defer close(batches)
	for from := 0; from < total; from += batch {
		made := make(chan []Row, 1)
		select {
		case batches <- made:
		case <-ctx.Done():
			return
		}
		go func() {
			rows := make([]Row, min(batch, total-from))
			for i := range rows {
				rows[i] = row(from + i)
			}
			made <- rows
		}()
	}
}
