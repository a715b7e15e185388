package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"stpmap/footprint"
)

// terminalProgress draws one line on standard error and takes it away again.
type terminalProgress struct {
	mu    sync.Mutex
	w     io.Writer
	name  string
	total int
	start time.Time
	drawn time.Time
}

var _ footprint.Progress = (*terminalProgress)(nil)

// progress is nil unless a person looks at standard error.
func (env *environment) progress() footprint.Progress {
	if p := env.terminal(); p != nil {
		return p
	}
	return nil
}

func (env *environment) terminal() *terminalProgress {
	f, ok := env.stderr.(*os.File)
	if !ok || env.quiet || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return &terminalProgress{w: f}
}

// Stage begins a new line.
func (p *terminalProgress) Stage(name string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.total, p.start, p.drawn = name, total, time.Now(), time.Time{}
	p.draw(0)
}

// Step redraws the line, ten times a second at most.
func (p *terminalProgress) Step(done int) {
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

func (p *terminalProgress) draw(done int) {
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
