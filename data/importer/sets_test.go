package importer

import (
	"errors"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
)

// setFormat is a table of several years and kinds, which must not be added, with
// rows of "ALL" that sum the kinds of provider.
func setFormat() *Format {
	return &Format{
		Name: "sets", Title: "Sets", Kinds: []Kind{FlowTable, PopulationTable},
		Layouts: []Layout{{Era: "sets", Need: []string{"Year", "Kind", "Area", "Practice", "Number"}}},
		Open: func(im *Import) Reader {
			sets := &SetColumns{What: "sets of years and kinds", Columns: []string{"Year", "Kind", "Absent"}}
			return NewSetReader(sets, &PairReader{
				Import:   im,
				Area:     func(h *Heading) int { return h.Column("Area") },
				Provider: func(h *Heading) int { return h.Column("Practice") },
				Count:    func(h *Heading) int { return h.Column("Number") },
				Columns:  sets.Heading,
				Group:    func(r Row) ([]byte, error) { return sets.Group(r), nil },
				Total:    func(r Row) bool { return r.Text(5) == "total" },
				Skip:     func(r Row) string { return sets.Skip(im, r) },
			})
		},
	}
}

const setText = "Year,Kind,Area,Practice,Number,Row\n2020-21,all,A,P,10,\n2020-21,all,A,Q,5,\n2020-21,all,B,P,7,\n2021-22,all,A,P,100,\n2021-22,day,A,P,40,\n"

func readSets(t *testing.T, text string, o Options) (*Result, error) {
	t.Helper()
	return Read(t.Context(), FormatList{setFormat()}, "sets", []Input{{"s.csv", strings.NewReader(text)}}, o)
}

// Rows of several sets are refused with the sets and the way out; a period, a
// condition, or both leave one.
func TestSetsAreNotAdded(t *testing.T) {
	for _, tt := range []struct {
		o    Options
		want float64 // patients; 0 where it is refused
		says string
	}{
		{Options{}, 0, `3 sets of years and kinds ("2020-21, all", "2021-22, all", …); choose one with --period or --where`},
		{Options{Period: "2021-22"}, 0, `2 sets of years and kinds ("2021-22, all", "2021-22, day", …); choose one with --period or --where`},
		{Options{Period: "2020-21"}, 22, ""},
		{Options{Period: "2021-22", Where: []table.Condition{{Column: "Kind", Value: "day"}}}, 40, ""},
	} {
		out, err := readSets(t, setText, tt.o)
		if tt.want == 0 {
			if !errors.Is(err, table.ErrMixedSets) || !strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "s.csv:1:") {
				t.Errorf("%+v: got %v, want %q", tt.o, err, tt.says)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, r := range out.Flows {
			sum += r.Count.Value
		}
		if sum != tt.want {
			t.Errorf("%+v: %v patients, want %v", tt.o, sum, tt.want)
		}
	}
}

// As a population, the practices of an area are added up and no flows are left.
func TestSetsAsPopulation(t *testing.T) {
	out, err := readSets(t, setText, Options{Kind: PopulationTable, Period: "2020-21"})
	if err != nil {
		t.Fatal(err)
	}
	p := out.Populations
	if len(p) != 2 || p[0] != (data.Population{Area: "A", People: 15}) || p[1] != (data.Population{Area: "B", People: 7}) || out.Flows != nil {
		t.Errorf("got %v and flows %v", p, out.Flows)
	}
}

// A printed total that is off is refused with its place and without its number;
// where told to, the rows count and the report has the sentence.
func TestTotalsAreHeldAgainstTheirRows(t *testing.T) {
	text := "Year,Kind,Area,Practice,Number,Row\n2020-21,all,A,P,10,\n2020-21,all,A,P,5,\n2020-21,all,A,P,1234,total\n"
	_, err := readSets(t, text, Options{})
	if !errors.Is(err, ErrTotal) || !strings.HasPrefix(err.Error(), "s.csv:4:1: ") || !strings.Contains(err.Error(), "P from A, 2020-21, all") || strings.Contains(err.Error(), "1234") {
		t.Errorf("got %v", err)
	}
	out, err := readSets(t, text, Options{IgnoreTotals: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Flows) != 1 || out.Flows[0].Count != flow.Exactly(15) || len(out.Report.Differences) != 1 {
		t.Errorf("got %v, %v", out.Flows, out.Report.Differences)
	}
	if out, err = readSets(t, strings.Replace(text, "1234", "15", 1), Options{}); err != nil || out.Flows[0].Count != flow.Exactly(15) {
		t.Errorf("a total that agrees: %v, %v", out, err)
	}
}
