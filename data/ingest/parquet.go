package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"stpmap/data"
	"stpmap/data/ingest/internal/claims"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// ErrParquet says that a Parquet file is damaged or of a kind that is not read.
var ErrParquet = errors.New("cannot be read as Parquet")

// parquetIngest counts the records of one Parquet file. Only the columns in
// use are read; values that a dictionary holds are looked up once each.
type parquetIngest struct {
	run    *counting
	name   string
	file   *parquet.File
	r      io.ReaderAt
	size   int64
	leaves []parquetLeaf // area, provider, count or none, then the conditions'
	count  bool
	filter table.Filter // of the conditions; col counts from the first of theirs
	header []string
	watch  *data.SetWatch // of pairs: the leaves behind those of the conditions; nil for none
}

type parquetLeaf struct {
	column   int
	role     table.Role
	levels   byte // definition level of a value that is there
	kind     parquet.Kind
	scale    int32 // of a decimal number
	decimal  bool
	days     bool // days since 1970
	unsigned bool
}

// parquet counts the records of a Parquet file.
func (g *counting) parquet(ctx context.Context, name string, r io.ReaderAt, size int64) (err error) {
	defer func() {
		// The decoder panics on some damaged files.
		if p := recover(); p != nil {
			err = &fault.Error{File: name, Err: fmt.Errorf("%w: %v", ErrParquet, p)}
		}
	}()
	if err := claims.Check(r, size); err != nil {
		return &fault.Error{File: name, Err: fmt.Errorf("%w: %w", ErrParquet, err)}
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<18))
	if err != nil {
		return &fault.Error{File: name, Err: fmt.Errorf("%w: %w", ErrParquet, err)}
	}
	x := parquetIngest{run: g, name: name, file: f, r: r, size: size}
	if err := x.columns(); err != nil {
		return err
	}
	groups := f.RowGroups()
	first := make([]int64, len(groups)) // number of each group's first record
	rows := int64(0)
	for i, rg := range groups {
		first[i] = rows
		rows += rg.NumRows()
	}
	if rows == 0 {
		return &fault.Error{File: name, Err: fmt.Errorf("%w in the file", table.ErrEmptyTable)}
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	faults := make([]fault.List, len(groups))
	next := make(chan int, len(groups))
	for i := range groups {
		next <- i
	}
	close(next)
	jobs := max(g.jobs, 1)
	if x.watch != nil {
		jobs = 1 // which pairs stand in several sets is one question
	}
	for range min(jobs, len(groups)) {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					cancel(&fault.Error{File: name, Err: fmt.Errorf("%w: %v", ErrParquet, p)})
				}
			}()
			c := g.tally.counter()
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				if err := x.group(ctx, i, first[i], c, &faults[i]); err != nil {
					cancel(err)
					return
				}
				g.bytes.Add(size / int64(len(groups)))
			}
			if err := c.close(); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var total fault.List
	for i := range faults {
		for _, e := range faults[i].List {
			total.Add(e)
		}
		total.More += faults[i].More
	}
	if e := x.watch.Mixed(x.header); e != nil {
		total.Add(&fault.Error{File: name, Err: e})
	}
	return total.Err()
}

// columns finds the leaves in use.
func (x *parquetIngest) columns() error {
	var header []string
	var leaves []*parquet.Column
	var walk func(c *parquet.Column)
	walk = func(c *parquet.Column) {
		if c.Leaf() {
			header = append(header, strings.Join(c.Path(), "."))
			leaves = append(leaves, c)
			return
		}
		for _, child := range c.Columns() {
			walk(child)
		}
	}
	walk(x.file.Root())
	refused := func(err error) error {
		var faults fault.List
		faults.Add(&fault.Error{File: x.name, Err: err})
		return faults.Err()
	}
	o := x.run.opts
	roles := []table.Wanted{{Role: data.AreaRole}, {Role: data.ProviderRole}, x.run.countRole()}
	cols := o.Find(header, roles)
	for i, w := range roles {
		if cols[i] < 0 && !w.Optional {
			return refused(w.Role.Missing(header, o.Columns[w.Role.Name]))
		}
	}
	if x.run.columns == nil {
		x.run.columns = table.TakenOf(header, cols, []table.Wanted{{Role: data.AreaRole}, {Role: data.ProviderRole}, {Role: data.CountRole}})
	}
	if x.count = cols[2] >= 0; !x.count {
		roles, cols = roles[:2], cols[:2]
	}
	for _, c := range o.Where {
		col := table.FindHeading(header, c.Column)
		if col < 0 {
			return refused(table.Role{Name: c.Column}.Missing(header, c.Column))
		}
		at := slices.IndexFunc(x.filter, func(f table.FilterColumn) bool { return f.Col == col })
		if at < 0 {
			at = len(x.filter)
			x.filter = append(x.filter, table.FilterColumn{Col: col})
		}
		x.filter[at].Values = append(x.filter[at].Values, c.Value)
		x.filter[at].Any = x.filter[at].Any || c.Value == "*"
	}
	x.header = header
	if x.run.ofPairs {
		x.watch = data.WatchSets(header, cols, x.filter)
	}
	further := make([]int, 0, len(x.filter))
	for i := range x.filter {
		further = append(further, x.filter[i].Col)
	}
	if x.watch != nil {
		for _, c := range x.watch.Cols {
			further = append(further, c.Col)
		}
	}
	for _, col := range further {
		cols = append(cols, col)
		roles = append(roles, table.Wanted{Role: table.Role{Name: header[col]}})
	}
	for i, col := range cols {
		c := leaves[col]
		l := parquetLeaf{column: c.Index(), role: roles[i].Role, levels: byte(c.MaxDefinitionLevel()), kind: c.Type().Kind()}
		if c.MaxRepetitionLevel() > 0 {
			return refused(fmt.Errorf("%w: column %s holds lists", ErrParquet, table.Quoted(header[col])))
		}
		if lt := c.Type().LogicalType(); lt != nil {
			switch v := lt.Value.(type) {
			case *format.DecimalType:
				l.decimal, l.scale = true, v.Scale
			case *format.DateType:
				l.days = true
			case *format.IntType:
				l.unsigned = !v.IsSigned
			}
		}
		if i == 2 && x.count {
			switch l.kind {
			case parquet.Int32, parquet.Int64, parquet.Float, parquet.Double:
			case parquet.ByteArray: // text, read as a table's, or a decimal number
			case parquet.FixedLenByteArray:
				if l.decimal {
					break
				}
				fallthrough
			default:
				return refused(fmt.Errorf("%w: column %s is of %v, not of numbers", ErrParquet, table.Quoted(header[col]), c.Type()))
			}
		}
		x.leaves = append(x.leaves, l)
	}
	return nil
}

// group counts the records of one row group.
func (x *parquetIngest) group(ctx context.Context, group int, first int64, c *pairCounter, found *fault.List) error {
	pages, sizes := claims.NewPages(x.r, x.size), x.file.Metadata().RowGroups[group].Columns
	for _, l := range x.leaves {
		if err := pages.Check(&sizes[l.column].MetaData, int(l.levels)); err != nil {
			return x.fault(first, err)
		}
	}
	rg := x.file.RowGroups()[group]
	chunks := rg.ColumnChunks()
	cursors := make([]*parquetCursor, len(x.leaves))
	for i, l := range x.leaves {
		cur := &parquetCursor{leaf: l, pages: chunks[l.column].Pages()}
		defer cur.pages.Close()
		cursors[i] = cur
		conditions := 2
		if x.count {
			conditions = 3
		}
		switch {
		case i < 2:
			codes := &c.areas
			if i == 1 {
				codes = &c.providers
			}
			cur.resolve = func(text []byte) (int32, error) {
				text = trimSpace(text)
				if id, ok := codes.find(text); ok {
					return id, nil
				}
				if len(text) == 0 {
					return noCode, nil
				}
				id, odd, err := codes.resolve(text, table.UTF8, l.role, x.run.skipMissing, x.count)
				if odd != nil {
					return 0, odd
				}
				return id, err
			}
		case i < conditions:
			cur.counting()
		case i >= conditions+len(x.filter):
			cur.texts()
		default:
			f := &x.filter[i-conditions]
			cur.resolve = func(text []byte) (int32, error) {
				if f.Any || slices.Contains(f.Values, string(trimSpace(text))) {
					return 1, nil
				}
				return 0, nil
			}
		}
	}
	areas, providers := cursors[0], cursors[1]
	rest := cursors[2:]
	var counts *parquetCursor
	if x.count {
		counts, rest = cursors[2], cursors[3:]
	}
	rest, sets := rest[:len(x.filter)], rest[len(x.filter):]
	var key []byte

	g := x.run
	for row, total := first, first+rg.NumRows(); row < total; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		// As many records as every column's page has left.
		n := int(min(total-row, 1<<20))
		for _, cur := range cursors {
			if cur.at == cur.n {
				if err := cur.next(); err != nil {
					return x.fault(row, err)
				}
			}
			n = min(n, cur.n-cur.at)
		}
		if n <= 0 {
			return x.fault(row, io.ErrUnexpectedEOF)
		}
		var filtered, absent int64
		before := found.Len()
		a, p := areas.ids[areas.at:areas.at+n], providers.ids[providers.at:providers.at+n]
	records:
		for i := range n {
			for _, cur := range rest {
				if cur.ids[cur.at+i] != 1 {
					filtered++
					continue records
				}
			}
			area, provider := a[i], p[i]
			if area < 0 || provider < 0 {
				var keep bool
				var err error
				area, provider, keep, err = x.odd(c, areas, providers, area, provider, func() float64 {
					if counts == nil || counts.ids[counts.at+i] < 0 {
						return 1
					}
					return float64(counts.whole[counts.at+i])
				})
				if err != nil {
					found.Add(x.at(row+int64(i), err))
				}
				if !keep {
					continue
				}
			}
			whole, part := int64(1), int64(0)
			if counts != nil {
				switch id := counts.ids[counts.at+i]; {
				case id == noCode:
					absent++
					continue
				case id < 0:
					found.Add(x.at(row+int64(i), counts.fault(id)))
					continue
				}
				whole, part = counts.whole[counts.at+i], counts.part[counts.at+i]
			}
			if x.watch != nil {
				key = key[:0]
				for _, cur := range sets {
					key = append(key, cur.textOf(cur.at+i)...)
					key = append(key, 0)
				}
				x.watch.Note(key, area, provider)
			}
			err := c.add(area, provider, whole)
			if err == nil && part != 0 {
				err = c.addPart(area, provider, part)
			}
			if err != nil {
				return err
			}
		}
		for _, cur := range cursors {
			cur.at += n
		}
		row += int64(n)
		g.rows.Add(int64(n))
		g.filtered.Add(filtered)
		g.absent.Add(absent)
		g.bad.Add(int64(found.Len() - before))
	}
	return nil
}

// odd settles a record of which a code is missing, odd or at fault.
func (x *parquetIngest) odd(c *pairCounter, areas, providers *parquetCursor, a, p int32, patients func() float64) (area, provider int32, keep bool, err error) {
	oddArea, err := x.oddPlace(areas, a)
	if err != nil {
		return 0, 0, false, err
	}
	oddProvider, err := x.oddPlace(providers, p)
	if err != nil {
		return 0, 0, false, err
	}
	area, provider, keep = c.odd(a, p, oddArea, oddProvider, 1, patients)
	return area, provider, keep, nil
}

// oddPlace says what a negative number stands for; nil for another one.
func (x *parquetIngest) oddPlace(cur *parquetCursor, id int32) (*oddPlace, error) {
	if id >= 0 {
		return nil, nil
	}
	if id == noCode && x.run.skipMissing {
		return &oddPlace{kind: table.WithoutCode}, nil
	}
	err := cur.fault(id)
	var odd *oddPlace
	if errors.As(err, &odd) {
		return odd, nil
	}
	return nil, err
}

// at is a fault in a record; its number stands for a line.
func (x *parquetIngest) at(row int64, err error) *fault.Error {
	return &fault.Error{File: x.name, Line: int(row + 1), Err: err}
}

// fault is a fault past which the file cannot be read; an error of the disk
// stays what it is.
func (x *parquetIngest) fault(row int64, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return x.at(row, fmt.Errorf("%w: %w", ErrParquet, err))
}
