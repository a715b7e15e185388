// Command records writes made-up admission records, the same for the same
// numbers: eight columns, 33,755 areas and 420 providers, near and large
// providers likelier. It is what the ingest is timed on.
//
//	go run ./.ci/bench/records -rows 5000000 -o records.csv
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
)

const (
	areas     = 33_755
	providers = 420
	near      = 70 // providers that an area's patients go to
)

type record struct {
	ID       int64  `parquet:"id"`
	Year     string `parquet:"year,dict"`
	LSOA     string `parquet:"lsoa,dict"`
	Provider string `parquet:"provider,dict"`
	Sex      string `parquet:"sex,dict"`
	Age      int32  `parquet:"age"`
	Method   string `parquet:"admission_method,dict"`
	LOS      int32  `parquet:"los"`
}

func main() {
	rows := flag.Int("rows", 1_000_000, "number of records")
	out := flag.String("o", "records.csv", "file to write, .csv or .parquet")
	flag.Parse()
	f, err := os.Create(*out)
	if err != nil {
		log.Fatal(err)
	}
	if strings.HasSuffix(*out, ".parquet") {
		err = writeParquet(f, *rows)
	} else {
		err = writeCSV(f, *rows)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		log.Fatal(err)
	}
}

// generate calls each for every record.
func generate(rows int, each func(*record) error) error {
	rng := rand.New(rand.NewPCG(20161201, 1))
	type place struct{ x, y float64 }
	hospital := make([]place, providers)
	size := make([]float64, providers)
	for j := range hospital {
		hospital[j] = place{rng.Float64(), rng.Float64()}
		size[j] = 1 / math.Pow(float64(j+1), 0.7)
	}
	// The cumulated chances of an area's likeliest providers.
	chosen := make([][near]int16, areas)
	cumulated := make([][near]float32, areas)
	type chance struct {
		j int
		p float64
	}
	list := make([]chance, providers)
	for a := range chosen {
		at := place{rng.Float64(), rng.Float64()}
		for j := range list {
			d := math.Hypot(at.x-hospital[j].x, at.y-hospital[j].y)
			list[j] = chance{j, size[j] / math.Pow(0.01+d, 2.5)}
		}
		sort.Slice(list, func(i, k int) bool { return list[i].p > list[k].p })
		sum := 0.0
		for k := range near {
			sum += list[k].p
			chosen[a][k], cumulated[a][k] = int16(list[k].j), float32(sum)
		}
	}
	areaCodes, providerCodes := make([]string, areas), make([]string, providers)
	for a := range areaCodes {
		areaCodes[a] = fmt.Sprintf("E%08d", 1_000_000+a)
	}
	for j := range providerCodes {
		providerCodes[j] = fmt.Sprintf("R%02d", j%100) + string(rune('A'+j/100))
	}
	years := []string{"2015/16", "2016/17", "2017/18"}
	methods := []string{"11", "12", "13", "21", "22", "28"}
	var r record
	for i := range rows {
		u := rng.Uint64()
		a := int(u>>40) % areas
		c := &cumulated[a]
		x := float32(rng.Float64()) * c[near-1]
		k := sort.Search(near-1, func(k int) bool { return c[k] >= x })
		r = record{
			ID: int64(i + 1), Year: years[u%3], LSOA: areaCodes[a], Provider: providerCodes[chosen[a][k]],
			Sex: [...]string{"1", "2"}[u>>2&1], Age: int32(u >> 3 % 97), Method: methods[u>>10%6], LOS: int32(u >> 20 % 15),
		}
		if err := each(&r); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(w io.Writer, rows int) error {
	bw := bufio.NewWriterSize(w, 1<<20)
	_, _ = bw.WriteString("id,year,lsoa,provider,sex,age,admission_method,los\n")
	var line []byte
	err := generate(rows, func(r *record) error {
		line = strconv.AppendInt(line[:0], r.ID, 10)
		line = append(append(line, ','), r.Year...)
		line = append(append(line, ','), r.LSOA...)
		line = append(append(line, ','), r.Provider...)
		line = append(append(line, ','), r.Sex...)
		line = strconv.AppendInt(append(line, ','), int64(r.Age), 10)
		line = append(append(line, ','), r.Method...)
		line = strconv.AppendInt(append(line, ','), int64(r.LOS), 10)
		_, err := bw.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return err
	}
	return bw.Flush()
}

func writeParquet(w io.Writer, rows int) error {
	pw := parquet.NewGenericWriter[record](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(1<<20))
	batch := make([]record, 0, 4096)
	flush := func() error {
		_, err := pw.Write(batch)
		batch = batch[:0]
		return err
	}
	err := generate(rows, func(r *record) error {
		batch = append(batch, *r)
		if len(batch) == cap(batch) {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	return pw.Close()
}
