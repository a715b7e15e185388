package ingest

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	values "github.com/parquet-go/parquet-go/encoding"

	"stpmap/data"
	"stpmap/data/table"
)

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
	values  []string // of a cursor of plain values
	at, n   int      // records consumed, and in the page
	text    []byte
}

// texts makes a cursor of plain values, whose numbers are their places in values.
func (c *parquetCursor) texts() {
	seen := map[string]int32{}
	c.resolve = func(text []byte) (int32, error) {
		id, ok := seen[string(text)]
		if !ok {
			id = int32(len(c.values))
			seen[string(text)] = id
			c.values = append(c.values, string(trimSpace(text)))
		}
		return id, nil
	}
}

// textOf is the value of record i of the page, empty where there is none.
func (c *parquetCursor) textOf(i int) string {
	if id := c.ids[i]; id >= 0 {
		return c.values[id]
	}
	return ""
}

// bytes is a value of bytes as text: as it is, or a decimal number (big-endian
// two's complement, as the Parquet format says).
func (c *parquetCursor) bytes(b []byte) []byte {
	if !c.leaf.decimal {
		return b
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	scale := int(c.leaf.scale)
	if scale <= 0 {
		return n.Append(c.text[:0], 10)
	}
	negative := n.Sign() < 0
	digits := n.Abs(n).String()
	if short := scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	whole, part := digits[:len(digits)-scale], strings.TrimRight(digits[len(digits)-scale:], "0")
	c.text = c.text[:0]
	if negative {
		c.text = append(c.text, '-')
	}
	c.text = append(c.text, whole...)
	if part != "" {
		c.text = append(append(c.text, '.'), part...)
	}
	return c.text
}

type dictCount struct{ whole, part int64 }

func trimSpace(b []byte) []byte {
	if len(b) > 0 && b[0] > ' ' && b[len(b)-1] > ' ' && b[0] < 0x80 && b[len(b)-1] < 0x80 {
		return b
	}
	return []byte(strings.TrimSpace(string(b)))
}

// fault is the error behind a negative number.
func (c *parquetCursor) fault(id int32) error {
	if id == noCode {
		return fmt.Errorf("%w: no %s", table.ErrMissingCode, c.leaf.role.Name)
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
		if table.Absent(string(text)) {
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
	if c.counts != nil || c.leaf.role.Name == data.CountRole.Name {
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
			c.ids[i] = c.number(c.bytes(data[offsets[i]:offsets[i+1]]))
		}
	case parquet.FixedLenByteArray:
		data, size := page.FixedLenByteArray()
		if size <= 0 || short(len(data)/size) {
			return io.ErrUnexpectedEOF
		}
		for i := range n {
			c.ids[i] = c.number(c.bytes(data[i*size : (i+1)*size]))
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
		return c.bytes(v.ByteArray())
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

// float is a floating-point number as text. What a table of another kind would
// have blank is NaN here. A code past what the number holds exactly is written
// with an exponent, as which it is refused.
func (c *parquetCursor) float(x float64, size int) []byte {
	exact := float64(1 << 53)
	if size == 32 {
		exact = 1 << 24
	}
	format := byte('f')
	switch {
	case math.IsNaN(x):
		return nil
	case math.Abs(x) > exact && c.leaf.role.Name != data.CountRole.Name:
		format = 'e'
	}
	c.text = strconv.AppendFloat(c.text[:0], x, format, -1, size)
	return c.text
}
