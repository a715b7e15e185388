package sample_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"stpmap/data/sample"
	"stpmap/data/sample/internal/synthetic"
)

func ExampleFiles() {
	about, err := fs.ReadFile(sample.Files(), "README.txt")
	if err != nil {
		fmt.Println(err)
		return
	}
	first, rest, _ := strings.Cut(string(about), "\n")
	second, _, _ := strings.Cut(rest, "\n")
	fmt.Println(first)
	fmt.Println(second)
	// Output:
	// Synthetic England
	// Synthetic data: no real place or organisation.
}

// rows reads a table of the sample, each row by column name.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := sample.Files().Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(all))
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, h := range all[0] {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestSampleIsSmall(t *testing.T) {
	info, err := os.Stat("sample.zip")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() >= 1_500_000 {
		t.Errorf("embedded sample has %d bytes, want fewer than 1.5 million", info.Size())
	}
}

func TestSampleFS(t *testing.T) {
	err := fstest.TestFS(sample.Files(), "README.txt", "areas.geojson", "flows.csv", "indicators.csv", "population.csv",
		"providers.csv", "reference_partition.csv", "reference_providers.csv", "reference_systems.csv")
	if err != nil {
		t.Error(err)
	}
}

func TestSampleIsWhatTheGeneratorMakes(t *testing.T) {
	files, err := synthetic.Files(synthetic.Seed)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := fs.ReadDir(sample.Files(), ".")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(files) {
		t.Errorf("%d files embedded, %d made", len(entries), len(files))
	}
	for _, f := range files {
		got, err := fs.ReadFile(sample.Files(), f.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, f.Content) {
			t.Errorf("%s differs from what the generator makes; run go generate ./data/sample", f.Name)
		}
	}
}

func TestSampleNamesAreMarked(t *testing.T) {
	if sample.Notice != synthetic.Notice {
		t.Errorf("notice %q, generator's %q", sample.Notice, synthetic.Notice)
	}
	for _, name := range []string{"population.csv", "providers.csv", "reference_partition.csv", "reference_providers.csv", "reference_systems.csv"} {
		for _, r := range rows(t, name) {
			for column, v := range r {
				if strings.HasSuffix(column, "_name") && !strings.HasSuffix(v, " (synthetic)") {
					t.Errorf("%s: name %q is not marked as synthetic", name, v)
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, r := range append(rows(t, "population.csv"), rows(t, "providers.csv")...) {
		name := r["area_name"] + r["provider_name"]
		if seen[name] {
			t.Errorf("two are called %q", name)
		}
		seen[name] = true
	}
	var file struct{ Notice string }
	readGeoJSON(t, &file)
	if file.Notice != sample.Notice {
		t.Errorf("areas.geojson has notice %q", file.Notice)
	}
}

func readGeoJSON(t *testing.T, into any) {
	t.Helper()
	b, err := fs.ReadFile(sample.Files(), "areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func TestSamplePeople(t *testing.T) {
	system := map[string]string{}
	for _, r := range rows(t, "reference_partition.csv") {
		system[r["area_code"]] = r["footprint"]
	}
	total, people := 0.0, map[string]float64{}
	for _, r := range rows(t, "population.csv") {
		n := number(t, r["population"])
		if n < 60_000 || n > 900_000 {
			t.Errorf("%s has %v people, want 60,000 to 900,000", r["area"], n)
		}
		total += n
		people[system[r["area"]]] += n
	}
	if total < 54.5e6 || total > 55.5e6 {
		t.Errorf("%v people, want about 55 million", total)
	}
	systems := rows(t, "reference_systems.csv")
	if len(systems) != sample.Footprints || len(people) != sample.Footprints {
		t.Errorf("%d systems listed and %d with areas, want %d", len(systems), len(people), sample.Footprints)
	}
	for _, r := range systems {
		n := people[r["footprint"]]
		if n < 300_000 || n > 3_000_000 {
			t.Errorf("%s has %v people, want 300,000 to 3 million", r["footprint"], n)
		}
		if n != number(t, r["population"]) {
			t.Errorf("%s: population %s, its areas add up to %v", r["footprint"], r["population"], n)
		}
	}
}

func TestSampleSystemsHaveAreasAndAcuteProviders(t *testing.T) {
	acute := map[string]bool{}
	specialist := 0
	for _, r := range rows(t, "providers.csv") {
		if r["type"] == "acute" {
			acute[r["provider_code"]] = true
		} else {
			specialist++
		}
	}
	if specialist < 3 || len(acute)+specialist < 135 || len(acute)+specialist > 145 {
		t.Errorf("%d acute and %d specialist providers, want about 140 with a few specialists", len(acute), specialist)
	}
	areas, hospitals := map[string]int{}, map[string]int{}
	for _, r := range rows(t, "reference_partition.csv") {
		areas[r["footprint"]]++
	}
	for _, r := range rows(t, "reference_providers.csv") {
		if acute[r["provider_code"]] {
			hospitals[r["footprint"]]++
		}
	}
	for _, r := range rows(t, "reference_systems.csv") {
		if f := r["footprint"]; areas[f] < 1 || hospitals[f] < 1 {
			t.Errorf("%s has %d areas and %d acute providers", f, areas[f], hospitals[f])
		}
	}
	if n := len(rows(t, "population.csv")); n != 200 {
		t.Errorf("%d areas, want 200", n)
	}
}

func TestSampleFlows(t *testing.T) {
	area, provider := map[string]string{}, map[string]string{}
	for _, r := range rows(t, "reference_partition.csv") {
		area[r["area_code"]] = r["footprint"]
	}
	for _, r := range rows(t, "reference_providers.csv") {
		provider[r["provider_code"]] = r["footprint"]
	}
	specialist := map[string]bool{}
	for _, r := range rows(t, "providers.csv") {
		specialist[r["provider_code"]] = r["type"] == "specialist"
	}
	inside, total := 0.0, 0.0
	own, treated := map[string]float64{}, map[string]float64{}
	withheld := map[string]int{}
	for _, r := range rows(t, "flows.csv") {
		a, ok := area[r["area"]]
		p, known := provider[r["provider"]]
		if !ok || !known {
			t.Fatalf("flow between unknown places: %v", r)
		}
		if c := r["count"]; c == "<5" || c == "*" {
			withheld[c]++
			continue
		}
		n := number(t, r["count"])
		total += n
		treated[r["provider"]] += n
		if a == p {
			inside += n
			own[r["provider"]] += n
		}
	}
	if share := inside / total; share < 0.85 || share > 0.93 {
		t.Errorf("%.3f of patients stay inside, want 0.85 to 0.93", share)
	}
	if withheld["<5"] < 100 || withheld["*"] < 100 {
		t.Errorf("withheld cells: %v, want many of both marks", withheld)
	}
	for p := range provider {
		if treated[p] == 0 {
			t.Errorf("provider %s treats nobody", p)
		}
		if specialist[p] && own[p]/treated[p] > 0.6 {
			t.Errorf("specialist %s has a catchment: %.2f of its patients are its system's", p, own[p]/treated[p])
		}
	}
}

func TestSampleUnderperformersAreWorst(t *testing.T) {
	planted := map[string]bool{}
	for _, r := range rows(t, "reference_systems.csv") {
		if r["underperforming"] == "true" {
			planted[r["footprint"]] = true
		}
	}
	if len(planted) != 5 {
		t.Fatalf("%d systems planted as underperforming, want 5", len(planted))
	}
	system := map[string]string{}
	for _, r := range rows(t, "reference_providers.csv") {
		system[r["provider_code"]] = r["footprint"]
	}
	type sum struct{ over, under float64 }
	sums := map[string]map[string]sum{}
	periods := map[string]bool{}
	for _, r := range rows(t, "indicators.csv") {
		periods[r["period"]] = true
		f, ok := system[r["entity"]]
		if r["period"] != "2017/18" || !ok || r["numerator"] == "" {
			continue
		}
		if sums[r["indicator"]] == nil {
			sums[r["indicator"]] = map[string]sum{}
		}
		s := sums[r["indicator"]][f]
		sums[r["indicator"]][f] = sum{s.over + number(t, r["numerator"]), s.under + number(t, r["denominator"])}
	}
	if len(periods) < 2 {
		t.Errorf("%d periods, want two or more", len(periods))
	}
	for _, c := range []struct {
		indicator string
		higher    bool // is better
		standard  float64
	}{
		{"ae_4h", true, 0.95},
		{"dtoc", false, 0.035},
		{"rtt_18w", true, 0.92},
		{"diag_6w", false, 0.01},
		{"cancer_62d", true, 0.85},
		{"cancer_31d", true, 0.96},
		{"cancer_2ww", true, 0.93},
		{"c_difficile", false, 1},
		{"shmi", false, 1},
		{"finance", true, 0},
	} {
		t.Run(c.indicator, func(t *testing.T) {
			type ranked struct {
				system string
				worse  float64 // by how much than the standard
			}
			var order []ranked
			met := 0
			for f, s := range sums[c.indicator] {
				gap := s.over/s.under - c.standard
				if c.higher {
					gap = -gap
				}
				if gap <= 0 {
					met++
				}
				order = append(order, ranked{f, gap})
			}
			slices.SortFunc(order, func(a, b ranked) int {
				if a.worse > b.worse {
					return -1
				}
				return 1
			})
			for _, r := range order[:5] {
				if !planted[r.system] {
					t.Errorf("%s is among the worst five", r.system)
				}
				if r.worse <= 0 {
					t.Errorf("%s meets the standard", r.system)
				}
			}
			if met < 16 {
				t.Errorf("%d systems meet the standard, want most", met)
			}
		})
	}
}

func TestSampleIndicatorsHaveGaps(t *testing.T) {
	reported := map[string]map[string]int{}
	for _, r := range rows(t, "indicators.csv") {
		if reported[r["indicator"]] == nil {
			reported[r["indicator"]] = map[string]int{}
		}
		reported[r["indicator"]][r["period"]]++
		if r["indicator"] == "cqc" {
			if v := number(t, r["value"]); v < 1 || v > 4 {
				t.Errorf("%v: no such band", r)
			}
			continue
		}
		if r["indicator"] != "shmi" && r["indicator"] != "c_difficile" && r["indicator"] != "finance" {
			if n, d := number(t, r["numerator"]), number(t, r["denominator"]); n < 0 || n > d {
				t.Errorf("%v: numerator outside 0 to denominator", r)
			}
		}
	}
	for _, id := range []string{"ae_4h", "cancer_62d", "fft", "finance", "shmi"} {
		if last, before := reported[id]["2017/18"], reported[id]["2016/17"]; last == 0 || last >= before {
			t.Errorf("%s: %d reported in the last year and %d before, want a few missing", id, last, before)
		}
	}
}
