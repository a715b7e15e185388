package bound

import (
	"math"

	"stpmap/flow"
)

// cutter finds the set of nodes of most worth: the flow between its areas and
// providers, and a linear worth of each node. An area is worth joining with all
// flow to it, of which that to providers outside is lost: that is a minimum cut
// between areas (sources) and the providers that cost something (sinks).
type cutter struct {
	m                *flow.Matrix
	areas, providers int
	start            []int   // of each area's pairs
	to               []int32 // provider of each pair
	weight, used     []float64
	back             [][]pairAt // pairs of each provider
	supply, demand   []float64
	listed           []int32 // areas that can join
	allowed          []bool  // providers that can join
	open             []bool  // providers whose joining costs something
	pairs, work      int     // of the areas listed; looked at in all, about
	level            []int32
	next             []int
	queue            []int32
	tiny             float64
}

// pairAt is a pair of area and provider by its place in the cutter's lists.
type pairAt struct{ area, at int32 }

func newCutter(m *flow.Matrix) *cutter {
	nA, nP := len(m.Areas()), len(m.Providers())
	c := &cutter{
		m: m, areas: nA, providers: nP, start: make([]int, nA+1), back: make([][]pairAt, nP), supply: make([]float64, nA), demand: make([]float64, nP),
		open: make([]bool, nP), allowed: make([]bool, nP), level: make([]int32, nA+nP), next: make([]int, nA+nP), tiny: 1e-10 * m.Total().Value,
	}
	for a := range nA {
		ps, ws := m.Row(a)
		for k, j := range ps {
			c.back[j] = append(c.back[j], pairAt{int32(a), int32(len(c.to))})
			c.to, c.weight = append(c.to, j), append(c.weight, ws[k])
		}
		c.start[a+1] = len(c.to)
	}
	c.used = make([]float64, len(c.to))
	return c
}

// best finds the set of most worth that a footprint of a branch can be, and its
// worth. It has the provider that leads, the first of later, and others of later.
// A flow that is not quite the greatest gives a worth that is a little too high,
// never too low.
func (c *cutter) best(linear []float64, later []int, b *branch) (worth float64, set []int32) {
	c.listed = b.areas
	worth = c.join(linear, later) + c.supplies(linear, b)
	for c.layers() {
		worth -= c.augment()
	}
	set = b.members[:0]
	for _, a := range c.listed {
		if c.level[a] >= 0 {
			set = append(set, a)
		}
	}
	for _, j := range later {
		if !c.open[j] || c.level[c.areas+j] >= 0 {
			set = append(set, int32(c.areas+j))
		}
	}
	for _, a := range c.listed {
		clear(c.used[c.start[a]:c.start[a+1]])
	}
	for _, j := range later {
		c.allowed[j], c.open[j] = false, false
	}
	return worth, set
}

// join says which providers cost something, and what those add that do not.
func (c *cutter) join(linear []float64, later []int) (worth float64) {
	for k, j := range later {
		h := linear[c.areas+j]
		c.allowed[j] = true
		if k > 0 && h < 0 {
			c.open[j], c.demand[j] = true, -h
			continue
		}
		worth += h
	}
	return worth
}

// supplies is what areas add at most, and all that a branch has add.
func (c *cutter) supplies(linear []float64, b *branch) (worth float64) {
	c.pairs = 0
	for _, a := range b.areas {
		c.supply[a] = max(0, linear[a]+c.patients(a))
		worth += c.supply[a]
		c.pairs += c.start[a+1] - c.start[a]
	}
	for _, a := range b.in {
		worth += min(0, linear[a]+c.patients(a))
		c.supply[a] = math.Inf(1) // it joins, whatever that costs
	}
	return worth
}

// patients are those of an area that providers treat which can join.
func (c *cutter) patients(a int32) (sum float64) {
	for e := c.start[a]; e < c.start[a+1]; e++ {
		if c.allowed[c.to[e]] {
			sum += c.weight[e]
		}
	}
	return sum
}

// layers numbers the nodes by their distance from areas with supply left, and
// says whether a provider with demand left is reached.
func (c *cutter) layers() bool {
	c.work += c.pairs
	for v := range c.level {
		c.level[v] = -1
	}
	c.queue = c.queue[:0]
	for _, a := range c.listed {
		if c.supply[a] > c.tiny {
			c.level[a] = 0
			c.queue = append(c.queue, a)
		}
	}
	found := false
	for head := 0; head < len(c.queue); head++ {
		v := c.queue[head]
		if int(v) < c.areas {
			for e := c.start[v]; e < c.start[v+1]; e++ {
				if j := c.to[e]; c.open[j] && c.weight[e]-c.used[e] > c.tiny {
					c.reach(int32(c.areas)+j, c.level[v]+1)
				}
			}
			continue
		}
		j := int(v) - c.areas
		if c.demand[j] > c.tiny {
			found = true
			continue // no shorter way leads on from it
		}
		for _, p := range c.back[j] {
			if c.used[p.at] > c.tiny {
				c.reach(p.area, c.level[v]+1)
			}
		}
	}
	return found
}

func (c *cutter) reach(v, level int32) {
	if c.level[v] < 0 {
		c.level[v] = level
		c.queue = append(c.queue, v)
	}
}

// augment sends all flow that it can along the layers, and gives its amount.
func (c *cutter) augment() float64 {
	clear(c.next)
	sent := 0.0
	for _, a := range c.listed {
		for c.level[a] == 0 && c.supply[a] > c.tiny {
			f := c.push(a, c.supply[a])
			if f == 0 {
				break
			}
			c.supply[a] -= f
			sent += f
		}
	}
	return sent
}

// push sends up to limit from a node, and gives the amount.
func (c *cutter) push(v int32, limit float64) float64 {
	if int(v) < c.areas {
		for ; c.start[v]+c.next[v] < c.start[v+1]; c.next[v]++ {
			e := c.start[v] + c.next[v]
			u := int32(c.areas) + c.to[e]
			room := c.weight[e] - c.used[e]
			if !c.open[c.to[e]] || room <= c.tiny || c.level[u] != c.level[v]+1 {
				continue
			}
			if f := c.push(u, min(limit, room)); f > 0 {
				c.used[e] += f
				return f
			}
		}
		return 0
	}
	j := int(v) - c.areas
	if c.demand[j] > c.tiny {
		f := min(limit, c.demand[j])
		c.demand[j] -= f
		return f
	}
	for ; c.next[v] < len(c.back[j]); c.next[v]++ {
		p := c.back[j][c.next[v]]
		if c.used[p.at] <= c.tiny || c.level[p.area] != c.level[v]+1 {
			continue
		}
		if f := c.push(p.area, min(limit, c.used[p.at])); f > 0 {
			c.used[p.at] -= f
			return f
		}
	}
	return 0
}
