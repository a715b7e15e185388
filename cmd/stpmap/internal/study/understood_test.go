package study

import (
	"reflect"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/data"
)

// lines are what a study says it understood, one line an input.
func lines(in *Study) string {
	var out []string
	for _, u := range in.Understood {
		out = append(out, u.String())
	}
	return strings.Join(out, "\n")
}

func TestWhatWasUnderstood(t *testing.T) {
	folder(t, map[string]string{
		"flows.csv": "area_code,area,trust,patients,n,year\nE01,M\xf4n,X,100,1,2018\nE01,M\xf4n,Y,10,1,2018\nE02,B,Y,90,1,2018\nE02,B,X,,1,2018\n" +
			"E92000001,England,X,100,1,2018\nE92000001,England,Y,100,1,2018\n",
		"people.csv": "area,population\nE01,1000\nE02,n/a\n",
	})
	r := request()
	r.Places.Population = "people.csv"
	in := read(t, r)
	want := `flows (flows.csv): text taken for Windows-1252, area from "area_code" (not "area"), provider from "trust", count from "patients" (not "n"), 6 rows, 3 used, 2 left out (sums of other rows), 1 left out (without a count), period 2018, 400 patients in, 200 counted
population (people.csv): area from "area", population from "population", 2 rows, 1 used, 1 left out (saying nothing)`
	if got := lines(in); got != want {
		t.Errorf("understood\n%s\nwant\n%s", got, want)
	}
}

// A folder says where somebody works; an address of an engine is no folder.
func TestNamesWithoutFolders(t *testing.T) {
	in := []stage.Understood{{File: "in/my/a.csv"}, {File: "postgres://host/base"}, {File: "-"}}
	var got []string
	for _, u := range byBaseName(in) {
		got = append(got, u.File)
	}
	if want := []string{"a.csv", "postgres://host/base", "-"}; !reflect.DeepEqual(got, want) {
		t.Errorf("names are %q, want %q", got, want)
	}
	if in[0].File != "in/my/a.csv" {
		t.Error("the original has changed")
	}
}

func TestSentencesWithoutFolders(t *testing.T) {
	in := &Study{Understood: []stage.Understood{{File: "/home/me/a.csv"}, {File: "postgres://host/base"}, {File: "b.csv"}}}
	got := in.WithoutFolders([]string{"flows (/home/me/a.csv): 3 rows", "read from postgres://host/base", "b.csv: fine"})
	if want := []string{"flows (a.csv): 3 rows", "read from postgres://host/base", "b.csv: fine"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestExactSums(t *testing.T) {
	x := 0.0
	for range 10 {
		x += 0.1
	}
	for in, want := range map[float64]float64{x: 1, 2759890.6000000004: 2759890.6, 1.0 / 3: 1.0 / 3, 12: 12, 0: 0} {
		if got := exact(in); got != want {
			t.Errorf("%v is %v, want %v", in, got, want)
		}
	}
	var u stage.Understood
	addSums(&u, x, []data.Omitted{{Reason: "sums", Rows: 2, Patients: 2}})
	if *u.SumIn != 3 || *u.SumOut != 1 {
		t.Errorf("sums are %v in, %v out", *u.SumIn, *u.SumOut)
	}
}

func TestRowsLeftOut(t *testing.T) {
	codes := []string{"E92000001"}
	got := LeftOut([]data.Omitted{{Reason: "sums", Codes: codes, Rows: 2, Patients: 9}})
	if len(got) != 1 || got[0].Reason != "sums" || got[0].Rows != 2 || got[0].Patients != 9 || got[0].Codes[0] != "E92000001" {
		t.Fatalf("got %+v", got)
	}
	if got[0].Codes[0] = "X"; codes[0] != "E92000001" {
		t.Error("the codes are shared with the reader's")
	}
	if got := LeftOut(nil); got == nil || len(got) != 0 {
		t.Errorf("none is %#v, which JSON writes as null", got)
	}
}
