package sweep

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/internal/footprinttest"
	"stpmap/footprint/leiden"
)

func TestCalibrated(t *testing.T) {
	u := &Uncertainty{Areas: []Certainty{{Confidence: 1}, {Confidence: 0.9}, {Confidence: 0.89}, {Confidence: 0.2}}}
	held := &Uncertainty{Runs: 4, Areas: []Certainty{{Confidence: 1}, {Confidence: 0.5}, {Confidence: 0.75}, {Confidence: 0.25}}}
	if got, want := calibrated(u, held), (Calibration{Halves: 4, Sure: 2, Others: 2, SureSame: 0.75, OthersSame: 0.5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Jobs change nothing, and sure areas lie the same way more often than others.
func TestCalibrate(t *testing.T) {
	m, _, _ := footprinttest.Square(t, 10, 3)
	method := func(seed uint64) footprint.Method { return leiden.Leiden{Resolution: 3, Seed: seed, Jobs: 1} }
	base, err := method(1).Partition(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	var first Calibration
	for _, jobs := range []int{1, 3} {
		b := Bootstrap{Runs: 20, Seed: 5, Jobs: jobs, OverDispersion: 0.25}
		runs, _, err := b.Partitions(context.Background(), m, method)
		if err != nil {
			t.Fatal(err)
		}
		u, err := MeasureUncertainty(base, runs, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.Calibrate(context.Background(), m, base, u, method)
		if err != nil || c.Halves != calibrationHalves || c.Sure+c.Others != len(m.Areas()) {
			t.Fatalf("%+v, %v", c, err)
		}
		if jobs == 1 {
			first = c
		} else if c != first {
			t.Errorf("%d jobs give %+v, one gives %+v", jobs, c, first)
		}
	}
	if first.Sure > 0 && first.Others > 0 && first.SureSame <= first.OthersSame {
		t.Errorf("confidence says nothing: %+v", first)
	}
}

// Over-dispersed draws have the variance μ + α·μ².
func TestOverDispersedDraws(t *testing.T) {
	m := footprinttest.Table(t, []float64{400, 90}, []float64{80, 300})
	r := resampler{m: m}
	const draws = 5000
	for _, alpha := range []OverDispersion{0, 0.04} {
		sum, squares := 0.0, 0.0
		src := rand.NewPCG(8, 9)
		for range draws {
			x := r.draw(src, alpha)[0]
			sum += x
			squares += x * x
		}
		mean, want := sum/draws, 400+float64(alpha)*400*400
		variance := squares/draws - mean*mean
		if math.Abs(mean-400) > 5*math.Sqrt(want/draws) || math.Abs(variance/want-1) > 0.1 {
			t.Errorf("α = %v: mean %.1f, variance %.1f; want 400, %.1f", alpha, mean, variance, want)
		}
	}
}
