package importer

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

// The layout that asks for more is meant; one that must be asked for is never
// guessed; a heading one word short of a published one is no plain table.
func TestRecognise(t *testing.T) {
	pairs := &Format{Name: "pairs", Kinds: []Kind{FlowTable}, Plain: true, Layouts: []Layout{
		{Era: "pairs", Also: func(h *Heading) bool { return h.Column("Ward") >= 0 && h.Column("Visits") >= 0 }, What: "of pairs"},
	}}
	waits := &Format{Name: "waits", Kinds: []Kind{FlowTable, IndicatorTable}, Layouts: []Layout{
		{Era: "waits", Need: []string{"Ward", "Clinic", "Part", "Visits"}, Also: func(h *Heading) bool { return h.Column("Week 1") >= 0 }, What: `"Week 1"`},
	}}
	list := FormatList{pairs, toyFormat(), valueFormat(), waits}
	for heading, want := range map[string]string{
		"Ward,Visits":                     "pairs",
		"ward,CLINIC,visits,Month":        "toy",
		"Ward,Clinic Code,Visits,Extra":   "toy",
		"Ward,Clinic,Part,Visits,Week_1":  "waits",
		"Ward,Part,Visits,Week 1":         "", // a clinic short of waits
		"Ward,Clinic,Part,Visits":         "pairs",
		"code,value":                      "",
		"Clinic,Month":                    "",
		"Visits,Month,Clinic,Ward,Week 1": "toy",
	} {
		got := ""
		if f := list.Recognise(strings.Split(heading, ",")); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", heading, got, want)
		}
	}
	heading := strings.Split("Ward,Clinic,Part,Visits,Week 1", ",")
	if f := list.Recognise(heading, IndicatorTable); f == nil || f.Name != "waits" {
		t.Errorf("as indicators: %v", f)
	}
	if f := list.Recognise(heading, LookupTable); f != nil {
		t.Errorf("as a lookup: %s", f.Name)
	}
	for name, want := range map[string]string{"waits": "waits", "WAITS": "waits", " toy": "toy", "val-ues": "values"} {
		if f, err := list.Named(name); err != nil || f.Name != want {
			t.Errorf("%q: %v, %v", name, f, err)
		}
	}
	if _, err := list.Named("zzzzzz"); err == nil || !strings.Contains(err.Error(), "known are pairs, toy, values, waits") {
		t.Errorf("got %v", err)
	}
}

// A heading's first column of a name counts; the byte order mark is no part of
// it.
func TestHeading(t *testing.T) {
	h := newHeading([]string{"\ufeffArea Code", "N", "n", "", "Total (all)"}, 3)
	for name, want := range map[string]int{"area_code": 0, "n": 1, "total(all)": 4, "": -1, "x": -1} {
		if got := h.Column(name); got != want {
			t.Errorf("%q: got %d, want %d", name, got, want)
		}
	}
	if h.Column("x", "y", "N") != 1 || h.Line != 3 || h.Names[0] != "Area Code" {
		t.Errorf("%+v", h)
	}
}

// plainFormat takes canonical tables; its reader keeps what it is given.
func plainFormat(got *string) *Format {
	return &Format{
		Name: "plain", Kinds: []Kind{FlowTable}, Plain: true,
		Layouts: []Layout{{Era: "plain", Need: []string{"from", "to", "n"}}},
		Open: func(im *Import) Reader {
			return &keepingReader{valueReader{im}, got}
		},
	}
}

type keepingReader struct {
	valueReader
	got *string
}

// A canonical table reaches its reader as text, with every row in its line: a
// sheet's too.
func TestPlainTables(t *testing.T) {
	text := "Title\n\nfrom,to,n\nA,\"B, C\",3\n\nA,D,<5\n"
	var got string
	list := FormatList{plainFormat(&got)}
	if _, err := Read(t.Context(), list, "", []Input{{"p.csv", strings.NewReader(text)}}, Options{}); err != nil || got != text {
		t.Errorf("got %q, %v", got, err)
	}
	f := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "Title", "A3": "from", "B3": "to", "C3": "n", "A4": "A", "B4": "B,\nC", "C4": "3", "A6": "A", "B6": "D", "C6": "<5", "D6": "note"} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	want := "\n\nfrom,to,n\nA,\"B, C\",3\n\nA,D,<5,note\n"
	if _, err := Read(t.Context(), list, "plain", []Input{{"p.xlsx", bytes.NewReader(b.Bytes())}}, Options{}); err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
}

func (x *keepingReader) Read(_ string, r io.Reader, _ bool) error {
	var b bytes.Buffer
	_, err := b.ReadFrom(r)
	*x.got = b.String()
	return err
}

// Periods add up by quarter and year: numerators and denominators, never values.
func TestSettleFigures(t *testing.T) {
	im := &Import{Options: Options{By: "quarter"}, Result: &Result{}}
	for i, period := range []string{"2020-05", "2020-04", "2020-07", "2019/20 Q1"} {
		im.AddFigure(data.Figure{Entity: "A", Indicator: "x", Period: period, Numerator: data.Known(float64(i + 1)), Denominator: data.Known(10), Value: data.Known(99)})
	}
	im.AddFigure(data.Figure{Entity: "A", Indicator: "y", Period: "2020-04", Numerator: data.Known(1)})
	im.AddFigure(data.Figure{Entity: "A", Indicator: "y", Period: "2020-05", Numerator: data.Known(2)})
	im.SettleFigures()
	var got []string
	for _, f := range im.Result.Figures {
		got = append(got, fmt.Sprint(f.Indicator, " ", f.Period, " ", f.Numerator, f.Denominator, f.Value.Known))
	}
	want := []string{
		"x 2019/20 Q1 {4 true} {10 true} true", "x 2020/21 Q1 {3 true} {20 true} false", "x 2020/21 Q2 {3 true} {10 true} true", "y 2020/21 Q1 {3 true} {0 false} false",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for asked, all := range map[string]map[string]bool{
		"2020/21": {"2020-05": true, "2021-03": true, "2021-04": false, "2020/21": true, "2020/21 Q2": false}, "2020/21 Q1": {"2020-05": true, "2020-07": false}, "": {"x": true},
	} {
		im.Options.Period = asked
		for period, want := range all {
			if im.Wanted(period) != want && !strings.Contains(period, "Q") {
				t.Errorf("%s in %s: %t", period, asked, !want)
			}
		}
	}
}

// Patients of areas and providers off the map are counted by kind, and kept.
func TestCountOutside(t *testing.T) {
	im := &Import{Result: &Result{}}
	for _, p := range []string{"W01000001/R1", "7A3/R1", "E1/Other hospitals", "E1/R1", "W01000001/R2"} {
		area, provider, _ := strings.Cut(p, "/")
		im.Result.Flows = append(im.Result.Flows, data.Record{Area: area, Provider: provider, Count: flow.Exactly(2)})
	}
	im.CountOutside()
	if got := fmt.Sprint(im.Result.Report.Outside[0].Kind, im.Result.Report.Outside[0].Codes, im.Result.Report.Outside[0].Patients.Value, len(im.Result.Report.Outside), len(im.Result.Flows)); got != "Wales[7A3 W01000001] 6 2 5" {
		t.Errorf("got %s", got)
	}
}

// A row of a sheet gives its cells trimmed, and their places by number.
func TestRow(t *testing.T) {
	r := Row{cells: byteCells([]string{" a ", "", "c"}), Line: 7}
	if r.Text(0) != "a" || r.Text(2) != "c" || r.Text(3) != "" || r.Text(-1) != "" || r.len() != 3 {
		t.Errorf("%+v", r)
	}
	if line, column := r.Position(2); line != 7 || column != 3 {
		t.Errorf("at %d:%d", line, column)
	}
	if line, column := r.Position(-1); line != 7 || column != 0 {
		t.Errorf("at %d:%d", line, column)
	}
	im := &Import{Heading: &Heading{File: "f"}}
	if got := im.Fault(r, 1, table.ErrMissingCode).Error(); got != "f:7:2: missing code" {
		t.Errorf("got %s", got)
	}
}
