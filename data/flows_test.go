package data

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
	"stpmap/flow/flowtest"
)

// readFlows reads a table into a matrix.
func readFlows(t *testing.T, text string, opts ...table.Option) (*flow.Matrix, FlowReport, error) {
	t.Helper()
	b := flow.NewBuilder()
	rep, err := ReadFlows(t.Context(), "flows.csv", strings.NewReader(text), b, opts...)
	if err != nil {
		return nil, rep, err
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m, rep, nil
}

func canonical(t *testing.T, m *flow.Matrix) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.WriteCanonical(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadFlowsAccepts(t *testing.T) {
	const want = "area,provider,count\nE01,RJ1,120\nE02,RJ1,3\n"
	marks, err := table.ParseSuppression("*=1:4", "-1=2:4")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, text, want string
		opts             []table.Option
	}{
		{name: "canonical", text: "area,provider,count\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "published headings", text: "Commissioner Org Code,Provider Org Code,Total All\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "other headings", text: "COMMISSIONER_CODE,Provider Code,Patients\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "trust catchments", text: "geo_code,trust_code,n\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "small areas", text: "msoa,TrustCode,patients,total_patients\nE01,RJ1,120,9\nE02,RJ1,3,9\n"},
		{name: "ONS vintages", text: "n,nhs_trust22_code,LSOA11CD\n120,RJ1,E01\n3,RJ1,E02\n"},
		{name: "commuting", text: "community_live,community_work,amount\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "a network", text: "source,target,weight\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "from and to", text: "from;to;n\nE01;RJ1;120\nE02;RJ1;3\n"},
		{name: "names and codes", text: "area_name,area,provider,provider name,count\nx,E01,RJ1,y,120\nz,E02,RJ1,y,3\n"},
		{name: "preamble", text: "Flows 2016/17\n\"Published: May, 2017\"\n\narea,provider,count\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "named columns", text: "ward of home,where,number seen\nE01,RJ1,120\nE02,RJ1,3\n", opts: []table.Option{Columns("Ward_of_Home", "where", "Number Seen")}},
		{name: "named over usual", text: "area,provider,n,count\nE01,RJ1,120,1\nE02,RJ1,3,2\n", opts: []table.Option{table.Column("count", "n")}},
		{name: "duplicates add up", text: "area,provider,count\nE01,RJ1,100\nE02,RJ1,3\nE01,RJ1,20\n"},
		{name: "thousands", text: "area,provider,count\nE01,RJ1,\"1,234\"\nE02,RJ1,\"12,345,678.5\"\n", want: "area,provider,count\nE01,RJ1,1234\nE02,RJ1,12345678.5\n"},
		{name: "decimals", text: "area,provider,count\nE01,RJ1,120.0\nE02,RJ1,3e0\n"},
		{name: "one set of several", text: "area,provider,count,period\nE01,RJ1,120,2016\nE01,RJ1,110,2015\nE02,RJ1,3,2016\n", opts: []table.Option{table.Where("Period", "2016")}},
		{name: "two sets on purpose", text: "area,provider,count,period\nE01,RJ1,10,2016\nE01,RJ1,110,2015\nE02,RJ1,3,2014\n", opts: []table.Option{table.Where("period", "*")}},
		{name: "alternatives", text: "area,provider,count,period\nE01,RJ1,10,2016\nE01,RJ1,110,2015\nE02,RJ1,3,2015\nE02,RJ1,3,2014\n", opts: []table.Option{table.Where("period", "2015"), table.Where("period", "2016")}},
		{name: "sexes add up", text: "area,provider,sex,count\nE01,RJ1,F,60\nE01,RJ1,M,60\nE02,RJ1,F,3\n"},
		{name: "sets that share no pair", text: "area,provider,period,count\nE01,RJ1,2015,120\nE02,RJ1,2016,3\n"},
		{name: "absent is no zero", text: "area,provider,count\nE01,RJ1,120\nE02,RJ1,3\nE03,RJ1,\nE04,RJ1,-\nE05,RJ1,n/a\nE06,RJ1,[x]\n"},
		{
			name: "suppressed", text: "area,provider,count\nE01,RJ1,<5\nE02,RJ1,*\nE03,RJ1,#\nE04,RJ1,[c]\nE05,RJ1,c\nE06,RJ1,< 10\n",
			want: "area,provider,count\nE01,RJ1,0+1:4\nE02,RJ1,0+1:7\nE03,RJ1,0+1:4\nE04,RJ1,0+1:7\nE05,RJ1,0+1:7\nE06,RJ1,0+1:9\n",
		},
		{
			name: "suppressed by our own marks", text: "area,provider,count\nE01,RJ1,*\nE02,RJ1,-1\nE03,RJ1,#\nE04,RJ1,5\n", opts: []table.Option{table.Suppressed(marks)},
			want: "area,provider,count\nE01,RJ1,0+1:4\nE02,RJ1,0+2:4\nE03,RJ1,0+1:4\nE04,RJ1,5\n",
		},
		{name: "Windows-1252 names", text: "area,provider,count\nYnys M\xf4n,RJ1,3\n", want: "area,provider,count\nYnys Môn,RJ1,3\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == "" {
				tt.want = want
			}
			m, rep, err := readFlows(t, tt.text, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			if got := canonical(t, m); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			if rep.Rows != rep.Added+rep.Absent+rep.Filtered+rep.Bad+rep.Left {
				t.Errorf("rows are lost: %+v", rep)
			}
		})
	}
}

func TestReadFlowsRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, text, want string
		is               error
		opts             []table.Option
	}{
		{name: "empty file", text: "", want: "flows.csv: no rows: the file is empty", is: table.ErrEmptyTable},
		{name: "header only", text: "area,provider,count\n", want: "flows.csv:1:1: no rows under the header", is: table.ErrEmptyTable},
		{name: "negative count", text: "area,provider,count\nE01,RJ1,120\nE02,RJ1,-3\n", want: "flows.csv:3:9: negative count: -3", is: table.ErrNegativeCount},
		{name: "NaN", text: "area,provider,count\nE01,RJ1,NaN\n", want: `flows.csv:2:9: not a number: "NaN"`, is: table.ErrNotANumber},
		{name: "infinity", text: "area,provider,count\nE01,RJ1,Inf\n", want: `flows.csv:2:9: not a number: "Inf"`, is: table.ErrNotANumber},
		{name: "past all floats", text: "area,provider,count\nE01,RJ1,1e400\n", want: `flows.csv:2:9: not a number: "1e400"`, is: table.ErrNotANumber},
		{name: "text", text: "area,provider,count\nE01,RJ1,many\n", want: `flows.csv:2:9: not a number: "many"`, is: table.ErrNotANumber},
		{name: "hexadecimal", text: "area,provider,count\nE01,RJ1,0x10\n", want: `flows.csv:2:9: not a number: "0x10"`, is: table.ErrNotANumber},
		{name: "underscores", text: "area,provider,count\nE01,RJ1,1_000\n", want: `flows.csv:2:9: not a number: "1_000"`, is: table.ErrNotANumber},
		{name: "two points", text: "area,provider,count\nE01,RJ1,1.234.5\n", want: `flows.csv:2:9: not a number: "1.234.5"`, is: table.ErrNotANumber},
		{name: "odd thousands", text: "area,provider,count\nE01,RJ1,\"12,34\"\n", want: `flows.csv:2:9: not a number: "12,34"`, is: table.ErrNotANumber},
		{name: "percentage", text: "area,provider,count\nE01,RJ1,93.4%\n", want: `flows.csv:2:9: not a number: "93.4%"`, is: table.ErrNotANumber},
		{name: "brackets", text: "area,provider,count\nE01,RJ1,(2)\n", want: "flows.csv:2:9: negative count: (2)", is: table.ErrNegativeCount},
		{name: "below one", text: "area,provider,count\nE01,RJ1,<1\n", want: `flows.csv:2:9: not a number: "<1"`, is: table.ErrNotANumber},
		{name: "missing area code", text: "area,provider,count\nE01,RJ1,1\n,RJ1,2\n", want: "flows.csv:3:1: missing code: no area", is: table.ErrMissingCode},
		{name: "missing provider code", text: "area,provider,count\nE01,  ,1\n", want: "flows.csv:2:5: missing code: no provider", is: table.ErrMissingCode},
		{
			name: "missing column", text: "area,provider\nE01,RJ1\n", is: table.ErrMissingColumn,
			want: `flows.csv:1:1: missing column: no count (nor patients, n, spells, admissions, episodes, …) among "area", "provider" (--count-column names it outright)`,
		},
		{
			name: "misspelt column", text: "area,provider,cuont\nE01,RJ1,3\n", is: table.ErrMissingColumn,
			want: `flows.csv:1:1: missing column: no count (nor patients, n, spells, admissions, episodes, …) among "area", "provider", "cuont"; did you mean "cuont"? (--count-column names it outright)`,
		},
		{
			name: "named column that is not there", text: "area,provider,count\nE01,RJ1,3\n", opts: []table.Option{table.Column("area", "aera")}, is: table.ErrMissingColumn,
			want: `flows.csv:1:1: missing column: there is no "aera" among "area", "provider", "count"; did you mean "area"?`,
		},
		{
			name: "condition on no column", text: "area,provider,count,period\nE01,RJ1,3,1\n", opts: []table.Option{table.Where("periods", "1")}, is: table.ErrMissingColumn,
			want: `flows.csv:1:1: missing column: there is no "periods" among "area", "provider", "count", "period"; did you mean "period"?`,
		},
		{
			name: "condition that nothing meets", text: "area,provider,count,period\nE01,RJ1,3,1\n", opts: []table.Option{table.Where("period", "2")},
			want: `flows.csv:1:1: no rows that the conditions keep`, is: table.ErrEmptyTable,
		},
		{name: "heading twice", text: "area,provider,count,Count\nE01,RJ1,3,4\n", want: `flows.csv:1:21: duplicate heading: "Count"`, is: table.ErrDuplicate},
		{name: "short row", text: "area,provider,count\nE01,RJ1\n", want: "flows.csv:2:5: row does not fit the header: 2 of 3 fields", is: table.ErrRagged},
		{name: "long row", text: "area,provider,count\nE01,RJ1,1,2\n", want: "flows.csv:2:11: row does not fit the header: 4 fields where the header has 3", is: table.ErrRagged},
		{name: "quote not closed", text: "area,provider,count\nE01,\"RJ1,1\n", want: "flows.csv:2:5: broken quoting: quote is not closed", is: table.ErrQuote},
		{name: "NUL byte", text: "area,provider,count\nE01,RJ\x001,1\n", want: "flows.csv:2:7: neither UTF-8 nor Windows-1252 text: NUL byte", is: table.ErrEncoding},
		{name: "neither encoding", text: "area,provider,count\nE01,RJ\x81,1\n", want: "flows.csv:2:7: neither UTF-8 nor Windows-1252 text: byte 0x81", is: table.ErrEncoding},
		{name: "stray byte in a code", text: "area,provider,count\nE\xff01,RJ1,1\n", want: `flows.csv:2:1: neither UTF-8 nor Windows-1252 text in "Eÿ01"`, is: table.ErrEncoding},
		{name: "control character in a code", text: "area,provider,count\nE\x0701,RJ1,1\n", want: `flows.csv:2:1: neither UTF-8 nor Windows-1252 text: "E\a01" has a control character`, is: table.ErrEncoding},
		{
			name: "sets of several years", text: "area,provider,count,year\nE01,RJ1,3,2015\nE01,RJ1,4,2016\nE02,RJ1,4,2016\n", is: table.ErrMixedSets,
			want: `flows.csv:1:1: rows of several sets that must not be added: year is "2015" or "2016"; take one set with --where year=2016 (--where 'year=*' adds them up all the same)`,
		},
		{
			name: "a total among its parts", text: "area,provider,count,sex\nE01,RJ1,3,F\nE01,RJ1,4,M\nE01,RJ1,7,All\n", is: table.ErrMixedSets,
			want: `flows.csv:1:1: rows of several sets that must not be added: sex is "All" or "F" or "M"; take one set with --where sex=All (--where 'sex=*' adds them up all the same)`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := readFlows(t, tt.text, tt.opts...)
			if err == nil {
				t.Fatal("accepted")
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if !errors.Is(err, tt.is) {
				t.Errorf("%v is not %v", err, tt.is)
			}
			if rep.Faults.Len() != 1 {
				t.Errorf("report has %d faults", rep.Faults.Len())
			}
			var listed []string
			for _, err := range Records(t.Context(), "flows.csv", strings.NewReader(tt.text), tt.opts...) {
				if err != nil {
					listed = append(listed, err.Error())
				}
			}
			if !reflect.DeepEqual(listed, []string{tt.want}) {
				t.Errorf("Records gives %q", listed)
			}
		})
	}
}

func TestReadFlowsFaultList(t *testing.T) {
	text := "area,provider,count\n" + strings.Repeat("E01,RJ1,-3\n", 30) + "E01,RJ1,4\n"
	_, rep, err := readFlows(t, text)
	var faults *fault.List
	if !errors.As(err, &faults) || len(faults.List) != fault.Max || faults.More != 10 {
		t.Fatalf("got %v", err)
	}
	if !strings.HasSuffix(err.Error(), "\nand 10 more faults") {
		t.Errorf("got %v", err)
	}
	if rep.Rows != 31 || rep.Bad != 30 || rep.Added != 1 {
		t.Errorf("got %+v", rep)
	}
}

func TestReadFlowsReport(t *testing.T) {
	text := "Title\narea,provider,patients,part\nE01,RJ1,5,1\nE02,RJ1,<5,1\nE03,RJ1,*,1\nE04,RJ1,<5,1\nE05,RJ1,,1\nE06,RJ1,9,2\narea,provider,patients,part\n"
	_, rep, err := readFlows(t, text, table.Where("part", "1"))
	if err != nil {
		t.Fatal(err)
	}
	want := FlowReport{
		File: "flows.csv", Area: "area", Provider: "provider", Count: "patients", Encoding: "ASCII",
		Rows: 6, Added: 4, Absent: 1, Filtered: 1, SuppressedRows: 3, PreambleLines: 1, Repeated: 1,
		Patients: 14, Others: [][]string{nil, nil, nil},
		Marks: []MarkCount{{Absent: true, Rows: 1}, {Mark: "*", Lower: 1, Upper: 7, Rows: 1}, {Mark: "<5", Lower: 1, Upper: 4, Rows: 2}},
	}
	if !reflect.DeepEqual(rep, want) {
		t.Errorf("got  %+v\nwant %+v", rep, want)
	}
}

func TestRecords(t *testing.T) {
	var got []string
	for rec, err := range Records(t.Context(), "flows.csv", strings.NewReader("area,provider,count\nE01,RJ1,5\nE02,RJ1,-1\nE03,RJ2,<5\nE04,RJ2,\n")) {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, fmt.Sprint(rec))
	}
	want := []string{
		"{E01 RJ1 {5 5 5 5} false 2}", "flows.csv:3:9: negative count: -1",
		"{E03 RJ2 {2.5 0 1 4} false 4}", "{E04 RJ2 {0 0 0 0} true 5}",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadFlowsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("enough")
	cancel(stop)
	_, err := ReadFlows(ctx, "flows.csv", bytes.NewReader(flowTable(10, 10)), flow.NewBuilder())
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// Any order of the rows, and any way of packing them, gives the same matrix.
func TestReadFlowsPacked(t *testing.T) {
	text := flowTable(300, 20)
	plain, _, err := readFlows(t, string(text))
	if err != nil {
		t.Fatal(err)
	}
	pack := func(write func(w io.Writer)) []byte {
		var b bytes.Buffer
		write(&b)
		return b.Bytes()
	}
	zip := func(part []byte) []byte {
		return pack(func(w io.Writer) {
			z := gzip.NewWriter(w)
			_, _ = z.Write(part)
			_ = z.Close()
		})
	}
	half := len(text) / 2
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"plain.csv": text, "one.csv.gz": zip(text), "two.gz": append(zip(text[:half]), zip(text[half:])...),
		"misnamed.csv": zip(text),
		"z.csv.zst": pack(func(w io.Writer) {
			z, _ := zstd.NewWriter(w)
			_, _ = z.Write(text)
			_ = z.Close()
		}),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := table.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		b := flow.NewBuilder()
		if _, err := ReadFlows(t.Context(), name, r, b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if m.SHA256() != plain.SHA256() {
			t.Errorf("%s: another matrix", name)
		}
	}
}

func TestDecompressRefuses(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write(flowTable(300, 20))
	_ = w.Close()
	damaged := bytes.Clone(z.Bytes())
	damaged[len(damaged)-6] ^= 1 // in the checksum
	for _, tt := range []struct {
		name string
		in   []byte
		is   error
		want string
	}{
		{"truncated gzip", z.Bytes()[:z.Len()-20], table.ErrTruncated, "flows.csv.gz:6000:1: compressed data end too early"},
		{"gzip cut in its head", z.Bytes()[:6], table.ErrTruncated, "flows.csv.gz: compressed data end too early"},
		{"damaged gzip", damaged, table.ErrCompressed, "flows.csv.gz:6002:1: damaged compressed data: gzip: invalid checksum"},
		{"zstd cut short", []byte("\x28\xb5\x2f\xfd\x04"), table.ErrTruncated, "flows.csv.gz:1:1: compressed data end too early"},
		{"a zip archive", []byte("PK\x03\x04rest of it"), nil, "flows.csv.gz: a zip archive or spreadsheet, not a text table: unpack it, save it as CSV, or use stpmap import"},
		{"a database", []byte("SQLite format 3\x00"), nil, "flows.csv.gz: an SQLite database or GeoPackage, not a text table"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := table.Decompress("flows.csv.gz", bytes.NewReader(tt.in))
			if err == nil {
				_, err = ReadFlows(t.Context(), "flows.csv.gz", r, flow.NewBuilder())
			}
			if err == nil {
				t.Fatal("accepted")
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%v is not %v", err, tt.is)
			}
			if err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			var bad *fault.Error
			if !errors.As(err, &bad) {
				t.Errorf("%v is no fault with a place", err)
			}
		})
	}
}

func TestReadSharedSets(t *testing.T) {
	text := flowtest.Read(t, "samples/epiforecasts_covid19_nhs_data/mappings_from_sysdata.csv")
	for _, opts := range [][]table.Option{nil, {table.Where("map_source", "Link")}, {table.Where("map_level", "ltla")}} {
		_, _, err := readFlows(t, string(text), opts...)
		if !errors.Is(err, table.ErrMixedSets) {
			t.Errorf("%d conditions: got %v, want ErrMixedSets", len(opts), err)
		}
		if !strings.Contains(err.Error(), "--where map_") {
			t.Errorf("no way out given: %v", err)
		}
	}
	m, rep, err := readFlows(t, string(text), table.Where("map_source", "Link"), table.Where("map_level", "ltla"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Total().Published != 135_097 || len(m.Areas()) != 314 || len(m.Providers()) != 136 {
		t.Errorf("%v patients, %d areas, %d providers", m.Total().Published, len(m.Areas()), len(m.Providers()))
	}
	if rep.Filtered != 1985 {
		t.Errorf("%d rows filtered", rep.Filtered)
	}
}

func TestReadSharedEngland(t *testing.T) {
	for _, tt := range []struct {
		path             string
		areas, providers int
	}{
		{"england/flows.csv", 207, 139},
		{"labour/brindisi/flows.csv", 20, 20},
		{"graphs/karate/edges.csv", 26, 25},
	} {
		r, err := table.Open(flowtest.Path(t, tt.path))
		if err != nil {
			t.Fatal(err)
		}
		b := flow.NewBuilder()
		_, err = ReadFlows(t.Context(), tt.path, r, b)
		_ = r.Close()
		if err != nil {
			t.Fatal(err)
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Areas()) != tt.areas || len(m.Providers()) != tt.providers {
			t.Errorf("%s: %d areas, %d providers", tt.path, len(m.Areas()), len(m.Providers()))
		}
	}
}

func FuzzReadFlows(f *testing.F) {
	for _, s := range []string{
		"area,provider,count\nE01,RJ1,120\nE02,RJ1,<5\n", "from;to;n\nA;B;\"1,234\"\n", "x\ncommissioner\tTrustCode\tpatients\na\tb\t-1\n",
		"area,provider,count,period\nE01,RJ1,1,2\nE01,RJ1,1,3\n", "\xef\xbb\xbfarea,provider,n\nM\xc3\xb4n,b,1e308\n", "area,provider,n\nM\xf4n,b,NaN\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b := flow.NewBuilder()
		rep, err := ReadFlows(context.Background(), "f", bytes.NewReader(text), b)
		if rep.Rows != rep.Added+rep.Absent+rep.Filtered+rep.Bad+rep.Left {
			t.Fatalf("rows are lost: %+v", rep)
		}
		if err != nil {
			var bad *fault.Error
			if !errors.As(err, &bad) {
				t.Fatalf("unlocated: %v", err)
			}
			return
		}
		m, _, err := b.Build()
		if errors.Is(err, flow.ErrOverflow) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for k := range m.Len() {
			c := m.Cell(k)
			if !(c.Published >= 0 && c.Lower >= c.Published && c.Upper >= c.Lower && c.Upper <= math.MaxFloat64) {
				t.Fatalf("cell %+v", c)
			}
		}
	})
}
