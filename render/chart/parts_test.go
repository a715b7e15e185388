package chart

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// Axes have at most six labels, each the number of its tick.
func TestTicksAreFew(t *testing.T) {
	for _, r := range [][2]float64{{0, 1}, {0, 3_000_000}, {-5, 17}, {0.531, 0.9}, {1e-6, 2e-6}} {
		ticks := chartTicks{chartNumber}.Ticks(r[0], r[1])
		labelled := 0
		for _, k := range ticks {
			if k.Label == "" {
				continue
			}
			labelled++
			if k.Label != chartNumber(k.Value) {
				t.Errorf("%v is labelled %q", k.Value, k.Label)
			}
		}
		if labelled == 0 || labelled > 6 {
			t.Errorf("from %g to %g: %d labels", r[0], r[1], labelled)
		}
	}
}

// A logarithmic axis has ticks at every digit, rising within it, and labels at 1,
// with 2 and 5 where it is short.
func TestLogTicks(t *testing.T) {
	for _, tt := range []struct {
		lo, hi float64
		want   string
	}{
		{0.5, 4, "0.5 1 2"},
		{1, 1000, "1 10 100 1,000"},
		{300_000, 4_000_000, "500,000 1,000,000 2,000,000"},
	} {
		ticks := logTicks{}.Ticks(tt.lo, tt.hi)
		var labels []string
		for i, k := range ticks {
			if k.Value < tt.lo*0.999 || k.Value > tt.hi*1.001 || i > 0 && k.Value <= ticks[i-1].Value {
				t.Errorf("from %g to %g: a tick at %g", tt.lo, tt.hi, k.Value)
			}
			if k.Label != "" {
				labels = append(labels, k.Label)
			}
		}
		if got := strings.Join(labels, " "); got != tt.want {
			t.Errorf("from %g to %g: %s, want %s", tt.lo, tt.hi, got, tt.want)
		}
	}
	if got := (logTicks{}).Ticks(0, 10); got != nil {
		t.Errorf("from 0: %v", got)
	}
}

func TestWiden(t *testing.T) {
	a := plot.Axis{Min: 10, Max: 20}
	if widen(&a, 0.1); a.Min != 9 || a.Max != 21 {
		t.Errorf("got %g to %g", a.Min, a.Max)
	}
	a = plot.Axis{Min: 3, Max: 3}
	if widen(&a, 0.1); a.Min != 2.5 || a.Max != 3.5 {
		t.Errorf("around one number: %g to %g", a.Min, a.Max)
	}
}

// Bands of a z score are symmetric, and change at the two limits alone.
func TestBandOf(t *testing.T) {
	for z, want := range map[float64]int{0: 2, 1.95: 2, 1.97: 3, 3.08: 3, 3.1: 4, 99: 4} {
		if got := bandOf(z); got != want {
			t.Errorf("%g is in band %d, want %d", z, got, want)
		}
		if got := bandOf(-z); got != 4-want {
			t.Errorf("%g is in band %d, want %d", -z, got, 4-want)
		}
	}
}

// A box of sizes has the quarters of the sorted numbers, whatever their order.
func TestSizeBox(t *testing.T) {
	b := newSizeBox(7, []float64{50, 10, 40, 20, 30})
	if b.x != 7 || b.least != 10 || b.most != 50 || b.middle != 30 {
		t.Errorf("got %+v", b)
	}
	if lo, hi := b.low, b.upper; !(b.least <= lo && lo <= b.middle && b.middle <= hi && hi <= b.most) {
		t.Errorf("the quarters are %g and %g", lo, hi)
	}
	if x0, x1, y0, y1 := b.DataRange(); x0 != 7 || x1 != 7 || y0 != 10 || y1 != 50 {
		t.Errorf("the range is %g %g %g %g", x0, x1, y0, y1)
	}
	if one := newSizeBox(1, []float64{5}); one.least != 5 || one.middle != 5 || one.most != 5 {
		t.Errorf("of one: %+v", one)
	}
}

// Settings of one method and quality are a family, in their order; those without
// a footprint are left out.
func TestFamilies(t *testing.T) {
	c := &sweep.Comparison{Settings: []sweep.SettingSummary{
		{Method: "leiden", Quality: footprint.Modularity, Footprints: 5, Resolution: 1},
		{Method: "ward", Footprints: 3, Resolution: math.NaN(), Asked: 3},
		{Method: "leiden", Quality: footprint.Modularity, Footprints: 9, Resolution: 2},
		{Method: "leiden", Quality: footprint.CPM, Footprints: 4, Resolution: 0.1},
		{Method: "ward", Footprints: 0},
	}}
	fams := families(c)
	var names []string
	for _, f := range fams {
		names = append(names, f.name)
	}
	if len(fams) != 3 || names[0] != "leiden" || names[1] != "ward" || !strings.HasPrefix(names[2], "leiden, ") {
		t.Fatalf("families are %q", names)
	}
	if !slices.Equal(fams[0].settings, []int{0, 2}) || !slices.Equal(fams[1].settings, []int{1}) {
		t.Errorf("settings are %v and %v", fams[0].settings, fams[1].settings)
	}
	if byResolution(c, fams) || !byResolution(c, fams[:1]) {
		t.Error("ward has a resolution, or leiden has none")
	}
	var labels []string
	for _, k := range settingTicks(c, true, 20) {
		labels = append(labels, k.Label)
	}
	if got := strings.Join(labels[:3], "|"); got != "leiden 1|ward exactly 3|leiden 2" {
		t.Errorf("labels are %q", labels)
	}
	if few := settingTicks(c, false, 2); few[1].Label != "" || few[0].Label != "1" {
		t.Errorf("two labels at most: %+v", few)
	}
}

// Series keep apart by colour, glyph and dash as far as there are any, and start
// again after.
func TestSeriesKeepApart(t *testing.T) {
	for i := range 7 {
		for k := range i {
			if seriesGlyph(i).Color == seriesGlyph(k).Color || seriesLine(i).Color == seriesLine(k).Color {
				t.Errorf("series %d and %d have one colour", i, k)
			}
		}
		if seriesGlyph(i) != seriesGlyph(i+7) {
			t.Errorf("series %d and %d differ", i, i+7)
		}
	}
}
