package linework

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// scattered is n segments in no order, most of them short.
func scattered(seed uint64, n int) []int32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	var segments []int32
	for range n {
		x, y := rng.Int32N(100_000)-50_000, rng.Int32N(100_000)-50_000
		reach := int32(500)
		if rng.IntN(50) == 0 {
			reach = 40_000
		}
		segments = append(segments, x, y, x+rng.Int32N(2*reach+1)-reach, y+rng.Int32N(2*reach+1)-reach)
	}
	return segments
}

func TestTreeFindsWhatMeets(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 9, 65, 600, 5000} {
		segments := scattered(uint64(n), n)
		tr := NewTree(segments)
		rng := rand.New(rand.NewPCG(uint64(n), 2))
		for range 50 {
			x, y := rng.Int32N(100_000)-50_000, rng.Int32N(100_000)-50_000
			b := Box{x, y, x + rng.Int32N(9000), y + rng.Int32N(9000)}
			var got, want []int32
			tr.Search(b, func(k int32) bool { got = append(got, k); return true })
			for k := range int32(n) {
				if SegmentBox(segments[4*k:]).Meets(b) {
					want = append(want, k)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%d segments, box %v: got %v, want %v", n, b, got, want)
			}
			if len(want) > 0 {
				met := 0
				tr.Search(b, func(int32) bool { met++; return false })
				if met != 1 {
					t.Fatalf("%d segments met after the search was stopped", met)
				}
			}
		}
		all := EmptyBox
		all.Add(segments)
		if tr.bounds() != all {
			t.Errorf("%d segments: bounds %v, want %v", n, tr.bounds(), all)
		}
	}
}

func TestTreeFindsPairsOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 9, 65, 600, 3000} {
		segments := scattered(uint64(n), n)
		var got, want [][2]int32
		NewTree(segments).Pairs(func(i, j int32) { got = append(got, [2]int32{i, j}) })
		for i := range int32(n) {
			for j := i + 1; j < int32(n); j++ {
				if SegmentBox(segments[4*i:]).Meets(SegmentBox(segments[4*j:])) {
					want = append(want, [2]int32{i, j})
				}
			}
		}
		slices.SortFunc(got, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
		if !slices.Equal(got, want) {
			t.Errorf("%d segments: %d pairs, want %d", n, len(got), len(want))
		}
	}
}

func BenchmarkTreePairs(b *testing.B) {
	segments := scattered(1, 10_000)
	for b.Loop() {
		NewTree(segments).Pairs(func(int32, int32) {})
	}
}

func TestTreeFindsAllPairs(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 4))
		n := rng.IntN(300)
		segments := make([]int32, 4*n)
		for i := range segments {
			segments[i] = rng.Int32N(2000) - 1000
		}
		want := map[[2]int32]bool{}
		for i := range int32(n) {
			for j := i + 1; j < int32(n); j++ {
				if SegmentBox(segments[4*i:]).Meets(SegmentBox(segments[4*j:])) {
					want[[2]int32{i, j}] = true
				}
			}
		}
		got := 0
		NewTree(segments).Pairs(func(i, j int32) {
			if !want[[2]int32{i, j}] {
				t.Fatalf("seed %d: pair %d %d given twice or wrongly", seed, i, j)
			}
			delete(want, [2]int32{i, j})
			got++
		})
		if len(want) > 0 {
			t.Fatalf("seed %d: %d pairs found, %d missed", seed, got, len(want))
		}
	}
}
