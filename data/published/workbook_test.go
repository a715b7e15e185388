package published

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/importer"
	"stpmap/data/ingest"
	"stpmap/flow/fault"
)

// archiveOf packs parts into a zip archive.
func archiveOf(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range sortedKeys(parts) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(parts[name]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sortedKeys(m map[string]string) []string {
	_, keys := ingest.SortedCodes(func() (list []string) {
		for k := range m {
			list = append(list, k)
		}
		return list
	}())
	return keys
}

// xlsxOf is a workbook of one sheet with these rows; styles are those of xf 1
// and on: 000, a day, E and eight digits.
func xlsxOf(t *testing.T, rows string) []byte {
	return archiveOf(t, map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Flows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/styles" Target="/xl/styles.xml"/><Relationship Id="rId3" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000"/><numFmt numFmtId="165" formatCode="&quot;E&quot;00000000"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="16"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst><si><t>area</t></si><si><t>provider</t></si><si><t>count</t></si><si><r><t>RAA</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r></si><si><r><rPr><vertAlign val="superscript"/></rPr><t>9</t></r><r><t>900</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>` + rows + `</sheetData></worksheet>`,
	})
}

// sheetOf is a spreadsheet of one sheet with these rows.
func sheetOf(t *testing.T, rows string) []byte {
	text := func(s string) string {
		return `<table:table-cell office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
	}
	return archiveOf(t, map[string]string{
		"content.xml": `<office:document-content><office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style><style:style style:name="T2" style:family="text"><style:text-properties style:text-position="0% 100%"/></style:style></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Flows"><table:table-row>` +
			text("area") + text("provider") + text("count") + `</table:table-row>` + rows + `</table:table></office:spreadsheet></office:body></office:document-content>`,
	})
}

func TestSpreadsheetsAsShown(t *testing.T) {
	row := func(n int, cells string) string { return fmt.Sprintf(`<row r="%d">%s</row>`, n, cells) }
	raa := `<c r="B4" t="s"><v>3</v></c>`
	ods := func(area, count string) string {
		return `<table:table-row>` + area + `<table:table-cell office:value-type="string"><text:p>RA<text:span text:style-name="T2">A</text:span><text:span text:style-name="T1">2</text:span></text:p></table:table-cell>` + count + `</table:table-row>`
	}
	number := func(value, shown string) string {
		return `<table:table-cell office:value-type="float" office:value="` + value + `"><text:p>` + shown + `</text:p></table:table-cell>`
	}
	for _, c := range []struct {
		name string
		book []byte
		want string // flows, or the fault
	}{
		{"superscripts and zeros", xlsxOf(t, row(4, `<c r="A4" s="1"><v>17</v></c>`+raa+`<c r="C4" t="s"><v>4</v></c>`)), "[{017 RAA {900 900 900 900} false 0}]"},
		{"letters in the format", xlsxOf(t, row(4, `<c r="A4" s="3"><v>6000001</v></c>`+raa+`<c r="C4"><v>9</v></c>`)), "[{E06000001 RAA {9 9 9 9} false 0}]"},
		{"code with an exponent", xlsxOf(t, row(4, `<c r="A4"><v>1.70310101E10</v></c>`+raa+`<c r="C4"><v>9</v></c>`)), "[{17031010100 RAA {9 9 9 9} false 0}]"},
		{"a day", xlsxOf(t, row(4, `<c r="A4" s="2"><v>43160</v></c>`+raa+`<c r="C4"><v>9</v></c>`)), "b[Flows]:4:1: \"2018-03-01\" is a date"},
		{"formula without a value", xlsxOf(t, row(3, `<c r="A3"><v>5</v></c>`+raa+`<c r="C3"><v>1</v></c>`)+row(5, `<c r="A5"><v>6</v></c><c r="B5" t="str"><f>B3</f></c><c r="C5"><f t="shared" si="0"/></c>`)), "b[Flows]:5:2: \"=B3\" is a formula without a stored value"},
		{"formula that gave nothing", xlsxOf(t, row(4, `<c r="A4"><v>7</v></c>`+raa+`<c r="C4"><v>3</v></c>`)+row(5, `<c r="A5"><v>7</v></c><c r="B5" t="s"><v>3</v></c><c r="C5" t="str"><f>A9</f><v></v></c>`)), "[{7 RAA {3 3 3 3} false 0}]"},
		{"error in the fifth column", xlsxOf(t, row(4, `<c r="A4"><v>7</v></c>`+raa+`<c r="C4" t="e"><v>#DIV/0!</v></c>`)), "b[Flows]:4:3: not a number: \"#DIV/0!\""},
		{"inline text", xlsxOf(t, row(4, `<c t="inlineStr"><is><r><t>E1</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>a</t></r></is></c>`+raa+`<c r="C4"><v>3</v></c>`)), "[{E1 RAA {3 3 3 3} false 0}]"},
		{"ods with zeros and a footnote", sheetOf(t, ods(number("17", "017"), number("900", "900"))), "[{017 RAA {900 900 900 900} false 0}]"},
		{"ods with letters in the format", sheetOf(t, ods(number("6000001", "E06000001"), number("1234", "1,234"))), "[{E06000001 RAA {1234 1234 1234 1234} false 0}]"},
		{"ods with a day", sheetOf(t, ods(`<table:table-cell office:value-type="date" office:date-value="2018-03-01"><text:p>01/03/18</text:p></table:table-cell>`, number("9", "9"))), "b[Flows]:2:1: \"2018-03-01\" is a date"},
		{"ods with a formula without a value", sheetOf(t, ods(number("1", "1"), `<table:table-cell table:formula="of:=[.C1]*2"/>`)), "b[Flows]:2:3: not a number: \"=of:=[.C1]*2\" is a formula"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := Import(t.Context(), "long", []importer.Input{{Name: "b", R: bytes.NewReader(c.book)}}, importer.Options{})
			if strings.HasPrefix(c.want, "[") {
				if err != nil || fmt.Sprint(out.Flows) != c.want {
					t.Errorf("got %+v, %v; want %s", out, err, c.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	_, err := Import(t.Context(), "long", []importer.Input{{Name: "b", R: bytes.NewReader(xlsxOf(t, row(4, `<c r="A4" t="s"><v>99</v></c>`)))}}, importer.Options{})
	var fault *fault.Error
	if !errors.As(err, &fault) {
		t.Errorf("a string that is not there: %v", err)
	}
}
