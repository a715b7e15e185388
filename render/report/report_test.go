package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/arcs"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// sampleReport is nine areas in three footprints, and in one.
func sampleReport() Page {
	squares := rendertest.Footprints()
	r := Page{
		Title: "Report on " + rendertest.Nasty, Subtitle: "Two levels", About: squares.About, LevelTitle: "Level", Notes: []string{"A note & more"},
		Facts: []Fact{{"3", "footprints <b>"}}, Indicators: []Indicator{{Title: "Seen in time " + rendertest.Nasty, Domain: "Urgent care", Percent: true, Decimals: 1, Worse: -1}},
	}
	fine := Level{
		Name: "Fine", Note: "Three footprints", Columns: []Column{{Title: "People", Type: layer.Integer}, {Title: "Inside", Type: layer.Real, Percent: true, Decimals: 1, Worse: -1}, {Title: "Kind", Type: layer.Text}},
		AreaColumns: []Column{{Title: "Confidence", Type: layer.Real, Percent: true}},
	}
	coarse := Level{Name: "Coarse", Columns: fine.Columns[:1]}
	for i, f := range squares.Features {
		r.Areas = append(r.Areas, Area{Code: f.ID, Name: f.Values[1].(string), Geometry: f.Geometry, Population: 1000})
		fine.Areas = append(fine.Areas, int32(i/3))
		fine.AreaValues = append(fine.AreaValues, []any{float64(i) / 9})
		coarse.Areas = append(coarse.Areas, 0)
	}
	fine.Areas[8] = -1
	for i, p := range rendertest.Providers().Features {
		r.Providers = append(r.Providers, Provider{Code: p.ID, Name: p.Values[1].(string), Point: p.Geometry.(orb.Point), Patients: 100, Kind: "Hospital"})
		fine.Providers = append(fine.Providers, int32(i/2))
		coarse.Providers = append(coarse.Providers, 0)
		r.Flows = append(r.Flows, Flow{Area: int32(i), Provider: int32(i), Patients: float64(10 * i)})
	}
	for i := range 3 {
		share := any(0.5 + float64(i)/10)
		if i == 2 {
			share = nil
		}
		fine.Footprints = append(fine.Footprints, Footprint{
			ID: fmt.Sprintf("F%d", i), Name: "Row " + rendertest.Nasty, Values: []any{int64(3000), share, "kind " + rendertest.Nasty}, Words: []string{"In words " + rendertest.Nasty},
			Indicators: []IndicatorValue{{Indicator: 0, Value: 0.9, Lower: 0.88, Upper: math.NaN(), Target: 0.95, Gap: 0.05, Meets: -1}},
		})
	}
	coarse.Footprints = []Footprint{{ID: "F0", Name: "All", Values: []any{int64(9000)}}}
	r.Levels = []Level{fine, coarse}
	r.Charts = []Figure{
		{Title: "Made elsewhere " + rendertest.Nasty, Caption: "In words " + rendertest.Nasty, SVG: `<svg width="10" height="5"><path style="fill: red; background: url(http://x/)" d="M0 0"/></svg>`},
	}
	return r
}

func writeReport(t *testing.T, r Page) string {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, r), Write(&b, r)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two runs differ")
	}
	return a.String()
}

func TestWrite(t *testing.T) {
	page := writeReport(t, sampleReport())
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil || !strings.HasPrefix(policy[1], "default-src 'none'; ") || strings.Contains(policy[1], "unsafe-") {
		t.Fatalf("the policy is %q", policy)
	}
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(page, -1)
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(page, -1)
	if len(scripts) != 2 || len(styles) != 1 {
		t.Fatalf("%d scripts and %d styles: a name ended or began one", len(scripts), len(styles))
	}
	for _, s := range append(scripts, styles...) {
		if !strings.Contains(policy[1], hash(s[1])) {
			t.Errorf("the policy forbids what begins %.60q", s[1])
		}
		if strings.Contains(s[1], "\r") {
			t.Error("a carriage return would change the hash that a browser sees")
		}
	}
	if strings.Contains(page, "<script>alert") || strings.Contains(page, "sourceMappingURL") || strings.Contains(page, " style=") {
		t.Error("a name is markup, or the page asks for more")
	}
	for _, want := range []string{"BSD 2-Clause License", "Report on &lt;script&gt;", `<p class="notice" role="note">Synthetic data`, "0123456789abcdef", `role="combobox"`, `id="level"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	block := regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`).FindStringSubmatch(page)
	var d pageData
	if err := json.Unmarshal([]byte(block[1]), &d); err != nil {
		t.Fatal(err)
	}
	if d.Areas.Name[3] != rendertest.Nasty || d.Levels[0].Footprints[0].Values[2] != "kind "+rendertest.Nasty {
		t.Errorf("a name came through as %q", d.Areas.Name[3])
	}
	if d.Levels[0].Footprints[2].Values[1] != nil || d.Levels[0].Footprints[0].Indicators[0][3] != nil {
		t.Error("an unknown is not null")
	}
	if c := d.Levels[0].Footprints; c[0].Colour == c[1].Colour || c[1].Colour == c[2].Colour {
		t.Errorf("neighbours share a colour: %d, %d, %d", c[0].Colour, c[1].Colour, c[2].Colour)
	}
	if k := d.Levels[0].Columns[1].Classes; !k[len(k)-1].Hatch {
		t.Error("what is unknown is not hatched")
	}
}

// Control characters and broken text are in real files.
func TestBrokenNamesInReport(t *testing.T) {
	broken := "a\x00b\x01c\xffd\ufffee\u2028f"
	r := sampleReport()
	r.Areas[0].Name, r.Title = broken, broken
	writeReport(t, r)
}

// The packed arcs come out as they went in.
func TestPackArc(t *testing.T) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	want := []arcs.Point{{X: 0, Y: -1}, {X: 15, Y: 16}, {X: -16, Y: -17}, {X: 50000, Y: -50000}, {X: math.MaxInt32, Y: math.MinInt32}}
	s := packArc(want)
	var got []arcs.Point
	i := 0
	next := func() int32 {
		var u uint32
		for shift := 0; ; shift += 5 {
			c := uint32(strings.IndexByte(digits, s[i]))
			i++
			u |= (c & 31) << shift
			if c < 32 {
				return int32(u>>1) ^ -int32(u&1)
			}
		}
	}
	for i < len(s) {
		x := next()
		got = append(got, arcs.Point{X: x, Y: next()})
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReportParts(t *testing.T) {
	full := sampleReport()
	for name, r := range map[string]Page{
		"nothing":         {},
		"only facts":      {Facts: full.Facts},
		"only charts":     {Charts: full.Charts},
		"no map":          {Levels: []Level{{Footprints: []Footprint{{ID: "F1"}}}}},
		"points for maps": {Areas: []Area{{Code: "A", Geometry: orb.Point{-1, 52}}, {Code: "B"}}, Levels: []Level{{Areas: []int32{0, 0}, Footprints: []Footprint{{ID: "F1"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if page := writeReport(t, r); strings.Contains(page, "id=\"league\"") != (len(r.Levels) > 0) {
				t.Error("a part that is not there is on the page")
			}
		})
	}
	for name, spoil := range map[string]func(*Page){
		"area of another level": func(r *Page) { r.Levels[0].Areas = r.Levels[0].Areas[:2] },
		"footprint that is not": func(r *Page) { r.Levels[0].Areas[0] = 3 },
		"provider":              func(r *Page) { r.Levels[1].Providers[0] = -2 },
		"flow":                  func(r *Page) { r.Flows[0].Provider = 99 },
		"start":                 func(r *Page) { r.Start = 2 },
		"row":                   func(r *Page) { r.Levels[0].Footprints[0].Values = nil },
		"type":                  func(r *Page) { r.Levels[0].Footprints[0].Values[0] = "many" },
		"indicator":             func(r *Page) { r.Levels[0].Footprints[0].Indicators[0].Indicator = 7 },
		"area values":           func(r *Page) { r.Levels[0].AreaValues = r.Levels[0].AreaValues[:1] },
		"geometry":              func(r *Page) { r.Areas[0].Geometry = orb.LineString{} },
	} {
		r := sampleReport()
		spoil(&r)
		if err := Write(io.Discard, r); !errors.Is(err, ErrReport) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLevelColoursFollow(t *testing.T) {
	r := sampleReport()
	same := r.Levels[0]
	r.Levels = append(r.Levels, same)
	r.Levels[1], r.Levels[2] = r.Levels[2], r.Levels[1]
	var d pageData
	raw, err := dataText(&r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	for i := range d.Levels[0].Footprints {
		if a, b := d.Levels[0].Footprints[i].Colour, d.Levels[1].Footprints[i].Colour; a != b {
			t.Errorf("footprint %d goes from colour %d to %d though nothing moved", i, a, b)
		}
	}
}

// dataText is what the page's script reads.
func dataText(p *Page) ([]byte, error) {
	d, err := p.packed()
	if err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

func TestCleanSVG(t *testing.T) {
	dirty := `<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200px" height="100" onload="alert(1)">
		<script>alert(1)</script><style>@import 'x'</style><foreignObject><p>x</p></foreignObject><image xlink:href="http://x/y.png"/><a href="javascript:x"><text>gone</text></a>
		<g id="g1" clip-path="url(#c)" filter="url(http://x)"><path d="M0 0" style="fill:#f00;stroke-width: 2;behavior:url(x)" onclick="x()" fill="blue"/></g>
		<rect fill="url(http://x/#y)" width="1" height="1"/><animate attributeName="href" values="javascript:x"/><use href="#g1"/><text>a &lt; b &amp; c</text></svg>`
	got, err := cleanSVG(dirty, rendertest.Nasty)
	if err != nil {
		t.Fatal(err)
	}
	root := rendertest.ParseXML(t, []byte(got))
	if root.Attr("viewBox") != "0 0 200 100" || root.Attr("role") != "img" || root.Attr("width") != "" {
		t.Errorf("the root is %v", root.Attrs)
	}
	for _, bad := range []string{"alert", "http://x", "javascript", "onclick", "onload", "style=", "<style", "foreignObject", "image", "<a", "use", "animate", "behavior", "gone"} {
		if strings.Contains(strings.ReplaceAll(got, "&lt;script&gt;alert", ""), bad) {
			t.Errorf("%q is left in\n%s", bad, got)
		}
	}
	path := root.All("path")[0]
	if path.Attr("fill") != "#f00" || path.Attr("stroke-width") != "2" {
		t.Errorf("the style became %v", path.Attrs)
	}
	if g := root.All("g")[0]; g.Attr("clip-path") != "url(#c)" {
		t.Error("a reference within the chart is lost")
	}
	if root.All("text")[0].Text != "a < b & c" {
		t.Errorf("text is %q", root.All("text")[0].Text)
	}
	for _, bad := range []string{"", "hello", "<p>x</p>", "<svg>", "<svg/><svg/>", "<svg>&nbsp;</svg>"} {
		if got, err := cleanSVG(bad, ""); !errors.Is(err, ErrFigure) {
			t.Errorf("%q: got %q, %v", bad, got, err)
		}
	}
}

func FuzzCleanSVG(f *testing.F) {
	f.Add(`<svg><path d="M0 0" style="fill:red"/></svg>`)
	f.Add(`<svg onload="x"><script>x</script></svg>`)
	f.Add(`<svg><g fill="url(#a)url(http://x)"/></svg>`)
	f.Fuzz(func(t *testing.T, in string) {
		got, err := cleanSVG(in, "t")
		if err != nil {
			return
		}
		rendertest.ParseXML(t, []byte(got))
		for _, bad := range []string{"<script", " on", "href", " style="} {
			for _, tag := range regexp.MustCompile(`<[^>]*>`).FindAllString(regexp.MustCompile(`"[^"]*"`).ReplaceAllString(got, `""`), -1) {
				if strings.Contains(strings.ToLower(tag), bad) {
					t.Errorf("%q kept %q", in, tag)
				}
			}
		}
	})
}

// The page in a browser, where there is one.
func TestReportInChromium(t *testing.T) {
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			chromium = p
			break
		}
	}
	if chromium == "" {
		t.Skip("Chromium is not installed")
	}
	dir := t.TempDir()
	page := filepath.Join(dir, "report.html")
	if err := os.WriteFile(page, []byte(writeReport(t, sampleReport())), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"), "--virtual-time-budget=3000", "--dump-dom", "file://"+page)
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("Chromium does not start here: %v", err)
	}
	dom := string(out)
	if n := strings.Count(dom, `<tr data-id="F`); n < 3 {
		t.Errorf("the league table has %d rows", n)
	}
	for _, want := range []string{"leaflet-zoom-animated", "kind &lt;script&gt;", `<option value="c1">Inside</option>`, "Each footprint has a colour", `aria-valuetext="Fine"`} {
		if !strings.Contains(dom, want) {
			t.Errorf("the drawn page does not hold %q", want)
		}
	}
}
