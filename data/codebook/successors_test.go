package codebook

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/flow"
)

// Whatever mergers and splits there were, no patient is lost or parted, shares
// add up to one, and going in two steps comes to the same codes.
func TestSuccessorsConserve(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for trial := range 200 {
		code := func(i int) string { return fmt.Sprintf("R%02d", i) }
		var list []Succession
		for i := range 20 {
			// A later code took over, so that there is no circle.
			for range rng.IntN(3) {
				list = append(list, Succession{Old: code(i), New: code(i + 1 + rng.IntN(8)), Date: fmt.Sprintf("20%02d-04-01", 10+i)})
			}
		}
		s := NewSuccessors(list)
		s.Rules["*"] = "equal"
		var records []data.Record
		for range 60 {
			records = append(records, data.Record{Area: fmt.Sprintf("E%d", rng.IntN(5)), Provider: code(rng.IntN(28)), Count: flow.Exactly(float64(rng.IntN(100)))})
		}
		patients := func(rs []data.Record) (sum float64, by map[string]float64) {
			by = map[string]float64{}
			for _, r := range rs {
				if r.Count.Value != math.Trunc(r.Count.Value) {
					t.Fatalf("trial %d: part of a patient: %+v", trial, r)
				}
				sum += r.Count.Value
				by[r.Area] += r.Count.Value
			}
			return sum, by
		}
		out, moves, err := s.Flows(records, "", false)
		if err != nil {
			t.Fatal(err)
		}
		before, areas := patients(records)
		after, areasAfter := patients(out)
		if before != after || fmt.Sprint(areas) != fmt.Sprint(areasAfter) {
			t.Fatalf("trial %d: %v patients became %v", trial, before, after)
		}
		for _, r := range out {
			if parts, err := s.At(r.Provider, ""); err != nil || len(parts) != 1 || parts[0].Code != r.Provider {
				t.Fatalf("trial %d: %s has not come to its end: %v, %v", trial, r.Provider, parts, err)
			}
		}
		for _, m := range moves {
			sum := 0.0
			for _, p := range m.New {
				sum += p.Share
			}
			if math.Abs(sum-1) > 1e-12 || len(m.New) > 1 != (m.Rule == "equal" && len(m.New) > 1) || !strings.HasPrefix(m.String(), m.Old+" to ") {
				t.Fatalf("trial %d: move %+v: %s", trial, m, m)
			}
		}
		if again, more, err := s.Flows(out, "", false); err != nil || len(more) != 0 || fmt.Sprint(again) != fmt.Sprint(out) {
			t.Fatalf("trial %d: a second time changes %v", trial, more)
		}
	}
}

func TestSuccessorsOfAreas(t *testing.T) {
	s := NewSuccessors([]Succession{{Old: "00C", New: "16C"}, {Old: "RBA", New: "RH5"}})
	records := []data.Record{
		{Area: "00C", Provider: "RBA", Count: flow.Exactly(5)},
		{Area: "16C", Provider: "RH5", Count: flow.Between(1, 4)},
		{Area: "00C", Provider: "RBA", Absent: true},
	}
	out, moves, err := s.Flows(records, "", true)
	if err != nil || len(out) != 2 || out[0].Area != "16C" || out[0].Provider != "RH5" || out[1].Count != flow.Between(1, 4) {
		t.Fatalf("got %v, %v", out, err)
	}
	if len(moves) != 2 || moves[0].Patients != 5 || moves[1].Patients != 5 {
		t.Errorf("moves %+v", moves)
	}
	out, _, err = s.Flows(records, "", false)
	if err != nil || out[0].Area != "00C" {
		t.Errorf("areas were not asked for: %v, %v", out, err)
	}
}
