package flow

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"slices"
	"strconv"
	"sync"
)

// Matrix is a sparse matrix of patients: areas of residence (rows) by providers
// (columns), held in compressed rows and in compressed columns. Codes are
// sorted, so that index order is code order; every stored count is above 0.
// It cannot be changed after it is built and may be shared between goroutines.
// The slices that its methods return are its own: read them only.
type Matrix struct {
	areas, providers []string
	oneMode          bool

	rowPtr, colPtr []int32
	rowIdx, colIdx []int32 // provider of each entry by rows; area of each by columns
	rowVal, colVal []float64
	rowSum, colSum []float64

	// marks are the different counts that are known only within bounds; mark
	// gives each cell's, by rows, as its place from 1, or 0 where the count is
	// exact. Both are nil where nothing was suppressed.
	mark  []uint32
	marks []Count

	total    Count
	decimals int8 // most digits after the point that a count has

	hashOnce sync.Once
	hash     string
}

// fill takes records in the order (area, provider), without repeats or zeros.
func (m *Matrix) fill(recs *records) {
	m.rowPtr = make([]int32, len(m.areas)+1)
	m.rowIdx, m.rowVal = make([]int32, recs.n), make([]float64, recs.n)
	at := 0
	for _, block := range recs.blocks {
		rowIdx, rowVal := m.rowIdx[at:][:len(block)], m.rowVal[at:][:len(block)]
		at += len(block)
		for i, t := range block {
			m.rowPtr[t.area+1]++
			rowIdx[i], rowVal[i] = t.provider, t.value
		}
	}
	for i := range m.areas {
		m.rowPtr[i+1] += m.rowPtr[i]
	}
	m.addColumns()
}

// addColumns makes the columns and the totals of the rows that are there.
func (m *Matrix) addColumns() {
	nP, nz := len(m.providers), len(m.rowVal)
	m.colPtr, m.colIdx, m.colVal = make([]int32, nP+1), make([]int32, nz), make([]float64, nz)
	m.rowSum, m.colSum = make([]float64, len(m.areas)), make([]float64, nP)
	for _, j := range m.rowIdx {
		m.colPtr[j+1]++
	}
	for j := range nP {
		m.colPtr[j+1] += m.colPtr[j]
	}
	next := slices.Clone(m.colPtr[:nP])
	for a := range m.areas {
		m.addToColumns(a, next)
	}
	if m.decimals > 0 {
		for i := range m.rowSum {
			m.rowSum[i] = m.Tidy(m.rowSum[i])
		}
		for i := range m.colSum {
			m.colSum[i] = m.Tidy(m.colSum[i])
		}
		m.total.Value = m.Tidy(m.total.Value)
	}
	m.total.Published, m.total.Lower, m.total.Upper = m.total.Value, m.total.Value, m.total.Value
}

// addToColumns puts a row into the columns, each at its next place. Like the rows
// of Assemble, it is a call of its own for the sake of browsers.
//
//go:noinline
func (m *Matrix) addToColumns(a int, next []int32) {
	for k := m.rowPtr[a]; k < m.rowPtr[a+1]; k++ {
		j, x := m.rowIdx[k], m.rowVal[k]
		m.rowSum[a] += x
		m.colSum[j] += x
		m.total.Value += x
		i := next[j]
		m.colIdx[i], m.colVal[i] = int32(a), x
		next[j] = i + 1
	}
}

// setBounds takes the suppressed records; their midpoints are in the matrix.
func (m *Matrix) setBounds(recs []interval) {
	slices.SortFunc(recs, func(x, y interval) int {
		for _, c := range [...]float64{
			float64(x.area) - float64(y.area), float64(x.provider) - float64(y.provider),
			x.published - y.published, x.lower - y.lower, x.upper - y.upper,
		} {
			if c < 0 {
				return -1
			} else if c > 0 {
				return 1
			}
		}
		return 0
	})
	var cells []int32 // those with a suppressed part, rising
	var counts []Count
	for _, r := range recs {
		if r.area < 0 || r.provider < 0 {
			continue // an interval of [0, 0]: no flow, no cell
		}
		k, ok := m.find(r.area, r.provider)
		if !ok {
			continue
		}
		if len(cells) == 0 || cells[len(cells)-1] != k {
			cells, counts = append(cells, k), append(counts, Exactly(m.rowVal[k]))
		}
		c, mid := &counts[len(counts)-1], (r.lower+r.upper)/2
		c.Published = max(0, c.Published-(mid-r.published))
		c.Lower = max(c.Published, c.Lower-(mid-r.lower))
		c.Upper += r.upper - mid
	}
	at := 0
	m.setMarks(func(k int) Count {
		if at < len(cells) && int(cells[at]) == k {
			at++
			return counts[at-1]
		}
		return Exactly(m.rowVal[k])
	})
}

// setMarks says which cells are known only within bounds, and sums the bounds.
// count gives each cell's, asked in rising order. What many cells share, such
// as the mark of a small count, is kept once.
func (m *Matrix) setMarks(count func(k int) Count) {
	m.mark, m.total = make([]uint32, len(m.rowVal)), Count{}
	marker := newMarker()
	for k := range m.rowVal {
		c := count(k)
		m.total = m.total.Plus(c)
		if c.Suppressed() {
			m.mark[k] = marker.of(c)
		}
	}
	m.marks = marker.marks
	m.tidyTotal()
}

func (m *Matrix) tidyTotal() {
	m.total.Published, m.total.Lower, m.total.Upper = m.Tidy(m.total.Published), m.Tidy(m.total.Lower), m.Tidy(m.total.Upper)
}

// marker numbers the different counts that are known only within bounds, from 1.
type marker struct {
	marks []Count
	known map[Count]uint32
	last  Count // most cells that are marked are marked alike
	at    uint32
}

func newMarker() *marker { return &marker{known: map[Count]uint32{}} }

func (r *marker) of(c Count) uint32 {
	if r.at > 0 && c == r.last {
		return r.at
	}
	at, ok := r.known[c]
	if !ok {
		r.marks = append(r.marks, c)
		at = uint32(len(r.marks))
		r.known[c] = at
	}
	r.last, r.at = c, at
	return at
}

func (m *Matrix) find(area, provider int32) (int32, bool) {
	lo := m.rowPtr[area]
	i, ok := slices.BinarySearch(m.rowIdx[lo:m.rowPtr[area+1]], provider)
	return lo + int32(i), ok
}

// Areas are the codes of the rows, sorted.
func (m *Matrix) Areas() []string { return m.areas }

// Providers are the codes of the columns, sorted. In a one-mode matrix they are
// the areas.
func (m *Matrix) Providers() []string { return m.providers }

// OneMode reports whether areas and providers are the same places.
func (m *Matrix) OneMode() bool { return m.oneMode }

// Len is the number of stored pairs, all with a count above 0.
func (m *Matrix) Len() int { return len(m.rowVal) }

// Total is the number of patients in the matrix, with its bounds.
func (m *Matrix) Total() Count { return m.total }

// Row gives the providers that area's patients went to, in rising order, and
// how many went (Count.Value).
func (m *Matrix) Row(area int) (providers []int32, counts []float64) {
	lo, hi := m.rowPtr[area], m.rowPtr[area+1]
	return m.rowIdx[lo:hi:hi], m.rowVal[lo:hi:hi]
}

// Column gives the areas that a provider's patients came from, in rising
// order, and how many came (Count.Value).
func (m *Matrix) Column(provider int) (areas []int32, counts []float64) {
	lo, hi := m.colPtr[provider], m.colPtr[provider+1]
	return m.colIdx[lo:hi:hi], m.colVal[lo:hi:hi]
}

// RowOffset is the position of an area's first entry in row order, as Cell
// takes it: the i-th entry of Row(area) is cell RowOffset(area)+i.
func (m *Matrix) RowOffset(area int) int { return int(m.rowPtr[area]) }

// Cell gives the count and bounds of the k-th stored pair in row order.
func (m *Matrix) Cell(k int) Count {
	if m.mark == nil || m.mark[k] == 0 {
		return Exactly(m.rowVal[k])
	}
	return m.marks[m.mark[k]-1]
}

// HasSuppressed reports whether any cell is known only within bounds.
func (m *Matrix) HasSuppressed() bool { return len(m.marks) > 0 }

// SuppressedCells is the number of pairs known only within bounds.
func (m *Matrix) SuppressedCells() int {
	n := 0
	for _, mark := range m.mark {
		if mark > 0 {
			n++
		}
	}
	return n
}

// At is the count of a pair; zero where it is not stored.
func (m *Matrix) At(area, provider int) Count {
	k, ok := m.find(int32(area), int32(provider))
	if !ok {
		return Count{}
	}
	return m.Cell(int(k))
}

// RowTotal is the number of an area's patients, wherever they went.
func (m *Matrix) RowTotal(area int) float64 { return m.rowSum[area] }

// ColumnTotal is the number of a provider's patients, wherever they came from.
func (m *Matrix) ColumnTotal(provider int) float64 { return m.colSum[provider] }

// RowCount is the total of an area with its bounds.
func (m *Matrix) RowCount(area int) Count {
	if !m.HasSuppressed() {
		return Exactly(m.rowSum[area])
	}
	var c Count
	for k := m.rowPtr[area]; k < m.rowPtr[area+1]; k++ {
		c = c.Plus(m.Cell(int(k)))
	}
	return c
}

// ColumnCount is the total of a provider with its bounds.
func (m *Matrix) ColumnCount(provider int) Count {
	if !m.HasSuppressed() {
		return Exactly(m.colSum[provider])
	}
	var c Count
	for _, a := range m.colIdx[m.colPtr[provider]:m.colPtr[provider+1]] {
		c = c.Plus(m.At(int(a), provider))
	}
	return c
}

// ColumnCounts are the totals of all providers with their bounds, each as
// ColumnCount gives it.
func (m *Matrix) ColumnCounts() []Count {
	out := make([]Count, len(m.providers))
	if !m.HasSuppressed() {
		for j, x := range m.colSum {
			out[j] = Exactly(x)
		}
		return out
	}
	for k, j := range m.rowIdx {
		out[j] = out[j].Plus(m.Cell(k))
	}
	return out
}

// AreaIndex finds the row of a code.
func (m *Matrix) AreaIndex(code string) (int, bool) { return slices.BinarySearch(m.areas, code) }

// ProviderIndex finds the column of a code.
func (m *Matrix) ProviderIndex(code string) (int, bool) {
	return slices.BinarySearch(m.providers, code)
}

// SHA256 is the hash, in lower-case hexadecimal, of the canonical matrix: what
// WriteCanonical writes. It is the same for any order of the input's rows and
// any split of a pair over several rows.
func (m *Matrix) SHA256() string {
	m.hashOnce.Do(func() {
		h := sha256.New()
		_ = m.WriteCanonical(h) // a hash cannot fail
		m.hash = hex.EncodeToString(h.Sum(nil))
	})
	return m.hash
}

// WriteCanonical writes the matrix as CSV, "area,provider,count" and a line a
// pair, sorted by area and then provider, lines ended by a line feed. A count
// is written in shortest form; one with a suppressed part as
// "published+lower:upper" of that part.
func (m *Matrix) WriteCanonical(w io.Writer) error {
	const room = 1 << 16
	buf := make([]byte, 0, room+room/4)
	buf = append(buf, "area,provider,count\n"...)
	middle := make([][]byte, len(m.providers)) // ",provider,"
	for p, code := range m.providers {
		middle[p] = append(appendCode([]byte{','}, code), ',')
	}
	var start []byte
	for a, area := range m.areas {
		providers, counts := m.Row(a)
		off := m.RowOffset(a)
		start = appendCode(start[:0], area)
		for i, p := range providers {
			buf = append(buf, start...)
			buf = append(buf, middle[p]...)
			if c := m.Cell(off + i); c.Suppressed() {
				buf = AppendNumber(buf, c.Published)
				buf = append(buf, '+')
				buf = AppendNumber(buf, c.Lower-c.Published)
				buf = append(buf, ':')
				buf = AppendNumber(buf, c.Upper-c.Published)
			} else {
				buf = AppendNumber(buf, counts[i])
			}
			buf = append(buf, '\n')
			if len(buf) >= room {
				if _, err := w.Write(buf); err != nil {
					return err
				}
				buf = buf[:0]
			}
		}
	}
	_, err := w.Write(buf)
	return err
}

func appendCode(b []byte, code string) []byte {
	quote := false
	for i := range len(code) {
		switch code[i] {
		case ',', '"', '\n', '\r':
			quote = true
		}
	}
	if !quote {
		return append(b, code...)
	}
	b = append(b, '"')
	for i := range len(code) {
		if code[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, code[i])
	}
	return append(b, '"')
}

// AppendNumber appends x as outputs write numbers: whole numbers in full,
// others in the shortest form that reads back the same, without an exponent but
// for the very small and the very large.
func AppendNumber(b []byte, x float64) []byte {
	if x == float64(int64(x)) && x < 1<<53 && x > -1<<53 {
		return strconv.AppendInt(b, int64(x), 10)
	}
	if a := math.Abs(x); a >= 1e-4 && a < 1e15 {
		return strconv.AppendFloat(b, x, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}
