package footprint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// visits is a matrix of areas A, B, … with the numbers of patients given, all to
// one provider P.
func visits(t testing.TB, patients ...float64) *flow.Matrix {
	t.Helper()
	b := flow.NewBuilder()
	for i, n := range patients {
		if err := b.Add(fmt.Sprintf("A%02d", i), "P", flow.Exactly(n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNames(t *testing.T) {
	m := visits(t, 50, 40, 30, 20, 10, 5)
	official := Partition{Areas: []int32{0, 0, 0, 1, 1, 1}, Providers: []int32{0}, IDs: []string{"S1", "S2"}}
	for _, c := range []struct {
		about string
		n     Naming
		of    []int32
		want  []string
	}{
		{"MSOAs of one place", Naming{Areas: []string{"Oldham 035", "Oldham 036", "Oldham 001", "Salford 002", "Salford 003", "Bury 001"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Oldham", "Salford"}},
		{"LSOAs of two places", Naming{Areas: []string{"Oldham 035A", "Salford 036B", "Oldham 001C", "Bury 002D", "Bury 003A", "Leigh 001E"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Oldham and Salford", "Bury"}},
		{"one place holds most", Naming{Areas: []string{"Leeds", "Leeds", "Bradford", "York", "Hull", "Goole"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Leeds", "York and Hull"}},
		{"organisations", Naming{Areas: []string{"NHS Leeds CCG", "NHS Kent Clinical Commissioning Group", "", "Bristol, City of", "", ""}}, []int32{0, 1, 1, 2, 2, 2}, []string{"Leeds", "Kent", "Bristol"}},
		{"a shared name gets more", Naming{Areas: []string{"Leeds 001", "Leeds 002", "Leeds 003", "York 001", "Leeds 004", "Leeds 005"}}, []int32{0, 0, 1, 1, 2, 2}, []string{"Leeds", "Leeds and York", "Leeds (F03)"}},
		{"names with and", Naming{Areas: []string{"Brighton and Hove", "Kent", "Bath, Somerset", "Devon", "X", "Y"}}, []int32{0, 0, 1, 1, 2, 2}, []string{"Brighton and Hove, Kent", "Bath, Somerset, Devon", "X and Y"}},
		{"numbers tell all apart", Naming{Areas: []string{"Ward 1", "Ward 2", "Ward 3", "Ward 4", "Ward 5", "Ward 6"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Ward 1 and Ward 2", "Ward 4 and Ward 5"}},
		{"units win", Naming{Areas: []string{"a", "b", "c", "d", "e", "f"}, Units: []string{"Rutland", "Rutland", "Rutland", "Kent", "", ""}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Rutland", "Kent and e"}},
		{"codes are no names", Naming{Areas: []string{"a", "b", "c", "d", "e", "f"}, Units: []string{"E07", "E07", "E07", "E08", "E08", "E08"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"a and b", "d and e"}},
		{"a mark is no part", Naming{Areas: []string{"Alb 001 (mock)", "Alb 002 (mock)", "Bel 001 (mock)", "Bel 002 (mock)", "Bel 003 (mock)", "Bel 004 (mock)"}, Mark: " (mock)"}, []int32{0, 0, 1, 1, 1, 1}, []string{"Alb", "Bel"}},
		{"a mark of all ends the whole", Naming{Areas: []string{"Alb CCG (mock)", "Bel CCG (mock)", "Cor CCG (mock)", "Del CCG (mock)", "", "Eps CCG (mock)"}}, []int32{0, 0, 1, 1, 1, 1}, []string{"Alb and Bel (mock)", "Cor and Del (mock)"}},
		{"given by id", Naming{Areas: []string{"a", "b", "c", "d", "e", "f"}, Given: map[string]string{"F02": "The East"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"a and b", "The East"}},
		{"given by member", Naming{Given: map[string]string{"A04": "The East", "A05": "Another", "P": "The West"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"The West", "The East"}},
		{"given twice", Naming{Given: map[string]string{"F01": "Same", "F02": "Same"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Same", ""}},
		{"official", Naming{Reference: &official, ReferenceNames: []string{"Greater West", "East"}}, []int32{0, 0, 0, 1, 1, 1}, []string{"Greater West", "East"}},
		{"hardly official", Naming{Reference: &official, ReferenceNames: []string{"Greater West", "East"}}, []int32{0, 0, 0, 0, 1, 1}, []string{"Greater West", ""}},
		{"size decides", Naming{Areas: []string{"a", "b", "c", "d", "e", "f"}, Size: []float64{1, 2, 97, 5, 5, 90}}, []int32{0, 0, 0, 1, 1, 1}, []string{"c", "f"}},
		{"nothing known", Naming{}, []int32{0, 0, 0, 1, 1, 1}, []string{"", ""}},
	} {
		k := slices.Max(c.of) + 1
		p := Partition{Areas: c.of, Providers: []int32{0}, IDs: IDs(int(k))}
		if got := c.n.Names(m, p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.about, got, c.want)
		}
	}
}

// Whatever the places are called, no two footprints share a name, and each that
// has a place with a name has one.
func TestNamesAreNeverShared(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 3))
		sizes := make([]float64, 20+rng.IntN(60))
		for i := range sizes {
			sizes[i] = float64(1 + rng.IntN(50))
		}
		m := visits(t, sizes...)
		n := Naming{Areas: make([]string, len(sizes))}
		k := 2 + rng.IntN(12)
		p := Partition{Providers: []int32{0}, IDs: IDs(k)}
		for i := range sizes {
			n.Areas[i] = fmt.Sprintf("%s %03d", []string{"Leeds", "York", "Hull", "Bath and Wells"}[rng.IntN(4)], i)
			p.Areas = append(p.Areas, int32(i%k))
		}
		seen := map[string]int{}
		for f, name := range n.Names(m, p) {
			if name == "" {
				t.Errorf("seed %d: footprint %d has no name", seed, f)
			}
			if g, ok := seen[name]; ok {
				t.Errorf("seed %d: footprints %d and %d are both %q", seed, g, f, name)
			}
			seen[name] = f
			if strings.Contains(name, "0") && !strings.Contains(name, "(F") {
				t.Errorf("seed %d: %q has an area's number", seed, name)
			}
		}
	}
}

func TestPlainName(t *testing.T) {
	for name, want := range map[string]string{
		"NHS Leeds CCG": "Leeds", "NHS Kent and Medway Integrated Care Board": "Kent and Medway", "CCG": "CCG",
		"Aldwenmere Commissioning Group": "Aldwenmere", "Bristol, City of": "Bristol", "City of London": "City of London", "": "",
	} {
		if got := PlainName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// A naming that was made ready gives the same names, for one partition after
// another; areas alone may be given names.
func TestPrepared(t *testing.T) {
	m := visits(t, 50, 40, 30, 20)
	n := Naming{Areas: []string{"Alb 001 (mock)", "Alb 002 (mock)", "Bel 001 (mock)", "Cor 001 (mock)"}, Given: map[string]string{"A03": "The West"}}
	ready := n.Prepared()
	for _, areas := range [][]int32{{0, 0, 1, 1}, {0, 1, 1, 0}, {0, 0, 0, -1}, {1, 1, 0, 0}} {
		p := Partition{Areas: areas, IDs: IDs(2)}
		if got, want := ready.Names(m, p), n.Names(m, p); !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", areas, got, want)
		}
	}
	if got := ready.Names(m, Partition{Areas: []int32{0, 0, 1, 1}, IDs: IDs(2)}); !slices.Equal(got, []string{"Alb (mock)", "The West"}) {
		t.Errorf("%q", got)
	}
}
