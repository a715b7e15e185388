package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"stpmap/cmd/stpmap/internal/cli"
)

// secretLimit is what the tests ask of --suppress-below.
const secretLimit = 10

// secretFlows are flows with many counts from 1 to 9: each area has a large
// flow, and smaller ones to some of the other providers. Cells that the source
// suppressed are 0.
func secretFlows(seed uint64) (table string, cells map[[2]string]float64) {
	rng := rand.New(rand.NewPCG(seed, 4))
	cells = map[[2]string]float64{}
	var b strings.Builder
	b.WriteString("area,provider,count\n")
	for i := range 24 {
		for j := range 5 {
			n := 0
			switch {
			case i/4 == j || i/4 == 5 && j == 4:
				n = 150 + rng.IntN(700)
			case rng.IntN(10) < 5:
				n = 1 + rng.IntN(9)
			case rng.IntN(10) < 3:
				n = 10 + rng.IntN(60)
			}
			area, provider := fmt.Sprintf("E%02d", i), fmt.Sprintf("P%d", j)
			switch {
			case n == 0 && rng.IntN(4) == 0:
				cells[[2]string{area, provider}] = 0
				fmt.Fprintf(&b, "%s,%s,*\n", area, provider)
			case n > 0:
				cells[[2]string{area, provider}] = float64(n)
				fmt.Fprintf(&b, "%s,%s,%d\n", area, provider, n)
			}
		}
	}
	return b.String(), cells
}

// published is what an attacker reads in one file: flows and totals.
type published struct {
	flows            map[[2]string]float64
	areas, providers map[string]float64
}

func newPublished() *published {
	return &published{flows: map[[2]string]float64{}, areas: map[string]float64{}, providers: map[string]float64{}}
}

// attack tries to find a hidden count, or one under the limit.
func (p *published) attack(t *testing.T, cells map[[2]string]float64) {
	t.Helper()
	if len(p.flows) == 0 || len(p.areas) == 0 || len(p.providers) == 0 {
		t.Fatalf("nothing to attack: %d flows, %d areas, %d providers", len(p.flows), len(p.areas), len(p.providers))
	}
	for key, n := range p.flows {
		if n < secretLimit || n != cells[key] {
			t.Errorf("flow %v is shown as %v, is %v", key, n, cells[key])
		}
	}
	rest := func(kind string, code string, total float64, of func([2]string) string) {
		hidden := 0
		for key, n := range cells {
			if of(key) != code {
				continue
			}
			if shown, ok := p.flows[key]; ok {
				total -= shown
			} else if n > 0 {
				hidden++
			}
		}
		if hidden == 1 {
			t.Errorf("%s %s: all but one of its flows are shown, and its total: the hidden one is %v", kind, code, total)
		}
		if total != 0 && total < secretLimit {
			t.Errorf("%s %s: its total less the flows that are shown is %v, of %d flows", kind, code, total, hidden)
		}
	}
	for code, n := range p.areas {
		if n > 0 && n < secretLimit {
			t.Errorf("area %s: total %v", code, n)
		}
		rest("area", code, n, func(k [2]string) string { return k[0] })
	}
	for code, n := range p.providers {
		if n > 0 && n < secretLimit {
			t.Errorf("provider %s: total %v", code, n)
		}
		rest("provider", code, n, func(k [2]string) string { return k[1] })
	}
}

type secretFeatures struct {
	Features []struct {
		Properties struct {
			Area, Provider, Code string
			Patients             *float64
		}
	}
}

func publishedGeoJSON(t *testing.T, dir string) *published {
	p := newPublished()
	for _, layer := range []string{"flows", "areas", "providers"} {
		raw, err := os.ReadFile(filepath.Join(dir, layer+".geojson"))
		if err != nil {
			t.Fatal(err)
		}
		var c secretFeatures
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Features {
			q := f.Properties
			if q.Patients == nil {
				continue
			}
			switch layer {
			case "flows":
				p.flows[[2]string{q.Area, q.Provider}] = *q.Patients
			case "areas":
				p.areas[q.Code] = *q.Patients
			case "providers":
				p.providers[q.Code] = *q.Patients
			}
		}
	}
	return p
}

func publishedGeoPackage(t *testing.T, dir string) *published {
	db, err := sql.Open("sqlite", filepath.Join(dir, "footprints.gpkg"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := newPublished()
	query := func(text string, each func(a, b string, n float64)) {
		rows, err := db.QueryContext(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var a, b string
			var n float64
			if err := rows.Scan(&a, &b, &n); err != nil {
				t.Fatal(err)
			}
			each(a, b, n)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	query("SELECT area, provider, patients FROM flows WHERE patients IS NOT NULL", func(a, b string, n float64) { p.flows[[2]string{a, b}] = n })
	query("SELECT code, '', patients FROM areas WHERE patients IS NOT NULL", func(a, _ string, n float64) { p.areas[a] = n })
	query("SELECT code, '', patients FROM providers WHERE patients IS NOT NULL", func(a, _ string, n float64) { p.providers[a] = n })
	return p
}

// publishedReport reads the data in the page, with totals from the layers,
// which go out beside it.
func publishedReport(t *testing.T, dir string, totals *published) *published {
	page, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindSubmatch(page)
	if block == nil {
		t.Fatal("the report has no data")
	}
	var d struct {
		Areas     struct{ Code []string }
		Providers struct {
			Code     []string
			Patients []*float64
		}
		Flows struct {
			Area, Provider []int
			Patients       []float64
		}
	}
	if err := json.Unmarshal(block[1], &d); err != nil {
		t.Fatal(err)
	}
	p := newPublished()
	for i := range d.Flows.Area {
		p.flows[[2]string{d.Areas.Code[d.Flows.Area[i]], d.Providers.Code[d.Flows.Provider[i]]}] = d.Flows.Patients[i]
	}
	for j, n := range d.Providers.Patients {
		if n != nil {
			p.providers[d.Providers.Code[j]] = *n
		}
	}
	p.areas = totals.areas
	return p
}

// No file of a run shows a count under --suppress-below, and none can be found
// from the totals beside the flows.
func TestSmallCountsStayHidden(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir)
	for seed := range uint64(12) {
		table, cells := secretFlows(seed)
		flows := filepath.Join(dir, "secret.csv")
		if err := os.WriteFile(flows, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, "out"+strconv.FormatUint(seed, 10))
		args := []string{"run", "--flows", flows, "--providers", filepath.Join(dir, "providers.csv"), "--footprints", "4", "--suppress-below", strconv.Itoa(secretLimit), "--verbose", "-o", out}
		if seed == 0 {
			args = append(args, "--boundaries", filepath.Join(dir, "areas.geojson"))
		}
		_, said := mustRun(t, args...)
		if code := regexp.MustCompile(`\b[EP]\d\d?\b`).FindString(said); code != "" {
			t.Errorf("the log names %s: %s", code, said)
		}
		layers := publishedGeoJSON(t, out)
		layers.attack(t, cells)
		publishedGeoPackage(t, out).attack(t, cells)
		publishedReport(t, out, layers).attack(t, cells)
		checkTables(t, out)
	}
}

// checkTables wants no count of patients under the limit in tables and words.
func checkTables(t *testing.T, dir string) {
	t.Helper()
	for name, text := range contents(t, dir) {
		if !strings.HasSuffix(name, ".csv") {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		head := strings.Split(lines[0], ",")
		for _, line := range lines[1:] {
			for i, cell := range strings.Split(line, ",") {
				n, err := strconv.ParseFloat(cell, 64)
				if err == nil && strings.HasPrefix(head[i], "patients") && n > 0 && n < secretLimit {
					t.Errorf("%s: %s is %v", name, head[i], n)
				}
			}
		}
	}
	for _, name := range []string{"report.html", "provenance.json"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`(?i)\b[1-9] (patients|people|residents)\b`).Find(text); found != nil {
			t.Errorf("%s says %q", name, found)
		}
	}
}

// What explain says of exchanges hides small ones, and what gives them away.
func TestExplainHidesSmallCounts(t *testing.T) {
	dir := t.TempDir()
	for seed := range uint64(3) {
		table, cells := secretFlows(seed)
		flows, partition := filepath.Join(dir, "secret.csv"), filepath.Join(dir, "partition.csv")
		if err := os.WriteFile(flows, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
		mustRun(t, "cluster", "--flows", flows, "--footprints", "4", "-q", "-o", partition)
		raw, err := os.ReadFile(partition)
		if err != nil {
			t.Fatal(err)
		}
		footprintOf := map[string]string{}
		for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
			f := strings.Split(line, ",")
			footprintOf[f[1]] = f[3]
		}
		asked := [][2]string{}
		for code := range footprintOf {
			flag := "--area"
			if code[0] == 'P' {
				flag = "--provider"
			}
			asked = append(asked, [2]string{flag, code})
		}
		for _, f := range []string{"F01", "F02", "F03", "F04"} {
			asked = append(asked, [2]string{"--footprint", f})
		}
		for _, q := range asked {
			var out, said bytes.Buffer
			args := []string{"stpmap", "explain", "--flows", flows, "--partition", partition, q[0], q[1], "--suppress-below", strconv.Itoa(secretLimit), "--json"}
			if status := run(context.Background(), args, strings.NewReader(""), &out, &said); status != 0 {
				t.Fatal(said.String())
			}
			type exchange struct {
				Footprint string
				Patients  float64
			}
			var ex struct {
				Explanation struct {
					Patients  *float64
					Resident  *float64 `json:"patients_resident"`
					Treated   *float64 `json:"patients_treated"`
					Inside    *float64 `json:"patients_inside"`
					Exchanges []exchange
					Out, In   []exchange
				}
			}
			if err := json.Unmarshal(out.Bytes(), &ex); err != nil {
				t.Fatal(err)
			}
			e := ex.Explanation
			// truth adds up the cells that one end of an exchange has with each footprint.
			truth := func(mine func([2]string) bool, theirs int, without string) map[string]float64 {
				sums := map[string]float64{}
				for key, n := range cells {
					if f := footprintOf[key[theirs]]; mine(key) && f != without {
						sums[f] += n
					}
				}
				return sums
			}
			check := func(what string, shown []exchange, truth map[string]float64, total *float64) {
				rest := 0.0
				if total != nil {
					rest = *total
				}
				hidden := 0
				seen := map[string]bool{}
				for _, x := range shown {
					seen[x.Footprint] = true
					rest -= x.Patients
					if x.Patients < secretLimit || x.Patients != truth[x.Footprint] {
						t.Errorf("%v %s: %v with %s, is %v", q, what, x.Patients, x.Footprint, truth[x.Footprint])
					}
				}
				for f, n := range truth {
					if n > 0 && !seen[f] {
						hidden++
					}
				}
				if total != nil && (hidden == 1 || rest > 0 && rest < secretLimit) {
					t.Errorf("%v %s: %d hidden, and what is left of the total is %v", q, what, hidden, rest)
				}
			}
			switch q[0] {
			case "--area":
				check("exchanges", e.Exchanges, truth(func(k [2]string) bool { return k[0] == q[1] }, 1, ""), e.Patients)
			case "--provider":
				check("exchanges", e.Exchanges, truth(func(k [2]string) bool { return k[1] == q[1] }, 0, ""), e.Patients)
			default:
				var leaving, arriving *float64
				if e.Inside != nil && e.Resident != nil && e.Treated != nil {
					a, b := *e.Resident-*e.Inside, *e.Treated-*e.Inside
					leaving, arriving = &a, &b
				}
				check("out", e.Out, truth(func(k [2]string) bool { return footprintOf[k[0]] == q[1] }, 1, q[1]), leaving)
				check("in", e.In, truth(func(k [2]string) bool { return footprintOf[k[1]] == q[1] }, 0, q[1]), arriving)
			}
		}
	}
}

// What is said of inputs holds totals only, and errors quote no count but the
// user's own faulty cell.
func TestValidateNamesNoCell(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir)
	table, _ := secretFlows(1)
	flows := filepath.Join(dir, "secret.csv")
	if err := os.WriteFile(flows, []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(`\b[EP]\d\d?\b`)
	for _, more := range [][]string{nil, {"--json"}, {"--verbose", "--log-format", "json"}} {
		out, said := mustRun(t, append([]string{"validate", "--flows", flows, "--boundaries", filepath.Join(dir, "areas.geojson"), "--providers", filepath.Join(dir, "providers.csv")}, more...)...)
		if code := place.FindString(out + said); code != "" {
			t.Errorf("%v names %s: %s%s", more, code, out, said)
		}
	}
	if err := os.WriteFile(flows, []byte(table+"E01,P1,many\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if status := run(context.Background(), []string{"stpmap", "validate", "--flows", flows}, strings.NewReader(""), &out, &said); status != cli.BadInput {
		t.Fatalf("status %d", status)
	}
	if want := fmt.Sprintf("%s:%d:8: not a number: \"many\"\n", flows, strings.Count(table, "\n")+1); said.String() != want {
		t.Errorf("said %q, want %q", said.String(), want)
	}
}
