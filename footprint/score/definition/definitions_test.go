package definition

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"stpmap/flow/fault"
	"stpmap/flow/yamlfile"
)

func TestBuiltinSets(t *testing.T) {
	sizes := map[string][2]int{"headline-2017": {14, 6}, "stp-dashboard-2017": {17, 12}, "outcomes-2012": {16, 5}, "maternity": {4, 2}, "oversight-2025": {13, 5}}
	for _, name := range BuiltinNames() {
		d, err := Builtin(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.Name != name {
			t.Errorf("got name %q, want %q", d.Name, name)
		}
		if got := [2]int{len(d.Indicators), len(d.Domains)}; got != sizes[name] {
			t.Errorf("%s: got %v indicators and domains, want %v", name, got, sizes[name])
		}
	}
	d, _ := Builtin("headline-2017")
	for _, want := range []struct {
		id       string
		polarity Polarity
		target   float64
	}{
		{"ae_4h", HigherIsBetter, 0.95},
		{"rtt_18w", HigherIsBetter, 0.92},
		{"rtt_52w", LowerIsBetter, 0},
		{"diag_6w", LowerIsBetter, 0.01},
		{"cancer_62d", HigherIsBetter, 0.85},
		{"cancer_31d", HigherIsBetter, 0.96},
		{"cancer_2ww", HigherIsBetter, 0.93},
		{"dtoc", LowerIsBetter, 0.035},
		{"mrsa", LowerIsBetter, 0},
	} {
		ind, ok := d.Indicator(want.id)
		if !ok || ind.Polarity != want.polarity || !ind.Target.Set || ind.Target.Value != want.target {
			t.Errorf("%s: got %+v, want polarity %v and target %v", want.id, ind, want.polarity, want.target)
		}
	}
	dtoc, _ := d.Indicator("dtoc")
	if want := time.Date(2017, 9, 30, 0, 0, 0, 0, time.UTC); !dtoc.Target.By.Equal(want) {
		t.Errorf("got %+v, want September 2017", dtoc.Target)
	}
	if _, err := Builtin("nothing"); !errors.Is(err, ErrUnknownSet) {
		t.Errorf("got %v, want ErrUnknownSet", err)
	}
}

const smallSet = `name: small
domains:
  - {id: d1, weight: 2}
  - {id: d2}
indicators:
  - id: a
    domain: d1
    kind: proportion
    level: provider
    polarity: higher
    target: 95%
  - {id: b, domain: d2, kind: rate, per: 1000, level: area, polarity: lower, weight: 3}
`

func TestReadDefinitionsFaults(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string
		err            error
		line, column   int
	}{
		{"unknown kind", "kind: proportion", "kind: fraction", ErrUnknownKind, 8, 11},
		{"negative weight", "weight: 3", "weight: -3", ErrWeight, 12, 86},
		{"negative domain weight", "weight: 2", "weight: -2", ErrWeight, 3, 22},
		{"target without polarity", "    polarity: higher\n", "", ErrTargetPolarity, 10, 13},
		{"duplicate id", "{id: b,", "{id: a,", ErrDuplicateID, 12, 10},
		{"duplicate domain", "{id: d2}", "{id: d1}", ErrDuplicateID, 4, 10},
		{"cycle of domains", "- {id: d1, weight: 2}\n  - {id: d2}", "- {id: d1, parent: d2}\n  - {id: d2, parent: d1}", ErrCycle, 3, 22},
		{"own parent", "{id: d2}", "{id: d2, parent: d2}", ErrCycle, 4, 22},
		{"own denominator", "weight: 3", "denominator_from: b", ErrCycle, 12, 96},
		{"unknown denominator", "weight: 3", "denominator_from: c", ErrUnknownIndicator, 12, 96},
		{"unknown domain", "domain: d2", "domain: d3", ErrUnknownDomain, 12, 21},
		{"unknown field", "target: 95%", "tarjet: 95%", ErrUnknownField, 11, 5},
		{"field twice", "target: 95%", "kind: rate", ErrSyntax, 11, 5},
		{"missing field", "    level: provider\n", "", ErrMissingField, 6, 5},
		{"not a number", "weight: 3", "weight: heavy", nil, 12, 86},
		{"target out of range", "95%", "950%", nil, 11, 13},
		{"no such level", "level: area", "level: ward", nil, 12, 55},
		{"bad id", "id: a\n", "id: a b\n", ErrBadID, 6, 9},
		{"alias", "name: small", "name: &x [*x]", ErrSyntax, 1, 7},
		{"syntax", "name: small", "name: [small", ErrSyntax, 2, 1},
		{"no indicators", smallSet, "indicators: []\n", ErrNoIndicators, 0, 0},
		{"empty", smallSet, "", ErrSyntax, 1, 1},
		{"dates out of order", "target: 95%", "target: {value: 95%, by: 2018-01-01, steps: [{value: 90%, by: 2019-01-01}]}", ErrStepOrder, 11, 14},
		{"share without baseline", "target: 95%", "target: {share_of_baseline: 0.5}", ErrMissingField, 11, 14},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(strings.Replace(smallSet, tc.old, tc.new, 1)))
			var faults *fault.List
			if !errors.As(err, &faults) {
				t.Fatalf("got %v, want *fault.List", err)
			}
			f := faults.List[0]
			if tc.err != nil && !errors.Is(f.Err, tc.err) {
				t.Errorf("got %v, want %v", f.Err, tc.err)
			}
			if f.Line != tc.line || f.Column != tc.column {
				t.Errorf("got %d:%d (%v), want %d:%d", f.Line, f.Column, f.Err, tc.line, tc.column)
			}
		})
	}
}

func TestReadDefinitionsRefusesDepth(t *testing.T) {
	for _, src := range []string{strings.Repeat("[", 1000), strings.Repeat("{a: ", 1000), "a:\n" + strings.Repeat("- ", 1000), strings.Repeat("? ", 1000), strings.Repeat("x", yamlfile.MaxBytes+1)} {
		if _, err := Read(strings.NewReader(src)); !errors.Is(err, ErrSyntax) || !strings.Contains(err.Error(), "deep") && !strings.Contains(err.Error(), "longer") {
			t.Errorf("%.10s: got %v, want a refusal", src, err)
		}
	}
}

func TestReadDefinitionsKeepsFaultsShort(t *testing.T) {
	var b strings.Builder
	b.WriteString("indicators:\n")
	for range 30 {
		b.WriteString("  - {id: a, domain: d, kind: odd, level: area}\n")
	}
	_, err := Read(strings.NewReader(b.String()))
	var faults *fault.List
	if !errors.As(err, &faults) || len(faults.List) != fault.Max || faults.More != 30+29-fault.Max {
		t.Fatalf("got %v", err)
	}
	if !strings.HasSuffix(err.Error(), "and 39 more faults") {
		t.Errorf("got %q", err.Error())
	}
}

func TestTargetForms(t *testing.T) {
	d, err := Read(strings.NewReader(strings.Replace(smallSet, "weight: 3", `target: {share_of_baseline: 0.5, by: 2030-12-31, baseline: {value: 12.4, date: 2014-12-31}}`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := d.Indicator("b")
	if b.Target.Value != 6.2 || !b.Target.HasTrajectory() {
		t.Errorf("got %+v, want half of 12.4", b.Target)
	}
	if a, _ := d.Indicator("a"); a.Target.Value != 0.95 || a.Target.HasTrajectory() || a.Weight != 1 || !a.Verified {
		t.Errorf("got %+v", a)
	}
	if w := d.DomainWeights(); !slices.Equal(w, []float64{2, 1}) {
		t.Errorf("got domain weights %v, want 2 as stated and 1 as its indicator's", w)
	}
}

func TestReadDefinitionsCSV(t *testing.T) {
	d, err := ReadCSV(strings.NewReader("\ufeffID,Domain,Kind,Level,Polarity,Target,Target by,Weight,Bands,Failing from,Domain weight\n" +
		"a,d1,proportion,provider,higher,95%,2018-12-31,2,,,3\n" +
		"c,d1,band,provider,lower,,,,good|fair|poor,3,\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a := d.Indicators[0]; a.Target.Value != 0.95 || a.Weight != 2 || a.Kind != Proportion {
		t.Errorf("got %+v", a)
	}
	if c := d.Indicators[1]; !slices.Equal(c.Bands, []string{"good", "fair", "poor"}) || c.FailingFrom != 3 || c.Weight != 1 {
		t.Errorf("got %+v", c)
	}
	if len(d.Domains) != 1 || d.Domains[0].Weight != 3 {
		t.Errorf("got domains %+v", d.Domains)
	}
	for _, tc := range []struct {
		name, table  string
		err          error
		line, column int
	}{
		{"unknown kind", "id,domain,kind,level\na,d,odd,area\n", ErrUnknownKind, 2, 5},
		{"unknown heading", "id,domain,kind,level,odd\n", ErrUnknownField, 1, 22},
		{"missing heading", "id,domain,kind\n", ErrMissingField, 1, 0},
		{"weight", "id,domain,kind,level,weight\na,d,rate,area,-1\n", ErrWeight, 2, 15},
		{"quotes", "id,domain,kind,level\n\"a,d,rate,area\n", ErrSyntax, 2, 0},
		{"empty", "", ErrNoIndicators, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ReadCSV(strings.NewReader(tc.table))
			var faults *fault.List
			if !errors.As(err, &faults) || !errors.Is(err, tc.err) {
				t.Fatalf("got %v, want %v", err, tc.err)
			}
			if f := faults.List[0]; f.Line != tc.line || tc.column > 0 && f.Column != tc.column {
				t.Errorf("got %d:%d, want %d:%d", f.Line, f.Column, tc.line, tc.column)
			}
		})
	}
}

// The schema and the reader must know the same fields and words.
func TestSchemaMatchesReader(t *testing.T) {
	var schema struct {
		Defs map[string]struct {
			Required   []string
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	props := schema.Defs["indicator"].Properties
	ind := newIndicator()
	fields := ind.fields()
	for name := range props {
		if fields[name] == nil && name != "target" && name != "bands" && name != "scores" {
			t.Errorf("the schema has %q, the reader has not", name)
		}
	}
	for name := range fields {
		if _, ok := props[name]; !ok {
			t.Errorf("the reader has %q, the schema has not", name)
		}
	}
	if got := props["kind"].Enum; !slices.Equal(got, strings.Split(join(Kinds()), ", ")) {
		t.Errorf("got kinds %v", got)
	}
	for _, p := range props["polarity"].Enum {
		if _, err := ParsePolarity(p); err != nil {
			t.Error(err)
		}
	}
	if got := schema.Defs["indicator"].Required; !slices.Equal(got, []string{"id", "domain", "kind", "level"}) {
		t.Errorf("got required %v", got)
	}
}

func FuzzReadDefinitions(f *testing.F) {
	f.Add(smallSet)
	f.Add("a: &a [*a]")
	f.Add("indicators:\n  - {id: a, domain: d, kind: band, level: area, bands: [x, y], failing_from: 2, polarity: lower}\n")
	for _, name := range BuiltinNames() {
		src, _ := BuiltinYAML(name)
		at := strings.Index(string(src), "indicators:")
		parts := strings.SplitN(string(src[at:]), "\n  - ", 4) // two indicators: all of them take milliseconds to read
		f.Add(string(src[:at]) + strings.Join(parts[:3], "\n  - ") + "\n")
	}
	f.Fuzz(func(t *testing.T, src string) {
		d, err := Read(strings.NewReader(src))
		if err != nil {
			var faults *fault.List
			if !errors.As(err, &faults) || len(faults.List) == 0 {
				t.Fatalf("got %v, want located faults", err)
			}
			return
		}
		for _, ind := range d.Indicators {
			if !(ind.Weight >= 0) || ind.Target.Set && math.IsNaN(ind.Target.Value) {
				t.Fatalf("accepted %+v", ind)
			}
		}
		if err := d.Check(); err != nil {
			t.Fatalf("read, but %v", err)
		}
	})
}

func FuzzReadDefinitionsCSV(f *testing.F) {
	f.Add("id,domain,kind,level,bands\na,d,proportion,area,\n")
	f.Add("id,domain,kind,level,target,polarity\na,d,rate,area,5%,lower\n")
	f.Fuzz(func(t *testing.T, src string) {
		d, err := ReadCSV(strings.NewReader(src))
		var faults *fault.List
		if err != nil && !errors.As(err, &faults) {
			t.Fatalf("got %v, want located faults", err)
		}
		if err == nil && d.Check() != nil {
			t.Fatalf("read, but %v", d.Check())
		}
	})
}
