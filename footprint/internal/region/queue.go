package region

// Queue is a heap of numbered items: the one with the lowest key is first,
// ties go to the lowest number. Keys can change and items leave at any time.
type Queue struct {
	key  []float64
	heap []int32
	at   []int32 // place of each item in the heap; -1 if it is not in
}

func NewQueue(n int) *Queue {
	q := &Queue{key: make([]float64, n), at: make([]int32, n), heap: make([]int32, 0, n)}
	for i := range q.at {
		q.at[i] = -1
	}
	return q
}

func (q *Queue) Len() int { return len(q.heap) }

// First is the item with the lowest key, and that key; there must be one.
func (q *Queue) First() (item int32, key float64) {
	item = q.heap[0]
	return item, q.key[item]
}

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

func (q *Queue) sift(k int32) {
	i := q.heap[k]
	for k > 0 {
		p := (k - 1) / 2
		if !q.less(i, q.heap[p]) {
			break
		}
		q.heap[k], q.at[q.heap[p]] = q.heap[p], k
		k = p
	}
	for {
		c := 2*k + 1
		if int(c) >= len(q.heap) {
			break
		}
		if r := c + 1; int(r) < len(q.heap) && q.less(q.heap[r], q.heap[c]) {
			c = r
		}
		if !q.less(q.heap[c], i) {
			break
		}
		q.heap[k], q.at[q.heap[c]] = q.heap[c], k
		k = c
	}
	q.heap[k], q.at[i] = i, k
}
