package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"stpmap/flow/fault"
)

// rows reads all of a table: its rows, and its faults as text.
func rows(t *testing.T, text string, opts Layout) (header []string, got [][]string, faults []string) {
	t.Helper()
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
		header, got, faults = nil, nil, nil
		tab, err := New("t.csv", r, opts)
		if err != nil {
			return nil, nil, []string{err.Error()}
		}
		header = tab.Header()
		for {
			err := tab.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				faults = append(faults, err.Error())
				continue
			}
			row := make([]string, tab.Len())
			for i := range row {
				row[i] = tab.Text(i)
			}
			got = append(got, row)
		}
	}
	return header, got, faults
}

func isFlowHeader(cells []string) bool {
	area := Role{Name: "area", Headings: []string{"areacode"}}
	provider := Role{Name: "provider", Headings: []string{"providercode"}}
	return area.Find(cells) >= 0 && provider.Find(cells) >= 0
}

func TestTable(t *testing.T) {
	want := [][]string{{"E01", "RJ1", "120"}, {"E02", "RJ1", "3"}}
	for _, tt := range []struct {
		name, text string
		opts       Layout
		want       [][]string
		faults     []string
	}{
		{name: "plain", text: "area,provider,count\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "no last line feed", text: "area,provider,count\nE01,RJ1,120\nE02,RJ1,3"},
		{name: "byte order mark", text: "\xef\xbb\xbfarea,provider,count\nE01,RJ1,120\nE02,RJ1,3\n"},
		{name: "CRLF", text: "area,provider,count\r\nE01,RJ1,120\r\nE02,RJ1,3\r\n"},
		{name: "CRLF and quotes", text: "\"area\",\"provider\",\"count\"\r\n\"E01\",\"RJ1\",\"120\"\r\n\"E02\",\"RJ1\",\"3\"\r\n"},
		{name: "tabs", text: "area\tprovider\tcount\nE01\tRJ1\t120\nE02\tRJ1\t3\n"},
		{name: "quoted and tabs", text: "\"area\"\t\"provider\"\t\"count\"\n\"E01\"\tRJ1\t120\nE02\tRJ1\t3\n"},
		{name: "semicolons", text: "area;provider;count\nE01;RJ1;120\nE02;RJ1;3\n"},
		{name: "bars", text: "area|provider|count\nE01|RJ1|120\nE02|RJ1|3\n"},
		{name: "separator given", text: "area;provider;count\nE01;RJ1;120\nE02;RJ1;3\n", opts: Layout{Comma: ';'}},
		{name: "spaces", text: " area , provider,count\n E01, RJ1 ,120\nE02,RJ1, 3\n"},
		{name: "blank rows", text: "\n\narea,provider,count\n\nE01,RJ1,120\n,,\n  \nE02,RJ1,3\n\n"},
		{name: "preamble", text: "Trust flows, 2016/17\nSource: a \"survey\nthe, \"third\" one\n\narea,provider,count\nE01,RJ1,120\nE02,RJ1,3\n", opts: Layout{Header: isFlowHeader}},
		{name: "header twice", text: "area,provider,count\nE01,RJ1,120\narea,provider,count\nE02,RJ1,3\n"},
		{name: "trailing commas", text: "area,provider,count,,\nE01,RJ1,120,,\nE02,RJ1,3,\n"},
		{
			name: "short row", text: "area,provider,count\nE01,RJ1,120\nE09,RJ1\nE02,RJ1,3\n",
			faults: []string{"t.csv:3:5: row does not fit the header: 2 of 3 fields"},
		},
		{
			name: "long row", text: "area,provider,count\nE01,RJ1,120\nE09,RJ1,4,5\nE02,RJ1,3\n",
			faults: []string{"t.csv:3:11: row does not fit the header: 4 fields where the header has 3"},
		},
		{
			name: "ragged on purpose", text: "area,provider,count\nE09,RJ1\nE01,RJ1,120\n", opts: Layout{Ragged: true},
			want: [][]string{{"E09", "RJ1"}, {"E01", "RJ1", "120"}},
		},
		{
			name: "no header", text: "E01,RJ1,120\nE02,RJ1\n", opts: Layout{NoHeader: true},
			want: [][]string{{"E01", "RJ1", "120"}, {"E02", "RJ1"}},
		},
		{
			name: "quoting", text: "a,b\n\"x, y\",\"say \"\"so\"\"\"\n\"two\r\nlines\",z\n",
			want: [][]string{{"x, y", `say "so"`}, {"two\nlines", "z"}},
		},
		{
			name: "line counts go on after a field of two lines", text: "area,provider,count\n\"E\n01\",RJ1,120\nE02,R\"J1,3\n",
			want:   [][]string{{"E\n01", "RJ1", "120"}},
			faults: []string{"t.csv:4:6: broken quoting: quote inside a field that does not start with one"},
		},
		{
			name: "text after a quote", text: "area,provider,count\n\"E01\"x,RJ1,120\nE02,RJ1,3\n", want: want[1:],
			faults: []string{"t.csv:2:6: broken quoting: text after a closing quote"},
		},
		{
			name: "quote not closed", text: "area,provider,count\nE01,RJ1,120\nE02,\"RJ1,3\nE03,RJ1,4\n", want: want[:1],
			faults: []string{"t.csv:3:5: broken quoting: quote is not closed"},
		},
		{
			name: "UTF-8", text: "area,provider,count\nYnys Môn,Zoë,1\n",
			want: [][]string{{"Ynys Môn", "Zoë", "1"}},
		},
		{
			name: "Windows-1252", text: "area,provider,count\nYnys M\xf4n,St Mary\x92s \x80,1\n",
			want: [][]string{{"Ynys Môn", "St Mary’s €", "1"}},
		},
		{
			name: "broken UTF-8", text: "area,provider,count\nYnys Môn,a,1\nYnys M\xf4n,b,2\n",
			want:   [][]string{{"Ynys Môn", "a", "1"}},
			faults: []string{"t.csv:3:7: neither UTF-8 nor Windows-1252 text: byte 0xF4 breaks UTF-8"},
		},
		{
			name: "marked UTF-8 and broken", text: "\xef\xbb\xbfarea,provider,count\nYnys M\xf4n,b,2\n",
			faults: []string{"t.csv:2:7: neither UTF-8 nor Windows-1252 text: byte 0xF4 breaks UTF-8"}, want: [][]string{},
		},
		{
			name: "neither", text: "area,provider,count\nM\xf4n,a\x81,1\n", want: [][]string{},
			faults: []string{"t.csv:2:6: neither UTF-8 nor Windows-1252 text: byte 0x81"},
		},
		{
			name: "NUL", text: "area,provider,count\nE01,R\x00J1,1\nE02,RJ1,3\n", want: want[1:],
			faults: []string{"t.csv:2:6: neither UTF-8 nor Windows-1252 text: NUL byte"},
		},
		{
			name: "UTF-16", text: "\xff\xfea\x00r\x00e\x00a\x00\n\x00", want: [][]string{},
			faults: []string{"t.csv:1:1: neither UTF-8 nor Windows-1252 text: this is UTF-16; save it as UTF-8"},
		},
		{
			name: "bare carriage returns", text: "area,provider,count\rE01,RJ1,120\r", want: [][]string{},
			faults: []string{"t.csv:1:1: lines end in a bare carriage return; save it with line feeds"},
		},
		{name: "empty", text: "", faults: []string{"t.csv: no rows: the file is empty"}, want: [][]string{}},
		{name: "only blank", text: "\n \n,,\n", faults: []string{"t.csv: no rows: the file is empty"}, want: [][]string{}},
		{name: "header only", text: "area,provider,count\n", want: [][]string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header, got, faults := rows(t, tt.text, tt.opts)
			if tt.want == nil {
				tt.want = want
				if !tt.opts.NoHeader && !reflect.DeepEqual(header, []string{"area", "provider", "count"}) {
					t.Errorf("header %q", header)
				}
			}
			if len(got) != len(tt.want) || len(got) > 0 && !reflect.DeepEqual(got, tt.want) {
				t.Errorf("rows %q, want %q", got, tt.want)
			}
			if !reflect.DeepEqual(faults, tt.faults) {
				t.Errorf("faults %q, want %q", faults, tt.faults)
			}
		})
	}
}

func TestTablePositions(t *testing.T) {
	text := "Title\narea,provider,count\nE01,RJ1,120\n\"E\n2\",RJ1,\"3\"\nMôn,R,1\n"
	tab, err := New("t.csv", strings.NewReader(text), Layout{Header: isFlowHeader})
	if err != nil {
		t.Fatal(err)
	}
	if line, col := tab.HeaderPos(2); line != 2 || col != 15 {
		t.Errorf("heading at %d:%d, want 2:15", line, col)
	}
	if got := tab.Preamble(); !reflect.DeepEqual(got, []string{"Title"}) {
		t.Errorf("preamble %q", got)
	}
	var got []string
	for tab.Next() == nil {
		for i := range 3 {
			line, col := tab.Pos(i)
			got = append(got, fmt.Sprintf("%s@%d:%d", tab.Text(i), line, col))
		}
	}
	want := []string{"E01@3:1", "RJ1@3:5", "120@3:9", "E\n2@4:1", "RJ1@5:4", "3@5:8", "Môn@6:1", "R@6:6", "1@6:8"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if tab.Encoding() != "UTF-8" {
		t.Errorf("encoding %s", tab.Encoding())
	}
}

func TestTableLimits(t *testing.T) {
	long := strings.Repeat("x", MaxField+10)
	for _, tt := range []struct{ name, text, want string }{
		{"plain field", "a,b\n1,2\n3," + long + "\n5,6\n", "t.csv:3:3: field longer than 1 MiB"},
		{"quoted field", "a,b\n1,2\n3,\"" + long + "\"\n5,6\n", "t.csv:3:3: field longer than 1 MiB"},
		{"quote never closed", "a,b\n1,2\n3,\"" + long + "\n" + long, "t.csv:3:3: field longer than 1 MiB; is the quote not closed?"},
	} {
		tab, err := New("t.csv", strings.NewReader(tt.text), Layout{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for {
			err := tab.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				got = append(got, err.Error())
				if !errors.Is(err, ErrFieldSize) {
					t.Errorf("%s: %v is not ErrFieldSize", tt.name, err)
				}
			}
		}
		if len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A source that fails in mid-table gives its own error, not the end.
func TestTableSourceError(t *testing.T) {
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader("a,b\n1,2\n3,"), iotest.ErrReader(broken))
	tab, err := New("t.csv", r, Layout{})
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.Next(); err != nil {
		t.Fatal(err)
	}
	if err := tab.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v, want the source's error", err)
	}
	if err := tab.Next(); err != io.EOF {
		t.Errorf("got %v after the last error, want io.EOF", err)
	}
}

// agree compares a table without header with what encoding/csv makes of it.
func agree(t *testing.T, text []byte) {
	t.Helper()
	tab, err := New("t.csv", bytes.NewReader(text), Layout{NoHeader: true, Comma: ','})
	if err != nil {
		return
	}
	ref := csv.NewReader(bytes.NewReader(text))
	ref.FieldsPerRecord = -1
	for {
		want, refErr := ref.Read()
		blank := true
		for _, f := range want {
			blank = blank && strings.TrimSpace(f) == ""
		}
		if refErr == nil && blank {
			continue
		}
		err := tab.Next()
		if (err == nil) != (refErr == nil) {
			t.Fatalf("%q: got error %v, encoding/csv %v", text, err, refErr)
		}
		if err != nil {
			return
		}
		if tab.Len() != len(want) {
			t.Fatalf("%q: %d fields, want %q", text, tab.Len(), want)
		}
		for i, w := range want {
			if got := tab.Text(i); got != strings.TrimSpace(w) {
				t.Fatalf("%q: field %d is %q, want %q", text, i, got, w)
			}
			line, col := ref.FieldPos(i)
			if l, c := tab.Pos(i); l != line || c != col {
				t.Fatalf("%q: field %d at %d:%d, want %d:%d", text, i, l, c, line, col)
			}
		}
	}
}

// A table whose last line has no end is read to its end, whatever its size.
func TestLastLineWithoutEnd(t *testing.T) {
	for rows := 1; rows < 3*largeBuffer/10; rows += 1 + rows/3 {
		text := "a,b,c\n" + strings.Repeat("xx,yyy,zz\n", rows)
		tab, err := New("t.csv", strings.NewReader(text[:len(text)-1]), Layout{})
		if err != nil {
			t.Fatal(err)
		}
		for n := range rows {
			if err := tab.Next(); err != nil || tab.Text(0) != "xx" || tab.Text(1) != "yyy" || tab.Text(2) != "zz" {
				t.Fatalf("row %d of %d: %q %q %q, %v", n, rows, tab.Text(0), tab.Text(1), tab.Text(2), err)
			}
		}
		if err := tab.Next(); err != io.EOF {
			t.Errorf("%d rows: got %v, want io.EOF", rows, err)
		}
	}
}

// behind is a text behind a row of n bytes, which brings it to where the reader
// moves what it holds, or gets a larger buffer.
func behind(n int, text []byte) []byte {
	return append(append(bytes.Repeat([]byte("x"), n-1), '\n'), text...)
}

func TestTableAgreesWithEncodingCSV(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{",", ",", "\n", "\r\n", "\"", "\"\"", "a", "E01", "12", " ", "long piece of text", "é"}
	for n := range 20000 {
		var b []byte
		for range rng.IntN(30) {
			b = append(b, pieces[rng.IntN(len(pieces))]...)
		}
		agree(t, b)
		if n%10 == 0 {
			agree(t, behind(smallBuffer/2+rng.IntN(smallBuffer), b))
		}
	}
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{
		"area,provider,count\nE01,RJ1,120\n", "\xef\xbb\xbfa\tb\n\"1\"\t2", "a,\"b\nc\"\r\nd", "\"", "a\x00b\n\xf4", ";;\n1;2;3\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.IndexByte(text, 0) < 0 && bytes.IndexByte(text, '\r') < 0 && !bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			ascii := true
			for _, c := range text {
				ascii = ascii && c < 0x80
			}
			if ascii {
				agree(t, text)
				agree(t, behind(smallBuffer/2+int(crc32.ChecksumIEEE(text)%smallBuffer), text))
			}
		}
		tab, err := New("t.csv", bytes.NewReader(text), Layout{Header: isFlowHeader})
		if err != nil {
			return
		}
		n := len(tab.Header())
		for range len(text) + 2 {
			err := tab.Next()
			if err == io.EOF {
				return
			}
			var bad *fault.Error
			if err != nil && (!errors.As(err, &bad) || bad.Line < 1) {
				t.Fatalf("%q: unlocated error %v", text, err)
			}
			if err == nil && tab.Len() != n {
				t.Fatalf("%q: row of %d fields under %d headings", text, tab.Len(), n)
			}
		}
		t.Fatalf("%q: more rows than bytes", text)
	})
}
