package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// toyFormat is all that a published format takes: pairs of a ward and a clinic by
// month, with a total "ALL" over clinics.
func toyFormat() *Format {
	return &Format{
		Name: "toy", Title: "A toy of the tests", Kinds: []Kind{FlowTable},
		Layouts: []Layout{
			{Era: "toy", Need: []string{"Ward", "Clinic", "Visits", "Month"}},
			{Era: "toy of old", Need: []string{"Ward", "Clinic Code", "Visits"}},
		},
		Open: func(im *Import) Reader {
			var months MonthColumn
			return &PairReader{
				Import:   im,
				Area:     func(h *Heading) int { return h.Column("Ward") },
				Provider: func(h *Heading) int { return h.Column("Clinic", "Clinic Code") },
				Count:    func(h *Heading) int { return h.Column("Visits") },
				Columns:  func(h *Heading) error { months.Heading(im, h, "Month"); return nil },
				Skip:     func(r Row) string { return months.Skip(im, r) },
			}
		},
	}
}

// valueFormat has one number a row, and a heading that must be asked for.
func valueFormat() *Format {
	return &Format{
		Name: "values", Title: "Numbers", Kinds: []Kind{IndicatorTable, FlowTable},
		Layouts: []Layout{{Era: "values", Asked: true, Also: func(h *Heading) bool { return len(h.Names) == 2 }, What: "of a code and a value"}},
		Open:    func(im *Import) Reader { return &valueReader{im: im} },
	}
}

type valueReader struct{ im *Import }

func (x *valueReader) Heading(*Heading) error { return nil }
func (x *valueReader) Row(r Row) error {
	n, err := x.im.Number(r, 1)
	if err != nil {
		return err
	}
	x.im.Result.Report.Used++
	x.im.AddFigure(data.Figure{Entity: r.Text(0), Indicator: "v", Period: "2020-01", Value: n})
	return nil
}

func (x *valueReader) Finish() error {
	x.im.SettleFigures()
	return nil
}

var toys = FormatList{toyFormat(), valueFormat()}

func read(t *testing.T, format, name, text string, opts Options) (*Result, error) {
	t.Helper()
	return Read(t.Context(), toys, format, []Input{{name, strings.NewReader(text)}}, opts)
}

const toyText = "A title\nWard,Clinic,Visits,Month\nW1,C1,10,March 2020\nW1,C2,<5,March 2020\nW2,C1,,March 2020\nW1,C1,7,April 2020\n"

func TestToyFormat(t *testing.T) {
	out, err := read(t, "", "toy.csv", toyText, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []data.Record{{Area: "W1", Provider: "C1", Count: flow.Exactly(17)}, {Area: "W1", Provider: "C2", Count: flow.Between(1, 4)}}
	if fmt.Sprint(out.Flows) != fmt.Sprint(want) || out.Format.Name != "toy" || out.Kind != FlowTable {
		t.Errorf("%s: got %v", out.Format.Name, out.Flows)
	}
	r := out.Report
	if r.Rows != 4 || r.Used != 3 || r.Absent != 1 || r.Suppressed != 1 || len(r.Layouts) != 1 || r.Layouts[0] != "toy" {
		t.Errorf("report %+v", r)
	}
	// One month, one clinic; every row is in one of the numbers.
	out, err = read(t, "toy", "toy.csv", toyText, Options{Period: "2020-03", Where: []table.Condition{{Column: "clinic", Value: "C1"}, {Column: "clinic", Value: "C2"}}})
	if err != nil || len(out.Flows) != 2 || out.Flows[0].Count != flow.Exactly(10) {
		t.Fatalf("got %v, %v", out, err)
	}
	if r := out.Report; r.Filtered != 0 || len(r.LeftOut) != 1 || r.LeftOut[0] != (LeftOut{"other period", 1}) {
		t.Errorf("report %+v", r)
	}
	out, err = read(t, "toy", "toy.csv", toyText, Options{Where: []table.Condition{{Column: "Clinic", Value: "C2"}}})
	if err != nil || len(out.Flows) != 1 || out.Report.Filtered != 3 {
		t.Errorf("got %v, %v", out, err)
	}
	// The older heading, with the month in the file's name.
	out, err = read(t, "", "visits-Mar20.csv", "ward;clinic_code;visits\nW1;C1;3\n", Options{Period: "2020-03"})
	if err != nil || len(out.Flows) != 1 || out.Report.Layouts[0] != "toy of old" {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct {
		name, format, text string
		opts               Options
		is                 error
		want               string
	}{
		{"no format of that name", "toi", toyText, Options{}, ErrUnknownFormat, `did you mean "toy"?`},
		{"another kind", "toy", toyText, Options{Kind: LookupTable}, ErrUnknownFormat, "toy is read as flows, not as lookup"},
		{"nothing known", "", "a,b\n1,2\n", Options{}, ErrNotRecognised, "within 50 rows"},
		{"nearly a heading", "", "Ward,Clinic,Visit,Month\nW,C,1,May 2020\n", Options{}, table.ErrMissingColumn, `no column "Visits"; did you mean "Visit"?`},
		{"what it needs", "values", "a\n1\n", Options{}, ErrNotRecognised, "of a code and a value"},
		{"a negative count", "", "Ward,Clinic,Visits,Month\nW,C,-1,May 2020\n", Options{}, table.ErrNegativeCount, "t.csv:2:5:"},
		{"no code", "", "Ward,Clinic,Visits,Month\nW,,1,May 2020\n", Options{}, table.ErrMissingCode, "t.csv:2:3:"},
		{"no month", "", "Ward,Clinic,Visits,Month\nW,C,1,soon\n", Options{Period: "2020-05"}, nil, ""},
		{"no rows", "", "Ward,Clinic,Visits,Month\n", Options{}, table.ErrEmptyTable, "t.csv:1:1:"},
		{"empty", "", "", Options{}, table.ErrEmptyTable, "t.csv"},
		{"no such condition", "toy", toyText, Options{Where: []table.Condition{{Column: "Sex", Value: "F"}}}, table.ErrMissingColumn, `no column "Sex" to choose rows by`},
		{"no such column", "toy", toyText, Options{Count: "Seen"}, table.ErrMissingColumn, `there is no "Seen"`},
	} {
		out, err := read(t, c.format, "t.csv", c.text, c.opts)
		if c.is == nil {
			if err != nil || len(out.Flows) != 1 {
				t.Errorf("%s: %v, %v", c.name, out, err)
			}
			continue
		}
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	stop := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	text := "Ward,Clinic,Visits,Month\n" + strings.Repeat("W,C,1,May 2020\n", 10_000)
	if _, err := Read(ctx, toys, "", []Input{{"t.csv", strings.NewReader(text)}}, Options{}); !errors.Is(err, stop) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := Read(t.Context(), toys, "", nil, Options{}); !errors.Is(err, table.ErrEmptyTable) {
		t.Errorf("no files: %v", err)
	}
}

// The same rows come out of text, an archive and a workbook, each with the place
// of its faults.
func TestContainers(t *testing.T) {
	rows := [][]string{{"A title"}, {"Ward", "Clinic", "Visits", "Month"}, {"W1", "C1", "10", "May 2020"}, {}, {"W1", "C2", "3", "May 2020"}, {"Ward", "Clinic", "Visits", "Month"}, {"W2", "C2", "bad", "May 2020"}}
	var text strings.Builder
	book := excelize.NewFile()
	for i, r := range rows {
		text.WriteString(strings.Join(r, ",") + "\n")
		for j, c := range r {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellValue("Sheet1", cell, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	var workbook, archive bytes.Buffer
	if err := book.Write(&workbook); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&archive)
	for _, name := range []string{"b/toy.csv", "__MACOSX/toy.csv", "readme.pdf"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text.String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, content, place string }{
		{"toy.csv", text.String(), "toy.csv:7:7: "},
		{"toy.zip", archive.String(), "toy.zip/b/toy.csv:7:7: "},
		{"toy.xlsx", workbook.String(), "toy.xlsx[Sheet1]:7:3: "},
	} {
		_, err := read(t, "", c.name, c.content, Options{})
		var bad *fault.Error
		if !errors.As(err, &bad) || !strings.HasPrefix(bad.Error(), c.place) || !errors.Is(err, table.ErrNotANumber) {
			t.Errorf("%s: got %v, want a fault at %s", c.name, err, c.place)
		}
		good := map[string]string{"toy.csv": strings.Replace(c.content, "bad", "2", 1)}[c.name]
		if good == "" {
			continue
		}
		out, err := read(t, "", c.name, good, Options{})
		if err != nil || len(out.Flows) != 3 || out.Report.Rows != 4 {
			t.Errorf("%s: %v, %v", c.name, out, err)
		}
	}
}

// Accounts print numbers in many ways; unknown ones are no zero.
func TestNumber(t *testing.T) {
	for text, want := range map[string]float64{
		"12": 12, "-3": -3, "(1,234)": -1234, "£5": 5, "£(1.2m)": -1.2e6, "3k": 3000, "2bn": 2e9, "93.4%": 0.934, "$ 7": 7, "€1,000": 1000,
	} {
		out, err := read(t, "values", "v.csv", "code,value\nA,\""+text+"\"\n", Options{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if n := out.Figures[0].Value; !n.Known || math.Abs(n.Value-want) > 1e-9*math.Abs(want) {
			t.Errorf("%q: got %+v, want %v", text, n, want)
		}
	}
	for _, text := range []string{"*", "<5", "", "n/a"} {
		out, err := read(t, "values", "v.csv", "code,value\nA,"+text+"\n", Options{})
		if err != nil || out.Figures[0].Value.Known || out.Report.Suppressed+out.Report.Absent != 1 {
			t.Errorf("%q: %v, %v", text, out, err)
		}
	}
	if _, err := read(t, "values", "v.csv", "code,value\nA,lots\n", Options{}); !errors.Is(err, table.ErrNotANumber) {
		t.Errorf("got %v", err)
	}
}
