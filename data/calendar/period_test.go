package calendar

import "testing"

func TestPeriods(t *testing.T) {
	for text, want := range map[string]string{
		"RTT-June-2026": "2026-06", "RTT-APRIL-2022": "2022-04", "MSitAE-DECEMBER-2018": "2018-12", "March 2015": "2015-03",
		"2017-03-01": "2017-03", "2017-03": "2017-03", "01APR2024": "2024-04", "01-Sep-20": "2020-09", "Apr15": "2015-04", "2016-17": "2016/17",
		"2016/17 Q3": "2016/17 Q3", "2016-17 Quarter 3": "2016/17 Q3", "2018": "2018", "01/04/2022": "2022-04", "43466": "2019-01", "43466.0": "2019-01",
		"20220430-RTT-APRIL-2022-full-extract-revised.csv": "2022-04", "18wksRTT - Monthly EXTRACTS - Mar17 revised": "2017-03",
		"Incomplete-Commissioner-Apr15_excerpt.csv": "2015-04", "CWT-CRS-2022-23-Data-Extract-Provider-Final.xlsx": "2022/23",
		"Trust-Type-B-February-2020-x.xls": "2020-02", "20191031-RTT.csv": "2019-10",
		"soon": "", "Summary": "", "12": "", "2019-99": "", "Decision 14": "", "": "",
	} {
		if got, ok := Period(text); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, ok, want)
		}
	}
	for _, c := range []struct{ period, by, want string }{
		{"2016-04", "year", "2016/17"},
		{"2017-03", "year", "2016/17"},
		{"2017-03", "quarter", "2016/17 Q4"},
		{"2016-04", "quarter", "2016/17 Q1"},
		{"2016-12", "quarter", "2016/17 Q3"},
		{"2016/17 Q3", "year", "2016/17"},
		{"2016/17", "year", "2016/17"},
		{"2017-03", "", "2017-03"},
	} {
		if got := Longer(c.period, c.by); got != c.want {
			t.Errorf("%s by %s: got %s, want %s", c.period, c.by, got, c.want)
		}
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"RTT-June-2026", "2016-17 Q3", "01APR2024", "43466", "2017-03-01", "Apr15"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := Period(s)
		if ok != (p != "") {
			t.Fatalf("%q: %q, %v", s, p, ok)
		}
		if again, ok2 := Period(p); ok && (!ok2 || again != p) {
			t.Fatalf("%q gives %q, which gives %q", s, p, again)
		}
		for _, by := range []string{"quarter", "year"} {
			if l := Longer(p, by); (l == "") != (p == "") || Longer(l, by) != l {
				t.Fatalf("%q by %s is %q", p, by, l)
			}
		}
		if n := DaysIn(p); n < 0 || n > 31 {
			t.Fatalf("%q has %d days", p, n)
		}
	})
}
