package cli

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/dustin/go-humanize"
)

// memoryError ends a command that holds more than it may.
type memoryError struct {
	limit int64
	group bool // the limit is that of a control group, not of --max-memory
}

func (e *memoryError) Error() string {
	size := humanize.Bytes(uint64(e.limit))
	if e.group {
		return "this takes more than the " + size + " of memory that this process may have: allow it more, or give it less to hold"
	}
	return "this takes more than the " + size + " of --max-memory: raise it, or give the command less to hold"
}

// watchMemory ends a command, through its context, that holds more memory than
// --max-memory or the process's control group allows. Below that, Go's soft
// limit makes it collect its garbage in time. stop ends the watch.
func (l *Line) watchMemory(ctx context.Context) (watched context.Context, stop func(), err error) {
	most, err := l.memory()
	if err != nil || most == nil {
		return ctx, func() {}, err
	}
	before := debug.SetMemoryLimit(-1)
	if most.limit < before {
		debug.SetMemoryLimit(most.limit)
	}
	watched, cancel := context.WithCancelCause(ctx)
	go most.watch(watched, cancel)
	return watched, func() {
		cancel(nil)
		debug.SetMemoryLimit(before)
	}, nil
}

// memory is the error of going over the lower of the two limits, nil where there
// is none.
func (l *Line) memory() (*memoryError, error) {
	var most *memoryError
	const share = 0.9 // of a group's memory; the rest is for what Go does not count
	if group, err := memlimit.FromCgroup(); err == nil && group > 0 && float64(group) < 1<<62 {
		most = &memoryError{limit: int64(share * float64(group)), group: true}
	}
	if l.MaxMemory == "" {
		return most, nil
	}
	n, err := ParseSize(l.MaxMemory)
	if err != nil {
		return nil, Usagef(l.Try("--max-memory 500MB"), "--max-memory: %w", err)
	}
	if l.command.CountsMemory || most != nil && most.limit <= n {
		return most, nil
	}
	return &memoryError{limit: n}, nil
}

// watch looks at the memory until the context ends, and ends it where too much
// is held even after a collection of garbage.
func (e *memoryError) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	const often = 20 * time.Millisecond
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if held() <= e.limit {
			continue
		}
		if runtime.GC(); held() > e.limit {
			cancel(e)
			return
		}
	}
}

// held is the memory that Go's soft limit counts, in bytes.
func held() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64() - s[2].Value.Uint64())
}

// sizes of memory by their suffix.
var sizes = []struct {
	suffix string
	bytes  int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}, {"G", 1e9}, {"M", 1e6}, {"B", 1}}

// ParseSize reads a size of memory, such as 500MB, 2GiB or a number of bytes.
func ParseSize(s string) (int64, error) {
	text := strings.TrimSpace(s)
	unit := int64(1)
	for _, u := range sizes {
		if len(text) > len(u.suffix) && strings.EqualFold(text[len(text)-len(u.suffix):], u.suffix) {
			text, unit = strings.TrimSpace(text[:len(text)-len(u.suffix)]), u.bytes
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n*float64(unit) < 1<<62) {
		return 0, fmt.Errorf("%q is not a size such as 500MB", s)
	}
	return int64(n * float64(unit)), nil
}
