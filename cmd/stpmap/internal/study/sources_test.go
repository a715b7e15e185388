package study

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stpmap/flow/wholefile"
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
