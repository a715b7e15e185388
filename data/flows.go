package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"stpmap/data/internal/intern"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// FlowReport says what reading a flow table came to: every row is in one of
// the numbers.
type FlowReport struct {
	File                    string
	Area, Provider, Count   string // headings in use
	Encoding                string // "ASCII", "UTF-8" or "Windows-1252"
	Rows                    int    // rows under the header, blank and repeated header rows left out
	Added                   int    // rows with a count, suppressed or not
	Absent                  int    // rows whose count is missing: no flow, and no zero
	Filtered                int    // rows that a condition left out
	Bad                     int    // rows with a fault
	SuppressedRows          int    // of those added, rows whose count is suppressed
	Marks                   []MarkCount
	Faults                  fault.List
	PreambleLines, Repeated int // lines before the header; header rows repeated further down
}

// MarkCount is how many rows had a suppression mark or a mark for a missing
// count.
type MarkCount struct {
	Mark         string
	Lower, Upper float64 // what it was taken for; both 0 for an absent one
	Absent       bool
	Rows         int
}

// flowReader reads the rows of one flow table.
type flowReader struct {
	table                 *table.Reader
	area, provider, count int
	filter                table.Filter
	marks                 table.Suppression
	watch                 *setWatch
	areas, providers      codes
	report                FlowReport
	seen                  map[string]int // index of a mark in report.Marks
	ended, broken         bool           // the end is reached; by a fault past which nothing can be read
	last                  []error        // faults of the table as a whole, known at its end
}

// codes interns the codes of one column. Those of the last row are tried
// first: tables are mostly sorted.
type codes struct {
	ids  intern.Index
	list []string
	last int32
}

// id gives the number of a code. The error says why it is no code; it is looked
// at once for each.
func (c *codes) id(text []byte, t *table.Reader, col int, role table.Role) (int32, error) {
	if int(c.last) < len(c.list) && c.list[c.last] == string(text) {
		return c.last, nil
	}
	id, ok := c.ids.Find(text)
	if !ok {
		if err := t.CodeFault(text, role); err != nil {
			return 0, t.Fault(col, err)
		}
		id = int32(len(c.list))
		c.ids.Add(text, id)
		c.list = append(c.list, string(text))
	}
	c.last = id
	return id, nil
}

func newFlowReader(name string, r io.Reader, opts []table.Option) (*flowReader, error) {
	o := table.Collect(opts)
	t, cols, err := o.Open(name, r, table.Wanted{Role: AreaRole}, table.Wanted{Role: ProviderRole}, table.Wanted{Role: CountRole})
	if err != nil {
		return nil, err
	}
	f, err := o.Filter(t)
	if err != nil {
		return nil, err
	}
	line, _ := t.HeaderPos(-1)
	return &flowReader{
		table: t, area: cols[0], provider: cols[1], count: cols[2],
		filter: f, marks: o.Marks, watch: newSetWatch(t, cols, f),
		seen: map[string]int{},
		report: FlowReport{
			File: name, Area: t.Header()[cols[0]], Provider: t.Header()[cols[1]], Count: t.Header()[cols[2]],
			PreambleLines: line - 1,
		},
	}, nil
}

// next reads a row that the conditions keep: the numbers of its area and
// provider in f.areas and f.providers, and its count unless that is absent.
// Errors are those of table.Reader.Next; the last one of a table that mixes sets is
// an *fault.Error followed by io.EOF.
func (f *flowReader) next() (area, provider int32, c flow.Count, absent bool, err error) {
	t := f.table
	for {
		if err := t.Next(); err != nil {
			if err == io.EOF {
				return 0, 0, c, false, f.end()
			}
			if t.Done() {
				f.broken = true
			} else {
				f.report.Rows++
				f.report.Bad++
			}
			return 0, 0, c, false, err
		}
		f.report.Rows++
		if f.filter == nil || f.filter.Keeps(t) {
			break
		}
		f.report.Filtered++
	}
	if area, err = f.areas.id(t.Field(f.area), t, f.area, AreaRole); err == nil {
		provider, err = f.providers.id(t.Field(f.provider), t, f.provider, ProviderRole)
	}
	if err == nil {
		text := t.Field(f.count)
		if n, ok := table.Digits(text); ok && f.marks.Marks == nil {
			c = flow.Exactly(n)
		} else {
			c, absent, err = f.mark(string(text))
		}
	}
	if err != nil {
		f.report.Bad++
		return 0, 0, c, false, err
	}
	if f.watch != nil {
		f.watch.see(t, area, provider)
	}
	if absent {
		f.report.Absent++
	} else {
		f.report.Added++
	}
	return area, provider, c, absent, nil
}

// mark reads a count that is no plain number.
func (f *flowReader) mark(text string) (flow.Count, bool, error) {
	c, absent, err := table.ParseCount(text, f.marks)
	if err != nil {
		return c, false, f.table.Fault(f.count, err)
	}
	if !absent && !c.Suppressed() {
		return c, false, nil
	}
	if !absent {
		f.report.SuppressedRows++
	}
	i, ok := f.seen[text]
	if !ok {
		i = len(f.report.Marks)
		f.seen[text] = i
		f.report.Marks = append(f.report.Marks, MarkCount{Mark: text, Lower: c.Lower, Upper: c.Upper, Absent: absent})
	}
	f.report.Marks[i].Rows++
	return c, absent, nil
}

// end gives the faults of the table as a whole, one by one, and then io.EOF.
func (f *flowReader) end() error {
	if !f.ended {
		f.ended = true
		t, rep := f.table, &f.report
		rep.Repeated, rep.Encoding = t.RepeatedHeaders(), t.Encoding()
		slices.SortFunc(rep.Marks, func(a, b MarkCount) int { return strings.Compare(a.Mark, b.Mark) })
		if err := f.watch.err(t); err != nil {
			f.last = append(f.last, err)
		}
		switch {
		case f.broken:
		case rep.Rows == 0:
			f.last = append(f.last, t.HeaderFault(-1, fmt.Errorf("%w under the header", table.ErrEmptyTable)))
		case rep.Rows == rep.Filtered:
			f.last = append(f.last, t.HeaderFault(-1, fmt.Errorf("%w that the conditions keep", table.ErrEmptyTable)))
		}
	}
	if len(f.last) == 0 {
		return io.EOF
	}
	err := f.last[0]
	f.last = f.last[1:]
	return err
}

// Records yields the rows of a flow table in file order, without holding them.
// A bad row comes with an *fault.Error, past which the loop may go on; any other
// error is the last. name is for messages. The errors wrap ErrMissingColumn,
// ErrEmptyTable, ErrNegativeCount, ErrNotANumber, ErrMissingCode, ErrRagged,
// ErrQuote, ErrEncoding, ErrDuplicate (headings) or ErrMixedSets; that the
// table mixes sets is known at its end only, so nothing may be done with the
// rows before the loop is over.
func Records(ctx context.Context, name string, r io.Reader, opts ...table.Option) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		f, err := newFlowReader(name, r, opts)
		if err != nil {
			var faults *fault.List
			if errors.As(err, &faults) {
				for _, e := range faults.List {
					if !yield(Record{}, e) {
						return
					}
				}
				return
			}
			yield(Record{}, err)
			return
		}
		for n := 0; ; n++ {
			if n%table.ContextRows == 0 && ctx.Err() != nil {
				yield(Record{}, context.Cause(ctx))
				return
			}
			a, p, c, absent, err := f.next()
			if err == io.EOF {
				return
			}
			var rec Record
			if err == nil {
				rec = Record{Area: f.areas.list[a], Provider: f.providers.list[p], Count: c, Absent: absent, Line: f.table.Line()}
			}
			if !yield(rec, err) {
				return
			}
			var bad *fault.Error
			if err != nil && !errors.As(err, &bad) {
				return
			}
		}
	}
}

// ReadFlows adds the rows of a flow table to b. The error is a *fault.List (and
// the report has it too) where the table has faults; b then holds the rows
// without, for a report only. Any other error comes from the source or ctx.
func ReadFlows(ctx context.Context, name string, r io.Reader, b *flow.Builder, opts ...table.Option) (FlowReport, error) {
	f, err := newFlowReader(name, r, opts)
	if err != nil {
		return FaultReport(name, err)
	}
	rep := &f.report
	// Numbers in b of the codes of this table; -1 until the first row.
	var areas, providers []int32
	for n := 0; ; n++ {
		if n%table.ContextRows == 0 && ctx.Err() != nil {
			return *rep, context.Cause(ctx)
		}
		area, provider, c, absent, err := f.next()
		if err != nil {
			if err == io.EOF {
				return *rep, rep.Faults.Err()
			}
			var bad *fault.Error
			if !errors.As(err, &bad) {
				return *rep, err
			}
			rep.Faults.Add(bad)
			continue
		}
		if absent {
			continue
		}
		for int(area) >= len(areas) {
			areas = append(areas, -1)
		}
		for int(provider) >= len(providers) {
			providers = append(providers, -1)
		}
		if areas[area] < 0 {
			areas[area] = b.Area(f.areas.list[area])
		}
		if providers[provider] < 0 {
			providers[provider] = b.Provider(f.providers.list[provider])
		}
		if err := b.AddPair(areas[area], providers[provider], c); err != nil {
			rep.Added-- // next has counted it
			rep.Bad++
			rep.Faults.Add(f.table.Fault(f.count, err))
		}
	}
}

// FaultReport is the report of a table whose header is at fault.
func FaultReport(name string, err error) (FlowReport, error) {
	rep := FlowReport{File: name}
	err = table.HeaderFaults(&rep.Faults, err)
	return rep, err
}
