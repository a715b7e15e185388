package data

import (
	"reflect"
	"strings"
	"testing"
)

// A table of units is known by its headings, or by its order.
func TestReadUnits(t *testing.T) {
	want := []AreaUnit{{"E1", "Kent", 2}, {"E2", "Kent", 3}, {"E3", "Essex", 5}}
	for name, text := range map[string]string{
		"headings":         "area,unit\nE1,Kent\nE2,Kent\nE9,\nE3,Essex\n",
		"other way round":  "county,name,msoa_code\nKent,x,E1\nKent,x,E2\n,x,E9\nEssex,y,E3\n",
		"unknown headings": "this,that\nE1,Kent\nE2,Kent\nE9,\nE3,Essex\n",
		"one known":        "bezirk,area\nKent,E1\nKent,E2\n,E9\nEssex,E3\n",
	} {
		got, rep, err := ReadUnits(t.Context(), name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got, want) || rep.Absent != 1 {
			t.Errorf("%s: got %v, %d without a unit", name, got, rep.Absent)
		}
	}
}

// Faults of a table of units have their place.
func TestReadUnitsFaults(t *testing.T) {
	for text, want := range map[string]string{
		"area,unit\nE1,Kent\nE1,Essex\n": "units.csv:3:1: ",
		"area\nE1\n":                     "no unit",
		"area,unit\n":                    "no rows under the header",
	} {
		_, _, err := ReadUnits(t.Context(), "units.csv", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
	}
}
