package imports

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/data"
	"stpmap/data/calendar"
	"stpmap/data/importer"
)

func options() *Options { return &Options{Fit: "best", Outside: "keep"} }

func TestOptionsOfImport(t *testing.T) {
	o := options()
	o.Period, o.By, o.As = "2018/19 q2", "year", "flows"
	o.Where = []string{"year = 2018", "group=a=b"}
	o.Indicator = []string{"92848=dementia", "1=one"}
	got, err := o.options(t.Context(), &cli.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := calendar.Period("2018/19 q2"); got.Period != want || got.By != "year" {
		t.Errorf("period %q by %q", got.Period, got.By)
	}
	if len(got.Where) != 2 || got.Where[0].Column != "year" || got.Where[0].Value != "2018" || got.Where[1].Value != "a=b" {
		t.Errorf("conditions %v", got.Where)
	}
	if got.Indicators["92848"] != "dementia" || len(got.Indicators) != 2 {
		t.Errorf("indicators %v", got.Indicators)
	}
	if plain, err := options().options(t.Context(), &cli.Env{}); err != nil || plain.Indicators != nil || plain.Where != nil {
		t.Errorf("%+v, %v", plain, err)
	}
}

func TestNamesAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"as": func(o *Options) { o.As = "maps" }, "level": func(o *Options) { o.Level = "ward" }, "by": func(o *Options) { o.By = "week" }, "fit": func(o *Options) { o.Fit = "worst" },
		"outside": func(o *Options) { o.Outside = "ask" }, "lookup": func(o *Options) { o.Lookup = "l.csv" }, "indicator": func(o *Options) { o.Indicator = []string{"=x"} },
		"where": func(o *Options) { o.Where = []string{"=x"} }, "suppressed": func(o *Options) { o.Suppressed = []string{"*"} },
	} {
		o := options()
		change(o)
		if _, err := o.options(t.Context(), &cli.Env{}); err == nil || !strings.Contains(err.Error(), "--"+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListOfFormats(t *testing.T) {
	var b bytes.Buffer
	listFormats(&b)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if !slices.IsSorted(lines) || len(lines) < 10 {
		t.Errorf("%d lines, sorted %v", len(lines), slices.IsSorted(lines))
	}
	for _, line := range lines {
		if !strings.HasSuffix(line, ")") || len(strings.Fields(line)) < 3 {
			t.Errorf("line %q", line)
		}
	}
}

func TestAreasOf(t *testing.T) {
	out := &importer.Result{Populations: []data.Population{{Area: "B"}, {Area: "A"}, {Area: "B"}}}
	if got := areasOf(out); !slices.Equal(got, []string{"A", "B"}) {
		t.Errorf("got %q", got)
	}
}
