package sweep

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/compare"
)

func summaries(rows [][3]float64) []SettingSummary {
	out := make([]SettingSummary, len(rows))
	for i, r := range rows {
		out[i] = SettingSummary{Resolution: float64(i + 1), Footprints: int(r[0]), Representative: footprint.Measures{InsideShare: r[1]}, Stability: r[2], NextVI: math.NaN()}
	}
	return out
}

func TestRecommend(t *testing.T) {
	curve := [][3]float64{
		{5, 0.99, 1}, // too few: over 3 million each
		{20, 0.95, 0.9},
		{30, 0.90, 0.9},
		{33, 0.895, 0.99},
		{35, 0.89, 0.95},
		{60, 0.87, 1},
		{100, 0.84, 1},
		{900, 0.10, 1}, // too many: under 300,000 each
	}
	for _, c := range []struct {
		name   string
		people float64
		want   int
		elbow  int
	}{
		// chord from (20, .95) to (100, .84): depth at 30 is .03625, at 33 .0371, at 35 .0394
		{"elbow at 35, steadiest near it at 33", 55e6, 33, 35},
		{"nobody fits, so all are considered", 1e5, 33, 35},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := summaries(curve)
			rec := Recommend(s, c.people, DefaultScale)
			got := 0
			if rec.Setting >= 0 {
				got = s[rec.Setting].Footprints
			}
			if got != c.want || rec.Elbow != c.elbow || len(rec.Reasons) == 0 {
				t.Errorf("chose %d, elbow %d; want %d, %d: %s", got, rec.Elbow, c.want, c.elbow, strings.Join(rec.Reasons, "; "))
			}
		})
	}
	one := summaries([][3]float64{{7, 0.9, math.NaN()}})
	if rec := Recommend(one, 0, DefaultScale); rec.Setting != 0 || rec.Elbow != 7 {
		t.Errorf("a single setting: %+v", rec)
	}
	if rec := Recommend(nil, 0, DefaultScale); rec.Setting != -1 {
		t.Errorf("no settings: %+v", rec)
	}
}

// The choice must not see the reference.
func TestRecommendIgnoresReference(t *testing.T) {
	s := summaries([][3]float64{{20, 0.95, 0.9}, {30, 0.9, 0.9}, {35, 0.89, 0.95}, {100, 0.84, 1}})
	want := Recommend(s, 0, DefaultScale).Setting
	for i := range s {
		s[i].Reference = compare.Agreement{Compared: 10, ARI: float64(i)}
	}
	if got := Recommend(s, 0, DefaultScale).Setting; got != want {
		t.Errorf("chose %d with a reference, %d without", got, want)
	}
}

func TestPlateaus(t *testing.T) {
	s := make([]SettingSummary, 6)
	for i, vi := range []float64{0.5, 0.01, 0.02, 0.9, 0, math.NaN()} {
		s[i].NextVI, s[i].Resolution = vi, float64(i+1)
	}
	got := Plateaus(s, 0.05)
	want := []Plateau{{1, 3, 2}, {4, 5, 6.0 / 5}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParetoFront(t *testing.T) {
	s := summaries([][3]float64{{10, 0.9, 0.9}, {10, 0.8, 0.9}, {20, 0.8, 0.5}, {20, 0.8, 0.5}, {5, 0.9, math.NaN()}})
	if got := ParetoFront(s); !slices.Equal(got, []int{0, 2}) {
		t.Errorf("got %v", got)
	}
}

// Against the definition, on a fine grid of resolutions.
func TestOptimalIntervals(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		n := 1 + rng.IntN(12)
		a, p := make([]float64, n), make([]float64, n)
		for i := range a {
			a[i], p[i] = float64(rng.IntN(20))/20, float64(rng.IntN(20))/20
		}
		got := OptimalIntervals(a, p)
		if got[0].From != 0 || !math.IsInf(got[len(got)-1].To, 1) {
			t.Fatalf("not all resolutions covered: %v", got)
		}
		for k, iv := range got {
			if k > 0 && (iv.From != got[k-1].To || !(iv.To > iv.From)) {
				t.Fatalf("intervals do not join: %v", got)
			}
			for _, gamma := range []float64{iv.From, (iv.From + min(iv.To, iv.From+10)) / 2, min(iv.To, iv.From+1e6)} {
				best := math.Inf(-1)
				for i := range a {
					best = max(best, a[i]-gamma*p[i])
				}
				if mine := a[iv.Partition] - gamma*p[iv.Partition]; mine < best-1e-9 {
					t.Fatalf("at %v partition %d has %v, best is %v: %v %v", gamma, iv.Partition, mine, best, a, p)
				}
			}
		}
	}
}

// A curve that falls ever faster has no elbow; the plateau decides.
func TestRecommendWithoutABend(t *testing.T) {
	s := summaries([][3]float64{{20, 0.97, 0.9}, {26, 0.96, 0.95}, {30, 0.95, 0.97}, {31, 0.948, 1}, {31, 0.948, 1}, {32, 0.945, 1}, {50, 0.9, 1}, {66, 0.8, 1}})
	for i, vi := range []float64{0.3, 0.2, 0.04, 0, 0.02, 0.4, 0.4, math.NaN()} {
		s[i].NextVI, s[i].Resolution = vi, math.Pow(2, float64(i))
	}
	rec := Recommend(s, 0, DefaultScale)
	// The plateau runs from 30 to 32 footprints, resolutions 4 to 32; its middle
	// is at √128, between the two settings of 31.
	if rec.Elbow != 31 || rec.Setting < 3 || rec.Setting > 4 || !strings.Contains(strings.Join(rec.Reasons, " "), "bends nowhere") {
		t.Errorf("chose setting %d around %d: %s", rec.Setting, rec.Elbow, strings.Join(rec.Reasons, "; "))
	}
	for i := range s {
		s[i].NextVI = 1 // no plateau either: the end is all there is
	}
	if rec := Recommend(s, 0, DefaultScale); rec.Setting < 0 {
		t.Error("nothing chosen")
	}
}
