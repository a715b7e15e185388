package gpkg

import (
	"path/filepath"
	"testing"

	"stpmap/render/internal/rendertest"
)

// BenchmarkWrite writes 35,000 areas and 28,000 flows, as of a country
// in neighbourhoods.
func BenchmarkWrite(b *testing.B) {
	layers := rendertest.Neighbourhoods(35_000, 28_000)
	path := filepath.Join(b.TempDir(), "out.gpkg")
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(b.Context(), path, layers, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
