package compare

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// The reference figures were computed apart; the file names what computed them.
func TestAgreeAgainstReference(t *testing.T) {
	raw, err := os.ReadFile("testdata/agreement.json")
	if err != nil {
		t.Fatal(err)
	}
	var ref struct {
		Cases []struct {
			Name              string
			A, B              []int32
			ARI, AMI, NMI, VI float64
			Moved             int
		}
	}
	if err := json.Unmarshal(raw, &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.Cases) != 104 {
		t.Fatalf("%d cases, want 104", len(ref.Cases))
	}
	for _, c := range ref.Cases {
		got := Agree(c.A, c.B)
		for _, v := range []struct {
			name      string
			got, want float64
		}{{"ARI", got.ARI, c.ARI}, {"AMI", got.AMI, c.AMI}, {"NMI", got.NMI, c.NMI}, {"VI", got.VI, c.VI}} {
			if !(math.Abs(v.got-v.want) <= 1e-9) {
				t.Errorf("%s: %s = %.12f, want %.12f", c.Name, v.name, v.got, v.want)
			}
		}
		if got.Moved != c.Moved || got.Compared != len(c.A) {
			t.Errorf("%s: moved %d of %d, want %d of %d", c.Name, got.Moved, got.Compared, c.Moved, len(c.A))
		}
	}
}

func TestAgreeLeavesOutWhatOneSideLacks(t *testing.T) {
	a := []int32{0, 0, 1, 1, -1, 2}
	b := []int32{5, 5, 3, 3, 3, -1}
	if got := Agree(a, b); got.Compared != 4 || got.ARI != 1 || got.Moved != 0 {
		t.Errorf("got %+v", got)
	}
	if got := Agree([]int32{-1}, []int32{0}); got.Compared != 0 || !math.IsNaN(got.ARI) {
		t.Errorf("nothing to compare: got %+v", got)
	}
}

func TestAgreeIsSymmetric(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := 1 + rng.IntN(80)
		a, b := make([]int32, n), make([]int32, n)
		for i := range a {
			a[i], b[i] = rng.Int32N(9), rng.Int32N(5)
		}
		x, y := Agree(a, b), Agree(b, a)
		if math.Abs(x.ARI-y.ARI) > 1e-12 || math.Abs(x.AMI-y.AMI) > 1e-12 || math.Abs(x.VI-y.VI) > 1e-12 || x.Moved != y.Moved {
			t.Fatalf("%+v against %+v", x, y)
		}
	}
}

func TestMatchGroups(t *testing.T) {
	//            group 0 splits; 2 has no partner
	a := []int32{0, 0, 0, 1, 1, 2}
	b := []int32{7, 7, 4, 4, 4, 4}
	got := MatchGroups(a, b)
	want := []GroupMatch{{0, 7, 2}, {1, 4, 2}, {2, -1, 0}}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func BenchmarkAgree(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := make([]int32, 207), make([]int32, 207)
	for i := range x {
		x[i], y[i] = rng.Int32N(40), rng.Int32N(44)
	}
	for b.Loop() {
		Agree(x, y)
	}
}
