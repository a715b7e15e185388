package footprint

import (
	"encoding/csv"
	"encoding/json"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"stpmap/flow"
)

// readFlows reads area, provider and count from the first columns of a CSV
// file beside the project, or skips the test.
func readFlows(t testing.TB, b *flow.Builder, path ...string) *flow.Matrix {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "shared"}, path...)...)
	f, err := os.Open(name)
	if err != nil {
		t.Skipf("%s is not here: skipped", name)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		n, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Add(row[0], row[1], flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// adjacencyList is an Adjacency held as lists.
type adjacencyList [][]int

func (l adjacencyList) Neighbours(area int) iter.Seq[int] { return slices.Values(l[area]) }

// england is the real case: flows, populations, and neighbours by shared edges.
func england(t testing.TB) (*flow.Matrix, []float64, adjacencyList) {
	t.Helper()
	m := readFlows(t, flow.NewBuilder(), "england", "flows.csv")
	text, err := os.ReadFile(filepath.Join("..", "..", "shared", "england", "areas.geojson"))
	if err != nil {
		t.Skip("england/areas.geojson is not here: skipped")
	}
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
	lists := make(adjacencyList, len(m.Areas()))
	type edge [4]float64
	owner := map[edge]int{}
	for _, f := range layer.Features {
		a, ok := m.AreaIndex(f.Properties.Code)
		if !ok {
			t.Fatalf("area %s has no flow", f.Properties.Code)
		}
		population[a] = f.Properties.Population
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

// inside gives the share of patients treated in their own footprint and the
// least localisation index.
func inside(m *flow.Matrix, p Partition) (share, weakest float64) {
	in, all := make([]float64, p.Len()), make([]float64, p.Len())
	sum := 0.0
	for a, f := range p.Areas {
		providers, counts := m.Row(a)
		for i, q := range providers {
			all[f] += counts[i]
			if p.Providers[q] == f {
				in[f] += counts[i]
				sum += counts[i]
			}
		}
	}
	weakest = 1
	for f := range in {
		weakest = min(weakest, in[f]/all[f])
	}
	return sum / m.Total().Value, weakest
}
