package footprint

import (
	"slices"
	"testing"
)

func TestFromGroups(t *testing.T) {
	m := matrix(t, false, rows{{"A", "X", 80}, {"A", "Y", 20}, {"B", "X", 60}, {"B", "Y", 40}, {"C", "X", 150}, {"C", "Y", 90}}...)
	for _, c := range []struct {
		name                     string
		areas, providers         []string
		ids                      []string
		wantAreas, wantProviders []int32
	}{
		{"areas only", []string{"q", "q", "p"}, []string{"", ""}, []string{"p", "q"}, []int32{1, 1, 0}, []int32{0, 0}},
		{"providers only", []string{"", "", ""}, []string{"Z", "B"}, []string{"B", "Z"}, []int32{1, 1, 1}, []int32{1, 0}},
		{"both, one left out", []string{"q", "", "p"}, []string{"q", ""}, []string{"p", "q"}, []int32{1, -1, 0}, []int32{1, -1}},
		{"none", []string{"", "", ""}, []string{"", ""}, []string{}, []int32{-1, -1, -1}, []int32{-1, -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := FromGroups(m, c.areas, c.providers)
			if !slices.Equal(p.IDs, c.ids) || !slices.Equal(p.Areas, c.wantAreas) || !slices.Equal(p.Providers, c.wantProviders) {
				t.Errorf("got %+v", p)
			}
		})
	}
}
