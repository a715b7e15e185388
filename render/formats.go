package render

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/render/boundary"
	"stpmap/render/csv"
	"stpmap/render/datum"
	"stpmap/render/flatgeobuf"
	"stpmap/render/geojson"
	"stpmap/render/geoparquet"
	"stpmap/render/gpkg"
	"stpmap/render/kml"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/page"
	"stpmap/render/picture"
	"stpmap/render/qgis"
	"stpmap/render/report"
	"stpmap/render/shapefile"
	"stpmap/render/topojson"
	"stpmap/render/xlsx"
)

// Job is layers to be written in one of the formats.
type Job struct {
	Layers []layer.Layer
	Named  bool        // the layers were asked for by name
	CRS    int         // EPSG number of coordinates in files, 4326 or 27700
	Grid   *datum.Grid // of shifts, for 27700; nil for none
	Paper  page.Paper  // of pictures and print layouts
	Tiles  bool        // pictures show tiles of equal numbers of people
	// Title and Subtitle stand over a picture; an empty title is that of the layers.
	Title, Subtitle string
	// Lettered is told what became of the names on a picture; nil for nobody.
	Lettered func(picture.Names)
	// Report makes the page of a report; only html asks for it.
	Report func() (report.Page, error)
}

func (j *Job) about() layer.About { return j.Layers[0].About }

// File is a file of a job. One of Write and Make is set.
type File struct {
	Name  string
	Layer string                  // whose rows it holds, where it has a style beside it
	Write func(w io.Writer) error // for a stream
	Make  func(path string) error // for a file that is no stream
}

// Format is a way to write layers: one package, and one line in formats.
type Format struct {
	Name   string // also its suffix
	Single bool   // a file holds one layer: others go beside it
	Grid   bool   // can be in metres on the national grid
	Stream bool   // can go to standard output

	files func(ctx context.Context, out string, j *Job) []File
}

// Files are the files that a job writes to a name, in the order of writing. The
// first is the name itself, or holds what the name's rests on.
func (f *Format) Files(ctx context.Context, out string, j Job) []File {
	if f.Single && !j.Named {
		j.Layers = j.Layers[:min(1, len(j.Layers))]
	}
	return f.files(ctx, out, &j)
}

var formats = []Format{
	{"geojson", true, true, true, eachLayer(writeGeoJSON, qgis.WriteQML)},
	{"gpkg", false, true, false, tables},
	{"qgz", false, true, false, project},
	{"html", false, false, true, whole(writeReport)},
	{"svg", false, true, true, whole(func(w io.Writer, j *Job) error { return j.draw(w, (*picture.Drawing).WriteSVG) })},
	{"png", false, true, true, whole(func(w io.Writer, j *Job) error {
		return j.draw(w, func(d *picture.Drawing, w io.Writer) error { return d.WritePNG(w, 0) })
	})},
	{"pdf", false, true, true, whole(func(w io.Writer, j *Job) error { return j.draw(w, (*picture.Drawing).WritePDF) })},
	{"topojson", false, false, true, whole(func(w io.Writer, j *Job) error { return topojson.Write(w, j.Layers, 0) })},
	{"kml", false, false, true, whole(func(w io.Writer, j *Job) error { return kml.Write(w, j.about().Title, j.Layers) })},
	{"kmz", false, false, true, whole(func(w io.Writer, j *Job) error { return kml.WriteZip(w, j.about().Title, j.Layers) })},
	{"shp", true, false, false, shapefiles},
	{"fgb", true, false, true, eachLayer(func(w io.Writer, _ *Job, l layer.Layer) error { return flatgeobuf.Write(w, l) }, nil)},
	{"parquet", true, false, true, eachLayer(func(w io.Writer, _ *Job, l layer.Layer) error { return geoparquet.Write(w, l) }, nil)},
	{"xlsx", false, false, true, whole(writeWorkbook)},
	{"csv", true, false, true, eachLayer(func(w io.Writer, _ *Job, l layer.Layer) error { return csv.Write(w, l) }, nil)},
}

// Formats are the names of all formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.Name
	}
	return names
}

// FormatOf is the format of a name; false if there is none.
func FormatOf(name string) (Format, bool) {
	i := slices.IndexFunc(formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

// whole writes all layers into one stream.
func whole(write func(w io.Writer, j *Job) error) func(context.Context, string, *Job) []File {
	return func(_ context.Context, out string, j *Job) []File {
		return []File{{Name: out, Write: func(w io.Writer) error { return write(w, j) }}}
	}
}

// eachLayer writes a file for each layer: the first to the name given, the others
// beside it, named for the layer. style, where there is one, goes beside each.
func eachLayer(write func(w io.Writer, j *Job, l layer.Layer) error, style func(w io.Writer, l layer.Layer) error) func(context.Context, string, *Job) []File {
	return func(_ context.Context, out string, j *Job) []File {
		var files []File
		ext := filepath.Ext(out)
		base := strings.TrimSuffix(out, ext)
		for i, l := range j.Layers {
			stem, name := base, out
			if i > 0 {
				stem = base + "_" + l.Name
				name = stem + ext
			}
			files = append(files, File{Name: name, Write: func(w io.Writer) error { return write(w, j, l) }})
			if style != nil {
				files[len(files)-1].Layer = l.Name
				files = append(files, File{Name: stem + ".qml", Write: func(w io.Writer) error { return style(w, l) }})
			}
		}
		return files
	}
}

// shapefiles are the parts of a Shapefile for each layer.
func shapefiles(ctx context.Context, out string, j *Job) []File {
	var files []File
	for _, first := range eachLayer(func(io.Writer, *Job, layer.Layer) error { return nil }, nil)(ctx, out, j) {
		stem := strings.TrimSuffix(first.Name, filepath.Ext(first.Name))
		for _, part := range shapefile.Parts(j.Layers[len(files)/shapefile.PartCount]) {
			files = append(files, File{Name: stem + part.Suffix, Write: part.Write})
		}
	}
	return files
}

// writeWorkbook writes a sheet for each layer.
func writeWorkbook(w io.Writer, j *Job) error {
	tables := make([]xlsx.Table, len(j.Layers))
	for i, l := range j.Layers {
		tables[i] = xlsx.FromLayer(l)
	}
	return xlsx.Write(w, j.about(), tables)
}

func writeGeoJSON(w io.Writer, j *Job, l layer.Layer) error {
	if j.CRS == 27700 {
		return geojson.WriteGrid(w, l, j.Grid)
	}
	return geojson.Write(w, l)
}

// tables is a GeoPackage.
func tables(ctx context.Context, out string, j *Job) []File {
	options := gpkg.Options{CRS: j.CRS}
	if j.CRS == 27700 {
		options.Transform = j.Grid.ToNationalGrid
	}
	return []File{{Name: strings.TrimSuffix(out, filepath.Ext(out)) + ".gpkg", Make: func(path string) error {
		return gpkg.Write(ctx, path, j.Layers, options)
	}}}
}

// project is a QGIS project over a GeoPackage beside it.
func project(ctx context.Context, out string, j *Job) []File {
	files := tables(ctx, out, j)
	return append(files, File{Name: out, Write: func(w io.Writer) error {
		p := Project(j.about(), j.Layers, filepath.Base(files[0].Name), j.CRS)
		p.Page = j.Paper
		return qgis.WriteProject(w, p)
	}})
}

func writeReport(w io.Writer, j *Job) error {
	page, err := j.Report()
	if err != nil {
		return err
	}
	return report.Write(w, page)
}

// draw draws the picture of a job, and says what became of its names.
func (j *Job) draw(w io.Writer, write func(d *picture.Drawing, w io.Writer) error) error {
	title := j.Title
	if title == "" {
		title = j.about().Title
	}
	d, err := picture.NewDrawing(picture.Map{
		Title: title, Subtitle: j.Subtitle, Layers: maps.OnPage(j.Layers, j.Named), Page: j.Paper,
		Project: Projection(j.Layers), About: j.about(), Tiles: j.Tiles,
	})
	if err != nil {
		return err
	}
	if j.Lettered != nil {
		j.Lettered(d.Names())
	}
	return write(d, w)
}

// Project is the QGIS project of layers that one file holds, in CRS crs. Its map
// is on the national grid where that suits them.
func Project(about layer.About, layers []layer.Layer, source string, crs int) qgis.Project {
	p := qgis.Project{Title: about.Title, About: about, CRS: 4326, Groups: qgis.Arrange(layers, source, crs)}
	if p.Transform = Projection(layers); p.Transform != nil {
		p.CRS = 27700
	}
	return p
}

// Projection is that of the national grid for layers that lie in Britain, and
// nil for others: far from its meridian the grid distorts.
func Projection(layers []layer.Layer) func(orb.Point) orb.Point {
	britain := orb.Bound{Min: orb.Point{-9.1, 49.7}, Max: orb.Point{2.1, 61.1}}
	some := false
	for i := range layers {
		b, ok := layers[i].Bound()
		if ok && !(britain.Contains(b.Min) && britain.Contains(b.Max)) {
			return nil
		}
		some = some || ok
	}
	if some {
		return boundary.PointToNationalGrid
	}
	return nil
}
