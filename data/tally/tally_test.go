package tally

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/flow"
)

// Rows in any order, with printed totals among them, come to the sum of the rows;
// a total that is off is told, with its place, and no other.
func TestPairs(t *testing.T) {
	type row struct {
		area, provider, group string
		count                 flow.Count
		total                 bool
		line                  int
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for trial := range 200 {
		var rows []row
		want := map[string]float64{}
		sums := map[string]float64{}
		for range 40 {
			r := row{fmt.Sprintf("E%d", rng.IntN(4)), fmt.Sprintf("R%d", rng.IntN(3)), fmt.Sprintf("m%d", rng.IntN(2)), flow.Exactly(float64(rng.IntN(50))), false, 0}
			rows = append(rows, r)
			want[r.area+" "+r.provider] += r.count.Value
			sums[r.area+"/"+r.provider+"/"+r.group] += r.count.Value
		}
		off := ""
		for k, n := range sums {
			p := strings.Split(k, "/")
			if rng.IntN(2) == 0 {
				continue
			}
			if off == "" && trial%3 == 0 {
				off = fmt.Sprintf("t.csv:7: %s from %s, %s", p[1], p[0], p[2])
				n++
				rows = append(rows, row{p[0], p[1], p[2], flow.Exactly(n), true, 7})
				continue
			}
			rows = append(rows, row{p[0], p[1], p[2], flow.Exactly(n), true, 3})
		}
		// A pair that has a total only counts by it.
		rows = append(rows, row{"E9", "R9", "m0", flow.Exactly(8), true, 4})
		want["E9 R9"] = 8
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		var p Pairs
		for _, r := range rows {
			p.Add([]byte(r.area), []byte(r.provider), []byte(r.group), r.count, r.total, "t.csv", r.line)
		}
		var told []string
		got := p.Records(func(file string, line int, what string) {
			told = append(told, fmt.Sprintf("%s:%d: %s", file, line, what))
		})
		if off == "" && len(told) > 0 || off != "" && !slices.Equal(told, []string{off}) {
			t.Fatalf("trial %d: told %q, want %q", trial, told, off)
		}
		if !slices.IsSortedFunc(got, func(a, b data.Record) int { return strings.Compare(a.Area+" "+a.Provider, b.Area+" "+b.Provider) }) {
			t.Fatalf("trial %d: not sorted: %v", trial, got)
		}
		for _, r := range got {
			if k := r.Area + " " + r.Provider; r.Count != flow.Exactly(want[k]) {
				t.Fatalf("trial %d: %s: got %v, want %v", trial, k, r.Count, want[k])
			}
		}
		if len(got) != len(want) {
			t.Fatalf("trial %d: %d pairs, want %d", trial, len(got), len(want))
		}
	}
}

// Suppressed cells stay apart with their bounds, and a printed total is held
// against what they may be.
func TestPairsSuppressed(t *testing.T) {
	for _, c := range []struct {
		total flow.Count
		off   bool
	}{
		{flow.Exactly(12), false}, // 10 and 1 to 4, 1 to 7: 12 to 21
		{flow.Exactly(21), false},
		{flow.Exactly(11), true},
		{flow.Exactly(22), true},
		{flow.Between(1, 4), true},
	} {
		var p Pairs
		p.Add([]byte("E"), []byte("R"), nil, flow.Between(1, 7), false, "f", 1)
		p.Add([]byte("E"), []byte("R"), nil, flow.Exactly(10), false, "f", 2)
		p.Add([]byte("E"), []byte("R"), nil, flow.Between(1, 4), false, "f", 3)
		p.Add([]byte("E"), []byte("R"), nil, c.total, true, "f", 4)
		told := 0
		got := p.Records(func(string, int, string) { told++ })
		want := []data.Record{
			{Area: "E", Provider: "R", Count: flow.Exactly(10)},
			{Area: "E", Provider: "R", Count: flow.Between(1, 4)},
			{Area: "E", Provider: "R", Count: flow.Between(1, 7)},
		}
		if !slices.Equal(got, want) || (told > 0) != c.off {
			t.Errorf("total %v: got %v, told %d times", c.total, got, told)
		}
	}
	// What is wholly suppressed gives no record of nothing beside it.
	var p Pairs
	p.Add([]byte("E"), []byte("R"), nil, flow.Between(1, 4), false, "", 0)
	p.Add([]byte("E"), []byte("S"), nil, flow.Exactly(0), false, "", 0)
	got := p.Records(nil)
	if len(got) != 2 || !got[0].Count.Suppressed() || got[1].Count != flow.Exactly(0) {
		t.Errorf("got %v", got)
	}
}

func TestSums(t *testing.T) {
	k := func(entity, period, other string) Key {
		return Key{Entity: entity, Period: period, Series: "s", Other: other}
	}
	numbers := func(n ...float64) []data.Number {
		out := make([]data.Number, len(n))
		for i, x := range n {
			if !math.IsNaN(x) {
				out[i] = data.Known(x)
			}
		}
		return out
	}
	var s Sums
	s.Add(k("B", "2020-01", "x"), numbers(1, 2), false, "f", 1)
	s.Add(k("B", "2020-01", "x"), numbers(3, math.NaN()), false, "f", 2)
	s.Add(k("B", "2020-01", "x"), numbers(4, 2), true, "f", 3) // agrees
	s.Add(k("B", "2020-01", "y"), numbers(10, 20), true, "f", 4)
	s.Add(k("A", "2020-02", ""), numbers(5, 6), false, "f", 5)
	s.Add(k("A", "2020-02", ""), numbers(5, 7), true, "g", 6) // does not
	var told []string
	got := s.Checked(func(file string, line int, what string) {
		told = append(told, fmt.Sprintf("%s:%d: %s", file, line, what))
	})
	if !slices.Equal(told, []string{"g:6: A, s, 2020-02"}) {
		t.Errorf("told %q", told)
	}
	if len(got) != 2 || got[0].Entity != "A" || got[1].Entity != "B" {
		t.Fatalf("got %+v", got)
	}
	if a := got[0].N; a[0] != data.Known(5) || a[1] != data.Known(6) || a[2].Known {
		t.Errorf("A has %+v", a)
	}
	// x by its rows, y by its total alone.
	if b := got[1].N; b[0] != data.Known(14) || b[1] != data.Known(22) {
		t.Errorf("B has %+v", b)
	}
	if slack := Slack(1e12); slack < 1000 || slack > 1001 || Slack(0) != 1e-6 || Slack(-1e12) != slack {
		t.Errorf("slack %v", slack)
	}
}
