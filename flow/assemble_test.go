package flow

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"
)

// assembled is the matrix that Assemble makes of the rows of another.
func assembled(t *testing.T, m *Matrix) *Matrix {
	t.Helper()
	providers := m.Providers()
	if m.OneMode() {
		providers = nil
	}
	got, err := Assemble(m.Areas(), providers, m.Len(), func(a int) ([]int32, []Count) {
		row, _ := m.Row(a)
		counts := make([]Count, len(row))
		for i := range row {
			counts[i] = m.Cell(m.RowOffset(a) + i)
		}
		return row, counts
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A matrix that is put together from its rows is the one that was built of
// records, down to the last bit of its sums.
func TestAssemble(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 44))
	for world := range 200 {
		b := NewBuilder()
		if world%3 == 0 {
			b = NewOneModeBuilder()
		}
		for range rng.IntN(80) {
			c := Exactly(float64(rng.IntN(30)))
			switch rng.IntN(4) {
			case 0:
				c = Between(float64(rng.IntN(2)), float64(2+rng.IntN(5)))
			case 1:
				c = Exactly(float64(rng.IntN(1000)) / 100)
			}
			if err := b.Add("A"+strconv.Itoa(rng.IntN(12)), "P"+strconv.Itoa(rng.IntN(6)), c); err != nil {
				t.Fatal(err)
			}
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		got := assembled(t, m)
		if got.SHA256() != m.SHA256() || got.Total() != m.Total() || got.SuppressedCells() != m.SuppressedCells() {
			t.Fatalf("world %d: another matrix", world)
		}
		for a := range m.Areas() {
			if got.RowTotal(a) != m.RowTotal(a) || got.RowCount(a) != m.RowCount(a) {
				t.Fatalf("world %d: area %d has other totals", world, a)
			}
		}
		all := m.ColumnCounts()
		for j := range m.Providers() {
			as, counts := m.Column(j)
			gotAreas, gotCounts := got.Column(j)
			if !reflect.DeepEqual(as, gotAreas) || !reflect.DeepEqual(counts, gotCounts) || got.ColumnTotal(j) != m.ColumnTotal(j) {
				t.Fatalf("world %d: provider %d has other areas", world, j)
			}
			if want := m.ColumnCount(j); all[j] != want || got.ColumnCount(j) != want {
				t.Fatalf("world %d: provider %d has %v patients, want %v", world, j, all[j], want)
			}
		}
	}
}

// What is not in a matrix's own order is refused.
func TestAssembleRefuses(t *testing.T) {
	one := func(row []int32, counts ...float64) func(int) ([]int32, []Count) {
		return func(int) ([]int32, []Count) {
			var cs []Count
			for _, x := range counts {
				cs = append(cs, Exactly(x))
			}
			return row, cs
		}
	}
	ab := []string{"a", "b"}
	for _, c := range []struct {
		name             string
		areas, providers []string
		rows             func(int) ([]int32, []Count)
		want             error
	}{
		{"codes that fall", []string{"b", "a"}, ab, one([]int32{0, 1}, 1, 2), ErrOrder},
		{"a code twice", []string{"a", "a"}, ab, one([]int32{0, 1}, 1, 2), ErrOrder},
		{"no code", []string{""}, ab, one([]int32{0, 1}, 1, 2), ErrEmptyCode},
		{"providers that fall", ab, ab, one([]int32{1, 0}, 1, 2), ErrOrder},
		{"a pair twice", ab, ab, one([]int32{1, 1}, 1, 2), ErrOrder},
		{"a provider that is none", ab, ab, one([]int32{0, 2}, 1, 2), ErrOrder},
		{"a count of 0", ab, ab, one([]int32{0, 1}, 0, 2), ErrOrder},
		{"a count under 0", ab, ab, one([]int32{0, 1}, -1, 2), ErrNegative},
		{"an area without flow", ab, ab, one(nil), ErrOrder},
		{"a provider without flow", ab, ab, one([]int32{0}, 3), ErrOrder},
		{"a count that cannot be squared", ab, ab, one([]int32{0, 1}, 1e151, 1), ErrTooLarge},
		{"a sum that cannot be squared", ab, ab, one([]int32{0, 1}, 9e149, 9e149), ErrOverflow},
	} {
		if _, err := Assemble(c.areas, c.providers, 4, c.rows); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := Assemble(ab, ab, 4, one([]int32{0, 1}, 1)); err == nil {
		t.Error("a row without all counts is taken")
	}
}
