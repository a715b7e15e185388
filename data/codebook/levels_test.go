package codebook

import (
	"fmt"
	"testing"

	"stpmap/data"
	"stpmap/flow"
)

func TestRepeats(t *testing.T) {
	type row struct {
		area, provider string
		n              float64
	}
	for _, c := range []struct {
		name   string
		rows   []row
		codes  string
		proven bool
	}{
		{"counties beside their districts", []row{{"E07000001", "RA", 5}, {"E07000002", "RA", 6}, {"E07000002", "RB", 1}, {"E10000001", "RA", 11}, {"E10000001", "RB", 1}}, "[E10000001]", true},
		{"a county beside other counties' districts", []row{{"E07000001", "RA", 5}, {"E07000002", "RA", 6}, {"E10000009", "RA", 4}}, "[E10000009]", false},
		{"systems beside their parts", []row{{"E38000001", "RA", 5}, {"E38000002", "RB", 6}, {"E54000001", "RA", 5}, {"E54000001", "RB", 6}}, "[E54000001]", true},
		{"a name that sums all", []row{{"North", "RA", 5}, {"East", "RA", 6}, {"South", "RB", 1}, {"East", "RB", 2}, {"Ashfordshire", "RA", 11}, {"Ashfordshire", "RB", 3}}, "[Ashfordshire]", true},
		{"districts of all kinds", []row{{"E06000001", "RA", 5}, {"E07000002", "RA", 6}, {"E08000001", "RB", 1}, {"E09000001", "RB", 2}}, "", false},
		{"an area as large as the others, elsewhere", []row{{"North", "RA", 5}, {"East", "RA", 6}, {"South", "RB", 1}, {"Big", "RC", 12}}, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := flow.NewBuilder()
			var records []data.Record
			for _, r := range c.rows {
				_ = b.Add(r.area, r.provider, flow.Exactly(r.n))
				records = append(records, data.Record{Area: r.area, Provider: r.provider, Count: flow.Exactly(r.n)})
			}
			m, _, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			found := Repeats(m)
			got, proven := "", false
			if len(found) == 1 {
				got, proven = fmt.Sprint(found[0].Codes), found[0].Proven
			}
			if got != c.codes || proven != c.proven {
				t.Errorf("got %+v", found)
			}
			kept, _ := RepeatsOf(records)
			if (len(kept) < len(records)) != c.proven {
				t.Errorf("%d of %d records are kept", len(kept), len(records))
			}
		})
	}
}
