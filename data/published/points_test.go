package published

import (
	"errors"
	"strings"
	"testing"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/table"
)

// What points mean is asked of every table of whole numbers.
func TestPointsInOtherTables(t *testing.T) {
	people, _, err := data.ReadPopulation(t.Context(), "p.csv", strings.NewReader("area;population\nE1;83.500\nE2;1.234.567\nE3;950\n"))
	if err != nil || people[0].People != 83_500 || people[1].People != 1_234_567 || people[2].People != 950 {
		t.Errorf("people: %v, %v", people, err)
	}
	if _, _, err := data.ReadPopulation(t.Context(), "p.csv", strings.NewReader("area;population\nE1;83.500\nE2;91.250\n")); !errors.Is(err, table.ErrPoints) || !strings.Contains(err.Error(), "p.csv:2:4: ") {
		t.Errorf("people that may be either: %v", err)
	}
	rows, _, err := data.ReadIndicators(t.Context(), "i.csv", strings.NewReader("entity;indicator;numerator;denominator;value\nRA;ae_4h;1.100;1.234;\nRB;ae_4h;90;100;\nRC;shmi;;;1.019\n"))
	if err != nil || rows[0].Numerator != 1100 || rows[0].Denominator != 1234 || rows[2].Value != 1.019 {
		t.Errorf("figures: %+v, %v", rows, err)
	}
	rows, _, err = data.ReadIndicators(t.Context(), "i.csv", strings.NewReader("entity;indicator;numerator;denominator\nRA;ae_4h;1.125;1.250\nRB;ae_4h;0.5;2\n"))
	if err != nil || rows[0].Numerator != 1.125 || rows[0].Denominator != 1.25 {
		t.Errorf("figures with decimals: %+v, %v", rows, err)
	}
	wide := "area;RAA;RBB;Total\nE1;1.234;17;1.251\n"
	if _, err := Import(t.Context(), "matrix", []importer.Input{{Name: "w.csv", R: strings.NewReader(wide)}}, importer.Options{}); !errors.Is(err, table.ErrPoints) {
		t.Errorf("a wide table: %v", err)
	}
	out, err := Import(t.Context(), "matrix", []importer.Input{{Name: "w.csv", R: strings.NewReader(wide)}}, importer.Options{Decimal: ','})
	if err != nil || out.Flows[0].Count.Value != 1234 {
		t.Errorf("a wide table, told: %+v, %v", out, err)
	}
}
