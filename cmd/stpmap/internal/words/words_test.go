package words

import "testing"

func TestWords(t *testing.T) {
	codes := []string{"A", "B", "C", "D", "E", "F", "G"}
	for _, c := range []struct{ name, got, want string }{
		{"one", Counted(1, "area"), "1 area"},
		{"none", Counted(0, "area"), "0 areas"},
		{"y", Counted(2, "summary"), "2 summaries"},
		{"thousands", Counted(int64(1234567), "record"), "1,234,567 records"},
		{"negative", Thousands(-1234), "-1,234"},
		{"three digits", Thousands(-123), "-123"},
		{"all", Few(codes[:5]), "A, B, C, D, E"},
		{"few", Few(codes), "A, B, C, D, E and 2 more"},
		{"first", First(codes), "A"},
		{"no first", First(nil), "none"},
		{"percent", Percent(0.12345), "12.3%"},
		{"plain", Plain(3e6), "3000000"},
		{"fraction", Plain(0.25), "0.25"},
		{"patients", Patients(10), "10 patients"},
		{"few patients", Patients(9.5), "fewer than 10 patients"},
		{"has", Has(1) + " " + Has(2) + " " + Was(1) + " " + Was(0), "has have was were"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}
