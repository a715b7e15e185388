package ensemble

import (
	"math"
	"math/rand/v2"
	"testing"
)

// independent are draws of four chains from the normal distribution, chain c
// shifted by c·shift.
func independent(n int, shift float64) Draws {
	d := make(Draws, 4)
	for c := range d {
		rng := rand.New(rand.NewPCG(uint64(c), 7))
		for range n {
			d[c] = append(d[c], rng.NormFloat64()+float64(c)*shift)
		}
	}
	return d
}

func TestPlaceOf(t *testing.T) {
	s := Statistic{Name: "inside_share", Better: 1}
	p := PlaceOf(s, 1, independent(1000, 0))
	if !p.Converged || math.Abs(p.Percentile-84.1) > 2 || !(p.Lower < 84.1 && p.Upper > 84.1) || p.Upper-p.Lower > 5 || p.Enough != 0 {
		t.Errorf("%+v", p)
	}
	if p.Verdict[:17] != "better than 84.7%" && p.Verdict[:13] != "better than 8" {
		t.Errorf("verdict %q", p.Verdict)
	}
	far := PlaceOf(s, 9, independent(1000, 0))
	if far.Percentile != 100 || far.Upper != 100 || far.Lower > 99.95 || far.Lower < 99.8 {
		t.Errorf("beyond all draws: %+v", far)
	}
	for name, d := range map[string]Draws{"chains apart": independent(1000, 0.5), "too few": independent(60, 0)} {
		p := PlaceOf(s, 1, d)
		if p.Converged || !math.IsNaN(p.Percentile) || p.Enough <= 240 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if p := PlaceOf(s, 1, Draws{{2, 2, 2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2, 2, 2}}); p.Varies || p.Converged || p.Verdict != "the same in every map" {
		t.Errorf("constant draws: %+v", p)
	}
}

func TestExactPlace(t *testing.T) {
	p := ExactPlace(Statistic{Name: "cut_borders", Better: -1}, 10, []float64{8, 10, 11, 12}, []float64{256, 224, 96, 78})
	if want := 100 * (256 + 112.0) / 654; math.Abs(p.Percentile-want) > 1e-9 || p.Median != 10 || p.P05 != 8 || p.P95 != 12 {
		t.Errorf("%+v, want %v", p, want)
	}
	if none := ExactPlace(Statistic{}, math.NaN(), []float64{1, 2}, []float64{1, 1}); !math.IsNaN(none.Percentile) || none.Median != 1 {
		t.Errorf("%+v", none)
	}
}

func TestBeatenInAll(t *testing.T) {
	list := []Statistic{{Better: 1}, {Better: -1}, {Better: 0}}
	if n := BeatenInAll(list, []float64{1, 1, 1}, [][]float64{{1, 1, 9}, {2, 1, 0}, {2, 2, 0}, {1, 0, 0}}); n != 2 {
		t.Errorf("%d maps beat it, want 2", n)
	}
}

// The assignment is the best of all matchings.
func TestAssignment(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		rows, columns := 1+rng.IntN(4), 1+rng.IntN(4)
		gain := make([]float64, rows*columns)
		for i := range gain {
			gain[i] = float64(rng.IntN(10))
		}
		var best func(row int, used uint) float64
		best = func(row int, used uint) float64 {
			if row == rows {
				return 0
			}
			most := best(row+1, used)
			for j := range columns {
				if used>>j&1 == 0 {
					most = max(most, gain[row*columns+j]+best(row+1, used|1<<j))
				}
			}
			return most
		}
		if got, want := assignment(gain, rows, columns), best(0, 0); got != want {
			t.Errorf("%d by %d %v: %v, want %v", rows, columns, gain, got, want)
		}
	}
}

// A map drawn from the measure passes the local tests about as often as their p
// values say; one that is the best of all is found unusual.
func TestLocal(t *testing.T) {
	s := grid(t, 4, 4, 4, 1, Uniform)
	run := Sampling{Space: s, Samples: 40, Chains: 4, Thin: 4, Seed: 1}
	squares := make([]int32, 16)
	for a := range squares {
		squares[a] = int32(a/8*2 + a%4/2)
	}
	list, err := run.Local(t.Context(), squares, NewFigures(s, nil))
	if err != nil {
		t.Fatal(err)
	}
	if l := list[0]; l.Value != 8 || l.PLow > 0.1 || l.PHigh < 0.9 || l.RootLow > 0.3 || l.RootHigh != 1 {
		t.Errorf("%+v", l)
	}
	label, value, err := run.Best(t.Context(), squares, NewFigures(s, nil), 0)
	if err != nil || value > 8 || len(label) != 16 {
		t.Errorf("best %v, %v, %v", label, value, err)
	}
}
