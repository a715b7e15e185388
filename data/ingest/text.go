package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow/fault"
)

// chunkSize is how much of a text file a worker takes at a time.
const chunkSize = 1 << 20

// chunk is whole rows of a text file.
type chunk struct {
	seq  int
	line int // of its first row
	enc  table.Encoding
	buf  []byte // data, and 8 bytes to spare
	n    int
}

// splitter cuts the text behind a table's header into chunks at the ends of
// rows. A line end is one where the quotes before it are even in number: in a
// well-formed table that is exact, and in another the rows before the first
// broken one are whole, so that its fault is found.
type splitter struct {
	src    io.Reader
	rest   []byte // read, not yet given out
	line   int
	enc    table.Encoding
	srcErr error
	seq    int
	size   int // of a chunk
	pool   sync.Pool
}

// next gives the next chunk; io.EOF after the last.
func (s *splitter) next() (*chunk, error) {
	c, _ := s.pool.Get().(*chunk)
	if c == nil {
		c = &chunk{buf: make([]byte, s.size+8)}
	}
	c.seq, c.line, c.enc, c.n = s.seq, s.line, s.enc, 0
	s.seq++
	c.n = copy(c.buf[:len(c.buf)-8], s.rest)
	if s.rest = s.rest[c.n:]; len(s.rest) > 0 {
		// More was left over than a chunk holds: a very long row.
		c.buf = append(c.buf[:c.n], s.rest...)
		c.n = len(c.buf)
		c.buf = append(c.buf, make([]byte, 8)...)
		s.rest = nil
	}
	for {
		for s.srcErr == nil && c.n < len(c.buf)-8 {
			n, err := s.src.Read(c.buf[c.n : len(c.buf)-8])
			c.n += n
			s.srcErr = err
		}
		if s.srcErr != nil && s.srcErr != io.EOF {
			return nil, s.srcErr
		}
		if c.n == 0 {
			return nil, io.EOF
		}
		text := c.buf[:c.n]
		end := c.n
		if s.srcErr == nil {
			end = lastRowEnd(text)
		}
		if end == 0 {
			if c.n > table.MaxRow {
				return nil, fmt.Errorf("%w: one row of more than %d MiB; is a quote not closed?", table.ErrFieldSize, table.MaxRow>>20)
			}
			grown := make([]byte, 2*len(c.buf))
			copy(grown, text)
			c.buf = grown
			continue
		}
		s.rest = append(s.rest[:0:0], text[end:]...)
		c.n = end
		s.line += bytes.Count(text[:end], []byte{'\n'})
		if s.enc == table.ASCII {
			s.enc = table.FirstEncoding(text[:end])
			c.enc = s.enc
		}
		return c, nil
	}
}

// lastRowEnd gives where the last whole row of text ends; 0 where there is
// none. The text starts at the start of a row.
func lastRowEnd(text []byte) int {
	quotes := bytes.Count(text, []byte{'"'})
	for end := len(text); ; {
		nl := bytes.LastIndexByte(text[:end], '\n')
		if nl < 0 {
			return 0
		}
		quotes -= bytes.Count(text[nl+1:end], []byte{'"'})
		if quotes%2 == 0 {
			return nl + 1
		}
		end = nl
	}
}

// textIngest counts the records of one text table.
type textIngest struct {
	run                   *counting
	head                  *table.Reader
	area, provider, count int // count is -1 where each record counts 1
	filter                table.Filter
	points                *dotWatch // of a table in which points may part thousands
}

// text counts the records of a text table.
func (g *counting) text(ctx context.Context, name string, r io.Reader) error {
	t, cols, err := g.opts.Open(name, r, table.Wanted{Role: data.AreaRole}, table.Wanted{Role: data.ProviderRole}, g.countRole())
	if err != nil {
		return err
	}
	x := textIngest{run: g, head: t, area: cols[0], provider: cols[1], count: cols[2]}
	if x.filter, err = g.opts.Filter(t); err != nil {
		return err
	}
	if g.columns == nil {
		g.columns = table.TakenOf(t.Header(), cols, []table.Wanted{{Role: data.AreaRole}, {Role: data.ProviderRole}, {Role: data.CountRole}})
	}
	if p := g.opts.Points(t); p != nil && x.count >= 0 {
		x.points = &dotWatch{Pointed: *p}
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	below := t.Rest()
	s := &splitter{src: below.Source, rest: bytes.Clone(below.Read), line: below.Line, enc: below.Encoding, srcErr: below.Err, size: chunkSize}
	if g.chunkSize > 0 {
		s.size = g.chunkSize
	}
	jobs := max(g.jobs, 1)
	chunks := make(chan *chunk, jobs)
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		faults = map[int]*fault.List{}
		rows   atomic.Int64
	)
	for range jobs {
		wg.Go(func() {
			c := g.tally.counter()
			for ch := range chunks {
				if ctx.Err() != nil {
					continue
				}
				var found fault.List
				n, err := x.chunk(ch, c, &found)
				rows.Add(n)
				if found.Len() > 0 {
					mu.Lock()
					faults[ch.seq] = &found
					mu.Unlock()
				}
				s.pool.Put(ch)
				if err != nil {
					cancel(err)
				}
			}
			if err := c.close(); err != nil {
				cancel(err)
			}
		})
	}
	var srcErr error
	for ctx.Err() == nil {
		ch, err := s.next()
		if err != nil {
			if err != io.EOF {
				srcErr = err
			}
			break
		}
		select {
		case chunks <- ch:
		case <-ctx.Done():
		}
	}
	close(chunks)
	wg.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}

	// Faults in file order, whichever worker met them.
	all := make([]int, 0, len(faults))
	for seq := range faults {
		all = append(all, seq)
	}
	slices.Sort(all)
	var total fault.List
	for _, seq := range all {
		for _, e := range faults[seq].List {
			total.Add(e)
		}
		total.More += faults[seq].More
	}
	if srcErr != nil {
		var bad *fault.Error
		switch {
		case errors.As(srcErr, &bad):
			if bad.Line == 0 {
				bad = &fault.Error{File: bad.File, Line: s.line, Err: bad.Err}
			}
			total.Add(bad)
		case errors.Is(srcErr, table.ErrFieldSize):
			total.Add(&fault.Error{File: name, Line: s.line, Err: srcErr})
		default:
			return srcErr
		}
	}
	if rows.Load() == 0 && total.Len() == 0 {
		total.Add(t.HeaderFault(-1, fmt.Errorf("%w under the header", table.ErrEmptyTable)))
	}
	if x.points != nil && x.points.first != nil {
		thousands, known := x.points.Meaning()
		if !known {
			total.Add(x.points.first)
		} else if err := g.tally.settleDots(thousands); err != nil {
			return err
		}
	}
	return total.Err()
}

// chunk counts the records of one chunk, and says how many rows it had. Faults
// go into found; an error is for the whole ingest.
func (x *textIngest) chunk(ch *chunk, c *pairCounter, found *fault.List) (rows int64, err error) {
	t := x.head.Part(ch.buf, ch.n, ch.line, ch.enc)
	var filtered, absent int64
	var points dotWatch
	for {
		err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			rows++
			found.Add(err.(*fault.Error))
			continue
		}
		rows++
		if x.filter != nil && !x.filter.Keeps(t) {
			filtered++
			continue
		}
		area, ok1 := c.areas.find(t.Field(x.area))
		provider, ok2 := c.providers.find(t.Field(x.provider))
		if !ok1 || !ok2 {
			var keep bool
			if area, provider, keep, err = x.codes(t, c); err != nil {
				found.Add(err.(*fault.Error))
				continue
			}
			if !keep {
				continue
			}
		}
		n, part := int64(1), int64(0)
		if x.count >= 0 {
			text := t.Field(x.count)
			if len(text) > 0 && table.Absent(string(text)) || len(text) == 0 {
				absent++
				continue
			}
			if x.points != nil {
				dotted, err := points.dotted(text, c, area, provider, func(err error) *fault.Error { return t.Fault(x.count, err) })
				if err != nil {
					return rows, err
				}
				if dotted {
					continue
				}
			}
			if n, part, err = wholeAndPart(string(text)); err != nil {
				found.Add(t.Fault(x.count, err))
				continue
			}
		}
		err = c.add(area, provider, n)
		if err == nil && part != 0 {
			err = c.addPart(area, provider, part)
		}
		if err != nil {
			return rows, err
		}
	}
	g := x.run
	g.rows.Add(rows)
	g.filtered.Add(filtered)
	g.absent.Add(absent)
	g.bad.Add(int64(found.Len()))
	if x.points != nil {
		x.points.join(&points, ch.seq)
	}
	return rows, nil
}

// codes gives the numbers of codes that may be new or odd; keep is false for a
// row that is left out.
func (x *textIngest) codes(t *table.Reader, c *pairCounter) (area, provider int32, keep bool, err error) {
	one := func(col int, codes *localCodes, role table.Role) (int32, *oddPlace, error) {
		text := t.Field(col)
		if id, ok := codes.find(text); ok {
			return id, nil, nil
		}
		id, odd, err := codes.resolve(text, t.TextEncoding(), role, x.run.skipMissing, x.count >= 0)
		if err != nil {
			return 0, nil, t.Fault(col, err)
		}
		return id, odd, nil
	}
	area, oddArea, err := one(x.area, &c.areas, data.AreaRole)
	if err != nil {
		return 0, 0, false, err
	}
	provider, oddProvider, err := one(x.provider, &c.providers, data.ProviderRole)
	if err != nil {
		return 0, 0, false, err
	}
	if oddArea == nil && oddProvider == nil {
		return area, provider, true, nil
	}
	area, provider, keep = c.odd(area, provider, oddArea, oddProvider, 1, func() float64 {
		if x.count < 0 {
			return 1
		}
		n, _, _ := table.ParseCount(t.Text(x.count), table.Suppression{})
		return n.Value
	})
	return area, provider, keep, nil
}

// wholeAndPart reads a count as whole units and units of 1e-12. The error
// wraps ErrNegativeCount, ErrNotANumber or ErrCountRange.
func wholeAndPart(text string) (whole, part int64, err error) {
	if len(text) <= 15 {
		if x, ok := table.Digits([]byte(text)); ok {
			return int64(x), 0, nil
		}
	}
	c, _, err := table.ParseCount(text, table.Suppression{})
	if err != nil {
		return 0, 0, err
	}
	if c.Suppressed() {
		return 0, 0, fmt.Errorf("%w: %s is a suppressed count, which cannot go into a sum; give the table to --flows", table.ErrNotANumber, table.Quoted(text))
	}
	return wholeUnits(c.Value)
}

// wholeUnits parts a count into whole units and units of 1e-12.
func wholeUnits(x float64) (whole, part int64, err error) {
	if !(x <= maxWhole) {
		return 0, 0, fmt.Errorf("%w: %v", ErrCountRange, x)
	}
	whole = int64(x)
	part = int64(float64((x-float64(whole))*float64(partUnits)) + 0.5)
	return whole + part/partUnits, part % partUnits, nil
}
