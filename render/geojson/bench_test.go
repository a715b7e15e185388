package geojson

import (
	"io"
	"testing"

	"stpmap/render/internal/rendertest"
)

func BenchmarkWrite(b *testing.B) {
	layers := rendertest.Neighbourhoods(35_000, 28_000)
	b.ReportAllocs()
	for b.Loop() {
		for _, l := range layers {
			if err := Write(io.Discard, l); err != nil {
				b.Fatal(err)
			}
		}
	}
}
