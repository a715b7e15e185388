package chart

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/footprint/merge"
	"stpmap/footprint/score"
)

// Names at the ends of lines never touch, keep their order, and stay where they
// are where there is room.
func TestSpaced(t *testing.T) {
	if got := spaced([]float64{10, 50, 30}, 8); !slices.Equal(got, []float64{10, 50, 30}) {
		t.Errorf("with room: %v", got)
	}
	if got := spaced([]float64{10, 10}, 8); !slices.Equal(got, []float64{6, 14}) {
		t.Errorf("two in one place: %v", got)
	}
	rng := rand.New(rand.NewPCG(1, 77))
	for range 300 {
		ys := make([]float64, rng.IntN(12))
		for i := range ys {
			ys[i] = 60 * rng.Float64()
		}
		got := spaced(ys, 8)
		for i := range got {
			for k := range i {
				if math.Abs(got[i]-got[k]) < 8-1e-9 {
					t.Fatalf("%v became %v", ys, got)
				}
				if (ys[i] < ys[k]) != (got[i] < got[k]) {
					t.Fatalf("%v changed its order: %v", ys, got)
				}
			}
		}
	}
}

func TestShareEnd(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{{nil, ""}, {[]string{"a (x)", "b (x)"}, " (x)"}, {[]string{"a (x)", "b"}, ""}, {[]string{"a (x)", "b (y)"}, ""}, {[]string{"a"}, ""}} {
		if got := shareEnd(c.names); got != c.want {
			t.Errorf("%q: %q", c.names, got)
		}
	}
}

func TestRoughly(t *testing.T) {
	for x, want := range map[float64]string{2880409: "2.9 million", 326203: "326,000", 9999: "9,999", 12.4: "12"} {
		if got := roughly(x); got != want {
			t.Errorf("%g is %q, want %q", x, got, want)
		}
	}
	if got := joinLines("a", "", "b"); got != "a\nb" {
		t.Errorf("got %q", got)
	}
}

// The title of a funnel says how many footprints are out of line.
func TestFunnelMessage(t *testing.T) {
	f := &score.Funnel{}
	f.Indicator.ID, f.Indicator.Name = "x", "Waits"
	for _, c := range []struct {
		bands []int
		want  string
	}{
		{[]int{0, 0}, "Waits: none of 2 footprints is out of line"},
		{[]int{1, 0}, "Waits: one of 2 footprints is worse than expected"},
		{[]int{1, 2, 0}, "Waits: 2 of 3 footprints are worse than expected"},
		{[]int{1, -2, 0}, "Waits: 1 of 3 footprints are worse than expected, 1 better"},
		{[]int{-1, 0}, "Waits: none of 2 footprints is worse than expected, 1 better"},
	} {
		f.Points = nil
		for _, b := range c.bands {
			f.Points = append(f.Points, score.FunnelPoint{Band: b})
		}
		if got := funnelMessage(f); got != c.want {
			t.Errorf("%v: %q, want %q", c.bands, got, c.want)
		}
	}
}

// Charts of a score name indicators and footprints in words, and the lines of a
// funnel at their ends, without a legend.
func TestChartsSayNames(t *testing.T) {
	r := smallScore(t)
	for i := range r.Footprints {
		r.Footprints[i].Name = "Town of " + string(rune('A'+i))
	}
	charts, err := OfScore(r, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range charts {
		var b bytes.Buffer
		if err := c.Write(&b, "svg"); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		var want []string
		switch c.Name {
		case "caterpillar":
			want = []string{"Town of C", "is the worst of 8", ">rating ", "the worst 5"}
		case "heatmap":
			want = []string{"Town of C", "A&amp;E waits within 4 hours", "footprints"}
		case "funnel_ae_4h":
			want = []string{"A&amp;E waits within 4 hours: ", "95% limit", "99.8% limit", "all together", "% of attendances"}
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q", c.Name, w)
			}
		}
		if strings.Contains(text, "ae_4h") || strings.Contains(text, "over-dispersion") {
			t.Errorf("%s speaks the language of the engine", c.Name)
		}
	}
}

func TestMergersMessage(t *testing.T) {
	m := Mergers{Total: 200, Curve: []merge.Map{{Footprints: 3, Kept: 100, Groups: [][]int32{{0}, {1}, {2}}}, {Footprints: 2, Kept: 150, Groups: [][]int32{{0, 1}, {2}}}, {Footprints: 1, Kept: 200, Groups: [][]int32{{0, 1, 2}}}}, Chosen: 2}
	if got, want := m.message(), "2 systems would keep 75.0% of patients inside, 3 keep 50.0%"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.Curve = m.Curve[:1]
	if got := m.message(); got != "What each merger buys" {
		t.Errorf("one map alone: %q", got)
	}
}
