package markup

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// Whatever stands in texts and attributes comes back from a reader of XML, and
// what XML cannot hold is U+FFFD.
func TestTextsComeBack(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		"a < b & c > \"d\" 'e'":          "a < b & c > \"d\" 'e'",
		"]]> <!-- --> <?xml?> <script/>": "]]> <!-- --> <?xml?> <script/>",
		"Łódź 医院 🗺":                      "Łódź 医院 🗺",
		"line\nbreak\ttab":               "line\nbreak\ttab",
		"a\x00b\x01c\xffd\ufffe":         "a\ufffdb\ufffdc\ufffdd\ufffd",
	} {
		var b strings.Builder
		w := New(&b)
		w.Start("a", "name", in, "other", "x")
		w.Empty("e", "v", in)
		w.Text("t", in)
		w.End()
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Name string `xml:"name,attr"`
			E    struct {
				V string `xml:"v,attr"`
			} `xml:"e"`
			T string `xml:"t"`
		}
		if err := xml.Unmarshal([]byte(b.String()), &got); err != nil {
			t.Fatalf("%q: %v in\n%s", in, err, b.String())
		}
		if got.Name != want || got.E.V != want || got.T != want {
			t.Errorf("%q came back as %q, %q and %q", in, got.Name, got.E.V, got.T)
		}
	}
}

func TestOrderAndIndent(t *testing.T) {
	var b strings.Builder
	w := New(&b)
	w.Raw("<!DOCTYPE x>")
	w.Start("x", "z", "1", "a", "2")
	w.Start("y")
	w.Empty("e")
	w.End()
	w.End()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if want := "<!DOCTYPE x>\n<x z=\"1\" a=\"2\">\n <y>\n  <e/>\n </y>\n</x>\n"; b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

// The first error sticks, and nothing more is written.
func TestErrorsStick(t *testing.T) {
	w := New(full{})
	for range 2000 {
		w.Text("t", "many bytes to fill the buffer")
	}
	if err := w.Close(); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	if New(io.Discard).Close() != nil {
		t.Error("an empty document is an error")
	}
}

func TestDecimal(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 1.5: "1.5", -2: "-2", 1e21: "1000000000000000000000", 1e-7: "0.0000001", 1.0 / 3: "0.3333333333333333"} {
		if got := Decimal(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
}
