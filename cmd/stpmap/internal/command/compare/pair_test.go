package compare

import (
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/study"
)

// table is a partition as a table without flows.
func asTable(name string, groups map[string]string) *study.NamedPartition {
	return &study.NamedPartition{File: name, AreaGroups: groups, GroupNames: map[string]string{"S1": "South"}, Providers: map[string]bool{}}
}

// Two tables are compared over the areas that both have; the others are named.
func TestPairWithoutFlows(t *testing.T) {
	a := asTable("a.csv", map[string]string{"E1": "F1", "E2": "F1", "E3": "F2", "E4": "F2", "E5": "F2", "E7": "F1"})
	b := asTable("b.csv", map[string]string{"E1": "S1", "E2": "S1", "E3": "S1", "E4": "N1", "E5": "N1", "E6": "N1"})
	in := &study.Study{}
	p := newMapPair(a, b, in)
	if !slices.Equal(p.codes, []string{"E1", "E2", "E3", "E4", "E5", "E6", "E7"}) || !slices.Equal(p.unmatched, []string{"E6", "E7"}) {
		t.Errorf("codes %q, unmatched %q", p.codes, p.unmatched)
	}
	j := p.against(in, 1)
	if j.AreasCompared != 5 || j.Moved != 1 || j.Footprints != 2 || j.ReferenceGroups != 2 || j.MovedPatients != nil || j.MovedPeople != nil {
		t.Errorf("%+v", j.agreementJSON)
	}
	if len(j.MovedAreas) != 1 || j.MovedAreas[0].Code != "E3" || j.MovedAreas[0].Reference != "South" || j.MovedAreas[0].Footprint != "F2" || j.MovedAreas[0].Gain != nil {
		t.Errorf("moved %+v", j.MovedAreas)
	}
	cross := p.crossTable(in)
	if len(cross.Features) != 3 || cross.Features[0].Values[cross.FieldIndex("codes")] != "E1 E2" || cross.Features[0].Values[cross.FieldIndex("patients")] != nil {
		t.Errorf("cross-table %+v", cross.Features)
	}
	var b2 strings.Builder
	j.say(&b2, p)
	for _, want := range []string{"agreement over 5 areas: ARI 0.", "1 area outside the matched group\n", "2 codes in one of the two only: E6, E7\n"} {
		if !strings.Contains(b2.String(), want) {
			t.Errorf("said %q, want %q", b2.String(), want)
		}
	}
	// A table agrees with itself.
	same := newMapPair(a, a, in).against(in, 1)
	if *same.ARI != 1 || same.Moved != 0 || len(same.MovedAreas) != 0 || same.MovedAreas == nil {
		t.Errorf("with itself: %+v", same.agreementJSON)
	}
}

func TestSettingsToTry(t *testing.T) {
	if got := listed([]string{"a, b", "c"}); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("listed %q", got)
	}
	p := &sweepPlan{seeds: 4, counts: []int{3, 5}}
	in := &study.Study{}
	for _, c := range []struct {
		method      string
		resolutions []float64
		counts      []int
		want, runs  int
	}{
		{"leiden", []float64{1, 2}, nil, 2, 4},
		{"leiden", []float64{1, 2}, []int{7}, 3, 4},
		{"ward", []float64{1}, nil, 1, 1},
		{"ttwa", []float64{1, 2}, nil, 1, 1},
		{"ttwa", []float64{1, 2}, []int{7}, 1, 1},
		{"infomap", nil, nil, 1, 4},
	} {
		p.resolutions, p.counts = c.resolutions, c.counts
		list := p.settings(in, c.method, 0)
		if len(list) != c.want || list[0].Runs != c.runs || list[0].Method != c.method {
			t.Errorf("%+v: %d settings, the first %+v", c, len(list), list[0])
		}
	}
}

func TestValuesOfTables(t *testing.T) {
	if wholeAbove0(0) != nil || wholeAbove0(3) != int64(3) {
		t.Error("what is not known is empty, and nothing else")
	}
	if qualityName("ttwa", 0) != nil || qualityName("leiden", 0) != "modularity" {
		t.Error("a quality is that of leiden and louvain")
	}
	if got := plainFileName("folder/stp_2016.csv"); got != "stp 2016" {
		t.Errorf("a file is called %q", got)
	}
	for name, want := range map[string]bool{"a.csv": true, "a.PNG": true, "a": false, "a.b": false, "": false} {
		if namesFile(name) != want {
			t.Errorf("%q names a file: %v", name, !want)
		}
	}
}
