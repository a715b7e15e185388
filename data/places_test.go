package data

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data/table"
)

// leftIn says what a plain table kept and left out.
func leftIn(t *testing.T, text string, opts ...table.Option) (total float64, areas, providers string, rep FlowReport) {
	t.Helper()
	m, rep, err := readFlows(t, text, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Total().Value, strings.Join(m.Areas(), " "), strings.Join(m.Providers(), " "), rep
}

func TestSumsOfRowsAreLeftOut(t *testing.T) {
	for _, c := range []struct {
		name, text       string
		total            float64
		areas, providers string
		left             int
	}{
		{
			"names with England and a grand total",
			"area,provider,count\nBarnstaple,RH8,10\nTorquay,RH8,20\nEngland,RH8,30\nGrand Total,RH8,30\n",
			30, "Barnstaple Torquay", "RH8", 2,
		},
		{
			"Wales beside its boards, England as a place",
			"area,provider,count\nW06000001,7A1,5\nW06000002,7A1,6\nW92000004,7A1,11\nE92000001,7A1,2\n",
			13, "E92000001 W06000001 W06000002", "7A1", 1,
		},
		{
			"countries alone are places",
			"from,to,n\nE92000001,W92000004,3\nW92000004,S92000003,4\nS92000003,E92000001,5\n",
			12, "E92000001 S92000003 W92000004", "E92000001 S92000003 W92000004", 0,
		},
		{
			"regions alone are places, their country is a sum",
			"area,provider,n\nE12000001,RA,3\nE12000002,RA,4\nE92000001,RA,7\n",
			7, "E12000001 E12000002", "RA", 1,
		},
		{
			"the United Kingdom among countries of the world",
			"from,to,n\nUnited Kingdom,France,3\nFrance,United Kingdom,4\nSpain,France,1\n",
			8, "France Spain United Kingdom", "France United Kingdom", 0,
		},
		{
			"the nations by name",
			"from,to,n\nEngland,Wales,3\nWales,Scotland,4\nScotland,England,1\n",
			8, "England Scotland Wales", "England Scotland Wales", 0,
		},
		{
			"subtotals of a pivot",
			"area,provider,n\n01A,RA,3\n01A Total,RA,3\n02B,RA,4\n02B Total,RA,4\nOverall,RA,7\n",
			7, "01A 02B", "RA", 3,
		},
		{
			"another language",
			"area;provider;count\nNord;K1;3\nSüd;K1;4\nInsgesamt;K1;7\nNord;Gesamt;3\n",
			7, "Nord Süd", "K1", 2,
		},
		{
			"Great Britain over sub-ICBs",
			"area,provider,n\n02P,RA,3\n03F,RB,4\nK03000001,RA,7\n",
			7, "02P 03F", "RA RB", 1,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			total, areas, providers, rep := leftIn(t, c.text)
			if total != c.total || areas != c.areas || providers != c.providers || rep.Left != c.left {
				t.Errorf("got %v of %s and %s, %d left out; want %v of %s and %s, %d", total, areas, providers, rep.Left, c.total, c.areas, c.providers, c.left)
			}
			if rep.Rows != rep.Added+rep.Absent+rep.Filtered+rep.Bad+rep.Left {
				t.Errorf("a row is in none of the numbers: %+v", rep)
			}
		})
	}
}

// A census gives codes to what is no place.
func TestCodesOfNoPlace(t *testing.T) {
	for _, c := range []struct {
		name, text string
		total      float64
		left       string
	}{
		{"2011", "home,work,n\nE02000001,E02000002,5\nE02000001,OD0000002,3\nE02000002,OD0000004,1\n", 5, "OD0000002, OD0000004"},
		{"2021", "home,work,n\nE02000001,E02000002,5\nE02000001,-8,30\n-8,999999999,3\n", 5, "-8"},
		{"labels", "home,work,n\nE02000001,E02000002,5\nE02000001,No fixed place,30\n", 5, "No fixed place"},
	} {
		t.Run(c.name, func(t *testing.T) {
			total, _, _, rep := leftIn(t, c.text)
			if total != c.total || len(rep.Omitted) != 1 || rep.Omitted[0].Reason != table.LeftNowhere {
				t.Fatalf("got %v, %+v", total, rep.Omitted)
			}
			if got := strings.Join(rep.Omitted[0].Codes, ", "); got != c.left {
				t.Errorf("left out %s, want %s", got, c.left)
			}
		})
	}
}

func TestUnknownAndErrorValuesAreNoPlaces(t *testing.T) {
	text := "area,provider,count\nE01,RA,5\n(blank),RA,1\nE02,unknown,2\nNaN,RB,3\n,RB,4\n"
	_, _, err := readFlows(t, text)
	for _, want := range []string{"f.csv:3:1", "f.csv:4:5", "f.csv:5:1", "f.csv:6:1"} {
		if err == nil || !strings.Contains(err.Error(), strings.Replace(want, "f.csv", "flows.csv", 1)) {
			t.Errorf("no fault at %s: %v", want, err)
		}
	}
	if !errors.Is(err, table.ErrMissingCode) {
		t.Errorf("got %v", err)
	}
	total, _, _, rep := leftIn(t, text, table.SkipMissing(true))
	if total != 5 || rep.Left != 4 || rep.Omitted[0].Patients != 10 {
		t.Errorf("got %v, %d left out, %+v", total, rep.Left, rep.Omitted)
	}
	for _, bad := range []string{"#VALUE!", "#N/A", "#NAME?", "2018-03-01", "1/3/2018", "1.00E+02", "1.7E+10", "=VLOOKUP(A2)", "Err:502"} {
		_, _, err := readFlows(t, "area,provider,count\nE01,RA,5\nE02,"+bad+",5\n", table.SkipMissing(true))
		if !errors.Is(err, table.ErrNotACode) || !strings.Contains(err.Error(), "flows.csv:3:5: ") {
			t.Errorf("%s: got %v", bad, err)
		}
	}
	for _, good := range []string{"1E2", "MAR1", "NA1", "R0A", "C", "X", "3/4 Ward", "-"} {
		_, _, err := readFlows(t, "area,provider,count\nE01,RA,5\n"+good+",RA,5\n", table.SkipMissing(true))
		if err != nil {
			t.Errorf("%s: got %v", good, err)
		}
	}
}

func TestCodesHeldAsFloats(t *testing.T) {
	total, areas, providers, rep := leftIn(t, "area,provider,count\n17031010100.0,140001,5\n17031010201.0,140002.0,3\n17031010100,140001,1\n")
	if total != 9 || areas != "17031010100 17031010201" || providers != "140001 140002" || rep.FloatCodes != 3 {
		t.Errorf("got %v of %s and %s, %d", total, areas, providers, rep.FloatCodes)
	}
	if _, areas, _, _ := leftIn(t, "area,provider,count\n101.01,RA,5\n101.00,RA,3\n"); areas != "101.00 101.01" {
		t.Errorf("tracts with decimals: %s", areas)
	}
}

func TestSpeltTwice(t *testing.T) {
	for _, c := range []struct{ codes, want string }{
		{"RAA,raa,RBB", "[{[RAA raa]}]"},
		{"R0A,ROA,RB1,RBI", "[{[R0A ROA]} {[RB1 RBI]}]"},
		{"RBB,RB B,RBB\u200b", "[{[RB B RBB RBB\u200b]}]"},
		{"RBB,RBB\u00b9", "[{[RBB RBB\u00b9]}]"},
		{"RAA,R\u0410A", "[{[RAA R\u0410A]}]"},
		{"Caf\u00e9,Cafe\u0301,Cafe", "[{[Cafe\u0301 Caf\u00e9]}]"},
		{"North,NORTH,South", "[{[NORTH North]}]"},
		{"RAA,RBB,1-12,11-2", "[]"},
	} {
		if got := fmt.Sprint(table.SpeltTwice(strings.Split(c.codes, ","))); got != c.want {
			t.Errorf("%q: got %s, want %s", c.codes, got, c.want)
		}
	}
}

// A column of codes comes before the one of names.
func TestNamesAreNotCodes(t *testing.T) {
	for _, c := range []struct{ header, area, provider string }{
		{"area,area_code,provider,provider_code,n", "area_code", "provider_code"},
		{"Area,LSOA11CD,LSOA,Hospital,Hospital ID,n", "Area", "Hospital ID"},
		{"LSOA,LSOA11CD,trust,trust_code,n", "LSOA11CD", "trust_code"},
		{"geography,geography code,workplace,workplace_id,n", "geography code", "workplace_id"},
		{"area,provider,n", "area", "provider"},
	} {
		h := strings.Split(c.header, ",")
		if got := h[AreaRole.Find(h)]; got != c.area {
			t.Errorf("%s: area from %s, want %s", c.header, got, c.area)
		}
		if got := h[ProviderRole.Find(h)]; got != c.provider {
			t.Errorf("%s: provider from %s, want %s", c.header, got, c.provider)
		}
	}
	_, _, _, rep := leftIn(t, "area,lsoa_code,provider,n\nNorth,E01000001,RA,5\n")
	if got := fmt.Sprint(rep.Columns()[0]); got != `area from "area" (not "lsoa_code")` {
		t.Errorf("got %s", got)
	}
}

func TestPointsInNumbers(t *testing.T) {
	for _, c := range []struct {
		name, counts string
		total        float64
		ask          string // the place at which it is asked
	}{
		{"thousands beside small wholes", "1.234 2.345 987", 4566, ""},
		{"millions", "1.234.567 12", 1_234_579, ""},
		{"continental decimals", "1.234,5 0,5 2.000", 3235, ""},
		{"decimals of other lengths", "1.234 2.5", 3.734, ""},
		{"decimals under one", "0.125 1.250", 1.375, ""},
		{"nothing tells", "1.234 2.345", 0, "flows.csv:2:7: "},
		{"large wholes without points", "1.234 5000", 0, "flows.csv:2:7: "},
		{"both kinds", "1.234.567 2.5", 0, "flows.csv:2:7: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "area;provider;count\n"
			for i, n := range strings.Fields(c.counts) {
				text += fmt.Sprintf("E%d;RA;%s\n", i, n)
			}
			m, _, err := readFlows(t, text)
			if c.ask != "" {
				if !errors.Is(err, table.ErrPoints) || !strings.HasPrefix(err.Error(), c.ask) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Total().Value; got != c.total {
				t.Errorf("got %v, want %v", got, c.total)
			}
		})
	}
	ambiguous := "area;provider;count\nE1;RA;1.234\nE2;RA;2.345\n"
	if total, _, _, _ := leftIn(t, ambiguous, table.Decimal(',')); total != 3579 {
		t.Errorf("--decimal comma: %v", total)
	}
	if total, _, _, _ := leftIn(t, ambiguous, table.Decimal('.')); total != 3.579 {
		t.Errorf("--decimal point: %v", total)
	}
	if total, _, _, _ := leftIn(t, strings.ReplaceAll(ambiguous, ";", ",")); total != 3.579 {
		t.Errorf("parted by commas: %v", total)
	}
}
