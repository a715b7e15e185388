package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// terminal draws one line on standard error and takes it away again.
type terminal struct {
	mu    sync.Mutex
	w     io.Writer
	name  string
	total int
	start time.Time
	drawn time.Time
}

var _ Steps = (*terminal)(nil)

// Stage begins a new line.
func (p *terminal) Stage(name string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.total, p.start, p.drawn = name, total, time.Now(), time.Time{}
	p.draw(0)
}

// Step redraws the line, ten times a second at most.
func (p *terminal) Step(done int) {
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

func (p *terminal) draw(done int) {
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
func (p *terminal) Counting() func(records, bytes, of int64) {
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

// stepLines writes one line of JSON a step, ten a second at most, for a program
// that calls the tool.
type stepLines struct {
	mu          sync.Mutex
	w           io.Writer
	name        string
	total       int
	start, said time.Time
}

var _ Steps = (*stepLines)(nil)

// stepLine is one of the lines.
type stepLine struct {
	Stage string `json:"stage"`
	Done  int64  `json:"done"`
	Of    int64  `json:"of"`           // 0 where that is not known
	Left  *int   `json:"seconds_left"` // null where that is not known
}

// Stage begins a stage.
func (p *stepLines) Stage(name string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.name, p.total, p.start, p.said = name, total, time.Now(), time.Now()
	p.write(stepLine{Stage: name, Of: int64(total)})
}

// Step says how many steps of the stage are done.
func (p *stepLines) Step(done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.said) < 100*time.Millisecond && done != p.total {
		return
	}
	p.said = time.Now()
	p.write(stepLine{Stage: p.name, Done: int64(done), Of: int64(p.total), Left: left(p.start, float64(done), float64(p.total))})
}

// Counting says how many records are counted.
func (p *stepLines) Counting() func(records, bytes, of int64) {
	start := time.Now()
	return func(records, bytes, of int64) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.write(stepLine{Stage: "counting", Done: records, Left: left(start, float64(bytes), float64(of))})
	}
}

// left is the seconds that remain where done of all took the time since start,
// nil where that cannot be known.
func left(start time.Time, done, all float64) *int {
	if done <= 0 || all < done {
		return nil
	}
	seconds := int(time.Since(start).Seconds()/done*(all-done) + 0.5)
	return &seconds
}

func (p *stepLines) write(line stepLine) {
	text, err := json.Marshal(line)
	if err != nil {
		return // it holds nothing that JSON has not
	}
	fmt.Fprintf(p.w, "%s\n", text)
}
