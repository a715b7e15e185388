package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"stpmap/data/table"
)

// Workers that count at once, in any order, come to what a map comes to; parts of
// a count add up exactly.
func TestTallyAgreesWithMap(t *testing.T) {
	for trial := range uint64(8) {
		const workers = 4
		tl := newTally(0)
		var mu sync.Mutex
		whole, parts := map[[2]string]int64{}, map[[2]string]int64{}
		var wg sync.WaitGroup
		for w := range uint64(workers) {
			wg.Go(func() {
				rng := rand.New(rand.NewPCG(trial, w))
				c := tl.counter()
				number := func(l *localCodes, code string) int32 {
					if id, ok := l.find([]byte(code)); ok {
						return id
					}
					return l.add([]byte(code))
				}
				mine, mineParts := map[[2]string]int64{}, map[[2]string]int64{}
				for range 20_000 {
					key := [2]string{fmt.Sprintf("E%03d", rng.IntN(300)), fmt.Sprintf("R%02d", rng.IntN(20))}
					a, p := number(&c.areas, key[0]), number(&c.providers, key[1])
					n := rng.Int64N(5)
					mine[key] += n
					if err := c.add(a, p, n); err != nil {
						t.Error(err)
					}
					if rng.IntN(3) == 0 {
						part := rng.Int64N(4) * partUnits / 4
						mineParts[key] += part
						if err := c.addPart(a, p, part); err != nil {
							t.Error(err)
						}
					}
				}
				if err := c.close(); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for k, n := range mine {
					whole[k] += n
				}
				for k, n := range mineParts {
					parts[k] += n
				}
			})
		}
		wg.Wait()
		got := tl.take()
		if !slices.IsSorted(got.Areas) || !slices.IsSorted(got.Providers) || len(got.List) != len(whole) {
			t.Fatalf("%d pairs, want %d", len(got.List), len(whole))
		}
		for i, p := range got.List {
			key := [2]string{got.Areas[p.Area], got.Providers[p.Provider]}
			want := float64(whole[key]) + float64(parts[key])/float64(partUnits)
			if p.Count != want {
				t.Fatalf("%v: got %v, want %v", key, p.Count, want)
			}
			if i > 0 && (p.Area < got.List[i-1].Area || p.Area == got.List[i-1].Area && p.Provider <= got.List[i-1].Provider) {
				t.Fatalf("pairs %d and %d are out of order", i-1, i)
			}
		}
	}
}

// The memory allowed bounds pairs and codes; a count past what is exact is refused.
func TestTallyLimits(t *testing.T) {
	tl := newTally(1 << 20)
	c := tl.counter()
	var err error
	n := 0
	provider := c.providers.add([]byte("R"))
	for ; err == nil && n < 1_000_000; n++ {
		a := c.areas.add(fmt.Appendf(nil, "E%d", n))
		err = c.add(a, provider, 1)
	}
	if !errors.Is(err, ErrMemory) || n < 2_000 || n > 100_000 {
		t.Errorf("%d pairs in a MiB: %v", n, err)
	}
	// Long codes count too, though there are few.
	tl = newTally(1 << 20)
	c = tl.counter()
	for n, err = 0, nil; err == nil && n < 10_000; n++ {
		err = c.add(c.areas.add(fmt.Appendf(nil, "E%d%s", n, strings.Repeat("x", 1000))), 0, 1)
	}
	if !errors.Is(err, ErrMemory) || n > 1000 {
		t.Errorf("%d codes of 1 kB in a MiB: %v", n, err)
	}
	tl = newTally(0)
	c = tl.counter()
	a, p := c.areas.add([]byte("E")), c.providers.add([]byte("R"))
	for range 3 {
		if err = c.add(a, p, maxWhole/2); err != nil {
			break
		}
	}
	if err == nil {
		err = c.close()
	}
	if !errors.Is(err, ErrCountRange) {
		t.Errorf("past 2^53: %v", err)
	}
}

func TestWholeAndPart(t *testing.T) {
	for text, want := range map[string][2]int64{
		"0": {0, 0}, "12": {12, 0}, "1,234": {1234, 0}, "1.5": {1, partUnits / 2}, "0.25": {0, partUnits / 4}, "1e3": {1000, 0}, "9007199254740992": {1 << 53, 0},
		"0.9999999999999999": {1, 0},
	} {
		whole, part, err := wholeAndPart(text)
		if err != nil || whole != want[0] || part != want[1] {
			t.Errorf("%s: got %d and %d, %v", text, whole, part, err)
		}
	}
	for text, is := range map[string]error{"-1": table.ErrNegativeCount, "few": table.ErrNotANumber, "<5": table.ErrNotANumber, "9007199254740994": ErrCountRange, "1e300": ErrCountRange} {
		if _, _, err := wholeAndPart(text); !errors.Is(err, is) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Wherever text ends, its last row end is one outside quotes, and none comes
// after it.
func TestLastRowEnd(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	pieces := []string{"a", ",", "\n", "\n", "\"", "\"x\n\"", "\"\"", "\r\n"}
	for range 20_000 {
		var b []byte
		for range rng.IntN(20) {
			b = append(b, pieces[rng.IntN(len(pieces))]...)
		}
		want, quotes := 0, 0
		for i, c := range b {
			switch {
			case c == '"':
				quotes++
			case c == '\n' && quotes%2 == 0:
				want = i + 1
			}
		}
		if got := lastRowEnd(b); got != want {
			t.Fatalf("%q: got %d, want %d", b, got, want)
		}
	}
}

// Sorting by counting is stable, and agrees with a comparison.
func TestCountingSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		n, keys := rng.IntN(60), 1+rng.IntN(9)
		from, to := make([]Pair, n), make([]Pair, n)
		for i := range from {
			from[i] = Pair{int32(rng.IntN(keys)), int32(i), 0}
		}
		countingSort(from, to, keys, func(p *Pair) int32 { return p.Area })
		slices.SortStableFunc(from, func(a, b Pair) int { return int(a.Area - b.Area) })
		if !slices.Equal(from, to) {
			t.Fatalf("got %v, want %v", to, from)
		}
	}
}

// Codes that need quotes in CSV get them, and come back.
func TestPairsCSVQuotes(t *testing.T) {
	p := &Pairs{Areas: []string{" a", "b,c", "d\"e", "f"}, Providers: []string{"R\n1"}, List: []Pair{{0, 0, 1}, {1, 0, 2}, {2, 0, 0.5}, {3, 0, 1e15}}}
	text := pairsCSV(t, p)
	if want := "area,provider,count\n\" a\",\"R\n1\",1\n\"b,c\",\"R\n1\",2\n\"d\"\"e\",\"R\n1\",0.5\nf,\"R\n1\",1000000000000000\n"; text != want {
		t.Errorf("got %q", text)
	}
	if p.Areas[1] != "b,c" {
		t.Error("the codes themselves were quoted")
	}
	var b bytes.Buffer
	if err := p.WriteParquet(&b); err != nil {
		t.Fatal(err)
	}
	p.Areas, p.Providers = []string{"a", "b", "c", "f"}, []string{"R1"}
	b.Reset()
	if err := p.WriteParquet(&b); err != nil {
		t.Fatal(err)
	}
	back, _, err := ingestFiles(t, map[string][]byte{"p.parquet": b.Bytes()}, []string{"p.parquet"}, Options{OfPairs: true})
	if err != nil || pairsCSV(t, back) != pairsCSV(t, p) || !strings.HasPrefix(b.String(), "PAR1") {
		t.Errorf("got %v, %v", back, err)
	}
}
