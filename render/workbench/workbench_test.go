package workbench

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/bench"
	"stpmap/render/boundary"
)

// squares are two areas side by side, and a third without flow beyond them.
const squares = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"A"},"geometry":{"type":"Polygon","coordinates":[[[0,50],[1,50],[1,51],[0,51],[0,50]]]}},
{"type":"Feature","properties":{"code":"B"},"geometry":{"type":"Polygon","coordinates":[[[1,50],[2,50],[2,51],[1,51],[1,50]]]}},
{"type":"Feature","properties":{"code":"C"},"geometry":{"type":"Polygon","coordinates":[[[2,50],[3,50],[3,51],[2,51],[2,50]]]}}]}`

func small(t *testing.T) Page {
	t.Helper()
	b := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		n              flow.Count
	}{{"A", "X", flow.Exactly(50)}, {"A", "Y", flow.Exactly(3)}, {"B", "Y", flow.Exactly(70)}, {"B", "X", flow.Exactly(2)}} {
		if err := b.Add(f.area, f.provider, f.n); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	m, _ = m.Protect(5)
	set, err := boundary.Read(t.Context(), "squares.geojson", strings.NewReader(squares), boundary.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Page{
		Title: `A <b>"map"</b> & more`, Notice: "Made up", Privacy: "Two counts are intervals.", Sources: []string{"</script><script>alert(1)</script>"},
		Case: &bench.Case{
			Version: "1", Matrix: m, AreaNames: []string{"</script>", "B"}, ProviderNames: []string{"X", "Y"},
			Start: footprint.Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 1}, Providers: []int32{0, 1}},
		},
		Boundaries: set, Points: []orb.Point{{0.5, 50.5}, {math.NaN(), math.NaN()}},
	}
}

func written(t *testing.T, p Page) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// block is the text of a script of the page.
func block(t *testing.T, page, id string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)<script type="text/plain" id="` + id + `">(.*?)</script>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the page has no %s", id)
	}
	return m[1]
}

// unpackedBlock is what a block of data holds.
func unpackedBlock(t *testing.T, page, id string) []byte {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(block(t, page, id))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The policy allows the page's own script and style by their hashes, and no
// network. Names that look like markup are none.
func TestPolicy(t *testing.T) {
	page := written(t, small(t))
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)[1]
	for _, part := range []struct{ open, end, rule string }{{"<script>", "</script>", "script-src"}, {"<style>", "</style>", "style-src"}} {
		texts := strings.Split(page, part.open)[1:]
		if n := map[string]int{"script-src": 3, "style-src": 1}[part.rule]; len(texts) != n {
			t.Errorf("%d of %s, want %d", len(texts), part.open, n)
		}
		allowed := regexp.MustCompile(part.rule + "([^;]*);").FindStringSubmatch(policy)[1]
		for _, text := range texts {
			text, _, _ = strings.Cut(text, part.end)
			sum := sha256.Sum256([]byte(text))
			want := " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
			if !strings.Contains(allowed, want) {
				t.Errorf("the policy has no %s%s: %s", part.rule, want, policy)
			}
			allowed = strings.Replace(allowed, want, "", 1)
		}
		if strings.Contains(allowed, "sha256") {
			t.Errorf("the policy allows what is not in the page:%s", allowed)
		}
	}
	for _, not := range []string{"unsafe-inline", "'unsafe-eval'", "http:", "https:", "*", "'self'"} {
		if strings.Contains(policy, not) {
			t.Errorf("the policy allows %s", not)
		}
	}
	if n := strings.Count(page, "<script"); n != 7 {
		t.Errorf("%d scripts, want 7: data came in as one", n)
	}
	if strings.Contains(page, "<b>") || strings.Contains(page, "{{") {
		t.Error("a title is markup, or a part of the page is missing")
	}
	if regexp.MustCompile(`(?i)(src|href)="(https?:)?//`).MatchString(page) {
		t.Error("the page asks the network")
	}
	if again := written(t, small(t)); again != page {
		t.Error("written twice, it is another page")
	}
}

// The page's engine is the packed WebAssembly, small enough, and its data are the
// case.
func TestContents(t *testing.T) {
	p := small(t)
	p.Ribbons = []Ribbon{{Statistic: "inside_share", Title: "Inside", Quantiles: []float64{0.25, 0.5}, Maps: 40, Footprints: 2, Verdict: "not converged"}}
	page := written(t, p)
	if wasm := unpackedBlock(t, page, "engineData"); !bytes.HasPrefix(wasm, []byte("\x00asm")) {
		t.Error("the engine is no WebAssembly")
	}
	if len(engine) > 3_000_000 {
		t.Errorf("the packed engine has %d bytes, more than 3 MB", len(engine))
	}
	if !strings.Contains(block(t, page, "workerText"), "BSD-style") {
		t.Error("the notice of Go's glue is gone")
	}
	c, err := bench.Unpack(unpackedBlock(t, page, "caseData"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Matrix.SHA256() != p.Case.Matrix.SHA256() || c.AreaNames[0] != "</script>" {
		t.Error("the case is another one")
	}
	var d struct {
		Title  string        `json:"title"`
		Points []*[2]float64 `json:"points"`
		Map    topology      `json:"map"`

		Ribbons []map[string]any `json:"ribbons"`
	}
	if err := json.Unmarshal(unpackedBlock(t, page, "drawingData"), &d); err != nil {
		t.Fatal(err)
	}
	if d.Title != p.Title || len(d.Points) != 2 || d.Points[1] != nil || d.Points[0][0] != 0.5 {
		t.Errorf("the drawing has %+v", d)
	}
	if r := d.Ribbons; len(r) != 1 || r[0]["converged"] != false || r[0]["verdict"] != "not converged" || r[0]["maps"] != 40.0 || r[0]["footprints"] != 2.0 {
		t.Errorf("the ribbons are %v", r)
	}
}

// Two areas share the arc between them; one without flow is drawn and no area.
func TestTopology(t *testing.T) {
	p := small(t)
	top := newTopology(p.Boundaries, p.Case.Matrix.Areas())
	if len(top.Areas) != 2 || len(top.Others) != 1 || len(top.Labels) != 2 {
		t.Fatalf("%d areas, %d others", len(top.Areas), len(top.Others))
	}
	seen := map[int32]int{}
	for _, polygons := range top.Areas {
		for _, a := range polygons[0][0] {
			if a < 0 {
				a = ^a
			}
			seen[a]++
		}
	}
	shared := 0
	for a, n := range seen {
		if n == 2 {
			shared++
			if line := top.Arcs[a]; len(line) != 4 {
				t.Errorf("the border is %v", line)
			}
		}
	}
	if shared != 1 {
		t.Errorf("%d arcs are shared, want 1", shared)
	}
	missing := newTopology(p.Boundaries, []string{"A", "Q"})
	if missing.Areas[1] != nil || missing.Labels[1] != [2]int32{-1, -1} || len(missing.Others) != 2 {
		t.Error("an area without a polygon has one")
	}
	p.Boundaries = nil
	if !strings.Contains(string(unpackedBlock(t, written(t, p), "drawingData")), `"map":null`) {
		t.Error("without boundaries there is a map")
	}
}

// Two worlds that differ in small counts alone give the same page: nothing in it
// can tell them apart, and neither can the figures before and after any move.
func TestSmallCountsLeaveNoTrace(t *testing.T) {
	world := func(small [3]float64, below float64) (string, []string) {
		b := flow.NewBuilder()
		for _, f := range []struct {
			area, provider string
			n              float64
		}{
			{"A", "X", 50}, {"A", "Y", small[0]}, {"B", "Y", 70}, {"B", "X", small[1]}, {"B", "Z", small[2]}, {"A", "Z", 20},
		} {
			if err := b.Add(f.area, f.provider, flow.Exactly(f.n)); err != nil {
				t.Fatal(err)
			}
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		m, _ = m.Protect(below)
		p := Page{Case: &bench.Case{
			Matrix: m, AreaNames: []string{"", ""}, ProviderNames: []string{"", "", ""},
			Start: footprint.Partition{IDs: []string{"F01", "F02"}, Areas: []int32{0, 1}, Providers: []int32{0, 1, 1}},
		}}
		var s bench.Server
		said := []string{s.Open(p.Case.Pack())}
		for _, code := range []string{"A", "X", "Z", "B", "Y"} {
			for _, id := range []string{"F02", "F01"} {
				said = append(said, s.Call("move", `{"code":"`+code+`","footprint":"`+id+`"}`), s.Call("state", "{}"), s.Call("suggest", "{}"),
					s.Call("why", `{"code":"`+code+`","footprint":"F02"}`), s.Call("flow", `{"code":"`+code+`"}`), s.Call("moved", "{}"), s.Call("info", "{}"))
			}
		}
		return written(t, p), append(said, s.Call("session", "{}"), s.Call("partition", "{}"))
	}
	page, said := world([3]float64{1, 2, 4}, 5)
	open, _ := world([3]float64{1, 2, 4}, 0)
	for _, counts := range [][3]float64{{4, 1, 1}, {2, 2, 3}, {3, 4, 2}, {1, 1, 1}} {
		other, alsoSaid := world(counts, 5)
		if other != page {
			t.Errorf("with the small counts %v the page is another one", counts)
		}
		for i := range said {
			if said[i] != alsoSaid[i] {
				t.Errorf("with the small counts %v an answer differs:\n%s\n%s", counts, said[i], alsoSaid[i])
			}
		}
		if bare, _ := world(counts, 0); bare == open {
			t.Error("the test sees no difference where nothing is hidden")
		}
	}
}
