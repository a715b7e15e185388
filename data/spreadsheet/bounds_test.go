package spreadsheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"stpmap/data/table"
)

// packed is an archive of one part.
func packed(t *testing.T, name string, write func(io.Writer)) *zip.Reader {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	write(f)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestCellsAreBounded(t *testing.T) {
	half := strings.Repeat("x ", maxCell/4)
	for _, c := range []struct {
		name, part, text string
		want             error
	}{
		{"a long text", "xl/worksheets/sheet1.xml", "<c><is><t>" + strings.Repeat("x", 2*maxCell) + "</t></is></c>", ErrCellSize},
		{"many texts in a cell", "xl/sharedStrings.xml", "<si><t>" + half + "</t><t>" + half + "</t><t>" + half + "</t></si>", ErrCellSize},
		{"a long attribute", "content.xml", `<table:table-cell a="` + strings.Repeat("x", 2*maxCell) + `"/>`, ErrCellSize},
		{"cells of half", "xl/worksheets/sheet1.xml", strings.Repeat("<x:c><v>"+half+"</v></x:c>", 5), nil},
		{"shared texts", "xl/sharedStrings.xml", strings.Repeat("<si><t>"+half+"</t></si>", 5), nil},
		{"cells of OpenDocument", "content.xml", strings.Repeat("<table:table-cell><text:p>"+half+"</text:p></table:table-cell>", 5), nil},
		{"a picture", "media/a.png", strings.Repeat("x", 2*maxCell), nil},
	} {
		z := packed(t, c.part, func(w io.Writer) { _, _ = io.WriteString(w, c.text) })
		if err := check(z); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestBombsAreRefused(t *testing.T) {
	block := make([]byte, 1<<20)
	z := packed(t, "xl/worksheets/sheet1.xml", func(w io.Writer) {
		for range table.RatioFrom>>20 + 1 {
			_, _ = w.Write(block)
		}
	})
	if err := check(z); !errors.Is(err, table.ErrTooLarge) || !strings.Contains(err.Error(), "more than 400 times") {
		t.Errorf("got %v", err)
	}
}
