package geojsonread

import (
	"encoding/binary"
	"math/bits"
)

// longest is the most bytes that one position may take in a run, with the
// comma and the bracket after it.
const longest = 96

// run reads positions of degrees as long as they are spelled the way that
// nearly all files have, as [-1.234567,51.234567] with a space here and there,
// and another one follows. It leaves the last one of a ring, and whatever else
// needs a closer look, to position.
func (r *reader) run() {
	b := r.buf
	xy := r.c.Rings.XY
	at := r.pos
	for at+longest <= len(b) {
		i := at
		if b[i] == ' ' || b[i] == '\n' {
			i++
		}
		if b[i] != '[' {
			break
		}
		i++
		if b[i] == ' ' {
			i++
		}
		x, i := degrees(b, i)
		if i < 0 || b[i] != ',' || x > 180e6 || x < -180e6 {
			break
		}
		i++
		if b[i] == ' ' {
			i++
		}
		y, i := degrees(b, i)
		if i < 0 || y > 90e6 || y < -90e6 {
			break
		}
		if b[i] == ' ' {
			i++
		}
		if b[i] != ']' || b[i+1] != ',' {
			break
		}
		at = i + 2
		xy = append(xy, int32(x), int32(y))
	}
	r.c.Rings.XY, r.pos = xy, at
}

// degrees reads a decimal at b[i:], with at most three digits before the point
// and 23 after it, in millionths, rounded as number.micro does. It gives the
// index after it, or −1 for another spelling.
func degrees(b []byte, i int) (micro int64, next int) {
	negative := b[i] == '-'
	if negative {
		i++
	}
	whole := uint64(b[i] - '0')
	if whole > 9 {
		return 0, -1
	}
	i++
	if d := uint64(b[i] - '0'); d <= 9 {
		if whole == 0 {
			return 0, -1
		}
		whole = 10*whole + d
		i++
		if d := uint64(b[i] - '0'); d <= 9 {
			whole = 10*whole + d
			i++
		}
	}
	if b[i] != '.' {
		return 0, -1
	}
	i++
	m := whole * 1e6
	w := binary.LittleEndian.Uint64(b[i:]) ^ '0'*ones
	if notDigits(w)&(1<<56-1) == 1<<55 {
		// Six digits, as is usual. What follows must not wait for a count.
		m += eightDigits(w << 16)
		i += 6
	} else {
		frac, n := fraction(b[i:])
		if n < 0 {
			return 0, -1
		}
		m += frac
		i += n
	}
	if negative {
		return -int64(m), i
	}
	return int64(m), i
}

// fraction reads the digits after a point in millionths, and gives how many
// there are, or −1 if there is none or too many.
func fraction(b []byte) (micro uint64, digits int) {
	w := binary.LittleEndian.Uint64(b) ^ '0'*ones
	n := bits.TrailingZeros64(notDigits(w)) / 8
	switch {
	case n == 0:
		return 0, -1
	case n < 8:
		w <<= 8 * (8 - uint(n))
	}
	micro = eightDigits(w)
	switch {
	case n <= 6:
		return micro * pow10[6-n], n
	case n == 7:
		return (micro + 5) / 10, n
	}
	// The seventh digit decides: half of a millionth, or more, goes up.
	for digits = 8; digits <= 16; digits += 8 {
		w := binary.LittleEndian.Uint64(b[digits:]) ^ '0'*ones
		if n := bits.TrailingZeros64(notDigits(w)) / 8; n < 8 {
			return (micro + 50) / 100, digits + n
		}
	}
	return 0, -1
}

const ones = 0x0101010101010101

// notDigits marks bytes above 9 by their high bits, surely so up to the first
// one.
func notDigits(w uint64) uint64 { return (w + 0x76*ones | w) & (0x80 * ones) }

// eightDigits is the number of eight digits, the first one in the lowest byte:
// pairs, then fours, then all (doi:10.1002/spe.2984).
func eightDigits(w uint64) uint64 {
	w = w * (1 + 10<<8) >> 8 & 0x00FF00FF00FF00FF
	w = w * (1 + 100<<16) >> 16 & 0x0000FFFF0000FFFF
	return w * (1 + 10000<<32) >> 32
}
