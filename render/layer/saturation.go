package layer

import "math/bits"

// saturation is a heap of uncoloured nodes: most colours around first, then
// most neighbours, then the lowest number.
type saturation struct {
	c     *colourer
	heap  []int32
	place []int32 // −1 where not in the heap
}

func newSaturation(c *colourer) *saturation {
	h := &saturation{c: c, place: make([]int32, len(c.near))}
	for i := range h.place {
		h.place[i] = -1
	}
	for i := range c.near {
		h.put(i)
	}
	return h
}

func (h *saturation) before(i, j int32) bool {
	a, b := bits.OnesCount64(h.c.used[i]), bits.OnesCount64(h.c.used[j])
	if a != b {
		return a > b
	}
	if a, b := len(h.c.near[i]), len(h.c.near[j]); a != b {
		return a > b
	}
	return i < j
}

func (h *saturation) swap(a, b int) {
	h.heap[a], h.heap[b] = h.heap[b], h.heap[a]
	h.place[h.heap[a]], h.place[h.heap[b]] = int32(a), int32(b)
}

func (h *saturation) up(k int) {
	for k > 0 && h.before(h.heap[k], h.heap[(k-1)/2]) {
		h.swap(k, (k-1)/2)
		k = (k - 1) / 2
	}
}

func (h *saturation) down(k int) {
	for {
		m := 2*k + 1
		if m >= len(h.heap) {
			return
		}
		if m+1 < len(h.heap) && h.before(h.heap[m+1], h.heap[m]) {
			m++
		}
		if !h.before(h.heap[m], h.heap[k]) {
			return
		}
		h.swap(k, m)
		k = m
	}
}

// put adds a node.
func (h *saturation) put(i int) {
	h.place[i] = int32(len(h.heap))
	h.heap = append(h.heap, int32(i))
	h.up(len(h.heap) - 1)
}

// next takes the first node out.
func (h *saturation) next() int {
	i := h.heap[0]
	last := len(h.heap) - 1
	h.swap(0, last)
	h.heap = h.heap[:last]
	h.place[i] = -1
	h.down(0)
	return int(i)
}

// moved puts a node where it belongs after its colours changed.
func (h *saturation) moved(i int) {
	if k := h.place[i]; k >= 0 {
		h.up(int(k))
		h.down(int(h.place[i]))
	}
}
