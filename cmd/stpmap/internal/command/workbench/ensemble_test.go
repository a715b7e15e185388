package workbench

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// two is a study of two areas.
func two(t *testing.T) *study.Study {
	t.Helper()
	b := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		n              float64
	}{{"A", "X", 50}, {"B", "X", 20}, {"B", "Y", 70}} {
		if err := b.Add(f.area, f.provider, flow.Exactly(f.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return &study.Study{Matrix: m}
}

// folder is what ensemble writes of two areas, with some files changed.
func folder(t *testing.T, in *study.Study, changed map[string]string) string {
	t.Helper()
	files := map[string]string{
		"place.json":      `{"footprints": 2, "maps": 4}`,
		"areas.csv":       "position,area\n1,B\n2,A\n",
		"provenance.json": fmt.Sprintf(`{"flow_sha256": %q}`, in.Matrix.SHA256()),
		"place.csv": "statistic,value,percentile,lower,upper,median,p05,p95,rhat,ess_bulk,ess_tail,verdict\n" +
			"cut_borders,,,,,,,,1.001,900,401,converged\ninside_share,,,,,,,,1.02,900,900,not converged: about 9 maps would be enough\nmean_compactness,,,,,,,,1,900,900,converged\n",
		"ensemble.csv": "chain,sample,cut_borders,mean_compactness,inside_share,min_population\n1,1,3,0.5,0.75,\n1,2,1,0.5,0.25,9\n2,1,2,0.5,1,9\n2,2,1,0.5,0.5,9\n",
	}
	for name, text := range changed {
		files[name] = text
	}
	dir := t.TempDir()
	for name, text := range files {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func silent(said *bytes.Buffer) *cli.Env {
	return &cli.Env{Log: slog.New(slog.NewTextHandler(said, nil))}
}

// A statistic that the page knows comes with its values and with whether a place
// may be told; others, and those not known of every map, do not come.
func TestRibbons(t *testing.T) {
	in := two(t)
	list, err := ribbons(silent(&bytes.Buffer{}), folder(t, in, nil), in)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	share, cut := list[0], list[1]
	if share.Statistic != "inside_share" || share.Converged || !strings.Contains(share.Verdict, "9 maps") || !slices.Equal(share.Quantiles, []float64{0.25, 0.5, 0.75, 1}) {
		t.Errorf("%+v", share)
	}
	if cut.Statistic != "cut_borders" || !cut.Converged || cut.Exact || cut.Maps != 4 || cut.Footprints != 2 || cut.Title == "" || !slices.Equal(cut.Quantiles, []float64{1, 1, 2, 3}) {
		t.Errorf("%+v", cut)
	}
}

// A list of all maps needs no convergence, and its maps have weights.
func TestExactRibbons(t *testing.T) {
	in := two(t)
	dir := folder(t, in, map[string]string{
		"place.json":   `{"footprints": 2, "exact": 12345678901234567890}`,
		"place.csv":    "statistic,rhat,ess_bulk,ess_tail,verdict\ncut_borders,,,,exact\n",
		"ensemble.csv": "chain,sample,cut_borders,weight\n1,1,5,3\n1,2,2,1\n",
	})
	list, err := ribbons(silent(&bytes.Buffer{}), dir, in)
	if err != nil || len(list) != 1 || !list[0].Exact || !list[0].Converged || list[0].Maps != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	q := list[0].Quantiles
	if n := len(q); n != mostQuantiles || q[0] != 2 || q[n-1] != 5 || q[n/4-1] != 2 || q[n/4+1] != 5 {
		t.Errorf("%d quantiles, around a quarter %v", n, q[n/4-2:n/4+2])
	}
}

// Flows that are not known to be the same give no statistic of flows.
func TestRibbonsOfOtherFlows(t *testing.T) {
	in := two(t)
	var said bytes.Buffer
	for _, changed := range []map[string]string{{"provenance.json": ""}, {"provenance.json": "{}"}} {
		list, err := ribbons(silent(&said), folder(t, in, changed), in)
		if err != nil || len(list) != 1 || list[0].Statistic != "cut_borders" || !strings.Contains(said.String(), "does not say that it is of these flows") {
			t.Errorf("%+v, %v; %s", list, err, said.String())
		}
	}
}

func TestBadEnsembles(t *testing.T) {
	in := two(t)
	for _, c := range []struct {
		file, text, want string
	}{
		{"provenance.json", `{"flow_sha256": "x"}`, "ensemble of other flows"},
		{"provenance.json", `[`, "provenance.json:1:1: no file of an ensemble"},
		{"areas.csv", "position,area\n1,A\n", "ensemble of other areas: it has 1, and the flows 2"},
		{"areas.csv", "position,place\n1,A\n", `areas.csv:1:1: no column "area"`},
		{"areas.csv", "area\nA\"\n", "areas.csv:2:2:"},
		{"place.csv", "", "place.csv"},
		{"place.csv", "statistic,rhat,ess_bulk,ess_tail\n", `place.csv:1:1: no column "verdict"`},
		{"place.csv", "statistic,rhat,ess_bulk,ess_tail,verdict\nother,1,1,1,x\n", "no statistic that the page could place"},
		{"place.json", "no", "place.json:1:1:"},
		{"place.json", "", "place.json"},
		{"ensemble.csv", "chain,sample,cut_borders\n1,1,x\n1,2,NaN\n", "ensemble.csv:2:5: cut_borders is no number"},
		{"ensemble.csv", "\n", "ensemble.csv:1:1: the file is empty"},
		{"ensemble.csv", "cut_borders\n", "no statistic"},
	} {
		list, err := ribbons(silent(&bytes.Buffer{}), folder(t, in, map[string]string{c.file: c.text}), in)
		if err == nil || !strings.Contains(err.Error(), c.want) || list != nil {
			t.Errorf("%s %q: %v, want %q", c.file, c.text, err, c.want)
		}
	}
	_, err := ribbons(silent(&bytes.Buffer{}), folder(t, in, map[string]string{"ensemble.csv": "cut_borders\nx\ny\n"}), in)
	var many *fault.List
	if !errors.As(err, &many) || len(many.List) != 2 {
		t.Errorf("not all faults are told: %v", err)
	}
}

// The share of the values that stand for all lies where it lies among all of them.
func TestQuantiles(t *testing.T) {
	var values []float64
	for i := range 10_000 {
		values = append(values, float64(i*7919%10_000)/3)
	}
	q := quantiles(values, nil)
	if len(q) != mostQuantiles || !slices.IsSorted(q) {
		t.Fatalf("%d values", len(q))
	}
	for _, x := range []float64{1, 333.3, 1000, 2500, 3300} {
		share := func(list []float64) float64 {
			n := 0
			for _, y := range list {
				if y < x {
					n++
				}
			}
			return float64(n) / float64(len(list))
		}
		if a, b := share(values), share(q); math.Abs(a-b) > 0.001 {
			t.Errorf("%v: %v of the values, %v of those that stand for them", x, a, b)
		}
	}
	if one := quantiles([]float64{1e9 + 0.25}, nil); !slices.Equal(one, []float64{1e9}) {
		t.Errorf("%v", one)
	}
}
