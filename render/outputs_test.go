package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow/flowtest"
	"stpmap/render/gpkg"
	"stpmap/render/internal/rendertest"
	"stpmap/render/kml"
	"stpmap/render/layer"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
	"stpmap/render/topojson"
)

// Control characters and broken text are in real files. Whatever a name holds,
// every format stays readable.
func TestBrokenNames(t *testing.T) {
	broken := "a\x00b\x01c\xffd\ufffee\u2028f"
	l := rendertest.Footprints()
	l.Title, l.About.Notice, l.About.Sources = broken, broken, []string{broken}
	for i := range l.Features {
		l.Features[i].Values[1] = broken
		l.Style.Classes[i].Label = broken
	}
	var b bytes.Buffer
	if err := qgis.WriteQML(&b, l); err != nil {
		t.Fatal(err)
	}
	rendertest.ParseXML(t, b.Bytes())
	b.Reset()
	if err := picture.WriteSVG(&b, picture.Map{Title: broken, Layers: []layer.Layer{l}, About: l.About}); err != nil {
		t.Fatal(err)
	}
	rendertest.ParseXML(t, b.Bytes())
	b.Reset()
	if err := kml.Write(&b, broken, []layer.Layer{l}); err != nil {
		t.Fatal(err)
	}
	rendertest.ParseXML(t, b.Bytes())
	b.Reset()
	if err := topojson.Write(&b, []layer.Layer{l}, 0); err != nil || !json.Valid(b.Bytes()) {
		t.Fatal(err)
	}
	if err := qgis.WriteProject(io.Discard, qgis.Project{Title: broken, Groups: qgis.Arrange([]layer.Layer{l}, "x.gpkg", 0), About: l.About}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.gpkg")
	if err := gpkg.Write(t.Context(), path, []layer.Layer{l}, gpkg.Options{}); err != nil {
		t.Fatal(err)
	}
}

// chequer is a layer of n by n footprints with borders of a few points.
func chequer(n int) layer.Layer {
	l := layer.Layer{
		Name: "chequer", Title: "Chequer", Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "footprint", Alias: "Footprint", Type: layer.Text}, {Name: "score", Alias: "Score", Type: layer.Real}},
		Style: layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint", Outline: "#ffffff"},
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
		l.Features = append(l.Features, layer.Feature{ID: id, Geometry: orb.MultiPolygon{{ring}}, Values: []any{id, float64(i)}})
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: id, Label: id, Colour: layer.Qualitative((i%n + i/n) % 2)})
	}
	return l
}

func BenchmarkWriters(b *testing.B) {
	for _, n := range []int{7, 40} {
		l := chequer(n)
		page := report.Page{Title: "Bench"}
		level := report.Level{Name: "one"}
		for i, f := range l.Features {
			page.Areas = append(page.Areas, report.Area{Code: f.ID, Geometry: f.Geometry})
			level.Areas = append(level.Areas, int32(i))
			level.Footprints = append(level.Footprints, report.Footprint{ID: f.ID})
		}
		page.Levels = []report.Level{level}
		dir := b.TempDir()
		for _, w := range []struct {
			name  string
			write func() error
		}{
			{"qml", func() error { return qgis.WriteQML(io.Discard, l) }},
			{"gpkg", func() error {
				return gpkg.Write(b.Context(), filepath.Join(dir, "x.gpkg"), []layer.Layer{l}, gpkg.Options{})
			}},
			{"qgz", func() error {
				return qgis.WriteProject(io.Discard, qgis.Project{Groups: qgis.Arrange([]layer.Layer{l}, "x.gpkg", 0)})
			}},
			{"kml", func() error { return kml.Write(io.Discard, "", []layer.Layer{l}) }},
			{"topojson", func() error { return topojson.Write(io.Discard, []layer.Layer{l}, 0) }},
			{"svg", func() error { return picture.WriteSVG(io.Discard, picture.Map{Layers: []layer.Layer{l}}) }},
			{"png", func() error { return picture.WritePNG(io.Discard, picture.Map{Layers: []layer.Layer{l}}, 0) }},
			{"report", func() error { return report.Write(io.Discard, page) }},
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

// The real clients, where they are installed.
func TestClientsOpenWhatWeWrite(t *testing.T) {
	dir := t.TempDir()
	table, qgz := filepath.Join(dir, "footprints.gpkg"), filepath.Join(dir, "footprints.qgz")
	if err := gpkg.Write(t.Context(), table, rendertest.Layers(), gpkg.Options{CRS: 27700, Transform: rendertest.PlaneMetres}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	project := qgis.Project{Title: rendertest.Nasty, CRS: 27700, Transform: rendertest.PlaneMetres, Groups: qgis.Arrange(rendertest.Layers(), "footprints.gpkg", 27700)}
	if err := qgis.WriteProject(&b, project); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(qgz, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Run("ogrinfo", func(t *testing.T) {
		if _, err := exec.LookPath("ogrinfo"); err != nil {
			t.Skip("ogrinfo is not installed")
		}
		out, err := exec.Command("ogrinfo", "-al", "-so", table).CombinedOutput()
		if err != nil || bytes.Contains(out, []byte("Warning")) || bytes.Contains(out, []byte("ERROR")) {
			t.Errorf("%v\n%s", err, out)
		}
		for _, want := range []string{"Layer name: footprints", "Layer name: flows", "Feature Count: 9", `ID["EPSG",27700]`} {
			if !bytes.Contains(out, []byte(want)) {
				t.Errorf("ogrinfo does not say %q", want)
			}
		}
	})
	t.Run("validate_gpkg", func(t *testing.T) {
		if exec.Command("/usr/bin/python3", "-c", "import osgeo_utils.samples.validate_gpkg").Run() != nil {
			t.Skip("GDAL's validate_gpkg is not installed")
		}
		if out, err := exec.Command("/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg", "--warning-as-error", table).CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("qgis", func(t *testing.T) {
		tool := flowtest.Path(t, "tools/check_qgis.py")
		if exec.Command("/usr/bin/python3", "-c", "import qgis.core").Run() != nil {
			t.Skip("QGIS for Python is not installed")
		}
		for _, file := range []string{table, qgz} {
			if out, err := exec.Command("/usr/bin/python3", tool, file, "--expect-style").CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		}
	})
}

func TestLayerFaults(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*layer.Layer)
		want  error
	}{
		{"path in the name", func(l *layer.Layer) { l.Name = "../../etc/passwd" }, layer.ErrLayerName},
		{"empty name", func(l *layer.Layer) { l.Name = "" }, layer.ErrLayerName},
		{"quote in a field", func(l *layer.Layer) { l.Fields[0].Name = `a"; DROP TABLE x; --` }, layer.ErrLayerName},
		{"capital", func(l *layer.Layer) { l.Fields[0].Name = "Name" }, layer.ErrLayerName},
		{"field twice", func(l *layer.Layer) { l.Fields[1].Name = l.Fields[0].Name }, layer.ErrLayerShape},
		{"short row", func(l *layer.Layer) { l.Features[2].Values = nil }, layer.ErrLayerShape},
		{"wrong type", func(l *layer.Layer) { l.Features[2].Values[2] = "many" }, layer.ErrLayerShape},
		{"wrong geometry", func(l *layer.Layer) { l.Features[2].Geometry = orb.Point{} }, layer.ErrLayerShape},
		{"unknown geometry", func(l *layer.Layer) { l.Geometry = "Circle" }, layer.ErrLayerShape},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := rendertest.Footprints()
			tt.spoil(&l)
			dir := t.TempDir()
			for writer, err := range map[string]error{
				"qml":        qgis.WriteQML(io.Discard, l),
				"geopackage": gpkg.Write(t.Context(), filepath.Join(dir, "x.gpkg"), []layer.Layer{l}, gpkg.Options{}),
				"project":    qgis.WriteProject(io.Discard, qgis.Project{Groups: []qgis.ProjectGroup{{Layers: []qgis.ProjectLayer{{Layer: l, Source: "x.gpkg"}}}}}),
			} {
				if !errors.Is(err, tt.want) {
					t.Errorf("%s: got %v, want %v", writer, err, tt.want)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%s was left behind", left[0].Name())
			}
		})
	}
}
