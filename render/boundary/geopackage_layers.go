package boundary

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"modernc.org/sqlite"

	"stpmap/render/internal/words"
)

// gpkgLayer is a table of features in a GeoPackage.
type gpkgLayer struct {
	table, column string
	system        string   // "EPSG:27700"; empty if undefined
	polygons      bool     // it may hold polygons
	columns       []string // of the layers that may be read
	rank          int      // how telling the name of its column of codes is; the best is 0
}

// quoteIdentifier makes any name an SQL identifier.
func quoteIdentifier(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func (g *gpkgFile) layers(ctx context.Context) ([]gpkgLayer, error) {
	rows, err := g.conn.QueryContext(ctx, `
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
		l.polygons = slices.Contains([]string{
			"POLYGON", "MULTIPOLYGON", "GEOMETRY", "GEOMETRYCOLLECTION", "GEOMCOLLECTION", "SURFACE", "MULTISURFACE", "CURVEPOLYGON",
		}, kind)
		if number > 0 {
			l.system = organisation + ":" + strconv.FormatInt(number, 10)
		}
		if out = append(out, l); len(out) > maxLayers {
			return nil, fmt.Errorf("more than %d layers: %w", maxLayers, ErrTooLarge)
		}
	}
	return out, rows.Err()
}

const maxLayers = 10_000

// chooseLayer finds the layer that holds the areas: the one that is asked for,
// or the one of polygons that is not empty. Of several it takes the one whose
// column of codes has the most telling name; notes say what was left.
func (g *gpkgFile) chooseLayer(ctx context.Context, layers []gpkgLayer, o Options) (chosen gpkgLayer, notes []string, err error) {
	if o.Layer != "" {
		l, err := findLayer(layers, o.Layer)
		return l, nil, err
	}
	var filled []gpkgLayer
	var empty, others []string
	for _, l := range layers {
		if !l.polygons {
			others = append(others, l.table)
			continue
		}
		some, err := g.describe(ctx, &l, o)
		if err != nil {
			return l, nil, err
		}
		if some {
			filled = append(filled, l)
		} else {
			empty = append(empty, l.table)
		}
	}
	switch {
	case len(layers) == 0:
		return chosen, nil, fmt.Errorf("%w: no layers", ErrNoFeatures)
	case len(filled) == 0 && len(empty) > 0:
		return chosen, nil, fmt.Errorf("%w in %s", ErrNoFeatures, layerList(empty))
	case len(filled) == 0:
		return chosen, nil, fmt.Errorf("%w: no layer of polygons among %s", ErrNoFeatures, words.Some(others))
	}
	slices.SortStableFunc(filled, func(a, b gpkgLayer) int { return a.rank - b.rank })
	if len(filled) > 1 && filled[0].rank == filled[1].rank && !o.numbered {
		var names []string
		for _, l := range filled {
			names = append(names, l.table)
		}
		return chosen, nil, fmt.Errorf("%w: %s of polygons, %s; --layer names the one to read", ErrSeveralLayers, words.Counted(len(filled), "layer"), words.Some(names))
	}
	if len(empty) > 0 {
		notes = append(notes, "no features in "+layerList(empty))
	}
	if len(filled) > 1 {
		var names []string
		for _, l := range filled[1:] {
			names = append(names, l.table)
		}
		notes = append(notes, fmt.Sprintf("layer %s is read; there are polygons in %s too (--layer names the one to read)", filled[0].table, words.Some(names)))
	}
	return filled[0], notes, nil
}

func layerList(names []string) string {
	if len(names) == 1 {
		return "layer " + names[0]
	}
	return "layers " + words.Some(names)
}

func findLayer(layers []gpkgLayer, want string) (gpkgLayer, error) {
	var names []string
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, l := range layers {
			if same(l.table, want) {
				return l, nil
			}
		}
	}
	for _, l := range layers {
		names = append(names, l.table)
	}
	return gpkgLayer{}, fmt.Errorf("%w: no layer %q; there are %s", ErrNoFeatures, want, words.Some(names))
}

// layerFault is what SQLite says of a layer that it cannot read.
func layerFault(l gpkgLayer, err error) error {
	var e *sqlite.Error
	const denied = 23 // SQLITE_AUTH
	if errors.As(err, &e) && e.Code() == denied {
		return fmt.Errorf("%w: layer %q is a view that calls itself or changes something, which is not run: save it as a table", ErrFormat, l.table)
	}
	return fmt.Errorf("%w: layer %q: %w", ErrFormat, l.table, err)
}

// describe finds the columns of a layer, and says whether it has any row.
func (g *gpkgFile) describe(ctx context.Context, l *gpkgLayer, o Options) (some bool, err error) {
	rows, err := g.conn.QueryContext(ctx, "SELECT * FROM "+quoteIdentifier(l.table)+" LIMIT 0")
	if err != nil {
		return false, layerFault(*l, err)
	}
	l.columns, err = rows.Columns()
	if err = firstError(err, rows.Close()); err != nil {
		return false, err
	}
	if err := g.conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+quoteIdentifier(l.table)+")").Scan(&some); err != nil {
		return false, layerFault(*l, err)
	}
	t := polygonTable{keys: slices.DeleteFunc(slices.Clone(l.columns), func(c string) bool { return strings.EqualFold(c, l.column) })}
	if o.CodeProperty != "" {
		if t.keyNamed(o.CodeProperty) < 0 {
			l.rank = 1
		}
		return some, nil
	}
	l.rank = slices.IndexFunc(codeKeys, func(p *regexp.Regexp) bool { return t.key(p) >= 0 })
	if l.rank < 0 {
		l.rank = len(codeKeys)
	}
	return some, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// The most that the texts of a row, and those of a layer, may take in bytes.
const (
	maxLayerText    = 4 << 20
	maxLayerTexts   = 64 << 20
	maxLayerRows    = 2_000_000
	maxLayerColumns = 900 // what SQLite can add up
)

// measure refuses a layer that would take memory without bound. It asks for the
// lengths alone, which SQLite knows without reading what is long.
func (g *gpkgFile) measure(ctx context.Context, l gpkgLayer) error {
	texts := []string{"0"}
	for _, c := range l.columns {
		if !strings.EqualFold(c, l.column) {
			q := quoteIdentifier(c)
			texts = append(texts, "iif(typeof("+q+") = 'text', octet_length("+q+"), 0)")
		}
	}
	if len(texts) > maxLayerColumns {
		return fmt.Errorf("layer %q has %d columns: %w", l.table, len(l.columns), ErrTooLarge)
	}
	rows, err := g.conn.QueryContext(ctx, "SELECT "+strings.Join(texts, " + ")+" FROM "+quoteIdentifier(l.table))
	if err != nil {
		return layerFault(l, err)
	}
	defer rows.Close()
	var total int64
	for n := 1; rows.Next(); n++ {
		var row int64
		if err := rows.Scan(&row); err != nil {
			return layerFault(l, err)
		}
		switch total += row; {
		case row > maxLayerText:
			return fmt.Errorf("layer %q, row %d: texts of %d bytes: %w", l.table, n, row, ErrTooLarge)
		case total > maxLayerTexts:
			return fmt.Errorf("layer %q: more than %d bytes of text: %w", l.table, int64(maxLayerTexts), ErrTooLarge)
		case n > maxLayerRows:
			return fmt.Errorf("layer %q: more than %d features: %w", l.table, maxLayerRows, ErrTooLarge)
		}
	}
	if err := rows.Err(); err != nil {
		return layerFault(l, err)
	}
	return nil
}
