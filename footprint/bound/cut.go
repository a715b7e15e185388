package bound

import "stpmap/flow"

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
	open             []bool // providers whose joining costs something
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
		open: make([]bool, nP), level: make([]int32, nA+nP), next: make([]int, nA+nP), tiny: 1e-10 * m.Total().Value,
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

// best finds the set with provider seed and without any that ranks before it,
// appended to members, and its worth. A flow that is not quite the greatest
// gives a worth that is a little too high, never too low.
func (c *cutter) best(linear []float64, seed int, rank []int, members []int32) (worth float64, set []int32) {
	clear(c.used)
	worth = linear[c.areas+seed]
	for j := range c.providers {
		h := linear[c.areas+j]
		c.open[j], c.demand[j] = false, 0
		if j != seed && rank[j] > rank[seed] {
			if h >= 0 {
				worth += h
			} else {
				c.open[j], c.demand[j] = true, -h
			}
		}
	}
	for a := range c.areas {
		h := linear[a]
		for e := c.start[a]; e < c.start[a+1]; e++ {
			if rank[c.to[e]] >= rank[seed] {
				h += c.weight[e]
			}
		}
		c.supply[a] = max(0, h)
		worth += c.supply[a]
	}
	for c.layers() {
		worth -= c.augment()
	}
	for a := range c.areas {
		if c.level[a] >= 0 {
			members = append(members, int32(a))
		}
	}
	for j := range c.providers {
		free := j == seed || rank[j] > rank[seed] && !c.open[j]
		if free || c.open[j] && c.level[c.areas+j] >= 0 {
			members = append(members, int32(c.areas+j))
		}
	}
	return worth, members
}

// layers numbers the nodes by their distance from areas with supply left, and
// says whether a provider with demand left is reached.
func (c *cutter) layers() bool {
	for v := range c.level {
		c.level[v] = -1
	}
	c.queue = c.queue[:0]
	for a, s := range c.supply {
		if s > c.tiny {
			c.level[a] = 0
			c.queue = append(c.queue, int32(a))
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
		found = found || c.demand[j] > c.tiny
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
	for a := range int32(c.areas) {
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
