package intake

import (
	"runtime"
	"sync"
)

// inParallel calls fn for every index below n, on every processor.
func inParallel(n int, fn func(int)) {
	const share = 64
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for lo := 0; lo < n; lo += share {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			for i := lo; i < min(lo+share, n); i++ {
				fn(i)
			}
		})
	}
	wg.Wait()
}
