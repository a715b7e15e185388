package scoring

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

func TestParseCuts(t *testing.T) {
	for text, ok := range map[string]bool{"0,0.33,0.67": true, " -1 , 0 , 1 ": true, "1,2": false, "1,2,3,4": false, "a,b,c": false, "0,NaN,1": false, "": false} {
		if cuts, got := parseCuts(text); got != ok || ok && !(cuts[0] < cuts[1] && cuts[1] < cuts[2]) {
			t.Errorf("%q: %v, %v", text, cuts, got)
		}
	}
}

// usual are the flags as the table sets them.
func usual() Flags {
	return Flags{
		Rule: Rule{
			Definitions: definition.Default, View: string(attribution.Residents), Normalisation: string(score.ZScores),
			Failing: string(score.FailsTarget), Certainty: 0.95, MinReported: 0.5, MinIndicators: 0.6, MinDomains: 2. / 3,
		},
		Doubt: Doubt{Worst: 5, Draws: 10000, Concentration: 16},
	}
}

// 0 as a flag is none; in the options 0 is the default.
func TestOptions(t *testing.T) {
	f := usual()
	opt, err := f.Options(7, 2)
	if err != nil || opt.Seed != 7 || opt.Jobs != 2 || opt.Draws != 10000 || opt.MinDomains != 2./3 || opt.Cuts != nil {
		t.Errorf("%+v, %v", opt, err)
	}
	f.Draws, f.MinReported, f.MinDomains = 0, 0, 0
	if opt, err = f.Options(1, 0); err != nil || opt.Draws != -1 || opt.MinReported != -1 || opt.MinDomains != -1 || opt.MinIndicators != 0.6 {
		t.Errorf("%+v, %v", opt, err)
	}
	for name, change := range map[string]func(*Flags){
		"certainty": func(f *Flags) { f.Certainty = 0 }, "concentration": func(f *Flags) { f.Concentration = 0 }, "cut points": func(f *Flags) { f.CutPoints = "1" },
		"view": func(f *Flags) { f.View = "both" }, "failing": func(f *Flags) { f.Failing = "never" },
	} {
		f := usual()
		change(&f)
		_, err := f.Options(1, 0)
		var usage *cli.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDefinitions(t *testing.T) {
	dir := t.TempDir()
	text, err := definition.BuiltinYAML(definition.Default)
	if err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "mine.yaml")
	if err := os.WriteFile(mine, text, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(dir, "broken.yaml")
	if err := os.WriteFile(broken, []byte("indicators: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	built, err := definitions(definition.Default, study.Disk{}, &study.Study{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", mine} {
		if defs, err := definitions(name, study.Disk{}, &study.Study{}); err != nil || len(defs.Indicators) != len(built.Indicators) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"headline":                     "is neither a file nor one of " + definition.Default,
		filepath.Join(dir, "x.yaml"):   "no such file",
		broken:                         "broken.yaml:1:",
		filepath.Join(dir, "none.csv"): "no such file",
	} {
		if _, err := definitions(name, study.Disk{}, &study.Study{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
}
