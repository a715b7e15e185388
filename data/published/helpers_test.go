package published

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/data"
	"stpmap/data/importer"
)

func figuresFrom(t *testing.T, format, name, text string, opts importer.Options) map[string]string {
	t.Helper()
	if opts.Kind == "" {
		opts.Kind = importer.IndicatorTable
	}
	out, err := importText(t, "", name, text, opts)
	if err != nil {
		t.Fatal(err)
	}
	if out.Format.Name != format {
		t.Errorf("%s read as %s", name, out.Format.Name)
	}
	used := out.Report.Used
	for _, l := range out.Report.LeftOut {
		used += l.Rows
	}
	if used != out.Report.Rows {
		t.Errorf("%s: %d rows, of which %d are accounted for: %+v", name, out.Report.Rows, used, out.Report.LeftOut)
	}
	return figuresOf(out.Figures)
}

func workbookOf(t testing.TB, sheet string, rows [][]string, more ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", "Cover"); err != nil {
		t.Fatal(err)
	}
	for _, name := range append([]string{sheet}, more...) {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			for j, c := range r {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if err := f.SetCellValue(name, cell, c); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// odsOf writes an OpenDocument spreadsheet as LibreOffice does: equal cells and
// blank rows run together.
func odsOf(t testing.TB, sheets map[string][][]string) []byte {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>`)
	for _, name := range []string{"Locations", "Providers"} {
		fmt.Fprintf(&b, `<table:table table:name="%s"><table:table-column table:number-columns-repeated="12"/>`, name)
		for _, r := range sheets[name] {
			b.WriteString(`<table:table-row>`)
			for i := 0; i < len(r); {
				n := 1
				for i+n < len(r) && r[i+n] == r[i] {
					n++
				}
				fmt.Fprintf(&b, `<table:table-cell table:number-columns-repeated="%d" office:value-type="string"><office:annotation><text:p>a note</text:p></office:annotation><text:p>%s</text:p></table:table-cell>`, n, r[i])
				i += n
			}
			b.WriteString(`<table:table-cell table:number-columns-repeated="16000"/></table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`)
		}
		b.WriteString(`<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row></table:table>`)
	}
	b.WriteString(`</office:spreadsheet></office:body></office:document-content>`)
	return zipOf(t, map[string]string{"content.xml": b.String(), "mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
}

func figuresOf(fs []data.Figure) map[string]string {
	m := map[string]string{}
	for _, f := range fs {
		v := fmt.Sprintf("%v/%v", f.Numerator.Value, f.Denominator.Value)
		if f.Value.Known {
			v = fmt.Sprintf("%v", f.Value.Value)
		}
		m[strings.TrimSpace(f.Entity+" "+f.Indicator+" "+f.Period)] = v
	}
	return m
}

func same(t *testing.T, got map[string]string, want map[string]string) {
	t.Helper()
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s: got %q, want %s", k, got[k], w)
		}
	}
	for k, g := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("unexpected %s: %s", k, g)
		}
	}
}

func csvText(rows ...[]string) string {
	var b strings.Builder
	for _, r := range rows {
		for i, c := range r {
			if i > 0 {
				b.WriteByte(',')
			}
			if strings.ContainsAny(c, ",\"") {
				c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
			}
			b.WriteString(c)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func pairsOf(rs []data.Record) map[string]float64 {
	m := map[string]float64{}
	for _, r := range rs {
		m[r.Area+" "+r.Provider] += r.Count.Value
	}
	return m
}

func importText(t *testing.T, format, name, text string, opts importer.Options) (*importer.Result, error) {
	t.Helper()
	return Import(t.Context(), format, []importer.Input{{Name: name, R: strings.NewReader(text)}}, opts)
}

func mustImport(t *testing.T, text string) *importer.Result {
	t.Helper()
	out, err := importText(t, "", "input.csv", text, importer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipOf(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: n}) // as it is, which a fuzz target needs to be quick
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, files[n]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func importBytes(t *testing.T, format, name string, b []byte, opts importer.Options) *importer.Result {
	t.Helper()
	out, err := Import(context.Background(), format, []importer.Input{{Name: name, R: bytes.NewReader(b)}}, opts)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

func atoi(t *testing.T, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func flowSize(rs []data.Record) (patients float64, areas, providers int) {
	a, p := map[string]bool{}, map[string]bool{}
	for _, r := range rs {
		patients += r.Count.Value
		a[r.Area], p[r.Provider] = true, true
	}
	return patients, len(a), len(p)
}

func odsContent(t testing.TB, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
