package bench

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// mixed is a case with everything that a case may have.
func mixed(t *testing.T) *Case {
	t.Helper()
	b := flow.NewBuilder()
	for i, x := range []struct {
		area, provider string
		count          flow.Count
	}{
		{"A", "X", flow.Exactly(1200)},
		{"A", "Y", flow.Between(1, 4)},
		{"B", "X", flow.Exactly(12.25)},
		{"B", "Y", flow.Between(1, 7)},
		{"C", "Y", flow.Exactly(7).Plus(flow.Between(1, 4))},
		{"C", "Z", flow.Between(1, 4)},
	} {
		if err := b.Add(x.area, x.provider, x.count); err != nil {
			t.Fatal(i, err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	ref := footprint.Partition{IDs: []string{"S1"}, Areas: []int32{0, -1, 0}, Providers: []int32{0, 0, -1}}
	return &Case{
		Version: "9.9", Matrix: m, AreaNames: []string{"Aber", "", "Cé\"d,"}, ProviderNames: []string{"", "Y's", "Z"}, NameMark: " (made)",
		Population: []float64{1000, math.NaN(), 12.5}, Neighbours: Neighbours{{1}, {0, 2}, {1}},
		Demands: Demands{
			Footprints: 2, Contiguous: true, MinPopulation: 300, MaxPopulation: 3e6, MinLocalisation: 0.25, MaxShare: 0.5, MinProviders: 1,
			CountedProviders: []bool{true, false, true}, AllowSingleKind: true, AllowDegenerate: true, Together: [][]int32{{0, 3}}, Apart: [][]int32{{0, 2}, {4, 5}},
			KeepWhole: []footprint.Unit{{Name: "U", Areas: []int32{0, 1}}}, Quality: footprint.Bipartite, Restarts: 10, Effort: 3,
		},
		Start: footprint.Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 0, 1}, Providers: []int32{0, 1, -1}}, Names: []string{"One", ""},
		Reference: &ref, ReferenceNames: []string{"Ref"},
	}
}

// A packed case comes back as it was, the flows to the last bit.
func TestPack(t *testing.T) {
	c := mixed(t)
	packed := c.Pack()
	got, err := Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	if got.Matrix.SHA256() != c.Matrix.SHA256() {
		t.Error("the flows are other ones")
	}
	if !bytes.Equal(got.Pack(), packed) {
		t.Error("packed again, it is another one")
	}
	if !math.IsNaN(got.Population[1]) || got.Population[2] != 12.5 {
		t.Errorf("people are %v", got.Population)
	}
	got.Matrix, got.Population = c.Matrix, c.Population
	if !reflect.DeepEqual(got, c) {
		t.Errorf("got %+v\nwant %+v", got, c)
	}
}

// Bytes that are damaged or cut off are refused, and never stop the program.
func TestUnpackDamaged(t *testing.T) {
	packed := mixed(t).Pack()
	refused := 0
	for n := range len(packed) {
		if _, err := Unpack(packed[:n]); err == nil {
			t.Errorf("the first %d bytes are taken", n)
		}
	}
	for i := range packed {
		for _, by := range []byte{1, 0x80, 0xff} {
			damaged := slices.Clone(packed)
			damaged[i] ^= by
			if _, err := Unpack(damaged); err != nil {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Error("no damage is refused")
	}
	if _, err := Unpack(nil); err == nil {
		t.Error("nothing is taken for a case")
	}
}

// Constraints count people who are not known as none, and ask for one piece only
// where that was asked.
func TestConstraints(t *testing.T) {
	c := mixed(t)
	cs := c.Constraints()
	if !slices.Equal(cs.Population, []float64{1000, 0, 12.5}) || cs.Contiguous == nil || cs.MinProviders != 1 {
		t.Errorf("got %+v", cs)
	}
	c.Demands.Contiguous, c.Population = false, nil
	if cs := c.Constraints(); cs.Contiguous != nil || cs.Population != nil {
		t.Errorf("got %+v", cs)
	}
	if NeighboursOf(nil, 3) != nil || c.adjacency() == nil {
		t.Error("borders come from nowhere, or are lost")
	}
	c.Neighbours = nil
	if c.adjacency() != nil {
		t.Error("borders come from nowhere")
	}
}
