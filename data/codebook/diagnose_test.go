package codebook

import (
	"fmt"
	"math"
	"testing"
)

func TestDiagnose(t *testing.T) {
	ods := []string{"00C", "010", "1E2", "01W", "MAR1", "R0A", "RM3", "RXH"}
	successors := NewSuccessors([]Succession{
		{Old: "RM2", New: "R0A", Date: "2017-10-01"},
		{Old: "RW6", New: "RM3", Date: "2021-10-01"},
		{Old: "RW6", New: "R0A", Date: "2021-10-01"},
		{Old: "RXH", New: "RYR", Date: "2021-04-01"},
	})
	orgs := []Organisation{{Code: "RD7", Name: "HEATHERWOOD NHS TRUST", Closed: "2014-09-30"}, {Code: "R0A", Name: "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST"}}
	lookup := lookupOf(t, []byte("LSOA11CD,CCG21CD,CCG21CDH,CCG21NM\nE01000001,E38000001,01W,One\nE01000002,E38000002,00C,Two\n"))
	for _, c := range []struct {
		code            string
		known           []string
		ref             References
		reason, instead string
	}{
		{"01w", ods, References{}, ReasonSpelling, "01W"},
		{"01W\u00a0", ods, References{}, ReasonSpelling, "01W"},
		{"100", ods, References{}, ReasonNumber, "1E2"},
		{"1.00E+02", ods, References{}, ReasonNumber, "1E2"},
		{"10", ods, References{}, ReasonZero, "010"},
		{"Mar-01", ods, References{}, ReasonDate, "MAR1"},
		{"01-Mar", ods, References{}, ReasonDate, "MAR1"},
		{"RM2", ods, References{Successors: successors}, ReasonMerged, "R0A"},
		{"RW6", ods, References{Successors: successors}, ReasonMerged, ""},
		{"RYR", ods, References{Successors: successors}, ReasonLater, "RXH"},
		{"R0A01", ods, References{}, ReasonSite, "R0A"},
		{"RD7", ods, References{Organisations: orgs}, ReasonClosed, ""},
		{"Manchester University NHS Foundation Trust", ods, References{Organisations: orgs}, ReasonName, "R0A"},
		{"Some Hospital", ods, References{}, ReasonName, ""},
		{"Outside Devon", ods, References{}, ReasonOutside, ""},
		{"E38000001", ods, References{}, ReasonONS, ""},
		{"E38000001", ods, References{Lookup: lookup}, ReasonONS, "01W"},
		{"01W", []string{"E38000001", "E38000002"}, References{}, ReasonODS, ""},
		{"01W", []string{"E38000001", "E38000002"}, References{Lookup: lookup}, ReasonODS, "E38000001"},
		{"E01000002", []string{"E38000001", "E38000002"}, References{}, ReasonLevel, ""},
		{"E01000002", []string{"E38000001", "E38000002"}, References{Lookup: lookup}, ReasonLevel, "E38000002"},
		{"E38000250", []string{"E38000001", "E38000002"}, References{}, ReasonVintage, ""},
		{"E07000240", []string{"E07000100", "E06000001"}, References{}, ReasonVintage, ""},
		{"E08000037", []string{"E07000100", "E06000001"}, References{}, ReasonVintage, ""},
		{"W01000001", []string{"E01000001"}, References{}, ReasonOutside, ""},
		{"NONC", ods, References{}, ReasonOutside, ""},
		{"Y58", ods, References{}, ReasonOutside, ""},
		{"TOTAL", ods, References{}, ReasonTotal, ""},
		{"E92000001", []string{"E38000001"}, References{}, ReasonTotal, ""},
		{"RY9", ods, References{}, ReasonUnlisted, ""},
		{"XYZ", ods, References{}, ReasonUnknown, ""},
	} {
		d := Diagnose([]CodeUse{{c.code, 2}}, c.known, c.ref)
		if len(d.Mismatches) != 1 {
			t.Fatalf("%s: %+v", c.code, d)
		}
		m := d.Mismatches[0]
		if m.Reason != c.reason || m.Instead != c.instead || m.Advice == "" || m.Patients != 2 {
			t.Errorf("%s: got %q, %q (%s), want %q, %q", c.code, m.Reason, m.Instead, m.Advice, c.reason, c.instead)
		}
	}
	d := Diagnose([]CodeUse{{"R0A", 50}, {"RM2", 30}, {"RM2", 5}, {"NONC", 10}, {"10", 5}}, ods, References{Successors: successors})
	if d.Codes != 4 || d.Joined != 1 || math.Abs(d.Coverage()-0.5) > 1e-12 || len(d.Unused) != len(ods)-1 {
		t.Errorf("%+v", d)
	}
	if got := fmt.Sprint(d.Reasons[0].Reason, d.Reasons[0].Patients, d.Reasons[0].Codes); got != ReasonMerged+"35 1" && got != fmt.Sprint(ReasonMerged, 35.0, 1) {
		t.Errorf("first reason is %s", got)
	}
	if d := Diagnose(nil, nil, References{}); d.Coverage() != 1 || len(d.Mismatches) != 0 {
		t.Errorf("nothing: %+v", d)
	}
	if d := Diagnose([]CodeUse{{"", 1}, {"E", 1}, {"x y", 1}}, nil, References{Lookup: &Lookup{}, Successors: NewSuccessors(nil)}); len(d.Mismatches) != 3 {
		t.Errorf("against nothing: %+v", d)
	}
}
