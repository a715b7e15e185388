package ingest

import "testing"

func TestFormat(t *testing.T) {
	for _, c := range []struct{ out, format, want string }{
		{"", "", "csv"}, {"-", "", "csv"}, {"a.parquet", "", "parquet"}, {"a.parquet", "csv", "csv"}, {"a", "", "csv"}, {"-", "parquet", "parquet"}, {"a.gpkg", "", "gpkg"},
	} {
		if got := (&Options{Out: c.out, Format: c.format}).format(); got != c.want {
			t.Errorf("%q as %q: %q, want %q", c.out, c.format, got, c.want)
		}
	}
}
