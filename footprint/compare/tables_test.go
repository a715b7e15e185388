package compare

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestComparerIsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	tables := NewComparer(90)
	c := tables.Share()
	for range 300 {
		a, b := make([]int32, 90), make([]int32, 90)
		ka, kb := 1+rng.Int32N(20), 1+rng.Int32N(60)
		for i := range a {
			a[i], b[i] = rng.Int32N(ka), rng.Int32N(kb)
		}
		if rng.IntN(5) == 0 {
			copy(b, a)
		}
		want := Agree(a, b)
		ga, gb := NewGrouping(a), NewGrouping(b)
		if got := c.AMI(ga, gb); math.Abs(got-want.AMI) > 1e-12 {
			t.Fatalf("AMI %v, want %v", got, want.AMI)
		}
		if got := c.VI(ga, gb); math.Abs(got-want.VI) > 1e-12 {
			t.Fatalf("VI %v, want %v", got, want.VI)
		}
	}
	if NewGrouping([]int32{0, -1}) != nil {
		t.Error("a grouping with something unplaced is compared as if it were not")
	}
}
