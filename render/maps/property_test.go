package maps

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/internal/geodesy"
	"stpmap/render/layer"
)

// randomCase is k × k square areas with random flows to a few providers, in
// random footprints, where nothing is to be hidden.
func randomCase(t *testing.T, seed uint64) *Case {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 121))
	k, providers, groups := 3+rng.IntN(4), 3+rng.IntN(5), 2+rng.IntN(3)
	var features []string
	fb := flow.NewBuilder()
	for i := range k * k {
		x, y := -2+0.1*float64(i%k), 52+0.1*float64(i/k)
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":"E%02d","population":%d},"geometry":{"type":"Polygon","coordinates":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}`,
			i, 100*i, x, y, x+0.1, y, x+0.1, y+0.1, x, y+0.1, x, y))
		for range 1 + rng.IntN(4) {
			if err := fb.Add(fmt.Sprintf("E%02d", i), fmt.Sprintf("P%d", rng.IntN(providers)), flow.Exactly(float64(1+rng.IntN(500)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	b, err := boundary.Read(context.Background(), "squares.geojson", strings.NewReader(`{"type":"FeatureCollection","features":[`+strings.Join(features, ",")+`]}`), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := fb.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := footprint.Partition{Areas: make([]int32, len(m.Areas())), Providers: make([]int32, len(m.Providers()))}
	for g := range groups {
		p.IDs = append(p.IDs, fmt.Sprintf("F%02d", g+1))
	}
	for a := range p.Areas {
		p.Areas[a] = int32(rng.IntN(groups))
	}
	for j := range p.Providers {
		p.Providers[j] = int32(rng.IntN(groups))
	}
	c := &Case{Matrix: m, Partition: p, Boundaries: b, Population: make([]float64, len(m.Areas()))}
	for a := range c.Population {
		c.Population[a] = float64(1000 + rng.IntN(9000))
	}
	for range m.Providers() {
		c.Points = append(c.Points, orb.Point{-2 + 0.1*float64(k)*rng.Float64(), 52 + 0.1*float64(k)*rng.Float64()})
	}
	c.Measures = footprint.Measure(m, p, c.Population, b.Adjacency(m.Areas()))
	return c
}

// column is a column of numbers, NaN where unknown.
func column(t *testing.T, l *layer.Layer, name string) []float64 {
	t.Helper()
	at := l.FieldIndex(name)
	if at < 0 {
		t.Fatalf("layer %s has no column %s", l.Name, name)
	}
	out := make([]float64, len(l.Features))
	for i, f := range l.Features {
		x, ok := layer.Numeric(f.Values[at])
		if !ok {
			x = math.NaN()
		}
		out[i] = x
	}
	return out
}

// total leaves out what is unknown, as a footprint without areas has no size.
func total(xs []float64) (sum float64) {
	for _, x := range xs {
		if !math.IsNaN(x) {
			sum += x
		}
	}
	return sum
}

func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// Footprints hold all patients, people and land of their areas, each once.
func TestFootprintsAddUp(t *testing.T) {
	for seed := range uint64(40) {
		c := randomCase(t, seed)
		l := New(*c).FootprintTable()
		m := c.Matrix
		if got := total(column(t, &l, "patients_resident")); !alike(got, m.Total().Published) {
			t.Errorf("seed %d: %v patients live in footprints, %v in all", seed, got, m.Total().Published)
		}
		if got := total(column(t, &l, "patients_treated")); !alike(got, m.Total().Published) {
			t.Errorf("seed %d: %v patients are treated, of %v", seed, got, m.Total().Published)
		}
		if got := total(column(t, &l, "population")); !alike(got, total(c.Population)) {
			t.Errorf("seed %d: %v people of %v", seed, got, total(c.Population))
		}
		land := 0.0
		for a := range m.Areas() {
			land += boundary.AreaKM2(c.Boundaries.Polygons(a))
		}
		if got := total(column(t, &l, "area_km2")); math.Abs(got-land) > 1e-6*land {
			t.Errorf("seed %d: footprints have %v km², their areas %v", seed, got, land)
		}
	}
}

// Shares are what their columns say: patients inside over those who live there, or
// are treated there.
func TestSharesFollowFromCounts(t *testing.T) {
	for seed := range uint64(40) {
		l := New(*randomCase(t, seed)).FootprintTable()
		inside, resident, treated := column(t, &l, "patients_inside"), column(t, &l, "patients_resident"), column(t, &l, "patients_treated")
		local, market := column(t, &l, "localisation_index"), column(t, &l, "market_share_index")
		for i := range inside {
			if resident[i] > 0 && !alike(local[i], inside[i]/resident[i]) {
				t.Errorf("seed %d: localisation index %v of %v in %v", seed, local[i], inside[i], resident[i])
			}
			if treated[i] > 0 && !alike(market[i], inside[i]/treated[i]) {
				t.Errorf("seed %d: market share index %v of %v in %v", seed, market[i], inside[i], treated[i])
			}
		}
	}
}

// The layers of areas and of flows tell the same story as the matrix, looked at
// cell by cell.
func TestAreasAndFlowsFollowTheMatrix(t *testing.T) {
	for seed := range uint64(40) {
		c := randomCase(t, seed)
		layers, notes := New(*c).Layers()
		if len(notes) > 0 {
			t.Errorf("seed %d: %q", seed, notes)
		}
		named := func(name string) *layer.Layer {
			i := slices.IndexFunc(layers, func(l layer.Layer) bool { return l.Name == name })
			return &layers[i]
		}
		m, p := c.Matrix, c.Partition
		lines := named("flows")
		if len(lines.Features) != m.Len() {
			t.Fatalf("seed %d: %d lines for %d flows", seed, len(lines.Features), m.Len())
		}
		if got := total(column(t, lines, "patients")); !alike(got, m.Total().Published) {
			t.Errorf("seed %d: lines carry %v patients of %v", seed, got, m.Total().Published)
		}
		areas := named("areas")
		leakage, local := column(t, areas, "leakage"), column(t, areas, "localisation_index")
		for a := range m.Areas() {
			inside, most, top := 0.0, 0.0, ""
			ps, ws := m.Row(a)
			for i, j := range ps {
				if p.Providers[j] == p.Areas[a] {
					inside += ws[i]
				}
				if ws[i] > most {
					most, top = ws[i], m.Providers()[j]
				}
			}
			if !alike(local[a], inside/m.RowTotal(a)) || !alike(leakage[a], 1-local[a]) {
				t.Errorf("seed %d, area %d: local %v, leaking %v, of %v in %v", seed, a, local[a], leakage[a], inside, m.RowTotal(a))
			}
			if got := areas.Features[a].Values[areas.FieldIndex("top_provider")]; got != top {
				t.Errorf("seed %d, area %d: most go to %v, want %s", seed, a, got, top)
			}
		}
		inside := named("providers")
		for j, share := range column(t, inside, "inside_share") {
			sum := 0.0
			as, ws := m.Column(j)
			for i, a := range as {
				if p.Areas[a] == p.Providers[j] {
					sum += ws[i]
				}
			}
			if !alike(share, sum/m.ColumnTotal(j)) {
				t.Errorf("seed %d, provider %d: %v of its patients are its own, want %v", seed, j, share, sum/m.ColumnTotal(j))
			}
		}
	}
}

// Means over the map are means over all patients, along the ellipsoid from where
// the people of their areas live: the point given, or else the label point.
func TestDistancesOverAllPatients(t *testing.T) {
	for seed := range uint64(20) {
		c := randomCase(t, seed)
		from := slices.Clone(c.Boundaries.LabelPoints())
		if seed%2 == 1 {
			c.AreaPoints = slices.Repeat([]orb.Point{{math.NaN(), math.NaN()}}, len(from))
			from[0][0] += 0.3
			c.AreaPoints[0] = from[0]
		}
		var km, patients [2]float64
		for a := range c.Matrix.Areas() {
			ps, ws := c.Matrix.Row(a)
			for i, j := range ps {
				away := 0
				if c.Partition.Providers[j] != c.Partition.Areas[a] {
					away = 1
				}
				km[away] += ws[i] * geodesy.Length(from[a][0], from[a][1], c.Points[j][0], c.Points[j][1]) / 1000
				patients[away] += ws[i]
			}
		}
		f := New(*c).Figures()
		if off := func(got, want float64) bool { return !(math.Abs(got-want) <= 2e-5*want) }; off(f.DistanceInsideKM, km[0]/patients[0]) || off(f.DistanceOutsideKM, km[1]/patients[1]) {
			t.Errorf("seed %d: %v and %v km, want %v and %v", seed, f.DistanceInsideKM, f.DistanceOutsideKM, km[0]/patients[0], km[1]/patients[1])
		}
		if !(f.Compactness > 0 && f.Compactness <= 1 && f.Reock > 0 && f.Reock <= 1) {
			t.Errorf("seed %d: compactness %v and %v", seed, f.Compactness, f.Reock)
		}
	}
}

// A footprint has one colour in every layer, and no neighbour's.
func TestColoursThroughTheLayers(t *testing.T) {
	for seed := range uint64(40) {
		c := randomCase(t, seed)
		m := New(*c)
		layers, _ := m.Layers()
		colour := map[any]string{}
		for _, l := range layers {
			if l.Style.Field != "footprint" {
				continue
			}
			for _, class := range l.Style.Classes {
				if class.Value == nil {
					continue
				}
				if old, ok := colour[class.Value]; ok && old != class.Colour {
					t.Errorf("seed %d: %v is %s and %s", seed, class.Value, old, class.Colour)
				}
				colour[class.Value] = class.Colour
			}
		}
		for _, b := range c.Boundaries.GroupBorders(m.groupsOf(c.Partition)) {
			if f, g := c.Partition.IDs[b.A], c.Partition.IDs[b.B]; colour[f] == colour[g] {
				t.Errorf("seed %d: neighbours %s and %s are both %s", seed, f, g, colour[f])
			}
		}
	}
}
