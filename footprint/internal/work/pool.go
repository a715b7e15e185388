package work

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Progress is told how far a long computation is; nil is silent.
type Progress interface {
	// Stage begins a stage of total steps.
	Stage(name string, total int)
	// Step says how many steps of the stage are done.
	Step(done int)
}

// Each runs tasks 0 to n-1, jobs at a time (0: as many as processors), and
// tells progress how many are done. worker is called once for each goroutine
// and makes what runs its tasks, so that room can be used again. The error is
// that of the lowest task that failed.
func Each(ctx context.Context, jobs, n int, progress Progress, stage string, worker func() func(task int) error) error {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	if progress != nil {
		progress.Stage(stage, n)
	}
	p := &pool{ctx: ctx, progress: progress, errs: make([]error, n)}
	if jobs = max(1, min(jobs, n)); jobs == 1 {
		p.run(worker())
	} else {
		var wg sync.WaitGroup
		for range jobs {
			wg.Go(func() { p.run(worker()) })
		}
		wg.Wait()
	}
	for _, err := range p.errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pool is what the goroutines of one Each share.
type pool struct {
	ctx      context.Context
	progress Progress
	errs     []error // by task
	next     atomic.Int64
	failed   atomic.Bool
	report   sync.Mutex
	done     int // guarded by report
}

// run takes tasks until none is left or one has failed.
func (p *pool) run(do func(task int) error) {
	for !p.failed.Load() {
		i := int(p.next.Add(1)) - 1
		if i >= len(p.errs) {
			return
		}
		if p.ctx.Err() != nil {
			p.errs[i] = context.Cause(p.ctx)
		} else {
			p.errs[i] = do(i)
		}
		if p.errs[i] != nil {
			p.failed.Store(true)
			return
		}
		if p.progress != nil {
			p.step()
		}
	}
}

func (p *pool) step() {
	p.report.Lock()
	defer p.report.Unlock()
	p.done++
	p.progress.Step(p.done)
}
