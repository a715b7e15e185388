package codebook

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/data"
)

// counted is a figure of a numerator and a denominator; NaN stands for unknown.
func counted(entity, indicator string, num, den float64) data.Observation {
	return data.Observation{Entity: entity, Indicator: indicator, Period: "2018", Numerator: num, Denominator: den, Value: math.NaN(), Lower: math.NaN(), Upper: math.NaN()}
}

// rate is a figure of a value alone.
func rate(entity, indicator string, value float64) data.Observation {
	o := counted(entity, indicator, math.NaN(), math.NaN())
	o.Value, o.Lower, o.Upper = value, value-1, value+1
	return o
}

// told writes figures as text, one a line.
func told(list []data.Observation) string {
	var lines []string
	for _, o := range list {
		lines = append(lines, fmt.Sprintf("%s %s %g/%g %g share %g", o.Entity, o.Indicator, o.Numerator, o.Denominator, o.Value, o.Share))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestFiguresFollowTheirOrganisations(t *testing.T) {
	merged := NewSuccessors([]Succession{{Old: "A", New: "C", Date: "2019-01-01"}, {Old: "B", New: "C", Date: "2019-01-01"}})
	split := NewSuccessors([]Succession{{Old: "A", New: "B", Date: "2019-01-01"}, {Old: "A", New: "C", Date: "2019-01-01"}})
	split.Rules["A"] = "equal"
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		by     *Successors
		list   []data.Observation
		volume map[string]float64
		want   string
		lost   int
		parts  int
	}{
		{"nothing moves", merged, []data.Observation{counted("D", "x", 3, 4)}, nil, "D x 3/4 NaN share 0", 0, 0},
		{"a new code", merged, []data.Observation{counted("A", "x", 3, 4)}, nil, "C x 3/4 NaN share 0", 0, 0},
		{"two are added up", merged, []data.Observation{counted("A", "x", 3, 4), counted("B", "x", 1, 10)}, nil, "C x 4/14 NaN share 0", 0, 0},
		{"with the one that took over", merged, []data.Observation{counted("A", "x", 3, 4), counted("C", "x", 1, 10)}, nil, "C x 4/14 NaN share 0", 0, 0},
		{"not with another indicator", merged, []data.Observation{counted("A", "x", 3, 4), counted("B", "y", 1, 10)}, nil, "C x 3/4 NaN share 0\nC y 1/10 NaN share 0", 0, 0},
		{"decimals stay decimals", merged, []data.Observation{counted("A", "x", 0.1, 1), counted("B", "x", 0.2, 1)}, nil, "C x 0.3/2 NaN share 0", 0, 0},
		{"a rate alone", merged, []data.Observation{rate("A", "x", 95)}, nil, "C x NaN/NaN 95 share 0", 0, 0},
		{"rates cannot be pooled", merged, []data.Observation{rate("A", "x", 95), rate("B", "x", 97)}, nil, "", 2, 0},
		{"a rate beside a count", merged, []data.Observation{rate("A", "x", 95), counted("B", "x", 1, 2)}, nil, "C x 1/2 NaN share 0", 1, 0},
		{"numerators alone", merged, []data.Observation{counted("A", "x", 3, nan), counted("B", "x", 4, nan)}, nil, "C x 7/NaN NaN share 0", 0, 0},
		{"a numerator beside a whole figure", merged, []data.Observation{counted("A", "x", 3, nan), counted("B", "x", 4, 8)}, nil, "C x 4/8 NaN share 0", 1, 0},
		{"equal parts", split, []data.Observation{counted("A", "x", 3, 4)}, nil, "B x 1.5/2 NaN share 0\nC x 1.5/2 NaN share 0", 0, 0},
		{"a rate is that of its parts", split, []data.Observation{rate("A", "x", 95)}, nil, "B x NaN/NaN 95 share 0\nC x NaN/NaN 95 share 0", 0, 0},
		{"of all its patients", merged, []data.Observation{counted("A", "x", 3, 4), counted("B", "x", 1, 10)}, map[string]float64{"A": 30, "B": 10}, "C x 4/14 NaN share 0", 0, 0},
		{"of three quarters of its patients", merged, []data.Observation{counted("A", "x", 3, 4)}, map[string]float64{"A": 30, "B": 10}, "C x 3/4 NaN share 0.75", 0, 1},
		{"without patients", merged, []data.Observation{counted("A", "x", 3, 4)}, map[string]float64{"A": 0, "B": 0}, "C x 3/4 NaN share 0", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rep, err := c.by.Observations(c.list, "2020-01-01", nil, c.volume)
			if err != nil || told(got) != c.want || len(rep.Lost) != c.lost || len(rep.Parts) != c.parts {
				t.Errorf("got\n%s\nwant\n%s\n%d lost, %d parts, %v", told(got), c.want, len(rep.Lost), len(rep.Parts), err)
			}
			early, rep, err := c.by.Observations(c.list, "2018-12-31", nil, nil)
			if err != nil || told(early) != told(c.list) || len(rep.Moves) > 0 {
				t.Errorf("before the day, got\n%s\n%v", told(early), err)
			}
			stay, rep, err := c.by.Observations(c.list, "2020-01-01", func(string) bool { return true }, c.volume)
			if err != nil || told(stay) != told(c.list) || len(rep.Moves) > 0 {
				t.Errorf("codes that stay, got\n%s\n%v", told(stay), err)
			}
		})
	}
}

// Where nobody says which of several took over, every such code is named.
func TestFiguresOfSeveralSuccessors(t *testing.T) {
	s := NewSuccessors([]Succession{{Old: "A", New: "B"}, {Old: "A", New: "C"}, {Old: "D", New: "E"}, {Old: "E", New: "D"}})
	_, _, err := s.Observations([]data.Observation{counted("A", "x", 1, 2), counted("D", "x", 1, 2), counted("F", "x", 1, 2)}, "", nil, nil)
	if !errors.Is(err, ErrSeveralSuccessors) || !errors.Is(err, ErrSuccessorCycle) || !strings.Contains(err.Error(), "--successor A=B") {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Observations([]data.Observation{counted("F", "x", 1, 2)}, "", nil, map[string]float64{"A": 1}); !errors.Is(err, ErrSeveralSuccessors) {
		t.Errorf("of the patients, got %v", err)
	}
	if _, _, err := s.Figures([]data.Figure{{Entity: "A", Indicator: "x", Numerator: data.Known(1)}}, ""); !errors.Is(err, ErrSeveralSuccessors) {
		t.Errorf("of figures, got %v", err)
	}
}

// Numerators and denominators add up to what they were, whatever takes over from
// whom, and what is said adds up to it too.
func TestFiguresConserve(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		code := func(n int) string { return string(rune('A' + n)) }
		var list []Succession
		for old := range 8 {
			for range rng.IntN(3) {
				list = append(list, Succession{Old: code(old), New: code(old + 1 + rng.IntN(8-old)), Date: fmt.Sprintf("20%02d-04-01", 10+2*old)})
			}
		}
		s := NewSuccessors(list)
		s.Rules["*"] = "equal"
		var rows []data.Observation
		volume := map[string]float64{}
		sums := map[string]float64{}
		for n := range 9 {
			volume[code(n)] = float64(rng.IntN(1000))
			for _, indicator := range []string{"x", "y"} {
				if rng.IntN(4) > 0 {
					o := counted(code(n), indicator, float64(rng.IntN(100)), float64(100+rng.IntN(100)))
					rows = append(rows, o)
					sums[indicator+" n"] += o.Numerator
					sums[indicator+" d"] += o.Denominator
				}
			}
		}
		got, rep, err := s.Observations(rows, "2021-01-01", nil, volume)
		if err != nil || len(rep.Lost) > 0 {
			t.Fatal(err, rep.Lost)
		}
		after := map[string]float64{}
		for _, o := range got {
			after[o.Indicator+" n"] += o.Numerator
			after[o.Indicator+" d"] += o.Denominator
			if o.Share < 0 || o.Share >= 1 || math.IsNaN(o.Share) {
				t.Errorf("seed %d: a share of %g", seed, o.Share)
			}
			if len(s.Closed([]string{o.Entity}, "2021-01-01")) > 0 {
				t.Errorf("seed %d: %s has a figure, though others took over from it", seed, o.Entity)
			}
		}
		for k, want := range sums {
			if math.Abs(after[k]-want) > 1e-6 {
				t.Errorf("seed %d: %s is %g, was %g", seed, k, after[k], want)
			}
		}
		for _, v := range rep.Sums {
			if math.Abs(v.NumeratorBefore-v.NumeratorAfter) > 1e-6 || math.Abs(v.DenominatorBefore-v.DenominatorAfter) > 1e-6 || v.NumeratorBefore != sums[v.Indicator+" n"] {
				t.Errorf("seed %d: says %+v", seed, v)
			}
		}
		moved := 0
		for _, m := range rep.Moves {
			moved += m.Figures
		}
		still := 0
		for _, o := range rows {
			if len(s.Closed([]string{o.Entity}, "2021-01-01")) == 0 {
				still++
			}
		}
		if moved+still != len(rows) {
			t.Errorf("seed %d: %d figures moved and %d stayed of %d", seed, moved, still, len(rows))
		}
	}
}

// What is done stands in words, with five parts at most.
func TestMergingInWords(t *testing.T) {
	s := NewSuccessors([]Succession{{Old: "A", New: "C"}, {Old: "B", New: "C"}})
	var rows []data.Observation
	for i := range 7 {
		rows = append(rows, counted("A", fmt.Sprintf("x%d", i), 3, 4))
	}
	rows = append(rows, rate("A", "y", 95), rate("B", "y", 97))
	_, rep, err := s.Observations(rows, "", nil, map[string]float64{"A": 30, "B": 10})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(rep.Sentences(), "\n")
	want := `A to C: 8 figures
B to C: 1 figure
x0: 3 of 4 before, 3 of 4 after
x1: 3 of 4 before, 3 of 4 after
x2: 3 of 4 before, 3 of 4 after
x3: 3 of 4 before, 3 of 4 after
x4: 3 of 4 before, 3 of 4 after
x5: 3 of 4 before, 3 of 4 after
x6: 3 of 4 before, 3 of 4 after
C, x0 2018: judged on 75.0% of its patients; no figure of B
C, x1 2018: judged on 75.0% of its patients; no figure of B
C, x2 2018: judged on 75.0% of its patients; no figure of B
C, x3 2018: judged on 75.0% of its patients; no figure of B
C, x4 2018: judged on 75.0% of its patients; no figure of B
and 2 more figures of a part of an organisation
2 figures lost: values without numerator and denominator cannot be pooled, such as y of A`
	if got != want {
		t.Errorf("says\n%s\nwant\n%s", got, want)
	}
}

// Figures of an import move as observations do, and come out sorted.
func TestImportedFiguresMove(t *testing.T) {
	s := NewSuccessors([]Succession{{Old: "A", New: "C"}, {Old: "B", New: "C"}})
	got, rep, err := s.Figures([]data.Figure{
		{Entity: "Z", Indicator: "x", Period: "2", Value: data.Known(0)},
		{Entity: "B", Indicator: "x", Period: "1", Numerator: data.Known(1), Denominator: data.Known(2)},
		{Entity: "A", Indicator: "x", Period: "1", Numerator: data.Known(3), Denominator: data.Known(4)},
	}, "")
	if err != nil || len(rep.Moves) != 2 || len(got) != 2 {
		t.Fatalf("%+v, %+v, %v", got, rep, err)
	}
	if f := got[0]; f.Entity != "C" || f.Numerator != data.Known(4) || f.Denominator != data.Known(6) || f.Value.Known {
		t.Errorf("got %+v", f)
	}
	if f := got[1]; f.Entity != "Z" || f.Value != data.Known(0) || f.Numerator.Known {
		t.Errorf("got %+v", f)
	}
}
