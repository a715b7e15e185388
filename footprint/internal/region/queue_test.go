package region

import (
	"math/rand/v2"
	"testing"
)

// The queue gives what a search of all items gives.
func TestQueue(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n := 1 + rng.IntN(40)
		q, keys := NewQueue(n), map[int32]float64{}
		for range 400 {
			i := int32(rng.IntN(n))
			switch rng.IntN(3) {
			case 0:
				q.Drop(i)
				delete(keys, i)
			default:
				key := float64(rng.IntN(12))
				q.Set(i, key)
				keys[i] = key
			}
			if q.Len() != len(keys) {
				t.Fatalf("seed %d: %d items, want %d", seed, q.Len(), len(keys))
			}
			want, found := int32(-1), false
			for j := range int32(n) {
				key, in := keys[j]
				if q.Has(j) != in {
					t.Fatalf("seed %d: item %d is in: %v", seed, j, q.Has(j))
				}
				if in && (!found || key < keys[want]) {
					want, found = j, true
				}
			}
			if !found {
				continue
			}
			if got, key := q.First(); got != want || key != keys[want] {
				t.Fatalf("seed %d: first is %d at %v, want %d at %v", seed, got, key, want, keys[want])
			}
		}
	}
}
