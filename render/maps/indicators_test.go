package maps

import (
	"testing"

	"stpmap/render/layer"
	"stpmap/render/qgis"
)

func TestFieldName(t *testing.T) {
	for in, want := range map[string]string{
		"ae_4h": "ae_4h", "A&E 4h": "a_e_4h", "62 days": "i_62_days", "": "i_", "Größe": "gr__e", "x\" --": "x",
	} {
		if got := fieldName(in); got != want || !layer.ColumnName(got) {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Single indicators are views of one table, unticked over the footprints; two
// that would share a column do not.
func TestIndicatorLayer(t *testing.T) {
	one := IndicatorColumn{ID: "a b", Name: "One", Unit: "%", Values: []float64{0.5}, Bands: []int{2}, Used: []bool{true}}
	two := IndicatorColumn{ID: "a-b", Name: "Two", Values: []float64{1}, Bands: []int{0}, Used: []bool{false}}
	m := New(Case{Indicators: []IndicatorColumn{one, two}})
	m.Partition.IDs = []string{"F1"}
	footprints := layer.Layer{Name: "footprints", Geometry: "MultiPolygon", Fields: footprintFields(), Features: []layer.Feature{{ID: "F1", Values: make([]any, len(footprintFields()))}}}
	l, _ := (&drawing{Map: m, table: footprints}).make(&indicatorsKind)
	if err := l.Check(); err != nil {
		t.Fatal(err)
	}
	if v := l.Features[0].Values; v[2] != 0.5 || v[3] != int64(2) || v[4] != 1. || v[5] != nil || l.Fields[4].Name != "a_b_2" {
		t.Errorf("got %v in %v", v, l.Fields)
	}
	groups := qgis.Arrange([]layer.Layer{footprints, l}, "map.gpkg", 4326)
	if len(groups) != 2 || groups[0].Title != "Indicators" || len(groups[0].Layers) != 2 {
		t.Fatalf("got %v", groups)
	}
	for i, p := range groups[0].Layers {
		if !p.Layer.Style.Hidden || p.Datasource() != "./map.gpkg|layername=indicators" || p.Title() != []string{"One (share)", "Two"}[i] {
			t.Errorf("got %q from %q, hidden %v", p.Title(), p.Datasource(), p.Layer.Style.Hidden)
		}
	}
	if groups[0].Layers[0].ID() == groups[0].Layers[1].ID() {
		t.Error("two views have one id")
	}
}
