package nest

import (
	"context"
	"slices"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

func TestLevelsAround(t *testing.T) {
	m, _, _ := footprinttest.Square(t, 15, 5)
	p, err := leiden.Leiden{Seed: 2, Constraints: footprint.Constraints{Footprints: 8}}.Partition(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	levels, err := Around(context.Background(), m, p, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(levels) != 3 || levels[0].Partition.Len() != 3 || !slices.Equal(levels[1].Partition.Areas, p.Areas) || levels[2].Partition.Len() <= 8 {
		t.Fatalf("%d levels: %d, %d and %d footprints", len(levels), levels[0].Partition.Len(), levels[1].Partition.Len(), levels[len(levels)-1].Partition.Len())
	}
	for i, l := range levels {
		footprinttest.CheckPartition(t, m, l.Partition, footprint.Constraints{})
		if l.Level != i+1 {
			t.Errorf("level %d is number %d", l.Level, i)
		}
		if i == 0 {
			continue
		}
		parents, err := Parents(l.Partition, levels[i-1].Partition)
		if err != nil || !slices.Equal(parents, l.Parent) {
			t.Errorf("level %d: parents %v, %v: %v", l.Level, l.Parent, parents, err)
		}
	}
	one, err := leiden.Leiden{Constraints: footprint.Constraints{Footprints: 1}}.Partition(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if levels, err = Around(context.Background(), m, one, 1, 0); err != nil || levels[0].Partition.Len() != 1 {
		t.Errorf("around one footprint: %d levels, %v", len(levels), err)
	}
}
