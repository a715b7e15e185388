package registry

import (
	"testing"

	"stpmap/footprint/rule"
)

func TestPresets(t *testing.T) {
	names := map[string]bool{}
	for _, want := range []string{"dartmouth-hsa", "dartmouth-hrr", "swiss-hsa", "ons-ttwa", "stp-2016", "icb-2022", "icb-2027"} {
		p, ok := FindPreset(want)
		if !ok || p.Name != want || p.Method == "" || p.Source == "" || p.Title == "" || len(p.Parameters) == 0 {
			t.Errorf("%s: got %+v", want, p)
		}
		names[want] = true
	}
	for i, p := range Presets() {
		if !names[p.Name] {
			t.Errorf("preset %s is not tested", p.Name)
		}
		if i > 0 && Presets()[i-1].Name >= p.Name {
			t.Errorf("presets are out of order at %s", p.Name)
		}
		if r, ok := rule.ParseHSARule(p.Name); ok && (p.Method != "hsa" || p.Parameters[0] != (Parameter{"hsa-rule", r.String()})) {
			t.Errorf("%s does not name its rule", p.Name)
		}
	}
	if _, ok := FindPreset("monitor-2015"); ok {
		t.Error("found a preset that nobody has published")
	}
}
