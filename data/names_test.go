package data

import (
	"reflect"
	"strings"
	"testing"
)

// A table of names is known by its headings, or by its order.
func TestReadNames(t *testing.T) {
	want := []GivenName{{"F01", "Kent and Medway", 2}, {"E3", "Essex", 4}}
	for name, text := range map[string]string{
		"headings":         "footprint,name\nF01,Kent and Medway\nF02,\nE3,Essex\n",
		"other way round":  "label,x,member\nKent and Medway,1,F01\n,2,F02\nEssex,3,E3\n",
		"unknown headings": "this,that\nF01,Kent and Medway\nF02,\nE3,Essex\n",
	} {
		got, rep, err := ReadNames(t.Context(), name, strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got, want) || rep.Absent != 1 {
			t.Errorf("%s: got %v, %d without a name", name, got, rep.Absent)
		}
	}
	for text, want := range map[string]string{
		"footprint,name\nF01,Kent\nF01,Essex\n": "names.csv:3:1: ",
		"footprint\nF01\n":                      "no name",
	} {
		if _, _, err := ReadNames(t.Context(), "names.csv", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
	}
}
