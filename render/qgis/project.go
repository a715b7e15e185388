package qgis

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"stpmap/flow/plaintext"
	"stpmap/render/internal/markup"
	"stpmap/render/layer"
	"stpmap/render/page"
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
	Page      page.Paper // of the print layout
	About     layer.About
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
	Layer layer.Layer
	Table string // of a GeoPackage; empty is the layer's name
	// Source is the file, relative to the project, with forward slashes:
	// "footprints.gpkg", in which the layer is the table of its name, or
	// "areas.geojson".
	Source string
	CRS    int // of the file's coordinates: 4326 or 27700; 0 means 4326
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
		return fmt.Errorf("project in EPSG:%d: %w", p.CRS, layer.ErrCRS)
	}
	seen := map[string]bool{}
	for gi := range p.Groups {
		for li := range p.Groups[gi].Layers {
			pl := &p.Groups[gi].Layers[li]
			if err := pl.Layer.Check(); err != nil {
				return err
			}
			if pl.CRS != 0 && pl.CRS != 4326 && pl.CRS != 27700 {
				return fmt.Errorf("layer %q in EPSG:%d: %w", pl.Layer.Name, pl.CRS, layer.ErrCRS)
			}
			if s := pl.Source; s == "" || !filepath.IsLocal(filepath.FromSlash(s)) || path.Clean(s) != s || strings.ContainsAny(s, "|\\\x00") {
				return fmt.Errorf("layer %q: source %q: %w", pl.Layer.Name, s, ErrSource)
			}
			if id := pl.ID(); seen[id] {
				return fmt.Errorf("layer %q of %q twice: %w", pl.Layer.Name, pl.Source, layer.ErrLayerName)
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

// ID is the layer's identifier in the project: QGIS ignores one of ten
// characters or fewer.
func (p *ProjectLayer) ID() string {
	return p.Layer.Name + "_" + strings.Trim(uuid(p.Source, p.Layer.Name), "{}")
}

// Title is what the layer is called in the layer tree.
func (p *ProjectLayer) Title() string {
	if p.Layer.Title != "" {
		return p.Layer.Title
	}
	return p.Layer.Name
}

// Datasource is where the layer's rows are, as QGIS has it.
func (p *ProjectLayer) Datasource() string {
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
	var shown, all []*layer.Layer
	p.each(func(l *ProjectLayer, g *ProjectGroup) {
		all = append(all, &l.Layer)
		if !g.Hidden && !l.Layer.Style.Hidden {
			shown = append(shown, &l.Layer)
		}
	})
	b, ok := layer.ProjectedBound(p.Transform, shown...)
	if !ok {
		b, ok = layer.ProjectedBound(p.Transform, all...)
	}
	if !ok {
		b = orb.Bound{Min: p.Transform(orb.Point{-6, 50}), Max: p.Transform(orb.Point{2, 56})}
	}
	return page.Fit(b, width, height)
}

// unmarked keeps texts out of the markup of the SVG that QGIS exports: it puts the
// project's title and abstract there as they are, and & or < end the export. The
// title on the page is a label, and stays as it is.
var unmarked = strings.NewReplacer("&", "＆", "<", "‹")

func (p *Project) write(w io.Writer) error {
	s, err := page.NewSheet(p.Page, p.Subtitle != "", p.About.Foot())
	if err != nil {
		return err
	}
	m := markup.New(w)
	m.Raw("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>")
	m.Start("qgis", "version", "3.22.0", "projectname", plaintext.QGIS(p.Title))
	m.Empty("homePath", "path", "")
	m.Text("title", plaintext.QGIS(p.Title))
	m.Start("projectCrs")
	writeCRS(m, p.CRS)
	m.End()
	p.transforms(m)

	p.tree(m)

	e := p.extent(s.Frame.W, s.Frame.H)
	m.Start("mapcanvas", "name", "theMapCanvas", "annotationsVisible", "1")
	m.Text("units", map[int]string{4326: "degrees", 27700: "meters"}[p.CRS])
	writeExtent(m, e)
	m.Text("rotation", "0")
	m.Start("destinationsrs")
	writeCRS(m, p.CRS)
	m.End()
	m.End()

	m.Start("projectlayers")
	p.each(func(l *ProjectLayer, _ *ProjectGroup) { l.write(m) })
	m.End()
	m.Start("layerorder")
	p.each(func(l *ProjectLayer, _ *ProjectGroup) { m.Empty("layer", "id", l.ID()) })
	m.End()

	p.properties(m)
	p.themes(m)
	p.bookmarks(m, e)
	m.Start("Layouts")
	if err := p.layout(m, s); err != nil {
		return err
	}
	if err := p.atlas(m, e); err != nil {
		return err
	}
	m.End()
	m.End()
	return m.Close()
}

// tree writes the groups and layers that QGIS lists.
func (p *Project) tree(m *markup.Writer) {
	m.Start("layer-tree-group")
	m.Empty("customproperties")
	for gi := range p.Groups {
		g := &p.Groups[gi]
		if g.Title != "" {
			m.Start("layer-tree-group", "name", plaintext.QGIS(g.Title), "checked", checked(!g.Hidden), "expanded", flag(!g.Collapsed))
			m.Empty("customproperties")
		}
		for li := range g.Layers {
			l := &g.Layers[li]
			m.Start("layer-tree-layer", "id", l.ID(), "name", plaintext.QGIS(l.Title()), "source", l.Datasource(), "providerKey", "ogr",
				"checked", checked(!l.Layer.Style.Hidden && (g.Title != "" || !g.Hidden)), "expanded", flag(len(l.Layer.Entries()) <= layer.MaxLegend),
				"legend_exp", "", "legend_split_behavior", "0", "patch_size", "-1,-1")
			m.Empty("customproperties")
			m.End()
		}
		if g.Title != "" {
			m.End()
		}
	}
	m.End()
}

// properties writes how QGIS measures, and what it says of the project.
func (p *Project) properties(m *markup.Writer) {
	m.Start("properties")
	m.Start("SpatialRefSys")
	m.Text("ProjectionsEnabled", "1", "type", "int")
	m.End()
	m.Start("Paths")
	m.Text("Absolute", "false", "type", "bool")
	m.End()
	m.Start("Measurement")
	m.Text("DistanceUnits", "km", "type", "QString")
	m.Text("AreaUnits", "km2", "type", "QString")
	m.End()
	m.Start("Measure")
	m.Text("Ellipsoid", map[int]string{4326: "EPSG:7030", 27700: "EPSG:7001"}[p.CRS], "type", "QString")
	m.End()
	m.End()

	m.Start("projectMetadata")
	m.Text("identifier", "")
	m.Text("type", "dataset")
	m.Text("title", unmarked.Replace(plaintext.QGIS(p.Title)))
	m.Text("abstract", unmarked.Replace(plaintext.QGIS(strings.TrimSpace(p.About.Notice+"\n"+p.About.Credits()+"\n"+p.About.Parameters))))
	m.Text("author", "stpmap "+p.About.Version)
	m.Text("creation", "1980-01-01T00:00:00")
	m.End()
}

func checked(b bool) string {
	if b {
		return "Qt::Checked"
	}
	return "Qt::Unchecked"
}

func writeExtent(m *markup.Writer, b orb.Bound) {
	m.Start("extent")
	m.Text("xmin", markup.Decimal(b.Min[0]))
	m.Text("ymin", markup.Decimal(b.Min[1]))
	m.Text("xmax", markup.Decimal(b.Max[0]))
	m.Text("ymax", markup.Decimal(b.Max[1]))
	m.End()
}

// writeCRS names a reference system so that QGIS takes it: an authid without a
// srsid is invalid.
func writeCRS(m *markup.Writer, epsg int) {
	m.Start("spatialrefsys")
	if epsg == 27700 {
		m.Text("proj4", "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m +no_defs")
		m.Text("srsid", "2437")
		m.Text("srid", "27700")
		m.Text("authid", "EPSG:27700")
		m.Text("description", "OSGB36 / British National Grid")
		m.Text("projectionacronym", "tmerc")
		m.Text("ellipsoidacronym", "EPSG:7001")
		m.Text("geographicflag", "false")
	} else {
		m.Text("proj4", "+proj=longlat +datum=WGS84 +no_defs")
		m.Text("srsid", "3452")
		m.Text("srid", "4326")
		m.Text("authid", "EPSG:4326")
		m.Text("description", "WGS 84")
		m.Text("projectionacronym", "longlat")
		m.Text("ellipsoidacronym", "EPSG:7030")
		m.Text("geographicflag", "true")
	}
	m.End()
}

func (p *ProjectLayer) write(m *markup.Writer) {
	l := &p.Layer
	crs := p.CRS
	if crs == 0 {
		crs = 4326
	}
	m.Start("maplayer", "type", "vector",
		"geometry", map[layer.Kind]string{layer.PointKind: "Point", layer.LineKind: "Line", layer.AreaKind: "Polygon", layer.NoKind: "No geometry"}[layer.KindOf(l.Geometry)],
		"wkbType", l.Geometry, "styleCategories", "AllStyleCategories", "labelsEnabled", flag(l.Labelled()),
		"hasScaleBasedVisibilityFlag", "0", "minScale", "100000000", "maxScale", "0", "readOnly", "0", "autoRefreshEnabled", "0",
		"simplifyDrawingHints", "1", "simplifyDrawingTol", "1", "simplifyLocal", "1", "simplifyMaxScale", "1", "simplifyAlgorithm", "0")
	m.Text("id", p.ID())
	m.Text("datasource", p.Datasource())
	m.Text("title", plaintext.QGIS(p.Title()))
	m.Text("abstract", plaintext.QGIS(strings.TrimSpace(l.About.Notice+" "+l.About.Credits())))
	m.Text("layername", plaintext.QGIS(p.Title()))
	m.Start("srs")
	writeCRS(m, crs)
	m.End()
	m.Text("provider", "ogr", "encoding", "UTF-8")
	m.Start("flags")
	m.Text("Identifiable", "1")
	m.Text("Removable", "1")
	m.Text("Searchable", "1")
	m.Text("Private", "0")
	m.End()
	writeStyle(m, l)
	m.Text("layerGeometryType", geometryNumber(l.Geometry))
	m.End()
}
