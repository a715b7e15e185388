package published

import (
	"errors"
	"strings"
	"testing"

	"stpmap/data/importer"
)

func TestFormats(t *testing.T) {
	if _, err := Formats().Named("rt"); !errors.Is(err, importer.ErrUnknownFormat) {
		t.Errorf("rt: %v", err)
	}
	if _, err := Formats().Named("gp-losa"); err == nil || !strings.Contains(err.Error(), `did you mean "gp-lsoa"`) {
		t.Errorf("gp-losa: %v", err)
	}
	for i, f := range Formats() {
		if f.Name == "" || f.Title == "" || len(f.Kinds) == 0 || f.Open == nil || i > 0 && f.Name <= Formats()[i-1].Name {
			t.Errorf("%+v", f)
		}
		if g, err := Formats().Named(strings.ToUpper(f.Name)); err != nil || g.Name != f.Name {
			t.Errorf("%s: %v", f.Name, err)
		}
		for _, text := range []string{"", "\n\n", "a,b,c\n", "a\n1\n"} {
			if _, err := importText(t, f.Name, "x.csv", text, importer.Options{}); err == nil {
				t.Errorf("%s reads %q", f.Name, text)
			}
		}
	}
	if _, err := importText(t, "shmi", "x.csv", "a\n", importer.Options{Kind: importer.FlowTable}); err == nil {
		t.Error("SHMI has no flows")
	}
}
