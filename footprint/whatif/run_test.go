package whatif

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"stpmap/flow"
)

// small is a world of four areas and three providers in a row, with places.
func small(t *testing.T, counts [4][3]flow.Count) *Data {
	t.Helper()
	b := flow.NewBuilder()
	for a, row := range counts {
		for j, n := range row {
			if n.Upper > 0 {
				if err := b.Add(fmt.Sprintf("E%d", a+1), string(rune('X'+j)), n); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	c := Costs{3, []float64{10, 30, 50, 20, 10, 30, 40, 10, 20, 50, 30, 10}}
	d, err := NewData(m, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func exact(n ...float64) (row [3]flow.Count) {
	for j, x := range n {
		row[j] = flow.Exactly(x)
	}
	return row
}

func TestNearestThatIsLeft(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(300, 60, 40), exact(300, 220, 40), exact(100, 300, 160), exact(40, 140, 540)})
	r, err := Run(d, &Scenario{Close: []int{1}}, &Model{Name: Nearest})
	if err != nil {
		t.Fatal(err)
	}
	want := []Move{
		{0, 1, 0, flow.Exactly(60)}, {1, 1, 0, flow.Exactly(220)}, {2, 1, 2, flow.Exactly(300)}, {3, 1, 2, flow.Exactly(140)},
	}
	if fmt.Sprint(r.Moves) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", r.Moves, want)
	}
	// Who opens next door gets the patients of the one that was nearest.
	s := &Scenario{Open: []Opening{{"NEW", 100, []float64{5, 40, 40, 60}}}}
	if r, err = Run(d, s, &Model{Name: Nearest}); err != nil {
		t.Fatal(err)
	}
	if len(r.Moves) != 1 || r.Moves[0] != (Move{0, 0, 3, flow.Exactly(300)}) {
		t.Errorf("opening: %v", r.Moves)
	}
	tr := r.Travel()
	near(t, "way before", tr[0].Before, (300*10+60*30+40*50)/400.0, 1e-9)
	near(t, "way after", tr[0].After, (300*5+60*30+40*50)/400.0, 1e-9)
	near(t, "within 30 before", tr[0].WithinBefore[0], 0.9, 1e-9)
}

// Those who go to what opens leave all others in proportion; a larger one gets
// more; one that moves away loses, and one that comes nearer gains.
func TestOpeningAndMoving(t *testing.T) {
	w := plant(t, 3, 0)
	f, err := FitGravity(w.Data, GravityOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{Name: GravityModel, Fit: f}
	gain := func(s *Scenario, j int) float64 {
		r, err := Run(w.Data, s, m)
		if err != nil {
			t.Fatal(err)
		}
		after, err := r.After()
		if err != nil {
			t.Fatal(err)
		}
		if after.Total() != w.Matrix.Total() {
			t.Errorf("%v patients after, %v before", after.Total(), w.Matrix.Total())
		}
		for _, mv := range r.Moves {
			if n := mv.Patients.Value; n != math.Trunc(n) || n <= 0 {
				t.Fatalf("move of %v patients", n)
			}
		}
		return r.Loads[j].Value - r.Before[j].Value
	}
	cost := make([]float64, 100)
	for a := range cost {
		cost[a] = w.Costs.Row(a)[3]
	}
	size := w.Matrix.ColumnTotal(3)
	alike := gain(&Scenario{Open: []Opening{{"Q", size, cost}}}, 20)
	larger := gain(&Scenario{Open: []Opening{{"Q", 3 * size, cost}}}, 20)
	if !(alike > 0 && larger > alike) {
		t.Errorf("a new provider gets %v patients, a larger one %v", alike, larger)
	}
	away, nearer := make([]float64, 100), make([]float64, 100)
	for a := range cost {
		away[a], nearer[a] = cost[a]+30, cost[a]/2
	}
	if lost, won := gain(&Scenario{Move: []Moving{{3, away}}}, 3), gain(&Scenario{Move: []Moving{{3, nearer}}}, 3); !(lost < 0 && won > 0) {
		t.Errorf("moving away gains %v, coming nearer %v", lost, won)
	}
}

// Loads keep within capacity under every model, or what is left over is said.
func TestCapacity(t *testing.T) {
	for seed := range uint64(10) {
		w := plant(t, seed, 0)
		f, err := FitGravity(w.Data, GravityOptions{})
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(seed, 5))
		s := &Scenario{Close: []int{w.closes}, Headroom: 0.02 + 0.2*rng.Float64()}
		over := rng.IntN(20) // one that treats more than it may
		s.Capacity = map[string]float64{w.Matrix.Providers()[over]: math.Floor(0.9 * w.Matrix.ColumnTotal(over))}
		room := 0.0
		limit := newWorld(w.Data, s).limits()
		for j, l := range limit {
			if j != w.closes {
				room += l
			}
		}
		for _, m := range []*Model{{Name: GravityModel, Fit: f}, {Name: SharesModel}, {Name: Nearest}} {
			r, err := Run(w.Data, s, m)
			left := w.Matrix.Total().Value - room
			var full *CapacityError
			switch {
			case errors.As(err, &full):
				if left <= 0 || math.Abs(full.Left-left) > 1 {
					t.Errorf("seed %d, %s: refused with %v left over, want %v", seed, m.Name, full.Left, left)
				}
				continue
			case err != nil:
				t.Fatal(err)
			case left > 0:
				t.Errorf("seed %d, %s: %v patients have no room, and it was not said", seed, m.Name, left)
			}
			sum := 0.0
			for j, n := range r.Loads {
				sum += n.Value
				if n.Value > limit[j] || n.Value != math.Trunc(n.Value) {
					t.Errorf("seed %d, %s: %v patients at %s, at most %v", seed, m.Name, n.Value, r.Codes[j], limit[j])
				}
			}
			if sum != w.Matrix.Total().Value {
				t.Errorf("seed %d, %s: %v patients of %v", seed, m.Name, sum, w.Matrix.Total().Value)
			}
		}
	}
}

// Counts that are known within bounds only go through as bounds, and all three
// numbers add up again.
func TestBoundsGoThrough(t *testing.T) {
	counts := [4][3]flow.Count{exact(300, 60, 40), exact(30, 22, 4), exact(100, 300, 160), exact(40, 140, 540)}
	counts[0][1], counts[2][1] = flow.Between(1, 4), flow.Between(0, 7)
	counts[1][1] = flow.Exactly(22).Plus(flow.Between(1, 4))
	d := small(t, counts)
	for _, s := range []*Scenario{{Close: []int{1}}, {Open: []Opening{{"NEW", 900, []float64{15, 15, 15, 15}}}}, {Close: []int{0, 1}}} {
		for _, name := range []string{Nearest, SharesModel, GravityModel} {
			if name == SharesModel && s.NeedsPlaces() {
				continue
			}
			models, _, err := d.Models([]string{name}, GravityOptions{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Run(d, s, &models[0])
			if err != nil {
				t.Fatal(err)
			}
			after, err := r.After()
			if err != nil {
				t.Fatal(err)
			}
			if after.Total() != d.Matrix.Total() {
				t.Errorf("%s: %+v after, %+v before", name, after.Total(), d.Matrix.Total())
			}
			for k := range after.Len() {
				c := after.Cell(k)
				for _, x := range []float64{c.Published, c.Lower, c.Upper} {
					if x != math.Trunc(x) || x < 0 {
						t.Errorf("%s: a count of %+v", name, c)
					}
				}
			}
		}
	}
}

func TestApportion(t *testing.T) {
	for _, c := range []struct {
		n       float64
		weights []float64
		want    []float64
	}{
		{10, []float64{1, 1, 1}, []float64{4, 3, 3}},
		{7, []float64{0.5, 0, 0.3, 0.2}, []float64{4, 0, 2, 1}},
		{1, []float64{0.2, 0.5, 0.3}, []float64{0, 1, 0}},
		{2.5, []float64{0.6, 0.4}, []float64{1.5, 1}},
		{0, []float64{1}, []float64{0}},
		{5, []float64{0, 0}, []float64{0, 0}},
	} {
		if got := apportion(c.n, c.weights); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v by %v: got %v, want %v", c.n, c.weights, got, c.want)
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		n, weights := float64(rng.IntN(1000)), make([]float64, 1+rng.IntN(12))
		total := 0.0
		for i := range weights {
			weights[i] = rng.Float64()
			total += weights[i]
		}
		sum := 0.0
		for i, x := range apportion(n, weights) {
			if quota := n * weights[i] / total; x != math.Trunc(x) || math.Abs(x-quota) >= 1+1e-6 {
				t.Fatalf("%v of %v by %v", x, n, weights)
			}
			sum += x
		}
		if sum != n {
			t.Fatalf("parts of %v add up to %v", n, sum)
		}
	}
}

// An area with few patients takes the shares of those that are like it.
func TestSmallAreas(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(300, 60, 40), exact(6, 2, 0), exact(0, 3, 160), exact(0, 9, 540)})
	shut := []bool{true, false, false}
	out := make([]float64, 3)
	d.Pools.shares(1, shut, out)
	near(t, "to Y, like E1", out[1], 62.0/102, 1e-9)
	d.Pools.shares(2, shut, out)
	near(t, "enough of its own", out[2], 160.0/163, 1e-9)
	pooled, err := NewData(d.Matrix, Costs{}, [][]int32{{0, 1, 1, 1}})
	if err != nil {
		t.Fatal(err)
	}
	// E2 alone of its unit is small, and too small together: those alike stand in.
	pooled.Pools.shares(1, shut, out)
	near(t, "its unit has no other small area", out[1], 62.0/102, 1e-9)
}

// Where everybody goes to the nearest, distance has no finite weight.
func TestNotDetermined(t *testing.T) {
	d := small(t, [4][3]flow.Count{exact(300, 0, 0), exact(0, 300, 0), exact(0, 300, 0), exact(0, 0, 300)})
	if f, err := FitGravity(d, GravityOptions{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %+v, %v", f, err)
	}
	models, left, err := d.Models(ModelNames(), GravityOptions{})
	if err != nil || len(models) != 2 || len(left) != 2 {
		t.Errorf("got %v, %v, %v", models, left, err)
	}
}

func TestBacktest(t *testing.T) {
	w := plant(t, 11, 0)
	rows, err := Backtest(t.Context(), w.Data, BacktestOptions{Models: []string{Nearest, SharesModel, GravityModel}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	found := map[[2]string]float64{}
	for _, r := range rows {
		found[[2]string{r.Test, r.Model}] = r.Error
	}
	for _, test := range []string{TestPairs, TestNew} {
		if g, n := found[[2]string{test, GravityModel}], found[[2]string{test, Nearest}]; !(g > 0 && g < n/2) {
			t.Errorf("%s: gravity is wrong by %v, nearest by %v, of a world of gravity", test, g, n)
		}
	}
	if x := found[[2]string{TestNew, SharesModel}]; !math.IsNaN(x) {
		t.Errorf("shares know nothing of a new provider, and say %v", x)
	}
	r, err := Run(w.Data, &Scenario{Close: []int{w.closes}}, &Model{Name: SharesModel})
	if err != nil {
		t.Fatal(err)
	}
	after, err := r.After()
	if err != nil {
		t.Fatal(err)
	}
	held, err := HeldAgainst([]*Result{r}, after)
	if err != nil || held[0].Error != 0 || !(held[1].Error > 0) {
		t.Errorf("held against itself: %+v, %v", held, err)
	}
}
