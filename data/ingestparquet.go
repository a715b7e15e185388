package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	values "github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// ErrParquet says that a Parquet file is damaged or of a kind that is not read.
var ErrParquet = errors.New("cannot be read as Parquet")

// parquetIngest counts the records of one Parquet file. Only the columns in
// use are read; values that a dictionary holds are looked up once each.
type parquetIngest struct {
	run    *ingest
	name   string
	file   *parquet.File
	leaves []parquetLeaf // area, provider, count or none, then the conditions'
	count  bool
	filter filter // of the conditions; col counts from the first of theirs
}

type parquetLeaf struct {
	column   int
	role     Role
	levels   byte // definition level of a value that is there
	kind     parquet.Kind
	scale    int32 // of a decimal number
	decimal  bool
	days     bool // days since 1970
	unsigned bool
}

// parquet counts the records of a Parquet file.
func (g *ingest) parquet(ctx context.Context, name string, r io.ReaderAt, size int64) (err error) {
	defer func() {
		// The decoder panics on some damaged files.
		if p := recover(); p != nil {
			err = &InputError{File: name, Err: fmt.Errorf("%w: %v", ErrParquet, p)}
		}
	}()
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<18))
	if err != nil {
		return &InputError{File: name, Err: fmt.Errorf("%w: %w", ErrParquet, err)}
	}
	x := parquetIngest{run: g, name: name, file: f}
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
		return &InputError{File: name, Err: fmt.Errorf("%w in the file", ErrEmptyTable)}
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	faults := make([]Faults, len(groups))
	next := make(chan int, len(groups))
	for i := range groups {
		next <- i
	}
	close(next)
	for range min(max(g.jobs, 1), len(groups)) {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					cancel(&InputError{File: name, Err: fmt.Errorf("%w: %v", ErrParquet, p)})
				}
			}()
			c := g.tally.counter()
			for i := range next {
				if ctx.Err() != nil {
					return
				}
				if err := x.group(ctx, groups[i], first[i], c, &faults[i]); err != nil {
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
	var total Faults
	for i := range faults {
		for _, e := range faults[i].List {
			total.Add(e)
		}
		total.More += faults[i].More
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
	fault := func(err error) error {
		var faults Faults
		faults.Add(&InputError{File: x.name, Err: err})
		return faults.Err()
	}
	o := x.run.opts
	roles := []wanted{{role: AreaRole}, {role: ProviderRole}, x.run.countRole()}
	cols := o.find(header, roles)
	for i, w := range roles {
		if cols[i] < 0 && !w.optional {
			return fault(w.role.Missing(header, o.columns[w.role.Name]))
		}
	}
	if x.count = cols[2] >= 0; !x.count {
		roles, cols = roles[:2], cols[:2]
	}
	for _, c := range o.where {
		col := FindHeading(header, c.column)
		if col < 0 {
			return fault(Role{Name: c.column}.Missing(header, c.column))
		}
		at := slices.IndexFunc(x.filter, func(f filterColumn) bool { return f.col == col })
		if at < 0 {
			at = len(x.filter)
			x.filter = append(x.filter, filterColumn{col: col})
		}
		x.filter[at].values = append(x.filter[at].values, c.value)
		x.filter[at].any = x.filter[at].any || c.value == "*"
	}
	for i := range x.filter {
		cols = append(cols, x.filter[i].col)
		roles = append(roles, wanted{role: Role{Name: header[x.filter[i].col]}})
	}
	for i, col := range cols {
		c := leaves[col]
		l := parquetLeaf{column: c.Index(), role: roles[i].role, levels: byte(c.MaxDefinitionLevel()), kind: c.Type().Kind()}
		if c.MaxRepetitionLevel() > 0 {
			return fault(fmt.Errorf("%w: column %s holds lists", ErrParquet, quoted(header[col])))
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
			case parquet.ByteArray:
				if !l.decimal {
					break // text, read as a table's
				}
				fallthrough
			default:
				return fault(fmt.Errorf("%w: column %s is of %v, not of numbers", ErrParquet, quoted(header[col]), c.Type()))
			}
		}
		x.leaves = append(x.leaves, l)
	}
	return nil
}

// noCode marks a record without a value, unset a dictionary's value that no
// record had so far; -3 and below are faults.
const (
	noCode  int32 = -1
	unset   int32 = -2
	badCode int32 = -3
)

// parquetCursor walks down one column of a row group, a page at a time.
type parquetCursor struct {
	leaf    parquetLeaf
	pages   parquet.Pages
	resolve func(text []byte) (int32, error) // number of a value
	ids     []int32                          // of the records of the page; for counts of text too
	whole   []int64                          // for a count column
	part    []int64
	errs    []error // of badCode, badCode-1, …
	dict    parquet.Dictionary
	mapped  []int32 // number of each of the dictionary's values
	counts  []dictCount
	at, n   int // records consumed, and in the page
	text    []byte
}

type dictCount struct{ whole, part int64 }

// group counts the records of one row group.
func (x *parquetIngest) group(ctx context.Context, rg parquet.RowGroup, first int64, c *pairCounter, found *Faults) error {
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
				if err := CodeFault(text, l.role); err != nil {
					return 0, err
				}
				return codes.add(text), nil
			}
		case i < conditions:
			cur.counting()
		default:
			f := &x.filter[i-conditions]
			cur.resolve = func(text []byte) (int32, error) {
				if f.any || slices.Contains(f.values, string(trimSpace(text))) {
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
		var filtered, absent, missing int64
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
			if a[i] < 0 || p[i] < 0 {
				if a[i] > badCode && p[i] > badCode && g.skipMissing {
					missing++
					continue
				}
				cur, id := areas, a[i]
				if id >= 0 {
					cur, id = providers, p[i]
				}
				found.Add(x.at(row+int64(i), cur.fault(id)))
				continue
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
			err := c.add(a[i], p[i], whole)
			if err == nil && part != 0 {
				err = c.addPart(a[i], p[i], part)
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
		g.missing.Add(missing)
		g.bad.Add(int64(found.Len() - before))
	}
	return nil
}

// at is a fault in a record; its number stands for a line.
func (x *parquetIngest) at(row int64, err error) *InputError {
	return &InputError{File: x.name, Line: int(row + 1), Err: err}
}

// fault is a fault past which the file cannot be read; an error of the disk
// stays what it is.
func (x *parquetIngest) fault(row int64, err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return x.at(row, fmt.Errorf("%w: %w", ErrParquet, err))
}

func trimSpace(b []byte) []byte {
	if len(b) > 0 && b[0] > ' ' && b[len(b)-1] > ' ' && b[0] < 0x80 && b[len(b)-1] < 0x80 {
		return b
	}
	return []byte(strings.TrimSpace(string(b)))
}

// fault is the error behind a negative number.
func (c *parquetCursor) fault(id int32) error {
	if id == noCode {
		return fmt.Errorf("%w: no %s", ErrMissingCode, c.leaf.role.Name)
	}
	return c.errs[badCode-id]
}

// number resolves a value; what is at fault gets a number of its own.
func (c *parquetCursor) number(text []byte) int32 {
	id, err := c.resolve(text)
	if err != nil {
		c.errs = append(c.errs, err)
		return badCode - int32(len(c.errs)-1)
	}
	return id
}

// counting makes a cursor of counts: each distinct text of one is read once,
// and its number is its place in counts.
func (c *parquetCursor) counting() {
	seen := map[string]int32{}
	c.resolve = func(text []byte) (int32, error) {
		if Absent(string(text)) {
			return noCode, nil
		}
		if id, ok := seen[string(text)]; ok {
			return id, nil
		}
		whole, part, err := wholeAndPart(string(text))
		if err != nil {
			return 0, err
		}
		id := int32(len(c.counts))
		c.counts = append(c.counts, dictCount{whole, part})
		if len(seen) < 1<<16 {
			seen[string(text)] = id
		}
		return id, nil
	}
}

// next reads a page.
func (c *parquetCursor) next() error {
	page, err := c.pages.ReadPage()
	if err != nil {
		return err
	}
	defer parquet.Release(page)
	c.at, c.n = 0, int(page.NumRows())
	held := page.Data()
	if cap(c.ids) < c.n {
		c.ids = make([]int32, c.n)
	}
	c.ids = c.ids[:c.n]

	// 1. Values that are there, one after the other.
	present := c.n - int(page.NumNulls())
	if dict := page.Dictionary(); dict != nil {
		if dict != c.dict {
			c.dict, c.mapped = dict, make([]int32, dict.Len())
			for i := range c.mapped {
				c.mapped[i] = unset
			}
		}
		index := held.Int32()
		if len(index) < present {
			return io.ErrUnexpectedEOF
		}
		for i, k := range index[:present] {
			id := c.mapped[k]
			if id == unset {
				id = c.number(c.valueText(dict.Index(k)))
				c.mapped[k] = id
			}
			c.ids[i] = id
		}
	} else if err := c.plain(held, present); err != nil {
		return err
	}

	// 2. Nulls between them.
	if present < c.n {
		levels := page.DefinitionLevels()
		if len(levels) < c.n {
			return io.ErrUnexpectedEOF
		}
		from := present
		for i := c.n - 1; i >= 0; i-- {
			if levels[i] < c.leaf.levels {
				c.ids[i] = noCode
				continue
			}
			if from--; from < 0 {
				return io.ErrUnexpectedEOF
			}
			c.ids[i] = c.ids[from]
		}
	}

	// 3. The counts behind the numbers.
	if c.counts != nil || c.leaf.role.Name == CountRole.Name {
		if cap(c.whole) < c.n {
			c.whole, c.part = make([]int64, c.n), make([]int64, c.n)
		}
		c.whole, c.part = c.whole[:c.n], c.part[:c.n]
		for i, id := range c.ids {
			if id >= 0 {
				c.whole[i], c.part[i] = c.counts[id].whole, c.counts[id].part
			}
		}
		if c.dict == nil && len(c.counts) > 1<<20 {
			c.counting() // the numbers of plain values are of this page only
			c.counts = c.counts[:0]
		}
	}
	return nil
}

// plain resolves values that no dictionary holds.
func (c *parquetCursor) plain(page values.Values, n int) error {
	short := func(have int) bool { return have < n }
	switch c.leaf.kind {
	case parquet.ByteArray:
		data, offsets := page.ByteArray()
		if short(len(offsets) - 1) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(data[offsets[i]:offsets[i+1]])
		}
	case parquet.FixedLenByteArray:
		data, size := page.FixedLenByteArray()
		if size <= 0 || short(len(data)/size) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(data[i*size : (i+1)*size])
		}
	case parquet.Int32:
		v := page.Int32()
		if short(len(v)) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(c.integer(int64(v[i])))
		}
	case parquet.Int64:
		v := page.Int64()
		if short(len(v)) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(c.integer(v[i]))
		}
	case parquet.Float:
		v := page.Float()
		if short(len(v)) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(c.float(float64(v[i]), 32))
		}
	case parquet.Double:
		v := page.Double()
		if short(len(v)) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(c.float(v[i], 64))
		}
	case parquet.Boolean:
		v := page.Boolean()
		if short(len(v) * 8) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number([]byte(strconv.FormatBool(v[i/8]>>(i%8)&1 == 1)))
		}
	case parquet.Int96:
		v := page.Int96()
		if short(len(v)) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(int96Text(v[i]))
		}
	default:
		return fmt.Errorf("column of %v", c.leaf.kind)
	}
	return nil
}

// valueText is a dictionary's value as text.
func (c *parquetCursor) valueText(v parquet.Value) []byte {
	switch v.Kind() {
	case parquet.ByteArray, parquet.FixedLenByteArray:
		return v.ByteArray()
	case parquet.Int32:
		return c.integer(int64(v.Int32()))
	case parquet.Int64:
		return c.integer(v.Int64())
	case parquet.Float:
		return c.float(float64(v.Float()), 32)
	case parquet.Double:
		return c.float(v.Double(), 64)
	case parquet.Int96:
		return int96Text(v.Int96())
	}
	return []byte(v.String())
}

func int96Text(v deprecated.Int96) []byte { return []byte(v.String()) }

// integer is a whole or decimal number or a date as text.
func (c *parquetCursor) integer(n int64) []byte {
	switch {
	case c.leaf.days:
		c.text = time.Unix(n*86400, 0).UTC().AppendFormat(c.text[:0], time.DateOnly)
	case c.leaf.decimal && c.leaf.scale > 0:
		c.text = strconv.AppendFloat(c.text[:0], float64(n)/math.Pow10(int(c.leaf.scale)), 'f', -1, 64)
	case c.leaf.unsigned && c.leaf.kind == parquet.Int32:
		c.text = strconv.AppendUint(c.text[:0], uint64(uint32(n)), 10)
	case c.leaf.unsigned:
		c.text = strconv.AppendUint(c.text[:0], uint64(n), 10)
	default:
		c.text = strconv.AppendInt(c.text[:0], n, 10)
	}
	return c.text
}

func (c *parquetCursor) float(x float64, size int) []byte {
	c.text = strconv.AppendFloat(c.text[:0], x, 'g', -1, size)
	return c.text
}
