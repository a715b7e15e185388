package footprinttest

import (
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"stpmap/flow"
	"stpmap/flow/flowtest"
	"stpmap/flow/portable"
	"stpmap/footprint"
)

// ReadFlows reads area, provider and count from the first columns of a CSV
// file beside the project, or skips the test.
func ReadFlows(t testing.TB, b *flow.Builder, name string) *flow.Matrix {
	t.Helper()
	for _, row := range flowtest.Rows(t, name) {
		if err := b.Add(row[0], row[1], flow.Exactly(Number(t, row[2]))); err != nil {
			t.Fatal(err)
		}
	}
	return Built(t, b)
}

// Number reads a number.
func Number(t testing.TB, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Built is the matrix that a builder makes.
func Built(t testing.TB, b *flow.Builder) *flow.Matrix {
	t.Helper()
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// AdjacencyList is an Adjacency held as lists.
type AdjacencyList [][]int

// Neighbours implements footprint.Adjacency.
func (l AdjacencyList) Neighbours(area int) iter.Seq[int] { return slices.Values(l[area]) }

// England is the real case: flows, populations, and neighbours by shared edges.
func England(t testing.TB) (*flow.Matrix, []float64, AdjacencyList) {
	t.Helper()
	m := ReadFlows(t, flow.NewBuilder(), "england/flows.csv")
	text := flowtest.Read(t, "england/areas.geojson")
	var layer struct {
		Features []struct {
			Properties struct {
				Code       string  `json:"area_code"`
				Population float64 `json:"population"`
			}
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &layer); err != nil {
		t.Fatal(err)
	}
	population := make([]float64, len(m.Areas()))
	lists := make(AdjacencyList, len(m.Areas()))
	type edge [4]float64
	owner := map[edge]int{}
	for _, f := range layer.Features {
		a, ok := m.AreaIndex(f.Properties.Code)
		if !ok {
			t.Fatalf("area %s has no flow", f.Properties.Code)
		}
		population[a] = f.Properties.Population
		var err error
		var polygons [][][][2]float64
		if f.Geometry.Type == "Polygon" {
			polygons = make([][][][2]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
		} else {
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, polygon := range polygons {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					p, q := ring[i-1], ring[i]
					if q[0] < p[0] || q[0] == p[0] && q[1] < p[1] {
						p, q = q, p
					}
					e := edge{p[0], p[1], q[0], q[1]}
					if b, ok := owner[e]; ok && b != a && !slices.Contains(lists[a], b) {
						lists[a], lists[b] = append(lists[a], b), append(lists[b], a)
					}
					owner[e] = a
				}
			}
		}
	}
	return m, population, lists
}

// GridBorders lays n areas out row by row on a grid of the given width.
func GridBorders(n, width int) AdjacencyList {
	b := make(AdjacencyList, n)
	for i := range n {
		if i%width > 0 {
			b[i] = append(b[i], i-1)
		}
		if i%width < width-1 && i+1 < n {
			b[i] = append(b[i], i+1)
		}
		if i >= width {
			b[i] = append(b[i], i-width)
		}
		if i+width < n {
			b[i] = append(b[i], i+width)
		}
	}
	return b
}

// Coast is a line of areas with a gap in the middle and an island at the end.
func Coast(areas int) AdjacencyList {
	lists := make(AdjacencyList, areas)
	for a := 1; a < areas-1; a++ {
		if a != areas/2 {
			lists[a], lists[a-1] = append(lists[a], a-1), append(lists[a-1], a)
		}
	}
	return lists
}

// Square is a chessboard of areas with a provider in every ninth; neighbours
// share a side. The last area is an island.
func Square(t testing.TB, side int, seed uint64) (*flow.Matrix, []float64, AdjacencyList) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 11))
	b := flow.NewBuilder()
	n := side * side
	neighbours := make(AdjacencyList, n)
	population := make([]float64, n)
	for a := range n {
		x, y := a%side, a/side
		population[a] = float64(50_000 + rng.IntN(100_000))
		for px := 1; px < side; px += 3 {
			for py := 1; py < side; py += 3 {
				d := (px-x)*(px-x) + (py-y)*(py-y)
				if w := (2000 + rng.IntN(1000)) / (1 + d*d); w > 5 {
					if err := b.Add(fmt.Sprintf("A%04d", a), fmt.Sprintf("P%02d%02d", px, py), flow.Exactly(float64(w))); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if a == n-1 {
			break
		}
		if x > 0 {
			neighbours[a], neighbours[a-1] = append(neighbours[a], a-1), append(neighbours[a-1], a)
		}
		if y > 0 {
			neighbours[a], neighbours[a-side] = append(neighbours[a], a-side), append(neighbours[a-side], a)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, population, neighbours
}

// RandomMatrix has areas and providers on a plane, whose flows fall with
// distance; every area and provider has some.
func RandomMatrix(t testing.TB, areas, providers int, seed uint64, name func(kind byte, i int) string) *flow.Matrix {
	t.Helper()
	if name == nil {
		name = func(kind byte, i int) string { return fmt.Sprintf("%c%06d", kind, i) }
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	px, py := make([]float64, providers), make([]float64, providers)
	side := math.Sqrt(float64(providers)) * 10
	for p := range providers {
		px[p], py[p] = rng.Float64()*side, rng.Float64()*side
	}
	b := flow.NewBuilder()
	add := func(a, p int, n float64) {
		if err := b.Add(name('A', a), name('P', p), flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	for a := range areas {
		x, y := rng.Float64()*side, rng.Float64()*side
		if a < providers { // nobody without patients
			x, y = px[a]+rng.NormFloat64(), py[a]+rng.NormFloat64()
		}
		for p := range providers {
			d := portable.Hypot(x-px[p], y-py[p])
			if n := math.Floor(1000 * portable.Exp(-d/4) * (0.5 + rng.Float64())); n > 0 || p == a {
				add(a, p, max(n, 1))
			}
		}
	}
	if areas < providers {
		for p := areas; p < providers; p++ {
			add(p%areas, p, 3)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// RandomPlaces is a one-mode matrix of places in clumps.
func RandomPlaces(t testing.TB, n int, seed uint64) *flow.Matrix {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 8))
	b := flow.NewOneModeBuilder()
	for i := range n {
		for range 6 {
			j := rng.IntN(n)
			if rng.Float64() < 0.7 {
				j = (i/10*10 + rng.IntN(10)) % n
			}
			if err := b.Add(fmt.Sprintf("N%05d", i), fmt.Sprintf("N%05d", j), flow.Exactly(float64(1+rng.IntN(20)))); err != nil {
				t.Fatal(err)
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// RandomTowns is a one-mode network of places on a square that send most of
// their flow to near and to large places.
func RandomTowns(t testing.TB, places, flows int, seed uint64) *flow.Matrix {
	rng := rand.New(rand.NewPCG(seed, 0))
	x, y, size := make([]float64, places), make([]float64, places), make([]float64, places)
	for i := range places {
		x[i], y[i], size[i] = rng.Float64(), rng.Float64(), 0.2+rng.ExpFloat64()
	}
	b := flow.NewOneModeBuilder()
	code := func(i int) string { return fmt.Sprintf("P%04d", i) }
	for i := range places {
		_ = b.Add(code(i), code(i), flow.Exactly(float64(int(1+float64(2000*size[i])))))
	}
	for k := places; k < flows; k++ {
		i, j := rng.IntN(places), rng.IntN(places)
		d := float64((x[i]-x[j])*(x[i]-x[j])) + float64((y[i]-y[j])*(y[i]-y[j]))
		_ = b.Add(code(i), code(j), flow.Exactly(float64(int(1+20*size[i]*size[j]/(0.003+d)))))
	}
	return Built(t, b)
}

// RandomFlows is a matrix of areas and providers on a square.
func RandomFlows(t testing.TB, areas, providers int, seed uint64) *flow.Matrix {
	rng := rand.New(rand.NewPCG(seed, 1))
	type point struct{ x, y, size float64 }
	points := func(n int) []point {
		ps := make([]point, n)
		for i := range ps {
			ps[i] = point{rng.Float64(), rng.Float64(), 0.2 + rng.ExpFloat64()}
		}
		return ps
	}
	as, ps := points(areas), points(providers)
	b := flow.NewBuilder()
	for i, a := range as {
		for j, p := range ps {
			d := float64((a.x-p.x)*(a.x-p.x)) + float64((a.y-p.y)*(a.y-p.y))
			n := float64(int(rng.Float64() * 4 * a.size * p.size / (0.002 + d)))
			_ = b.Add(fmt.Sprintf("A%04d", i), fmt.Sprintf("P%03d", j), flow.Exactly(n))
		}
	}
	return Built(t, b)
}

// Table makes a matrix of rows of patients, areas A, B, … by providers P, Q, ….
func Table(t testing.TB, rows ...[]float64) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for a, row := range rows {
		for p, n := range row {
			if err := b.Add(string(rune('A'+a)), string(rune('P'+p)), flow.Exactly(n)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return Built(t, b)
}

// BenchMatrix is a gravity model in which the flows per area do not grow with
// the number of providers: each area draws on the nearest and on some others.
func BenchMatrix(b testing.TB, areas, providers, each int) *flow.Matrix {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	side := int(math.Ceil(math.Sqrt(float64(providers))))
	builder := flow.NewBuilder()
	for a := range areas {
		x, y := rng.IntN(side), rng.IntN(side)
		for range each {
			px, py := x, y
			if rng.Float64() < 0.8 {
				px, py = px+int(2*rng.NormFloat64()), py+int(2*rng.NormFloat64())
			} else {
				px, py = rng.IntN(side), rng.IntN(side)
			}
			p := min(max(0, px), side-1)*side + min(max(0, py), side-1)
			if p >= providers {
				continue
			}
			d := math.Abs(float64(px-x)) + math.Abs(float64(py-y))
			if err := builder.Add(fmt.Sprintf("A%06d", a), fmt.Sprintf("P%04d", p), flow.Exactly(1+math.Floor(200*portable.Exp(-d)*rng.Float64()))); err != nil {
				b.Fatal(err)
			}
		}
	}
	m, _, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	return m
}

func matrixOf(t testing.TB, cells ...any) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for i := 0; i < len(cells); i += 3 {
		if err := b.Add(cells[i].(string), cells[i+1].(string), flow.Exactly(float64(cells[i+2].(int)))); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Three areas, two providers. F1 holds A and B and provider P, F2 holds C and Q.
//
//	      P    Q
//	A   600    0
//	B   200  200
//	C   200  300
func HandWorked(t testing.TB) (*flow.Matrix, footprint.Partition) {
	m := matrixOf(t, "A", "P", 600, "B", "P", 200, "B", "Q", 200, "C", "P", 200, "C", "Q", 300)
	return m, footprint.Partition{Areas: []int32{0, 0, 1}, Providers: []int32{0, 1}, IDs: []string{"F1", "F2"}}
}
