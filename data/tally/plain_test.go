package tally

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/data"
	"stpmap/flow"
)

// cell is a row of a published table.
type cell struct {
	pair, group string
	count       flow.Count
	total       bool
}

// randomCells has rows and totals, published and suppressed, of a few pairs and
// groups. Counts are whole numbers, so that sums are exact in any order.
func randomCells(rng *rand.Rand) []cell {
	var out []cell
	for range 5 + rng.IntN(40) {
		c := flow.Exactly(float64(rng.IntN(20)))
		if rng.IntN(3) == 0 {
			lower := float64(rng.IntN(3))
			c = flow.Between(lower, lower+float64(1+rng.IntN(6)))
		}
		out = append(out, cell{string(rune('a' + rng.IntN(3))), string(rune('m' + rng.IntN(3))), c, rng.IntN(4) == 0})
	}
	return out
}

func pairsOf(cells []cell) *Pairs {
	var p Pairs
	for i, c := range cells {
		p.Add([]byte(c.pair), []byte("R"), []byte(c.group), c.count, c.total, "f", i+1)
	}
	return &p
}

// plainSums adds up, by pair, the rows of each group, or its totals where it has
// no rows.
func plainSums(cells []cell) map[string]flow.Count {
	detail := map[[2]string]bool{}
	for _, c := range cells {
		if !c.total {
			detail[[2]string{c.pair, c.group}] = true
		}
	}
	out := map[string]flow.Count{}
	for _, c := range cells {
		if c.total != detail[[2]string{c.pair, c.group}] {
			out[c.pair] = out[c.pair].Plus(c.count)
		}
	}
	return out
}

// Records add up to the rows, with every bound, in any order of the rows.
func TestPairsKeepEveryBound(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 51))
		cells := randomCells(rng)
		quiet := func(string, int, string) {}
		got := pairsOf(cells).Records(quiet)
		sums, published := map[string]flow.Count{}, map[string]int{}
		for i, r := range got {
			sums[r.Area] = sums[r.Area].Plus(r.Count)
			if !r.Count.Suppressed() {
				published[r.Area]++
				if i > 0 && got[i-1].Area == r.Area {
					t.Fatalf("seed %d: what was published of %s is not the first of it", seed, r.Area)
				}
			}
			if published[r.Area] > 1 {
				t.Fatalf("seed %d: what was published of %s comes in two records", seed, r.Area)
			}
		}
		want := plainSums(cells)
		for pair, w := range want {
			if sums[pair] != w {
				t.Fatalf("seed %d: %s comes to %+v, want %+v", seed, pair, sums[pair], w)
			}
		}
		if len(sums) != len(want) {
			t.Fatalf("seed %d: %d pairs, want %d", seed, len(sums), len(want))
		}
		rng.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
		if again := pairsOf(cells).Records(quiet); !slices.Equal(again, got) {
			t.Fatalf("seed %d: other records in another order of the rows", seed)
		}
	}
}

// A total is told of where no numbers within the bounds of its rows and its own
// could make it right, and nowhere else.
func TestTotalsThatCannotBe(t *testing.T) {
	told, held := 0, 0
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 52))
		cells := randomCells(rng)
		rows, totals := map[string]flow.Count{}, map[string]flow.Count{}
		for _, c := range cells {
			sums := rows
			if c.total {
				sums = totals
			}
			sums[c.pair+c.group] = sums[c.pair+c.group].Plus(c.count)
		}
		hasRows, hasTotal := map[string]bool{}, map[string]bool{}
		for _, c := range cells {
			if c.total {
				hasTotal[c.pair+c.group] = true
			} else {
				hasRows[c.pair+c.group] = true
			}
		}
		var want []string
		for k := range hasTotal {
			if !hasRows[k] {
				continue
			}
			if held++; totals[k].Upper < rows[k].Lower || totals[k].Lower > rows[k].Upper {
				want = append(want, fmt.Sprintf("R from %c, %c", k[0], k[1]))
			}
		}
		var got []string
		pairsOf(cells).Records(func(file string, line int, what string) {
			got = append(got, what)
			if c := cells[line-1]; file != "f" || !c.total || what != fmt.Sprintf("R from %s, %s", c.pair, c.group) {
				t.Fatalf("seed %d: %s:%d is told of as %q", seed, file, line, what)
			}
		})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: told of %q, want %q", seed, got, want)
		}
		told += len(got)
	}
	if told == 0 || told == held {
		t.Errorf("%d of %d totals were told of", told, held)
	}
}

// Numbers by key come out as plain addition has them, sorted, unknown ones left
// unknown, in any order of the rows.
func TestSumsByPlainAddition(t *testing.T) {
	type row struct {
		k       Key
		numbers []data.Number
	}
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 53))
		var rows []row
		want := map[Key][2]data.Number{}
		for range 30 {
			k := Key{string(rune('A' + rng.IntN(3))), fmt.Sprint(2020 + rng.IntN(2)), string(rune('s' + rng.IntN(2))), string(rune('x' + rng.IntN(2)))}
			n := make([]data.Number, 2)
			merged := k
			merged.Other = ""
			w := want[merged]
			for i := range n {
				if rng.IntN(3) > 0 {
					n[i] = data.Known(float64(rng.IntN(100)))
					w[i] = data.Known(w[i].Value + n[i].Value)
				}
			}
			want[merged] = w
			rows = append(rows, row{k, n})
		}
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		var s Sums
		for _, r := range rows {
			s.Add(r.k, r.numbers, false, "f", 1)
		}
		got := s.Checked(func(file string, line int, what string) { t.Fatalf("seed %d: told of %s", seed, what) })
		for i, c := range got {
			if w := want[c.Key]; c.N[0] != w[0] || c.N[1] != w[1] || c.N[2].Known {
				t.Fatalf("seed %d: %+v has %v, want %v", seed, c.Key, c.N[:2], w)
			}
			if i > 0 && fmt.Sprint(got[i-1].Entity, got[i-1].Series, got[i-1].Period) >= fmt.Sprint(c.Entity, c.Series, c.Period) {
				t.Fatalf("seed %d: %+v comes after %+v", seed, c.Key, got[i-1].Key)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("seed %d: %d keys, want %d", seed, len(got), len(want))
		}
	}
}
