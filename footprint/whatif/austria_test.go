package whatif

import (
	"math"
	"strconv"
	"testing"

	"stpmap/flow"
	"stpmap/flow/flowtest"
)

func number(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

// austria is migration between nine states, without those who stay.
func austria(t *testing.T) *Data {
	t.Helper()
	b := flow.NewBuilder()
	rows := flowtest.Records(t, "reference/gravity-bsd3/austria.csv")
	for _, r := range rows {
		if err := b.Add(r["Origin"], r["Destination"], flow.Exactly(number(t, r["Data"]))); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	c := Costs{len(m.Providers()), make([]float64, len(m.Areas())*len(m.Providers()))}
	for _, r := range rows {
		a, _ := m.AreaIndex(r["Origin"])
		j, _ := m.ProviderIndex(r["Destination"])
		c.Row(a)[j] = number(t, r["Dij"])
		if r["Origin"] == r["Destination"] {
			c.Row(a)[j] = math.NaN()
		}
	}
	d, err := NewData(m, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// masses are the sizes of the states as destinations.
func masses(t *testing.T, d *Data) []float64 {
	t.Helper()
	sizes := make([]float64, len(d.Matrix.Providers()))
	for _, r := range flowtest.Records(t, "reference/gravity-bsd3/masses.csv") {
		j, _ := d.Matrix.ProviderIndex(r["zone"])
		sizes[j] = number(t, r["destination_mass"])
	}
	return sizes
}

// Values of pysal/spint's tests (BSD-3-Clause, © PySAL developers), data of
// Dennett 2012.
func TestAustria(t *testing.T) {
	d := austria(t)
	sizes := masses(t, d)
	fit := func(o GravityOptions) *Fit {
		f, err := FitGravity(d, o)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := fit(GravityOptions{BySize: true, Sizes: sizes})
	near(t, "γ", f.Gamma, 0.892787170888, 1e-6)
	near(t, "β", f.Beta, 0.007271133930, 1e-6)
	// spint's fit ends a little early, and its deviance leaves Σ(y − μ) out, which
	// is then not 0: it lies 1.2e-4 below the least that there is.
	near(t, "deviance", f.Deviance, 15279.974241770311, 1e-6*15280)
	near(t, "likelihood", f.LogLikelihood, -7930.3255090342445, 1e-6)
	near(t, "likelihood of the choices", f.ChoiceLogLikelihood, -133748.290917, 1e-6)
	near(t, "error of γ", f.GammaSE, 0.00466895, 1e-8)
	near(t, "error of β", f.BetaSE, 0.0000526615, 1e-10)
	f = fit(GravityOptions{BySize: true, Sizes: sizes, Power: true})
	near(t, "power: γ", f.Gamma, 0.728627746819, 1e-6)
	near(t, "power: β", f.Beta, 1.156645320469, 1e-6)
	near(t, "power: deviance", f.Deviance, 10276.75844233, 1e-6)
	f = fit(GravityOptions{})
	near(t, "effects: β", f.Beta, 0.00791533, 5e-9)
	near(t, "effects: deviance", f.Deviance, 9360.482092561484, 1e-6*9360)
	near(t, "effects: deviance from the likelihood", f.Deviance, 15279.974241770311-2*(7930.3255090342445-4970.5795707251054), 1e-3)
	near(t, "effects: likelihood", f.LogLikelihood, -4970.5795707251054, 1e-6)
}

func TestAustriaWithoutAT31(t *testing.T) {
	d := austria(t)
	sizes := masses(t, d)
	f, err := FitGravity(d, GravityOptions{BySize: true, Sizes: sizes})
	if err != nil {
		t.Fatal(err)
	}
	shut, _ := d.Matrix.ProviderIndex("AT31")
	s := &Scenario{Close: []int{shut}}
	r, err := Run(d, s, &Model{Name: GravityModel, Fit: f})
	if err != nil {
		t.Fatal(err)
	}
	diversion := map[string]float64{}
	for _, v := range r.Diversion {
		diversion[r.Codes[v.To]] = v.Share
	}
	w := newWorld(d, s)
	n := len(w.codes)
	cost, share := make([]float64, n), make([]float64, n)
	expected := func(after bool, j int) (sum float64) {
		m := &Model{Name: GravityModel, Fit: f}
		for a := range d.Matrix.Areas() {
			m.choose(w, a, after, cost, share)
			sum += d.flows.total[a] * share[j]
		}
		return sum
	}
	moved := d.Matrix.ColumnTotal(shut)
	for _, row := range flowtest.Records(t, "reference/gravity-bsd3/closure_AT31.csv") {
		code := row["destination"]
		j, _ := d.Matrix.ProviderIndex(code)
		near(t, code+" model", expected(false, j), number(t, row["model"]), 1e-6)
		near(t, code+" model, closed", expected(true, j), number(t, row["model_AT31_closed"]), 1e-6)
		if code == "AT31" {
			continue
		}
		near(t, code+" diversion", diversion[code], number(t, row["diversion_from_AT31"]), 5e-7)
		near(t, code+" hybrid", number(t, row["observed"])+moved*diversion[code], number(t, row["hybrid_AT31_closed"]), 1e-6)
		if got, want := r.Loads[j].Value, number(t, row["hybrid_AT31_closed"]); math.Abs(got-want) > 8 || got != math.Trunc(got) {
			t.Errorf("%s: %v patients, want about %v", code, got, want)
		}
	}
	if r.Loads[shut].Upper != 0 || r.Moved.Value != moved {
		t.Errorf("%v patients at what closed, %v moved of %v", r.Loads[shut], r.Moved, moved)
	}
}

// Discharges of healthcare.antitrust 0.1.4 (CC0): cells of diagnosis, age and
// postcode, the small ones pooled by diagnosis and age, and then by postcode.
func TestDiversionRatios(t *testing.T) {
	rows := flowtest.Records(t, "reference/diversion-cc0/discharge_data.csv")
	cellOf := func(r map[string]string) string { return r["drg"] + "/" + r["age"] + "/" + r["zip5"] }
	b := flow.NewBuilder()
	for _, r := range rows {
		if err := b.Add(cellOf(r), r["hosp_id"], flow.Exactly(1)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	layers := [][]int32{make([]int32, len(m.Areas())), make([]int32, len(m.Areas()))}
	numbers := map[string]int32{}
	for _, r := range rows {
		a, _ := m.AreaIndex(cellOf(r))
		for k, unit := range []string{r["drg"] + "/" + r["age"], "zip" + r["zip5"]} {
			if _, ok := numbers[unit]; !ok {
				numbers[unit] = int32(len(numbers))
			}
			layers[k][a] = numbers[unit]
		}
	}
	d, err := NewData(m, Costs{}, layers)
	if err != nil {
		t.Fatal(err)
	}
	ratio := map[[2]string]float64{}
	for _, system := range [][]string{{"1", "2"}, {"5"}} {
		s := &Scenario{}
		for _, code := range system {
			j, _ := m.ProviderIndex(code)
			s.Close = append(s.Close, j)
		}
		r, err := Run(d, s, &Model{Name: SharesModel})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Diversion {
			ratio[[2]string{r.Codes[v.From], r.Codes[v.To]}] = v.Share
		}
	}
	want := flowtest.Records(t, "reference/diversion-cc0/expected.csv")
	for _, w := range want {
		near(t, w["from"]+" to "+w["to"], ratio[[2]string{w["from"], w["to"]}], number(t, w["diversion"]), 0.0005)
	}
	if len(want) != 19 || len(ratio) != 19 {
		t.Errorf("%d ratios of %d", len(ratio), len(want))
	}
	list := Mergers(d, &Scenario{Join: []Joining{{"1", "2", "S1"}, {"S1", "5", "S1+S5"}}})
	near(t, "willingness to pay", 100*list[1].Rise(), 6.857682, 5e-7)
}

func TestCatchments(t *testing.T) {
	toy := flowtest.Records(t, "reference/access-bsd3/toy.csv")
	for _, want := range flowtest.Records(t, "reference/access-bsd3/expected.csv") {
		people, supply := []float64{100, 50, 10}, []float64{15, 20, 100}
		cost := func(a int, out []float64) {
			for j := range out {
				out[j] = math.NaN()
			}
			out[a] = 0
			for _, r := range toy {
				if r["scenario"] == want["scenario"] && r["origin"] == strconv.Itoa(a+1) {
					out[int(number(t, r["dest"]))-1] = number(t, r["cost"])
				}
			}
		}
		i := int(number(t, want["place"])) - 1
		what := "scenario " + want["scenario"] + ", place " + want["place"]
		near(t, what, Access(people, supply, cost, Within(61))[i], number(t, want["access_binary_cutoff61"]), 1e-9)
		near(t, what+", power", Access(people, supply, cost, Power(61))[i], number(t, want["access_gravity_power1_cutoff61"]), 1e-9)
	}
}
