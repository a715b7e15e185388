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
// Counts are patients, as Count has them. pairs is how many pairs there will be, as
// far as that is known. The matrix keeps the slices of codes: do not change them.
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
	s := assembly{m: m, pairs: pairs, marker: newMarker(), seen: make([]bool, len(m.providers))}
	for a := range areas {
		row, counts := rows(a)
		if err := s.add(a, row, counts); err != nil {
			return nil, err
		}
	}
	if s.codes < len(s.seen) && !m.oneMode {
		return nil, ErrOrder
	}
	m.addColumns()
	if m.marks = s.marker.marks; m.marks != nil {
		m.total = s.total
		m.tidyTotal()
	}
	if m.total.Value > maxTotal || m.total.Upper > maxTotal {
		return nil, ErrOverflow
	}
	return m, nil
}

// assembly is a matrix whose rows come one by one.
type assembly struct {
	m      *Matrix
	pairs  int
	marker *marker
	total  Count
	seen   []bool // by provider
	codes  int    // providers seen
}

// add adds a row. In a browser a loop stays slow until the next call of its
// function, so the rows are calls of their own.
func (s *assembly) add(a int, row []int32, counts []Count) error {
	m := s.m
	if len(row) != len(counts) {
		return fmt.Errorf("%d providers and %d counts of %s", len(row), len(counts), m.areas[a])
	}
	if len(row) == 0 && !m.oneMode {
		return fmt.Errorf("%w: %s", ErrOrder, m.areas[a])
	}
	if len(m.rowVal)+len(row) > math.MaxInt32 {
		return ErrTooMany
	}
	last := int32(-1)
	for i, j := range row {
		c := counts[i]
		if j <= last || int(j) >= len(m.providers) || c.Value == 0 {
			return fmt.Errorf("%w: %s", ErrOrder, m.areas[a])
		}
		if err := check(c); err != nil {
			return err
		}
		if c.Value != math.Trunc(c.Value) && m.decimals <= maxDecimals {
			m.decimals = max(m.decimals, decimals(c.Value))
		}
		if c.Suppressed() {
			if m.mark == nil {
				m.mark = make([]uint32, len(m.rowVal), max(s.pairs, len(m.rowVal)+1))
			}
			m.mark = append(m.mark, s.marker.of(c))
		} else if m.mark != nil {
			m.mark = append(m.mark, 0)
		}
		s.total = s.total.Plus(c)
		if last = j; !s.seen[j] {
			s.seen[j] = true
			s.codes++
		}
		m.rowVal = append(m.rowVal, c.Value)
	}
	m.rowIdx = append(m.rowIdx, row...)
	m.rowPtr[a+1] = int32(len(m.rowIdx))
	return nil
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
