package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// columnSum reads a column of a table as numbers and adds it up.
func columnSum(t *testing.T, file, name string) float64 {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sum, found := 0.0, false
	for i, head := range rows[0] {
		if head != name {
			continue
		}
		found = true
		for _, row := range rows[1:] {
			n, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				t.Fatalf("%s: %s is %q", file, name, row[i])
			}
			sum += n
		}
	}
	if !found {
		t.Fatalf("%s has no column %q", file, name)
	}
	return sum
}

func readJSON(t *testing.T, text string) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// Every patient of the sample's table is in the outputs, once: the totals are
// those that one gets by adding up the file by hand, with the bounds of its
// suppressed cells.
func TestSampleTotalsAreKept(t *testing.T) {
	dir := t.TempDir()
	sampleTables(t, dir)
	flows := filepath.Join(dir, "flows.csv")
	raw, err := os.ReadFile(flows)
	if err != nil {
		t.Fatal(err)
	}
	var published, lower, upper float64
	suppressed := 0
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		cell := line[strings.LastIndexByte(line, ',')+1:]
		if n, err := strconv.ParseFloat(cell, 64); err == nil {
			published, lower, upper = published+n, lower+n, upper+n
			continue
		}
		below, ok := strings.CutPrefix(cell, "<")
		n, err := strconv.ParseFloat(below, 64)
		if !ok && cell == "*" {
			n, err = 8, nil
		}
		if err != nil {
			t.Fatalf("cell %q", cell)
		}
		lower, upper = lower+1, upper+n-1
		suppressed++
	}
	if suppressed == 0 {
		t.Fatal("the sample has no suppressed cell")
	}

	out, _ := mustRun(t, "validate", "--flows", flows, "--json")
	v := readJSON(t, out)
	folder := filepath.Join(dir, "out")
	summary, _ := mustRun(t, "run", "--flows", flows, "--providers", filepath.Join(dir, "providers.csv"), "--footprints", "37", "--restarts", "1", "--json", "-q", "-o", folder)
	s := readJSON(t, summary)
	text, err := os.ReadFile(filepath.Join(folder, "provenance.json"))
	if err != nil {
		t.Fatal(err)
	}
	p := readJSON(t, string(text))
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"validate patients", v["patients"], published},
		{"validate lower bound", v["patients_lower"], lower},
		{"validate upper bound", v["patients_upper"], upper},
		{"validate suppressed cells", v["suppressed_cells"], float64(suppressed)},
		{"provenance patients", p["patients"], published},
		{"provenance lower bound", p["patients_lower"], lower},
		{"provenance upper bound", p["patients_upper"], upper},
		{"provenance suppressed cells", p["suppressed_cells"], float64(suppressed)},
		{"run patients", s["patients"], published},
		{"residents of footprints", columnSum(t, filepath.Join(folder, "footprints.csv"), "patients_resident"), published},
		{"treated in footprints", columnSum(t, filepath.Join(folder, "footprints.csv"), "patients_treated"), published},
		{"areas of footprints", columnSum(t, filepath.Join(folder, "footprints.csv"), "areas"), v["areas"]},
		{"providers of footprints", columnSum(t, filepath.Join(folder, "footprints.csv"), "providers"), v["providers"]},
		{"unplaced areas", s["unplaced_areas"], 0.0},
		{"unplaced providers", s["unplaced_providers"], 0.0},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
