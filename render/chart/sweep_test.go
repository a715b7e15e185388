package chart

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"stpmap/footprint/sweep"
	"stpmap/render/internal/rendertest"
)

func TestCompareCharts(t *testing.T) {
	for name, counts := range map[string]bool{"resolutions": false, "numbers": true} {
		t.Run(name, func(t *testing.T) {
			_, c, official := rendertest.GridSweep(t, counts)
			o := SweepOptions{Official: &OfficialMap{Name: "the map of 2016", Measures: official}, Scale: sweep.DefaultScale, Notice: "Synthetic data"}
			charts, err := OfSweep(c, o)
			if err != nil {
				t.Fatal(err)
			}
			again, err := OfSweep(c, o)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for i, chart := range charts {
				names = append(names, chart.Name)
				for _, format := range []string{"svg", "png"} {
					var a, b bytes.Buffer
					if err := chart.Write(&a, format); err != nil {
						t.Fatal(err)
					}
					if err := again[i].Write(&b, format); err != nil {
						t.Fatal(err)
					}
					if !bytes.Equal(a.Bytes(), b.Bytes()) {
						t.Errorf("%s.%s has other bytes the second time", chart.Name, format)
					}
					if format == "png" {
						if _, err := png.Decode(&a); err != nil {
							t.Error(err)
						}
						continue
					}
					if !strings.Contains(a.String(), "Synthetic data") {
						t.Errorf("%s.svg lacks the notice", chart.Name)
					}
					if chart.Name != "vi" && chart.Name != "stability" && !strings.Contains(a.String(), "the map of 2016") {
						t.Errorf("%s.svg lacks the official map", chart.Name)
					}
				}
			}
			if got := strings.Join(names, " "); got != "curve stability vi sizes" {
				t.Errorf("charts are %s", got)
			}
		})
	}
	charts, err := OfSweep(&sweep.Comparison{Recommendation: sweep.Recommendation{Setting: -1}}, SweepOptions{})
	if err != nil || charts != nil {
		t.Errorf("an empty comparison gives %v, %v", charts, err)
	}
}
