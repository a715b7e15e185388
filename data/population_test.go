package data

import (
	"bytes"
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"stpmap/data/table"
)

func TestReadPopulation(t *testing.T) {
	text := "Area Code,Population\nE02,\"1,200\"\nE01,300.5\nE03,..\nE04,0\n"
	list, rep, err := ReadPopulation(t.Context(), "pop.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []Population{{"E01", 300.5, 3}, {"E02", 1200, 2}, {"E04", 0, 5}}
	if !reflect.DeepEqual(list, want) || rep.Absent != 1 || rep.Rows != 4 {
		t.Errorf("got %+v, report %+v", list, rep)
	}
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"twice", "area,population\nE01,1\nE01,1\n", `pop.csv:3:1: duplicate area: "E01", first on line 2`, table.ErrDuplicate},
		{"negative", "area,population\nE01,-1\n", "pop.csv:2:5: negative count: -1", table.ErrNegativeCount},
		{"text", "area,population\nE01,lots\n", `pop.csv:2:5: not a number: "lots"`, table.ErrNotANumber},
		{"NaN", "area,population\nE01,NaN\n", `pop.csv:2:5: not a number: "NaN"`, table.ErrNotANumber},
		{"column", "area,populaton\nE01,1\n", `pop.csv:1:1: missing column: no population (nor pop, residents, inhabitants, people, persons, …) among "area", "populaton"; did you mean "populaton"? (--population-column names it outright)`, table.ErrMissingColumn},
		{"nothing", "area,population\n", "pop.csv:1:1: no rows under the header", table.ErrEmptyTable},
		{"all absent", "area,population\nE01,-\n", "pop.csv:1:1: no rows that say anything", table.ErrEmptyTable},
		{"empty", "", "pop.csv: no rows: the file is empty", table.ErrEmptyTable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadPopulation(t.Context(), "pop.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

// In flows each row of an area says its people, or says nothing.
func TestReadFlowPopulation(t *testing.T) {
	text := "area,provider,count,residents\nB,X,5,900\nA,X,3,\nA,Y,4,1200.5\nB,Y,1,900\nC,X,2,..\nA,Z,1,1200.5\n"
	list, _, err := ReadFlowPopulation(t.Context(), "flows.csv", strings.NewReader(text))
	if want := []Population{{"A", 1200.5, 4}, {"B", 900, 2}}; err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("got %+v, %v; want %+v", list, err, want)
	}
	_, rep, err := ReadFlowPopulation(t.Context(), "flows.csv", strings.NewReader("area,count,people\nA,5,100\nB,1,7\nA,3,120\n"), table.Column(PopulationRole.Name, "people"))
	check(t, rep, err, `flows.csv:4:1: area "A" has 120 people here and 100 on line 2: one number is wanted for each area`, nil)
	_, rep, err = ReadFlowPopulation(t.Context(), "flows.csv", strings.NewReader("area,count,people\nA,5,-100\n"))
	check(t, rep, err, "flows.csv:2:5: negative count: -100", table.ErrNegativeCount)
}

func FuzzReadPopulation(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Population, table.Report, error) {
		return ReadPopulation(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, p Population) {
		if p.Area == "" || !(p.People >= 0 && p.People <= math.MaxFloat64) {
			t.Fatalf("%+v", p)
		}
	}, "area,population\nE01,5\n", "code;pop\nA;\"1,2\"\n")
}
