package boundary

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"

	"stpmap/flow/fault"
	"stpmap/render/datum"
	"stpmap/render/internal/geojsonread"
)

// Options says how boundaries are read. The zero value recognises
// everything by itself and leaves the geometry as it is.
type Options struct {
	// CodeProperty and NameProperty name the properties outright, without
	// regard to case; empty ones are recognised.
	CodeProperty, NameProperty string
	// Layer is the table to read of a GeoPackage; empty takes the only one of
	// polygons that is not empty. Of several the one whose column of codes has the
	// most telling name is read; where two are alike, the error is
	// ErrSeveralLayers.
	Layer string
	// Snap, in metres, draws borders together that miss each other by less;
	// 0 draws none.
	Snap float64
	// Clean closes gaps and overlaps, so that the areas form a coverage.
	Clean bool
	// Grid brings positions on OSGB36 to WGS84 to centimetres; nil does so within
	// about 2 m.
	Grid *datum.Grid

	numbered bool // the features need no codes: they are numbered
}

// Open reads polygons from a file: GeoJSON (plain or gzip),
// GeoPackage or Shapefile, told apart by content.
//
// Faults in the file are a *fault.Error or *fault.List.
func Open(ctx context.Context, path string, o Options) (*Set, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	name := filepath.Base(path)
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: a folder", ErrFormat)}
	}
	head := make([]byte, 16)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	suffix := strings.ToLower(filepath.Ext(path))
	switch {
	case bytes.HasPrefix(head[:n], []byte("SQLite format 3\x00")):
		return openGeoPackage(ctx, path, name, o)
	case o.Layer != "" && suffix != ".gpkg":
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: no layer %q: only a GeoPackage has layers", ErrNoFeatures, o.Layer)}
	case bytes.HasPrefix(head[:n], []byte{0, 0, 0x27, 0x0a}):
		return openShapefile(ctx, path, name, o)
	case suffix == ".gpkg":
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: a GeoPackage is an SQLite database, this is none", ErrFormat)}
	case suffix == ".shp":
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: a Shapefile begins with 00 00 27 0a", ErrFormat)}
	case bytes.HasPrefix(head[:n], []byte("PK\x03\x04")):
		return nil, &fault.Error{File: name, Err: fmt.Errorf("%w: a zip archive; unpack it first", ErrFormat)}
	}
	return readGeoJSON(ctx, name, f, info.Size(), o)
}

// Read reads polygons from a stream of GeoJSON, plain or gzip. name
// stands in errors.
func Read(ctx context.Context, name string, r io.Reader, o Options) (*Set, error) {
	return readGeoJSON(ctx, name, r, 0, o)
}

func readGeoJSON(ctx context.Context, name string, r io.Reader, size int64, o Options) (*Set, error) {
	magic := make([]byte, 2)
	n, err := io.ReadFull(r, magic)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	r = io.MultiReader(bytes.NewReader(magic[:n]), r)
	if n == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(bufio.NewReader(r))
		if err != nil {
			return nil, &fault.Error{File: name, Err: fmt.Errorf("gzip: %w", err)}
		}
		defer z.Close()
		r, size = z, 0
	}
	c, err := geojsonread.Read(ctx, r, size)
	if err != nil {
		var f *geojsonread.Fault
		if errors.As(err, &f) {
			return nil, &fault.Error{File: name, Line: f.Line, Column: f.Column, Err: f.Err}
		}
		return nil, err
	}
	t := &polygonTable{file: name, grid: o.Grid, rings: c.Rings, keys: c.Keys, features: c.Features}
	for _, f := range c.Faults {
		t.faults.Add(&fault.Error{File: name, Line: f.Line, Column: f.Column, Err: f.Err})
	}
	t.faults.More += c.MoreFaults
	if err := t.placeGeoJSON(c); err != nil {
		return nil, err
	}
	if by := c.Page.Missing(len(c.Features)); by != "" {
		t.note("%s: the file says itself that it is not all of the server's answer (%s): there are more areas than the %d in it; download the rest too", name, by, len(c.Features))
	}
	if c.Heights > 0 {
		t.note("%s: heights dropped from %d positions", name, c.Heights)
	}
	if c.SkippedGeometries > 0 {
		t.note("%s: %d points or lines in geometry collections left out", name, c.SkippedGeometries)
	}
	return t.boundaries(ctx, o)
}
