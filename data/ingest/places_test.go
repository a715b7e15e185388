package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/published"
	"stpmap/data/table"
)

// countFiles writes files into a folder and counts them.
func countFiles(t *testing.T, files map[string][]byte, o Options) (string, Report, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.Jobs = 2
	pairs, rep, err := Count(t.Context(), []string{filepath.Join(dir, "*")}, nil, o)
	if err != nil {
		return "", rep, err
	}
	var b bytes.Buffer
	if err := pairs.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(b.String(), "area,provider,count\n"), rep, nil
}

func TestIngestLeavesSumsOut(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		options          []table.Option
		left             int64
	}{
		{
			"counts", "lsoa,provider,count\nE07000001,RA,5\nE07000002,RA,6\nE12000001,RA,11\nE92000001,Total,11\n-8,RA,70\n",
			"E07000001,RA,5\nE07000002,RA,6\n", nil, 3,
		},
		{
			"records of patients of a country", "lsoa,provider\nE07000001,RA\nE92000001,RA\nE92000001,RA\n",
			"E07000001,RA,1\nE92000001,RA,2\n", nil, 0,
		},
		{
			"points between thousands", "lsoa;provider;count\nE1;RA;1.234\nE1;RA;2.345\nE2;RA;17\n",
			"E1,RA,3579\nE2,RA,17\n", nil, 0,
		},
		{
			"decimals", "lsoa;provider;count\nE1;RA;1.234\nE1;RA;2.5\n", "E1,RA,3.734\n", nil, 0,
		},
		{
			"asked for", "lsoa;provider;count\nE1;RA;1.234\nE1;RA;2.345\n", "E1,RA,3.579\n", []table.Option{table.Decimal('.')}, 0,
		},
		{"floats", "lsoa,provider,count\n17031.0,RA,5\n17031,RA,6\n", "17031,RA,11\n", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, rep, err := countFiles(t, map[string][]byte{"r.csv": []byte(c.text)}, Options{Table: append(c.options, data.Columns("lsoa", "", ""))})
			if err != nil || got != c.want || rep.Left != c.left {
				t.Errorf("got %q, %d left out, %v; want %q", got, rep.Left, err, c.want)
			}
			if rep.Rows != rep.Counted+rep.Left+rep.Missing+rep.Absent+rep.Filtered {
				t.Errorf("a record is in none of the numbers: %+v", rep)
			}
		})
	}
	_, _, err := countFiles(t, map[string][]byte{"r.csv": []byte("area;provider;count\nE1;RA;1.234\nE1;RA;2.345\n")}, Options{})
	if !errors.Is(err, table.ErrPoints) || !strings.Contains(err.Error(), "r.csv:2:7: ") {
		t.Errorf("nothing tells what the points mean: %v", err)
	}
	_, rep, err := countFiles(t, map[string][]byte{"r.csv": []byte("area,provider\nNULL,RA\nE1,RA\nE1,#REF!\n")}, Options{SkipMissing: true})
	if !errors.Is(err, table.ErrNotACode) || rep.Missing != 1 {
		t.Errorf("got %+v, %v", rep, err)
	}
}

func TestTwinsAreRefused(t *testing.T) {
	text := []byte("area,provider,count\nE1,RA,5\n")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(text)
	_ = z.Close()
	pq := parquetFile(t, []parquetRecord{{Plain: "a", Trust: "R1", Count: 1}})
	for name, files := range map[string]map[string][]byte{
		"second copy":   {"flows.csv": text, "flows (1).csv": text},
		"packed beside": {"flows.csv": text, "flows.csv.gz": packed.Bytes()},
		"Parquet":       {"a.parquet": pq, "b.parquet": pq},
	} {
		opts := Options{Table: []table.Option{data.Columns("", "", "")}}
		if name == "Parquet" {
			opts.Table = []table.Option{data.Columns("plain", "provider", "")}
		}
		if _, _, err := countFiles(t, files, opts); !errors.Is(err, table.ErrTwice) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	got, _, err := countFiles(t, map[string][]byte{"a.csv": text, "b.csv": append(text, "E2,RA,1\n"...)}, Options{})
	if err != nil || got != "E1,RA,10\nE2,RA,1\n" {
		t.Errorf("two tables with a row in common: %q, %v", got, err)
	}
	in := func(name string) importer.Input { return importer.Input{Name: name, R: bytes.NewReader(text)} }
	if _, err := published.Import(t.Context(), "", []importer.Input{in("a.csv"), in("a (1).csv")}, importer.Options{}); !errors.Is(err, table.ErrTwice) {
		t.Errorf("import: %v", err)
	}
}

func parquetOf[T any](t *testing.T, rows ...T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParquetCodesHeldAsNumbers(t *testing.T) {
	type doubles struct {
		Area     float64 `parquet:"area"`
		Provider float32 `parquet:"provider"`
		Count    int32   `parquet:"count"`
	}
	got, _, err := countFiles(t, map[string][]byte{"r.parquet": parquetOf(t, doubles{17031010100, 140001, 12}, doubles{1e15, 7, 3})}, Options{})
	if want := "1000000000000000,7,3\n17031010100,140001,12\n"; err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	_, _, err = countFiles(t, map[string][]byte{"r.parquet": parquetOf(t, doubles{1.5e17, 140001, 12})}, Options{})
	if !errors.Is(err, table.ErrNotACode) {
		t.Errorf("a code past what a double holds: %v", err)
	}
	_, _, err = countFiles(t, map[string][]byte{"r.parquet": parquetOf(t, doubles{1, 123456789, 12})}, Options{})
	if !errors.Is(err, table.ErrNotACode) {
		t.Errorf("a code past what a float holds: %v", err)
	}
}

func TestParquetDecimals(t *testing.T) {
	cursor := func(scale int32) *parquetCursor {
		return &parquetCursor{leaf: parquetLeaf{decimal: true, scale: scale}}
	}
	for _, c := range []struct {
		bytes string
		scale int32
		want  string
	}{
		{"\x04\xe2", 2, "12.5"},
		{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\xe2", 2, "12.5"},
		{"\xff\xff\xfb\x1e", 2, "-12.5"},
		{"\x03", 3, "0.003"},
		{"\x01\x2c", 2, "3"},
		{"\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 0, "2361183241434822606847"},
		{"", 2, "0"},
	} {
		if got := string(cursor(c.scale).bytes([]byte(c.bytes))); got != c.want {
			t.Errorf("%x by %d: got %s, want %s", c.bytes, c.scale, got, c.want)
		}
	}
}

func TestParquetSetsMustNotMix(t *testing.T) {
	type row struct {
		Area     string `parquet:"area"`
		Provider string `parquet:"provider,dict"`
		Year     int32  `parquet:"year"`
		Sex      string `parquet:"sex,dict"`
		Count    int32  `parquet:"count"`
	}
	count := func(o Options, rows ...row) (string, error) {
		o.OfPairs = true
		got, _, err := countFiles(t, map[string][]byte{"r.parquet": parquetOf(t, rows...)}, o)
		return got, err
	}
	years := []row{{"E1", "RA", 2017, "F", 5}, {"E1", "RA", 2018, "F", 7}, {"E2", "RA", 2017, "F", 3}}
	_, err := count(Options{}, years...)
	if !errors.Is(err, table.ErrMixedSets) || !strings.Contains(fmt.Sprint(err), "--where year=2017") {
		t.Errorf("years: %v", err)
	}
	if got, err := count(Options{Table: []table.Option{table.Where("year", "2018")}}, years...); err != nil || got != "E1,RA,7\n" {
		t.Errorf("one year: %q, %v", got, err)
	}
	if _, err := count(Options{}, row{"E1", "RA", 2018, "F", 5}, row{"E1", "RA", 2018, "All persons", 9}); !errors.Is(err, table.ErrMixedSets) {
		t.Errorf("a total of the sexes: %v", err)
	}
	if got, err := count(Options{}, row{"E1", "RA", 2018, "F", 5}, row{"E1", "RA", 2018, "M", 4}); err != nil || got != "E1,RA,9\n" {
		t.Errorf("men and women: %q, %v", got, err)
	}
}
