package xlsx

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"stpmap/render/csv"
	"stpmap/render/glossary"
	"stpmap/render/internal/rendertest"
	"stpmap/render/layer"
)

// table reads a layer's CSV back as a table.
func table(t *testing.T, l layer.Layer) Table {
	t.Helper()
	var b bytes.Buffer
	if err := csv.Write(&b, l); err != nil {
		t.Fatal(err)
	}
	out, err := FromCSV(l.Name, l.Title, &b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func open(t *testing.T, tables []Table) *excelize.File {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, rendertest.Footprints().About, tables); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// Every cell comes back with its type: text as text, numbers as numbers.
func TestCells(t *testing.T) {
	l := rendertest.Footprints()
	f := open(t, []Table{FromLayer(l)})
	for i, feature := range l.Features {
		for k, v := range feature.Values {
			name, _ := excelize.CoordinatesToCellName(k+1, i+2)
			got, err := f.GetCellValue(l.Name, name, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			kind, _ := f.GetCellType(l.Name, name)
			switch v := layer.Known(v).(type) {
			case nil:
				if got != "" {
					t.Errorf("%s is %q, want nothing", name, got)
				}
			case string:
				if got != v || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
					t.Errorf("%s is %q of type %d, want %q", name, got, kind, v)
				}
			case bool:
				if kind != excelize.CellTypeBool {
					t.Errorf("%s is of type %d, want a flag", name, kind)
				}
			default:
				if x, err := strconv.ParseFloat(got, 64); err != nil || x != asNumber(v) || kind == excelize.CellTypeInlineString {
					t.Errorf("%s is %q of type %d, want %v", name, got, kind, v)
				}
			}
		}
	}
}

func asNumber(v any) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}

// The sheets are there, in order, with frozen headings, and each column is explained.
func TestSheets(t *testing.T) {
	tables := []Table{FromLayer(rendertest.Footprints()), FromLayer(rendertest.Providers())}
	f := open(t, tables)
	if got := strings.Join(f.GetSheetList(), " "); got != "About Columns footprints providers" {
		t.Errorf("the sheets are %s", got)
	}
	for _, name := range f.GetSheetList() {
		if p, err := f.GetPanes(name); err != nil || !p.Freeze || p.YSplit != 1 {
			t.Errorf("%s: the panes are %+v, %v", name, p, err)
		}
	}
	rows, err := f.GetRows(columnsSheet)
	if err != nil || len(rows) != 1+len(tables[0].Columns)+len(tables[1].Columns) {
		t.Fatalf("%d rows of columns, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if len(row) < 4 || row[2] == "" {
			t.Errorf("%v is not explained", row)
		}
	}
	about, err := f.GetRows(aboutSheet)
	if err != nil || !strings.Contains(strings.Join(about[1], " "), "Test") {
		t.Errorf("%v, %v", about, err)
	}
}

// Kinds of columns come from the glossary: codes of digits stay text.
func TestFromCSV(t *testing.T) {
	in := "footprint,name,population,localisation_index,contiguous,odd,rating\n001,=1+1,12,0.5,true,007,\nF2,b,x,1e-7,maybe,,4\n"
	got, err := FromCSV("footprints", "Footprints", strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]any{{"001", "=1+1", int64(12), 0.5, true, "007", nil}, {"F2", "b", "x", 1e-7, "maybe", nil, int64(4)}}
	for i := range want {
		for k, v := range want[i] {
			if got.Rows[i][k] != v {
				t.Errorf("row %d, column %d is %#v, want %#v", i, k, got.Rows[i][k], v)
			}
		}
	}
	if got.Columns[3].Kind != glossary.Share || got.Columns[3].Meaning == "" {
		t.Errorf("the column is %+v", got.Columns[3])
	}
	if _, err := FromCSV("x", "", strings.NewReader("")); err == nil {
		t.Error("no heading is no fault")
	}
	if _, err := FromCSV("x", "", strings.NewReader("a,b\n1\n")); err == nil {
		t.Error("a short row is no fault")
	}
	// From a layer or from its CSV, the numbers are the same.
	l := rendertest.Providers()
	a, b := FromLayer(l), table(t, l)
	for i := range a.Rows {
		for k := range a.Rows[i] {
			if n, ok := a.Rows[i][k].(float64); ok && asNumber(b.Rows[i][k]) != n {
				t.Errorf("row %d, column %d is %v by CSV, %v by layer", i, k, b.Rows[i][k], n)
			}
		}
	}
}

// What writes a table as CSV writes it as a workbook, and what fails as CSV fails.
func TestOf(t *testing.T) {
	var b bytes.Buffer
	write := Of("flows", "Flows", layer.About{Title: "Flows"}, func(w io.Writer) error {
		_, err := io.WriteString(w, "area,provider,count\n007,R1H,40\nE01,R1H,<5\n")
		return err
	})
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows("flows")
	if want := [][]string{{"area", "provider", "count"}, {"007", "R1H", "40"}, {"E01", "R1H", "<5"}}; err != nil || !reflect.DeepEqual(rows, want) {
		t.Errorf("got %q, %v", rows, err)
	}
	for cell, want := range map[string]excelize.CellType{"A2": excelize.CellTypeInlineString, "C2": excelize.CellTypeUnset, "C3": excelize.CellTypeInlineString} {
		if got, err := f.GetCellType("flows", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", cell, got, want, err)
		}
	}
	broken := errors.New("broken")
	if err := Of("x", "", layer.About{}, func(io.Writer) error { return broken })(io.Discard); !errors.Is(err, broken) {
		t.Errorf("a fault of the table is %v", err)
	}
	if err := Of("x", "", layer.About{}, func(io.Writer) error { return nil })(io.Discard); err == nil {
		t.Error("a table without a heading is no fault")
	}
}

func TestSameBytesAndLimits(t *testing.T) {
	tables := []Table{FromLayer(rendertest.Footprints()), FromLayer(rendertest.Flows())}
	var a, b bytes.Buffer
	if err := errors.Join(Write(&a, layer.About{}, tables), Write(&b, layer.About{}, tables)); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("two writes differ: %v", err)
	}
	long := Table{Name: "long", Rows: make([][]any, mostRows)}
	if err := Write(io.Discard, layer.About{}, []Table{long}); !errors.Is(err, ErrRows) {
		t.Errorf("too many rows: %v", err)
	}
	for in, want := range map[any]any{math.NaN(): nil, math.Inf(1): nil, "a\x00b": "a\ufffdb", int64(3): int64(3), true: true} {
		if got := clean(in); got != want {
			t.Errorf("%v is written as %v, want %v", in, got, want)
		}
	}
}

// LibreOffice opens the workbook and keeps numbers as numbers.
func TestLibreOffice(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	if testing.Short() {
		t.Skip("LibreOffice takes seconds to start")
	}
	dir := t.TempDir()
	l := rendertest.Footprints()
	var b bytes.Buffer
	if err := Write(&b, l.About, []Table{FromLayer(l)}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.xlsx"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(office, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "fods", "--outdir", dir, filepath.Join(dir, "x.xlsx"))
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "x.fods"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`office:value-type="float" office:value="100000"`, `office:value-type="float" office:value="-4.5"`, `table:formula="of:=TRUE()"`, `table:name="footprints"`, `table:name="Columns"`} {
		if !bytes.Contains(raw, []byte(want)) {
			t.Errorf("what LibreOffice makes of it has no %s", want)
		}
	}
}
