package picture

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"stpmap/render/layer"
	"stpmap/render/page"
)

// What follows the letters that all codes begin with stands for them, of three
// digits at most; other codes get none.
func TestTails(t *testing.T) {
	for _, c := range []struct {
		codes  []string
		prefix string
		want   string
	}{
		{[]string{"F001", "F002", "F110"}, "F", "1 2 110"},
		{[]string{"F10", "F11"}, "F", "10 11"},
		{[]string{"E38000001", "E38000219"}, "E38", "1 219"},
		{[]string{"E06000001", "E09000033"}, "", ""},
		{[]string{"00C", "01A"}, "", ""},
		{[]string{"Leeds", "York"}, "", ""},
		{[]string{"A1", "A01"}, "A", "1 1"},
	} {
		short, prefix := tails(c.codes)
		var got []string
		for _, code := range c.codes {
			if short[code] != "" {
				got = append(got, short[code])
			}
		}
		if prefix != c.prefix || strings.Join(got, " ") != c.want {
			t.Errorf("%v: %q, %v", c.codes, prefix, got)
		}
	}
}

// crowdOf is n little squares in a heap, each with a label.
func crowdOf(n int, label func(i int) string) layer.Layer {
	l := layer.Layer{Name: "footprints", Title: "Footprints", Geometry: "MultiPolygon", Fields: []layer.Field{{Name: "footprint"}}}
	l.Style = layer.Style{Kind: layer.StyleCategories, Field: "footprint", LabelField: "footprint"}
	side := int(math.Ceil(math.Sqrt(float64(n))))
	for i := range n {
		x, y := float64(i%side)*0.02, float64(i/side)*0.02
		ring := orb.Ring{{x, y}, {x + 0.02, y}, {x + 0.02, y + 0.02}, {x, y + 0.02}, {x, y}}
		l.Features = append(l.Features, layer.Feature{ID: label(i), Geometry: orb.MultiPolygon{{ring}}, Values: []any{label(i)}})
		l.Style.Classes = append(l.Style.Classes, layer.Class{Value: label(i), Label: label(i), Colour: layer.Qualitative(i)})
	}
	far := orb.Ring{{3, 3}, {3.01, 3}, {3.01, 3.01}, {3, 3.01}, {3, 3}} // keeps the heap small
	l.Features[0].Geometry = orb.MultiPolygon{{far}}
	return l
}

// A crowd of long names is numbered, and the key tells the name of each number.
func TestCrowdsAreNumbered(t *testing.T) {
	l := crowdOf(81, func(i int) string { return fmt.Sprintf("Township of the upper valley %c%c", 'A'+i/26, 'a'+i%26) })
	p := Map{Title: "T", Layers: []layer.Layer{l}, Page: page.A4}
	s, err := p.scene()
	if err != nil {
		t.Fatal(err)
	}
	if s.how.short == nil || s.how.prefix != "" || s.how.apart || len(s.names.Missing) > 0 {
		t.Fatalf("%+v; %s", s.how, s.names)
	}
	r, _ := record(t, p)
	on := map[string]bool{}
	for _, q := range r.labels["labels"] {
		on[q.text] = true
	}
	var key []string
	for _, q := range r.labels["text"] {
		key = append(key, q.text)
	}
	for i := range 81 {
		number := fmt.Sprint(i + 1)
		want := number + "\n" + l.Features[i].ID
		if !on[number] || !strings.Contains("\n"+strings.Join(key, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("%q: on the map %v, in the key %v", want, on[number], strings.Contains(strings.Join(key, "\n"), want))
		}
	}
}

// Codes lose what all begin with, and the key says so with an example.
func TestCrowdsLosePrefixes(t *testing.T) {
	l := crowdOf(81, func(i int) string { return fmt.Sprintf("SYSTEM-%03d", i+1) })
	p := Map{Title: "T", Layers: []layer.Layer{l}, Page: page.A4}
	r, _ := record(t, p)
	said, numbers := false, 0
	for _, q := range r.labels["text"] {
		said = said || strings.Contains(q.text, "On the map, 1 is SYSTEM-001")
	}
	for _, q := range r.labels["labels"] {
		if len(q.text) < 3 {
			numbers++
		}
	}
	if !said || numbers != 81 {
		t.Errorf("%d numbers; the key says it: %v", numbers, said)
	}
}

// A PDF has the names that have no room on a second page; its text can be found.
func TestNamesOnASecondPage(t *testing.T) {
	l := crowdOf(121, func(i int) string { return fmt.Sprintf("F%03d", i+1) })
	l.Fields = append(l.Fields, layer.Field{Name: "name"})
	for i := range l.Features {
		l.Features[i].Values = append(l.Features[i].Values, fmt.Sprintf("The township of number %d", i))
	}
	var b bytes.Buffer
	if err := WritePDF(&b, Map{Title: "T", Layers: []layer.Layer{l}, Page: page.Square}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "/Type /Page\n"); n < 2 {
		t.Errorf("%d pages", n)
	}
}
