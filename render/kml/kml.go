package kml

import (
	"archive/zip"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	geomkml "github.com/twpayne/go-geom/encoding/kml"
	"github.com/twpayne/go-kml/v3"

	"stpmap/render/internal/gogeom"
	"stpmap/render/layer"
)

// Write writes layers as KML 2.2 (OGC 07-147r2), one folder a layer, topmost
// first, with the layers' colours and the columns under their readable names. A
// layer hidden in its style is written switched off; a layer without geometry
// is left out. The error wraps ErrLayerName or ErrLayerShape, or is the
// writer's.
func Write(w io.Writer, title string, layers []layer.Layer) error {
	doc := kml.Document(kml.Name(title), kml.Open(true))
	if len(layers) > 0 {
		if text := describe(layers[0].About); text != "" {
			doc.Add(kml.Description(text))
		}
	}
	folders := make([]kml.Element, 0, len(layers))
	for i := range layers {
		l := &layers[i]
		if err := l.Check(); err != nil {
			return err
		}
		if layer.KindOf(l.Geometry) == layer.NoKind {
			continue
		}
		es := l.Entries()
		entry := l.Finder(es)
		for k, e := range es {
			doc.Add(sharedStyle(l, k, e))
		}
		folder := kml.Folder(kml.Name(l.Title), kml.Visibility(!l.Style.Hidden), kml.Open(false))
		for f := range l.Features {
			mark, err := placemark(l, f, entry(f))
			if err != nil {
				return fmt.Errorf("layer %q: feature %d: %w", l.Name, f+1, err)
			}
			folder.Add(mark)
		}
		folders = append(folders, folder)
	}
	doc.Add(folders...)
	return kml.KML(doc).WriteIndent(w, "", " ")
}

// WriteZip writes layers as KMZ: a zip archive of one KML, without times.
func WriteZip(w io.Writer, title string, layers []layer.Layer) error {
	z := zip.NewWriter(w)
	doc, err := z.CreateHeader(&zip.FileHeader{Name: "doc.kml", Method: zip.Deflate})
	if err != nil {
		return err
	}
	if err := Write(doc, title, layers); err != nil {
		return err
	}
	return z.Close()
}

// describe is an About in sentences.
func describe(a layer.About) string {
	s := a.Notice
	if c := a.Credits(); c != "" {
		if s != "" {
			if s[len(s)-1] != '.' {
				s += "."
			}
			s += " "
		}
		s += c
	}
	return s
}

func sharedStyle(l *layer.Layer, k int, e layer.Entry) kml.Element {
	s := &l.Style
	alpha := uint8(float64(s.Alpha()*255) + 0.5)
	colour := func(c string, a uint8) color.Color {
		r, g, b := layer.RGB(c)
		return color.NRGBA{r, g, b, a}
	}
	style := kml.SharedStyle(l.Name + "_" + strconv.Itoa(k))
	switch layer.KindOf(l.Geometry) {
	case layer.AreaKind:
		outline := s.Outline
		if outline == "" {
			outline = e.Class.Colour
		}
		// KML has no hatching: what is not known is fainter.
		if e.Class.Hatched {
			alpha /= 3
		}
		style.Add(kml.LineStyle(kml.Color(colour(outline, 255)), kml.Width(1.2)),
			kml.PolyStyle(kml.Color(colour(e.Class.Colour, alpha)), kml.Fill(true), kml.Outline(true)))
	case layer.LineKind:
		style.Add(kml.LineStyle(kml.Color(colour(layer.LineColour(&e.Class), alpha)), kml.Width(math.Max(1, e.Size*3))))
	case layer.PointKind:
		style.Add(kml.IconStyle(kml.Color(colour(e.Class.Colour, alpha)), kml.Scale(0.3+e.Size/6)), kml.LabelStyle(kml.Scale(0.7)))
	}
	return style
}

func placemark(l *layer.Layer, f, entry int) (kml.Element, error) {
	feature := &l.Features[f]
	mark := kml.Placemark()
	name := feature.ID
	if at := l.FieldIndex(l.NameField()); at >= 0 {
		if s := layer.ValueText(feature.Values[at]); s != "" {
			name = s
		}
	}
	if name != "" {
		mark.Add(kml.Name(name))
	}
	mark.Add(kml.StyleURL("#" + l.Name + "_" + strconv.Itoa(entry)))
	data := kml.ExtendedData()
	for i, field := range l.Fields {
		v := layer.ValueText(feature.Values[i])
		if v == "" {
			continue // unknown is absent
		}
		d := kml.Data(field.Name)
		if field.Alias != "" {
			d.Add(kml.DisplayName(field.Alias))
		}
		data.Add(d.Add(kml.Value(v)))
	}
	mark.Add(data)
	if feature.Geometry == nil || layer.Empty(feature.Geometry) {
		return mark, nil
	}
	t, err := gogeom.Convert(feature.Geometry, false, round6)
	if err != nil {
		return nil, err
	}
	for _, x := range t.FlatCoords() {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("a coordinate is %v: %w", x, layer.ErrLayerShape)
		}
	}
	g, err := geomkml.Encode(t)
	if err != nil {
		return nil, err
	}
	return mark.Add(g), nil
}

func round6(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
}
