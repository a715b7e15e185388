package render

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"
	_ "modernc.org/sqlite" // the SQLite driver, with R*Tree, in Go alone

	"stpmap/render/internal/gogeom"
)

// gpkgApplicationID is "GPKG"; gpkgVersion is GeoPackage 1.3.0.
const (
	gpkgApplicationID = 0x47504B47
	gpkgVersion       = 10300
	// gpkgTime stands wherever the format demands a time: same input, same bytes.
	gpkgTime = "1980-01-01T00:00:00.000Z"
)

// ErrCRS is a coordinate reference system that the writers do not know.
var ErrCRS = errors.New("coordinate reference system is not 4326 or 27700")

// GeoPackageOptions say how WriteGeoPackage writes. The zero value is WGS84.
type GeoPackageOptions struct {
	// CRS is the EPSG number of the coordinates: 4326 or 27700; 0 means 4326.
	CRS int
	// Transform takes a point from WGS84 degrees to CRS. It is required for
	// 27700 and not called for 4326.
	Transform func(orb.Point) orb.Point
}

// WriteGeoPackage writes all layers into one GeoPackage 1.3 (OGC 12-128r17)
// with a spatial index, a default QGIS style, readable column names and the
// layers' About as metadata. The file is written aside, synced and renamed, so
// that path holds a whole file or what it held before. The same layers give the
// same bytes. The error wraps ErrLayerName, ErrLayerShape or ErrCRS, is the
// context's cause, or is the file system's or SQLite's.
func WriteGeoPackage(ctx context.Context, path string, layers []Layer, o GeoPackageOptions) (err error) {
	if o.CRS == 0 {
		o.CRS = 4326
	}
	if o.CRS == 4326 {
		o.Transform = nil
	} else if o.CRS != 27700 || o.Transform == nil {
		return fmt.Errorf("GeoPackage in EPSG:%d: %w", o.CRS, ErrCRS)
	}
	names := map[string]bool{"layer_styles": true}
	for i := range layers {
		l := &layers[i]
		if err := l.Check(); err != nil {
			return err
		}
		if names[l.Name] || strings.HasPrefix(l.Name, "gpkg_") || strings.HasPrefix(l.Name, "rtree_") || strings.HasPrefix(l.Name, "sqlite_") {
			return fmt.Errorf("layer %q: the table is taken: %w", l.Name, ErrLayerName)
		}
		names[l.Name] = true
		for _, f := range l.Fields {
			if f.Name == "fid" || f.Name == "geom" {
				return fmt.Errorf("layer %q: field %q: the column is taken: %w", l.Name, f.Name, ErrLayerName)
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

func fillGeoPackage(ctx context.Context, path string, layers []Layer, o GeoPackageOptions) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	abs = filepath.ToSlash(abs)
	if !strings.HasPrefix(abs, "/") {
		abs = "/" + abs // a drive letter
	}
	// As a URI, or a question mark in a folder's name would start the options.
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: abs}).String())
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	g := gpkg{ctx: ctx, db: db, options: o}
	g.write(layers)
	return errors.Join(g.err, db.Close())
}

// gpkg writes one file; the first error sticks.
type gpkg struct {
	ctx     context.Context
	db      *sql.DB
	tx      *sql.Tx
	options GeoPackageOptions
	err     error
}

func (g *gpkg) exec(query string, args ...any) {
	if g.err != nil {
		return
	}
	if g.tx != nil {
		_, g.err = g.tx.ExecContext(g.ctx, query, args...)
	} else {
		_, g.err = g.db.ExecContext(g.ctx, query, args...)
	}
}

func (g *gpkg) write(layers []Layer) {
	for _, p := range [...]string{
		"page_size = 4096", "encoding = 'UTF-8'", "auto_vacuum = 0",
		"journal_mode = MEMORY", "synchronous = OFF",
		fmt.Sprintf("application_id = %d", gpkgApplicationID), fmt.Sprintf("user_version = %d", gpkgVersion),
	} {
		g.exec("PRAGMA " + p)
	}
	if g.err != nil {
		return
	}
	if g.tx, g.err = g.db.BeginTx(g.ctx, nil); g.err != nil {
		return
	}
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
	if g.err != nil {
		_ = g.tx.Rollback()
		return
	}
	g.err = g.tx.Commit()
	g.tx = nil
}

func (g *gpkg) layer(l *Layer, number int) {
	spatial := l.Geometry != ""
	srs := any(nil)
	if spatial {
		srs = g.options.CRS
	}
	var cols strings.Builder
	cols.WriteString("fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL")
	marks := "?"
	if spatial {
		cols.WriteString(", geom " + strings.ToUpper(l.Geometry))
		marks += ",?"
	}
	for _, f := range l.Fields {
		// Field names are [a-z][a-z0-9_]*; quotes keep words of SQL apart.
		fmt.Fprintf(&cols, ", %q %s", f.Name, [...]string{"TEXT", "INTEGER", "REAL", "BOOLEAN"}[f.Type])
		marks += ",?"
	}
	g.exec(fmt.Sprintf("CREATE TABLE %q (%s)", l.Name, cols.String()))
	g.exec("INSERT INTO gpkg_contents VALUES (?,?,?,?,?,NULL,NULL,NULL,NULL,?)",
		l.Name, map[bool]string{true: "features", false: "attributes"}[spatial], l.Name, l.summary(), gpkgTime, srs)
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
		if names[name] { // the name must be unique in its table
			name += " (" + f.Name + ")"
		}
		names[name] = true
		g.exec("INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?,?,?,?)", l.Name, f.Name, name, name)
	}
	g.rows(l, marks, rtree)
	if spatial {
		for _, q := range rtreeTriggers(l.Name) {
			g.exec(q)
		}
	}
	var qml bytes.Buffer
	if g.err == nil && spatial {
		g.err = WriteQML(&qml, *l)
	}
	if spatial {
		g.exec(`INSERT INTO layer_styles (id, f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD,
			useAsDefault, description, owner, ui, update_time) VALUES (?,'','',?,'geom',?,?,NULL,1,?,'',NULL,?)`,
			number, l.Name, l.Name, qml.String(), l.Title, gpkgTime)
	}
}

func (g *gpkg) rows(l *Layer, marks, rtree string) {
	if g.err != nil {
		return
	}
	spatial := l.Geometry != ""
	insert, err := g.tx.PrepareContext(g.ctx, fmt.Sprintf("INSERT INTO %q VALUES (%s)", l.Name, marks))
	if err != nil {
		g.err = err
		return
	}
	defer insert.Close()
	var index *sql.Stmt
	if spatial {
		if index, g.err = g.tx.PrepareContext(g.ctx, fmt.Sprintf("INSERT INTO %q VALUES (?,?,?,?,?)", rtree)); g.err != nil {
			return
		}
		defer index.Close()
	}
	var all *geom.Bounds
	args := make([]any, 0, len(l.Fields)+2)
	for i := range l.Features {
		if i&0xfff == 0 && g.ctx.Err() != nil {
			g.err = context.Cause(g.ctx)
			return
		}
		f := &l.Features[i]
		args = append(args[:0], i+1)
		if spatial {
			blob, b, err := g.geometry(f.Geometry, strings.HasPrefix(l.Geometry, "Multi"))
			if err != nil {
				g.err = fmt.Errorf("layer %q: feature %d: %w", l.Name, i+1, err)
				return
			}
			if blob == nil {
				args = append(args, nil)
			} else {
				args = append(args, blob)
			}
			if b != nil {
				if _, g.err = index.ExecContext(g.ctx, i+1, b.Min(0), b.Max(0), b.Min(1), b.Max(1)); g.err != nil {
					return
				}
				if all == nil {
					all = geom.NewBounds(geom.XY)
				}
				all.SetCoords(
					geom.Coord{min(all.Min(0), b.Min(0)), min(all.Min(1), b.Min(1))},
					geom.Coord{max(all.Max(0), b.Max(0)), max(all.Max(1), b.Max(1))})
			}
		}
		for _, v := range f.Values {
			v = known(v)
			switch x := v.(type) {
			case bool:
				v = map[bool]int64{true: 1}[x]
			case string:
				v = strings.ToValidUTF8(x, "\ufffd")
			}
			args = append(args, v)
		}
		if _, g.err = insert.ExecContext(g.ctx, args...); g.err != nil {
			return
		}
	}
	if all != nil {
		g.exec("UPDATE gpkg_contents SET min_x=?, min_y=?, max_x=?, max_y=? WHERE table_name=?",
			all.Min(0), all.Min(1), all.Max(0), all.Max(1), l.Name)
	}
}

// geometry is a GeoPackage blob (OGC 12-128r17, 2.1.3): header, envelope of
// what is no point, WKB. No geometry gives nil; an empty one no bounds.
func (g *gpkg) geometry(from orb.Geometry, multi bool) ([]byte, *geom.Bounds, error) {
	if from == nil {
		return nil, nil, nil
	}
	t, err := gogeom.Convert(from, multi, g.options.Transform)
	if err != nil {
		return nil, nil, err
	}
	var w bytes.Buffer
	empty := len(t.FlatCoords()) == 0
	b := t.Bounds()
	for _, x := range t.FlatCoords() {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, nil, fmt.Errorf("a coordinate is %v: %w", x, ErrLayerShape)
		}
	}
	_, point := from.(orb.Point)
	flags := byte(1) // little endian
	switch {
	case empty:
		flags |= 1 << 4
	case !point:
		flags |= 1 << 1
	}
	w.Write([]byte{'G', 'P', 0, flags})
	_ = binary.Write(&w, binary.LittleEndian, int32(g.options.CRS))
	if !empty && !point {
		_ = binary.Write(&w, binary.LittleEndian, [4]float64{b.Min(0), b.Max(0), b.Min(1), b.Max(1)})
	}
	if err := wkb.Write(&w, binary.LittleEndian, t); err != nil {
		return nil, nil, err
	}
	if empty {
		b = nil
	}
	return w.Bytes(), b, nil
}

// summary is a layer's description in lists.
func (l *Layer) summary() string {
	if l.About.Notice == "" {
		return l.Title
	}
	return l.Title + ". " + l.About.Notice
}

// metadata stores where the layers come from, once for each different About.
func (g *gpkg) metadata(layers []Layer) {
	ids := map[string]int{}
	for i := range layers {
		l := &layers[i]
		text, err := json.Marshal(l.About.public())
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

// publicAbout is an About under the names that readers of our files see.
type publicAbout struct {
	Title      string   `json:"title,omitempty"`
	Notice     string   `json:"notice,omitempty"`
	Sources    []string `json:"sources,omitempty"`
	Version    string   `json:"stpmap_version,omitempty"`
	Parameters string   `json:"parameters,omitempty"`
	Seed       uint64   `json:"seed"`
	FlowSHA256 string   `json:"flow_sha256,omitempty"`
}

func (a About) public() publicAbout {
	return publicAbout{a.Title, a.Notice, a.Sources, a.Version, a.Parameters, a.Seed, a.FlowSHA256}
}
