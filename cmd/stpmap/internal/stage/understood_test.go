package stage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

type column string

func (c column) String() string { return string(c) }

func ptr(x float64) *float64 { return &x }

func TestUnderstoodInWords(t *testing.T) {
	flows := Understood{Role: "flows", File: "a.csv", Columns: []fmt.Stringer{column(`area from "ccg"`)}, Rows: 1200, Used: 1000}
	left := flows
	left.LeftOut = nil
	left.Left("by --where", 150)
	left.Left("without a count", 0)
	left.Left("saying nothing", 50)
	sums, equal, periods := flows, flows, flows
	sums.SumIn, sums.SumOut = ptr(5000), ptr(4000)
	equal.SumIn, equal.SumOut = ptr(100), ptr(100)
	periods.Periods = []string{"2017", "2018", "2019"}
	text := flows
	text.Written("Windows-1252")
	plain := flows
	plain.Written("UTF-8")
	for _, tt := range []struct {
		name string
		u    Understood
		want string
	}{
		{"rows", flows, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used`},
		{"left out", left, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used, 150 left out (by --where), 50 left out (saying nothing)`},
		{"sums", sums, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used, 5000 patients in, 4000 counted`},
		{"all count", equal, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used, 100 patients`},
		{"periods", periods, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used, periods 2017 to 2019`},
		{"taken for an encoding", text, `flows (a.csv): text taken for Windows-1252, area from "ccg", 1,200 rows, 1,000 used`},
		{"UTF-8", plain, `flows (a.csv): area from "ccg", 1,200 rows, 1,000 used`},
		{"one period of a format", Understood{Role: "indicators", File: "b.csv", Format: "RTT", Rows: 1, Used: 1, Periods: []string{"2018"}}, `indicators (b.csv): read as RTT, 1 row, 1 used, period 2018`},
		{"boundaries", Understood{Role: "boundaries", File: "c.shp", Rows: 1}, `boundaries (c.shp): 1 area`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.u.String(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What true counts add up to is taken away where they may not be said, from a copy.
func TestUnderstoodWithoutTrueCounts(t *testing.T) {
	u := Understood{Role: "flows", File: "a.csv", SumIn: ptr(10), SumOut: ptr(7), LeftOut: []LeftOut{{Reason: "sums", Codes: []string{"E92"}, Rows: 1, Patients: 3}}}
	if got := u.Known(true); got.SumIn == nil || got.LeftOut[0].Patients != 3 {
		t.Errorf("known counts are gone: %+v", got)
	}
	got := u.Known(false)
	if got.SumIn != nil || got.SumOut != nil || got.LeftOut[0].Patients != 0 || got.LeftOut[0].Rows != 1 {
		t.Errorf("counts that may not be said: %+v", got)
	}
	if u.LeftOut[0].Patients != 3 || u.SumIn == nil {
		t.Errorf("the original has changed: %+v", u)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, absent := range []string{"sum_in", "patients", "text", "format", "periods"} {
		if strings.Contains(string(b), absent) {
			t.Errorf("%s is in %s", absent, b)
		}
	}
}
