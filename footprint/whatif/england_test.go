package whatif

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"stpmap/flow"
	"stpmap/flow/flowtest"
)

// england is the real case beside the project: districts, trusts and the way
// between them by great circles times 1.3.
func england(t testing.TB) *Data {
	t.Helper()
	b := flow.NewBuilder()
	for _, r := range flowtest.Rows(t, "england/flows.csv") {
		if err := b.Add(r[0], r[1], flow.Exactly(asNumber(t, r[2]))); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	sites := map[string][2]float64{}
	for _, r := range flowtest.Rows(t, "england/providers.csv") {
		sites[r[0]] = [2]float64{asNumber(t, r[2]), asNumber(t, r[3])}
	}
	var areas struct {
		Features []struct {
			Properties struct {
				Code string  `json:"area_code"`
				Lon  float64 `json:"lon"`
				Lat  float64 `json:"lat"`
			}
		}
	}
	if err := json.Unmarshal(flowtest.Read(t, "england/areas.geojson"), &areas); err != nil {
		t.Fatal(err)
	}
	c := Costs{len(m.Providers()), make([]float64, len(m.Areas())*len(m.Providers()))}
	for _, f := range areas.Features {
		a, ok := m.AreaIndex(f.Properties.Code)
		if !ok {
			continue
		}
		for j, code := range m.Providers() {
			s := sites[code]
			c.Row(a)[j] = 1.3 * sphere(f.Properties.Lon, f.Properties.Lat, s[0], s[1])
		}
	}
	d, err := NewData(m, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func asNumber(t testing.TB, text string) float64 {
	t.Helper()
	var x float64
	if err := json.Unmarshal([]byte(text), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// sphere is the haversine distance in kilometres.
func sphere(lon1, lat1, lon2, lat2 float64) float64 {
	const rad = math.Pi / 180
	s, u := math.Sin((lat1-lat2)*rad/2), math.Sin((lon1-lon2)*rad/2)
	return 2 * 6371 * math.Asin(math.Sqrt(s*s+math.Cos(lat1*rad)*math.Cos(lat2*rad)*u*u))
}

// All closures of England, one after the other, by gravity and shares: nobody is
// lost, nobody else moves, patients stay whole.
func TestEnglandClosures(t *testing.T) {
	d := england(t)
	start := time.Now()
	f, err := FitGravity(d, GravityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("gravity fitted in %v, %d steps", time.Since(start), f.Iterations)
	every := 1
	if testing.Short() {
		every = 20
	}
	start = time.Now()
	for j := 0; j < len(d.Matrix.Providers()); j += every {
		for _, m := range []*Model{{Name: GravityModel, Fit: f}, {Name: SharesModel}, {Name: Nearest}} {
			r, err := Run(d, &Scenario{Close: []int{j}}, m)
			if err != nil {
				t.Fatal(err)
			}
			checkClosure(t, d, r, j)
		}
	}
	t.Logf("closures in %v", time.Since(start))
}

// checkClosure holds the flows after a closure against those before.
func checkClosure(t *testing.T, d *Data, r *Result, shut int) {
	t.Helper()
	after, err := r.After()
	if err != nil {
		t.Fatal(err)
	}
	if after.Total() != d.Matrix.Total() || r.Moved != d.Matrix.ColumnCount(shut) || !slices.Equal(after.Areas(), d.Matrix.Areas()) {
		t.Fatalf("%v after, %v before, %v moved", after.Total(), d.Matrix.Total(), r.Moved)
	}
	for a := range d.Matrix.Areas() {
		touched := d.Matrix.At(a, shut).Upper > 0
		to, count := d.Matrix.Row(a)
		for i, j := range to {
			k, ok := after.ProviderIndex(d.Matrix.Providers()[j])
			if int(j) == shut {
				if ok {
					t.Fatal("what closed still has patients")
				}
				continue
			}
			n := after.At(a, k).Value
			if n < count[i] || n != math.Trunc(n) || !touched && n != count[i] {
				t.Fatalf("area %d, provider %d: %v patients, %v before, touched %v", a, j, n, count[i], touched)
			}
		}
		if after.RowTotal(a) != d.Matrix.RowTotal(a) {
			t.Fatalf("area %d: %v patients, %v before", a, after.RowTotal(a), d.Matrix.RowTotal(a))
		}
	}
}
