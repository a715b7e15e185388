package render

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	geomkml "github.com/twpayne/go-geom/encoding/kml"
	"github.com/twpayne/go-kml/v3"

	"stpmap/render/internal/gogeom"
)

// WriteKML writes layers as KML 2.2 (OGC 07-147r2), one folder a layer, topmost
// first, with the layers' colours and the columns under their readable names. A
// layer hidden in its style is written switched off; a layer without geometry
// is left out. The error wraps ErrLayerName or ErrLayerShape, or is the
// writer's.
func WriteKML(w io.Writer, title string, layers []Layer) error {
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
		if geometryKind(l.Geometry) == noKind {
			continue
		}
		es := l.entries()
		entry := l.finder(es)
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

// describe is an About in sentences.
func describe(a About) string {
	s := a.Notice
	if c := a.credits(); c != "" {
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

func sharedStyle(l *Layer, k int, e legendEntry) kml.Element {
	s := &l.Style
	alpha := uint8(255)
	if s.Opacity > 0 && s.Opacity < 1 {
		alpha = uint8(s.Opacity*255 + 0.5)
	}
	colour := func(c string, a uint8) color.Color {
		r, g, b := rgb(c)
		return color.NRGBA{r, g, b, a}
	}
	style := kml.SharedStyle(l.Name + "_" + strconv.Itoa(k))
	switch geometryKind(l.Geometry) {
	case areaKind:
		outline := s.Outline
		if outline == "" {
			outline = e.class.Colour
		}
		// KML has no hatching: what is not known is fainter.
		if e.class.Hatched {
			alpha /= 3
		}
		style.Add(kml.LineStyle(kml.Color(colour(outline, 255)), kml.Width(1.2)),
			kml.PolyStyle(kml.Color(colour(e.class.Colour, alpha)), kml.Fill(true), kml.Outline(true)))
	case lineKind:
		style.Add(kml.LineStyle(kml.Color(colour(lineColour(&e.class), alpha)), kml.Width(math.Max(1, e.size*3))))
	case pointKind:
		style.Add(kml.IconStyle(kml.Color(colour(e.class.Colour, alpha)), kml.Scale(0.3+e.size/6)), kml.LabelStyle(kml.Scale(0.7)))
	}
	return style
}

// finder tells which of the layer's entries draws a feature.
func (l *Layer) finder(es []legendEntry) func(feature int) int {
	if at := l.FieldIndex(l.Style.Field); at >= 0 && (l.Style.Kind == StyleCategories || l.Style.Kind == StyleGraduated) {
		class := l.Style.classifier()
		return func(f int) int {
			if k := class(l.Features[f].Values[at]); k >= 0 {
				return k
			}
			return len(es) - 1
		}
	}
	at := l.sizeField()
	if at < 0 {
		return func(int) int { return 0 }
	}
	sizes := legendSizes(l.top(at))
	return func(f int) int {
		x, ok := numeric(l.Features[f].Values[at])
		if !ok {
			return len(es) - 1
		}
		for i := 1; i < len(sizes); i++ {
			if x >= math.Sqrt(sizes[i]*sizes[i-1]) {
				return i - 1
			}
		}
		return max(len(sizes)-1, 0)
	}
}

func placemark(l *Layer, f, entry int) (kml.Element, error) {
	feature := &l.Features[f]
	mark := kml.Placemark()
	name := feature.ID
	if at := l.FieldIndex(l.nameField()); at >= 0 {
		if s := valueText(feature.Values[at]); s != "" {
			name = s
		}
	}
	if name != "" {
		mark.Add(kml.Name(name))
	}
	mark.Add(kml.StyleURL("#" + l.Name + "_" + strconv.Itoa(entry)))
	data := kml.ExtendedData()
	for i, field := range l.Fields {
		v := valueText(feature.Values[i])
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
	if feature.Geometry == nil || emptyGeometry(feature.Geometry) {
		return mark, nil
	}
	t, err := gogeom.Convert(feature.Geometry, false, round6)
	if err != nil {
		return nil, err
	}
	for _, x := range t.FlatCoords() {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("a coordinate is %v: %w", x, ErrLayerShape)
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

// valueText writes a value in full; an unknown is empty.
func valueText(v any) string {
	switch x := known(v).(type) {
	case string:
		return x
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return ""
}
