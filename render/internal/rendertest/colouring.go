package rendertest

import (
	"iter"
	"slices"
	"testing"

	"stpmap/render/layer"
)

// Lists are the neighbours of each node.
type Lists [][]int

// Neighbours yields the neighbours of a node.
func (l Lists) Neighbours(i int) iter.Seq[int] { return slices.Values(l[i]) }

// CheckColouring fails unless the colouring of an adjacency has under most
// colours, no neighbours share one, and it comes out the same twice.
func CheckColouring(t *testing.T, adj Lists, most int) {
	t.Helper()
	c := layer.Colouring(adj, len(adj))
	if len(c) != len(adj) {
		t.Fatalf("%d colours for %d nodes", len(c), len(adj))
	}
	for i := range adj {
		if c[i] < 0 || c[i] >= most {
			t.Errorf("node %d has colour %d, want under %d", i, c[i], most)
		}
		for _, j := range adj[i] {
			if i != j && c[i] == c[j] {
				t.Errorf("neighbours %d and %d have colour %d", i, j, c[i])
			}
		}
	}
	if !slices.Equal(c, layer.Colouring(adj, len(adj))) {
		t.Error("another colouring the second time")
	}
}
