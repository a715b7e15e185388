package lettering

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
)

// Crowded is something on the page that has too little room.
type Crowded struct {
	Box    Box
	Weight float64
}

// Dense finds where the page is most crowded: the bound of the heaviest group of
// things that hang together, each within reach of the next, or false where no
// group weighs as much as least.
func Dense(crowd []Crowded, reach, least float64) (Box, bool) {
	group := groupsOf(crowd, reach)
	weight := make([]float64, len(crowd))
	best := -1
	for i, g := range group {
		weight[g] += crowd[i].Weight
	}
	for g := range weight {
		if best < 0 || weight[g] > weight[best] {
			best = g
		}
	}
	if best < 0 || weight[best] < least {
		return Box{}, false
	}
	out := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for i, g := range group {
		if b := crowd[i].Box; g == best {
			out = Box{min(out.X0, b.X0), min(out.Y0, b.Y0), max(out.X1, b.X1), max(out.Y1, b.Y1)}
		}
	}
	return out, true
}

// groupsOf numbers those of a crowd that hang together, each by its first member.
func groupsOf(crowd []Crowded, reach float64) []int {
	group := make([]int, len(crowd))
	for k := range group {
		group[k] = -1
	}
	// Whoever is within reach lies in the same square or one beside it. Who has a
	// group is taken out of their square, and not looked at again.
	type square [2]int
	side := reach * 1.001 // not to miss by a rounding
	squareOf := func(k int) square {
		at := crowd[k].Box.Middle()
		return square{int(math.Floor(at[0] / side)), int(math.Floor(at[1] / side))}
	}
	without := map[square][]int{}
	for k := range crowd {
		without[squareOf(k)] = append(without[squareOf(k)], k)
	}
	for k := range crowd {
		if group[k] >= 0 {
			continue
		}
		group[k] = k
		for queue := []int{k}; len(queue) > 0; queue = queue[1:] {
			at, s := crowd[queue[0]].Box.Middle(), squareOf(queue[0])
			for x := s[0] - 1; x <= s[0]+1; x++ {
				for y := s[1] - 1; y <= s[1]+1; y++ {
					near, ok := without[square{x, y}]
					if !ok {
						continue
					}
					without[square{x, y}] = slices.DeleteFunc(near, func(o int) bool {
						if group[o] >= 0 {
							return true
						}
						to := crowd[o].Box.Middle()
						if portable.Hypot(at[0]-to[0], at[1]-to[1]) > reach {
							return false
						}
						group[o] = k
						queue = append(queue, o)
						return true
					})
				}
			}
		}
	}
	return group
}

// Ground is what of a frame is covered, in small squares.
type Ground struct {
	frame  Box
	cell   float64
	nx, ny int
	sum    []int32 // covered squares above and to the left
}

// NewGround marks the squares that shapes lie on.
func NewGround(frame Box, cell float64, shapes [][][]orb.Point) *Ground {
	g := &Ground{frame: frame, cell: cell, nx: int(math.Ceil(frame.W() / cell)), ny: int(math.Ceil(frame.H() / cell))}
	on := make([]bool, g.nx*g.ny)
	for _, s := range shapes {
		g.edges(on, s)
		g.fill(on, s)
	}
	g.sum = make([]int32, (g.nx+1)*(g.ny+1))
	for y := range g.ny {
		for x := range g.nx {
			n := int32(0)
			if on[y*g.nx+x] {
				n = 1
			}
			g.sum[(y+1)*(g.nx+1)+x+1] = n + g.sum[y*(g.nx+1)+x+1] + g.sum[(y+1)*(g.nx+1)+x] - g.sum[y*(g.nx+1)+x]
		}
	}
	return g
}

// at is the square of a place, clamped to the frame.
func (g *Ground) at(p orb.Point) (x, y int) {
	return min(max(int((p[0]-g.frame.X0)/g.cell), 0), g.nx-1), min(max(int((p[1]-g.frame.Y0)/g.cell), 0), g.ny-1)
}

// edges marks the squares that outlines pass.
func (g *Ground) edges(on []bool, rings [][]orb.Point) {
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			n := int(portable.Hypot(b[0]-a[0], b[1]-a[1])/g.cell*2) + 1
			for k := range n {
				t := float64(k) / float64(n)
				x, y := g.at(orb.Point{a[0] + float64((b[0]-a[0])*t), a[1] + float64((b[1]-a[1])*t)})
				on[y*g.nx+x] = true
			}
		}
	}
}

// fill marks the squares whose middle lies in the rings.
func (g *Ground) fill(on []bool, rings [][]orb.Point) {
	b, ok := boundOf(rings)
	if !ok {
		return
	}
	x0, y0 := g.at(orb.Point{b.X0, b.Y0})
	x1, y1 := g.at(orb.Point{b.X1, b.Y1})
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			if k := y*g.nx + x; !on[k] && inside(rings, orb.Point{g.frame.X0 + float64((float64(x)+0.5)*g.cell), g.frame.Y0 + float64((float64(y)+0.5)*g.cell)}) {
				on[k] = true
			}
		}
	}
}

// Free says whether nothing lies in a box of the frame.
func (g *Ground) Free(b Box) bool {
	if !b.Within(g.frame) {
		return false
	}
	x0, y0 := g.at(orb.Point{b.X0, b.Y0})
	x1, y1 := g.at(orb.Point{b.X1, b.Y1})
	w := g.nx + 1
	return g.sum[(y1+1)*w+x1+1]-g.sum[y0*w+x1+1]-g.sum[(y1+1)*w+x0]+g.sum[y0*w+x0] == 0
}

// Room is the largest free box of a shape (width over height), at most so wide
// and at least so wide, clear of other boxes and as far out in the frame as can
// be. False where there is none.
func (g *Ground) Room(shape, most, least float64, taken []Box) (Box, bool) {
	margin := g.cell
	f := g.frame.Grown(-margin)
	middle := f.Middle()
	for w := most; w >= least; w -= g.cell {
		h := w / shape
		best, far := Box{}, -1.0
		for y := f.Y0; y+h <= f.Y1; y += g.cell {
			for x := f.X0; x+w <= f.X1; x += g.cell {
				b := Box{x, y, x + w, y + h}
				m := b.Middle()
				d := math.Abs(m[0]-middle[0])/f.W() + math.Abs(m[1]-middle[1])/f.H()
				if d > far && g.Free(b.Grown(g.cell/2)) && !overAny(b, taken) {
					best, far = b, d
				}
			}
		}
		if far >= 0 {
			return best, true
		}
	}
	return Box{}, false
}

func overAny(b Box, taken []Box) bool {
	for _, t := range taken {
		if b.Over(t) {
			return true
		}
	}
	return false
}
