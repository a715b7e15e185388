package lettering

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/flow/portable"
)

// fewest labels that must crowd for a part of the page to be drawn again, larger.
const fewest = 3

// Dense finds where needed labels crowd: those larger than what they name, each
// within reach of the next. It is the bound of the most numerous such group, or
// false where fewer than three stand together.
func Dense(labels []Label, places []Place, reach float64) (Box, bool) {
	var crowd []int
	for i, l := range labels {
		if l.Needed && l.Shape != nil && !(places[i].Placed && places[i].Fits) {
			crowd = append(crowd, i)
		}
	}
	group := groupsOf(labels, crowd, reach)
	count := map[int]int{}
	best := -1
	for _, g := range group {
		count[g]++
	}
	for _, g := range group {
		if best < 0 || count[g] > count[best] {
			best = g
		}
	}
	if best < 0 || count[best] < fewest {
		return Box{}, false
	}
	out := Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for k, i := range crowd {
		if group[k] != best {
			continue
		}
		b, _ := boundOf(labels[i].Shape)
		near := Around(labels[i].At, 2*reach, 2*reach)
		out = Box{min(out.X0, max(b.X0, near.X0)), min(out.Y0, max(b.Y0, near.Y0)), max(out.X1, min(b.X1, near.X1)), max(out.Y1, min(b.Y1, near.Y1))}
	}
	return out.Grown(0.8), true
}

// groupsOf numbers those of a crowd that hang together, each by its first member.
func groupsOf(labels []Label, crowd []int, reach float64) []int {
	group := make([]int, len(crowd))
	for k := range group {
		group[k] = -1
	}
	for k := range crowd {
		if group[k] >= 0 {
			continue
		}
		group[k] = k
		for queue := []int{k}; len(queue) > 0; queue = queue[1:] {
			at := labels[crowd[queue[0]]].At
			for o := range crowd {
				if to := labels[crowd[o]].At; group[o] < 0 && portable.Hypot(at[0]-to[0], at[1]-to[1]) <= reach {
					group[o] = k
					queue = append(queue, o)
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
				if d > far && g.Free(b) && !overAny(b, taken) {
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
