package mapping

import (
	"slices"
	"testing"

	"stpmap/footprint/score"
	"stpmap/render/layer"
	"stpmap/render/report"
)

func TestPlainNotes(t *testing.T) {
	got := plainNotes([]string{"a note", "give --links", "ae_4h: denominators of 5 in, 5 in footprints", "a note", "Not counted: x; --all counts it", "One. Two with --flag. Three."})
	if !slices.Equal(got, []string{"a note", "Not counted: x", "One. Three."}) {
		t.Errorf("the notes are %q", got)
	}
}

// Names stand before codes, and what is for analysts is left out.
func TestNamed(t *testing.T) {
	p := &page{Page: &report.Page{Areas: []report.Area{{Code: "A1", Name: "Ash"}, {Code: "A2"}}}}
	list := []report.Footprint{{ID: "F01", Name: "West"}, {ID: "F02", Name: "F02"}, {ID: "F03", Name: "East"}}
	got := named([]string{
		"F01 (West) has 2 areas.", "Most who leave go to F03 (3.5% of residents' care).", "Its loosest area is A1, with 54.4% of care inside.",
		"It exchanges most with F03; merging the two would lower modularity (γ = 1) by 2.7e-05.", "Most who arrive live in F02 (1.0% of providers' work).",
	}, p.names(list))
	want := []string{"Most who leave go to East (F03) (3.5% of residents' care).", "Its loosest area is Ash (A1), with 54.4% of care inside.", "Most who arrive live in F02 (1.0% of providers' work)."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTrends(t *testing.T) {
	res := &score.Result{Trends: []score.TrendRow{
		{Footprint: "F01", Indicator: "a", Period: "2016", Value: 1},
		{Footprint: "F02", Indicator: "a", Period: "2016", Value: 9},
		{Footprint: "F01", Indicator: "b", Period: "2016", Value: 5},
		{Footprint: "F01", Indicator: "a", Period: "2017", Value: 2, Expected: 3},
		{Footprint: "F01", Indicator: "unknown", Period: "2016"},
	}}
	got := trends(res, "F01", map[string]int{"a": 0, "b": 1})
	if len(got) != 2 || len(got[0].Points) != 2 || got[0].Points[1] != (report.TrendPoint{Period: "2017", Value: 2, Target: 3}) || got[1].Indicator != 1 {
		t.Errorf("the trends are %+v", got)
	}
}

// Each column has a title for readers; those of the glossary are explained.
func TestReportColumn(t *testing.T) {
	for name, title := range map[string]string{"rank_low": "Rank from", "localisation_index": "Localisation index", "hhi": "Concentration", "leakage": "Leakage"} {
		c := ReportColumn(layer.Field{Name: name, Alias: "x", Type: layer.Real})
		if c.Title != title || c.Help == "" {
			t.Errorf("%s is %+v", name, c)
		}
	}
	if c := ReportColumn(layer.Field{Name: "area_km2", Alias: "Area (km²)"}); c.Title != "Area (km²)" {
		t.Errorf("area_km2 is %+v", c)
	}
}
