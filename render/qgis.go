package render

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// ErrSource is a data source of a project that is not a relative path below
// the project's folder.
var ErrSource = errors.New("source is not a relative path")

// Project is a QGIS project over files that lie beside it.
type Project struct {
	Title    string
	Subtitle string // under the title on paper
	Groups   []ProjectGroup
	// CRS is the map's EPSG number, 4326 or 27700; 0 means 4326.
	CRS int
	// Transform takes a point from WGS84 degrees to CRS; required for 27700.
	Transform func(orb.Point) orb.Point
	Page      Page // of the print layout
	About     About
}

// ProjectGroup is a folder of the layer tree, topmost first.
type ProjectGroup struct {
	Title     string // empty: the layers stand at the top level
	Layers    []ProjectLayer
	Hidden    bool // unticked when the project opens
	Collapsed bool
}

// ProjectLayer is a layer and where its rows are.
type ProjectLayer struct {
	Layer Layer
	Table string // of a GeoPackage; empty is the layer's name
	// Source is the file, relative to the project, with forward slashes:
	// "footprints.gpkg", in which the layer is the table of its name, or
	// "areas.geojson".
	Source string
	CRS    int // of the file's coordinates: 4326 or 27700; 0 means 4326
}

// Arrange puts the layers of a case into groups as a reader wants to find
// them: points and lines on top, then scores over footprints, of which only the
// upper is ticked and borders lie on top, then areas, unticked where there are
// footprints. Borders that do not match lie over everything, unticked beside
// other polygons. All come from one source, in CRS crs.
func Arrange(layers []Layer, source string, crs int) []ProjectGroup {
	groups := []ProjectGroup{{Title: "Providers and flows"}, {Title: "Footprints"}, {Title: "Areas", Collapsed: true}, {Title: "Indicators", Collapsed: true}}
	var checks ProjectGroup
	shown := false
	for _, l := range layers {
		p := ProjectLayer{Layer: l, Source: source, CRS: crs}
		at := 1
		switch {
		case l.Name == "borders":
			groups[1].Layers = slices.Insert(groups[1].Layers, 0, p)
			continue
		case l.Name == "indicators" && strings.EqualFold(path.Ext(source), ".gpkg") && shown:
			groups[3].Layers = append(groups[3].Layers, views(l, source, crs)...)
			continue
		case l.Name == "mismatches":
			p.Layer.Style.Hidden = l.Style.Hidden || shown
			checks.Title, checks.Layers = "Checks", append(checks.Layers, p)
			continue
		case l.Name == "areas":
			at = 2
			p.Layer.Style.Hidden = l.Style.Hidden || shown
		case geometryKind(l.Geometry) != areaKind:
			at = 0
		default:
			p.Layer.Style.Hidden = l.Style.Hidden || shown
			shown = shown || !l.Style.Hidden
		}
		groups[at].Layers = append(groups[at].Layers, p)
	}
	// Single indicators lie over the footprints that they colour.
	groups = []ProjectGroup{checks, groups[0], groups[3], groups[1], groups[2]}
	return slices.DeleteFunc(groups, func(g ProjectGroup) bool { return len(g.Layers) == 0 })
}

// views are the views of a layer, all over one table.
func views(l Layer, source string, crs int) []ProjectLayer {
	out := make([]ProjectLayer, len(l.Views))
	for i, v := range l.Views {
		view := l
		view.Name, view.Title, view.Style, view.Views = v.Name, v.Title, v.Style, nil
		out[i] = ProjectLayer{Layer: view, Table: l.Name, Source: source, CRS: crs}
	}
	return out
}

// WriteProject writes a .qgz: a zip with one project file that opens on the
// map, styled and labelled, with a print layout named "Map" that has title,
// legend, scale bar, sources and notice. Paths are relative, so that the
// folder can be moved. The same project gives the same bytes. The error wraps
// ErrLayerName, ErrLayerShape, ErrCRS or ErrSource.
func WriteProject(w io.Writer, p Project) error {
	if p.CRS == 0 {
		p.CRS = 4326
	}
	if p.CRS == 4326 {
		p.Transform = func(q orb.Point) orb.Point { return q }
	} else if p.CRS != 27700 || p.Transform == nil {
		return fmt.Errorf("project in EPSG:%d: %w", p.CRS, ErrCRS)
	}
	seen := map[string]bool{}
	for gi := range p.Groups {
		for li := range p.Groups[gi].Layers {
			pl := &p.Groups[gi].Layers[li]
			if err := pl.Layer.Check(); err != nil {
				return err
			}
			if pl.CRS != 0 && pl.CRS != 4326 && pl.CRS != 27700 {
				return fmt.Errorf("layer %q in EPSG:%d: %w", pl.Layer.Name, pl.CRS, ErrCRS)
			}
			if s := pl.Source; s == "" || !filepath.IsLocal(filepath.FromSlash(s)) || path.Clean(s) != s || strings.ContainsAny(s, "|\\\x00") {
				return fmt.Errorf("layer %q: source %q: %w", pl.Layer.Name, s, ErrSource)
			}
			if id := pl.id(); seen[id] {
				return fmt.Errorf("layer %q of %q twice: %w", pl.Layer.Name, pl.Source, ErrLayerName)
			} else {
				seen[id] = true
			}
		}
	}
	var doc bytes.Buffer
	if err := p.write(&doc); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	f, err := z.CreateHeader(&zip.FileHeader{
		Name: "project.qgs", Method: zip.Deflate,
		Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return err
	}
	if _, err := f.Write(doc.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

// id is the layer's identifier in the project: QGIS ignores one of ten
// characters or fewer.
func (p *ProjectLayer) id() string {
	return p.Layer.Name + "_" + strings.Trim(uuid(p.Source, p.Layer.Name), "{}")
}

func (p *ProjectLayer) title() string {
	if p.Layer.Title != "" {
		return p.Layer.Title
	}
	return p.Layer.Name
}

func (p *ProjectLayer) datasource() string {
	if strings.EqualFold(path.Ext(p.Source), ".gpkg") {
		table := p.Table
		if table == "" {
			table = p.Layer.Name
		}
		return "./" + p.Source + "|layername=" + table
	}
	return "./" + p.Source
}

// each visits the layers from the top of the map to its bottom.
func (p *Project) each(visit func(*ProjectLayer, *ProjectGroup)) {
	for gi := range p.Groups {
		for li := range p.Groups[gi].Layers {
			visit(&p.Groups[gi].Layers[li], &p.Groups[gi])
		}
	}
}

// extent is the part of the world that the map opens on.
func (p *Project) extent(width, height float64) orb.Bound {
	var shown, all []*Layer
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		all = append(all, &l.Layer)
		if !g.Hidden && !l.Layer.Style.Hidden {
			shown = append(shown, &l.Layer)
		}
	})
	b, ok := projectedBound(p.Transform, shown...)
	if !ok {
		b, ok = projectedBound(p.Transform, all...)
	}
	if !ok {
		b = orb.Bound{Min: p.Transform(orb.Point{-6, 50}), Max: p.Transform(orb.Point{2, 56})}
	}
	return fitted(b, width, height)
}

func (p *Project) write(w io.Writer) error {
	s, err := newSheet(p.Page, p.Subtitle != "", p.About.foot())
	if err != nil {
		return err
	}
	m := newMarkup(w)
	m.raw("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")
	m.start("qgis", "version", "3.22.0", "projectname", p.Title)
	m.empty("homePath", "path", "")
	m.text("title", p.Title)
	m.start("projectCrs")
	writeCRS(m, p.CRS)
	m.end()

	m.start("layer-tree-group")
	m.empty("customproperties")
	for gi := range p.Groups {
		g := &p.Groups[gi]
		if g.Title != "" {
			m.start("layer-tree-group", "name", g.Title, "checked", checked(!g.Hidden), "expanded", flag(!g.Collapsed))
			m.empty("customproperties")
		}
		for li := range g.Layers {
			l := &g.Layers[li]
			m.start("layer-tree-layer", "id", l.id(), "name", l.title(), "source", l.datasource(), "providerKey", "ogr",
				"checked", checked(!l.Layer.Style.Hidden && (g.Title != "" || !g.Hidden)), "expanded", flag(len(l.Layer.entries()) <= maxLegend),
				"legend_exp", "", "legend_split_behavior", "0", "patch_size", "-1,-1")
			m.empty("customproperties")
			m.end()
		}
		if g.Title != "" {
			m.end()
		}
	}
	m.end()

	e := p.extent(s.frame.w, s.frame.h)
	m.start("mapcanvas", "name", "theMapCanvas", "annotationsVisible", "1")
	m.text("units", map[int]string{4326: "degrees", 27700: "meters"}[p.CRS])
	writeExtent(m, e)
	m.text("rotation", "0")
	m.start("destinationsrs")
	writeCRS(m, p.CRS)
	m.end()
	m.end()

	m.start("projectlayers")
	p.each(func(l *ProjectLayer, _ *ProjectGroup) { l.write(m) })
	m.end()
	m.start("layerorder")
	p.each(func(l *ProjectLayer, _ *ProjectGroup) { m.empty("layer", "id", l.id()) })
	m.end()

	m.start("properties")
	m.start("SpatialRefSys")
	m.text("ProjectionsEnabled", "1", "type", "int")
	m.end()
	m.start("Paths")
	m.text("Absolute", "false", "type", "bool")
	m.end()
	m.start("Measurement")
	m.text("DistanceUnits", "km", "type", "QString")
	m.text("AreaUnits", "km2", "type", "QString")
	m.end()
	m.start("Measure")
	m.text("Ellipsoid", map[int]string{4326: "EPSG:7030", 27700: "EPSG:7001"}[p.CRS], "type", "QString")
	m.end()
	m.end()

	m.start("projectMetadata")
	m.text("identifier", "")
	m.text("type", "dataset")
	m.text("title", p.Title)
	m.text("abstract", strings.TrimSpace(p.About.Notice+"\n"+p.About.credits()+"\n"+p.About.Parameters))
	m.text("author", "stpmap "+p.About.Version)
	m.text("creation", "1980-01-01T00:00:00")
	m.end()
	m.start("Layouts")
	p.layout(m, s, e)
	m.end()
	m.end()
	return m.close()
}

func checked(b bool) string {
	if b {
		return "Qt::Checked"
	}
	return "Qt::Unchecked"
}

func writeExtent(m *markup, b orb.Bound) {
	m.start("extent")
	m.text("xmin", decimal(b.Min[0]))
	m.text("ymin", decimal(b.Min[1]))
	m.text("xmax", decimal(b.Max[0]))
	m.text("ymax", decimal(b.Max[1]))
	m.end()
}

// writeCRS names a reference system so that QGIS takes it: an authid without a
// srsid is invalid.
func writeCRS(m *markup, epsg int) {
	m.start("spatialrefsys")
	if epsg == 27700 {
		m.text("proj4", "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m +no_defs")
		m.text("srsid", "2437")
		m.text("srid", "27700")
		m.text("authid", "EPSG:27700")
		m.text("description", "OSGB36 / British National Grid")
		m.text("projectionacronym", "tmerc")
		m.text("ellipsoidacronym", "EPSG:7001")
		m.text("geographicflag", "false")
	} else {
		m.text("proj4", "+proj=longlat +datum=WGS84 +no_defs")
		m.text("srsid", "3452")
		m.text("srid", "4326")
		m.text("authid", "EPSG:4326")
		m.text("description", "WGS 84")
		m.text("projectionacronym", "longlat")
		m.text("ellipsoidacronym", "EPSG:7030")
		m.text("geographicflag", "true")
	}
	m.end()
}

func (p *ProjectLayer) write(m *markup) {
	l := &p.Layer
	crs := p.CRS
	if crs == 0 {
		crs = 4326
	}
	m.start("maplayer", "type", "vector",
		"geometry", map[kind]string{pointKind: "Point", lineKind: "Line", areaKind: "Polygon", noKind: "No geometry"}[geometryKind(l.Geometry)],
		"wkbType", l.Geometry, "styleCategories", "AllStyleCategories", "labelsEnabled", flag(l.labelled()),
		"hasScaleBasedVisibilityFlag", "0", "minScale", "100000000", "maxScale", "0", "readOnly", "0", "autoRefreshEnabled", "0",
		"simplifyDrawingHints", "1", "simplifyDrawingTol", "1", "simplifyLocal", "1", "simplifyMaxScale", "1", "simplifyAlgorithm", "0")
	m.text("id", p.id())
	m.text("datasource", p.datasource())
	m.text("title", p.title())
	m.text("abstract", strings.TrimSpace(l.About.Notice+" "+l.About.credits()))
	m.text("layername", p.title())
	m.start("srs")
	writeCRS(m, crs)
	m.end()
	m.text("provider", "ogr", "encoding", "UTF-8")
	m.start("flags")
	m.text("Identifiable", "1")
	m.text("Removable", "1")
	m.text("Searchable", "1")
	m.text("Private", "0")
	m.end()
	writeStyle(m, l)
	m.text("layerGeometryType", geometryNumber(l.Geometry))
	m.end()
}
