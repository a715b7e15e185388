package boundary

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow/fault"
)

// sane fails unless what was accepted is finite, in range, numbered, and can be
// worked with.
func sane(t *testing.T, b *Set) {
	t.Helper()
	if len(b.Codes()) == 0 || len(b.Codes()) != len(b.Names()) {
		t.Fatalf("%d codes, %d names", len(b.Codes()), len(b.Names()))
	}
	for _, p := range b.Populations() {
		if p < 0 || math.IsInf(p, 0) {
			t.Fatalf("population %g", p)
		}
	}
	for i, m := range b.All() {
		if a := AreaKM2(m); math.IsNaN(a) || math.IsInf(a, 0) {
			t.Fatalf("area %s has %g km²", b.Codes()[i], a)
		}
		for _, p := range m {
			for _, r := range p {
				if len(r) < 4 || r[0] != r[len(r)-1] {
					t.Fatalf("ring %v", r)
				}
				for _, q := range r {
					if !(math.Abs(q[0]) <= 180 && math.Abs(q[1]) <= 90) {
						t.Fatalf("position %v", q)
					}
				}
			}
		}
		for j := range b.Neighbours(i) {
			if j < 0 || j >= b.Len() || j == i || !(b.BorderKM(i, j) > 0) {
				t.Fatalf("neighbour %d of %d", j, i)
			}
		}
	}
	b.Dissolve(make([]int32, b.Len()), 1)
	b.Simplify(SimplifyOptions{Keep: 0.5})
}

// expected fails unless an error is one that a bad file may give.
func expected(t *testing.T, err error) {
	t.Helper()
	var one *fault.Error
	var many *fault.List
	if !errors.As(err, &one) && !errors.As(err, &many) {
		t.Fatalf("error without a place: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":[[[0,50],[1,50],[1,51],[0,51],[0,50]]]}},{"type":"Feature","properties":{"code":"B"},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,50],[2,50],[2,51],[1,51],[1,50]],[[1.2,50.2],[1.2,50.4],[1.4,50.4],[1.2,50.2]]]]}}]}`,
		`{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":[[[400000,300000],[410000,300000],[410000,310000],[400000,300000]]]}}`,
		`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"features":[{"geometry":{"coordinates":[[[0,50],[1e0,50],[0,51],[0,50]]],"type":"Polygon"},"id":7}]}`,
		`{"type":"FeatureCollection","features":[{"id":1,"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]}]}}]}`,
		`{"type":"FeatureCollection","features":[{"id":1,"geometry":{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]}}]}`,
		"\x1f\x8b\x08\x00",
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, in []byte, clean bool) {
		o := Options{Clean: clean}
		if clean {
			o.Snap = 50
		}
		b, err := Read(context.Background(), "fuzz", bytes.NewReader(in), o)
		if err != nil {
			expected(t, err)
			return
		}
		sane(t, b)
	})
}

func FuzzGeoPackageBlob(f *testing.F) {
	ring := []byte("\x04\x00\x00\x00")
	for _, v := range [][2]float64{{0, 50}, {1, 50}, {1, 51}, {0, 50}} {
		ring = append(ring, floatBytes(v[0])...)
		ring = append(ring, floatBytes(v[1])...)
	}
	polygon := append([]byte("\x01\x03\x00\x00\x00\x01\x00\x00\x00"), ring...)
	f.Add(append([]byte("GP\x00\x01\x00\x00\x00\x00"), polygon...))
	f.Add(append([]byte("GP\x00\x03\x00\x00\x00\x00"+strings.Repeat("\x00", 32)+"\x01\x06\x00\x00\x00\x01\x00\x00\x00"), polygon...))
	f.Add([]byte("GP\x00\x11\x00\x00\x00\x00"))
	f.Add([]byte("GP\x00\x01\x00\x00\x00\x00\x01\x07\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, blob []byte) {
		p := &polygonTable{crs: crsWGS84}
		p.rings.Start()
		w := wkbReader{t: p}
		if _, err := w.gpkgGeometry(blob); err != nil {
			return
		}
		firstOfBlob(blob)
		p.rings.EndArea()
		if n := int(p.rings.Rings[len(p.rings.Rings)-1]); n != len(p.rings.XY)/2 || n*16 > len(blob) {
			t.Fatalf("%d positions of %d bytes, %d numbers kept", n, len(blob), len(p.rings.XY))
		}
	})
}

func floatBytes(v float64) []byte {
	bits := math.Float64bits(v)
	out := make([]byte, 8)
	for i := range out {
		out[i] = byte(bits >> (8 * i))
	}
	return out
}

func FuzzShapefile(f *testing.F) {
	square := orb.Ring{{0, 50}, {0, 51}, {1, 51}, {1, 50}, {0, 50}}
	content := []byte("\x05\x00\x00\x00" + strings.Repeat("\x00", 32) + "\x01\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00")
	for _, q := range square {
		content = append(append(content, floatBytes(q[0])...), floatBytes(q[1])...)
	}
	shp := make([]byte, 100)
	copy(shp, "\x00\x00\x27\x0a")
	shp[32] = 5
	shp = append(shp, 0, 0, 0, 1, 0, 0, 0, byte(len(content)/2))
	shp = append(shp, content...)
	dbf := make([]byte, 32)
	dbf[8], dbf[10] = 32+32+1, 1+4
	field := make([]byte, 32)
	copy(field, "code")
	field[11], field[16] = 'C', 4
	dbf = append(append(append(dbf, field...), 0x0d), " AB  "...)
	f.Add(shp, dbf, "", "")
	f.Add(shp, dbf, `GEOGCS["WGS 84"]`, "UTF-8")
	f.Add(shp[:120], dbf[:50], `PROJCS["x",AUTHORITY["EPSG","27700"]]`, "1252")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, prj, cpg string) {
		p := &polygonTable{file: "fuzz"}
		p.rings.Start()
		if err := p.readShapefile(context.Background(), bytes.NewReader(shp), bytes.NewReader(dbf), prj, cpg); err != nil {
			return
		}
		b, err := p.boundaries(context.Background(), Options{})
		if err != nil {
			expected(t, err)
			return
		}
		sane(t, b)
	})
}
