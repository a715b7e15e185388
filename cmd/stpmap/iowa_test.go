package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/flow/flowtest"
)

// iowa writes Iowa's 99 counties into a folder: a small square at the middle of
// each, the neighbours as links, people and the districts enacted in 2011.
func iowa(t *testing.T, dir string) {
	t.Helper()
	code := map[string]string{}
	var shapes []string
	enacted := "area,district\n"
	for _, n := range flowtest.Records(t, "reference/iowa-mit/nodes.csv") {
		number := func(column string) float64 {
			x, err := strconv.ParseFloat(n[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		code[n["id"]] = n["GEOID10"]
		x, y := number("INTPTLON10"), number("INTPTLAT10")
		const side = 0.02
		shapes = append(shapes, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":%q,"population":%.0f},"geometry":{"type":"Polygon","coordinates":[[[%[4]f,%[5]f],[%[6]f,%[5]f],[%[6]f,%[7]f],[%[4]f,%[7]f],[%[4]f,%[5]f]]]}}`,
			n["GEOID10"], n["NAME10"], number("TOTPOP"), x-side, y-side, x+side, y+side))
		enacted += n["GEOID10"] + ",D" + n["CD"] + "\n"
	}
	links := "area_a,area_b\n"
	for _, e := range flowtest.Records(t, "reference/iowa-mit/edges.csv") {
		links += code[e["a"]] + "," + code[e["b"]] + "\n"
	}
	for name, text := range map[string]string{
		"counties.geojson": `{"type":"FeatureCollection","features":[` + strings.Join(shapes, ",\n") + `]}`, "links.csv": links, "enacted.csv": enacted,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Iowa's counties in four districts within 1%, through the command: it finds maps,
// cuts 47 borders with the districts enacted, and either says where these lie, and
// that the draws have converged, or how many maps would be enough.
func TestIowaByTheCommand(t *testing.T) {
	dir := t.TempDir()
	iowa(t, dir)
	samples := "1600"
	if atLength() {
		samples = "10000"
	}
	args := []string{
		"stpmap", "ensemble", "--boundaries", filepath.Join(dir, "counties.geojson"), "--links", filepath.Join(dir, "links.csv"), "--partition", filepath.Join(dir, "enacted.csv"),
		"--footprints", "4", "--tolerance", "0.01", "--samples", samples, "--thin", "100", "--json", "-o", filepath.Join(dir, "out"),
	}
	var out, said bytes.Buffer
	if status := run(context.Background(), args, strings.NewReader(""), &out, &said); status != cli.Done {
		t.Fatalf("ended with status %d: %s", status, said.String())
	}
	var got struct {
		Maps      int
		Converged bool
		Lacks     []string
		Place     map[string]struct {
			Value, Percentile, RHat *float64
			Bulk                    *float64 `json:"ess_bulk"`
			Verdict                 string
		}
		Words []string
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	cut := got.Place["cut_borders"]
	if got.Maps == 0 || len(got.Lacks) != 0 || *cut.Value != 47 {
		t.Fatalf("%d maps; the map enacted cuts %v borders and lacks %q", got.Maps, *cut.Value, got.Lacks)
	}
	t.Logf("R-hat %.4f, ESS %.0f: %s", *cut.RHat, *cut.Bulk, cut.Verdict)
	switch {
	case cut.Percentile == nil:
		if atLength() || !strings.Contains(cut.Verdict, "maps would be enough") {
			t.Errorf("no place is given: %s", cut.Verdict)
		}
	case *cut.RHat > 1.01 || *cut.Bulk < 400:
		t.Errorf("a place is given at R-hat %v and ESS %v", *cut.RHat, *cut.Bulk)
	case *cut.Percentile < 70 || *cut.Percentile > 84:
		t.Errorf("47 borders are at %v of 100, and longer runs put them at 77", *cut.Percentile)
	}
	for _, name := range []string{"ensemble.csv", "place.csv", "words.txt", "report.html", "maps.jsonl.zst"} {
		if info, err := os.Stat(filepath.Join(dir, "out", name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
