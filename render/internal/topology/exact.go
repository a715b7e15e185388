package topology

import "math"

// orient is positive where c lies left of the line from a to b, negative where
// it lies right, 0 on it. Millionths of degrees keep it within 64 bits.
func orient(ax, ay, bx, by, cx, cy int32) int {
	d := (int64(bx)-int64(ax))*(int64(cy)-int64(ay)) - (int64(by)-int64(ay))*(int64(cx)-int64(ax))
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

type box struct{ minX, minY, maxX, maxY int32 }

var emptyBox = box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

func (b *box) add(xy []int32) {
	for i := 0; i < len(xy); i += 2 {
		b.minX, b.maxX = min(b.minX, xy[i]), max(b.maxX, xy[i])
		b.minY, b.maxY = min(b.minY, xy[i+1]), max(b.maxY, xy[i+1])
	}
}

func (b box) holds(c box) bool {
	return b.minX <= c.minX && b.minY <= c.minY && b.maxX >= c.maxX && b.maxY >= c.maxY
}

func (b *box) join(c box) {
	b.minX, b.maxX = min(b.minX, c.minX), max(b.maxX, c.maxX)
	b.minY, b.maxY = min(b.minY, c.minY), max(b.maxY, c.maxY)
}

func (b box) meets(c box) bool {
	return b.minX <= c.maxX && c.minX <= b.maxX && b.minY <= c.maxY && c.minY <= b.maxY
}

// conflict says whether two segments have more in common than one end: whether
// they cross, one ends on the other, or they run along each other.
func conflict(s, t []int32) bool {
	a := orient(s[0], s[1], s[2], s[3], t[0], t[1])
	b := orient(s[0], s[1], s[2], s[3], t[2], t[3])
	if a == b && a != 0 {
		return false
	}
	c := orient(t[0], t[1], t[2], t[3], s[0], s[1])
	d := orient(t[0], t[1], t[2], t[3], s[2], s[3])
	if c == d && c != 0 {
		return false
	}
	if a != 0 && b != 0 && c != 0 && d != 0 {
		return true
	}
	if a == 0 && b == 0 {
		// On one line: a conflict if they share more than one position.
		x1, x2, u1, u2 := s[0], s[2], t[0], t[2]
		if x1 == x2 {
			x1, x2, u1, u2 = s[1], s[3], t[1], t[3]
		}
		return min(max(x1, x2), max(u1, u2)) > max(min(x1, x2), min(u1, u2))
	}
	// One touches the other: harmless if in an end of both.
	return !(s[0] == t[0] && s[1] == t[1] || s[0] == t[2] && s[1] == t[3] ||
		s[2] == t[0] && s[3] == t[1] || s[2] == t[2] && s[3] == t[3])
}
