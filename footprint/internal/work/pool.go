package work

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// teller is told how far a long computation is; nil is silent.
type teller interface {
	Stage(name string, total int)
	Step(done int)
}

// Each runs tasks 0 to n-1, jobs at a time (0: as many as processors), and
// tells progress how many are done. worker is called once for each goroutine
// and makes what runs its tasks, so that room can be used again. The error is
// that of the lowest task that failed.
func Each(ctx context.Context, jobs, n int, progress teller, stage string, worker func() func(task int) error) error {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	jobs = max(1, min(jobs, n))
	if progress != nil {
		progress.Stage(stage, n)
	}
	errs := make([]error, n)
	var next, done atomic.Int64
	var failed atomic.Bool
	var report sync.Mutex
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			do := worker()
			for !failed.Load() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if ctx.Err() != nil {
					errs[i] = context.Cause(ctx)
				} else {
					errs[i] = do(i)
				}
				if errs[i] != nil {
					failed.Store(true)
					return
				}
				if progress != nil {
					report.Lock()
					progress.Step(int(done.Add(1)))
					report.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
