package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"stpmap/footprint"
)

// Terminal draws one line on standard error and takes it away again.
type Terminal struct {
	mu    sync.Mutex
	w     io.Writer
	name  string
	total int
	start time.Time
	drawn time.Time
}

var _ footprint.Progress = (*Terminal)(nil)

// Stage begins a new line.
func (p *Terminal) Stage(name string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.total, p.start, p.drawn = name, total, time.Now(), time.Time{}
	p.draw(0)
}

// Step redraws the line, ten times a second at most.
func (p *Terminal) Step(done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.drawn) < 100*time.Millisecond && done != p.total {
		return
	}
	p.draw(done)
	if done == p.total && p.total > 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *Terminal) draw(done int) {
	p.drawn = time.Now()
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.name)
	if p.total > 0 {
		fmt.Fprintf(p.w, " %d/%d", done, p.total)
		if spent := time.Since(p.start); done > 0 && done < p.total && spent > 2*time.Second {
			left := time.Duration(float64(spent) / float64(done) * float64(p.total-done))
			fmt.Fprintf(p.w, ", %s left", left.Round(time.Second))
		}
	}
}

// Counting draws records, their rate and the time left. It is for a caller that
// says the same number of records again at the end.
func (p *Terminal) Counting() func(records, bytes, of int64) {
	start := time.Now()
	var last int64 = -1
	return func(records, bytes, of int64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if records == last {
			fmt.Fprint(p.w, "\r\x1b[K")
			return
		}
		last = records
		spent := time.Since(start)
		fmt.Fprintf(p.w, "\r\x1b[Kcounting: %d records, %.0f a second", records, float64(records)/max(spent.Seconds(), 1e-3))
		if bytes > 0 && of > bytes {
			left := time.Duration(float64(spent) / float64(bytes) * float64(of-bytes))
			fmt.Fprintf(p.w, ", %s left", left.Round(time.Second))
		}
	}
}
