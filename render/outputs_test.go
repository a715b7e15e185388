package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
)

// Control characters and broken text are in real files. Whatever a name holds,
// every format stays readable.
func TestBrokenNames(t *testing.T) {
	broken := "a\x00b\x01c\xffd\ufffee\u2028f"
	l := sampleFootprints()
	l.Title, l.About.Notice, l.About.Sources = broken, broken, []string{broken}
	for i := range l.Features {
		l.Features[i].Values[1] = broken
		l.Style.Classes[i].Label = broken
	}
	var b bytes.Buffer
	if err := WriteQML(&b, l); err != nil {
		t.Fatal(err)
	}
	parseXML(t, b.Bytes())
	b.Reset()
	if err := WriteSVG(&b, Picture{Title: broken, Layers: []Layer{l}, About: l.About}); err != nil {
		t.Fatal(err)
	}
	parseXML(t, b.Bytes())
	b.Reset()
	if err := WriteKML(&b, broken, []Layer{l}); err != nil {
		t.Fatal(err)
	}
	parseXML(t, b.Bytes())
	b.Reset()
	if err := WriteTopoJSON(&b, []Layer{l}, 0); err != nil || !json.Valid(b.Bytes()) {
		t.Fatal(err)
	}
	if err := WriteProject(io.Discard, Project{Title: broken, Groups: Arrange([]Layer{l}, "x.gpkg", 0), About: l.About}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.gpkg")
	if err := WriteGeoPackage(t.Context(), path, []Layer{l}, GeoPackageOptions{}); err != nil {
		t.Fatal(err)
	}
}

// chequer is a layer of n by n footprints with borders of a few points.
func chequer(n int) Layer {
	l := Layer{
		Name: "chequer", Title: "Chequer", Geometry: "MultiPolygon", Fields: []Field{{"footprint", "Footprint", Text}, {"score", "Score", Real}},
		Style: Style{Kind: StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#ffffff"},
	}
	step := 5 / float64(n)
	for i := range n * n {
		x, y := -4+step*float64(i%n), 50+step*float64(i/n)
		var ring orb.Ring
		for _, c := range [...][4]float64{{x, y, 1, 0}, {x + step, y, 0, 1}, {x + step, y + step, -1, 0}, {x, y + step, 0, -1}} {
			for k := range 20 {
				ring = append(ring, orb.Point{c[0] + c[2]*step*float64(k)/20, c[1] + c[3]*step*float64(k)/20})
			}
		}
		ring = append(ring, ring[0])
		id := fmt.Sprintf("F%04d", i)
		l.Features = append(l.Features, Feature{ID: id, Geometry: orb.MultiPolygon{{ring}}, Values: []any{id, float64(i)}})
		l.Style.Classes = append(l.Style.Classes, Class{Value: id, Label: id, Colour: Qualitative((i%n + i/n) % 2)})
	}
	return l
}

func BenchmarkWriters(b *testing.B) {
	for _, n := range []int{7, 40} {
		l := chequer(n)
		page := Report{Title: "Bench"}
		level := ReportLevel{Name: "one"}
		for i, f := range l.Features {
			page.Areas = append(page.Areas, ReportArea{Code: f.ID, Geometry: f.Geometry})
			level.Areas = append(level.Areas, int32(i))
			level.Footprints = append(level.Footprints, ReportFootprint{ID: f.ID})
		}
		page.Levels = []ReportLevel{level}
		dir := b.TempDir()
		for _, w := range []struct {
			name  string
			write func() error
		}{
			{"qml", func() error { return WriteQML(io.Discard, l) }},
			{"gpkg", func() error {
				return WriteGeoPackage(b.Context(), filepath.Join(dir, "x.gpkg"), []Layer{l}, GeoPackageOptions{})
			}},
			{"qgz", func() error { return WriteProject(io.Discard, Project{Groups: Arrange([]Layer{l}, "x.gpkg", 0)}) }},
			{"kml", func() error { return WriteKML(io.Discard, "", []Layer{l}) }},
			{"topojson", func() error { return WriteTopoJSON(io.Discard, []Layer{l}, 0) }},
			{"svg", func() error { return WriteSVG(io.Discard, Picture{Layers: []Layer{l}}) }},
			{"png", func() error { return WritePNG(io.Discard, Picture{Layers: []Layer{l}}, 0) }},
			{"report", func() error { return WriteReport(io.Discard, page) }},
		} {
			b.Run(fmt.Sprintf("%s/footprints=%d", w.name, n*n), func(b *testing.B) {
				for b.Loop() {
					if err := w.write(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
