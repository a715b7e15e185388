package maps

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/nest"
	"stpmap/render/boundary"
	"stpmap/render/geojson"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/qgis"
)

func gridBoundaries(t testing.TB) *boundary.Set {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for a := range 36 {
		if a > 0 {
			b.WriteByte(',')
		}
		x, y := float64(a%6), 50+float64(a/6)
		fmt.Fprintf(&b, `{"type":"Feature","properties":{"area_code":"A%02d"},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`, a, x, y, x+1, y, x+1, y+1, x, y+1, x, y)
	}
	b.WriteString("]}")
	bounds, err := boundary.Read(context.Background(), "grid.geojson", strings.NewReader(b.String()), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return bounds
}

func TestCompareLayers(t *testing.T) {
	m, c, _ := rendertest.GridSweep(t, false)
	reference := make([]int32, 36)
	for a := range reference {
		reference[a] = int32(a % 6 / 3)
	}
	cs := &Sweep{Comparison: c, Boundaries: gridBoundaries(t), Codes: m.Areas(), Reference: reference}
	l := cs.Borders()
	if len(l.Features) != 60 {
		t.Fatalf("%d borders in a square of 6 by 6, want 60", len(l.Features))
	}
	c.Recommendation.Setting = 0 // a grid as even as this has no bend
	cs.Comparison = c
	l = cs.Borders()
	chosen := c.Results[c.Representatives[c.Recommendation.Setting]].Partition.Areas
	for _, f := range l.Features {
		value := func(name string) any { return f.Values[l.FieldIndex(name)] }
		a, _ := m.AreaIndex(value("area").(string))
		b, _ := m.AreaIndex(value("neighbour").(string))
		if got, want := value("recommended"), chosen[a] != chosen[b]; got != want {
			t.Errorf("%s: recommended %v, want %v", f.ID, got, want)
		}
		if got, want := value("reference"), reference[a] != reference[b]; got != want {
			t.Errorf("%s: reference %v, want %v", f.ID, got, want)
		}
		parted := 0
		for _, r := range c.Runs {
			if p := c.Results[r.Result].Partition.Areas; p[a] != p[b] {
				parted++
			}
		}
		if got, want := value("runs_share").(float64), float64(parted)/float64(len(c.Runs)); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: share of runs %v, want %v", f.ID, got, want)
		}
		if km := value("length_km").(float64); km < 60 || km > 115 {
			t.Errorf("%s: a degree is %v km long", f.ID, km)
		}
	}
	base := c.Results[c.Representatives[0]].Partition
	levels, err := nest.Around(context.Background(), m, base, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	measures := make([]footprint.Measures, len(levels))
	want := 0
	for i, level := range levels {
		measures[i] = footprint.Measure(m, level.Partition, nil, nil)
		want += level.Partition.Len()
	}
	nested := cs.Levels(levels, measures)
	if len(nested.Features) != want || len(levels) < 2 {
		t.Errorf("%d features for %d footprints in %d levels", len(nested.Features), want, len(levels))
	}
	areas := map[int64]int64{}
	for _, f := range nested.Features {
		areas[f.Values[0].(int64)] += f.Values[nested.FieldIndex("areas")].(int64)
	}
	for _, level := range levels {
		if areas[int64(level.Level)] != 36 {
			t.Errorf("level %d has %d areas, want 36", level.Level, areas[int64(level.Level)])
		}
	}
	for _, layer := range []layer.Layer{l, nested} {
		var a, b bytes.Buffer
		if err := geojson.Write(&a, layer); err != nil {
			t.Error(err)
		}
		if err := qgis.WriteQML(&b, layer); err != nil {
			t.Error(err)
		}
	}
}
