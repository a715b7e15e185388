package footprint

import (
	"slices"
	"testing"

	"stpmap/flow"
)

func TestKeepIDs(t *testing.T) {
	b := flow.NewBuilder()
	for i, n := range []float64{10, 20, 30, 40, 50} {
		if err := b.Add(string(rune('A'+i)), "P", flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		was, now []int32
		ids      []string // of was
		want     []string
	}{
		{"same", []int32{0, 0, 1, 1, 2}, []int32{2, 2, 0, 0, 1}, []string{"F01", "F02", "F03"}, []string{"F02", "F03", "F01"}},
		{"one split", []int32{0, 0, 0, 1, 1}, []int32{0, 0, 2, 1, 1}, []string{"F01", "F02"}, []string{"F01", "F02", "F03"}},
		{"names of its own", []int32{0, 0, 1, 1, 1}, []int32{0, 1, 1, 2, 2}, []string{"North", "F01"}, []string{"F02", "North", "F01"}},
		{"larger overlap first", []int32{0, 0, 0, 0, 1}, []int32{0, 0, 1, 1, 1}, []string{"X", "Y"}, []string{"F01", "X"}},
		{"unplaced", []int32{-1, 0, 0, 0, 0}, []int32{0, 1, 1, 1, -1}, []string{"X"}, []string{"F01", "X"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			earlier := Partition{Areas: c.was, Providers: []int32{0}, IDs: c.ids}
			p := Partition{Areas: c.now, Providers: []int32{0}, IDs: make([]string, len(c.want))}
			got, err := p.KeepIDs(m, earlier)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.IDs, c.want) {
				t.Errorf("ids %v, want %v", got.IDs, c.want)
			}
		})
	}
	if _, err := (Partition{}).KeepIDs(m, Partition{}); err == nil {
		t.Error("partitions of other matrices are taken")
	}
}
