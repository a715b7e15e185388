package topojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

func TestWrite(t *testing.T) {
	fine, coarse := rendertest.Footprints(), rendertest.Footprints()
	coarse.Name = "regions" // one row of three as one, from the same vertices
	m := coarse.Features[:1]
	m[0].Geometry = orb.MultiPolygon{{{{-2, 52}, {-1.5, 52}, {-1, 52}, {-0.5, 52}, {-0.5, 52.4}, {-1, 52.4}, {-1.5, 52.4}, {-2, 52.4}, {-2, 52}}}}
	coarse.Features = m
	layers := []layer.Layer{fine, coarse, rendertest.Providers(), rendertest.Flows()}
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, layers, 0), Write(&b, layers, 0)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	var topo struct {
		Objects map[string]struct {
			Geometries []struct {
				Type        string
				ID          string
				Properties  map[string]any
				Arcs        json.RawMessage
				Coordinates [2]int
			}
		}
		Arcs      [][][2]int
		Transform struct{ Scale, Translate [2]float64 }
	}
	if err := json.Unmarshal(a.Bytes(), &topo); err != nil {
		t.Fatal(err)
	}
	point := func(x, y int) orb.Point {
		return orb.Point{float64(x)*topo.Transform.Scale[0] + topo.Transform.Translate[0], float64(y)*topo.Transform.Scale[1] + topo.Transform.Translate[1]}
	}
	ring := func(arcs []int) orb.Ring {
		var out orb.Ring
		for _, i := range arcs {
			back := i < 0
			if back {
				i = ^i
			}
			var line []orb.Point
			x, y := 0, 0
			for _, d := range topo.Arcs[i] {
				x, y = x+d[0], y+d[1]
				line = append(line, point(x, y))
			}
			if back {
				for l, r := 0, len(line)-1; l < r; l, r = l+1, r-1 {
					line[l], line[r] = line[r], line[l]
				}
			}
			if len(out) > 0 {
				if out[len(out)-1] != line[0] {
					t.Errorf("arcs do not meet: %v, %v", out[len(out)-1], line[0])
				}
				line = line[1:]
			}
			out = append(out, line...)
		}
		return out
	}
	for k, g := range topo.Objects["footprints"].Geometries {
		var polys [][][]int
		if err := json.Unmarshal(g.Arcs, &polys); err != nil {
			t.Fatal(err)
		}
		want := fine.Features[k].Geometry.(orb.MultiPolygon)
		if len(polys) != len(want) {
			t.Fatalf("feature %d has %d parts, want %d", k, len(polys), len(want))
		}
		for i := range polys {
			if len(polys[i]) != len(want[i]) {
				t.Fatalf("feature %d, part %d has %d rings, want %d", k, i, len(polys[i]), len(want[i]))
			}
			for j := range polys[i] {
				got := ring(polys[i][j])
				if got[0] != got[len(got)-1] {
					t.Errorf("feature %d: ring is open", k)
				}
				if d := math.Abs(signed(got) - signed(want[i][j])); d > 1e-5 {
					t.Errorf("feature %d: ring's area is %v, want %v", k, signed(got), signed(want[i][j]))
				}
			}
		}
	}
	edges := map[[2]orb.Point]int{}
	for i := range topo.Arcs {
		r := ring([]int{i})
		for j := 1; j < len(r); j++ {
			p, q := r[j-1], r[j]
			if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
				p, q = q, p
			}
			if edges[[2]orb.Point{p, q}]++; edges[[2]orb.Point{p, q}] > 1 {
				t.Errorf("the border %v to %v is stored twice", p, q)
			}
		}
	}
	for _, q := range []int{1, 99, 1e9} {
		if err := Write(io.Discard, layers, q); !errors.Is(err, ErrQuantisation) {
			t.Errorf("%d: got %v", q, err)
		}
	}
	if err := Write(io.Discard, []layer.Layer{fine, fine}, 0); !errors.Is(err, layer.ErrLayerName) {
		t.Errorf("a name twice: got %v", err)
	}
	for _, l := range [][]layer.Layer{nil, {{Name: "x", Geometry: "Polygon", Features: []layer.Feature{{}}}}} {
		a.Reset()
		if err := Write(&a, l, 0); err != nil || !json.Valid(a.Bytes()) {
			t.Errorf("%v\n%s", err, a.Bytes())
		}
	}
}

func signed(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum / 2
}
