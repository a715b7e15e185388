package flow_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"stpmap/flow"
)

type row struct {
	area, provider string
	count          flow.Count
}

func build(t testing.TB, rows []row) (*flow.Matrix, flow.Report) {
	t.Helper()
	b := flow.NewBuilder()
	for _, r := range rows {
		if err := b.Add(r.area, r.provider, r.count); err != nil {
			t.Fatal(err)
		}
	}
	m, rep, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, rep
}

func TestBuilderAddsUpAndReports(t *testing.T) {
	m, rep := build(t, []row{
		{"E02", "RB", flow.Exactly(5)},
		{"E01", "RA", flow.Exactly(10)},
		{"E01", "RA", flow.Exactly(2)},
		{"E01", "RB", flow.Between(1, 4)},
		{"E03", "RA", flow.Exactly(0)},
		{"E01", "RZ", flow.Exactly(0)},
		{"E02", "RA", flow.Exactly(3)},
		{"E02", "RA", flow.Between(1, 7)},
	})
	if got := m.Areas(); !slices.Equal(got, []string{"E01", "E02"}) {
		t.Errorf("areas %v", got)
	}
	if got := m.Providers(); !slices.Equal(got, []string{"RA", "RB"}) {
		t.Errorf("providers %v", got)
	}
	if rep.Rows != 8 || rep.DuplicatePairs != 2 || rep.ZeroPairs != 2 || rep.SuppressedCells != 2 {
		t.Errorf("report %+v", rep)
	}
	if !slices.Equal(rep.AreasWithoutFlow, []string{"E03"}) || !slices.Equal(rep.ProvidersWithoutFlow, []string{"RZ"}) {
		t.Errorf("report %+v", rep)
	}
	if got, want := m.Total(), (flow.Count{Value: 26.5, Published: 20, Lower: 22, Upper: 31}); got != want {
		t.Errorf("total %+v, want %+v", got, want)
	}
	if got, want := m.At(1, 0), (flow.Count{Value: 7, Published: 3, Lower: 4, Upper: 10}); got != want {
		t.Errorf("E02 to RA %+v, want %+v", got, want)
	}
	if got, want := m.RowCount(0), (flow.Count{Value: 14.5, Published: 12, Lower: 13, Upper: 16}); got != want {
		t.Errorf("E01 %+v, want %+v", got, want)
	}
	if got, want := m.ColumnCount(0), (flow.Count{Value: 19, Published: 15, Lower: 16, Upper: 22}); got != want {
		t.Errorf("RA %+v, want %+v", got, want)
	}
	var b bytes.Buffer
	if err := m.WriteCanonical(&b); err != nil {
		t.Fatal(err)
	}
	want := "area,provider,count\nE01,RA,12\nE01,RB,0+1:4\nE02,RA,3+1:7\nE02,RB,5\n"
	if b.String() != want {
		t.Errorf("canonical:\n%swant:\n%s", b.String(), want)
	}
}

func TestBuilderRefuses(t *testing.T) {
	for _, c := range []struct {
		name           string
		area, provider string
		count          flow.Count
		want           error
	}{
		{"negative", "a", "p", flow.Exactly(-3), flow.ErrNegative},
		{"NaN", "a", "p", flow.Exactly(math.NaN()), flow.ErrNotFinite},
		{"infinite", "a", "p", flow.Exactly(math.Inf(1)), flow.ErrNotFinite},
		{"past what can be squared", "a", "p", flow.Exactly(1e155), flow.ErrTooLarge},
		{"an upper bound past it", "a", "p", flow.Count{Value: 1, Lower: 1, Upper: 1e151}, flow.ErrTooLarge},
		{"bounds", "a", "p", flow.Count{Value: 5, Lower: 6, Upper: 7}, flow.ErrBounds},
		{"no area", "", "p", flow.Exactly(1), flow.ErrEmptyCode},
		{"no provider", "a", "", flow.Exactly(1), flow.ErrEmptyCode},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := flow.NewBuilder()
			if err := b.Add(c.area, c.provider, c.count); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if _, rep, err := b.Build(); err != nil || rep.Rows != 0 {
				t.Errorf("the refused record was kept: %+v, %v", rep, err)
			}
		})
	}
	b := flow.NewBuilder()
	for range 3 {
		if err := b.Add("a", "p", flow.Exactly(5e149)); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := b.Build(); !errors.Is(err, flow.ErrOverflow) {
		t.Errorf("overflow: got %v", err)
	}
}

func TestEmptyMatrix(t *testing.T) {
	m, rep := build(t, nil)
	if m.Len() != 0 || rep.Rows != 0 || len(m.Areas()) != 0 || m.Total() != (flow.Count{}) {
		t.Errorf("not empty: %+v", rep)
	}
	if len(m.SHA256()) != 64 {
		t.Errorf("hash %q", m.SHA256())
	}
}

// Decimal weights round differently in another order of addition; the matrix
// must not show it.
func TestRowOrderChangesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	var rows []row
	for range 4000 {
		c := flow.Exactly(float64(rng.IntN(1000)) / 7)
		if rng.IntN(9) == 0 {
			c = flow.Between(1, float64(2+rng.IntN(6)))
		}
		rows = append(rows, row{fmt.Sprint("A", rng.IntN(60)), fmt.Sprint("P", rng.IntN(30)), c})
	}
	first, _ := build(t, rows)
	var want bytes.Buffer
	_ = first.WriteCanonical(&want)
	for range 5 {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		m, _ := build(t, rows)
		var got bytes.Buffer
		_ = m.WriteCanonical(&got)
		if !bytes.Equal(got.Bytes(), want.Bytes()) || m.SHA256() != first.SHA256() || m.Total() != first.Total() {
			t.Fatal("another order of rows gave another matrix")
		}
	}
}

func TestRowsAndColumnsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	var rows []row
	for range 500 {
		rows = append(rows, row{fmt.Sprint("A", rng.IntN(40)), fmt.Sprint("P", rng.IntN(20)), flow.Exactly(float64(1 + rng.IntN(50)))})
	}
	m, _ := build(t, rows)
	byRows, byCols, n := 0.0, 0.0, 0
	for a := range m.Areas() {
		ps, ws := m.Row(a)
		sum := 0.0
		for i, p := range ps {
			if i > 0 && ps[i-1] >= p {
				t.Fatal("row not sorted")
			}
			if got := m.At(a, int(p)).Value; got != ws[i] {
				t.Fatalf("At gives %v, Row %v", got, ws[i])
			}
			sum += ws[i]
			n++
		}
		if sum != m.RowTotal(a) {
			t.Errorf("row total %v, want %v", m.RowTotal(a), sum)
		}
		byRows += sum
	}
	for p := range m.Providers() {
		as, ws := m.Column(p)
		sum := 0.0
		for i, a := range as {
			if got := m.At(int(a), p).Value; got != ws[i] {
				t.Fatalf("At gives %v, Column %v", got, ws[i])
			}
			sum += ws[i]
		}
		if sum != m.ColumnTotal(p) {
			t.Errorf("column total %v, want %v", m.ColumnTotal(p), sum)
		}
		byCols += sum
	}
	if byRows != byCols || byRows != m.Total().Value || n != m.Len() {
		t.Errorf("rows %v, columns %v, total %v, pairs %d of %d", byRows, byCols, m.Total().Value, n, m.Len())
	}
}

func TestOneModeSharesCodes(t *testing.T) {
	b := flow.NewOneModeBuilder()
	for _, e := range []struct{ from, to string }{{"x", "y"}, {"z", "x"}, {"y", "x"}} {
		if err := b.Add(e.from, e.to, flow.Exactly(1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Add("lonely", "lonely", flow.Exactly(0)); err != nil {
		t.Fatal(err)
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"lonely", "x", "y", "z"}
	if !m.OneMode() || !slices.Equal(m.Areas(), want) || !slices.Equal(m.Providers(), want) {
		t.Errorf("areas %v, providers %v", m.Areas(), m.Providers())
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, pairs := range []int{150_000, 1_500_000} {
		b.Run(fmt.Sprintf("pairs=%d", pairs), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			nA := pairs / 40
			areas, providers := make([]string, nA), make([]string, 400)
			for i := range areas {
				areas[i] = fmt.Sprintf("A%05d", i)
			}
			for i := range providers {
				providers[i] = fmt.Sprintf("P%03d", i)
			}
			type pair struct{ a, p string }
			rows := make([]pair, pairs)
			for i := range rows {
				rows[i] = pair{areas[i/40%nA], providers[rng.IntN(400)]}
			}
			for b.Loop() {
				bu := flow.NewBuilder()
				for _, r := range rows {
					if err := bu.Add(r.a, r.p, flow.Exactly(3)); err != nil {
						b.Fatal(err)
					}
				}
				if _, _, err := bu.Build(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(pairs)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
