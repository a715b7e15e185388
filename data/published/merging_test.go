package published

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
)

func figuresText(fs []data.Figure) string {
	var b strings.Builder
	for _, f := range fs {
		fmt.Fprintf(&b, "%s %s %s %s/%s %s\n", f.Entity, f.Indicator, f.Period, f.Numerator.Text(), f.Denominator.Text(), f.Value.Text())
	}
	return b.String()
}

func TestMergersReachFigures(t *testing.T) {
	known := func(e, i string, num, den float64) data.Figure {
		return data.Figure{Entity: e, Indicator: i, Period: "2018", Numerator: data.Known(num), Denominator: data.Known(den)}
	}
	value := func(e, i string, v float64) data.Figure {
		return data.Figure{Entity: e, Indicator: i, Period: "2018", Value: data.Known(v)}
	}
	mergers := []codebook.Succession{{Old: "RDZ", New: "R0D", Date: "2020-10-01"}, {Old: "RD3", New: "R0D", Date: "2020-10-01"}, {Old: "RXH", New: "RYR", Date: "2021-04-01"}, {Old: "RW6", New: "RM3", Date: "2021-10-01"}, {Old: "RW6", New: "R0A", Date: "2021-10-01"}}
	for _, c := range []struct {
		name, day, rule string
		figures         []data.Figure
		want            string
		lost            int
	}{
		{"added up", "", "", []data.Figure{known("RDZ", "ae_4h", 90, 100), known("RD3", "ae_4h", 150, 200), known("RA1", "ae_4h", 1, 2)}, "R0D ae_4h 2018 240/300 \nRA1 ae_4h 2018 1/2 \n", 0},
		{"with the successor's own", "", "", []data.Figure{known("RXH", "ae_4h", 9, 10), known("RYR", "ae_4h", 8, 10)}, "RYR ae_4h 2018 17/20 \n", 0},
		{"before the day", "2020-01-01", "", []data.Figure{known("RDZ", "ae_4h", 90, 100)}, "RDZ ae_4h 2018 90/100 \n", 0},
		{"in equal parts", "", "RW6=equal", []data.Figure{known("RW6", "ae_4h", 90, 101)}, "R0A ae_4h 2018 45/50.5 \nRM3 ae_4h 2018 45/50.5 \n", 0},
		{"a value alone", "", "", []data.Figure{value("RXH", "shmi", 1.02)}, "RYR shmi 2018 / 1.02\n", 0},
		{"values that cannot be pooled", "", "", []data.Figure{value("RDZ", "shmi", 1.02), value("RD3", "shmi", 0.9)}, "", 2},
		{"a value beside a count", "", "", []data.Figure{value("RDZ", "dtoc", 3), known("RD3", "dtoc", 5, 100)}, "R0D dtoc 2018 5/100 \n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := codebook.NewSuccessors(mergers)
			if c.rule != "" {
				if err := s.Rule(c.rule); err != nil {
					t.Fatal(err)
				}
			}
			out, rep, err := s.Figures(c.figures, c.day)
			if err != nil {
				t.Fatal(err)
			}
			if got := figuresText(out); got != c.want || len(rep.Lost) != c.lost {
				t.Errorf("got %q, %d lost; want %q, %d", got, len(rep.Lost), c.want, c.lost)
			}
			for _, sum := range rep.Sums {
				if c.lost == 0 && (sum.NumeratorBefore != sum.NumeratorAfter || sum.DenominatorBefore != sum.DenominatorAfter) {
					t.Errorf("sums differ: %+v", sum)
				}
			}
		})
	}
	if _, _, err := codebook.NewSuccessors(mergers).Figures([]data.Figure{known("RW6", "ae_4h", 1, 2)}, ""); !errors.Is(err, codebook.ErrSeveralSuccessors) {
		t.Errorf("several successors without a rule: %v", err)
	}
}

// A figure of some of the organisations that one took over from says so.
func TestFiguresOfAPart(t *testing.T) {
	nan := math.NaN()
	row := func(e string, num, den float64) data.Observation {
		return data.Observation{Entity: e, Indicator: "ae_4h", Period: "2018", Numerator: num, Denominator: den, Value: nan, Lower: nan, Upper: nan}
	}
	s := codebook.NewSuccessors([]codebook.Succession{{Old: "RDZ", New: "R0D"}, {Old: "RD3", New: "R0D"}, {Old: "00F", New: "13T"}, {Old: "00G", New: "13T"}})
	volume := map[string]float64{"RDZ": 300, "RD3": 100, "RA1": 50, "00F": 10, "00G": 30}
	for _, c := range []struct {
		name  string
		rows  []data.Observation
		share string
	}{
		{"both", []data.Observation{row("RDZ", 1, 2), row("RD3", 1, 2)}, "0 []"},
		{"one of two providers", []data.Observation{row("RDZ", 1, 2), row("RA1", 1, 2)}, "0.75 [{R0D ae_4h 2018 0.75 [RD3]}]"},
		{"one of two areas", []data.Observation{row("00F", 1, 2)}, "0.25 [{13T ae_4h 2018 0.25 [00G]}]"},
	} {
		list, rep, err := s.Observations(c.rows, "", nil, volume)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(list[0].Share, rep.Parts); got != strings.Replace(c.share, "[]", "[]", 1) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.share)
		}
	}
	stays := func(code string) bool { return code == "00F" }
	list, _, err := s.Observations([]data.Observation{row("00F", 1, 2)}, "", stays, volume)
	if err != nil || list[0].Entity != "00F" || list[0].Share != 0 {
		t.Errorf("an area that the flows still have: %+v, %v", list, err)
	}
	obs, _, err := data.ReadIndicators(t.Context(), "i.csv", strings.NewReader("entity,indicator,numerator,denominator,share_of_patients\nR0D,ae_4h,1,2,0.75\nRA1,ae_4h,1,2,\n"))
	if err != nil || obs[0].Share != 0.75 || obs[1].Share != 0 {
		t.Errorf("got %+v, %v", obs, err)
	}
	if _, _, err := data.ReadIndicators(t.Context(), "i.csv", strings.NewReader("entity,indicator,numerator,denominator,share_of_patients\nR0D,ae_4h,1,2,75\n")); err == nil || !strings.Contains(err.Error(), "i.csv:2:15: ") {
		t.Errorf("a share of 75: %v", err)
	}
}

func TestAdviceNamesTheFlagOfAreas(t *testing.T) {
	s := codebook.NewSuccessors([]codebook.Succession{{Old: "00F", New: "13T"}, {Old: "RW3", New: "R0A"}})
	d := codebook.Diagnose([]codebook.CodeUse{{Code: "00F", Patients: 9}}, []string{"13T"}, codebook.References{Successors: s, Areas: true})
	if !strings.Contains(d.Mismatches[0].Advice, "--successors-of-areas") {
		t.Errorf("areas: %s", d.Mismatches[0].Advice)
	}
	d = codebook.Diagnose([]codebook.CodeUse{{Code: "RW3", Patients: 9}}, []string{"R0A"}, codebook.References{Successors: s})
	if strings.Contains(d.Mismatches[0].Advice, "-of-areas") {
		t.Errorf("providers: %s", d.Mismatches[0].Advice)
	}
	if got := fmt.Sprint(s.Closed([]string{"00F", "01H", "13T"}, "")); got != "[00F]" {
		t.Errorf("closed: %s", got)
	}
}

func TestNobody(t *testing.T) {
	for code, want := range map[string]bool{"NONC": true, "X24": true, "Y56": true, "NO2011": true, "7A1": false, "W06000001": false, "02P": false, "13T": false} {
		if got := codebook.Nobody(code); got != want {
			t.Errorf("%s: got %t", code, got)
		}
	}
}

func TestEmergencyTotalsInAnyColumn(t *testing.T) {
	rows := "MSitAE-MARCH-2026,RAA,NHS ENGLAND LONDON,ALPHA,1000,0,200,0,0,0,300,0,4,0,0,0,50,5,300,0,0,100\n"
	for _, total := range []string{
		"MSitAE-MARCH-2026,-,TOTAL,England,1000,0,200,0,0,0,300,0,4,0,0,0,50,5,300,0,0,100\n",
		",,,TOTAl ,1000,0,200,0,0,0,300,0,4,0,0,0,50,5,300,0,0,100\n",
		"MSitAE-MARCH-2026,NULL,,Grand Total,1000,0,200,0,0,0,300,0,4,0,0,0,50,5,300,0,0,100\n",
		"Total,X,,,1000,0,200,0,0,0,300,0,4,0,0,0,50,5,300,0,0,100\n",
	} {
		out, err := Import(t.Context(), "", []importer.Input{{Name: "ae.csv", R: strings.NewReader(aeEra3 + rows + total)}}, importer.Options{})
		if err != nil {
			t.Fatal(total, err)
		}
		for _, f := range out.Figures {
			if f.Entity != "RAA" {
				t.Errorf("%s: %s became an organisation", total, f.Entity)
			}
		}
		if len(out.Report.LeftOut) != 1 || out.Report.LeftOut[0].Reason != "published total" {
			t.Errorf("%s: %+v", total, out.Report.LeftOut)
		}
	}
}

// Flows with codes of two levels are flows, or asked about; never a lookup.
func TestFlowsAreNoLookup(t *testing.T) {
	for _, c := range []struct {
		text, format string
		opts         importer.Options
	}{
		{"practice_code,trust_code,spells\nA81001,RAA,120\n", "long", importer.Options{}},
		{"LSOA11CD,NHS_TRUST22_CODE,patients\nE01000001,RAA,9\n", "long", importer.Options{}},
		{"pcn_code,trust_code,admissions\nU12345,RAA,9\n", "long", importer.Options{Area: "pcn_code"}},
		{"LSOA11CD,CCG21CD,FID\nE01000001,E38000001,1\n", "lookup", importer.Options{}},
		{"nhs_trust22_code,ltla21_code,proportion_trust_came_from_ltla\nRAA,E06000001,0.5\n", "lookup", importer.Options{}},
	} {
		out, err := Import(t.Context(), "", []importer.Input{{Name: "f.csv", R: strings.NewReader(c.text)}}, c.opts)
		if err != nil || out.Format.Name != c.format {
			t.Errorf("%s: got %+v, %v", c.text, out, err)
		}
	}
	_, err := Import(t.Context(), "", []importer.Input{{Name: "f.csv", R: strings.NewReader("pcn_code,trust_code,admissions\nU12345,RAA,9\n")}}, importer.Options{})
	if err == nil || !strings.Contains(err.Error(), "--area-column") {
		t.Errorf("an area that is not known: %v", err)
	}
}

func TestWideTablesLeaveOutWhatIsNoArea(t *testing.T) {
	out, err := Import(t.Context(), "matrix", []importer.Input{{Name: "p.csv", R: strings.NewReader("area,RAA,RBB,(blank),Total\nE1,900,40,0,940\n(blank),1,2,0,3\nUnknown,5,5,0,10\nGrand Total,906,47,0,953\n")}}, importer.Options{})
	if err != nil || fmt.Sprint(out.Flows) != "[{E1 RAA {900 900 900 900} false 0} {E1 RBB {40 40 40 40} false 0}]" {
		t.Errorf("got %+v, %v", out, err)
	}
}
