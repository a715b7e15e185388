package data

import (
	"errors"
	"strings"
	"testing"

	tablepkg "stpmap/data/table"
)

func TestShares(t *testing.T) {
	table := "area,provider,p,all\nE1,RA,0.75,1000\nE1,RB,25%,1000\nE2,RA,0.1,500\nE2,RB,0.9,500\nE3,RA,1,77\nE3,RB,0,77\n"
	for _, c := range []struct {
		name   string
		shares tablepkg.ShareOptions
		total  float64
	}{
		{"of the area, in the table", tablepkg.ShareOptions{Column: "p", TotalColumn: "all"}, 1577},
		{"of the area, by code", tablepkg.ShareOptions{Column: "p", Totals: map[string]float64{"E1": 1000, "E2": 500, "E3": 77}}, 1577},
		{"of the provider", tablepkg.ShareOptions{Column: "p", Totals: map[string]float64{"RA": 100, "RB": 1000}}, 75 + 250 + 10 + 900 + 100},
	} {
		m, _, err := readFlows(t, table, Shares(c.shares))
		if err != nil || m.Total().Value != c.total {
			t.Errorf("%s: %v, %v", c.name, m, err)
		}
	}
	plain := strings.ReplaceAll(table, "25%", "0.25")
	if _, _, err := readFlows(t, plain, Columns("", "", "p")); !errors.Is(err, ErrShares) || !strings.Contains(err.Error(), "flows.csv:1:15: ") {
		t.Errorf("shares taken for counts: %v", err)
	}
	if _, _, err := readFlows(t, plain, Shares(tablepkg.ShareOptions{Column: "p", Totals: map[string]float64{"E1": 1000}})); !errors.Is(err, ErrShares) {
		t.Errorf("without a total: %v", err)
	}
	weights := "from,to,weight\na,b,0.5\na,c,0.5\nb,a,0.5\nb,c,0.5\nc,a,0.3\nc,b,0.7\n"
	if _, _, err := readFlows(t, weights); err != nil {
		t.Errorf("weights that add up to 1: %v", err)
	}
	totals, err := ReadTotals(t.Context(), "t.csv", strings.NewReader("trust_code,patients\nRA,\"1,000\"\nRB,20\n"))
	if err != nil || totals["RA"] != 1000 || totals["RB"] != 20 {
		t.Errorf("totals: %v, %v", totals, err)
	}
}
