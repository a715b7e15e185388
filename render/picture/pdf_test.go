package picture

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"stpmap/render/internal/rendertest"
	"stpmap/render/page"
)

// streams are the contents of a PDF's streams, unpacked.
func streams(t *testing.T, pdf []byte) (out [][]byte) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`).FindAllSubmatch(pdf, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			out = append(out, m[1])
			continue
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}

// utf16be is a text as a PDF with Unicode fonts holds it.
func utf16be(s string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		for _, b := range []byte{byte(u >> 8), byte(u)} {
			if b == '(' || b == ')' || b == '\\' {
				out = append(out, '\\')
			}
			out = append(out, b)
		}
	}
	return out
}

// A PDF holds its text as text, once, and its shapes as shapes; the same map is
// the same file.
func TestWritePDF(t *testing.T) {
	p := samplePicture()
	p.Title = "Nine squares"
	var a, b, c bytes.Buffer
	d, err := NewDrawing(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WritePDF(&a, p), WritePDF(&b, p), d.WritePDF(&c)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || !bytes.Equal(a.Bytes(), c.Bytes()) {
		t.Error("two writings differ")
	}
	if !bytes.HasPrefix(a.Bytes(), []byte("%PDF-1.")) || bytes.Contains(a.Bytes(), []byte("/Subtype /Image")) {
		t.Error("the file is no PDF of lines and fills")
	}
	if !bytes.Contains(a.Bytes(), []byte("/ToUnicode")) {
		t.Error("its letters cannot be searched")
	}
	all := bytes.Join(streams(t, a.Bytes()), nil)
	for _, want := range []string{"Nine squares", "A test", "F05", "Place F05", "Synthetic data: no real place or organisation."} {
		if n := bytes.Count(all, utf16be(want)); n == 0 {
			t.Errorf("the PDF does not say %q", want)
		}
	}
	if n := bytes.Count(all, append(utf16be("Nine squares"), ')')); n != 1 {
		t.Errorf("the title stands %d times", n)
	}
	if tool, err := exec.LookPath("pdftotext"); err == nil {
		name := filepath.Join(t.TempDir(), "map.pdf")
		if err := os.WriteFile(name, a.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.Command(tool, "-layout", name, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Nine squares", "Place F05", "Synthetic data"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("pdftotext does not find %q in:\n%s", want, text)
			}
		}
	}
}

// A PDF has the size of its page, in points.
func TestPDFPages(t *testing.T) {
	for paper, want := range map[page.Paper]string{page.Slide: "960.00 540.00", page.Square: "540.00 540.00"} {
		var b bytes.Buffer
		p := samplePicture()
		p.Page = paper
		if err := WritePDF(&b, p); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b.Bytes(), []byte("/MediaBox [0 0 "+want+"]")) {
			t.Errorf("%s: no page of %s points: %s", paper, want, regexp.MustCompile(`/MediaBox \[.*?\]`).Find(b.Bytes()))
		}
	}
	if err := WritePDF(&fullWriter{100}, samplePicture()); err == nil {
		t.Error("a full disk was not told of")
	}
	p := samplePicture()
	p.Title = rendertest.Nasty + " (\\"
	if err := WritePDF(io.Discard, p); err != nil {
		t.Error(err)
	}
}
