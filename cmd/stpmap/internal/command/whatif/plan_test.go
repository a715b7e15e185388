package whatif

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stpmap/flow"
	"stpmap/footprint"
)

func TestSet(t *testing.T) {
	for _, c := range []struct{ flag, text, want string }{
		{"close", " RXX ", "{ [RXX] [] [] [] map[] 0 []}"},
		{"open", "NEW=-1.5,52.4,80000", "{ [] [{{NEW -1.5 52.4} 80000}] [] [] map[] 0 []}"},
		{"move", "RXX=-1.5, 52.4", "{ [] [] [{RXX -1.5 52.4}] [] map[] 0 []}"},
		{"join", "A+B=C", "{ [] [] [] [{A B C}] map[] 0 []}"},
		{"capacity", "A=12", "{ [] [] [] [] map[A:12] 0 [A]}"},
		{"headroom", "10%", "{ [] [] [] [] map[] 0.1 []}"},
		{"headroom", "0.25", "{ [] [] [] [] map[] 0.25 []}"},
		{"open", "NEW=-1.5,52.4", "takes a value such as NEW=-1.5,52.4,80000"},
		{"open", "NEW=-1.5,99,10", "takes a value such as NEW=-1.5,52.4,80000"},
		{"open", "NEW=-1.5,52,0", "takes a size above 0"},
		{"move", "=1,2", "takes a value such as RXX=-1.5,52.4"},
		{"join", "A+A=B", "takes a value such as RXX+RYY=RZZ"},
		{"join", "A=B", "takes a value such as RXX+RYY=RZZ"},
		{"capacity", "A=-1", "takes a value such as RXX=120000"},
		{"capacity", "A=NaN", "takes a value such as RXX=120000"},
		{"headroom", "0", "takes a value such as 10%"},
		{"headroom", "much", "takes a value such as 10%"},
	} {
		var p plan
		got := ""
		if err := p.set(c.flag, c.text); err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprint(p)
		}
		if got != c.want {
			t.Errorf("--%s %s: got %s, want %s", c.flag, c.text, got, c.want)
		}
	}
}

func TestContradictions(t *testing.T) {
	for _, c := range []struct {
		name string
		plan plan
		want string
	}{
		{"nothing", plan{}, ""},
		{"closed and moved", plan{close: []string{"A"}, move: []place{{"A", 0, 0}}}, "A stands in --close and in --move"},
		{"closed twice", plan{close: []string{"A", "A"}}, "A stands in --close and in --close"},
		{"closed and joined", plan{close: []string{"A"}, join: []joining{{"B", "A", "C"}}}, "A stands in --close and in --join"},
		{"apart", plan{close: []string{"A"}, join: []joining{{"B", "D", "C"}}, open: []opening{{place{"N", 0, 0}, 1}}}, ""},
	} {
		err := c.plan.contradiction()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestReadPlan(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, text, want, fault string }{
		{"one", "close: RXX\n", "{one [RXX] [] [] [] map[] 0 []}", ""},
		{"several", "close: [A, B]\ncapacity:\n  - C=10\nheadroom: 5%\n", "{several [A B] [] [] [] map[C:10] 0.05 [C]}", ""},
		{"empty", "# nothing\n", "", "expected one YAML document"},
		{"a list", "- close\n", "", "expected what changes"},
		{"nested", "close: {a: b}\n", "", `"close" takes values such as RXX`},
		{"unknown", "shut: A\n", "", `no key "shut"`},
		{"no value", "close: []\n", "", "nothing changes in it"},
	} {
		file := filepath.Join(dir, c.name+".yaml")
		if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, read, err := readPlan(file, nil)
		switch {
		case c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)):
			t.Errorf("%s: got %v, want %s", c.name, err, c.fault)
		case c.fault == "" && (err != nil || fmt.Sprint(p) != c.want):
			t.Errorf("%s: got %v, %v, want %s", c.name, p, err, c.want)
		case c.fault == "" && (read.Name != c.name+".yaml" || read.Bytes != int64(len(c.text)) || len(read.SHA256) != 64):
			t.Errorf("%s: the provenance would say %+v", c.name, read)
		}
	}
}

// What is new lies where most of its patients live; what stays keeps its place.
func TestCarryOver(t *testing.T) {
	matrix := func(cells ...string) *flow.Matrix {
		b := flow.NewBuilder()
		for _, c := range cells {
			if err := b.Add(c[:2], c[2:], flow.Exactly(10)); err != nil {
				t.Fatal(err)
			}
		}
		m, _, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	before := matrix("E1X", "E2X", "E3Y", "E4Y")
	after := matrix("E1X", "E2X", "E3N", "E4N")
	p := footprint.FromGroups(before, []string{"F1", "F1", "F2", "F2"}, []string{"F2", "F1"})
	got := carryOver(before, after, p)
	if fmt.Sprint(got) != "{[0 0 1 1] [1 1] [F1 F2]}" {
		t.Errorf("got %v", got)
	}
	if s := (&side{matrix: after, partition: got}).inside("E3"); s != 1 {
		t.Errorf("E3 is treated inside by %v", s)
	}
}

func TestRounded(t *testing.T) {
	for x, want := range map[float64]string{7: "7", 999: "999", 1234: "1,230", 102745: "103,000", 999999: "1,000,000"} {
		if got := rounded(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
	if got := list([]string{"a", "b", "c"}); got != "a, b and c" {
		t.Errorf("got %s", got)
	}
}

// A whole country of neighbourhoods fits, and what cannot be held is refused.
func TestRoom(t *testing.T) {
	for _, fits := range [][2]int{{0, 0}, {33_755, 420}, {80_000_000, 1}} {
		if err := room(fits[0], fits[1]); err != nil {
			t.Errorf("%v: %v", fits, err)
		}
	}
	want := "20,000 areas with each of 20,000 providers do not fit into 4 GB: group the areas, or leave out small providers"
	if err := room(20_000, 20_000); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
