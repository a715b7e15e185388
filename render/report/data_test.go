package report

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
)

// chequered is a page about k × k squares, with levels that group them by chance.
func chequered(seed uint64, k int) Page {
	rng := rand.New(rand.NewPCG(seed, 111))
	p := Page{Title: "Squares"}
	for i := range k * k {
		x, y := -2+0.1*float64(i%k), 52+0.1*float64(i/k)
		ring := orb.Ring{{x, y}, {x + 0.1, y}, {x + 0.1, y + 0.1}, {x, y + 0.1}, {x, y}}
		p.Areas = append(p.Areas, Area{Code: fmt.Sprintf("E%02d", i), Geometry: orb.Polygon{ring}, Population: float64(rng.IntN(3)) * 1000})
	}
	for n := range 3 {
		l := Level{
			Name:    fmt.Sprint("Level ", n),
			Columns: []Column{{Title: "Share", Type: layer.Real, Percent: true, Decimals: 1, Worse: n - 1}, {Title: "Kind", Type: layer.Text}, {Title: "Whole", Type: layer.Boolean}},
		}
		groups := 2 + rng.IntN(6)
		for range k * k {
			l.Areas = append(l.Areas, int32(rng.IntN(groups+1))-1)
		}
		for f := range groups {
			share := any(rng.Float64())
			if rng.IntN(4) == 0 {
				share = nil
			}
			l.Footprints = append(l.Footprints, Footprint{ID: fmt.Sprint("F", f), Values: []any{share, "kind", f%2 == 0}})
		}
		p.Levels = append(p.Levels, l)
	}
	return p
}

func dataOf(t *testing.T, p Page) pageData {
	t.Helper()
	raw, err := dataText(&p)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(raw), "<>&") {
		t.Error("the data could end a script element")
	}
	var d pageData
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// unpackArc reads what packArc wrote, as the page's script does.
func unpackSteps(s string) (out [][2]int32) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	i := 0
	next := func() int32 {
		var u uint32
		for shift := 0; ; shift += 5 {
			c := uint32(strings.IndexByte(digits, s[i]))
			i++
			u |= (c & 31) << shift
			if c < 32 {
				return int32(u>>1) ^ -int32(u&1)
			}
		}
	}
	var x, y int32
	for i < len(s) {
		x += next()
		y += next()
		out = append(out, [2]int32{x, y})
	}
	return out
}

// The map's shapes come back from the page's data, to a step of its grid.
func TestShapesComeBack(t *testing.T) {
	p := chequered(1, 6)
	d := dataOf(t, p)
	for a, area := range p.Areas {
		ring := area.Geometry.(orb.Polygon)[0]
		shape := d.Areas.Shape[a]
		if len(shape) != 1 || len(shape[0]) != 1 {
			t.Fatalf("area %d has shape %v", a, shape)
		}
		var got []orb.Point
		for _, k := range shape[0][0] {
			i := k
			if k < 0 {
				i = ^k
			}
			line := unpackSteps(d.Arcs[i])
			if k < 0 {
				slices.Reverse(line)
			}
			for _, q := range line {
				got = append(got, orb.Point{d.Origin[0] + float64(q[0])*d.Scale[0], d.Origin[1] + float64(q[1])*d.Scale[1]})
			}
		}
		for _, q := range ring {
			if !slices.ContainsFunc(got, func(g orb.Point) bool { return math.Hypot(g[0]-q[0], g[1]-q[1]) < 2e-5 }) {
				t.Fatalf("area %d: %v is missing from %v", a, q, got)
			}
		}
		if at := d.Areas.At[a]; len(at) != 2 || !ring.Bound().Contains(orb.Point(at)) {
			t.Errorf("area %d: its label is at %v", a, at)
		}
		if people := d.Areas.People[a]; (area.Population == 0) != (people == nil) {
			t.Errorf("area %d has %v people, of %v", a, people, area.Population)
		}
	}
}

// On every level, footprints that touch have colours of their own.
func TestNeighboursHaveTheirOwnColours(t *testing.T) {
	for seed := range uint64(40) {
		k := 3 + int(seed%5)
		p := chequered(seed, k)
		d := dataOf(t, p)
		for n, l := range p.Levels {
			for a := range k * k {
				for _, b := range []int{a + 1, a + k} {
					if b >= k*k || b == a+1 && b%k == 0 {
						continue
					}
					f, g := l.Areas[a], l.Areas[b]
					if f < 0 || g < 0 || f == g {
						continue
					}
					if c := d.Levels[n].Footprints; c[f].Colour%len(d.Palette) == c[g].Colour%len(d.Palette) && len(l.Footprints) <= 4 {
						t.Fatalf("seed %d, level %d: footprints %d and %d have colour %d", seed, n, f, g, c[f].Colour)
					}
				}
			}
		}
	}
}

// Every value of a column is in one of its classes; texts have none, and a column
// that is no colour of the map brings none.
func TestColumnsHaveClassesForTheirValues(t *testing.T) {
	for seed := range uint64(40) {
		p := chequered(seed, 4)
		p.Levels[1].Columns[0].NoMap = true
		d := dataOf(t, p)
		for n, l := range d.Levels {
			for k, c := range l.Columns {
				if c.Kind == "text" || n == 1 && k == 0 {
					if len(c.Classes) > 0 {
						t.Errorf("column %s brings classes", c.Title)
					}
					continue
				}
				for _, f := range l.Footprints {
					fits := slices.ContainsFunc(c.Classes, func(class pageClass) bool {
						if f.Values[k] == nil {
							return class.Hatch
						}
						if b, ok := f.Values[k].(bool); ok {
							return class.Value == b
						}
						x := f.Values[k].(float64)
						lower, _ := class.Lower.(float64)
						upper, ok := class.Upper.(float64)
						return ok && lower <= x && x <= upper
					})
					if !fits {
						t.Errorf("seed %d: %v of %s is in no class of %+v", seed, f.Values[k], c.Title, c.Classes)
					}
				}
			}
		}
	}
}

// Flows that are not known are left out, and so are places.
func TestUnknownsAreLeftOut(t *testing.T) {
	p := chequered(3, 2)
	p.Providers = []Provider{{Code: "A", Point: orb.Point{-1.95, 52.05}, Patients: math.NaN()}, {Code: "B", Point: orb.Point{math.NaN(), 0}}}
	p.Flows = []Flow{{0, 0, 10}, {1, 1, math.NaN()}, {2, 0, math.Inf(1)}}
	for i := range p.Levels {
		p.Levels[i].Providers = []int32{0, -1}
	}
	p.Areas = append(p.Areas, Area{Code: "X"})
	for i := range p.Levels {
		p.Levels[i].Areas = append(p.Levels[i].Areas, -1)
	}
	if err := p.check(); err != nil {
		t.Fatal(err)
	}
	d := dataOf(t, p)
	if len(d.Flows.Patients) != 1 || d.Flows.Patients[0] != 10 {
		t.Errorf("flows are %v", d.Flows.Patients)
	}
	if d.Providers.Patients[0] != nil || d.Providers.At[1] != nil || len(d.Providers.At[0]) != 2 {
		t.Errorf("providers are at %v with %v", d.Providers.At, d.Providers.Patients)
	}
	if last := len(d.Areas.Code) - 1; d.Areas.At[last] != nil || len(d.Areas.Shape[last]) != 0 {
		t.Errorf("an area without a shape is at %v", d.Areas.At[last])
	}
}
