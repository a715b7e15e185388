package footprint

import (
	"slices"
	"strings"
	"testing"

	"stpmap/flow"
)

// What an explanation says cannot be turned back into a count under the limit.
func TestConceal(t *testing.T) {
	b := flow.NewBuilder()
	for _, f := range []struct {
		area, provider string
		n              float64
	}{
		{"A", "X", 97}, {"A", "Y", 3}, // 97% of 100 inside: 3 outside
		{"B", "X", 60}, {"B", "Y", 3}, {"B", "Z", 37}, // 3 can be hidden among 40
		{"C", "Y", 300}, {"D", "Z", 300}, {"D", "X", 100},
	} {
		if err := b.Add(f.area, f.provider, flow.Exactly(f.n)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	p := Partition{IDs: []string{"F01", "F02", "F03"}, Areas: []int32{0, 0, 1, 2}, Providers: []int32{0, 1, 2}}
	for _, c := range []struct {
		node   int
		limit  float64
		first  string
		shown  []string
		secret []string
	}{
		{0, 0, "area A lies in F01: 97.0% of its residents' care is given there.", []string{"F01", "F02"}, nil},
		{0, 5, "area A lies in F01.", nil, []string{"patients", "next_best_gain"}},
		{1, 5, "area B lies in F01: 60.0% of its residents' care is given there.", []string{"F01"}, []string{"next_best_gain"}},
		{2, 5, "area C lies in F02: 100.0% of its residents' care is given there.", []string{"F02"}, nil},
		{3, 5, "area D lies in F03: 75.0% of its residents' care is given there.", []string{"F03", "F01"}, nil},
	} {
		ex := ExplainNode(m, p, c.node, 1)
		sentences := ex.Sentences("", c.limit)
		if sentences[0] != c.first {
			t.Errorf("%q, want %q", sentences[0], c.first)
		}
		ex, secret := ex.Conceal(c.limit)
		var shown []string
		for _, e := range ex.Exchanges {
			shown = append(shown, e.Footprint)
		}
		if !slices.Equal(shown, c.shown) || !slices.Equal(secret, c.secret) {
			t.Errorf("%s under %v: shown %v, secret %v; want %v, %v", ex.Code, c.limit, shown, secret, c.shown, c.secret)
		}
		if text := strings.Join(sentences, " "); slices.Contains(secret, "next_best_gain") && strings.Contains(text, ") by ") {
			t.Errorf("%s tells the gain: %s", ex.Code, text)
		}
	}
	// F02 has C's 300 inside, and 6 arrive from F01: shown. Its loosest area
	// loses nobody. A's share would tell the 3 who leave F01 from it.
	ms := Measure(m, p, nil, nil)
	ex, secret := ExplainFootprint(m, p, ms, 0, 1).Conceal(5)
	if len(ex.Out) != 2 || len(secret) != 0 {
		t.Errorf("F01: %v, %v", ex.Out, secret)
	}
	ex, secret = ExplainFootprint(m, p, ms, 0, 1).Conceal(10)
	if len(ex.Out) != 0 || len(ex.In) != 1 || !slices.Equal(secret, []string{"merge_gain"}) {
		t.Errorf("F01 under 10: %v, %v, %v", ex.Out, ex.In, secret)
	}
	full := ExplainFootprint(m, p, ms, 1, 1)
	ex, secret = full.Conceal(10)
	if len(ex.In) != 0 || !slices.Equal(secret, []string{"patients_inside", "localisation_index", "market_share_index", "merge_gain"}) {
		t.Errorf("F02 under 10: %v, %v", ex.In, secret)
	}
	if text := strings.Join(full.Sentences("", 10), " "); strings.Contains(text, "providers' work") || strings.Contains(text, ") by ") {
		t.Errorf("F02 under 10 says %q", text)
	}
}
