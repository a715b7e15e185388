package data

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadTimes(t *testing.T) {
	for _, c := range []struct{ name, text, want, fault string }{
		{"minutes", "area,provider,minutes\nE1,X,12.5\nE1,Y,\nE2,X,0\n", "[{E1 X 12.5 2} {E2 X 0 4}]", ""},
		{"other headings", "lsoa;trust;travel time\nE1;X;1,5\n", "", "t:2:6: not a number of minutes: \"1,5\""},
		{"distances", "origin,destination,km\nE1,X,7\n", "[{E1 X 7 2}]", ""},
		{"negative", "area,provider,minutes\nE1,X,-1\n", "", "t:2:6: not a number of minutes: \"-1\""},
		{"twice", "area,provider,minutes\nE1,X,1\nE1,X,2\n", "", "t:3:4: "},
		{"no minutes", "area,provider\nE1,X\n", "", "minutes"},
	} {
		list, rep, err := ReadTimes(t.Context(), "t", strings.NewReader(c.text))
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: got %v, want %s", c.name, err, c.fault)
			}
			continue
		}
		if err != nil || fmt.Sprint(list) != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, list, err, c.want)
		}
		if c.name == "minutes" && rep.Absent != 1 {
			t.Errorf("%d pairs without a time, want 1", rep.Absent)
		}
	}
}
