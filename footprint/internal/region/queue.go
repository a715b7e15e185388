package region

import "slices"

// Queue is a heap of numbered items: the one with the lowest key is first,
// ties go to the lowest number. Keys can change and items leave at any time.
type Queue struct {
	key  []float64
	heap []int32
	at   []int32 // place of each item in the heap; -1 if it is not in
}

// NewQueue is an empty queue for items 0 to n-1.
func NewQueue(n int) *Queue {
	return &Queue{key: make([]float64, n), at: slices.Repeat([]int32{-1}, n), heap: make([]int32, 0, n)}
}

// Len is the number of items that are in.
func (q *Queue) Len() int { return len(q.heap) }

// First is the item with the lowest key, and that key; there must be one.
func (q *Queue) First() (item int32, key float64) {
	item = q.heap[0]
	return item, q.key[item]
}

// Has says whether an item is in.
func (q *Queue) Has(i int32) bool { return q.at[i] >= 0 }

func (q *Queue) less(a, b int32) bool {
	return q.key[a] < q.key[b] || q.key[a] == q.key[b] && a < b
}

// Set puts an item in, or gives it another key.
func (q *Queue) Set(i int32, key float64) {
	q.key[i] = key
	if q.at[i] < 0 {
		q.at[i] = int32(len(q.heap))
		q.heap = append(q.heap, i)
	}
	q.sift(q.at[i])
}

// Drop takes an item out, if it is in.
func (q *Queue) Drop(i int32) {
	at := q.at[i]
	if at < 0 {
		return
	}
	last := int32(len(q.heap) - 1)
	moved := q.heap[last]
	q.heap = q.heap[:last]
	q.at[i] = -1
	if at < last {
		q.heap[at], q.at[moved] = moved, at
		q.sift(at)
	}
}

// sift moves the item at place k to where its key belongs.
func (q *Queue) sift(k int32) {
	i := q.heap[k]
	k = q.down(i, q.up(i, k))
	q.heap[k], q.at[i] = i, k
}

// up makes room for item i above place k, and gives its place.
func (q *Queue) up(i, k int32) int32 {
	for k > 0 {
		p := (k - 1) / 2
		if !q.less(i, q.heap[p]) {
			break
		}
		q.heap[k], q.at[q.heap[p]] = q.heap[p], k
		k = p
	}
	return k
}

// down makes room for item i below place k, and gives its place.
func (q *Queue) down(i, k int32) int32 {
	for {
		c := 2*k + 1
		if int(c) >= len(q.heap) {
			return k
		}
		if r := c + 1; int(r) < len(q.heap) && q.less(q.heap[r], q.heap[c]) {
			c = r
		}
		if !q.less(q.heap[c], i) {
			return k
		}
		q.heap[k], q.at[q.heap[c]] = q.heap[c], k
		k = c
	}
}
