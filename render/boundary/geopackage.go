package boundary

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stpmap/flow/fault"
	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/refsys"
)

func openGeoPackage(ctx context.Context, path, name string, o Options) (*Set, error) {
	t := &polygonTable{file: name, grid: o.Grid}
	t.rings.Start()
	if err := t.openLayer(ctx, path, o); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var located *fault.Error
		if errors.As(err, &located) {
			return nil, err
		}
		return nil, &fault.Error{File: name, Err: err}
	}
	return t.boundaries(ctx, o)
}

// openLayer opens a GeoPackage and reads the layer that holds the areas.
func (t *polygonTable) openLayer(ctx context.Context, path string, o Options) (err error) {
	g, err := openGPKG(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, g.close()) }()
	if g.beside != "" {
		t.note("%s: read together with %s, which lies beside it; another program may have the file open", t.file, g.beside)
	}
	layers, err := g.layers(ctx)
	if err != nil {
		return err
	}
	layer, notes, err := g.chooseLayer(ctx, layers, o)
	if err != nil {
		return err
	}
	for _, n := range notes {
		t.note("%s: %s", t.file, n)
	}
	if layer.columns == nil {
		if _, err := g.describe(ctx, &layer, o); err != nil {
			return err
		}
	}
	if err := g.measure(ctx, layer); err != nil {
		return err
	}
	return t.readGeoPackage(ctx, g.conn, layer)
}

func (t *polygonTable) readGeoPackage(ctx context.Context, db *sql.Conn, l gpkgLayer) error {
	named := l.system != ""
	t.crs = refsys.WGS84
	if named {
		known, ok := refsys.Named(l.system)
		if !ok {
			return refsys.Unknown(l.system)
		}
		t.crs = known
		t.sayCRS()
	}
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+quoteIdentifier(l.table))
	if err != nil {
		return layerFault(l, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	geometry := slices.IndexFunc(columns, func(c string) bool { return strings.EqualFold(c, l.column) })
	if geometry < 0 {
		return fmt.Errorf("%w: layer %q has no column %q", ErrFormat, l.table, l.column)
	}
	t.keys = columns
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	w := wkbReader{t: t}
	for n := 1; rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			return layerFault(l, err)
		}
		f := geojsonread.Feature{Line: n}
		for i, v := range values {
			if p, ok := sqlProperty(v); ok && i != geometry {
				p.Key = int32(i)
				f.Properties = append(f.Properties, p)
			}
		}
		if blob, ok := values[geometry].([]byte); ok {
			if !named {
				if x, y, ok := firstOfBlob(blob); ok {
					named = true
					if err := t.guessCRS(x, y); err != nil {
						return err
					}
				}
			}
			polygons, rings, positions := len(t.rings.Polygons), len(t.rings.Rings), len(t.rings.XY)
			if _, err := w.gpkgGeometry(blob); err != nil {
				t.faults.Add(&fault.Error{File: t.file, Line: n, Err: err})
				t.rings.Polygons, t.rings.Rings, t.rings.XY = t.rings.Polygons[:polygons], t.rings.Rings[:rings], t.rings.XY[:positions]
			}
		}
		t.rings.EndArea()
		t.features = append(t.features, f)
	}
	if w.skipped > 0 {
		t.note("%s: %d points or lines in geometry collections left out", t.file, w.skipped)
	}
	if w.heights > 0 {
		t.note("%s: heights dropped from %d positions", t.file, w.heights)
	}
	if err := rows.Err(); err != nil {
		return layerFault(l, err)
	}
	return nil
}

func sqlProperty(v any) (geojsonread.Property, bool) {
	switch v := v.(type) {
	case string:
		return geojsonread.Property{Kind: geojsonread.String, Text: v}, true
	case int64:
		return geojsonread.Property{Kind: geojsonread.Number, Text: strconv.FormatInt(v, 10)}, true
	case float64:
		return geojsonread.Property{Kind: geojsonread.Number, Text: strconv.FormatFloat(v, 'g', -1, 64)}, true
	case bool:
		return geojsonread.Property{Kind: geojsonread.Boolean, Text: strconv.FormatBool(v)}, true
	}
	return geojsonread.Property{}, false
}

// firstOfBlob is the first position of the first ring of a blob.
func firstOfBlob(blob []byte) (x, y float64, ok bool) {
	t := &polygonTable{crs: refsys.System{Code: "none", ToWGS84: func(px, py float64) (float64, float64) {
		if !ok {
			x, y, ok = px, py, true
		}
		return 0, 0
	}}}
	t.rings.Start()
	w := wkbReader{t: t}
	_, _ = w.gpkgGeometry(blob) // faults are reported when it is read in earnest
	return x, y, ok
}
