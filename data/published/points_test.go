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

// A published table parted by semicolons has its figures asked too, and decimals
// by commas read.
func TestPointsInPublishedFigures(t *testing.T) {
	shmi := "Provider code;Provider name;SHMI value;SHMI banding;Number of spells;Observed deaths;Expected deaths\nRA1;A;1,02;As expected;50.000;1.000;980\n"
	if _, err := Import(t.Context(), "shmi", []importer.Input{{Name: "s.csv", R: strings.NewReader(shmi)}}, importer.Options{}); !errors.Is(err, table.ErrPoints) || !strings.Contains(err.Error(), "s.csv:2:") {
		t.Errorf("figures that may be either: %v", err)
	}
	out, err := Import(t.Context(), "shmi", []importer.Input{{Name: "s.csv", R: strings.NewReader(shmi)}}, importer.Options{Decimal: ','})
	if err != nil || out.Figures[0].Numerator.Value != 1000 || out.Figures[0].Denominator.Value != 980 {
		t.Errorf("told that commas part decimals: %+v, %v", out, err)
	}
	ae := strings.ReplaceAll(aeEra1, ",", ";") + "March 2015;RA1;A;1.234;900;-;-;200;200\n"
	if _, err := Import(t.Context(), "ae-monthly", []importer.Input{{Name: "a.csv", R: strings.NewReader(ae)}}, importer.Options{}); !errors.Is(err, table.ErrPoints) {
		t.Errorf("attendances that may be either: %v", err)
	}
	tidy := "FYEAR;LSOA11;PROCODE3;SPELLS\n2122;E01000001;R1H;1.234,5\n2122;E01000002;R1H;12,5\n"
	flows, err := Import(t.Context(), "hes-tidy", []importer.Input{{Name: "h.csv", R: strings.NewReader(tidy)}}, importer.Options{})
	if err != nil || flows.Flows[0].Count.Value != 1234.5 || flows.Flows[1].Count.Value != 12.5 {
		t.Errorf("counts with commas before decimals: %+v, %v", flows, err)
	}
}
