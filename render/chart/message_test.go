package chart

import (
	"math"
	"strings"
	"testing"

	"stpmap/footprint/merge"
)

// The title of a histogram claims no more than its bars show, and nothing where the
// draws have not converged.
func TestHistogramMessage(t *testing.T) {
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, c := range []struct {
		h    Histogram
		want string
	}{
		{Histogram{Name: "inside_share", Value: 9.5, Settled: true}, "The map of stp keeps more patients inside than 90% of 10 maps"},
		{Histogram{Name: "inside_share", Value: 11, Settled: true}, "The map of stp keeps more patients inside than all 10 maps"},
		{Histogram{Name: "inside_share", Value: 2, Settled: true}, "The map of stp keeps fewer patients inside than 80% of 10 maps"},
		{Histogram{Name: "cut_borders", Value: 3, Settled: true}, "The map of stp cuts fewer borders than 70% of 10 maps"},
		{Histogram{Name: "cut_borders", Value: 3, Weights: []float64{1, 1, 1, 93, 1, 1, 1, 1, 0, 0}, Settled: true}, "The map of stp cuts fewer borders than 97% of 10 maps"},
		{Histogram{Name: "inside_share", Value: 9, Weights: []float64{995, 0, 0, 0, 0, 0, 0, 0, 4, 1}, Settled: true}, "The map of stp keeps more patients inside than 99.5% of 10 maps"},
		{Histogram{Name: "other", Title: "Spread", Value: 9.5, Settled: true}, "The map of stp has a higher spread than 90% of 10 maps"},
		{Histogram{Name: "inside_share", Title: "Patients inside", Value: 9.5}, "Patients inside: the draws have not converged, so they do not place the map"},
		{Histogram{Name: "inside_share", Title: "Patients inside", Value: 3, Weights: []float64{0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, Settled: true}, "Patients inside: nearly all maps have what the map of stp has"},
		{Histogram{Name: "inside_share", Title: "Patients inside", Value: math.NaN(), Settled: true}, "Patients inside"},
	} {
		c.h.Values, c.h.Label = ten, "stp"
		if got := c.h.message(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got := ofMaps(0.9999, 10000); got != "99.9% of 10,000 maps" {
		t.Errorf("got %q", got)
	}
}

// The tree's title says how few mergers do half of the work.
func TestTreeMessage(t *testing.T) {
	for _, c := range []struct {
		gains []float64
		want  string
	}{
		{[]float64{50, 30, 20}, "The first merger does at least half of what all 3 do, which keep 10.0 more patients in 100 inside"},
		{[]float64{30, 30, 30, 10}, "The first 2 mergers do at least half of what all 4 do, which keep 10.0 more patients in 100 inside"},
		{[]float64{12}, "One merger keeps 1.2 more patients in 100 inside"},
		{[]float64{0, 0}, "No merger keeps more patients inside"},
	} {
		var steps []merge.Step
		for _, g := range c.gains {
			steps = append(steps, merge.Step{Patients: g})
		}
		if got := treeMessage(steps, 1000); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	m := Mergers{Total: 200, Tree: []merge.Step{{Kept: 150}, {Kept: 190}}}
	if got := m.afterSteps(2); got != "2 (95.0%)" {
		t.Errorf("got %q", got)
	}
	for _, n := range []int{1, 7, 43, 300} {
		m.Tree = make([]merge.Step, n)
		if ticks := m.stepTicks(); len(ticks) < 2 || len(ticks) > 9 || ticks[0].Label != "0" {
			t.Errorf("%d mergers: %+v", n, ticks)
		}
	}
	if got := m.afterSteps(0); got != "0" {
		t.Errorf("got %q", got)
	}
}

// The heat map's title names the two maps that are farthest apart.
func TestFarthest(t *testing.T) {
	footprints := func(k int) int { return []int{30, 37, 37}[k] }
	vi := [][]float64{{0, 0.5, 0.7}, {0.5, 0, 0.9}, {0.7, 0.9, 0}}
	if got, want := farthest(vi, footprints), "Two maps of 37 footprints differ most: by 0.90, where 0 is the same map"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	vi[2][1] = 0.1
	if got, want := farthest(vi, footprints), "The maps of 30 and 37 footprints differ most: by 0.70, where 0 is the same map"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := farthest([][]float64{{0, 0}, {0, 0}}, footprints); got != "All settings give the same map" {
		t.Errorf("got %q", got)
	}
}

// A long title is broken into lines that fit its chart.
func TestWrapped(t *testing.T) {
	style := newChart("", "").Title.TextStyle
	text := strings.Repeat("patients inside their footprint ", 9)
	for line := range strings.SplitSeq(wrapped(text, &style, 200), "\n") {
		if style.Width(line) > 200 {
			t.Errorf("%q is %v wide", line, style.Width(line))
		}
	}
	if got := strings.Join(strings.Fields(wrapped(text, &style, 200)), " "); got != strings.TrimSpace(text) {
		t.Errorf("words were lost: %q", got)
	}
}

// Titles of charts have room in fonts that are a fifth wider.
func TestTitlesFit(t *testing.T) {
	m := Mergers{Names: []string{"A", "B"}, Total: 1e7, Tree: []merge.Step{{A: 0, B: 1, Patients: 4e6, Kept: 9e6}}, Notice: strings.Repeat("a notice that goes on ", 12)}
	c := fit([]Chart{mergerTree(m)})[0]
	if c.Title != "One merger keeps 40.0 more patients in 100 inside" || strings.Contains(c.notes, c.Title) || !strings.Contains(c.plot.Title.Text, c.notes) {
		t.Errorf("title %q, notes %q", c.Title, c.notes)
	}
	for line := range strings.SplitSeq(c.plot.Title.Text, "\n") {
		if w := c.plot.Title.TextStyle.Width(line) * 1.2; w > c.width {
			t.Errorf("%q is %v wide on a chart of %v", line, w, c.width)
		}
	}
	if strings.Count(c.plot.Title.Text, "notice") != 12 {
		t.Errorf("words were lost: %q", c.plot.Title.Text)
	}
}
