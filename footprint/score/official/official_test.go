package official

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

// near says whether two numbers differ by less than a tolerance.
func near(a, b, tolerance float64) bool { return math.Abs(a-b) < tolerance }

// The correlations and the intervals of Bonett and Wright are worked out apart,
// by the ranks and their products.
func TestSpearman(t *testing.T) {
	for _, c := range []struct{ x, y []float64 }{
		{[]float64{1, 2, 3, 4, 5}, []float64{5, 6, 7, 8, 7}},
		{[]float64{1, 1, 2, 2, 3}, []float64{3, 1, 2, 5, 4}},
		{[]float64{4, 4, 4, 4, 4, 1, 1, 1, 1, 1}, []float64{-1, -4, -11, -19, -24, -35, -38, -40, -41, -43}},
	} {
		want := map[int]float64{5: 0.8207826816681233, 10: 0.8703882797784892}[len(c.x)]
		if c.x[1] == 1 {
			want = 5.5 / math.Sqrt(90)
		}
		if got := Spearman(c.x, c.y); !near(got, want, 1e-12) {
			t.Errorf("%v, %v: got %v, want %v", c.x, c.y, got, want)
		}
	}
	lower, upper := SpearmanInterval(0.5, 28)
	// atanh 0.5 = 0.549306, √(1.125/25) = 0.212132: tanh(0.133535), tanh(0.965077)
	if !near(lower, 0.132747, 1e-5) || !near(upper, 0.746533, 1e-5) {
		t.Errorf("got %v to %v", lower, upper)
	}
	for _, c := range [][2]float64{{0.5, 3}, {1, 10}, {math.NaN(), 10}} {
		if lower, upper := SpearmanInterval(c[0], int(c[1])); !math.IsNaN(lower) || !math.IsNaN(upper) {
			t.Errorf("%v: got %v to %v, want none", c, lower, upper)
		}
	}
}

// eight are eight footprints with two indicators of two domains: the first is the
// worst on both but for F08, which is worst on waits for treatment.
func eight(t testing.TB) *score.Result {
	t.Helper()
	b := flow.NewBuilder()
	p := footprint.Partition{}
	var rows []attribution.Observation
	for f := range 8 {
		code := fmt.Sprintf("P%d", f+1)
		if err := b.Add(fmt.Sprintf("A%d", f+1), code, flow.Exactly(100)); err != nil {
			t.Fatal(err)
		}
		p.Areas, p.Providers, p.IDs = append(p.Areas, int32(f)), append(p.Providers, int32(f)), append(p.IDs, fmt.Sprintf("F%02d", f+1))
		for _, id := range []string{"ae_4h", "rtt_18w"} {
			o := attribution.NewObservation(code, id, "2017/18")
			o.Denominator, o.Numerator = 10000, float64(7000+200*f)
			if id == "rtt_18w" && f == 7 {
				o.Numerator = 2000
			}
			rows = append(rows, o)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	r, err := score.Run(context.Background(), score.Input{Matrix: m, Partition: p, Observations: rows, Names: make([]string, 8), Options: score.Options{Draws: -1}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCompare(t *testing.T) {
	r := eight(t)
	list := func(labels ...string) (ratings []Rating) {
		for i, label := range labels {
			ratings = append(ratings, Rating{Code: fmt.Sprintf("f%02d", i+1), Label: label, File: "ratings.csv", Line: i + 2})
		}
		return ratings
	}
	c, err := Compare(r, list("inadequate", "inadequate", "good", "good", "good", "good", "good", "Outstanding "))
	if err != nil {
		t.Fatal(err)
	}
	if c.Overall || c.Ranked != 8 || len(c.Rows) != 8 || !(c.Rho > -1 && c.Rho < 1) {
		t.Errorf("got %+v", c)
	}
	first := c.Rows[1]
	if first.Footprint != "F08" || first.Rank != 2 || first.Low != 8 || first.High != 8 || first.Apart != 6 || first.Domain != "Planned care and diagnostics" {
		t.Errorf("got %+v, want F08 six places worse here, by planned care", first)
	}
	if len(first.Without) != 4 {
		t.Errorf("got %v, want the four domains without figures", first.Without)
	}
	var b strings.Builder
	if err := c.WriteCSV(&b); err != nil || strings.Contains(b.String(), "NaN") || strings.Count(b.String(), "\n") != 9 {
		t.Errorf("got %s, %v", b.String(), err)
	}
	b.Reset()
	if err := c.WriteText(&b); err != nil || !strings.Contains(b.String(), "6 worse here") {
		t.Errorf("got %s, %v", b.String(), err)
	}
	// The worst two and the best of a part of the list.
	c, err = Compare(r, append(list("4", "1"), Rating{Code: "gone", Label: "2"}))
	if err != nil || len(c.Unmatched) != 1 || len(c.Rows) != 2 {
		t.Fatalf("got %+v, %v", c, err)
	}
	if x := c.Rows[0]; x.Footprint != "F01" || x.Low != 1 || x.High != 1 || x.Rank != 1 || x.Apart != 0 {
		t.Errorf("got %+v, want the worst of all", x)
	}
	if x := c.Rows[1]; x.Low != 8 || x.Apart != 5 {
		t.Errorf("got %+v, want the best to be the last of eight", x)
	}
	if _, err := Compare(r, list("inadequate", "middling")); !errors.Is(err, ErrUnknownRating) || !strings.Contains(err.Error(), "ratings.csv:3") {
		t.Errorf("got %v, want ErrUnknownRating in line 3", err)
	}
	if _, err := Compare(r, []Rating{{Code: "X", Label: "1"}}); !errors.Is(err, ErrNoMatch) {
		t.Errorf("got %v, want ErrNoMatch", err)
	}
}
