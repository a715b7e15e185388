package ingest

import (
	"fmt"
	"math"
	"sync"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// dotWatch is pointed for records that several workers read.
type dotWatch struct {
	table.Pointed
	mu    sync.Mutex
	first *fault.Error // at the first count that can be read in two ways
	seq   int          // of the chunk it is in
}

// dotted looks at a count, and adds it where it can be read in two ways, or only
// with points between thousands.
func (w *dotWatch) dotted(text []byte, c *pairCounter, area, provider int32, at func(error) *fault.Error) (bool, error) {
	if n, ok := table.Digits(text); ok {
		w.Digits(n)
		return false, nil
	}
	thousands, decimal, ok := w.See(string(text))
	if !ok {
		return false, nil
	}
	if w.first == nil {
		w.first = at(w.Fault(thousands, decimal))
	}
	if thousands == decimal { // 1.234,5: the comma says it
		whole, part, err := wholeUnits(thousands)
		if err == nil {
			err = c.add(area, provider, whole)
		}
		if err == nil && part > 0 {
			err = c.addPart(area, provider, part)
		}
		return true, err
	}
	if decimal > maxWhole/1000 {
		return true, fmt.Errorf("%w: %s", ErrCountRange, text)
	}
	return true, c.addDotted(area, provider, int64(math.Round(decimal*1000)))
}

// join takes what the rows of one chunk have shown.
func (w *dotWatch) join(one *dotWatch, seq int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Thousands = w.Thousands || one.Thousands
	w.Decimals = w.Decimals || one.Decimals
	w.Whole = w.Whole || one.Whole
	w.Large = w.Large || one.Large
	w.Commas = w.Commas || one.Commas
	if one.first != nil && (w.first == nil || seq < w.seq) {
		w.first, w.seq = one.first, seq
	}
}
