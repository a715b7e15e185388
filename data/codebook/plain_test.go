package codebook

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

// randomRecords go between a few areas and providers, some of each outside
// England, some sites of trusts, some suppressed. Counts are whole numbers, so
// that sums are exact in any order.
func randomRecords(rng *rand.Rand) []data.Record {
	areas := []string{"E01000001", "E01000002", "W01000003", "S01000004", "95AA01S1"}
	providers := []string{"RAA", "RAB", "RAA01", "RAA02", "RABXY", "NT401", "7A1"}
	var out []data.Record
	for range 40 {
		c := flow.Exactly(float64(rng.IntN(50)))
		if rng.IntN(4) == 0 {
			c = flow.Between(1, 5)
		}
		out = append(out, data.Record{Area: areas[rng.IntN(len(areas))], Provider: providers[rng.IntN(len(providers))], Count: c})
	}
	return out
}

func totalOf(records []data.Record) (c flow.Count) {
	for _, r := range records {
		c = c.Plus(r.Count)
	}
	return c
}

// Sites are counted with their trusts: no patient and no bound is lost, each
// pair of an area and a trust comes to what its sites came to.
func TestSitesToTrustsConserves(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 71))
		records := randomRecords(rng)
		want, sites := map[string]flow.Count{}, map[string]bool{}
		for _, r := range records {
			k := r.Area + " " + TrustOf(r.Provider)
			want[k] = want[k].Plus(r.Count)
			if TrustOf(r.Provider) != r.Provider {
				sites[r.Provider] = true
			}
		}
		out, n := SitesToTrusts(append(records, data.Record{Area: "E01000001", Provider: "RZZ99", Absent: true}))
		got := map[string]flow.Count{}
		for _, r := range out {
			if TrustOf(r.Provider) != r.Provider {
				t.Fatalf("seed %d: %s is still a site", seed, r.Provider)
			}
			k := r.Area + " " + r.Provider
			got[k] = got[k].Plus(r.Count)
		}
		if n != len(sites) || len(got) != len(want) {
			t.Fatalf("seed %d: %d sites, want %d; %d pairs, want %d", seed, n, len(sites), len(got), len(want))
		}
		for k, w := range want {
			if got[k] != w {
				t.Fatalf("seed %d: %s comes to %+v, want %+v", seed, k, got[k], w)
			}
		}
		again, changed := SitesToTrusts(out)
		if changed != 0 || totalOf(again) != totalOf(out) {
			t.Fatalf("seed %d: trusts changed again: %d", seed, changed)
		}
	}
}

// What a filter leaves out is listed in full: kept and left add up to all, and
// each code stands once, in order.
func TestFiltersAccountForEveryPatient(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 72))
		records := randomRecords(rng)
		all := totalOf(records).Value
		keep := func(code string) bool { return len(code) == 3 }
		for name, filter := range map[string]func() ([]data.Record, []CodeUse){
			"providers": func() ([]data.Record, []CodeUse) { return FilterProviders(records, keep) },
			"outside":   func() ([]data.Record, []CodeUse) { return DropOutside(records) },
		} {
			out, left := filter()
			sum := totalOf(out).Value
			for i, u := range left {
				sum += u.Patients
				if i > 0 && left[i-1].Code >= u.Code {
					t.Fatalf("seed %d, %s: %s comes after %s", seed, name, u.Code, left[i-1].Code)
				}
			}
			if sum != all || len(out) == len(records) {
				t.Fatalf("seed %d, %s: kept and left come to %v of %v", seed, name, sum, all)
			}
			for _, r := range out {
				if name == "providers" && !keep(r.Provider) || name == "outside" && (table.OutsideOf(r.Area) != "" || Elsewhere(r.Provider)) {
					t.Fatalf("seed %d, %s: kept %+v", seed, name, r)
				}
			}
		}
	}
}

// A count is parted into parts that add up to it, bounds and all; a suppressed
// one stays whole, with the largest share.
func TestPartsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 73))
	for range 2000 {
		shares := make([]float64, 1+rng.IntN(6))
		for i := range shares {
			shares[i] = float64(rng.IntN(10))
		}
		shares[rng.IntN(len(shares))]++
		c := flow.Exactly(float64(rng.IntN(1000)))
		if rng.IntN(3) == 0 {
			c = flow.Between(1, float64(2+rng.IntN(8)))
		}
		var sum flow.Count
		parts := partCount(c, shares)
		for i, p := range parts {
			sum = sum.Plus(p)
			if p.Suppressed() && (shares[i] != slices.Max(shares) || p != c) {
				t.Fatalf("%+v by %v: part %d is %+v", c, shares, i, p)
			}
			if shares[i] == 0 && p.Value > 0 && !c.Suppressed() {
				t.Fatalf("%+v by %v: a part for no share: %+v", c, shares, parts)
			}
		}
		if sum != c {
			t.Fatalf("%+v by %v: parts come to %+v", c, shares, sum)
		}
	}
	if got := largestRemainder(5, []float64{0, 0}); !slices.Equal(got, []float64{0, 0}) {
		t.Errorf("no shares at all: %v", got)
	}
	// No other whole parts are nearer to the quotas, looking at all of them.
	for range 300 {
		shares := []float64{float64(1 + rng.IntN(9)), float64(1 + rng.IntN(9)), float64(1 + rng.IntN(9))}
		total := rng.IntN(15)
		off := func(parts []float64) (d float64) {
			for i, p := range parts {
				d += math.Abs(p - float64(total)*shares[i]/(shares[0]+shares[1]+shares[2]))
			}
			return d
		}
		best := math.Inf(1)
		for a := range total + 1 {
			for b := range total - a + 1 {
				best = min(best, off([]float64{float64(a), float64(b), float64(total - a - b)}))
			}
		}
		if got := largestRemainder(float64(total), shares); off(got) > best+1e-9 {
			t.Fatalf("%d by %v: %v is %v off, the best %v", total, shares, got, off(got), best)
		}
	}
}
