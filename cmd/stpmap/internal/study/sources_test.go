package study

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stpmap/flow/wholefile"
	"stpmap/render/boundary"
)

// touching changes a file as soon as a reader asks whether to go on.
type touching struct {
	context.Context
	path string
}

func (c touching) Err() error { return os.Chtimes(c.path, time.Time{}, time.Unix(1, 0)) }

func TestBoundariesThatChangeAreNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.geojson")
	text := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"area_code":"A"},"geometry":{"type":"Polygon","coordinates":[[[-1,52],[-0.9,52],[-0.9,52.1],[-1,52]]]}}]}`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := Request{Source: Disk{}, Alone: true, Hashes: true, Places: Places{Boundaries: path}}
	if _, err := r.Read(t.Context(), quiet()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(touching{t.Context(), path}, quiet()); !errors.Is(err, wholefile.ErrChanged) {
		t.Errorf("got %v", err)
	}
}

// Of a Shapefile the codes lie in a file of their own, which is watched too.
func TestEveryFileReadByNameIsWatched(t *testing.T) {
	stem := filepath.Join(t.TempDir(), "a")
	for _, suffix := range []string{".shp", ".dbf", ".PRJ", ".txt"} {
		if err := os.WriteFile(stem+suffix, []byte(suffix), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names := boundary.Files(stem + ".shp")
	if len(names) != 3 {
		t.Fatalf("files %v", names)
	}
	for _, changed := range append(names, "") {
		in := &Study{}
		l := Request{Source: Disk{}}.loader(t.Context(), in)
		err := l.byName("boundaries", true, names, func() error {
			if changed == "" {
				return nil
			}
			return os.WriteFile(changed, []byte("another"), 0o600)
		})
		if errors.Is(err, wholefile.ErrChanged) != (changed != "") || changed == "" && err != nil {
			t.Errorf("%q changed: %v", changed, err)
		}
		if want := map[bool]int{true: 3, false: 0}[changed == ""]; len(in.Files) != want {
			t.Errorf("%q changed: %d files are kept, want %d", changed, len(in.Files), want)
		}
	}
}
