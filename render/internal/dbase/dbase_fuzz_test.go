package dbase

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"stpmap/render/internal/geojsonread"
)

// table is a .dbf file of one column of text and one of numbers.
func table(rows string, count byte) []byte {
	head := make([]byte, 32)
	head[0], head[4], head[8], head[10] = 3, count, 32+64+1, 1+4+6
	columns := make([]byte, 64)
	copy(columns, "CODE")
	columns[11], columns[16] = 'C', 4
	copy(columns[32:], "PEOPLE")
	columns[32+11], columns[32+16] = 'N', 6
	return append(append(append(head, columns...), 0x0d), rows...)
}

// A table of any bytes is read or refused; what is read is text, in columns that
// have a name.
func FuzzTable(f *testing.F) {
	f.Add(table(" E01    120 E02 ******* E03  1e+03", 3), "UTF-8")
	f.Add(table(" M\xf4n   -1.5*XX        ", 2), "1252")
	f.Add(table(" E01 ", 200), "")
	f.Add(table("", 0)[:50], "CP850")
	f.Fuzz(func(t *testing.T, file []byte, cpg string) {
		d, err := NewReader(bytes.NewReader(file), cpg)
		if err != nil {
			return
		}
		for range 1000 {
			left := d.Left()
			values, _, err := d.Next()
			if err != nil {
				return
			}
			if got := d.Left(); got != max(0, left-1) {
				t.Fatalf("%d rows are left after %d", got, left)
			}
			for _, v := range values {
				if int(v.Key) >= len(d.Names) || !utf8.ValidString(v.Text) || v.Kind == geojsonread.Null && v.Text != "" {
					t.Fatalf("%+v of %q", v, d.Names)
				}
			}
		}
	})
}

func TestTable(t *testing.T) {
	d, err := NewReader(bytes.NewReader(table(" E01    120*E02 ******", 2)), "UTF-8")
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Names) != 2 || d.Names[0] != "CODE" || d.Names[1] != "PEOPLE" || d.Left() != 2 {
		t.Fatalf("columns are %q, %d rows are left", d.Names, d.Left())
	}
	values, deleted, err := d.Next()
	if err != nil || deleted || values[0].Text != "E01" || values[1].Text != "120" || values[1].Kind != geojsonread.Number {
		t.Errorf("the first row is %+v, %v, %v", values, deleted, err)
	}
	values, deleted, err = d.Next()
	if err != nil || !deleted || values[0].Text != "E02" || values[1].Kind != geojsonread.Null {
		t.Errorf("the second row is %+v, %v, %v", values, deleted, err)
	}
}
