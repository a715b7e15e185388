package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/parquet-go/parquet-go"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// countText counts a text with chunks of a given size.
func countText(t testing.TB, text string, jobs, size int, opts ...table.Option) (*Pairs, *counting, error) {
	t.Helper()
	g := &counting{opts: table.Collect(opts), tally: newTally(0), jobs: jobs, chunkSize: size}
	if err := g.text(context.Background(), "r.csv", strings.NewReader(text)); err != nil {
		return nil, g, err
	}
	return g.tally.take(), g, nil
}

func pairsCSV(t testing.TB, p *Pairs) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// recordTable is a table of made-up records with quotes, line ends inside
// them, blank lines and a repeated header, and the pairs it holds.
func recordTable(rows int, seed uint64) (string, string) {
	rng := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	counts := map[[2]string]int{}
	b.WriteString("Extract\n\"for, the board\"\nid,lsoa,note,provider,n\n")
	for i := range rows {
		area, provider := fmt.Sprintf("E%07d", rng.IntN(40)), fmt.Sprintf("R%02d", rng.IntN(9))
		if rng.IntN(9) == 0 {
			area = "an area with a name of its own " + area
		}
		note := []string{"", "plain", `"quoted, with ""more"""`, "\"two\nlines\"", "\"two\r\nlines,\"", "Môn"}[rng.IntN(6)]
		counts[[2]string{area, provider}]++
		if rng.IntN(3) == 0 {
			area = `"` + area + `"`
		}
		end := []string{"\n", "\r\n", "\n\n"}[rng.IntN(3)]
		if rng.IntN(50) == 0 {
			end += "id,lsoa,note,provider,n\n"
		}
		fmt.Fprintf(&b, "%d,%s,%s, %s,1%s", i, area, note, provider, end)
	}
	keys := make([][2]string, 0, len(counts))
	for k := range counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	var want strings.Builder
	want.WriteString("area,provider,count\n")
	for _, k := range keys {
		fmt.Fprintf(&want, "%s,%s,%d\n", k[0], k[1], counts[k])
	}
	return b.String(), want.String()
}

// Wherever the chunks are cut, and however many workers there are, the pairs
// are the same.
func TestIngestChunks(t *testing.T) {
	for seed := range uint64(20) {
		text, want := recordTable(300, seed)
		for _, size := range []int{16, 61, 512, 1 << 20} {
			for _, jobs := range []int{1, 4} {
				p, g, err := countText(t, text, jobs, size, data.Columns("lsoa", "", ""))
				if err != nil {
					t.Fatal(err)
				}
				if got := pairsCSV(t, p); got != want {
					t.Fatalf("seed %d, size %d, %d workers:\n%s\nwant\n%s", seed, size, jobs, got, want)
				}
				if p.Total() != 300 || g.rows.Load() != 300 {
					t.Fatalf("%v counted, %d rows", p.Total(), g.rows.Load())
				}
			}
		}
	}
}

// Faults come in file order with the lines they are on, wherever the chunks
// are cut.
func TestIngestFaults(t *testing.T) {
	text := "lsoa,provider,n\nE1,R1,1\n\"E\n2\",R1,1\nE1,,1\nE3,R1,-2\nE4,R1\nE5,R\"1,3\nE6,R1,many\nE7,R1,<5\n"
	want := []string{
		"r.csv:3:1: neither UTF-8 nor Windows-1252 text: \"E\\n2\" has a control character",
		"r.csv:5:4: missing code: no provider",
		"r.csv:6:7: negative count: -2",
		"r.csv:7:4: row does not fit the header: 2 of 3 fields",
		"r.csv:8:5: broken quoting: quote inside a field that does not start with one",
		`r.csv:9:7: not a number: "many"`,
		`r.csv:10:7: not a number: "<5" is a suppressed count, which cannot go into a sum; give the table to --flows`,
	}
	for _, size := range []int{1 << 20, 64} {
		for _, jobs := range []int{1, 3} {
			_, _, err := countText(t, text, jobs, size, data.Columns("lsoa", "provider", "n"))
			var faults *fault.List
			if !errors.As(err, &faults) {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, e := range faults.List {
				got = append(got, e.Error())
			}
			if size == 64 {
				// An odd quote makes the rest one chunk; what was before stands.
				got, want := got[:5], want[:5]
				if !reflect.DeepEqual(got, want) {
					t.Errorf("chunks of %d: got %q, want %q", size, got, want)
				}
			} else if !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	}
}

func TestIngestEncodings(t *testing.T) {
	const name = "Ynys M\xf4n"
	text := "area,provider\n" + strings.Repeat("E1,R1\n", 50) + name + ",R1\n" + strings.Repeat("E1,R1\n", 50) + name + "\xc3\xa9,R1\n"
	p, _, err := countText(t, text, 3, 40)
	if err != nil {
		t.Fatal(err)
	}
	if want := "area,provider,count\nE1,R1,100\nYnys Môn,R1,1\nYnys MônÃ©,R1,1\n"; pairsCSV(t, p) != want {
		t.Errorf("got %s", pairsCSV(t, p))
	}
	text = "area,provider\nMôn,R1\n" + strings.Repeat("E1,R1\n", 50) + "M\xf4n,R1\n"
	if _, _, err := countText(t, text, 3, 40); !errors.Is(err, table.ErrEncoding) || !strings.HasPrefix(err.Error(), "r.csv:53:2: ") {
		t.Errorf("got %v", err)
	}
}

func TestIngestCounts(t *testing.T) {
	text := "area,provider,n\nE1,R1,0.1\nE1,R1,0.2\nE1,R1,\"1,000\"\nE2,R1,0.7\nE2,R1,0.7\nE3,R1,\nE3,R1,-\nE4,R1,0\n"
	for _, jobs := range []int{1, 3} {
		p, g, err := countText(t, text, jobs, 12, data.Columns("", "", "n"))
		if err != nil {
			t.Fatal(err)
		}
		if want := "area,provider,count\nE1,R1,1000.3\nE2,R1,1.4\nE4,R1,0\n"; pairsCSV(t, p) != want {
			t.Errorf("got %s", pairsCSV(t, p))
		}
		if g.absent.Load() != 2 {
			t.Errorf("%d absent", g.absent.Load())
		}
	}
	if _, _, err := countText(t, "area,provider,n\nE1,R1,9e15\nE1,R1,9e15\n", 1, 0, data.Columns("", "", "n")); !errors.Is(err, ErrCountRange) {
		t.Errorf("got %v", err)
	}
}

// ingestFiles runs Ingest over files made in a folder.
func ingestFiles(t *testing.T, files map[string][]byte, from []string, o Options) (*Pairs, Report, error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range from {
		if from[i] != "-" {
			from[i] = filepath.Join(dir, from[i])
		}
	}
	return Count(t.Context(), from, strings.NewReader("lsoa,provider,year\nE1,R1,2016\n"), o)
}

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text)
	_ = z.Close()
	return b.Bytes()
}

func TestIngestSources(t *testing.T) {
	files := func() map[string][]byte {
		return map[string][]byte{
			"a.csv":    []byte("lsoa,provider,year\nE1,R1,2016\nE2,R2,2017\n"),
			"b.csv":    []byte("year\tprovider\tlsoa\n2016\tR1\tE1\n"),
			"c.csv.gz": zipped("lsoa,provider,year\nE1,R1,2016\n,R1,2016\n"),
		}
	}
	columns := []table.Option{data.Columns("lsoa", "", "")}
	p, rep, err := ingestFiles(t, files(), []string{"*.csv", "c.csv.gz", "-"}, Options{Table: columns, Jobs: 2, SkipMissing: true, ExpectRows: 5})
	if err != nil {
		t.Fatal(err)
	}
	if want := "area,provider,count\nE1,R1,4\nE2,R2,1\n"; pairsCSV(t, p) != want {
		t.Errorf("got %s", pairsCSV(t, p))
	}
	if rep.Rows != 6 || rep.Counted != 5 || rep.Missing != 1 || rep.Pairs != 2 || rep.Total != 5 || len(rep.Sources) != 4 {
		t.Errorf("report %+v", rep)
	}
	p, rep, err = ingestFiles(t, files(), []string{"a.csv"}, Options{Table: append(columns, table.Where("year", "2017"))})
	if err != nil || rep.Filtered != 1 || pairsCSV(t, p) != "area,provider,count\nE2,R2,1\n" {
		t.Errorf("got %v, %+v", err, rep)
	}

	for _, tt := range []struct {
		name string
		from []string
		o    Options
		is   error
		want string // in the message
	}{
		{"no file", []string{"none.csv"}, Options{}, os.ErrNotExist, "none.csv"},
		{"no match", []string{"*.tsv"}, Options{}, os.ErrNotExist, "*.tsv"},
		{"twice", []string{"a.csv", "a*"}, Options{}, nil, "given twice"},
		{"other total", []string{"a.csv"}, Options{ExpectRows: 3, Table: columns}, ErrExpectedRows, "2, not 3"},
		{"missing code", []string{"c.csv.gz"}, Options{Table: columns}, table.ErrMissingCode, "c.csv.gz:3:1: missing code: no area"},
		{"no column", []string{"a.csv"}, Options{Table: []table.Option{data.Columns("lsao", "", "")}}, table.ErrMissingColumn, `did you mean "lsoa"?`},
		{"no condition's column", []string{"a.csv"}, Options{Table: append(columns, table.Where("yaer", "1"))}, table.ErrMissingColumn, `did you mean "year"?`},
		{"nothing left", []string{"a.csv"}, Options{Table: append(columns, table.Where("year", "1"))}, table.ErrEmptyTable, "no rows to count"},
		{"engine among files", []string{"a.csv", "x"}, Options{}, os.ErrNotExist, "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := ingestFiles(t, files(), tt.from, tt.o)
			if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestIngestTruncated(t *testing.T) {
	text, _ := recordTable(20000, 1)
	z := zipped(text)
	_, _, err := ingestFiles(t, map[string][]byte{"a.csv.gz": z[:len(z)/2]}, []string{"a.csv.gz"}, Options{Jobs: 2, Table: []table.Option{data.Columns("lsoa", "", "")}})
	if !errors.Is(err, table.ErrTruncated) {
		t.Errorf("got %v", err)
	}
	// A disk's error is not the file's fault.
	g := &counting{opts: table.Collect([]table.Option{data.Columns("lsoa", "", "")}), tally: newTally(0), jobs: 2, chunkSize: 100}
	broken := errors.New("disk on fire")
	err = g.text(t.Context(), "r.csv", io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
	var bad *fault.Error
	if !errors.Is(err, broken) || errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}

func TestIngestMemory(t *testing.T) {
	var b strings.Builder
	b.WriteString("area,provider\n")
	for i := range 20000 {
		fmt.Fprintf(&b, "E%d,R%d\n", i, i%7)
	}
	_, _, err := ingestFiles(t, map[string][]byte{"a.csv": []byte(b.String())}, []string{"a.csv"}, Options{MaxMemory: 300_000})
	if !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), "engine") {
		t.Errorf("got %v", err)
	}
}

func TestIngestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("enough")
	text, _ := recordTable(2000, 1)
	g := &counting{opts: table.Collect([]table.Option{data.Columns("lsoa", "", "")}), tally: newTally(0), jobs: 2, chunkSize: 64}
	r := &cancelling{strings.NewReader(text), func() { cancel(stop) }}
	if err := g.text(ctx, "r.csv", iotest.OneByteReader(r)); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

type cancelling struct {
	*strings.Reader
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.Len() < 50000 {
		c.cancel()
	}
	return c.Reader.Read(p)
}

func TestPairsAddTo(t *testing.T) {
	p, _, err := countText(t, "area,provider\nE2,R1\nE1,R1\nE1,R1\n", 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := flow.NewBuilder()
	if err := p.AddTo(b); err != nil {
		t.Fatal(err)
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := m.WriteCanonical(&got); err != nil || got.String() != "area,provider,count\nE1,R1,2\nE2,R1,1\n" {
		t.Errorf("got %s, %v", got.String(), err)
	}
	if p.SumOfSquares() != 5 {
		t.Errorf("sum of squares %v", p.SumOfSquares())
	}
}

type parquetRecord struct {
	Plain  string  `parquet:"plain"`
	Area   *string `parquet:"lsoa,optional,dict"`
	Trust  string  `parquet:"provider,dict"`
	Year   int32   `parquet:"year"`
	Count  float64 `parquet:"n"`
	Spells *int64  `parquet:"spells,optional"`
}

func parquetFile(t testing.TB, rows []parquetRecord, opts ...parquet.WriterOption) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[parquetRecord](&b, append(opts, parquet.MaxRowsPerRowGroup(37), parquet.PageBufferSize(64))...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIngestParquet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var rows []parquetRecord
	var text strings.Builder
	text.WriteString("plain,lsoa,provider,year,n,spells\n")
	for i := range 500 {
		r := parquetRecord{
			Plain: fmt.Sprintf("A%d", rng.IntN(5)), Trust: fmt.Sprintf("R%d", rng.IntN(4)), Year: 2015 + int32(rng.IntN(3)),
			Count: float64(rng.IntN(1000)) / 4,
		}
		area, spells := "", ""
		if rng.IntN(10) > 0 {
			area = fmt.Sprintf("E%03d", rng.IntN(50))
			r.Area = &area
		}
		if rng.IntN(3) > 0 {
			n := int64(i)
			r.Spells, spells = &n, fmt.Sprint(i)
		}
		rows = append(rows, r)
		fmt.Fprintf(&text, "%s,%s,%s,%d,%v,%s\n", r.Plain, area, r.Trust, r.Year, r.Count, spells)
	}
	file := parquetFile(t, rows)
	// A Parquet file gives what the same table gives as text.
	for _, o := range []Options{
		{Table: []table.Option{data.Columns("lsoa", "provider", "")}, SkipMissing: true},
		{Table: []table.Option{data.Columns("plain", "provider", "n")}},
		{Table: []table.Option{data.Columns("plain", "provider", "spells")}},
		{Table: []table.Option{data.Columns("year", "provider", "spells")}},
		{Table: []table.Option{data.Columns("n", "provider", ""), table.Where("year", "2016"), table.Where("year", "2015"), table.Where("plain", "A3")}},
	} {
		want, wantRep, err := ingestFiles(t, map[string][]byte{"r.csv": []byte(text.String())}, []string{"r.csv"}, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, jobs := range []int{1, 3} {
			o.Jobs = jobs
			got, rep, err := ingestFiles(t, map[string][]byte{"r.parquet": file}, []string{"r.parquet"}, o)
			if err != nil {
				t.Fatal(err)
			}
			if pairsCSV(t, got) != pairsCSV(t, want) {
				t.Errorf("%d workers: got\n%swant\n%s", jobs, pairsCSV(t, got), pairsCSV(t, want))
			}
			rep.Sources, wantRep.Sources = nil, nil
			if !reflect.DeepEqual(rep, wantRep) {
				t.Errorf("report %+v, want %+v", rep, wantRep)
			}
		}
	}

	null := slices.IndexFunc(rows, func(r parquetRecord) bool { return r.Area == nil })
	for _, tt := range []struct {
		name string
		file []byte
		o    Options
		is   error
		want string
	}{
		{"null code", file, Options{Table: []table.Option{data.Columns("lsoa", "", "")}}, table.ErrMissingCode, fmt.Sprintf("r.parquet:%d:1: missing code: no area", null+1)},
		{"no column", file, Options{Table: []table.Option{data.Columns("lsao", "", "")}}, table.ErrMissingColumn, `did you mean "lsoa"?`},
		{"condition", file, Options{Table: []table.Option{data.Columns("plain", "", ""), table.Where("yaer", "1")}}, table.ErrMissingColumn, `did you mean "year"?`},
		{"text as count", file, Options{Table: []table.Option{data.Columns("lsoa", "", "plain")}, SkipMissing: true}, table.ErrNotANumber, `not a number: "A`},
		{"cut short", file[:len(file)/2], Options{}, ErrParquet, "cannot be read"},
		{"only magic", []byte("PAR1PAR1"), Options{}, ErrParquet, "cannot be read"},
		{"no records", parquetFile(t, nil), Options{Table: []table.Option{data.Columns("lsoa", "", "")}}, table.ErrEmptyTable, "no rows in the file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := ingestFiles(t, map[string][]byte{"r.parquet": tt.file}, []string{"r.parquet"}, tt.o)
			var bad *fault.Error
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) || !errors.As(err, &bad) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func FuzzIngestText(f *testing.F) {
	text, _ := recordTable(8, 1)
	f.Add([]byte(text), uint8(40))
	f.Add([]byte("area,provider\n\"E1,R1\nE2,R2\n"), uint8(16))
	f.Add([]byte("area;provider\nM\xf4n;R1\nM\xc3\xb4n;R1\n"), uint8(20))
	f.Fuzz(func(t *testing.T, text []byte, size uint8) {
		whole, _, errWhole := countText(t, string(text), 1, len(text)+64)
		parts, _, errParts := countText(t, string(text), 2, int(size)+8)
		if (errWhole == nil) != (errParts == nil) {
			t.Fatalf("%q: in one piece %v, in several %v", text, errWhole, errParts)
		}
		if errWhole != nil {
			var bad *fault.Error
			if !errors.As(errWhole, &bad) {
				t.Fatalf("unlocated: %v", errWhole)
			}
			return
		}
		if !reflect.DeepEqual(whole, parts) {
			t.Fatalf("%q: in one piece\n%s, in several\n%s", text, pairsCSV(t, whole), pairsCSV(t, parts))
		}
	})
}

func FuzzIngestParquet(f *testing.F) {
	area := "E1"
	f.Add(parquetFile(f, []parquetRecord{{Plain: "a", Area: &area, Trust: "R1", Count: 1}, {Plain: "b", Trust: "R2"}}))
	f.Add([]byte("PAR1PAR1"))
	for _, codec := range codecs {
		f.Add(packed(f, codec))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		g := &counting{opts: table.Collect([]table.Option{data.Columns("lsoa", "provider", "n")}), tally: newTally(1 << 24), jobs: 2, skipMissing: true}
		if err := g.parquet(context.Background(), "r.parquet", bytes.NewReader(file), int64(len(file))); err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) {
				t.Fatalf("unlocated: %v", err)
			}
			return
		}
		for _, p := range g.tally.take().List {
			if !(p.Count >= 0) {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func BenchmarkIngest(b *testing.B) {
	var table strings.Builder
	table.WriteString("area,provider,patients\n")
	x := uint32(1)
	for i := range 1_505_000 {
		x = x*1664525 + 1013904223
		fmt.Fprintf(&table, "A%05d,P%03d,%d\n", i/43, x>>16%400, 1+x>>24%40)
	}
	text := table.String()
	for _, jobs := range []int{1, 2} {
		b.Run(fmt.Sprintf("rows=1505000/jobs=%d", jobs), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, _, err := countText(b, text, jobs, 0); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A table of pairs is summed, whether its count is headed so or by another
// usual name.
func TestIngestPairs(t *testing.T) {
	p, _, err := countText(t, "area,provider,count\nE1,R1,5\nE1,R1,2\nE2,R1,1.5\n", 1, 0)
	if err != nil || pairsCSV(t, p) != "area,provider,count\nE1,R1,7\nE2,R1,1.5\n" {
		t.Errorf("got %v", err)
	}
	for _, decimals := range []bool{true, false} {
		if !decimals {
			p.List[1].Count = 3
		}
		var b, again bytes.Buffer
		if err := p.WriteParquet(&b); err != nil {
			t.Fatal(err)
		}
		if err := p.WriteParquet(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("written twice, two files: %v", err)
		}
		back, rep, err := ingestFiles(t, map[string][]byte{"p.parquet": b.Bytes()}, []string{"p.parquet"}, Options{OfPairs: true})
		if err != nil || pairsCSV(t, back) != pairsCSV(t, p) {
			t.Errorf("got %v, %+v", err, rep)
		}
	}
	text := map[string][]byte{"a.csv": []byte("area,provider,spells\nE1,R1,5\n")}
	if p, _, err := ingestFiles(t, text, []string{"a.csv"}, Options{OfPairs: true}); err != nil || p.Total() != 5 {
		t.Errorf("got %v", err)
	}
	if p, _, err := ingestFiles(t, text, []string{"a.csv"}, Options{}); err != nil || p.Total() != 1 {
		t.Errorf("got %v", err)
	}
	text = map[string][]byte{"a.csv": []byte("area,provider\nE1,R1\n")}
	if _, _, err := ingestFiles(t, text, []string{"a.csv"}, Options{OfPairs: true}); !errors.Is(err, table.ErrMissingColumn) {
		t.Errorf("got %v", err)
	}
}
