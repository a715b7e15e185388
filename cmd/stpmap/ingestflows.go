package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"stpmap/data/ingest"
	tablepkg "stpmap/data/table"
	"stpmap/flow"
)

// expandFlows resolves the patterns among the names of --flows, in the order of
// their names.
func expandFlows(names []string) ([]string, error) {
	var all []string
	for _, name := range names {
		_, err := os.Stat(name)
		if err == nil || ingest.IsEngine(name) || !strings.ContainsAny(name, "*?[") {
			all = append(all, name)
			continue
		}
		found, err := filepath.Glob(name)
		if err != nil || len(found) == 0 {
			return nil, &tablepkg.InputError{File: name, Err: errors.New("no file is called so")}
		}
		all = append(all, found...)
	}
	sorted := slices.Clone(all)
	slices.Sort(sorted)
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] && !ingest.IsEngine(sorted[i]) {
			return nil, &tablepkg.InputError{File: sorted[i], Err: errors.New("given twice, and would be counted twice")}
		}
	}
	return all, nil
}

// ingested adds flows that are no text table: a Parquet file of pairs, or what
// an engine counts. It reports false for what is neither.
func (l *loader) ingested(name string, b *flow.Builder) (bool, error) {
	c := l.c
	if _, ok := l.files.(filesOnDisk); !ok {
		return false, nil
	}
	engine := ingest.IsEngine(name)
	if !engine {
		f, err := os.Open(name)
		if err != nil {
			return false, nil // said by whoever reads it next
		}
		head := make([]byte, 16)
		n, _ := f.ReadAt(head, 0)
		if err := f.Close(); tablepkg.Sniff(head[:n]) != tablepkg.Parquet {
			return false, err
		}
		if err := l.hash("flows", name); err != nil {
			return true, err
		}
		last := l.in.files[len(l.in.files)-1]
		for _, f := range l.in.files[:len(l.in.files)-1] {
			if f.SHA256 == last.SHA256 {
				return true, &tablepkg.InputError{File: name, Err: fmt.Errorf("the same content as %s, which %w", f.Name, tablepkg.ErrTwice)}
			}
		}
	}
	opts, err := flowOptions(c)
	if err != nil {
		return true, err
	}
	const works = "stpmap cluster --flows postgres://analyst@host/db --table records --area-column lsoa --provider-column procode"
	o := ingest.Options{Table: opts, OfPairs: !engine, SkipMissing: c.Bool("skip-missing"), Jobs: runtime.GOMAXPROCS(0)}
	if engine {
		o.Engine.Table = c.String("table")
		if o.Engine.Query, err = queryFile(c, works); err != nil {
			return true, err
		}
		if c.String("area-column") == "" || c.String("provider-column") == "" {
			return true, usagef(works, "an engine needs --area-column and --provider-column")
		}
	}
	pairs, rep, err := ingest.Count(l.ctx, []string{name}, nil, o)
	in := &l.in.flowReport
	in.Rows += int(rep.Rows)
	in.Added += int(rep.Counted)
	in.Absent += int(rep.Absent)
	in.Filtered += int(rep.Filtered)
	for _, o := range rep.Omitted {
		l.in.notes = append(l.in.notes, o.String())
	}
	if err != nil {
		return true, ingestFault(err, works)
	}
	l.in.understand(ingestUnderstood("flows", name, &rep))
	if engine {
		l.in.files = append(l.in.files, inputFile{Role: "flows", Name: rep.Sources[0]})
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s counted %s", rep.Sources[0], countedTotal(rep.Counted, "record")))
	}
	return true, pairs.AddTo(b)
}
