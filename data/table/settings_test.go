package table

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"stpmap/flow/fault"
)

// kept gives the first cells of the rows that the conditions keep.
func kept(t *testing.T, text string, opts ...Option) ([]string, error) {
	t.Helper()
	o := Collect(opts)
	r, _, err := o.Open("t.csv", strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	f, err := o.Filter(r)
	if err != nil {
		return nil, err
	}
	var got []string
	for {
		switch err := r.Next(); {
		case err == io.EOF:
			return got, nil
		case err != nil:
			return nil, err
		}
		if f.Keeps(r) {
			got = append(got, r.Text(0))
		}
	}
}

// Several values of one column are alternatives; columns must all agree; "*"
// keeps every row.
func TestFilter(t *testing.T) {
	const text = "id,year,sex\n1,2016,F\n2,2016,M\n3,2017,F\n4,,F\n"
	for _, c := range []struct {
		where []string
		want  string
	}{
		{nil, "1 2 3 4"},
		{[]string{"year=2016"}, "1 2"},
		{[]string{"Year=2016", "year=2017"}, "1 2 3"},
		{[]string{"year=2016", "sex=F"}, "1"},
		{[]string{"year=*"}, "1 2 3 4"},
		{[]string{"year=2016", "year=*", "sex=M"}, "2"},
		{[]string{"year="}, "4"},
		{[]string{" sex = F "}, "1 3 4"},
		{[]string{"sex=f"}, ""},
	} {
		var opts []Option
		for _, w := range c.where {
			o, err := ParseWhere(w)
			if err != nil {
				t.Fatal(err)
			}
			opts = append(opts, o)
		}
		got, err := kept(t, text, opts...)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q: got %q, %v, want %q", c.where, got, err, c.want)
		}
	}
	_, err := kept(t, text, Where("yaer", "1"), Where("age", "2"))
	var list *fault.List
	if !errors.As(err, &list) || list.Len() != 2 || !strings.Contains(err.Error(), `did you mean "year"?`) {
		t.Errorf("two conditions on no column: %v", err)
	}
	for _, bad := range []string{"", "year", "=2016", " =1"} {
		if _, err := ParseWhere(bad); !errors.Is(err, ErrWhere) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Named columns come first, and no column serves twice.
func TestOpenFindsColumns(t *testing.T) {
	area, provider, count := Role{Name: "area", Headings: []string{"code"}}, Role{Name: "provider", Headings: []string{"code", "to"}}, Role{Name: "count", Headings: []string{"n"}}
	wanted := []Wanted{{Role: area}, {Role: provider}, {Role: count, Optional: true}}
	for _, c := range []struct {
		header string
		opts   []Option
		want   []int
		fails  string
	}{
		{"area,provider,count", nil, []int{0, 1, 2}, ""},
		{"code,to", nil, []int{0, 1, -1}, ""},
		{"to,n,code", nil, []int{2, 0, 1}, ""},
		{"code,to,x", []Option{Column("area", "x")}, []int{2, 0, -1}, ""},
		{"x;y;n", []Option{Column("area", "Y"), Column("provider", "x")}, []int{1, 0, 2}, ""},
		{"code,x", nil, nil, "no provider"},
		{"code,to", []Option{Column("count", "n")}, nil, `there is no "n"`},
		{"area,provider,Area", nil, nil, "duplicate heading"},
		{"area|provider|n", []Option{Comma('|')}, []int{0, 1, 2}, ""},
	} {
		_, cols, err := Collect(c.opts).Open("t.csv", strings.NewReader(c.header+"\n"), wanted...)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: got %v, %v", c.header, cols, err)
			}
			continue
		}
		if err != nil || !slices.Equal(cols, c.want) {
			t.Errorf("%s: got %v, %v, want %v", c.header, cols, err, c.want)
		}
	}
}

// A table read in parts, cut at the ends of rows, gives the rows of the whole.
func TestParts(t *testing.T) {
	var text strings.Builder
	text.WriteString("Title\narea,note,n\n")
	for i := range 300 {
		fmt.Fprintf(&text, "E%03d,\"a \"\"note\"\", é\",%d\n", i, i*i)
		if i%40 == 0 {
			text.WriteString("\narea,note,n\n")
		}
	}
	isHeader := func(cells []string) bool { return len(cells) == 3 && cells[0] == "area" }
	whole, err := New("t.csv", strings.NewReader(text.String()), Layout{Header: isHeader})
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for whole.Next() == nil {
		line, col := whole.Pos(2)
		want = append(want, fmt.Sprint(whole.Text(0), whole.Text(1), whole.Text(2), line, ":", col))
	}
	if !whole.Done() || len(want) != 300 {
		t.Fatalf("%d rows, done %t", len(want), whole.Done())
	}
	head, err := New("t.csv", strings.NewReader(text.String()), Layout{Header: isHeader})
	if err != nil {
		t.Fatal(err)
	}
	rest := head.Rest()
	below, err := io.ReadAll(io.MultiReader(strings.NewReader(string(rest.Read)), rest.Source))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(below), "\n")
	var got []string
	line := rest.Line
	for len(lines) > 0 {
		n := min(7, len(lines))
		part := strings.Join(lines[:n], "")
		buf := append([]byte(part), make([]byte, 8)...)
		p := head.Part(buf, len(part), line, UTF8)
		for {
			err := p.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			l, col := p.Pos(2)
			got = append(got, fmt.Sprint(p.Text(0), p.Text(1), p.Text(2), l, ":", col))
		}
		line += n
		lines = lines[n:]
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d rows in parts, %d in one", len(got), len(want))
	}
	for text, want := range map[string]Encoding{
		"": ASCII, strings.Repeat("a", 100): ASCII, strings.Repeat("a", 41) + "é": UTF8, strings.Repeat("a", 70) + "\xe9" + "é": Windows1252, "\xff": Windows1252,
	} {
		if got := FirstEncoding([]byte(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestWriter(t *testing.T) {
	var b strings.Builder
	w := NewWriter(&b, "code", "name")
	w.Row("E01", `"Great", Ashby`)
	if err := w.Close(); err != nil || b.String() != "code,name\nE01,\"\"\"Great\"\", Ashby\"\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
	full := errors.New("disk full")
	w = NewWriter(failing{full}, "code")
	for range 10_000 {
		w.Row("E01")
	}
	if err := w.Close(); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestSniff(t *testing.T) {
	for head, want := range map[string]Kind{
		"": Text, "area,provider": Text, "\x1f\x8b\x08": Gzip, "\x28\xb5\x2f\xfd": Zstd, "\x50\x2a\x4d\x18": Zstd, "\x5f\x2a\x4d\x18": Zstd,
		"\x60\x2a\x4d\x18": Text, "PK\x03\x04": Zip, "PK\x05\x06": Zip, "PK": Text, "PAR1": Parquet, "SQLite format 3\x00": SQLite, "SQLite format 3": Text,
	} {
		if got := Sniff([]byte(head)); got != want || IsZip([]byte(head)) != (want == Zip) {
			t.Errorf("%q: got %d, want %d", head, got, want)
		}
	}
}
