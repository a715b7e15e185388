package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/command/job"
	"stpmap/data/sample"
)

// sampleTables writes the sample's tables into a folder.
func sampleTables(t testing.TB, dir string) {
	t.Helper()
	if err := os.CopyFS(dir, sample.Files()); err != nil {
		t.Fatal(err)
	}
}

// shuffled is a table with its rows in another order, its header first.
func shuffled(text []byte, seed uint64) []byte {
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n")+"\n", "\n")
	rows := lines[1 : len(lines)-1]
	rand.New(rand.NewPCG(seed, 2)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return []byte(strings.Join(lines, ""))
}

// tabbed is a CSV table as gzip of TSV.
func tabbed(t testing.TB, text []byte) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := csv.NewWriter(z)
	w.Comma = '\t'
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reordered is a GeoJSON file with its features in another order.
func reordered(t testing.TB, text []byte, seed uint64) []byte {
	t.Helper()
	var c map[string]json.RawMessage
	var features []json.RawMessage
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(c["features"], &features); err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewPCG(seed, 3)).Shuffle(len(features), func(i, j int) { features[i], features[j] = features[j], features[i] })
	c["features"], _ = json.Marshal(features)
	out, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameFolders wants two folders of the same files; of provenance only what does
// not hang on the input's files and the clock.
func sameFolders(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	if g, w := slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)); !slices.Equal(g, w) {
		t.Fatalf("files %v, want %v", g, w)
	}
	for name := range want {
		a, b := got[name], want[name]
		if name == "provenance.json" {
			a, b = withoutKeys(t, a, "inputs", "understood", "seconds"), withoutKeys(t, b, "inputs", "understood", "seconds")
		}
		if !bytes.Equal(a, b) {
			at := 0
			for at < min(len(a), len(b)) && a[at] == b[at] {
				at++
			}
			t.Errorf("%s differs at byte %d: %q and %q", name, at, cut(a, at), cut(b, at))
		}
	}
}

func cut(text []byte, at int) []byte { return text[max(0, at-60):min(len(text), at+60)] }

func withoutKeys(t *testing.T, text []byte, keys ...string) []byte {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if _, ok := object[k]; !ok {
			t.Errorf("no key %q", k)
		}
		delete(object, k)
	}
	out, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The sample's whole folder is the same bytes from rows in any order, plain or
// as gzip of TSV, with one job or eight, on one processor or all.
func TestSampleFolderSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("the whole sample, several times over: left out by -short")
	}
	dir := t.TempDir()
	one, other := filepath.Join(dir, "one"), filepath.Join(dir, "other")
	sampleTables(t, one)
	first := filepath.Join(dir, "first")
	mustRun(t, "run", "--flows", filepath.Join(one, "flows.csv"), "--boundaries", filepath.Join(one, "areas.geojson"), "--providers", filepath.Join(one, "providers.csv"),
		"--indicators", filepath.Join(one, "indicators.csv"), "--footprints", "37", "--restarts", "2", "--bootstrap", "3", "--jobs", "1", "-q", "-o", first)
	files := map[string][]byte{}
	for name, text := range contents(t, one) {
		switch {
		case name == "flows.csv":
			files["flows.tsv.gz"] = tabbed(t, shuffled(text, 1))
		case name == "areas.geojson":
			files[name] = reordered(t, text, 2)
		case strings.HasSuffix(name, ".csv"):
			files[name] = shuffled(text, 3)
		}
	}
	put(t, other, files)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	second := filepath.Join(dir, "second")
	mustRun(t, "run", "--flows", filepath.Join(other, "flows.tsv.gz"), "--boundaries", filepath.Join(other, "areas.geojson"), "--providers", filepath.Join(other, "providers.csv"),
		"--indicators", filepath.Join(other, "indicators.csv"), "--footprints", "37", "--restarts", "2", "--bootstrap", "3", "--jobs", "8", "-q", "-o", second)
	got, want := contents(t, second), contents(t, first)
	for _, name := range []string{"report.html", "footprints.gpkg", "footprints.qgz", "footprints.png", "scores.csv", "provenance.json", "charts/heatmap.png"} {
		if len(want[name]) == 0 {
			t.Errorf("%s was not written", name)
		}
	}
	sameFolders(t, got, want)
	// What a folder's writing refuses to overwrite is what it writes.
	for name := range want {
		if !strings.Contains(name, "/") && !slices.Contains((&job.Options{}).Writes(), name) {
			t.Errorf("%s is not among the names that run may write", name)
		}
	}
}

// Each of the same things alone, on a small job, and a second run over the
// first.
func TestSmallFolderSameBytes(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir)
	path := func(name string) string { return filepath.Join(dir, name) }
	flows, err := os.ReadFile(path("flows.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"shuffled.csv": shuffled(flows, 4), "flows.tsv.gz": tabbed(t, flows)} {
		if err := os.WriteFile(path(name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	job := func(flows, out string, more ...string) map[string][]byte {
		mustRun(t, append([]string{"run", "--flows", path(flows), "--providers", path("providers.csv"), "--footprints", "3", "-q", "-o", path(out)}, more...)...)
		return contents(t, path(out))
	}
	want := job("flows.csv", "out")
	for _, c := range []struct{ name, flows, out, jobs string }{
		{"second run", "flows.csv", "out", "0"},
		{"shuffled", "shuffled.csv", "out2", "0"},
		{"gzip of TSV", "flows.tsv.gz", "out3", "0"},
		{"one job", "flows.csv", "out4", "1"},
		{"eight jobs", "flows.csv", "out5", "8"},
	} {
		t.Run(c.name, func(t *testing.T) { sameFolders(t, job(c.flows, c.out, "--jobs", c.jobs), want) })
	}
}
