package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/command"
)

// Every flag that names a file to read takes - for standard input: the file's
// own content gives the result that the file gives, and what cannot be read is
// refused by the name "standard input".
func TestEveryInputFromStandardInput(t *testing.T) {
	if testing.Short() {
		t.Skip("some two hundred commands: not with -short")
	}
	dir := t.TempDir()
	writeCase(t, dir)
	path := func(name string) string { return filepath.Join(dir, name) }
	places := []string{"--boundaries", path("areas.geojson"), "--providers", path("providers.csv")}
	flows := []string{"--flows", path("flows.csv")}
	partition := []string{"--partition", path("partition.csv")}
	mustRun(t, "cluster", "-q", flows[0], flows[1], "--footprints", "3", "-o", path("partition.csv"))
	indicators := "entity,indicator,numerator,denominator\n"
	for j := range 5 {
		indicators += fmt.Sprintf("P%d,ae_4h,%d,1000\n", j, 900-20*j)
	}
	session := `{"stpmap":"session","version":"1","flow_sha256":"x","footprints":["F01","F02"],"places":[["area","A","Aber","F01"],["area","B","","F02"],["provider","X","","F01"],["provider","Y","","F02"]]}` + "\n" +
		`{"op":"move","areas":["B"],"footprint":"F01"}` + "\n"
	for name, text := range map[string]string{"indicators.csv": indicators, "query.sql": "SELECT a, p FROM t", "session.jsonl": session} {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bases := map[string][]string{
		"ingest":    {"--from", path("flows.csv"), "-o", path("pairs.csv")},
		"import":    {"--in", path("flows.csv"), "-o", path("flows2.csv")},
		"validate":  slices.Concat(flows, places),
		"cluster":   slices.Concat(flows, places, []string{"--footprints", "3", "-o", path("p.csv")}),
		"run":       slices.Concat(flows, places, []string{"--footprints", "3", "-o", path("out")}),
		"compare":   slices.Concat(flows, places, []string{"--footprints", "2:3", "--seeds", "2", "-o", path("sweep")}),
		"score":     slices.Concat(flows, partition, []string{"--indicators", path("indicators.csv"), "--draws", "0", "-o", path("scores")}),
		"explain":   slices.Concat(flows, partition, []string{"--area", "E03"}),
		"merge":     slices.Concat(flows, partition, places, []string{"-o", path("merged")}),
		"ensemble":  slices.Concat(flows, partition, places, []string{"--footprints", "3", "--samples", "32", "-o", path("maps")}),
		"whatif":    slices.Concat(flows, places, []string{"--close", "P1", "-o", path("after")}),
		"demo":      {"-o", path("demo")},
		"replay":    {"--session", path("session.jsonl"), "-o", path("replayed.csv")},
		"sql":       {"--dialect", "trino", "--query-file", path("query.sql"), "--area", "a", "--provider", "p"},
		"render":    slices.Concat(partition, places, []string{"-o", path("map.geojson")}),
		"workbench": slices.Concat(flows, places, []string{"-o", path("page.html")}),
	}
	commands := command.App().Commands
	for _, c := range commands {
		base, ok := bases[c.Name]
		if !ok {
			if slices.ContainsFunc(inputFlags(t, c.Name), func(name string) bool { return name != "config" }) {
				t.Errorf("%s reads files, and has no line here", c.Name)
			}
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for _, name := range inputFlags(t, c.Name) {
				given := slices.Index(base, "--"+name)
				args, content := slices.Concat(base, []string{"--" + name, "-"}), []byte("what\nnobody\nreads\n")
				if given >= 0 {
					var err error
					if content, err = os.ReadFile(base[given+1]); err != nil {
						t.Fatal(err)
					}
					args = slices.Clone(base)
					args[given+1] = "-"
				}
				status, said := standardInput(t, c.Name, args, content)
				if given >= 0 && status != 0 {
					t.Errorf("--%s - with a good file: status %d: %s", name, status, said)
				}
				// What was read is in the provenance by its hash.
				provenance, err := os.ReadFile(filepath.Join(base[len(base)-1], "provenance.json"))
				if given >= 0 && err == nil && !bytes.Contains(provenance, []byte(`"name": "standard input"`)) {
					t.Errorf("--%s - is not in the provenance: %s", name, provenance)
				}
				if status > 3 || status == 1 || regexp.MustCompile(`(?m)^-:|no such file`).MatchString(said) {
					t.Errorf("--%s -: status %d: %s", name, status, said)
				}
			}
		})
	}
}

// inputFlags are the flags of a command that name files to read.
func inputFlags(t *testing.T, name string) (names []string) {
	t.Helper()
	text, _ := mustRun(t, name, "--help-json")
	var help struct {
		Flags []struct{ Name, Kind string }
	}
	if err := json.Unmarshal([]byte(text), &help); err != nil {
		t.Fatal(err)
	}
	for _, f := range help.Flags {
		if f.Kind == "file" || f.Kind == "source" || f.Kind == "builtin" {
			names = append(names, f.Name)
		}
	}
	return names
}

// standardInput runs a command with that standard input; a panic is a fault.
func standardInput(t *testing.T, name string, args []string, content []byte) (status int, said string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s %s: panic: %v", name, strings.Join(args, " "), p)
		}
	}()
	var out, err bytes.Buffer
	status = run(t.Context(), slices.Concat([]string{"stpmap", name, "-q"}, args), bytes.NewReader(content), &out, &err)
	return status, err.String()
}
