package topology

import (
	"context"
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/render/internal/linework"
)

// Cells divides a mask among points: each position belongs to the nearest
// point, with degrees of longitude shrunk as in the middle of the points. The
// mask is one area of Rings. A point whose cell lies outside the mask has no
// polygon.
func Cells(ctx context.Context, points [][2]float64, mask *Rings) (*Coverage, error) {
	v := newVoronoi(points, mask)
	n := int32(len(points))
	var sides []linework.Side
	add := func(area int32, xy []int32) {
		for i := 0; i < len(xy); i += 2 {
			j := (i + 2) % len(xy)
			sides = append(sides, linework.NewSide(xy[i], xy[i+1], xy[j], xy[j+1], area, 1))
		}
	}
	for i := range points {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		add(int32(i), v.cell(i))
	}
	for p := range len(mask.Polygons) - 1 {
		for r := mask.Polygons[p]; r < mask.Polygons[p+1]; r++ {
			xy := slices.Clone(mask.XY[2*mask.Rings[r] : 2*mask.Rings[r+1]])
			if (doubleArea(xy) > 0) != (r == mask.Polygons[p]) {
				reversePairs(xy)
			}
			add(n, xy)
		}
	}
	sides, err := linework.Node(ctx, linework.Combine(sides))
	if err != nil {
		return nil, err
	}
	m := &mender{p: linework.NewPlane(sides)}
	m.c = coverageOf(m.p, int(n)+1)
	m.measure()
	return m.masked(ctx, n)
}

func reversePairs(xy []int32) {
	for i, j := 0, len(xy)-2; i < j; i, j = i+2, j-2 {
		xy[i], xy[j] = xy[j], xy[i]
		xy[i+1], xy[j+1] = xy[j+1], xy[i+1]
	}
}

// masked keeps the faces that the last area covers. Cells are rounded one by
// one: a face of several, or of none, goes to the one it shares most border
// with.
func (m *mender) masked(ctx context.Context, mask int32) (*Coverage, error) {
	const undecided = int32(-2)
	owner := make([]int32, len(m.suspect))
	for f := range owner {
		owners := m.ownersOf(int32(f))
		switch {
		case !slices.Contains(owners, mask):
			owner[f] = Outside
		case len(owners) == 2:
			owner[f] = owners[0]
		default:
			owner[f] = undecided
		}
	}
	for more := true; more; {
		more = false
		decided := slices.Clone(owner)
		for f := range owner {
			if owner[f] == undecided {
				if a := m.longest(int32(f), owner, nil); a >= 0 {
					decided[f], more = a, true
				}
			}
		}
		owner = decided
	}
	for f := range owner {
		if owner[f] == undecided {
			owner[f] = Outside
		}
	}
	m.c.areas = int(mask)
	return m.rebuild(ctx, owner)
}

// voronoi finds the cells of points, each by cutting a box with the bisectors
// to the points around, the near ones first.
type voronoi struct {
	points  [][2]float64 // in degrees of latitude
	shrink  float64
	bound   [4]float64
	size    float64 // of a bin
	nx, ny  int
	bins    [][]int32
	polygon [][2]float64
	cut     [][2]float64
}

func newVoronoi(points [][2]float64, mask *Rings) *voronoi {
	b := linework.EmptyBox
	b.Add(mask.XY)
	v := &voronoi{shrink: math.Max(0.01, portable.Cos((float64(b.MinY)+float64(b.MaxY))/2e6*math.Pi/180))}
	v.points = make([][2]float64, len(points))
	v.bound = [4]float64{float64(b.MinX) / 1e6 * v.shrink, float64(b.MinY) / 1e6, float64(b.MaxX) / 1e6 * v.shrink, float64(b.MaxY) / 1e6}
	for i, p := range points {
		x, y := p[0]*v.shrink, p[1]
		v.points[i] = [2]float64{x, y}
		v.bound[0], v.bound[1] = math.Min(v.bound[0], x), math.Min(v.bound[1], y)
		v.bound[2], v.bound[3] = math.Max(v.bound[2], x), math.Max(v.bound[3], y)
	}
	margin := (v.bound[2]-v.bound[0]+v.bound[3]-v.bound[1])/100 + 1e-4
	v.bound[0], v.bound[1], v.bound[2], v.bound[3] = v.bound[0]-margin, v.bound[1]-margin, v.bound[2]+margin, v.bound[3]+margin
	w, h := v.bound[2]-v.bound[0], v.bound[3]-v.bound[1]
	v.size = math.Sqrt(w * h / math.Max(1, float64(len(points))/2))
	v.nx, v.ny = int(w/v.size)+1, int(h/v.size)+1
	v.bins = make([][]int32, v.nx*v.ny)
	for i, p := range v.points {
		x, y := v.bin(p)
		v.bins[y*v.nx+x] = append(v.bins[y*v.nx+x], int32(i))
	}
	return v
}

func (v *voronoi) bin(p [2]float64) (x, y int) {
	return max(0, min(v.nx-1, int((p[0]-v.bound[0])/v.size))), max(0, min(v.ny-1, int((p[1]-v.bound[1])/v.size)))
}

// cell is the cell of a point in millionths of a degree, anticlockwise.
func (v *voronoi) cell(i int) []int32 {
	p := v.points[i]
	b := v.bound
	v.polygon = append(v.polygon[:0], [2]float64{b[0], b[1]}, [2]float64{b[2], b[1]}, [2]float64{b[2], b[3]}, [2]float64{b[0], b[3]})
	bx, by := v.bin(p)
	for ringOf := 0; ringOf <= max(v.nx, v.ny); ringOf++ {
		// Points in bins beyond this ring are at least this far away; a bisector
		// passes at half the distance.
		if near := float64(ringOf-1) * v.size / 2; ringOf > 1 && near > v.reach(p) {
			break
		}
		for y := by - ringOf; y <= by+ringOf; y++ {
			step := 2 * ringOf
			if y == by-ringOf || y == by+ringOf || ringOf == 0 {
				step = 1
			}
			for x := bx - ringOf; x <= bx+ringOf; x += step {
				if x < 0 || y < 0 || x >= v.nx || y >= v.ny {
					continue
				}
				for _, j := range v.bins[y*v.nx+x] {
					if int(j) != i {
						v.clip(p, v.points[j])
					}
				}
			}
		}
	}
	out := make([]int32, 0, 2*len(v.polygon))
	for _, q := range v.polygon {
		x, y := int32(math.Round(q[0]/v.shrink*1e6)), int32(math.Round(q[1]*1e6))
		if n := len(out); n == 0 || out[n-2] != x || out[n-1] != y {
			out = append(out, x, y)
		}
	}
	return out
}

// reach is the distance of the farthest corner.
func (v *voronoi) reach(p [2]float64) float64 {
	var most float64
	for _, q := range v.polygon {
		most = math.Max(most, portable.Hypot(q[0]-p[0], q[1]-p[1]))
	}
	return most
}

// clip keeps what lies nearer to p than to q.
func (v *voronoi) clip(p, q [2]float64) {
	dx, dy := q[0]-p[0], q[1]-p[1]
	c := (float64(q[0]*q[0]) + float64(q[1]*q[1]) - float64(p[0]*p[0]) - float64(p[1]*p[1])) / 2
	beyond := func(r [2]float64) float64 { return float64(r[0]*dx) + float64(r[1]*dy) - c }
	v.cut = v.cut[:0]
	for k, a := range v.polygon {
		b := v.polygon[(k+1)%len(v.polygon)]
		u, w := beyond(a), beyond(b)
		if u <= 0 {
			v.cut = append(v.cut, a)
		}
		if u < 0 && w > 0 || u > 0 && w < 0 {
			t := u / (u - w)
			v.cut = append(v.cut, [2]float64{a[0] + float64(t*(b[0]-a[0])), a[1] + float64(t*(b[1]-a[1]))})
		}
	}
	v.polygon, v.cut = v.cut, v.polygon
}
