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
	digits, n := leadingDigits(b[i:])
	i += n
	m := whole * 1e6
	switch {
	case n == 6:
		m += digits
	case n == 0:
		return 0, -1
	case n < 6:
		m += digits * pow10[6-n]
	case n == 7:
		m += (digits + 5) / 10
	default:
		// The seventh digit decides: half of a millionth, or more, goes up.
		m += (digits + 50) / 100
		for most := i + 16; n == 8; i += n {
			if i == most {
				return 0, -1
			}
			_, n = leadingDigits(b[i:])
		}
	}
	if c := b[i]; c != ',' && c != ']' && c != ' ' {
		return 0, -1
	}
	if negative {
		return -int64(m), i
	}
	return int64(m), i
}

// leadingDigits is the number that the first eight bytes begin with, and how
// many of them are its digits.
func leadingDigits(b []byte) (value uint64, n int) {
	const ones = 0x0101010101010101
	w := binary.LittleEndian.Uint64(b) ^ ('0' * ones)
	// The high bit of a byte that is no digit is set; the first such byte is
	// right, and what a carry does beyond it does not matter.
	n = bits.TrailingZeros64((w+0x76*ones|w)&(0x80*ones)) / 8
	if n == 0 {
		return 0, 0
	}
	w <<= 8 * (8 - uint(n)) // digits last, zeros before them
	// Pairs of digits, then fours, then all (doi:10.1002/spe.2984).
	w = w * (1 + 10<<8) >> 8 & 0x00FF00FF00FF00FF
	w = w * (1 + 100<<16) >> 16 & 0x0000FFFF0000FFFF
	w = w * (1 + 10000<<32) >> 32
	return w, n
}
