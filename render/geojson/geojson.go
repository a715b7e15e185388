package geojson

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"stpmap/render/internal/jsontext"
	"stpmap/render/layer"
)

// Write writes a layer by RFC 7946: WGS84 without a crs member, at most
// six decimals, shells anticlockwise and holes clockwise, bbox, feature ids,
// columns in order. The layer's name is the collection's "name", which clients
// take for the layer's; About stands under "stpmap". Unknown values and
// numbers that are not finite are null.
func Write(w io.Writer, l layer.Layer) error {
	g := newGeoJSONWriter(bufio.NewWriterSize(w, 1<<16), &l)
	if err := g.collection(); err != nil {
		return err
	}
	return g.w.Flush()
}

type geoJSONWriter struct {
	w     *bufio.Writer
	layer *layer.Layer
	crs   string // the member, empty for none
	keys  [][]byte
	buf   []byte
}

func newGeoJSONWriter(w *bufio.Writer, l *layer.Layer) *geoJSONWriter {
	g := &geoJSONWriter{w: w, layer: l, keys: make([][]byte, len(l.Fields))}
	for i, f := range l.Fields {
		g.keys[i] = append(jsontext.String(f.Name), ':')
	}
	return g
}

// aboutJSON is About as GeoJSON's foreign member.
type aboutJSON struct {
	Title      string   `json:"title,omitempty"`
	Notice     string   `json:"notice,omitempty"`
	Version    string   `json:"version,omitempty"`
	Parameters string   `json:"parameters,omitempty"`
	Seed       uint64   `json:"seed"`
	FlowSHA256 string   `json:"flow_sha256,omitempty"`
	Sources    []string `json:"sources,omitempty"`
}

func (g *geoJSONWriter) collection() error {
	l := g.layer
	b := append(g.buf, `{"type":"FeatureCollection","name":`...)
	b = append(b, jsontext.String(l.Name)...)
	b = append(b, g.crs...)
	if box, ok := l.Bound(); ok {
		b = append(b, `,"bbox":[`...)
		for i, v := range [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]} {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendDegrees(b, v)
		}
		b = append(b, ']')
	}
	about := l.About
	if about.Title == "" {
		about.Title = l.Title
	}
	member, err := json.Marshal(aboutJSON{about.Title, about.Notice, about.Version, about.Parameters, about.Seed, about.FlowSHA256, about.Sources})
	if err != nil {
		return err
	}
	b = append(b, `,"stpmap":`...)
	b = append(b, member...)
	b = append(b, ",\"features\":[\n"...)
	for i := range l.Features {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		if b, err = g.feature(b, &l.Features[i]); err != nil {
			return fmt.Errorf("layer %s, feature %d: %w", l.Name, i+1, err)
		}
		if _, err := g.w.Write(b); err != nil {
			return err
		}
		b = b[:0]
	}
	b = append(b, "\n]}\n"...)
	_, err = g.w.Write(b)
	g.buf = b[:0]
	return err
}

func (g *geoJSONWriter) feature(b []byte, f *layer.Feature) ([]byte, error) {
	if len(f.Values) != len(g.layer.Fields) {
		return b, fmt.Errorf("%d values for %d fields", len(f.Values), len(g.layer.Fields))
	}
	b = append(b, `{"type":"Feature"`...)
	if f.ID != "" {
		b = append(b, `,"id":`...)
		b = jsontext.AppendString(b, f.ID)
	}
	b = append(b, `,"properties":{`...)
	for i, v := range f.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, g.keys[i]...)
		var err error
		if b, err = jsontext.AppendValue(b, v); err != nil {
			return b, fmt.Errorf("field %s: %w", g.layer.Fields[i].Name, err)
		}
	}
	b = append(b, `},"geometry":`...)
	b, err := appendGeometry(b, layer.Widened(f.Geometry, g.layer.Geometry))
	return append(b, '}'), err
}

func appendGeometry(b []byte, g orb.Geometry) ([]byte, error) {
	if g == nil || layer.Empty(g) {
		return append(b, "null"...), nil
	}
	b = append(b, `{"type":"`...)
	b = append(b, g.GeoJSONType()...)
	b = append(b, `","coordinates":`...)
	switch v := g.(type) {
	case orb.Point:
		b = appendPoint(b, v)
	case orb.MultiPoint:
		b = appendPoints(b, v)
	case orb.LineString:
		b = appendPoints(b, v)
	case orb.MultiLineString:
		b = append(b, '[')
		for i, l := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPoints(b, l)
		}
		b = append(b, ']')
	case orb.Polygon:
		b = appendPolygon(b, v)
	case orb.MultiPolygon:
		b = append(b, '[')
		for i, p := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPolygon(b, p)
		}
		b = append(b, ']')
	default:
		return b, fmt.Errorf("geometry of type %s cannot be written", g.GeoJSONType())
	}
	return append(b, '}'), nil
}

func appendPolygon(b []byte, p orb.Polygon) []byte {
	b = append(b, '[')
	for i, r := range p {
		if i > 0 {
			b = append(b, ',')
		}
		want := orb.CCW
		if i > 0 {
			want = orb.CW
		}
		if o := r.Orientation(); o != 0 && o != want {
			r = r.Clone()
			r.Reverse()
		}
		b = appendPoints(b, r)
	}
	return append(b, ']')
}

func appendPoints[P ~[]orb.Point](b []byte, ps P) []byte {
	b = append(b, '[')
	for i, p := range ps {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendPoint(b, p)
	}
	return append(b, ']')
}

func appendPoint(b []byte, p orb.Point) []byte {
	b = append(b, '[')
	b = appendDegrees(b, p[0])
	b = append(b, ',')
	b = appendDegrees(b, p[1])
	return append(b, ']')
}

// twoDigits are the numbers from 00 to 99.
var twoDigits = func() (t [100][2]byte) {
	for i := range t {
		t[i] = [2]byte{byte('0' + i/10), byte('0' + i%10)}
	}
	return t
}()

// appendDegrees writes a coordinate with six decimals at most, without
// trailing zeros, halves rounded away from 0.
func appendDegrees(b []byte, v float64) []byte {
	v = float64(v * 1e6)
	if !(math.Abs(v) < 1e15) { // no coordinate of the earth
		return append(b, "null"...)
	}
	u := int64(v + math.Copysign(0.5, v))
	if over := v - float64(u); math.Abs(over) > 0.5 { // the sum itself was rounded
		u += int64(math.Copysign(1, over))
	}
	if u < 0 {
		b = append(b, '-')
		u = -u
	}
	whole := u / 1_000_000
	if whole < 10 {
		b = append(b, byte('0'+whole))
	} else if whole < 100 {
		b = append(b, twoDigits[whole][:]...)
	} else {
		b = strconv.AppendInt(b, whole, 10)
	}
	frac := uint32(u - whole*1_000_000)
	if frac == 0 {
		return b
	}
	x, y, z := &twoDigits[frac/10_000], &twoDigits[frac/100%100], &twoDigits[frac%100]
	b = append(b, '.', x[0], x[1], y[0], y[1], z[0], z[1])
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}
