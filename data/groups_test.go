package data_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/table"
)

func TestReadCodeGroups(t *testing.T) {
	in := "\ufeffE01, E02;RJ1\r\n\n# islands\nE07\tE09 # west\n"
	groups, err := data.ReadCodeGroups(t.Context(), "together.txt", strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != 2 || !slices.Equal(groups[0].Codes, []string{"E01", "E02", "RJ1"}) || !slices.Equal(groups[1].Codes, []string{"E07", "E09"}) || groups[1].Line != 4 {
		t.Errorf("got %+v", groups)
	}
	for _, c := range []struct {
		name, in, want string
		is             error
	}{
		{"empty", "\n# nothing\n", "t: no rows: expected codes, one group a line", table.ErrEmptyTable},
		{"twice", "A B\nC D C\n", "t:2:5: duplicate code \"C\" in one group", table.ErrDuplicate},
		{"binary", "A\x00B\n", "t:1:1: neither UTF-8 nor Windows-1252 text", table.ErrEncoding},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := data.ReadCodeGroups(t.Context(), "t", strings.NewReader(c.in))
			if err == nil || err.Error() != c.want || !errors.Is(err, c.is) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzReadCodeGroups(f *testing.F) {
	f.Add("A B\nC;D")
	f.Add("#\n")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, in string) {
		groups, err := data.ReadCodeGroups(t.Context(), "t", strings.NewReader(in))
		if err != nil {
			return
		}
		for _, g := range groups {
			if len(g.Codes) == 0 || len(g.Codes) != len(g.Columns) || g.Line < 1 {
				t.Fatalf("%+v", g)
			}
		}
	})
}
