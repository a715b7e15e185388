package flow

// blockLen is the number of records in a block of memory, 1 MB.
const blockLen = 1 << 16

// records is a long list of records, in blocks: growing it copies nothing.
// Every block but the last has blockLen records.
type records struct {
	blocks [][]triple
	n      int
}

func (r *records) add(t triple) {
	last := len(r.blocks) - 1
	if last < 0 || len(r.blocks[last]) == blockLen {
		size := blockLen
		if last < 0 {
			size = 1 << 8 // a small matrix is to stay small
		}
		r.blocks = append(r.blocks, make([]triple, 0, size))
		last++
	}
	r.blocks[last] = append(r.blocks[last], t)
	r.n++
}

func (r *records) at(i int) *triple { return &r.blocks[i/blockLen][i%blockLen] }

// cut leaves the first n records.
func (r *records) cut(n int) {
	r.n = n
	whole := (n + blockLen - 1) / blockLen
	clear(r.blocks[whole:])
	r.blocks = r.blocks[:whole]
	if rest := n % blockLen; rest > 0 {
		r.blocks[whole-1] = r.blocks[whole-1][:rest]
	}
}

// sort puts the records in the order (area, provider), stably, by two counting
// sorts.
func (r *records) sort(areas, providers int) {
	if r.sorted() {
		return
	}
	tmp := make([]triple, r.n)
	start := make([]int32, max(areas, providers)+1)
	count := func(n int, key func(t *triple) int32) {
		clear(start)
		for _, block := range r.blocks {
			for i := range block {
				start[key(&block[i])+1]++
			}
		}
		for i := range n {
			start[i+1] += start[i]
		}
	}
	count(providers, func(t *triple) int32 { return t.provider })
	for _, block := range r.blocks {
		for _, t := range block {
			tmp[start[t.provider]] = t
			start[t.provider]++
		}
	}
	count(areas, func(t *triple) int32 { return t.area })
	for _, t := range tmp {
		*r.at(int(start[t.area])) = t
		start[t.area]++
	}
}

func (r *records) sorted() bool {
	area, provider := int32(-1), int32(-1)
	for _, block := range r.blocks {
		for i := range block {
			t := &block[i]
			if t.area < area || t.area == area && t.provider < provider {
				return false
			}
			area, provider = t.area, t.provider
		}
	}
	return true
}
