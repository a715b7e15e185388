package render

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
	"stpmap/render/report"
)

// Every format writes the files that it names, the name asked for among them,
// and the same bytes twice.
func TestFormatsWriteWhatTheyName(t *testing.T) {
	for _, name := range Formats() {
		t.Run(name, func(t *testing.T) {
			f, ok := FormatOf(name)
			if !ok || f.Name != name {
				t.Fatalf("the format is not found by its name")
			}
			dir := t.TempDir()
			out := filepath.Join(dir, "map."+name)
			var first [][]byte
			for range 2 {
				job := Job{Layers: rendertest.Layers(), Named: true, CRS: 4326, Report: func() (report.Page, error) { return report.Page{Title: "T"}, nil }}
				files := f.Files(t.Context(), out, job)
				if !slices.ContainsFunc(files, func(file File) bool { return file.Name == out }) {
					t.Fatalf("none of %+v is %s", files, out)
				}
				var all [][]byte
				for _, file := range files {
					if (file.Write == nil) == (file.Make == nil) {
						t.Fatalf("%s is written two ways, or none", file.Name)
					}
					if file.Make != nil {
						os.Remove(file.Name)
						if err := file.Make(file.Name); err != nil {
							t.Fatal(err)
						}
						b, err := os.ReadFile(file.Name)
						if err != nil {
							t.Fatal(err)
						}
						all = append(all, b)
						continue
					}
					var b bytes.Buffer
					if err := file.Write(&b); err != nil {
						t.Fatal(err)
					}
					all = append(all, b.Bytes())
				}
				if first == nil {
					first = all
				} else if !slices.EqualFunc(first, all, bytes.Equal) {
					t.Error("two runs differ")
				}
			}
		})
	}
	if _, ok := FormatOf("dwg"); ok {
		t.Error("there is a format called dwg")
	}
}

// A format of one layer writes the first, or a file for each that was named.
func TestFormatsOfOneLayer(t *testing.T) {
	f, _ := FormatOf("geojson")
	names := func(named bool) (out []string) {
		for _, file := range f.Files(t.Context(), "a/map.geojson", Job{Layers: rendertest.Layers()[:2], Named: named}) {
			out = append(out, file.Name)
		}
		return out
	}
	if got := names(false); !slices.Equal(got, []string{"a/map.geojson", "a/map.qml"}) {
		t.Errorf("got %q", got)
	}
	if got := names(true); !slices.Equal(got, []string{"a/map.geojson", "a/map.qml", "a/map_scores.geojson", "a/map_scores.qml"}) {
		t.Errorf("named: got %q", got)
	}
	if got := f.Files(t.Context(), "-", Job{Layers: []layer.Layer{rendertest.Footprints()}}); got[0].Name != "-" {
		t.Errorf("to standard output: %q", got[0].Name)
	}
}
