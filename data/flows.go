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
	Left                    int    // rows left out because a code of theirs is no place
	SuppressedRows          int    // of those added, rows whose count is suppressed
	Marks                   []MarkCount
	Omitted                 []Omitted     // the rows of Left, by reason
	Others                  [][]string    // by role (area, provider, count): further headings that would have fitted
	Periods                 []string      // values of the column of periods, sorted; the first and last of many
	Spelt                   []table.Spelt // codes of one column that look alike
	FloatCodes              int           // codes that were written as 101.0, and are 101
	Patients                float64       // of the rows added; suppressed counts at their midpoint
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

// weightHeadings are those of counts that may well be weights that add up to 1.
var weightHeadings = map[string]bool{"weight": true, "flow": true, "flows": true}

// flowReader reads the rows of one flow table.
type flowReader struct {
	table                 *table.Reader
	area, provider, count int
	filter                table.Filter
	marks                 table.Suppression
	watch                 *SetWatch
	Areas, Providers      codes
	Report                FlowReport
	points                *table.Pointed // where a point in a count may part thousands
	held                  []heldRow      // rows whose meaning the end of the table tells
	settled               bool           // the rows in held are those that count
	released, Line        int            // of held, those given; the line of the row given last
	shares                *shareReader   // of a table of shares; nil of one of counts
	guard                 *shareWatch    // looks out for shares taken for counts
	seen                  map[string]int // index of a mark in report.Marks
	ended, broken         bool           // the end is reached; by a fault past which nothing can be read
	last                  []error        // faults of the table as a whole, known at its end
}

// codes interns the codes of one column. Those of the last row are tried
// first: tables are mostly sorted.
type codes struct {
	ids         intern.Index
	List        []string
	last        int32
	kinds       []table.PlaceKind // of each code; nil while all are places
	skipMissing bool              // rows without a code are left out, and are no fault
	floats      int               // codes that were written as 101.0
}

// kind says what a code stands for.
func (c *codes) kind(id int32) table.PlaceKind {
	if c.kinds == nil {
		return table.APlace
	}
	return c.kinds[id]
}

// id gives the number of a code. The error says why it is no code; it is looked
// at once for each.
func (c *codes) id(text []byte, t *table.Reader, col int, role table.Role) (int32, error) {
	if int(c.last) < len(c.List) && c.List[c.last] == string(text) {
		return c.last, nil
	}
	id, ok := c.ids.Find(text)
	if !ok {
		var err error
		if id, err = c.add(text, t, col, role); err != nil {
			return 0, err
		}
	}
	c.last = id
	return id, nil
}

// add takes a code that is new.
func (c *codes) add(text []byte, t *table.Reader, col int, role table.Role) (int32, error) {
	kind, code, err := table.ReadCode(text, t.TextEncoding(), role, c.skipMissing)
	if err != nil {
		return 0, t.Fault(col, err)
	}
	id, ok := c.ids.Find(code)
	if !ok {
		id = int32(len(c.List))
		c.ids.Add(code, id)
		c.List = append(c.List, string(code))
		if kind != table.APlace && c.kinds == nil {
			c.kinds = make([]table.PlaceKind, id, id+64)
		}
		if c.kinds != nil {
			c.kinds = append(c.kinds, kind)
		}
	}
	if len(code) != len(text) {
		c.ids.Add(text, id)
		c.floats++
	}
	return id, nil
}

// NewFlowReader reads the heading of a table of flows. The error is a *fault.List
// where columns are missing or doubled.
func NewFlowReader(name string, r io.Reader, opts []table.Option) (*flowReader, error) {
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
	x := &flowReader{
		table: t, area: cols[0], provider: cols[1], count: cols[2],
		filter: f, marks: o.Marks, watch: newSetWatch(t, cols, f),
		Areas: codes{skipMissing: o.SkipMissing}, Providers: codes{skipMissing: o.SkipMissing},
		points: o.Points(t), seen: map[string]int{},
		Report: FlowReport{
			File: name, Area: t.Header()[cols[0]], Provider: t.Header()[cols[1]], Count: t.Header()[cols[2]],
			PreambleLines: line - 1,
		},
	}
	if x.shares, err = newShareReader(o, t, cols[2]); err != nil {
		return nil, err
	}
	if x.shares == nil && !weightHeadings[table.Normalise(t.Header()[cols[2]])] {
		x.guard = &shareWatch{}
	}
	x.Report.Others = table.Others(t.Header(), cols, AreaRole, ProviderRole, CountRole)
	return x, nil
}

// Next reads a row that the conditions keep: the numbers of its area and
// provider in f.areas and f.providers, and its count unless that is absent.
// Rows whose meaning only the whole table tells come last. Errors are those of
// table.Reader.Next; the last one of a table that mixes sets is an *fault.Error
// followed by io.EOF.
func (f *flowReader) Next() (area, provider int32, c flow.Count, absent bool, err error) {
	for {
		var keep bool
		if area, provider, c, absent, keep, err = f.row(); err == io.EOF {
			h, ok := f.release()
			if !ok {
				return 0, 0, c, false, f.end()
			}
			area, provider, c, absent, keep, err = h.area, h.provider, h.count, h.absent, true, nil
		}
		if err != nil {
			return 0, 0, c, false, err
		}
		if keep {
			break
		}
	}
	if absent {
		f.Report.Absent++
	} else {
		f.Report.Added++
		f.Report.Patients += c.Value
	}
	return area, provider, c, absent, nil
}

// row reads one row; keep is false for one that is left out or held.
func (f *flowReader) row() (area, provider int32, c flow.Count, absent, keep bool, err error) {
	t := f.table
	if err := t.Next(); err != nil {
		switch {
		case err == io.EOF:
		case t.Done():
			f.broken = true
		default:
			f.Report.Rows++
			f.Report.Bad++
		}
		return 0, 0, c, false, false, err
	}
	f.Report.Rows++
	f.Line = t.Line()
	if f.filter != nil && !f.filter.Keeps(t) {
		f.Report.Filtered++
		return 0, 0, c, false, false, nil
	}
	dotted := false
	if area, err = f.Areas.id(t.Field(f.area), t, f.area, AreaRole); err == nil {
		provider, err = f.Providers.id(t.Field(f.provider), t, f.provider, ProviderRole)
	}
	odd := err == nil && (f.Areas.kinds != nil || f.Providers.kinds != nil) && (f.Areas.kind(area) != table.APlace || f.Providers.kind(provider) != table.APlace)
	if err == nil && f.shares != nil {
		c, absent, err = f.shares.count(t, f.count, f.Areas.List[area], f.Providers.List[provider])
	} else if err == nil {
		text := t.Field(f.count)
		if n, ok := table.Digits(text); ok && f.marks.Marks == nil {
			c = flow.Exactly(n)
			if f.points != nil {
				f.points.Digits(n)
			}
		} else {
			c, absent, dotted, err = f.mark(string(text), odd)
		}
	}
	if err != nil {
		f.Report.Bad++
		return 0, 0, c, false, false, err
	}
	if odd && !f.odd(area, provider, c, absent) {
		return 0, 0, c, false, false, nil
	}
	if f.watch != nil {
		f.watch.see(t, area, provider)
	}
	if f.guard != nil && !absent {
		if f.guard.see(area, provider, c.Value); f.guard.over {
			f.guard = nil
		}
	}
	if dotted {
		h := &f.held[len(f.held)-1]
		h.area, h.provider = area, provider
	}
	return area, provider, c, absent, !dotted, nil
}

// mark reads a count that is no plain number. A count whose points may part
// thousands is held, unless its row is odd anyway.
func (f *flowReader) mark(text string, odd bool) (c flow.Count, absent, dotted bool, err error) {
	if f.points != nil {
		if thousands, decimal, ok := f.points.See(text); ok {
			c = flow.Exactly(thousands)
			if !odd {
				line, column := f.table.Pos(f.count)
				f.held = append(f.held, heldRow{count: c, decimal: decimal, dotted: true, line: line, column: column})
			}
			return c, false, !odd, nil
		}
	}
	c, absent, err = table.ParseCount(text, f.marks)
	if err != nil && !odd {
		return c, false, false, f.table.Fault(f.count, err)
	}
	if odd || !absent && !c.Suppressed() {
		return c, absent, false, nil
	}
	if !absent {
		f.Report.SuppressedRows++
	}
	i, ok := f.seen[text]
	if !ok {
		i = len(f.Report.Marks)
		f.seen[text] = i
		f.Report.Marks = append(f.Report.Marks, MarkCount{Mark: text, Lower: c.Lower, Upper: c.Upper, Absent: absent})
	}
	f.Report.Marks[i].Rows++
	return c, absent, false, nil
}

// end gives the faults of the table as a whole, one by one, and then io.EOF.
func (f *flowReader) end() error {
	if !f.ended {
		f.ended = true
		t, rep := f.table, &f.Report
		rep.Repeated, rep.Encoding = t.RepeatedHeaders(), t.Encoding()
		rep.Periods = f.watch.periods(t.Header())
		rep.Spelt = append(table.SpeltTwice(f.Areas.List), table.SpeltTwice(f.Providers.List)...)
		rep.FloatCodes = f.Areas.floats + f.Providers.floats
		slices.SortFunc(rep.Marks, func(a, b MarkCount) int { return strings.Compare(a.Mark, b.Mark) })
		if err := f.watch.err(t); err != nil {
			f.last = append(f.last, err)
		}
		if f.guard != nil && f.guard.found() {
			f.last = append(f.last, t.HeaderFault(f.count, fmt.Errorf("%w: %s adds up to 1 by area or provider; give it with --share-column, and the patients they are parts of with --totals or --total-column", ErrShares, table.Quoted(t.Header()[f.count]))))
		}
		switch {
		case f.broken:
		case rep.Rows == 0:
			f.last = append(f.last, t.HeaderFault(-1, fmt.Errorf("%w under the header", table.ErrEmptyTable)))
		case rep.Rows == rep.Left:
			f.last = append(f.last, t.HeaderFault(-1, fmt.Errorf("%w but %s", table.ErrEmptyTable, rep.Omitted[0])))
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
		f, err := NewFlowReader(name, r, opts)
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
			a, p, c, absent, err := f.Next()
			if err == io.EOF {
				return
			}
			var rec Record
			if err == nil {
				rec = Record{Area: f.Areas.List[a], Provider: f.Providers.List[p], Count: c, Absent: absent, Line: f.Line}
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
	f, err := NewFlowReader(name, r, opts)
	if err != nil {
		return FaultReport(name, err)
	}
	rep := &f.Report
	// Numbers in b of the codes of this table; -1 until the first row.
	var areas, providers []int32
	for n := 0; ; n++ {
		if n%table.ContextRows == 0 && ctx.Err() != nil {
			return *rep, context.Cause(ctx)
		}
		area, provider, c, absent, err := f.Next()
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
			areas[area] = b.Area(f.Areas.List[area])
		}
		if providers[provider] < 0 {
			providers[provider] = b.Provider(f.Providers.List[provider])
		}
		if err := b.AddPair(areas[area], providers[provider], c); err != nil {
			rep.Added-- // next has counted it
			rep.Bad++
			rep.Faults.Add(&fault.Error{File: name, Line: f.Line, Err: err})
		}
	}
}

// FaultReport is the report of a table whose header is at fault.
func FaultReport(name string, err error) (FlowReport, error) {
	rep := FlowReport{File: name}
	err = table.HeaderFaults(&rep.Faults, err)
	return rep, err
}
