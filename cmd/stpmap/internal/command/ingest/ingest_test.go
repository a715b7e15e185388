package ingest

import "testing"

func TestParseSize(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{
		{"1000000", 1e6},
		{"500MB", 5e8},
		{"2GB", 2e9},
		{"1GiB", 1 << 30},
		{"1.5 KiB", 1536},
		{"2g", 2e9},
		{" 3 mb ", 3e6},
		{"7B", 7},
		{"4kB", 4000},
		{"", 0},
		{"lots", 0},
		{"-1MB", 0},
		{"0", 0},
		{"MB", 0},
		{"NaN", 0},
		{"1e30GB", 0},
	} {
		got, err := parseSize(c.text)
		if got != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("%q: %d, %v; want %d", c.text, got, err, c.want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ out, format, want string }{
		{"", "", "csv"}, {"-", "", "csv"}, {"a.parquet", "", "parquet"}, {"a.parquet", "csv", "csv"}, {"a", "", "csv"}, {"-", "parquet", "parquet"}, {"a.gpkg", "", "gpkg"},
	} {
		if got := (&Options{Out: c.out, Format: c.format}).format(); got != c.want {
			t.Errorf("%q as %q: %q, want %q", c.out, c.format, got, c.want)
		}
	}
}
