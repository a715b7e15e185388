package linework

import "math"

// Orient is positive where c lies left of the line from a to b, negative where
// it lies right, 0 on it. Millionths of degrees keep it within 64 bits.
func Orient(ax, ay, bx, by, cx, cy int32) int {
	d := (int64(bx)-int64(ax))*(int64(cy)-int64(ay)) - (int64(by)-int64(ay))*(int64(cx)-int64(ax))
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// Box is a rectangle, its sides included.
type Box struct{ MinX, MinY, MaxX, MaxY int32 }

// EmptyBox holds nothing; it grows by Add and Join.
var EmptyBox = Box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}

// Add widens the box by positions, x and y in turn.
func (b *Box) Add(xy []int32) {
	for i := 0; i < len(xy); i += 2 {
		b.MinX, b.MaxX = min(b.MinX, xy[i]), max(b.MaxX, xy[i])
		b.MinY, b.MaxY = min(b.MinY, xy[i+1]), max(b.MaxY, xy[i+1])
	}
}

// Holds says whether the whole of another box lies in it.
func (b Box) Holds(c Box) bool {
	return b.MinX <= c.MinX && b.MinY <= c.MinY && b.MaxX >= c.MaxX && b.MaxY >= c.MaxY
}

// Join widens the box by another.
func (b *Box) Join(c Box) {
	b.MinX, b.MaxX = min(b.MinX, c.MinX), max(b.MaxX, c.MaxX)
	b.MinY, b.MaxY = min(b.MinY, c.MinY), max(b.MaxY, c.MaxY)
}

// Meets reports whether two boxes have a point in common.
func (b Box) Meets(c Box) bool {
	return b.MinX <= c.MaxX && c.MinX <= b.MaxX && b.MinY <= c.MaxY && c.MinY <= b.MaxY
}

// Conflict says whether two segments have more in common than one end: whether
// they cross, one ends on the other, or they run along each other.
func Conflict(s, t []int32) bool {
	a := Orient(s[0], s[1], s[2], s[3], t[0], t[1])
	b := Orient(s[0], s[1], s[2], s[3], t[2], t[3])
	if a == b && a != 0 {
		return false
	}
	c := Orient(t[0], t[1], t[2], t[3], s[0], s[1])
	d := Orient(t[0], t[1], t[2], t[3], s[2], s[3])
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

// MetresPerDegree of latitude, near enough to rank positions.
const MetresPerDegree = 111_195.0
