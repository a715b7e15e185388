package footprint

import (
	"testing"
)

func TestParseQuality(t *testing.T) {
	for _, q := range []Quality{Modularity, CPM, Bipartite} {
		if got, err := ParseQuality(q.String()); got != q || err != nil {
			t.Errorf("%v reads as %v, %v", q, got, err)
		}
	}
	if _, err := ParseQuality("entropy"); err == nil {
		t.Error("entropy is taken for a quality")
	}
}
