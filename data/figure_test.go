package data

import (
	"errors"
	"math"
	"strings"
	"testing"

	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/fault"
)

// Numbers that are not known stay unknown through text, sums and observations.
func TestNumbersThatAreNotKnown(t *testing.T) {
	if (Number{}).Text() != "" || Known(0).Text() != "0" || Known(2.5).Text() != "2.5" || Known(1e6).Text() != "1000000" {
		t.Errorf("%q, %q, %q, %q", Number{}.Text(), Known(0).Text(), Known(2.5).Text(), Known(1e6).Text())
	}
	if got := Known(2).Plus(Known(3)); got != Known(5) {
		t.Errorf("2 and 3 are %+v", got)
	}
	for _, pair := range [][2]Number{{{}, Known(3)}, {Known(3), {}}, {{}, {}}} {
		if got := pair[0].Plus(pair[1]); got.Known {
			t.Errorf("%+v and %+v are %+v", pair[0], pair[1], got)
		}
	}
	f := Figure{Entity: "RA", Indicator: "ae_4h", Period: "2016", Numerator: Known(9), Value: Known(0.9)}
	o := f.Observation()
	if o.Entity != "RA" || o.Indicator != "ae_4h" || o.Period != "2016" || o.Numerator != 9 || o.Value != 0.9 || !math.IsNaN(o.Denominator) || !math.IsNaN(o.Lower) || !math.IsNaN(o.Upper) {
		t.Errorf("%+v", o)
	}
}

// Flows that are written read back as the same, suppressed counts with the mark
// that is said.
func TestWrittenFlowsReadBack(t *testing.T) {
	for _, c := range []struct {
		name    string
		records []Record
		text    string
		mark    string
	}{
		{"numbers", []Record{{Area: "A", Provider: "P", Count: flow.Exactly(12)}, {Area: "B", Provider: "P", Count: flow.Exactly(0.5)}}, "A,P,12\nB,P,0.5\n", ""},
		{"below five", []Record{{Area: "A", Provider: "P", Count: flow.Between(1, 4)}, {Area: "B", Provider: "P", Count: flow.Between(1, 9)}}, "A,P,<5\nB,P,<10\n", ""},
		{"a mark", []Record{{Area: "A", Provider: "P", Count: flow.Between(2, 6)}, {Area: "B", Provider: "P", Count: flow.Between(2, 6)}}, "A,P,*\nB,P,*\n", "*=2:6"},
		{"absent", []Record{{Area: "A", Provider: "P", Count: flow.Exactly(3)}, {Area: "B", Provider: "P", Absent: true}}, "A,P,3\n", ""},
	} {
		var b strings.Builder
		mark, err := WriteFlows(&b, c.records)
		if err != nil || mark != c.mark || b.String() != "area,provider,count\n"+c.text {
			t.Errorf("%s: %q, mark %q, %v", c.name, b.String(), mark, err)
			continue
		}
		var opts []table.Option
		if mark != "" {
			marks, err := table.ParseSuppression(mark)
			if err != nil {
				t.Fatal(err)
			}
			opts = append(opts, table.Suppressed(marks))
		}
		m, _, err := readFlows(t, b.String(), opts...)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range c.records {
			a, _ := m.AreaIndex(r.Area)
			p, _ := m.ProviderIndex(r.Provider)
			if !r.Absent && m.At(a, p) != r.Count {
				t.Errorf("%s: %s to %s is read as %+v, want %+v", c.name, r.Area, r.Provider, m.At(a, p), r.Count)
			}
		}
	}
	_, err := WriteFlows(&strings.Builder{}, []Record{{Area: "A", Provider: "P", Count: flow.Between(2, 6)}, {Area: "B", Provider: "P", Count: flow.Between(0, 3)}})
	if !errors.Is(err, ErrBounds) || !strings.Contains(err.Error(), "0 to 3 beside 2 to 6") {
		t.Errorf("two kinds of bounds: %v", err)
	}
}

// Whatever a count is, its text reads back as the same count: in a table of flows,
// and by itself.
func TestCountTextReadsBack(t *testing.T) {
	for _, c := range []struct {
		count flow.Count
		text  string
	}{
		{flow.Exactly(0), "0"},
		{flow.Exactly(1234.5), "1234.5"},
		{flow.Between(1, 4), "<5"},
		{flow.Between(0, 4), "0+0:4"},
		{flow.Between(2, 6.5), "0+2:6.5"},
		{flow.Exactly(400).Plus(flow.Between(1, 4)), "400+1:4"},
		{flow.Exactly(7).Plus(flow.Between(0, 3)), "7+0:3"},
		{flow.Exactly(0.25).Plus(flow.Between(2, 14)), "0.25+2:14"},
	} {
		if got := CountText(c.count); got != c.text {
			t.Errorf("%+v is written %q, want %q", c.count, got, c.text)
		}
		got, absent, err := table.ParseCount(c.text, table.Suppression{})
		if got != c.count || absent || err != nil {
			t.Errorf("%q is read as %+v, %t, %v, want %+v", c.text, got, absent, err, c.count)
		}
		m, rep, err := readFlows(t, "area,provider,count\nA,P,"+c.text+"\nB,P,20\n")
		if err != nil {
			t.Errorf("%q in a table: %v", c.text, err)
			continue
		}
		if a, ok := m.AreaIndex("A"); ok && m.At(a, 0) != c.count {
			t.Errorf("%q in a table is %+v, want %+v", c.text, m.At(a, 0), c.count)
		}
		if c.count.Suppressed() && (rep.SuppressedRows != 1 || len(rep.Marks) != 1) {
			t.Errorf("%q in a table: %d suppressed rows, marks %+v", c.text, rep.SuppressedRows, rep.Marks)
		}
	}
}

// The canonical form of a matrix with bounds is a table of flows that reads back
// as the same matrix.
func TestCanonicalFlowsReadBack(t *testing.T) {
	m, _, err := readFlows(t, "area,provider,count\nA,P,100\nA,P,<5\nA,Q,<8\nB,P,*\nB,Q,7\nB,Q,*\n")
	if err != nil {
		t.Fatal(err)
	}
	text := canonical(t, m)
	again, _, err := readFlows(t, text)
	if err != nil {
		t.Fatal(err)
	}
	if canonical(t, again) != text || again.SHA256() != m.SHA256() || again.Total() != m.Total() {
		t.Errorf("%s is read as\n%s", text, canonical(t, again))
	}
}

// What looks like bounds and is none is no count.
func TestBoundsThatAreNone(t *testing.T) {
	for _, text := range []string{"400+", "400+1", "400+1:", "+1:4", "400+4:1", "-1+1:4", "400+-1:4", "400+a:4", "1:4", "400:1+4"} {
		if c, absent, err := table.ParseCount(text, table.Suppression{}); err == nil {
			t.Errorf("%q is read as %+v, %t", text, c, absent)
		}
	}
}

// Figures and people are written as they are read.
func TestWrittenFiguresReadBack(t *testing.T) {
	var b strings.Builder
	figures := []Figure{
		{Entity: "RA", Indicator: "ae_4h", Period: "2016", Numerator: Known(90), Denominator: Known(100)},
		{Entity: "RB", Indicator: "ae_4h", Value: Known(0.8), Lower: Known(0.7), Upper: Known(0.9)},
	}
	if err := WriteFigures(&b, figures); err != nil {
		t.Fatal(err)
	}
	if want := "entity,indicator,period,numerator,denominator,value,lower,upper\nRA,ae_4h,2016,90,100,,,\nRB,ae_4h,,,,0.8,0.7,0.9\n"; b.String() != want {
		t.Errorf("got %s", b.String())
	}
	b.Reset()
	if err := WritePopulations(&b, []Population{{Area: "E01", People: 12}, {Area: "E02", People: 0.5}}); err != nil || b.String() != "area,population\nE01,12\nE02,0.5\n" {
		t.Errorf("got %s, %v", b.String(), err)
	}
	people, _, err := ReadPopulation(t.Context(), "p.csv", strings.NewReader(b.String()))
	if err != nil || len(people) != 2 || people[1].Area != "E02" || people[1].People != 0.5 {
		t.Errorf("read %+v, %v", people, err)
	}
}

func TestReadRatings(t *testing.T) {
	for _, c := range []struct{ name, text, want, fault string }{
		{"words", "stp_code,rating\nE54000005,Outstanding\nE54000006,-\nE54000007,2\n", "E54000005 Outstanding 2, E54000007 2 4", ""},
		{"other headings", "ICB23CD;Overall rating;Note\nX1;3;a\n", "X1 3 2", ""},
		{"a pattern of a heading", "code,cqc_rating\nX1,good\n", "X1 good 2", ""},
		{"twice", "code,rating\nX1,1\nX1,2\n", "", "r.csv:3:1: "},
		{"no rating at all", "code,rating\nX1,\nX2,..\n", "", "no rows that say anything"},
		{"no column", "code,value\nX1,1\n", "", "rating"},
		{"no code", "code,rating\n,1\n", "", "r.csv:2:1: "},
	} {
		list, _, err := ReadRatings(t.Context(), "r.csv", strings.NewReader(c.text))
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.fault)
			}
			continue
		}
		var got []string
		for _, r := range list {
			got = append(got, strings.Join([]string{r.Code, r.Label, table.FormatNumber(float64(r.Line))}, " "))
			if r.File != "r.csv" {
				t.Errorf("%s: from %q", c.name, r.File)
			}
		}
		if err != nil || strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, got, err, c.want)
		}
	}
}

// Omissions are kept by reason, with their codes in order and each once, and said
// in a sentence.
func TestOmissions(t *testing.T) {
	var l Omissions
	l.Add(table.LeftSum, "E92", 2, 30)
	l.Add(table.LeftNowhere, "X98", 1, 4)
	l.Add(table.LeftSum, "E12", 1, 5)
	l.Add(table.LeftSum, "E92", 1, 1)
	l.Add(table.LeftWithoutCode, "", 3, 0)
	got := map[string]string{}
	for _, o := range l.Sorted() {
		got[o.Reason] = o.String()
	}
	for reason, want := range map[string]string{
		table.LeftSum:         "4 rows left out, 36 patients: sums of other rows (E12, E92)",
		table.LeftNowhere:     "1 row left out, 4 patients: codes of no place (does not apply, offshore, abroad) (X98)",
		table.LeftWithoutCode: "3 rows left out, 0 patients: rows without a code (blank)",
	} {
		if got[reason] != want {
			t.Errorf("got %q, want %q", got[reason], want)
		}
	}
	one := Omitted{Reason: "why", Codes: []string{"A"}, Rows: 1, Patients: 3}
	if s := one.Sentence(false); s != "1 row left out: why (A)" {
		t.Errorf("without patients: %q", s)
	}
	if s := SomeCodes([]string{"A", "B", "C", "D", "E", "F", "G"}); s != "A, B, C, D, E and 2 more" {
		t.Errorf("many codes: %q", s)
	}
	if s := SomeCodes(nil); s != "" {
		t.Errorf("no codes: %q", s)
	}
}

// Of a row's two codes the worse is why it does not count.
func TestRanksOfKinds(t *testing.T) {
	order := []table.PlaceKind{table.APlace, table.PerhapsSum, table.SumOfRows, table.Nowhere, table.WithoutCode}
	for i, k := range order {
		if Rank(k) != i {
			t.Errorf("kind %v has rank %d, want %d", k, Rank(k), i)
		}
	}
	_, _, err := readFlows(t, "area,provider,count\nE01,,5\n")
	var located *fault.List
	if !errors.As(err, &located) {
		t.Errorf("a row without a provider: %v", err)
	}
}
