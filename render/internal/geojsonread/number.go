package geojsonread

import (
	"fmt"
	"math"
	"strconv"
)

var pow10 = [19]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// number is a decimal as it stands in the text: ±mantissa / 10^decimals, or,
// where that does not hold it, a float.
type number struct {
	mantissa uint64
	decimals int8 // -1: float holds the value
	negative bool
	float    float64
}

func (n number) value() float64 {
	v := n.float
	if n.decimals >= 0 {
		v = float64(n.mantissa) / float64(pow10[n.decimals])
		if n.negative {
			v = -v
		}
	}
	return v
}

// micro is the value in millionths, halves away from zero. Digits are rounded
// as decimals, so that 0.1234565 always goes the same way.
func (n number) micro() float64 {
	if n.decimals < 0 {
		return math.Round(n.float * 1e6)
	}
	m := n.mantissa
	if n.decimals <= 6 {
		p := pow10[6-n.decimals]
		if m > math.MaxUint64/p {
			return math.Round(n.value() * 1e6)
		}
		m *= p
	} else {
		p := pow10[n.decimals-6]
		m = (m + p/2) / p
	}
	if n.negative {
		return -float64(m)
	}
	return float64(m)
}

// scanNumber reads a plain decimal at b[i:]. It gives the index after it, or
// -1 where the text is not a plain decimal of at most 18 digits followed by
// another byte of b.
func scanNumber(b []byte, i int) (n number, next int) {
	if i >= len(b) {
		return n, -1
	}
	if b[i] == '-' {
		n.negative = true
		i++
	}
	start := i
	var m uint64
	for i < len(b) {
		d := b[i] - '0'
		if d > 9 {
			break
		}
		m = m*10 + uint64(d)
		i++
	}
	digits := i - start
	if digits == 0 || digits > 1 && b[start] == '0' {
		return n, -1
	}
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for i < len(b) {
			d := b[i] - '0'
			if d > 9 {
				break
			}
			m = m*10 + uint64(d)
			i++
		}
		if i == point {
			return n, -1
		}
		n.decimals = int8(min(i-point, 100))
		digits += i - point
	}
	if digits > 18 || i >= len(b) || b[i] == 'e' || b[i] == 'E' {
		return n, -1
	}
	n.mantissa = m
	return n, i
}

// number takes a number of any spelling that JSON allows.
func (s *scanner) number() (number, error) {
	c, err := s.peek()
	if err != nil {
		return number{}, err
	}
	if n, next := scanNumber(s.buf, s.pos); next >= 0 {
		s.pos = next
		return n, nil
	}
	if c == '"' || c == '{' {
		return number{}, s.fault(fmt.Errorf("%w: text where a coordinate must stand", ErrCoordinates))
	}
	text, err := s.literal()
	if err != nil {
		return number{}, err
	}
	if n, next := scanNumber(append(text[:len(text):len(text)], ','), 0); next == len(text) {
		return n, nil // it stood across the end of the buffer
	}
	v, perr := strconv.ParseFloat(string(text), 64)
	if !isNumber(text) || perr != nil || math.IsInf(v, 0) {
		return number{}, s.faultAt(s.pos-len(text), fmt.Errorf("%w: %.40q is no finite number", ErrCoordinates, text))
	}
	return number{decimals: -1, float: v}, nil
}
