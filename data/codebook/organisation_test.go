package codebook

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/flow"
	"stpmap/flow/flowtest"
)

func TestProviderTypes(t *testing.T) {
	for _, c := range []struct {
		code, name string
		want       ProviderType
	}{
		{"R0A", "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST", AcuteTrust},
		{"RBV", "The Christie NHS Foundation Trust", SpecialistTrust},
		{"REP", "LIVERPOOL WOMEN'S NHS FOUNDATION TRUST", SpecialistTrust},
		{"RRU", "LONDON AMBULANCE SERVICE NHS TRUST", AmbulanceTrust},
		{"RV5", "SOUTH LONDON AND MAUDSLEY NHS FOUNDATION TRUST", MentalHealthTrust},
		{"RX3", "TEES, ESK AND WEAR VALLEYS NHS FOUNDATION TRUST", MentalHealthTrust},
		{"RYV", "CAMBRIDGESHIRE COMMUNITY SERVICES NHS TRUST", CommunityTrust},
		{"NT447", "DUCHY HOSPITAL", IndependentSector},
		{"NVC04", "DUCHY HOSPITAL", IndependentSector},
		{"A81001", "THE DENSHAM SURGERY", GeneralPractice},
		{"01W", "A group", OtherProvider},
		{"", "", OtherProvider},
	} {
		if got := TypeOf(c.code, c.name); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.code, c.name, got, c.want)
		}
	}
	for code, want := range map[string]string{"R0A01": "R0A", "R0A": "R0A", "RTK1": "RTK1", "NT447": "NT447", "TAF01": "TAF", "E38000001": "E38000001", "": ""} {
		if got := TrustOf(code); got != want {
			t.Errorf("%s is of %s, want %s", code, got, want)
		}
	}
}

// The providers of the real case are all acute or specialist; its own types
// were compiled by hand.
func TestSampleProviderTypes(t *testing.T) {
	rows := flowtest.CSV(t, flowtest.Read(t, "england/providers.csv"))
	wrong := 0
	for _, r := range rows[1:] {
		got := TypeOf(r[0], r[1])
		want := AcuteTrust
		if strings.HasSuffix(r[5], "NHS specialist") {
			want = SpecialistTrust
		}
		if got != want {
			wrong++
			t.Logf("%s %s: %s, not %s", r[0], r[1], got, want)
		}
	}
	if wrong > 7 {
		t.Errorf("%d of %d types are wrong", wrong, len(rows)-1)
	}
}

func TestSuccessors(t *testing.T) {
	s := NewSuccessors([]Succession{
		{Old: "RBA", New: "RH5", Date: "2020-04-01"},
		{Old: "RH5", New: "RZZ", Date: "2023-04-01"},
		{Old: "RW6", New: "RM3", Date: "2021-10-01"},
		{Old: "RW6", New: "R0A", Date: "2021-10-01"},
		{Old: "RW6", New: "R0A", Date: "2021-10-01"},
		{Old: "OLD", New: "13T", Date: "2015-04-01"},
		{Old: "13T", New: "99X", Date: "2013-04-01"}, // a code used again
		{Old: "AAA", New: "BBB"},
		{Old: "BBB", New: "AAA"},
		{Old: "SELF", New: "SELF"},
	})
	for _, c := range []struct{ code, day, want string }{
		{"RBA", "2019-12-31", "[{RBA 1}]"},
		{"RBA", "2020-04-01", "[{RH5 1}]"},
		{"RBA", "", "[{RZZ 1}]"},
		{"RQX", "", "[{RQX 1}]"},
		{"OLD", "", "[{13T 1}]"},
		{"SELF", "", "[{SELF 1}]"},
		{"RW6", "2021-09-30", "[{RW6 1}]"},
	} {
		got, err := s.At(c.code, c.day)
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s on %s: %v, %v, want %s", c.code, c.day, got, err, c.want)
		}
	}
	if _, err := s.At("RW6", ""); !errors.Is(err, ErrSeveralSuccessors) || !strings.Contains(err.Error(), "RW6=RM3") && !strings.Contains(err.Error(), "RW6=R0A") {
		t.Errorf("two successors: %v", err)
	}
	if _, err := s.At("AAA", ""); !errors.Is(err, ErrSuccessorCycle) {
		t.Errorf("a circle: %v", err)
	}
	flows := []data.Record{
		{Area: "E01", Provider: "RW6", Count: flow.Exactly(5)},
		{Area: "E01", Provider: "RM3", Count: flow.Exactly(10)},
		{Area: "E01", Provider: "RBA", Count: flow.Between(1, 4)},
		{Area: "E02", Provider: "RQX", Count: flow.Exactly(1)},
	}
	if _, _, err := s.Flows(flows, "", false); !errors.Is(err, ErrSeveralSuccessors) {
		t.Errorf("flows without a rule: %v", err)
	}
	for _, c := range []struct{ rule, want string }{
		{"RW6=RM3", "map[E01 RM3:15 E01 RZZ:2.5 E02 RQX:1]"},
		{"RW6=equal", "map[E01 R0A:3 E01 RM3:12 E01 RZZ:2.5 E02 RQX:1]"},
		{"*=equal", "map[E01 R0A:3 E01 RM3:12 E01 RZZ:2.5 E02 RQX:1]"},
	} {
		s.Rules = map[string]string{}
		if err := s.Rule(c.rule); err != nil {
			t.Fatal(err)
		}
		out, moves, err := s.Flows(flows, "", false)
		got := map[string]float64{}
		for _, r := range out {
			got[r.Area+" "+r.Provider] += r.Count.Value
		}
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, %v", c.rule, got, err)
		}
		if len(moves) != 2 || moves[1].Old != "RW6" || moves[1].Rule == "" || moves[1].Patients != 5 || moves[0].Rule != "" {
			t.Errorf("%s: moves %+v", c.rule, moves)
		}
	}
	for _, rule := range []string{"", "RW6", "RW6=", "rw6=rm3", "RW6=RM3,R0A"} {
		if s.Rule(rule) == nil {
			t.Errorf("%q is a rule", rule)
		}
	}
}
