package boundary

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	_ "modernc.org/sqlite"

	"stpmap/flow/fault"
	"stpmap/render/internal/geojsonread"
	"stpmap/render/internal/words"
)

// gpkgLayer is a table of features in a GeoPackage.
type gpkgLayer struct {
	table, column string
	system        string // "EPSG:27700"; empty if undefined
	polygons      bool
}

// quoteIdentifier makes any name an SQL identifier.
func quoteIdentifier(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func openGeoPackage(ctx context.Context, path, name string, o Options) (*Set, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	at := url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "mode=ro&immutable=1"}
	db, err := sql.Open("sqlite", at.String())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	fail := func(err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var located *fault.Error
		if errors.As(err, &located) {
			return err
		}
		return &fault.Error{File: name, Err: err}
	}
	layers, err := gpkgLayers(ctx, db)
	if err != nil {
		return nil, fail(err)
	}
	layer, err := chooseLayer(layers, o.Layer)
	if err != nil {
		return nil, fail(err)
	}
	t := &polygonTable{file: name}
	t.rings.Start()
	if err := t.readGeoPackage(ctx, db, layer); err != nil {
		return nil, fail(err)
	}
	return t.boundaries(ctx, o)
}

func gpkgLayers(ctx context.Context, db *sql.DB) ([]gpkgLayer, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT g.table_name, g.column_name, upper(g.geometry_type_name), coalesce(s.organization, ''), coalesce(s.organization_coordsys_id, g.srs_id)
		FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
		ORDER BY g.table_name`)
	if err != nil {
		return nil, fmt.Errorf("%w: no GeoPackage: %w", ErrFormat, err)
	}
	defer rows.Close()
	var out []gpkgLayer
	for rows.Next() {
		var l gpkgLayer
		var kind, organisation string
		var number int64
		if err := rows.Scan(&l.table, &l.column, &kind, &organisation, &number); err != nil {
			return nil, fmt.Errorf("%w: table gpkg_geometry_columns: %w", ErrFormat, err)
		}
		l.polygons = slices.Contains([]string{"POLYGON", "MULTIPOLYGON", "GEOMETRY", "GEOMETRYCOLLECTION", "GEOMCOLLECTION", "SURFACE", "MULTISURFACE"}, kind)
		if number > 0 {
			l.system = organisation + ":" + strconv.FormatInt(number, 10)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

func chooseLayer(layers []gpkgLayer, want string) (gpkgLayer, error) {
	var names []string
	for _, l := range layers {
		if want == "" && l.polygons || want != "" && l.table == want {
			return l, nil
		}
		names = append(names, l.table)
	}
	if len(layers) == 0 {
		return gpkgLayer{}, fmt.Errorf("%w: no layers", ErrNoFeatures)
	}
	if want == "" {
		return gpkgLayer{}, fmt.Errorf("%w: no layer of polygons among %s", ErrNoFeatures, words.Some(names))
	}
	return gpkgLayer{}, fmt.Errorf("%w: no layer %q; there are %s", ErrNoFeatures, want, words.Some(names))
}

func (t *polygonTable) readGeoPackage(ctx context.Context, db *sql.DB, l gpkgLayer) error {
	named := l.system != ""
	t.crs = crsWGS84
	if named {
		known, ok := crsNamed(l.system)
		if !ok {
			return unknownCRS(l.system)
		}
		t.crs = known
		t.sayCRS()
	}
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+quoteIdentifier(l.table))
	if err != nil {
		return fmt.Errorf("%w: layer %q: %w", ErrFormat, l.table, err)
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
			return fmt.Errorf("%w: layer %q: %w", ErrFormat, l.table, err)
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
	if w.heights > 0 {
		t.note("%s: heights dropped from %d positions", t.file, w.heights)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%w: layer %q: %w", ErrFormat, l.table, err)
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
	t := &polygonTable{crs: crs{code: "none", toWGS84: func(px, py float64) (float64, float64) {
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
