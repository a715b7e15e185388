package ingest

import (
	"bufio"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"stpmap/flow"
)

// Pair is how many records an area and a provider have in common.
type Pair struct {
	Area, Provider int32 // index Pairs.Areas and Pairs.Providers
	Count          float64
}

// Pairs are records counted by area and provider.
type Pairs struct {
	Areas, Providers []string // sorted
	List             []Pair   // sorted by area, then provider; a count may be 0
}

// Total is the sum of all counts. It is exact where they are whole numbers and
// come to less than 2^53.
func (p *Pairs) Total() float64 {
	sum := 0.0
	for i := range p.List {
		sum += p.List[i].Count
	}
	return sum
}

// SumOfSquares is the sum of all counts' squares, which tells apart two
// results that have the same total.
func (p *Pairs) SumOfSquares() float64 {
	sum := 0.0
	for i := range p.List {
		sum += float64(p.List[i].Count * p.List[i].Count)
	}
	return sum
}

// AddTo adds the pairs to a builder.
func (p *Pairs) AddTo(b *flow.Builder) error {
	areas, providers := make([]int32, len(p.Areas)), make([]int32, len(p.Providers))
	for i, code := range p.Areas {
		areas[i] = b.Area(code)
	}
	for i, code := range p.Providers {
		providers[i] = b.Provider(code)
	}
	for _, one := range p.List {
		if err := b.AddPair(areas[one.Area], providers[one.Provider], flow.Exactly(one.Count)); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes the pairs under the canonical headings area, provider and
// count.
func (p *Pairs) WriteCSV(w io.Writer) error {
	bw := bufio.NewWriterSize(w, 1<<18)
	_, _ = bw.WriteString("area,provider,count\n")
	areas, providers := quoteAll(p.Areas), quoteAll(p.Providers)
	line := make([]byte, 0, 256)
	for _, one := range p.List {
		line = append(line[:0], areas[one.Area]...)
		line = append(line, ',')
		line = append(line, providers[one.Provider]...)
		line = append(line, ',')
		line = flow.AppendNumber(line, one.Count)
		line = append(line, '\n')
		_, _ = bw.Write(line)
	}
	return bw.Flush()
}

// WriteParquet writes the pairs as a Parquet file with the columns area,
// provider and count: a whole number where all of them are, or a double.
func (p *Pairs) WriteParquet(w io.Writer) error {
	for i := range p.List {
		if n := p.List[i].Count; n != math.Trunc(n) {
			return writeParquet(w, p, func(area, provider string, n float64) parquetDecimalPair {
				return parquetDecimalPair{area, provider, n}
			})
		}
	}
	return writeParquet(w, p, func(area, provider string, n float64) parquetPair {
		return parquetPair{area, provider, int64(n)}
	})
}

type parquetPair struct {
	Area     string `parquet:"area,dict"`
	Provider string `parquet:"provider,dict"`
	Count    int64  `parquet:"count,delta"`
}

type parquetDecimalPair struct {
	Area     string  `parquet:"area,dict"`
	Provider string  `parquet:"provider,dict"`
	Count    float64 `parquet:"count"`
}

func writeParquet[T any](w io.Writer, p *Pairs, row func(area, provider string, n float64) T) error {
	// No version of ours in it: the same pairs are the same bytes.
	pw := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("stpmap", "", ""), parquet.MaxRowsPerRowGroup(1<<20))
	batch := make([]T, 0, 4096)
	for i, one := range p.List {
		batch = append(batch, row(p.Areas[one.Area], p.Providers[one.Provider], one.Count))
		if len(batch) == cap(batch) || i == len(p.List)-1 {
			if _, err := pw.Write(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return pw.Close()
}

// quoteAll quotes the codes that need it in CSV.
func quoteAll(codes []string) []string {
	out := codes
	for i, c := range codes {
		if strings.ContainsAny(c, ",\"\r\n") || strings.TrimSpace(c) != c {
			if &out[0] == &codes[0] {
				out = slices.Clone(codes)
			}
			out[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return out
}
