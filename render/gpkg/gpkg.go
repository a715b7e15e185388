package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"
	_ "modernc.org/sqlite"

	"stpmap/render/internal/sqlitefile"
	"stpmap/render/layer"
	"stpmap/render/qgis"
)

// gpkgApplicationID is "GPKG"; gpkgVersion is GeoPackage 1.3.0.
const (
	gpkgApplicationID = 0x47504B47
	gpkgVersion       = 10300
	// gpkgTime stands wherever the format demands a time: same input, same bytes.
	gpkgTime = "1980-01-01T00:00:00.000Z"
)

// Options say how Write writes. The zero value is WGS84.
type Options struct {
	// CRS is the EPSG number of the coordinates: 4326 or 27700; 0 means 4326.
	CRS int
	// Transform takes a point from WGS84 degrees to CRS. It is required for
	// 27700 and not called for 4326.
	Transform func(orb.Point) orb.Point
}

// Write writes all layers into one GeoPackage 1.3 (OGC 12-128r17)
// with a spatial index, a default QGIS style, readable column names and the
// layers' About as metadata. The file is written aside, synced and renamed, so
// that path holds a whole file or what it held before. The same layers give the
// same bytes. The error wraps ErrLayerName, ErrLayerShape or ErrCRS, is the
// context's cause, or is the file system's or SQLite's.
func Write(ctx context.Context, path string, layers []layer.Layer, o Options) (err error) {
	if o.CRS == 0 {
		o.CRS = 4326
	}
	if o.CRS == 4326 {
		o.Transform = nil
	} else if o.CRS != 27700 || o.Transform == nil {
		return fmt.Errorf("GeoPackage in EPSG:%d: %w", o.CRS, layer.ErrCRS)
	}
	names := map[string]bool{"layer_styles": true}
	for i := range layers {
		l := &layers[i]
		if err := l.Check(); err != nil {
			return err
		}
		if names[l.Name] || strings.HasPrefix(l.Name, "gpkg_") || strings.HasPrefix(l.Name, "rtree_") || strings.HasPrefix(l.Name, "sqlite_") {
			return fmt.Errorf("layer %q: the table is taken: %w", l.Name, layer.ErrLayerName)
		}
		names[l.Name] = true
		for _, f := range l.Fields {
			if f.Name == "fid" || f.Name == "geom" {
				return fmt.Errorf("layer %q: field %q: the column is taken: %w", l.Name, f.Name, layer.ErrLayerName)
			}
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	aside := tmp.Name()
	defer func() {
		if err != nil {
			_ = os.Remove(aside)
		}
	}()
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := fillGeoPackage(ctx, aside, layers, o); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.OpenFile(aside, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Chmod(aside, 0o644); err != nil {
		return err
	}
	return os.Rename(aside, path)
}

func fillGeoPackage(ctx context.Context, path string, layers []layer.Layer, o Options) error {
	uri, err := sqlitefile.URI(path, "")
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", uri)
	if err != nil {
		return err
	}
	defer db.Close()
	g := gpkg{ctx: ctx, unwatched: context.WithoutCancel(ctx), options: o}
	if g.conn, err = db.Conn(ctx); err != nil {
		return err
	}
	g.write(layers)
	return errors.Join(g.err, g.conn.Close(), db.Close())
}

// gpkg writes one file; the first error sticks.
type gpkg struct {
	ctx context.Context
	// unwatched is ctx for the statements: for one that can be cancelled the
	// driver starts a goroutine, which costs as much as the statement. ctx is
	// asked between them.
	unwatched context.Context
	conn      *sql.Conn
	options   Options
	err       error
}

func (g *gpkg) exec(query string, args ...any) {
	if g.err == nil && g.ctx.Err() != nil {
		g.err = context.Cause(g.ctx)
	}
	if g.err == nil {
		_, g.err = g.conn.ExecContext(g.unwatched, query, args...)
	}
}

// pageSize is SQLite's own for what is small, and for a country's outlines one
// that a dozen of them fit in: at 4 KiB nearly every row spills into pages of
// its own, and the file is half as large again and as dear to write.
func pageSize(layers []layer.Layer) int {
	points := 0
	for i := range layers {
		for k := range layers[i].Features {
			if points += countPoints(layers[i].Features[k].Geometry); points > 1<<20 {
				return 1 << 15
			}
		}
	}
	return 1 << 12
}

func countPoints(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.LineString:
		n = len(g)
	case orb.MultiLineString:
		for _, l := range g {
			n += len(l)
		}
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += countPoints(p)
		}
	case orb.MultiPoint:
		n = len(g)
	case orb.Point:
		n = 1
	}
	return n
}

func (g *gpkg) write(layers []layer.Layer) {
	for _, p := range [...]string{
		fmt.Sprintf("page_size = %d", pageSize(layers)), "encoding = 'UTF-8'", "auto_vacuum = 0",
		// The file is new and aside: what goes wrong is removed, not rolled back.
		"journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
		fmt.Sprintf("application_id = %d", gpkgApplicationID), fmt.Sprintf("user_version = %d", gpkgVersion),
	} {
		g.exec("PRAGMA " + p)
	}
	g.exec("BEGIN")
	for _, q := range gpkgSchema {
		g.exec(q)
	}
	for _, s := range gpkgReferenceSystems {
		if s.id == 27700 && g.options.CRS != 27700 {
			continue
		}
		g.exec("INSERT INTO gpkg_spatial_ref_sys VALUES (?,?,?,?,?,?)", s.name, s.id, s.organisation, s.id, s.definition, s.description)
	}
	for _, e := range [...][4]any{
		{"gpkg_data_columns", nil, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"},
		{"gpkg_data_column_constraints", nil, "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"},
		{"gpkg_metadata", nil, "gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"},
		{"gpkg_metadata_reference", nil, "gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"},
	} {
		g.exec("INSERT INTO gpkg_extensions VALUES (?,?,?,?,'read-write')", e[0], e[1], e[2], e[3])
	}
	for i := range layers {
		g.layer(&layers[i], i+1)
	}
	g.exec(`INSERT INTO gpkg_contents VALUES ('layer_styles','attributes','layer_styles','Default styles for QGIS',?,NULL,NULL,NULL,NULL,0)`, gpkgTime)
	g.metadata(layers)
	g.exec("COMMIT")
}

func (g *gpkg) layer(l *layer.Layer, number int) {
	spatial := l.Geometry != ""
	srs := any(nil)
	if spatial {
		srs = g.options.CRS
	}
	var cols strings.Builder
	cols.WriteString("fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL")
	if spatial {
		cols.WriteString(", geom " + strings.ToUpper(l.Geometry))
	}
	for _, f := range l.Fields {
		// Field names are [a-z][a-z0-9_]*; quotes keep words of SQL apart.
		fmt.Fprintf(&cols, ", %q %s", f.Name, [...]string{"TEXT", "INTEGER", "REAL", "BOOLEAN"}[f.Type])
	}
	g.exec(fmt.Sprintf("CREATE TABLE %q (%s)", l.Name, cols.String()))
	g.exec("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,NULL,NULL,NULL,NULL,?)",
		l.Name, map[bool]string{true: "features", false: "attributes"}[spatial], l.Name, summary(l), gpkgTime, srs)
	rtree := "rtree_" + l.Name + "_geom"
	if spatial {
		g.exec("INSERT INTO gpkg_geometry_columns VALUES (?,'geom',?,?,0,0)", l.Name, strings.ToUpper(l.Geometry), g.options.CRS)
		g.exec("INSERT INTO gpkg_extensions VALUES (?,'geom','gpkg_rtree_index','http://www.geopackage.org/spec121/#extension_rtree','write-only')", l.Name)
		g.exec(fmt.Sprintf("CREATE VIRTUAL TABLE %q USING rtree(id, minx, maxx, miny, maxy)", rtree))
	}
	names := map[string]bool{}
	for _, f := range l.Fields {
		name := f.Alias
		if name == "" {
			name = f.Name
		}
		for names[name] { // the name must be unique in its table
			name += " (" + f.Name + ")"
		}
		names[name] = true
		g.exec("INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?,?,?,?)", l.Name, f.Name, name, name)
	}
	boxes, all := g.rows(l)
	if spatial {
		g.index(rtree, boxes)
		if len(boxes) > 0 {
			g.exec("UPDATE gpkg_contents SET min_x=?, min_y=?, max_x=?, max_y=? WHERE table_name=?",
				all.Min[0], all.Min[1], all.Max[0], all.Max[1], l.Name)
		}
		for _, q := range rtreeTriggers(l.Name) {
			g.exec(q)
		}
	}
	var qml bytes.Buffer
	if g.err == nil && spatial {
		g.err = qgis.WriteQML(&qml, *l)
	}
	if spatial {
		g.exec(`INSERT INTO layer_styles (id, f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,
			useAsDefault, description, owner, ui, update_time) VALUES (?,'','',?,'geom',?,?,NULL,1,?,'',NULL,?)`,
			number, l.Name, l.Name, qml.String(), l.Title, gpkgTime)
	}
}

// summary is a layer's description in lists.
func summary(l *layer.Layer) string {
	if l.About.Notice == "" {
		return l.Title
	}
	return l.Title + ". " + l.About.Notice
}

// metadata stores where the layers come from, once for each different About.
func (g *gpkg) metadata(layers []layer.Layer) {
	ids := map[string]int{}
	for i := range layers {
		l := &layers[i]
		text, err := json.Marshal(l.About.Public())
		if err != nil {
			g.err = errors.Join(g.err, err)
			return
		}
		id, ok := ids[string(text)]
		if !ok {
			id = len(ids) + 1
			ids[string(text)] = id
			g.exec("INSERT INTO gpkg_metadata VALUES (?,'dataset','urn:stpmap:about','application/json',?)", id, string(text))
		}
		g.exec("INSERT INTO gpkg_metadata_reference VALUES ('table',?,NULL,NULL,?,?,NULL)", l.Name, gpkgTime, id)
	}
}
