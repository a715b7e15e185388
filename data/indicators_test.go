package data

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"stpmap/data/table"
)

func TestReadIndicators(t *testing.T) {
	text := "entity,indicator,numerator,denominator,period,value,lower,upper\n" +
		"RJ1,ae_4h,900,1000,2016/17,,,\nRJ1,ae_4h,880,1000,2017/18,,,\nRJ2,shmi,,,2016/17,1.05,0.98,1.12\nRJ3,dtoc,<5,100,2016/17,,,\n" +
		"RJ4,cqc,,,2016/17,Requires improvement,,\nRJ5,deficit,-4.5,100,2016/17,,,\nRJ6,ae_4h,,,2016/17,93.4%,,\nRJ7,ae_4h,,,2016/17,-,,\n"
	list, rep, err := ReadIndicators(t.Context(), "i.csv", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != 8 || rep.Kept != 7 || rep.Absent != 1 || len(rep.Notes) != 1 {
		t.Errorf("report %+v", rep)
	}
	nan := math.NaN()
	type cells = struct{ Entity, Numerator, Denominator, Value int32 }
	want := []Observation{
		{"RJ1", "ae_4h", "2016/17", 900, 1000, nan, nan, nan, "", "i.csv", 2, cells{1, 11, 15, 28}, 0},
		{"RJ1", "ae_4h", "2017/18", 880, 1000, nan, nan, nan, "", "i.csv", 3, cells{1, 11, 15, 28}, 0},
		{"RJ2", "shmi", "2016/17", nan, nan, 1.05, 0.98, 1.12, "", "i.csv", 4, cells{1, 10, 11, 20}, 0},
		{"RJ3", "dtoc", "2016/17", 2.5, 100, nan, nan, nan, "", "i.csv", 5, cells{1, 10, 13, 25}, 0},
		{"RJ4", "cqc", "2016/17", nan, nan, nan, nan, nan, "Requires improvement", "i.csv", 6, cells{1, 9, 10, 19}, 0},
		{"RJ5", "deficit", "2016/17", -4.5, 100, nan, nan, nan, "", "i.csv", 7, cells{1, 13, 18, 30}, 0},
		{"RJ6", "ae_4h", "2016/17", nan, nan, 93.4, nan, nan, "", "i.csv", 8, cells{1, 11, 12, 21}, 0},
	}
	same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	for i, w := range want {
		g := list[i]
		if !same(g.Numerator, w.Numerator) || !same(g.Denominator, w.Denominator) || !same(g.Value, w.Value) || !same(g.Lower, w.Lower) || !same(g.Upper, w.Upper) {
			t.Errorf("got %+v, want %+v", g, w)
		}
		g.Numerator, g.Denominator, g.Value, g.Lower, g.Upper = 0, 0, 0, 0, 0
		w.Numerator, w.Denominator, w.Value, w.Lower, w.Upper = 0, 0, 0, 0, 0
		if g != w {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	for _, tt := range []struct {
		name, text, want string
		is               error
	}{
		{"doubled", "entity,indicator,numerator,denominator\nR1,ae_4h,1,2\nR1,ae_4h,1,2\n", `i.csv:3:1: duplicate entity, indicator and period: "R1 ae_4h", first on line 2`, table.ErrDuplicate},
		{"text in a numerator", "entity,indicator,numerator,denominator\nR1,ae_4h,few,2\n", `i.csv:2:10: not a number: "few"`, table.ErrNotANumber},
		{"NaN in a value", "entity,indicator,value\nR1,ae_4h,NaN\n", `i.csv:2:10: not a number: "NaN"`, table.ErrNotANumber},
		{"no entity", "entity,indicator,value\n,ae_4h,1\n", `i.csv:2:1: missing code: no entity`, table.ErrMissingCode},
		{"no indicator", "entity,indicator,value\nR1,,1\n", `i.csv:2:4: missing code: no indicator`, table.ErrMissingCode},
		{"no figures", "entity,indicator\nR1,ae_4h\n", `i.csv:1:1: missing column: no numerator (nor num, observed, count) among "entity", "indicator" (--numerator-column names it outright)`, table.ErrMissingColumn},
		{"no such column", "entity,indicatr,value\nR1,ae_4h,1\n", `i.csv:1:1: missing column: no indicator (nor indicatorid, indicatorcode, metric, measure) among "entity", "indicatr", "value"; did you mean "indicatr"? (--indicator-column names it outright)`, table.ErrMissingColumn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, rep, err := ReadIndicators(t.Context(), "i.csv", strings.NewReader(tt.text))
			check(t, rep, err, tt.want, tt.is)
		})
	}
}

func FuzzReadIndicators(f *testing.F) {
	fuzzTable(f, func(ctx context.Context, text []byte) ([]Observation, table.Report, error) {
		return ReadIndicators(ctx, "f", bytes.NewReader(text))
	}, func(t *testing.T, o Observation) {
		for _, x := range []float64{o.Numerator, o.Denominator, o.Value, o.Lower, o.Upper} {
			if math.IsInf(x, 0) {
				t.Fatalf("%+v", o)
			}
		}
	}, "entity,indicator,numerator,denominator\nR1,ae_4h,1,2\n", "code,metric,value\nR1,cqc,Good\n")
}
