package codebook

import (
	"reflect"
	"testing"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

var borderRecords = []data.Record{
	{Area: "W01000001", Provider: "R1H", Count: flow.Exactly(30)},
	{Area: "W01000002", Provider: "R1H", Count: flow.Between(1, 4)},
	{Area: "E01000001", Provider: "7A4", Count: flow.Exactly(12)},
	{Area: "S08000017", Provider: "R1H", Count: flow.Exactly(20)},
	{Area: "E01000001", Provider: "R1H", Count: flow.Exactly(500)},
	{Area: "S08000017", Provider: "S08000024", Count: flow.Exactly(70)},
	{Area: "W01000001", Provider: "Other", Count: flow.Exactly(9)}, // no country known
	{Area: "A", Provider: "R1H", Count: flow.Exactly(9)},
}

func TestCrossings(t *testing.T) {
	want := []Crossing{
		{"England", "Wales", flow.Exactly(12)},
		{"Scotland", "England", flow.Exactly(20)},
		{"Wales", "England", flow.Exactly(30).Plus(flow.Between(1, 4))},
	}
	if got := Crossings(borderRecords); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	b, one := flow.NewBuilder(), flow.NewOneModeBuilder()
	for _, r := range borderRecords {
		if err := b.Add(r.Area, r.Provider, r.Count); err != nil {
			t.Fatal(err)
		}
		if err := one.Add(r.Area, r.Provider, r.Count); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if got := CrossingsOf(m); !reflect.DeepEqual(got, want) {
		t.Errorf("of a matrix: got %v\nwant %v", got, want)
	}
	if m, _, err = one.Build(); err != nil {
		t.Fatal(err)
	}
	if got := CrossingsOf(m); got != nil {
		t.Errorf("of one mode: %v", got)
	}
	if got := Crossings(borderRecords[4:6]); len(got) != 0 {
		t.Errorf("nobody crosses, and %v", got)
	}
}

// Every board is of the country that its name says, and has no other's name.
func TestBoards(t *testing.T) {
	names := map[string]string{}
	for code, name := range boards {
		if name == "" || BoardName(code) != name {
			t.Errorf("%s is %q", code, name)
		}
		if table.OutsideOf(code) == "" && code != "RQF" && code != "RT4" {
			t.Errorf("%s (%s) is of England", code, name)
		}
		if c := table.CountryOf(code); c == "England" {
			t.Errorf("%s (%s) is of England", code, name)
		} else if was, ok := names[name]; ok && was != c {
			t.Errorf("%s is of %s and of %s", name, was, c)
		} else {
			names[name] = c
		}
	}
	if BoardName("R1H") != "" || BoardName("S08000014") != "" {
		t.Error("a code without a board has a name")
	}
	got := TwiceNamed([]string{"7A1", "S08000018", "S08000020", "S08000029", "W11000023", "X"})
	if want := [][2]string{{"S08000018", "S08000029"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("codes of two years: %v", got)
	}
}
