package codebook

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/table"
	"stpmap/flow"
	"stpmap/flow/flowtest"
)

func flowsOf(pairs ...string) []data.Record {
	var out []data.Record
	for i, p := range pairs {
		area, provider, _ := strings.Cut(p, "/")
		out = append(out, data.Record{Area: area, Provider: provider, Count: flow.Exactly(float64(i + 1))})
	}
	return out
}

func TestFilters(t *testing.T) {
	flows := flowsOf("E1/R0A01", "E1/R0A02", "E1/R0A", "W01000001/RXX", "E2/Outside Devon", "NONC/R0A", "E2/NT447")
	out, sites := SitesToTrusts(flows)
	if sites != 2 || fmt.Sprint(out) != fmt.Sprint([]data.Record{
		{Area: "E1", Provider: "R0A", Count: flow.Exactly(6)},
		{Area: "E2", Provider: "NT447", Count: flow.Exactly(7)},
		{Area: "E2", Provider: "Outside Devon", Count: flow.Exactly(5)},
		{Area: "NONC", Provider: "R0A", Count: flow.Exactly(6)},
		{Area: "W01000001", Provider: "RXX", Count: flow.Exactly(4)},
	}) {
		t.Errorf("%d sites: %v", sites, out)
	}
	out, left := FilterProviders(flows, IsTrust)
	if len(out) != 5 || fmt.Sprint(left) != "[{NT447 7} {Outside Devon 5}]" {
		t.Errorf("left %v, kept %v", left, out)
	}
	out, left = DropOutside(flows)
	if len(out) != 4 || fmt.Sprint(left) != "[{NONC 6} {Outside Devon 5} {W01000001 4}]" {
		t.Errorf("left %v, kept %v", left, out)
	}
	for name, want := range map[string]bool{"Total": true, "England ": true, "ENG": true, "\u00a0All": true, "Englands": false, "": false, "R0A": false} {
		if table.IsSum(name) != want {
			t.Errorf("%q is a sum: %t", name, !want)
		}
	}
	for name, want := range map[string]bool{"Other": true, "others ": true, "Out of area": true, "Elsewhere in Wales": true, "Another": false, "Royal": false} {
		if Elsewhere(name) != want {
			t.Errorf("%q is elsewhere: %t", name, !want)
		}
	}
}

// What is written reads back as the same lookup, and its shares add up to one for
// any weights.
func TestMapping(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		var b strings.Builder
		b.WriteString("LSOA11CD,CCG21CD,LAD21CD\n")
		weight := map[string]float64{}
		n := 1 + rng.IntN(60)
		for i := range n {
			lsoa := fmt.Sprintf("E0100%04d", i)
			fmt.Fprintf(&b, "%s,E3800%04d,E0600%04d\n", lsoa, rng.IntN(5), rng.IntN(7))
			if rng.IntN(4) > 0 {
				weight[lsoa] = float64(rng.IntN(1000))
			}
		}
		l := lookupOf(t, []byte(b.String()))
		var again strings.Builder
		if err := WriteLookup(&again, l); err != nil || again.String() != b.String() {
			t.Fatalf("written otherwise: %v", err)
		}
		if !l.SameColumns(lookupOf(t, []byte("lsoa11cd,ccg21cd,lad21cd\n"))) || l.SameColumns(lookupOf(t, []byte("LSOA11CD,LAD21CD,CCG21CD\n"))) {
			t.Error("columns are compared wrongly")
		}
		for _, w := range []map[string]float64{nil, weight, {}} {
			m, err := l.Map("ccg", "lad", "lsoa", w)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 5 {
				parts := m.Of(fmt.Sprintf("E3800%04d", i))
				sum := 0.0
				for k, p := range parts {
					sum += p.Share
					if p.Share <= 0 || k > 0 && (p.Share > parts[k-1].Share || p.Share == parts[k-1].Share && p.Code <= parts[k-1].Code) {
						t.Fatalf("parts %v", parts)
					}
				}
				if len(parts) > 0 && (sum < 1-1e-12 || sum > 1+1e-12) {
					t.Fatalf("shares of %v add up to %v", parts, sum)
				}
			}
		}
	}
	if _, err := lookupOf(t, []byte("LSOA11CD,CCG21CD\nE01000001,E38000001\n")).Map("ccg", "CCG21CD", "", nil); err == nil {
		t.Error("a column was mapped to itself")
	}
}

// Headings of the lookups of any year tell level, year and kind; a plain "code"
// is settled by what is in it.
func TestLookupColumns(t *testing.T) {
	l, at := NewLookup([]string{"OBJECTID", "LSOA11CD", "LSOA11NM", "CCG21CDH", "ONS_CCG_CODE", "nhs_trust_code", "Sub ICB Location Code", "x"})
	got := ""
	for _, c := range l.Columns {
		got += fmt.Sprintf("%s:%s:%s:%s ", c.Heading, c.Level, c.Year, c.Kind)
	}
	if want := "LSOA11CD:lsoa:11:CD LSOA11NM:lsoa:11:NM CCG21CDH:ccg:21:CDH ONS_CCG_CODE:ccg::CD nhs_trust_code:trust:: Sub ICB Location Code:sicbl:: "; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if fmt.Sprint(at) != "[1 2 3 4 5 6]" || CodeLevels([]string{"LSOA11CD", "LSOA11NM"}) != 1 || CodeLevels([]string{"LSOA11CD", "CCG21CDH"}) != 2 {
		t.Errorf("columns %v", at)
	}
	l = lookupOf(t, []byte("code,stp\nR0A,x\n"))
	if l.Columns[0].Kind != ODSColumn {
		t.Errorf("%+v", l.Columns[0])
	}
	l = lookupOf(t, []byte("code,ccg_code\nR0A,E38000001\n"))
	if c, n := l.Holding([]string{"E38000001"}); n != 1 || c.Kind != ONSColumn {
		t.Errorf("%+v holds %d", c, n)
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	err := WriteOrganisations(&b, []Organisation{{Code: "R0A", Name: "A, B", Type: AcuteTrust, Opened: "2017-10-01"}, {Code: "RXX"}}, []Point{{Code: "R0A", Lon: -2.25, Lat: 53.5}})
	if err != nil || b.String() != "provider_code,provider_name,lon,lat,provider_type,region,geography,postcode,opened,closed,status,parent\nR0A,\"A, B\",-2.25,53.5,acute,,,,2017-10-01,,,\nRXX,,,,,,,,,,,\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
	b.Reset()
	if err := WriteSuccessors(&b, []Succession{{Old: "A", New: "B", Date: "2020-04-01"}}); err != nil || b.String() != "old_code,new_code,date\nA,B,2020-04-01\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
	b.Reset()
	if err := WritePoints(&b, []Point{{Code: "A", Name: "n", Lon: 1, Lat: 2.5}}); err != nil || b.String() != "code,name,lon,lat\nA,n,1,2.5\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

// All flows of the real case go to trusts that the list of providers has.
func TestRealProvidersAreTrusts(t *testing.T) {
	for _, r := range flowtest.Rows(t, "england/providers.csv") {
		if !IsTrust(r[0]) || TrustOf(r[0]) != r[0] || table.OutsideOf(r[0]) != "" {
			t.Errorf("%s is no trust", r[0])
		}
	}
}
