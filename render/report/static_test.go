package report

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// Without scripts there are a path for each footprint, a label in each, and a row.
func TestStatic(t *testing.T) {
	page := writeReport(t, sampleReport())
	still := regexp.MustCompile(`(?s)<noscript>.*?</noscript>`).FindString(page)
	svg := rendertest.ParseXML(t, []byte(regexp.MustCompile(`(?s)<svg.*</svg>`).FindString(still)))
	paths := svg.All("path")
	if len(paths) != 4 { // three footprints, and the borders between them
		t.Fatalf("%d paths", len(paths))
	}
	if texts := svg.All("text"); len(texts) != 3 || texts[0].Text != "F0" {
		t.Errorf("the labels are %v", texts)
	}
	fills := map[string]bool{}
	for _, p := range paths[:3] {
		fills[p.Attr("fill")] = true
		if !strings.HasPrefix(p.Attr("d"), "M") {
			t.Errorf("a path begins %.20s", p.Attr("d"))
		}
	}
	if len(fills) < 2 {
		t.Errorf("the footprints' colours are %v", fills)
	}
	if !regexp.MustCompile(`(?s)<table id="league">.*<th scope="col">Footprint</th>.*<td>3,000</td><td>60.0%</td>`).MatchString(page) {
		t.Error("the table is not on the page")
	}
}

// A map of places alone has a dot for each; one without places is none.
func TestStaticOfPlaces(t *testing.T) {
	r := Page{Areas: []Area{{Code: "A", Geometry: orb.Point{-1, 52}}, {Code: "B", Geometry: orb.Point{1, 53}}}, Levels: []Level{{Areas: []int32{0, 0}, Footprints: []Footprint{{ID: "F1"}}}}}
	d, err := r.packed()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(d.staticMap(&r)); strings.Count(got, "h6v6h-6z") != 2 || !strings.Contains(got, ">F1<") {
		t.Errorf("the map is %s", got)
	}
	r.Areas[0].Geometry, r.Areas[1].Geometry = nil, nil
	if d, err = r.packed(); err != nil || d.staticMap(&r) != "" {
		t.Errorf("the map of nowhere is %s, %v", d.staticMap(&r), err)
	}
	if got := d.staticMap(&Page{}); got != "" {
		t.Errorf("the map of nothing is %s", got)
	}
}

// Every area of the map lies where its geometry does.
func TestStaticPlaces(t *testing.T) {
	r := sampleReport()
	d, err := r.packed()
	if err != nil {
		t.Fatal(err)
	}
	p := newPlane(d)
	for i, text := range d.Arcs {
		line := unpackArc(text, d.Scale, d.Origin)
		if len(line) < 2 {
			t.Errorf("arc %d has %d places", i, len(line))
		}
		for _, at := range line {
			if x, y := p.place(at[0], at[1]); x < 0 || y < 0 || x > p.width || y > p.height {
				t.Errorf("%v lies at %d, %d of %d, %d", at, x, y, p.width, p.height)
			}
		}
	}
	var b strings.Builder
	p.area(&b, d, 8)
	if want := strings.Count(b.String(), "M"); want != 1 || !strings.HasSuffix(b.String(), "z") {
		t.Errorf("a square is %s", b.String())
	}
}

func TestValuesInWords(t *testing.T) {
	share := Column{Type: layer.Real, Percent: true, Decimals: 1}
	for v, want := range map[any]string{0.125: "12.5%", nil: "–", math.NaN(): "–", "x": "x", true: "Yes", false: "No"} {
		if got := share.cell(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

// Trends and classes of indicators reach the page's script.
func TestTrendsAndClasses(t *testing.T) {
	r := sampleReport()
	r.Indicators[0].Unit = "%"
	for i := range r.Levels[0].Footprints {
		f := &r.Levels[0].Footprints[i]
		f.Indicators[0].Value = 0.9 - float64(i)/100
		f.Trends = []Trend{{Indicator: 0, Points: []TrendPoint{{"2016", 0.8, math.NaN(), 0.85, 0.95}, {"2017", 0.9, 0.88, 0.92, 0.95}}}}
	}
	d := dataOf(t, r)
	got := d.Levels[0].Footprints[1].Trends
	if want := "[[0 2016 0.8 <nil> 0.85 0.95 2017 0.9 0.88 0.92 0.95]]"; fmt.Sprint(got) != want {
		t.Errorf("the trend is %v, want %s", got, want)
	}
	if ind := d.Indicators[0]; ind.Unit != "%" || len(ind.Classes) == 0 || ind.Classes[0].Colour == "" {
		t.Errorf("the indicator is %+v", ind)
	}
	r.Levels[0].Footprints[0].Indicators = nil
	if ind := dataOf(t, r).Indicators[0]; !slices.ContainsFunc(ind.Classes, func(c pageClass) bool { return c.Hatch }) {
		t.Errorf("a missing figure has no class of its own: %+v", ind.Classes)
	}
	r.Levels[0].Footprints[0].Trends[0].Indicator = 3
	if err := r.check(); err == nil {
		t.Error("a trend of no indicator is taken")
	}
}
