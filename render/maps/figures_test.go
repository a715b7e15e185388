package maps

import (
	"slices"
	"testing"

	"stpmap/footprint"
)

// What a case has measured is not what another partition, or other places, give.
func TestFiguresFollowTheCase(t *testing.T) {
	c := stripCase(t)
	first := c.Figures()
	if again := c.Figures(); again != first {
		t.Errorf("the second time %+v, at first %+v", again, first)
	}
	kept := c.mapped()
	if again := c.mapped(); again != kept {
		t.Error("measured twice")
	}
	one := *c
	one.Partition = footprint.Partition{
		Areas: slices.Repeat([]int32{0}, len(c.Partition.Areas)), Providers: slices.Repeat([]int32{0}, len(c.Partition.Providers)), IDs: []string{"F01"},
	}
	whole := one.Figures()
	if whole == first {
		t.Errorf("one footprint has the figures of %d: %+v", c.Partition.Len(), whole)
	}
	if inside := len(one.mapped().shapes); inside != 1 {
		t.Errorf("%d shapes of one footprint", inside)
	}
	fresh := *c
	fresh.Partition, fresh.known = one.Partition, nil
	if got := fresh.Figures(); !(got.Compactness == whole.Compactness && got.DistanceInsideKM == whole.DistanceInsideKM) {
		t.Errorf("%+v, measured anew %+v", whole, got)
	}
	if c.Figures() != first {
		t.Error("a copy's figures came back to the case")
	}
	c.Points = slices.Clone(c.Points)
	for i := range c.Points {
		c.Points[i][0]++
	}
	if moved := c.Figures(); moved.DistanceInsideKM == first.DistanceInsideKM {
		t.Errorf("providers moved, patients travel as far: %v km", moved.DistanceInsideKM)
	}
}
