package flow_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stpmap/flow"
)

// plain is a matrix as a table of every pair, for sums by plain loops.
type plain struct {
	areas, providers []string
	cells            [][]flow.Count
}

// randomFlows is records in random order with duplicates, zeros and intervals,
// and the table that they come to. Counts are multiples of a half, so that sums
// are exact in any order.
func randomFlows(rng *rand.Rand, areas, providers int) ([]row, plain) {
	var p plain
	for a := range areas {
		p.areas = append(p.areas, fmt.Sprintf("A%02d", a))
		p.cells = append(p.cells, make([]flow.Count, providers))
	}
	for q := range providers {
		p.providers = append(p.providers, fmt.Sprintf("P%02d", q))
	}
	var rows []row
	for range areas * providers {
		a, q := rng.IntN(areas), rng.IntN(providers)
		c := flow.Exactly(float64(rng.IntN(40)) / 2)
		if rng.IntN(4) == 0 {
			lower := float64(rng.IntN(4))
			c = flow.Between(lower, lower+float64(1+rng.IntN(6)))
		}
		rows = append(rows, row{p.areas[a], p.providers[q], c})
		p.cells[a][q] = p.cells[a][q].Plus(c)
	}
	// One record each, so that every code carries flow.
	for a := range areas {
		rows = append(rows, row{p.areas[a], p.providers[a%providers], flow.Exactly(1)})
		p.cells[a][a%providers] = p.cells[a][a%providers].Plus(flow.Exactly(1))
	}
	for q := range providers {
		rows = append(rows, row{p.areas[q%areas], p.providers[q], flow.Exactly(2)})
		p.cells[q%areas][q] = p.cells[q%areas][q].Plus(flow.Exactly(2))
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows, p
}

func (p *plain) sum(keep func(area, provider int) bool) flow.Count {
	var s flow.Count
	for a := range p.areas {
		for q := range p.providers {
			if keep(a, q) {
				s = s.Plus(p.cells[a][q])
			}
		}
	}
	return s
}

// Every cell and total of a matrix, with its bounds, is what plain addition of
// the records gives.
func TestMatrixIsTheSumOfItsRecords(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 41))
		rows, p := randomFlows(rng, 1+rng.IntN(9), 1+rng.IntN(6))
		m, rep := build(t, rows)
		if !slices.Equal(m.Areas(), p.areas) || !slices.Equal(m.Providers(), p.providers) {
			t.Fatalf("seed %d: codes %v and %v", seed, m.Areas(), m.Providers())
		}
		stored, suppressed, distinct := 0, 0, map[[2]string]bool{}
		for _, r := range rows {
			distinct[[2]string{r.area, r.provider}] = true
		}
		for a := range p.areas {
			for q := range p.providers {
				want := p.cells[a][q]
				if got := m.At(a, q); got != want {
					t.Fatalf("seed %d: %d to %d is %+v, want %+v", seed, a, q, got, want)
				}
				if want.Value > 0 {
					stored++
				}
				if want.Suppressed() {
					suppressed++
				}
			}
			want := p.sum(func(x, _ int) bool { return x == a })
			if got := m.RowCount(a); got != want || m.RowTotal(a) != want.Value {
				t.Errorf("seed %d: area %d has %+v, want %+v", seed, a, got, want)
			}
		}
		for q := range p.providers {
			want := p.sum(func(_, x int) bool { return x == q })
			if got := m.ColumnCount(q); got != want || m.ColumnTotal(q) != want.Value {
				t.Errorf("seed %d: provider %d has %+v, want %+v", seed, q, got, want)
			}
		}
		if want := p.sum(func(int, int) bool { return true }); m.Total() != want {
			t.Errorf("seed %d: total %+v, want %+v", seed, m.Total(), want)
		}
		want := flow.Report{Rows: len(rows), DuplicatePairs: len(rows) - len(distinct), ZeroPairs: len(distinct) - stored, SuppressedCells: suppressed}
		if m.Len() != stored || rep.Rows != want.Rows || rep.DuplicatePairs != want.DuplicatePairs ||
			rep.ZeroPairs != want.ZeroPairs || rep.SuppressedCells != want.SuppressedCells {
			t.Errorf("seed %d: %d pairs and %+v, want %d and %+v", seed, m.Len(), rep, stored, want)
		}
		if m.HasSuppressed() != (suppressed > 0) {
			t.Errorf("seed %d: has suppressed cells: %v, want %d of them", seed, m.HasSuppressed(), suppressed)
		}
	}
}

func share(t *testing.T, name string, num, den float64, got float64, ok bool) {
	t.Helper()
	if ok != (den > 0) || ok && math.Abs(got-num/den) > 1e-12*max(1, num/den) {
		t.Fatalf("%s: got %v, %v; want %v / %v", name, got, ok, num, den)
	}
}

// The measures of groups, some of them empty and some codes in none, are those
// of plain loops over every pair.
func TestContainmentsByPlainLoops(t *testing.T) {
	for seed := range uint64(80) {
		rng := rand.New(rand.NewPCG(seed, 42))
		rows, p := randomFlows(rng, 1+rng.IntN(9), 1+rng.IntN(6))
		m, _ := build(t, rows)
		const n = 4
		ga, gp := make([]int32, len(p.areas)), make([]int32, len(p.providers))
		for i := range ga {
			ga[i] = int32(rng.IntN(n+1)) - 1
		}
		for i := range gp {
			gp[i] = int32(rng.IntN(n+1)) - 1
		}
		total := m.Total().Value
		for g, c := range m.Containments(ga, gp, n) {
			g := int32(g)
			want := flow.Containment{
				Resident: p.sum(func(a, _ int) bool { return ga[a] == g }),
				Treated:  p.sum(func(_, q int) bool { return gp[q] == g }),
				Inside:   p.sum(func(a, q int) bool { return ga[a] == g && gp[q] == g }),
			}
			if c != want {
				t.Fatalf("seed %d: group %d is %+v, want %+v", seed, g, c, want)
			}
			res, tre, in := want.Resident.Value, want.Treated.Value, want.Inside.Value
			li, ok1 := c.LocalisationIndex()
			share(t, "localisation index", in, res, li, ok1)
			msi, ok2 := c.MarketShareIndex()
			share(t, "market share index", in, tre, msi, ok2)
			x, ok := c.Leakage()
			share(t, "leakage", res-in, res, x, ok)
			x, ok = c.ImportRate()
			share(t, "import rate", tre-in, tre, x, ok)
			x, ok = c.NetFlow()
			share(t, "net flow", tre-in, res-in, x, ok)
			x, ok = c.Conductance(total)
			share(t, "conductance", res+tre-2*in, min(res+tre, 2*total-res-tre), x, ok)
			if x, ok = c.SelfContainment(); ok != (ok1 && ok2) || ok && x != min(li, msi) {
				t.Fatalf("seed %d: self-containment %v, %v of %v and %v", seed, x, ok, li, msi)
			}
		}
	}
}

// Conductance of a group and of the rest is the same number: the boundary has
// two sides.
func TestConductanceIsTheSameFromBothSides(t *testing.T) {
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 43))
		rows, p := randomFlows(rng, 2+rng.IntN(9), 2+rng.IntN(6))
		m, _ := build(t, rows)
		ga, gp := make([]int32, len(p.areas)), make([]int32, len(p.providers))
		for i := range ga {
			ga[i] = int32(rng.IntN(2))
		}
		for i := range gp {
			gp[i] = int32(rng.IntN(2))
		}
		cs := m.Containments(ga, gp, 2)
		one, ok1 := cs[0].Conductance(m.Total().Value)
		two, ok2 := cs[1].Conductance(m.Total().Value)
		if ok1 != ok2 || one != two || one < 0 || one > 1 {
			t.Errorf("seed %d: %v, %v and %v, %v", seed, one, ok1, two, ok2)
		}
	}
}

// Concentration, dependency and the largest flows are those of plain loops.
func TestConcentrationByPlainLoops(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 44))
		rows, p := randomFlows(rng, 1+rng.IntN(9), 1+rng.IntN(6))
		m, _ := build(t, rows)
		for a := range p.areas {
			total, squares, top := 0.0, 0.0, 0
			for q := range p.providers {
				total += p.cells[a][q].Value
				if p.cells[a][q].Value > p.cells[a][top].Value {
					top = q
				}
			}
			for q := range p.providers {
				v := p.cells[a][q].Value
				squares += v * v
				x, ok := m.Dependency(a, q)
				share(t, "dependency", v, total, x, ok)
			}
			hhi, ok := m.HHI(a)
			share(t, "concentration", squares, total*total, hhi, ok)
			n, ok := m.EffectiveNumber(a)
			share(t, "effective number", total*total, squares, n, ok)
			got, x, ok := m.TopProvider(a)
			share(t, "share of the first", p.cells[a][top].Value, total, x, ok)
			if got != top {
				t.Fatalf("seed %d: area %d goes to %d, want %d", seed, a, got, top)
			}
		}
		for q := range p.providers {
			total, squares, top := 0.0, 0.0, 0
			for a := range p.areas {
				v := p.cells[a][q].Value
				total += v
				squares += v * v
				if v > p.cells[top][q].Value {
					top = a
				}
			}
			hhi, ok := m.MarketHHI(q)
			share(t, "concentration of a provider", squares, total*total, hhi, ok)
			got, x, ok := m.TopArea(q)
			share(t, "share of the first area", p.cells[top][q].Value, total, x, ok)
			if got != top {
				t.Fatalf("seed %d: provider %d draws on %d, want %d", seed, q, got, top)
			}
		}
	}
}

// Both kinds of catchment add up to the people of the areas that are counted.
func TestCatchmentsAddUp(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 45))
		rows, p := randomFlows(rng, 1+rng.IntN(9), 1+rng.IntN(6))
		m, _ := build(t, rows)
		population, people, unknown := make([]float64, len(p.areas)), 0.0, 0
		for a := range population {
			population[a] = float64(rng.IntN(100_000))
			if rng.IntN(5) == 0 {
				population[a] = math.NaN()
				unknown++
				continue
			}
			people += population[a]
		}
		catchments, uncounted := m.Catchments(population)
		proportionate, first := 0.0, 0.0
		for q, c := range catchments {
			want := 0.0
			for a := range p.areas {
				if !math.IsNaN(population[a]) {
					want += population[a] * p.cells[a][q].Value / p.sum(func(x, _ int) bool { return x == a }).Value
				}
			}
			if math.Abs(c.Proportionate-want) > 1e-9*(1+want) {
				t.Fatalf("seed %d: provider %d serves %v, want %v", seed, q, c.Proportionate, want)
			}
			proportionate += c.Proportionate
			first += c.FirstPastThePost
		}
		if uncounted != unknown || first != people || math.Abs(proportionate-people) > 1e-9*(1+people) {
			t.Errorf("seed %d: %v and %v of %v people, %d areas left out of %d", seed, proportionate, first, people, uncounted, unknown)
		}
	}
}

// The canonical text reads back as CSV to the same cells, whatever the codes
// hold, and its hash is what SHA256 gives.
func TestCanonicalReadsBack(t *testing.T) {
	codes := []string{"plain", "with, comma", `with "quotes"`, "two\nlines", " space ", "Ünïcode", `"`, ","}
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 46))
		var rows []row
		for range 25 {
			c := flow.Exactly(float64(1+rng.IntN(1000)) / 8)
			if rng.IntN(3) == 0 {
				c = flow.Between(1, float64(2+rng.IntN(6)))
			}
			rows = append(rows, row{codes[rng.IntN(len(codes))], codes[rng.IntN(len(codes))], c})
		}
		m, _ := build(t, rows)
		var b bytes.Buffer
		if err := m.WriteCanonical(&b); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(b.Bytes())
		if hex.EncodeToString(sum[:]) != m.SHA256() {
			t.Errorf("seed %d: the hash is not that of the text", seed)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil || !slices.Equal(lines[0], []string{"area", "provider", "count"}) || len(lines) != m.Len()+1 {
			t.Fatalf("seed %d: %d lines for %d pairs, %v", seed, len(lines), m.Len(), err)
		}
		for _, l := range lines[1:] {
			a, ok1 := m.AreaIndex(l[0])
			q, ok2 := m.ProviderIndex(l[1])
			if !ok1 || !ok2 {
				t.Fatalf("seed %d: no pair %q", seed, l)
			}
			if got := readCount(t, l[2]); got != m.At(a, q) {
				t.Errorf("seed %d: %q reads as %+v, want %+v", seed, l, got, m.At(a, q))
			}
		}
	}
}

// readCount reads "published+lower:upper" or a plain number.
func readCount(t *testing.T, s string) flow.Count {
	t.Helper()
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	published, bounds, ok := strings.Cut(s, "+")
	c := flow.Exactly(number(published))
	if ok {
		lower, upper, _ := strings.Cut(bounds, ":")
		c = c.Plus(flow.Between(number(lower), number(upper)))
	}
	return c
}

type fullWriter struct{ room int }

func (w *fullWriter) Write(b []byte) (int, error) {
	if w.room -= len(b); w.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// A writer that fails is told of, in the middle of a long text and at its end.
func TestCanonicalTellsOfAFailingWriter(t *testing.T) {
	b := flow.NewBuilder()
	for i := range 9000 {
		if err := b.Add(fmt.Sprint("area", i), "provider", flow.Exactly(1)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range []int{0, 100_000} {
		if err := m.WriteCanonical(&fullWriter{room}); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("room for %d bytes: got %v", room, err)
		}
	}
	if err := m.WriteCanonical(&fullWriter{1 << 20}); err != nil {
		t.Error(err)
	}
}

// AppendNumber reads back as the same number, and whole ones have no point.
func TestNumbersReadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 47))
	for i := range 5000 {
		x := math.Float64frombits(rng.Uint64())
		if i%2 == 0 {
			x = float64(rng.Int64N(1<<53)) * float64(1-2*rng.IntN(2))
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		s := string(flow.AppendNumber(nil, x))
		if got, err := strconv.ParseFloat(s, 64); err != nil || got != x {
			t.Fatalf("%v is written %q", x, s)
		}
		if i%2 == 0 && strings.ContainsAny(s, ".eE") {
			t.Fatalf("%v is written %q", x, s)
		}
	}
}

// A pair added by number is the pair added by code; a number that was not given
// is refused, in either kind of matrix.
func TestAddPair(t *testing.T) {
	for _, oneMode := range []bool{false, true} {
		b := flow.NewBuilder()
		if oneMode {
			b = flow.NewOneModeBuilder()
		}
		x, y := b.Area("X"), b.Provider("Y")
		if err := b.AddPair(x, y, flow.Exactly(3)); err != nil {
			t.Fatal(err)
		}
		if err := b.Add("X", "Y", flow.Between(1, 5)); err != nil {
			t.Fatal(err)
		}
		for _, bad := range [][2]int32{{-1, y}, {x, -1}, {2, y}, {x, 2}} {
			if err := b.AddPair(bad[0], bad[1], flow.Exactly(1)); !errors.Is(err, flow.ErrEmptyCode) {
				t.Errorf("pair %v: got %v", bad, err)
			}
		}
		if err := b.AddPair(x, y, flow.Exactly(-1)); !errors.Is(err, flow.ErrNegative) || err.Error() != "negative count: -1" {
			t.Errorf("negative: got %v", err)
		}
		m, rep, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		a, _ := m.AreaIndex("X")
		q, _ := m.ProviderIndex("Y")
		if got, want := m.At(a, q), flow.Exactly(3).Plus(flow.Between(1, 5)); got != want || rep.Rows != 2 || rep.DuplicatePairs != 1 {
			t.Errorf("one mode %v: got %+v and %+v, want %+v", oneMode, got, rep, want)
		}
		if m.OneMode() != oneMode {
			t.Errorf("one mode is %v, want %v", m.OneMode(), oneMode)
		}
	}
}

// What a count must not be is refused by the error that names the fault, and
// leaves the builder as it was.
func TestBuilderSaysWhatIsWrong(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	b := flow.NewBuilder()
	for _, tt := range []struct {
		area, provider string
		c              flow.Count
		kind           error
		want           string
	}{
		{"", "P", flow.Exactly(1), flow.ErrEmptyCode, "empty code"},
		{"A", "", flow.Exactly(1), flow.ErrEmptyCode, "empty code"},
		{"A", "P", flow.Exactly(-2.5), flow.ErrNegative, "negative count: -2.5"},
		{"A", "P", flow.Count{Value: 1, Published: -1, Lower: 0, Upper: 2}, flow.ErrNegative, "negative count: -1"},
		{"A", "P", flow.Between(-3, 5), flow.ErrNegative, "negative count: -3"},
		{"A", "P", flow.Exactly(nan), flow.ErrNotFinite, "count is not a finite number: NaN"},
		{"A", "P", flow.Exactly(inf), flow.ErrNotFinite, "count is not a finite number: +Inf"},
		{"A", "P", flow.Count{Value: 1, Upper: nan}, flow.ErrNotFinite, "count is not a finite number: 1"},
		{"A", "P", flow.Count{Value: 5, Lower: 6, Upper: 7}, flow.ErrBounds, "bounds of a count are out of order: 6 to 7"},
		{"A", "P", flow.Count{Value: 5, Lower: 1, Upper: 4}, flow.ErrBounds, "bounds of a count are out of order: 1 to 4"},
		{"A", "P", flow.Count{Value: 5, Published: 2, Lower: 1, Upper: 9}, flow.ErrBounds, "bounds of a count are out of order: 1 to 9"},
	} {
		if err := b.Add(tt.area, tt.provider, tt.c); !errors.Is(err, tt.kind) || err.Error() != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.c, err, tt.want)
		}
	}
	m, rep, err := b.Build()
	if err != nil || m.Len() != 0 || len(m.Areas()) != 0 || rep.Rows != 0 || len(rep.AreasWithoutFlow) != 0 {
		t.Errorf("refused records left %d pairs, %+v, %v", m.Len(), rep, err)
	}
	big := flow.NewBuilder()
	for i := range 2 {
		if err := big.Add(fmt.Sprint("A", i), "P", flow.Exactly(1e150)); err != nil {
			t.Fatal(err)
		}
	}
	if err := big.Add("A2", "P", flow.Exactly(math.MaxFloat64)); !errors.Is(err, flow.ErrTooLarge) {
		t.Errorf("the greatest count: got %v", err)
	}
	if _, _, err := big.Build(); !errors.Is(err, flow.ErrOverflow) {
		t.Errorf("two of the greatest counts: got %v", err)
	}
}
