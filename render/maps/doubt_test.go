package maps

import (
	"slices"
	"testing"

	"stpmap/render/layer"
)

// Areas that are less sure lie over the footprints of a picture, the closer lined the
// less sure; where none is, or nothing is known of it, nothing lies there.
func TestLessSureAreas(t *testing.T) {
	c := stripCase(t)
	c.AreaConfidence = []float64{1, 0.9, 0.5, 0.91}
	layers, _ := New(*c).Layers()
	page := OnPage(layers, false)
	at := slices.IndexFunc(page, func(l layer.Layer) bool { return l.Name == "confidence" })
	if at < 0 || at+1 >= len(page) || page[at+1].Name != "footprints" {
		t.Fatalf("the layer stands at %d", at)
	}
	over := &page[at]
	if err := over.Check(); err != nil {
		t.Fatal(err)
	}
	es := over.Entries()
	find := over.Finder(es)
	var got []string
	for i, f := range over.Features {
		got = append(got, f.ID+" "+es[find(i)].Class.Label)
	}
	if want := []string{"E2 51 to 90: less sure", "E3 at most 50: it may belong elsewhere"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, e := range es {
		if !e.Class.Overlay {
			t.Errorf("%q hides what lies under it", e.Class.Label)
		}
	}
	if close, far := es[0].Class.Lines, es[1].Class.Lines; !(close > 0 && far >= 2*close) || es[2].Class.Lines != 0 {
		t.Errorf("lines %g, %g and %g apart", close, far, es[2].Class.Lines)
	}
	for name, confidence := range map[string][]float64{"unknown": nil, "sure": {1, 1, 0.95, 1}} {
		c.AreaConfidence = confidence
		layers, _ := New(*c).Layers()
		if page := OnPage(layers, false); slices.ContainsFunc(page, func(l layer.Layer) bool { return l.Name == "confidence" }) {
			t.Errorf("%s: lines lie over the map", name)
		}
	}
	c.AreaConfidence = []float64{1, 0.9, 0.5, 0.91}
	layers, _ = New(*c).Layers()
	if asked := OnPage(layers, true); len(asked) != len(layers) {
		t.Errorf("%d layers of %d that were asked for", len(asked), len(layers))
	}
}
