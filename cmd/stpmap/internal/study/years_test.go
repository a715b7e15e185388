package study

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// Years are kept apart, and added up as files that are no years are: the same
// flows, report and door.
func TestYearsAreKeptApart(t *testing.T) {
	folder(t, map[string]string{
		"2018.csv": flowsCSV + "E01,X,5\nE05,Z,0\n",
		"2019.csv": "area,provider,count\nE01,X,90\nE02,Y,95\nE04,W,3\n",
	})
	r := request()
	r.Flows.Flows, r.SuppressBelow = []string{"2018.csv", "2019.csv"}, 5
	plain := read(t, r)
	r.Yearly = true
	in := read(t, r)
	if in.Matrix.SHA256() != plain.Matrix.SHA256() || len(plain.Years) != 0 {
		t.Error("years added up are not the flows of both files")
	}
	a, b := in.MatrixReport, plain.MatrixReport
	if a.Rows != b.Rows || a.Rows != 9 || a.SuppressedCells != b.SuppressedCells || !slices.Equal(a.AreasWithoutFlow, b.AreasWithoutFlow) || !slices.Equal(a.AreasWithoutFlow, []string{"E05"}) || !slices.Equal(a.ProvidersWithoutFlow, []string{"Z"}) {
		t.Errorf("reports %+v and %+v", a, b)
	}
	if len(in.Years) != 2 || in.Years[0].Name != "2018" || in.Years[1].Name != "2019" {
		t.Fatalf("years %+v", in.Years)
	}
	if got := in.Years[0].Matrix.RowTotal(0); got != 115 {
		t.Errorf("E01 has %v patients in 2018", got)
	}
	// Nobody behind the door knows a small count of a year either.
	last := in.Years[1].Matrix
	if c := last.At(2, 0); !c.Suppressed() || c.Lower != 1 || c.Upper != 4 {
		t.Errorf("the 3 patients of E04 are %+v", c)
	}
	r.Flows.Flows = []string{"2018.csv"}
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "--doubt years needs the flows of two years or more") {
		t.Errorf("one year: %v", err)
	}
}

// Names of years are those of files, without folders and endings.
func TestNamesOfYears(t *testing.T) {
	for file, want := range map[string]string{"a/b/2018.csv": "2018", "y2019.csv.gz": "y2019", "-": "-", ".hidden": ".hidden", "plain": "plain"} {
		if got := yearName(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

// Years are brought to the successors that their sum is brought to.
func TestYearsSucceed(t *testing.T) {
	folder(t, map[string]string{
		"2018.csv": "area,provider,count\nE01,RM2,100\nE02,RY1,50\n",
		"2019.csv": "area,provider,count\nE01,R0A,110\nE02,RY1,60\n",
		"succ.csv": "old_code,new_code,date\nRM2,R0A,2019-04-01\n",
	})
	r := request()
	r.Flows.Flows, r.Yearly = []string{"2018.csv", "2019.csv"}, true
	r.Successors = "succ.csv"
	in := read(t, r)
	for _, y := range in.Years {
		if !slices.Equal(y.Matrix.Providers(), in.Matrix.Providers()) || !slices.Equal(y.Matrix.Providers(), []string{"R0A", "RY1"}) {
			t.Errorf("%s has providers %v, all years %v", y.Name, y.Matrix.Providers(), in.Matrix.Providers())
		}
	}
}

// People are read from a column of the flows; the last file that says them counts.
func TestPeopleInFlows(t *testing.T) {
	folder(t, map[string]string{
		"a.csv": "area,provider,count,people\nE01,X,100,1000\nE02,Y,50,\nE03,Y,40,3000\n",
		"b.csv": "area,provider,count,people\nE01,X,10,1100\n",
		"p.csv": "area,population\nE02,7\n",
	})
	r := request()
	r.Flows.Flows, r.PopulationColumn = []string{"a.csv", "b.csv"}, "people"
	in := read(t, r)
	if p := in.Population; len(p) != 3 || p[0] != 1100 || !math.IsNaN(p[1]) || p[2] != 3000 {
		t.Errorf("people %v", p)
	}
	if !slices.ContainsFunc(in.Notes, func(s string) bool { return strings.Contains(s, "the population of 1 area is not known: E02") }) {
		t.Errorf("notes %q", in.Notes)
	}
	// A table of people comes first.
	r.Population, r.PopulationColumn = "p.csv", "population"
	if in := read(t, r); in.Population[1] != 7 || !math.IsNaN(in.Population[0]) {
		t.Errorf("people %v with a table of them", in.Population)
	}
	r.Population, r.PopulationColumn, r.Flows.Flows = "", "people", []string{"-"}
	r.Source = Disk{Stdin: strings.NewReader("area,provider,count,people\nE01,X,100,1000\n")}
	if _, err := r.Read(t.Context(), quiet()); err == nil || !strings.Contains(err.Error(), "standard input: a column of people is read from files only: give --population") {
		t.Errorf("standard input: %v", err)
	}
}
