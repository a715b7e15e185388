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
		out[i] = SettingSummary{Resolution: float64(i + 1), Footprints: int(r[0]), Representative: footprint.Measures{InsideShare: r[1]}, Stability: r[2], ResampledStability: math.NaN(), NextVI: math.NaN()}
	}
	return out
}

// chosen is a number without people.
func chosen(footprints int) NumberChoice { return NumberChoice{Footprints: footprints} }

// withPeople gives every setting the people of its smallest and largest
// footprint.
func withPeople(s []SettingSummary, least, most float64) []SettingSummary {
	for i := range s {
		s[i].Representative.MinPopulation, s[i].Representative.MaxPopulation = least, most
	}
	return s
}

func TestRecommend(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		name string
		rows [][3]float64
		want int
	}{
		{"the most stable of the number and its neighbours", [][3]float64{{32, 0.9, 1}, {33, 0.9, 0.95}, {34, 0.9, 0.97}, {35, 0.9, 0.96}, {36, 0.9, 1}}, 2},
		{"the nearer of equally stable ones", [][3]float64{{33, 0.9, 1}, {34, 0.9, 1}, {35, 0.9, 1}}, 1},
		{"one that falls short by over a point is none", [][3]float64{{34, 0.92, 0.9}, {34, 0.905, 1}}, 0},
		{"one that ran once is the least stable", [][3]float64{{34, 0.9, none}, {33, 0.9, 0.5}}, 1},
		{"none has the number", [][3]float64{{20, 0.95, 1}, {60, 0.87, 1}, {0, none, none}}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := summaries(c.rows)
			if got := Recommend(s, chosen(34), DefaultScale); got.Setting != c.want || got.Footprints != 34 {
				t.Errorf("chose setting %d for %d footprints, want %d: %s", got.Setting, got.Footprints, c.want, strings.Join(got.Reasons, "; "))
			}
		})
	}
	if rec := Recommend(nil, chosen(34), DefaultScale); rec.Setting != -1 || rec.Footprints != 0 {
		t.Errorf("no settings, and yet %+v", rec)
	}
	asked := summaries([][3]float64{{34, 0.9, 1}})
	asked[0].Method, asked[0].Asked = "leiden", 34
	for gamma, want := range map[float64]int{1: 0, 2: -1} {
		if rec := Recommend(asked, NumberChoice{Footprints: 34, Resolution: gamma}, DefaultScale); rec.Setting != want {
			t.Errorf("number chosen at γ = %v: setting %d, want %d", gamma, rec.Setting, want)
		}
	}
	if rec := Recommend(summaries([][3]float64{{34, 0.9, 1}}), NumberChoice{}, DefaultScale); rec.Setting != -1 {
		t.Errorf("no number, and yet %+v", rec)
	}
}

// The scale binds each footprint, where the people are known.
func TestRecommendBindsEachFootprint(t *testing.T) {
	n := NumberChoice{Footprints: 34, Fits: true}
	for _, c := range []struct {
		least, most float64
		want        int
	}{{300_000, 3_000_000, 0}, {299_999, 2_000_000, -1}, {400_000, 3_000_001, -1}} {
		s := withPeople(summaries([][3]float64{{34, 0.9, 1}}), c.least, c.most)
		if got := Recommend(s, n, DefaultScale).Setting; got != c.want {
			t.Errorf("footprints of %v to %v people: setting %d, want %d", c.least, c.most, got, c.want)
		}
	}
}

// Resampled stability decides where all candidates have it.
func TestRecommendByResampledStability(t *testing.T) {
	s := summaries([][3]float64{{34, 0.9, math.NaN()}, {34, 0.9, 1}})
	s[0].ResampledStability, s[1].ResampledStability = 0.95, 0.9
	if got := Recommend(s, chosen(34), DefaultScale).Setting; got != 0 {
		t.Errorf("chose setting %d, want the one that is steadier on resampled flows", got)
	}
	s[0].ResampledStability = math.NaN()
	if got := Recommend(s, chosen(34), DefaultScale).Setting; got != 1 {
		t.Errorf("chose setting %d, want the one that is steadier over seeds", got)
	}
}

// The choice must not see the reference.
func TestRecommendIgnoresReference(t *testing.T) {
	s := summaries([][3]float64{{33, 0.9, 0.95}, {34, 0.9, 0.97}, {35, 0.89, 0.95}})
	want := Recommend(s, chosen(34), DefaultScale).Setting
	for i := range s {
		s[i].Reference = compare.Agreement{Compared: 10, ARI: float64(10 - i)}
	}
	if got := Recommend(s, chosen(34), DefaultScale).Setting; got != want {
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
