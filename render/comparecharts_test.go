package render

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"math"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

// gridSweep is a sweep over a square of towns.
func gridSweep(t testing.TB, counts bool) (*flow.Matrix, *footprint.Comparison, footprint.Measures) {
	t.Helper()
	b := flow.NewBuilder()
	const side = 6
	for a := range side * side {
		for p := range 9 {
			dx, dy := a%side-2*(p%3), a/side-2*(p/3)
			if err := b.Add(fmt.Sprintf("A%02d", a), fmt.Sprintf("P%d", p), flow.Exactly(float64(600/(1+dx*dx+dy*dy)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s := &footprint.Sweep{Seeds: 3, Resamples: 1}
	for _, gamma := range footprint.LogResolutions(0.4, 3, 6) {
		one := footprint.Setting{Method: "leiden", Resolution: gamma}
		if counts {
			one = footprint.Setting{Method: "louvain", Resolution: math.NaN(), Footprints: 2 + len(s.Settings)}
		}
		s.Settings = append(s.Settings, one)
	}
	runs := footprint.NewSweepRuns(len(s.Tasks()))
	if err := s.Run(context.Background(), m, runs.Missing(1, 1), runs.Put); err != nil {
		t.Fatal(err)
	}
	people := make([]float64, len(m.Areas()))
	for a := range people {
		people[a] = 90_000
	}
	c, err := s.Summarise(context.Background(), m, runs, footprint.SweepOptions{Population: people})
	if err != nil {
		t.Fatal(err)
	}
	official := c.Results[len(c.Results)/2].Measures
	return m, c, official
}

func TestCompareCharts(t *testing.T) {
	for name, counts := range map[string]bool{"resolutions": false, "numbers": true} {
		t.Run(name, func(t *testing.T) {
			_, c, official := gridSweep(t, counts)
			o := CompareOptions{Official: &OfficialMap{Name: "the map of 2016", Measures: official}, Scale: footprint.DefaultScale, Notice: "Synthetic data"}
			charts, err := CompareCharts(c, o)
			if err != nil {
				t.Fatal(err)
			}
			again, err := CompareCharts(c, o)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for i, chart := range charts {
				names = append(names, chart.Name)
				for _, format := range []string{"svg", "png"} {
					var a, b bytes.Buffer
					if err := chart.Write(&a, format); err != nil {
						t.Fatal(err)
					}
					if err := again[i].Write(&b, format); err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(a.Bytes(), b.Bytes()) {
						t.Errorf("%s.%s has other bytes the second time", chart.Name, format)
					}
					if format == "png" {
						if _, err := png.Decode(&a); err != nil {
							t.Error(err)
						}
						continue
					}
					if !strings.Contains(a.String(), "Synthetic data") {
						t.Errorf("%s.svg lacks the notice", chart.Name)
					}
					if chart.Name != "vi" && chart.Name != "stability" && !strings.Contains(a.String(), "the map of 2016") {
						t.Errorf("%s.svg lacks the official map", chart.Name)
					}
				}
			}
			if got := strings.Join(names, " "); got != "curve stability vi sizes" {
				t.Errorf("charts are %s", got)
			}
		})
	}
	charts, err := CompareCharts(&footprint.Comparison{Recommendation: footprint.Recommendation{Setting: -1}}, CompareOptions{})
	if err != nil || charts != nil {
		t.Errorf("an empty comparison gives %v, %v", charts, err)
	}
}

func gridBoundaries(t testing.TB) *Boundaries {
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
	bounds, err := ReadBoundaries(context.Background(), "grid.geojson", strings.NewReader(b.String()), BoundaryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return bounds
}

func TestCompareLayers(t *testing.T) {
	m, c, _ := gridSweep(t, false)
	reference := make([]int32, 36)
	for a := range reference {
		reference[a] = int32(a % 6 / 3)
	}
	cs := &CompareCase{Comparison: c, Boundaries: gridBoundaries(t), Codes: m.Areas(), Reference: reference}
	l := cs.BordersLayer()
	if len(l.Features) != 60 {
		t.Fatalf("%d borders in a square of 6 by 6, want 60", len(l.Features))
	}
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
	levels, err := footprint.LevelsAround(context.Background(), m, base, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	measures := make([]footprint.Measures, len(levels))
	want := 0
	for i, level := range levels {
		measures[i] = footprint.Measure(m, level.Partition, nil, nil)
		want += level.Partition.Len()
	}
	nested := cs.LevelsLayer(levels, measures)
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
	for _, layer := range []Layer{l, nested} {
		var a, b bytes.Buffer
		if err := WriteGeoJSON(&a, layer); err != nil {
			t.Error(err)
		}
		if err := WriteQML(&b, layer); err != nil {
			t.Error(err)
		}
	}
}
