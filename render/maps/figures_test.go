package maps

import (
	"slices"
	"testing"

	"stpmap/footprint"
)

// A map measures once, and another case gives another map.
func TestMapMeasuresOnce(t *testing.T) {
	c := stripCase(t)
	m := New(*c)
	first := m.Figures()
	if again := m.Figures(); again != first {
		t.Errorf("the second time %+v, at first %+v", again, first)
	}
	kept := m.measured()
	if m.measured() != kept {
		t.Error("measured twice")
	}
	one := *c
	one.Partition = footprint.Partition{
		Areas: slices.Repeat([]int32{0}, len(c.Partition.Areas)), Providers: slices.Repeat([]int32{0}, len(c.Partition.Providers)), IDs: []string{"F01"},
	}
	whole := New(one)
	if whole.Figures() == first {
		t.Errorf("one footprint has the figures of %d: %+v", c.Partition.Len(), first)
	}
	if n := len(whole.measured().shapes); n != 1 {
		t.Errorf("%d shapes of one footprint", n)
	}
	away := *c
	away.Points = slices.Clone(c.Points)
	for i := range away.Points {
		away.Points[i][0]++
	}
	if moved := New(away).Figures(); moved.DistanceInsideKM == first.DistanceInsideKM {
		t.Errorf("providers moved, patients travel as far: %v km", moved.DistanceInsideKM)
	}
	if m.Figures() != first {
		t.Error("another map's figures came back to the first")
	}
}
