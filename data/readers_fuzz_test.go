package data_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/flow/fault"
)

// located fails where a table is refused without a place.
func located(t *testing.T, err error) {
	t.Helper()
	var faults *fault.List
	var bad *fault.Error
	if !errors.As(err, &faults) && !errors.As(err, &bad) {
		t.Fatalf("an error without a place: %v", err)
	}
}

func FuzzReadLinks(f *testing.F) {
	f.Add("area_a,area_b\nE01,E02\n")
	f.Add("from;to\nE01;E01\n")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, in string) {
		links, _, err := data.ReadLinks(t.Context(), "links.csv", strings.NewReader(in))
		if err != nil {
			located(t, err)
			return
		}
		for _, l := range links {
			if l.A == "" || l.B == "" || l.A == l.B || l.Line < 2 {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func FuzzReadTotals(f *testing.F) {
	f.Add("area,patients\nE01,\"1,200\"\nE02,\n")
	f.Add("provider;population\nR1;1.200\n")
	f.Add("id\ttotal\nR1\t-3\n")
	f.Fuzz(func(t *testing.T, in string) {
		totals, err := data.ReadTotals(t.Context(), "totals.csv", strings.NewReader(in))
		if err != nil {
			located(t, err)
			return
		}
		for code, n := range totals {
			if code == "" || !(n >= 0) || math.IsInf(n, 0) {
				t.Fatalf("%q has %v", code, n)
			}
		}
	})
}
