package synthetic

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// otherSeeds are countries that are not the embedded one: what must hold, holds
// of any.
var otherSeeds = []uint64{11}

var others = sync.OnceValue(func() map[uint64][]File {
	out := map[uint64][]File{}
	for _, s := range otherSeeds {
		files, err := Files(s)
		if err == nil {
			out[s] = files
		}
	}
	return out
})

var populatedSample = sync.OnceValues(func() (*country, error) { return populated(Seed) })

// inhabited is the country of the embedded sample with hospitals and patients.
func inhabited(t *testing.T) *country {
	t.Helper()
	c, err := populatedSample()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func csvOf(t *testing.T, files []File, name string) []map[string]string {
	t.Helper()
	for _, f := range files {
		if f.Name != name {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(f.Content)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var out []map[string]string
		for _, r := range rows[1:] {
			m := map[string]string{}
			for i, h := range rows[0] {
				m[h] = r[i]
			}
			out = append(out, m)
		}
		return out
	}
	t.Fatalf("no file %s", name)
	return nil
}

func TestOtherSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("makes another country")
	}
	made := others()
	if len(made) != len(otherSeeds) {
		t.Fatalf("%d of %d countries could be made", len(made), len(otherSeeds))
	}
	flows := map[string]bool{string(inhabited(t).flowsTable()): true}
	for seed, files := range made {
		people := csvOf(t, files, "population.csv")
		total, areas := 0.0, map[string]bool{}
		for _, r := range people {
			n := atof(t, r["population"])
			if n < leastPeople || n > mostPeople || areas[r["area"]] {
				t.Errorf("seed %d: area %s has %v people", seed, r["area"], n)
			}
			total += n
			areas[r["area"]] = true
		}
		if len(areas) != areaCount || math.Abs(total-totalPeople) > totalPeople*0.05 {
			t.Errorf("seed %d: %d areas, %v people", seed, len(areas), total)
		}
		providers := map[string]bool{}
		for _, r := range csvOf(t, files, "providers.csv") {
			lon, lat := atof(t, r["lon"]), atof(t, r["lat"])
			if providers[r["provider_code"]] || lon < -6.5 || lon > 2 || lat < 49.8 || lat > 56 {
				t.Errorf("seed %d: provider %v", seed, r)
			}
			providers[r["provider_code"]] = true
		}
		if len(providers) != acuteCount+specialists {
			t.Errorf("seed %d: %d providers", seed, len(providers))
		}
		patients := 0.0
		for _, r := range csvOf(t, files, "flows.csv") {
			if !areas[r["area"]] || !providers[r["provider"]] {
				t.Fatalf("seed %d: flow %v", seed, r)
			}
			if n, err := strconv.ParseFloat(r["count"], 64); err == nil {
				patients += n
			} else if r["count"] != "*" && r["count"] != "<5" {
				t.Fatalf("seed %d: count %q", seed, r["count"])
			}
		}
		if share := patients / total; share < 0.2 || share > 0.3 {
			t.Errorf("seed %d: %v patients of %v people", seed, patients, total)
		}
		for _, f := range files {
			if f.Name == "flows.csv" {
				flows[string(f.Content)] = true
			}
		}
	}
	if len(flows) != 1+len(made) {
		t.Error("two seeds, the same flows")
	}
}

// The polygons of any country are GeoJSON (RFC 7946): rings closed, outer ones
// counter-clockwise, the point inside.
func TestOtherSeedsGeoJSON(t *testing.T) {
	if testing.Short() {
		t.Skip("makes another country")
	}
	for seed, files := range others() {
		for _, f := range files {
			if f.Name != "areas.geojson" {
				continue
			}
			var got struct {
				Type     string
				Features []struct {
					Properties map[string]any
					Geometry   struct {
						Type        string
						Coordinates json.RawMessage
					}
				}
			}
			if err := json.Unmarshal(f.Content, &got); err != nil {
				t.Fatal(err)
			}
			if got.Type != "FeatureCollection" || len(got.Features) != areaCount {
				t.Fatalf("seed %d: %s of %d", seed, got.Type, len(got.Features))
			}
			for _, a := range got.Features {
				var polygons [][][][2]float64
				if a.Geometry.Type == "Polygon" {
					polygons = make([][][][2]float64, 1)
					if err := json.Unmarshal(a.Geometry.Coordinates, &polygons[0]); err != nil {
						t.Fatal(err)
					}
				} else if err := json.Unmarshal(a.Geometry.Coordinates, &polygons); err != nil {
					t.Fatal(err)
				}
				for _, rings := range polygons {
					for k, r := range rings {
						if len(r) < 4 || r[0] != r[len(r)-1] {
							t.Fatalf("seed %d: a ring of %d points is not closed", seed, len(r))
						}
						area := 0.0
						for i := range len(r) - 1 {
							area += r[i][0]*r[i+1][1] - r[i+1][0]*r[i][1]
						}
						if (area > 0) != (k == 0) {
							t.Errorf("seed %d: %v: ring %d runs the wrong way", seed, a.Properties["area_code"], k)
						}
					}
				}
				if name, _ := a.Properties["area_name"].(string); !strings.HasSuffix(name, "(synthetic)") {
					t.Errorf("seed %d: name %q", seed, name)
				}
			}
		}
	}
}

// The same seed gives the same bytes, in whatever order countries are made.
func TestSameSeedSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("makes a country twice")
	}
	first := others()[otherSeeds[0]]
	again, err := Files(otherSeeds[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != len(again) {
		t.Fatalf("%d files, then %d", len(first), len(again))
	}
	for i := range first {
		if first[i].Name != again[i].Name || !bytes.Equal(first[i].Content, again[i].Content) {
			t.Errorf("%s differs", first[i].Name)
		}
	}
}

// Each system has its figures: failing ones do worse where it counts.
func TestMeasures(t *testing.T) {
	rng := stream(3, 3)
	for _, m := range measures {
		if m.base <= 0 || m.perSpell <= 0 || m.spread <= 0 || m.domain < 0 || m.domain >= domains {
			t.Errorf("%+v", m)
		}
		var usual, poor float64
		for range 200 {
			for _, c := range []struct {
				x   float64
				sum *float64
			}{{0, &usual}, {m.severity, &poor}} {
				numerator, denominator := m.draw(60_000, c.x, rng)
				n, d := atof(t, numerator), atof(t, denominator)
				if n < 0 || d < 20 || m.kind != ratio && n > d {
					t.Fatalf("%s: %s of %s", m.id, numerator, denominator)
				}
				if m.kind == within {
					n = d - n
				}
				*c.sum += n / d
			}
		}
		if poor <= usual {
			t.Errorf("%s: %v where things go wrong, %v as usual", m.id, poor, usual)
		}
	}
}

// What is withheld is what its publisher withholds, and nothing else.
func TestPrinted(t *testing.T) {
	c := inhabited(t)
	seen := map[string]int{}
	for _, f := range c.flows {
		text := c.printed(f)
		strict := c.areas[f.area].system%6 == 1
		switch {
		case strict && f.patients <= 7:
			if text != "*" {
				t.Fatalf("%d patients are printed %s", f.patients, text)
			}
		case f.patients < 5:
			if text != "<5" {
				t.Fatalf("%d patients are printed %s", f.patients, text)
			}
		case text != strconv.Itoa(f.patients):
			t.Fatalf("%d patients are printed %s", f.patients, text)
		}
		if _, err := strconv.Atoi(text); err != nil {
			seen[text]++
		}
	}
	if seen["*"] == 0 || seen["<5"] == 0 {
		t.Errorf("withheld: %v", seen)
	}
}

// Chances of where people go add up to one, and the pull of a hospital falls
// with the way to it.
func TestTravelChances(t *testing.T) {
	c := inhabited(t)
	for a := 0; a < len(c.areas); a += 7 {
		ar := c.areas[a]
		pull, natural := c.pull(ar)
		if natural < 0 || natural > 1 {
			t.Fatalf("area %d: %v of the pull from inside", a, natural)
		}
		chance := c.chances(ar, pull, 0.8)
		sum, inside := 0.0, 0.0
		for j, p := range c.providers {
			if chance[j] < 0 || p.specialist != (pull[j] == 0) {
				t.Fatalf("area %d: chance %v, pull %v of %s", a, chance[j], pull[j], p.name)
			}
			sum += chance[j]
			if p.system == ar.system && !p.specialist {
				inside += chance[j]
			}
		}
		if math.Abs(sum-1) > 1e-9 || math.Abs(inside-0.978*0.8) > 1e-9 {
			t.Errorf("area %d: chances of %v, %v inside", a, sum, inside)
		}
	}
	natural := make([]float64, len(c.areas))
	for a := range c.areas {
		_, natural[a] = c.pull(c.areas[a])
	}
	systems := map[int]bool{}
	torn := c.torn(natural)
	for a := range torn {
		if systems[c.areas[a].system] {
			t.Errorf("two areas of system %d look two ways", c.areas[a].system)
		}
		systems[c.areas[a].system] = true
	}
	if len(torn) != ambiguous {
		t.Errorf("%d areas look two ways, want %d", len(torn), ambiguous)
	}
}

// Centres are cells, none twice, and parts add up.
func TestCentres(t *testing.T) {
	l := honeycomb()
	rng := stream(4, 4)
	var cells []int
	weight := make([]float64, l.cells())
	for r := 100; r < 140; r++ {
		for c := 100; c < 140; c++ {
			i := r*columns + c
			cells = append(cells, i)
			weight[i] = 1 + rng.Float64()
		}
	}
	for _, n := range []int{1, 2, 9} {
		got := centres(l, n, 5, cells, weight, rng)
		seen := map[int]bool{}
		for _, i := range got {
			r, c := i/columns, i%columns
			if seen[i] || r < 100 || r >= 140 || c < 100 || c >= 140 {
				t.Fatalf("%d centres: %v", n, got)
			}
			seen[i] = true
		}
		if len(got) != n {
			t.Fatalf("%d centres: %v", n, got)
		}
	}
	for range 300 {
		w := make([]float64, 1+rng.IntN(12))
		for i := range w {
			w[i] = 0.1 + rng.Float64()
		}
		total := 2*len(w) + rng.IntN(100)
		sum := 0
		for _, p := range share(total, w, 2) {
			if p < 2 {
				t.Fatalf("a part of %d", p)
			}
			sum += p
		}
		if sum != total {
			t.Fatalf("parts add up to %d of %d", sum, total)
		}
	}
}
