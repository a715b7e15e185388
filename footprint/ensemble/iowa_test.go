package ensemble

import (
	"testing"

	"stpmap/footprint"
)

// iowa is the 99 counties in four districts within a tolerance, with the
// districts enacted.
func iowa(t *testing.T, tolerance float64, measure Measure) (*Space, []int32) {
	t.Helper()
	head, nodes := readTable(t, "iowa-mit/nodes.csv")
	ends, edges := readTable(t, "iowa-mit/edges.csv")
	p := Problem{Areas: len(nodes), Measure: measure}
	var enacted []int32
	sum := 0.0
	for _, n := range nodes {
		people := parse(t, n[head["TOTPOP"]])
		sum += people
		p.Demands.Population = append(p.Demands.Population, people)
		enacted = append(enacted, int32(parse(t, n[head["CD"]]))-1)
	}
	for _, e := range edges {
		a, b := int32(parse(t, e[ends["a"]])), int32(parse(t, e[ends["b"]]))
		p.Pairs = append(p.Pairs, [2]int32{min(a, b), max(a, b)})
	}
	p.Demands = footprint.Constraints{Footprints: 4, Population: p.Demands.Population, MinPopulation: sum / 4 * (1 - tolerance), MaxPopulation: sum / 4 * (1 + tolerance)}
	s, err := NewSpace(p)
	if err != nil {
		t.Fatal(err)
	}
	return s, enacted
}

func TestIowaQuick(t *testing.T) {
	for _, m := range []Measure{Trees, Uniform} {
		s, enacted := iowa(t, 0.01, m)
		f := NewFigures(s, nil)
		if v := f.Of(enacted); v[0] != 47 || s.Lacks(enacted) != nil {
			t.Fatal(v, s.Lacks(enacted))
		}
		for _, thin := range []int{100, 400} {
			run := Sampling{Space: s, Samples: 4000, Chains: 4, Thin: thin, Seed: 1}
			d := make(Draws, 4)
			records := make([][]int32, run.Samples)
			taken := 0
			todo := make([]int, run.Samples)
			for i := range todo {
				todo[i] = i
			}
			if err := run.Run(t.Context(), todo, nil, func(task int, r []int32) error { records[task] = r; return nil }); err != nil {
				t.Fatal(err)
			}
			for i, r := range records {
				d[i%4] = append(d[i%4], f.Of(run.Labels(r))[0])
				taken += run.Taken(r)
			}
			p := PlaceOf(f.Statistics()[0], 47, d)
			t.Log(m, thin, p.RHat, p.BulkESS, p.TailESS, p.Percentile, p.Lower, p.Upper, p.Verdict, float64(taken)/4000/float64(thin))
		}
	}
}
