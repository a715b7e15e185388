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
	}
	opts, err := flowOptions(c)
	if err != nil {
		return true, err
	}
	const works = "stpmap cluster --flows postgres://analyst@host/db --table records --area-column lsoa --provider-column procode"
	o := ingest.Options{Table: opts, OfPairs: !engine, Jobs: runtime.GOMAXPROCS(0)}
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
	rows, added := int(rep.Rows), int(rep.Counted)
	if engine && limit(c) > 0 && err == nil { // a record is a patient: their number tells what the door hides
		rows, added = len(pairs.List), len(pairs.List)
	}
	in.Rows += rows
	in.Added += added
	in.Absent += int(rep.Absent)
	in.Filtered += int(rep.Filtered)
	if err != nil {
		return true, ingestFault(err, works)
	}
	if engine {
		l.in.files = append(l.in.files, inputFile{Role: "flows", Name: rep.Sources[0]})
		what := countedTotal(rep.Counted, "record")
		if limit(c) > 0 {
			what = counted(len(pairs.List), "pair")
		}
		l.in.notes = append(l.in.notes, fmt.Sprintf("%s counted %s", rep.Sources[0], what))
	}
	return true, pairs.AddTo(b)
}
