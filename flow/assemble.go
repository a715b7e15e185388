package flow

import (
	"errors"
	"fmt"
	"math"
)

// ErrOrder says that codes or pairs do not rise, or that a code has no flow.
var ErrOrder = errors.New("codes and pairs must rise, without repeats, and every code must have flow")

// Assemble makes the matrix that Builder makes of the same pairs, quicker, where
// they are in the matrix's own order: codes rising, no repeats, and in a matrix of
// two modes no code without flow. A one-mode matrix has nil for providers. Of each
// area, rows gives the indices of its providers, rising, and as many counts above 0;
// it is asked once for each area in turn, and its slices are read before the next.
// pairs is how many pairs there will be, as far as that is known.
//
// The error wraps ErrOrder, or what Builder.Add and Builder.Build return.
func Assemble(areas, providers []string, pairs int, rows func(area int) ([]int32, []Count)) (*Matrix, error) {
	m := &Matrix{areas: areas, providers: providers, oneMode: providers == nil, rowPtr: make([]int32, len(areas)+1)}
	if m.oneMode {
		m.providers = areas
	}
	m.rowIdx, m.rowVal = make([]int32, 0, pairs), make([]float64, 0, pairs)
	if err := errors.Join(rising(m.areas), rising(m.providers)); err != nil {
		return nil, err
	}
	var total Count
	marker := newMarker()
	seen, codes := make([]bool, len(m.providers)), 0
	for a := range areas {
		row, counts := rows(a)
		if len(row) != len(counts) {
			return nil, fmt.Errorf("%d providers and %d counts of %s", len(row), len(counts), areas[a])
		}
		if len(row) == 0 && !m.oneMode {
			return nil, fmt.Errorf("%w: %s", ErrOrder, areas[a])
		}
		if len(m.rowVal)+len(row) > math.MaxInt32 {
			return nil, ErrTooMany
		}
		last := int32(-1)
		for i, j := range row {
			c := counts[i]
			if j <= last || int(j) >= len(m.providers) || c.Value == 0 {
				return nil, fmt.Errorf("%w: %s", ErrOrder, areas[a])
			}
			if err := check(c); err != nil {
				return nil, err
			}
			if c.Value != math.Trunc(c.Value) && m.decimals <= maxDecimals {
				m.decimals = max(m.decimals, decimals(c.Value))
			}
			if c.Suppressed() {
				if m.mark == nil {
					m.mark = make([]uint32, len(m.rowVal), max(pairs, len(m.rowVal)+1))
				}
				m.mark = append(m.mark, marker.of(c))
			} else if m.mark != nil {
				m.mark = append(m.mark, 0)
			}
			total = total.Plus(c)
			if last = j; !seen[j] {
				seen[j] = true
				codes++
			}
			m.rowVal = append(m.rowVal, c.Value)
		}
		m.rowIdx = append(m.rowIdx, row...)
		m.rowPtr[a+1] = int32(len(m.rowIdx))
	}
	if codes < len(seen) && !m.oneMode {
		return nil, ErrOrder
	}
	m.addColumns()
	if m.marks = marker.marks; m.marks != nil {
		m.total = total
		m.tidyTotal()
	}
	if m.total.Value > maxTotal || m.total.Upper > maxTotal {
		return nil, ErrOverflow
	}
	return m, nil
}

func rising(codes []string) error {
	for i, code := range codes {
		if code == "" {
			return ErrEmptyCode
		}
		if i > 0 && code <= codes[i-1] {
			return fmt.Errorf("%w: %s", ErrOrder, code)
		}
	}
	return nil
}
