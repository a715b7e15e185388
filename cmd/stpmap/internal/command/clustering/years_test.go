package clustering

import (
	"fmt"
	"testing"

	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
	"stpmap/render/layer"
)

func TestDoubtsYears(t *testing.T) {
	for doubt, want := range map[string]bool{"": false, "noise": false, "years": true, "noise, years": true, "years,noise": true, "leapyears": false} {
		if got := (&Flags{Doubt: doubt}).DoubtsYears(); got != want {
			t.Errorf("--doubt %q: %v", doubt, got)
		}
	}
}

// What moved is said in words, in JSON and in a table, by code and by year.
func TestDriftIsSaid(t *testing.T) {
	in := smallStudy(t)
	in.Years = []study.Year{{Name: "2018"}, {Name: "2019"}, {Name: "2020"}}
	res := &Result{
		Partition: footprint.Partition{Areas: []int32{0, 0, 0, 1, 1, 1}, Providers: []int32{0, 1}, IDs: footprint.IDs(2)},
		Borders:   [][2]int32{{0, 1}, {2, 3}},
		Drift: []sweep.Drift{
			{From: 0, To: 1},
			{
				From: 1, To: 2,
				Areas: []sweep.AreaDrift{
					{Area: 0, From: 0, To: 1, FromShare: 1, Share: 0.75},
					{Area: 1, From: 0, To: 1, FromShare: 1, Share: 1},
					{Area: 2, From: 0, To: 1, FromShare: 1, Share: 1},
					{Area: 4, From: 1, To: 0, FromShare: 0.9, Share: 0.8},
				},
				Borders: []sweep.BorderDrift{{A: 2, B: 3, Before: 1, After: 0.25}},
			},
		},
	}
	for i, want := range []string{
		"from 2018 to 2019 no area moved to another footprint in most runs; 0 borders between areas came or went",
		"from 2019 to 2020 4 areas moved to another footprint in most runs: E1 from F01 to F02, E2 from F01 to F02, E3 from F01 to F02 and 1 more; 1 border between areas came or went",
	} {
		if got := driftWords(in, res.Partition, res.Drift[i], true); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	said := res.driftOf(in)
	if len(said) != 2 || said[0].Areas == nil || said[0].Borders == nil || len(said[1].Areas) != 4 {
		t.Fatalf("got %+v", said)
	}
	if got := said[1].Areas[3]; got != (areaDriftJSON{"E5", "F02", "F01", 0.9, 0.8}) {
		t.Errorf("got %+v", got)
	}
	table := res.DriftTable(in, layer.About{})
	if len(table.Features) != 5 {
		t.Fatalf("%d rows", len(table.Features))
	}
	for i, want := range map[int]string{0: "[2019 2020 area E1 <nil> F01 F02 1 0.75]", 4: "[2019 2020 border E3 E4 <nil> <nil> 1 0.25]"} {
		if got := fmt.Sprint(table.Features[i].Values); got != want || len(table.Fields) != len(table.Features[i].Values) {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	res.Borders = nil
	if said := res.driftOf(in); said[0].Borders != nil {
		t.Error("without boundaries borders are said to have stayed")
	}
}

// Runs draw from the years in the order of the files, and over-dispersion is that
// of the years where none is given.
func TestYearsOfABootstrap(t *testing.T) {
	in := smallStudy(t)
	in.Years = []study.Year{{Name: "a", Matrix: in.Matrix}, {Name: "b", Matrix: in.Matrix}}
	b := &bootstrapping{}
	if b.setYears(in, Doubt{}); b.Years != nil {
		t.Error("years are drawn from without --doubt years")
	}
	b.OverDispersion = sweep.DefaultOverDispersion
	b.setYears(in, Doubt{Years: true, Estimate: true})
	if len(b.Years) != 2 || len(b.Years[0]) != in.Matrix.Len() || b.OverDispersion != 0 {
		t.Errorf("%d years, over-dispersion %v of two that are alike", len(b.Years), b.OverDispersion)
	}
	if yearSalt(in) == "" || yearSalt(smallStudy(t)) != "" {
		t.Error("years do not tell parts of one bootstrap from those of another")
	}
}
