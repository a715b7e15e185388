package boundary_test

import (
	"iter"
	"slices"
	"testing"

	"stpmap/render/layer"
)

func TestColouringOfEngland(t *testing.T) {
	b := readEngland(t)
	c := layer.Colouring(b, b.Len())
	for i := range c {
		if c[i] > 5 {
			t.Errorf("%s has colour %d", b.Names()[i], c[i])
		}
		for j := range b.Neighbours(i) {
			if c[i] == c[j] {
				t.Errorf("%s and %s have one colour", b.Names()[i], b.Names()[j])
			}
		}
	}
}

func TestBorders(t *testing.T) {
	b := readDrawn(t)
	for _, l := range b.Borders() {
		if l.A >= l.B || l.LengthKM <= 0 || len(l.Line) == 0 || l.LengthKM != b.BorderKM(l.A, l.B) {
			t.Errorf("border %+v, %g km by BorderKM", l, b.BorderKM(l.A, l.B))
		}
	}
	// West and east: one line from the north coast to the south coast, and the
	// enclave's, which closes on itself.
	group := []int32{0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0}
	ls := b.GroupBorders(group)
	if len(ls) != 1 || ls[0].A != 0 || ls[0].B != 1 || len(ls[0].Line) != 2 {
		t.Fatalf("got %+v", ls)
	}
	for _, line := range ls[0].Line {
		closed := line[0] == line[len(line)-1]
		if closed != (len(line) == 5) {
			t.Errorf("got line %v", line)
		}
		for i := 1; i < len(line); i++ {
			if line[i] == line[i-1] {
				t.Errorf("position twice in %v", line)
			}
		}
	}
	adj := b.GroupAdjacency(group, 2)
	if got := slices.Collect(iter.Seq[int](adj.Neighbours(0))); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v", got)
	}
	for range adj.Neighbours(7) {
		t.Error("no such group")
	}
}
