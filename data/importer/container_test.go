package importer

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"stpmap/data/table"
	"stpmap/flow/fault"
)

// zipOf is an archive of names and contents, by turns.
func zipOf(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// odsOf is an OpenDocument spreadsheet with one sheet of text cells.
func odsOf(t *testing.T, sheet string, rows [][]string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `<office:document-content><table:table table:name="%s">`, sheet)
	for _, r := range rows {
		b.WriteString("<table:table-row>")
		for _, c := range r {
			fmt.Fprintf(&b, "<table:table-cell><text:p>%s</text:p></table:table-cell>", strings.ReplaceAll(c, "<", "&lt;"))
		}
		b.WriteString("</table:table-row>")
	}
	b.WriteString("</table:table></office:document-content>")
	return zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", b.String())
}

// pipe hides that a source can be read from anywhere.
type pipe struct{ io.Reader }

// The same rows give the same flows from text, an archive, a spreadsheet, and
// each of these through a pipe.
func TestEveryWayInGivesTheSame(t *testing.T) {
	var rows [][]string
	for line := range strings.SplitSeq(strings.TrimSpace(toyText), "\n") {
		rows = append(rows, strings.Split(line, ","))
	}
	want, err := read(t, "", "toy.csv", toyText, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"toy.csv": toyText,
		"toy.tsv": strings.ReplaceAll(toyText, ",", "\t"),
		"toy.zip": zipOf(t, "folder/", "", "folder/toy.txt", toyText, ".hidden.csv", "x", "__MACOSX/toy.csv", "x"),
		"toy.ods": odsOf(t, "Flows", rows),
	} {
		for _, r := range []io.Reader{strings.NewReader(content), pipe{strings.NewReader(content)}} {
			got, err := Read(t.Context(), toys, "", []Input{{name, r}}, Options{})
			if err != nil {
				t.Errorf("%s from a %T: %v", name, r, err)
				continue
			}
			if !slices.Equal(got.Flows, want.Flows) || got.Report.Rows != want.Report.Rows || got.Report.Used != want.Report.Used ||
				got.Report.Suppressed != want.Report.Suppressed || got.Report.Absent != want.Report.Absent {
				t.Errorf("%s from a %T: got %v and %+v, want %v", name, r, got.Flows, got.Report, want.Flows)
			}
		}
	}
}

// An archive's tables are added up in the order of their names; what was not
// read is noted.
func TestArchiveNotesWhatItLeaves(t *testing.T) {
	archive := zipOf(t, "b.csv", toyText, "a.csv", toyText, "map.png", "x", "other.csv", "p,q\n1,2\n")
	out, err := read(t, "toy", "all.zip", archive, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if out.Flows[0].Count.Value != 34 || out.Report.Rows != 8 {
		t.Errorf("got %v of %d rows", out.Flows, out.Report.Rows)
	}
	if n := out.Report.Notes; len(n) != 2 || n[0] != "all.zip/map.png: not a table, not read" ||
		!strings.HasPrefix(n[1], "all.zip/other.csv") || !strings.HasSuffix(n[1], ": not read") {
		t.Errorf("notes %q", n)
	}
}

// Containers that are damaged, empty or too large are refused by name.
func TestContainersSayWhatIsWrong(t *testing.T) {
	stored := zipOf(t, "toy.csv", toyText)
	flipped := strings.Replace(stored, "W1,C1,10", "W1,C1,11", 1) // its sum is wrong now
	var many []string
	for i := range MaxMembers + 1 {
		many = append(many, fmt.Sprint(i, ".csv"), "")
	}
	for _, tt := range []struct {
		name, content, want string
		is                  error
	}{
		{"cut.zip", stored[:len(stored)/2], "cut.zip: damaged archive: ", nil},
		{"flipped.zip", flipped, "flipped.zip/toy.csv:7:1: damaged archive: zip: checksum error", zip.ErrChecksum},
		{"none.zip", zipOf(t, "map.png", "x"), "none.zip: no CSV file in the archive", nil},
		{"other.zip", zipOf(t, "other.csv", "p,q\n1,2\n"), "other.zip/other.csv", ErrNotRecognised},
		{"many.zip", zipOf(t, many...), "many.zip: ", table.ErrTooLarge},
		{"old.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "old.xls: ", table.ErrOldWorkbook},
		{"cut.ods", zipOf(t, "content.xml", `<table:table table:name="x"><table:table-row>`), "cut.ods", nil},
	} {
		for _, r := range []io.Reader{strings.NewReader(tt.content), pipe{strings.NewReader(tt.content)}} {
			_, err := Read(t.Context(), toys, "", []Input{{tt.name, r}}, Options{})
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%s from a %T: got %v, want %q", tt.name, r, err, tt.want)
			}
		}
	}
}

// A sheet that is cut behind its heading is refused by the book's name, also
// where no more than the heading is read.
func TestSheetCutBehindItsHeading(t *testing.T) {
	var packed, b bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, `<sheetData><row r="1">`)
	for _, heading := range []string{"Ward", "Clinic", "Visits", "Month"} {
		_, _ = io.WriteString(w, `<c t="inlineStr"><is><t>`+heading+`</t></is></c>`)
	}
	_, _ = io.WriteString(w, `</row><row r="2"></row></sheetData>`)
	_ = w.Close()
	packed.Truncate(packed.Len() - 6)
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Flows" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="sheet1.xml"/></Relationships>`,
	} {
		part, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, text)
	}
	part, err := z.CreateRaw(&zip.FileHeader{Name: "xl/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 1000})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(packed.Bytes())
	_ = z.Close()
	for _, format := range []string{"", "toy"} {
		_, err = Read(t.Context(), toys, format, []Input{{"b.xlsx", bytes.NewReader(b.Bytes())}}, Options{})
		var bad *fault.Error
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), "b.xlsx: damaged workbook: unexpected EOF") {
			t.Errorf("format %q: got %v", format, err)
		}
	}
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// A source that cannot be read is told by its own error, at its start and later.
func TestBrokenSources(t *testing.T) {
	broken := errors.New("the line is cut")
	for name, r := range map[string]io.Reader{
		"at once": brokenReader{broken},
		"in text": io.MultiReader(strings.NewReader(toyText), brokenReader{broken}),
		"in zip":  io.MultiReader(strings.NewReader(zipOf(t, "toy.csv", toyText)), brokenReader{broken}),
	} {
		if _, err := Read(t.Context(), toys, "", []Input{{"toy.csv", r}}, Options{}); !errors.Is(err, broken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
