package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
	"stpmap/flow/wholefile"
)

// Options says how records are counted into pairs.
type Options struct {
	// Table names columns and conditions: Columns, Where, Comma. A column that
	// is named as the count, or in a file headed "count", is summed; else every
	// record counts 1.
	Table []table.Option
	// OfPairs says that the files hold pairs with their counts, not records: the
	// count is found by its usual headings and must be there.
	OfPairs bool
	// SkipMissing leaves out records without an area or a provider, and counts
	// them; otherwise they are faults.
	SkipMissing bool
	// MaxMemory bounds the bytes of the pairs; 0 is no bound.
	MaxMemory int64
	// Jobs is the number of workers for files; 0 means 1.
	Jobs int
	// ExpectRows is how many records must have been counted; 0 asks for
	// nothing. It is the only guard against a source that lost rows.
	ExpectRows int64
	// Progress, where not nil, is told now and then, from another goroutine,
	// how many records have been read, and how many bytes of how many; 0 where
	// that is unknown.
	Progress func(records, bytes, of int64)
	// Engine is how an engine is asked.
	Engine EngineOptions
}

// Report says what counting came to; every record is in one of the
// numbers.
type Report struct {
	Sources  []string // files or the engine, without secrets
	Rows     int64    // records read
	Counted  int64    // records in the pairs
	Filtered int64    // records that a condition left out; an engine does not say
	Absent   int64    // records whose count is missing
	Missing  int64    // records without a code, left out as SkipMissing asked
	Left     int64    // records left out because a code of theirs is no place
	Omitted  []data.Omitted
	Columns  []table.Taken // the columns in use, of the first file
	Bad      int64         // records with a fault
	Pairs    int
	Total    float64 // sum of the counts
	Attempts int     // times the engine was asked; 0 for files
	Faults   fault.List
}

// ErrExpectedRows says that another number of records was counted than was
// expected.
var ErrExpectedRows = errors.New("other number of records than expected")

// counting is one run.
type counting struct {
	opts                          *table.Settings
	tally                         *tally
	jobs, chunkSize               int
	skipMissing, ofPairs, several bool
	rows, filtered, absent, bad   atomic.Int64
	bytes, size                   atomic.Int64
	twins                         table.Twins
	columns                       []table.Taken // in use in the first file
}

// Count counts records into pairs. from is one engine's URL, "-" for stdin,
// or files and patterns of files (CSV, TSV, either in gzip or Zstandard, or
// Parquet), each recognised by its content and read in the order of their
// names. The result does not depend on that order or on Jobs. The error is a
// *fault.List where records have faults; it wraps ErrMemory where the pairs do not
// fit, and ErrExpectedRows.
func Count(ctx context.Context, from []string, stdin io.Reader, o Options) (*Pairs, Report, error) {
	for _, f := range from {
		if IsEngine(f) {
			if len(from) > 1 {
				return nil, Report{}, errors.New("an engine is read alone, not along with other sources")
			}
			return ingestEngine(ctx, f, o)
		}
	}
	g := &counting{opts: table.Collect(o.Table), tally: newTally(o.MaxMemory), jobs: o.Jobs, skipMissing: o.SkipMissing, ofPairs: o.OfPairs}
	var rep Report
	paths, err := expand(from)
	if err != nil {
		return nil, rep, err
	}
	rep.Sources, g.several = paths, len(paths) > 1
	for _, p := range paths {
		if info, err := os.Stat(p); err == nil && p != "-" {
			g.size.Add(info.Size())
		}
	}
	stop := g.watch(o.Progress)
	defer stop()
	for _, p := range paths {
		err := g.file(ctx, p, stdin)
		rep.Columns = g.columns
		var faults *fault.List
		var bad *fault.Error
		switch {
		case err == nil:
		case errors.As(err, &faults):
			for _, e := range faults.List {
				rep.Faults.Add(e)
			}
			rep.Faults.More += faults.More
		case errors.As(err, &bad):
			rep.Faults.Add(bad)
		default:
			return nil, rep, err
		}
	}
	rep.Rows, rep.Filtered, rep.Absent, rep.Bad = g.rows.Load(), g.filtered.Load(), g.absent.Load(), g.bad.Load()
	if err := rep.Faults.Err(); err != nil {
		rep.settle(&g.tally.rows)
		return nil, rep, err
	}
	pairs := g.tally.take()
	g.tally.rows.dropSums(pairs)
	rep.settle(&g.tally.rows)
	return pairs, rep, rep.finish(pairs, o.ExpectRows)
}

// settle fills in what became of the records that do not count.
func (rep *Report) settle(s *settledRows) {
	rep.Missing, rep.Omitted = s.missing, s.omitted.Sorted()
	rep.Left = 0
	for _, o := range rep.Omitted {
		rep.Left += int64(o.Rows)
	}
	rep.Counted = rep.Rows - rep.Filtered - rep.Absent - rep.Missing - rep.Left - rep.Bad
}

// countRole is the role of the count column.
func (g *counting) countRole() table.Wanted {
	named := g.opts.Columns[data.CountRole.Name] != ""
	if named || g.ofPairs {
		return table.Wanted{Role: data.CountRole}
	}
	return table.Wanted{Role: table.Role{Name: data.CountRole.Name, Flag: data.CountRole.Flag}, Optional: true}
}

// finish fills in what the pairs say, and looks at the number expected.
func (rep *Report) finish(p *Pairs, expected int64) error {
	rep.Pairs, rep.Total = len(p.List), p.Total()
	if expected > 0 && rep.Counted != expected {
		return fmt.Errorf("%w: %d, not %d", ErrExpectedRows, rep.Counted, expected)
	}
	if rep.Counted == 0 {
		source := "the source"
		if len(rep.Sources) > 0 {
			source = rep.Sources[0]
		}
		rep.Faults.Add(&fault.Error{File: source, Err: fmt.Errorf("%w to count", table.ErrEmptyTable)})
		return rep.Faults.Err()
	}
	return nil
}

// expand resolves patterns; "-" stays. A pattern that no file matches is an
// error that wraps fs.ErrNotExist.
func expand(from []string) ([]string, error) {
	var paths []string
	for _, f := range from {
		if f == "-" || !strings.ContainsAny(f, "*?[") {
			paths = append(paths, f)
			continue
		}
		if _, err := os.Stat(f); err == nil {
			paths = append(paths, f) // a name with such a character in it
			continue
		}
		found, err := filepath.Glob(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		if len(found) == 0 {
			return nil, &fs.PathError{Op: "open", Path: f, Err: fs.ErrNotExist}
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	if n := len(paths); len(slices.Compact(slices.Clone(paths))) < n {
		return nil, errors.New("a file is given twice, and would be counted twice")
	}
	return paths, nil
}

// file counts the records of one file.
func (g *counting) file(ctx context.Context, path string, stdin io.Reader) error {
	name, in := path, stdin
	if path == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if info.IsDir() {
			return &fault.Error{File: path, Err: fmt.Errorf("is a folder; give its files, as '%s'", filepath.Join(path, "*.csv"))}
		}
		head := make([]byte, 16)
		n, _ := f.ReadAt(head, 0)
		if table.Sniff(head[:n]) == table.Parquet {
			twin := g.twins.Reader(io.NewSectionReader(f, 0, info.Size()))
			if g.several {
				if _, err := io.Copy(io.Discard, twin); err != nil {
					return err
				}
				if err := g.twins.Check(name, twin); err != nil {
					return err
				}
			}
			w := wholefile.New(f)
			err := g.parquet(ctx, name, f, info.Size())
			return cmp.Or(w.Check(), err) // a file that changed is no fault of the input
		}
		in = wholefile.New(f)
	}
	if in == nil {
		in = bytes.NewReader(nil)
	}
	r, err := table.Decompress(name, &counted{in, &g.bytes})
	if err != nil {
		return err
	}
	defer r.Close()
	if !g.several {
		err = g.text(ctx, name, r)
	} else {
		twin := g.twins.Reader(r)
		if err = g.text(ctx, name, twin); err == nil {
			return g.twins.Check(name, twin)
		}
	}
	if err != nil {
		err = cmp.Or(wholefile.Changed(in), err) // a file that changed is no fault of the input
	}
	return err
}

type counted struct {
	io.Reader
	n *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// watch tells progress every half second until the function it returns is
// called, and once more then.
func (g *counting) watch(progress func(records, bytes, of int64)) func() {
	if progress == nil {
		return func() {}
	}
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				progress(g.rows.Load(), g.bytes.Load(), g.size.Load())
			case <-done:
				progress(g.rows.Load(), g.bytes.Load(), g.size.Load())
				return
			}
		}
	}()
	return func() { close(done); <-over }
}
