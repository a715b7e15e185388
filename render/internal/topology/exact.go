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
