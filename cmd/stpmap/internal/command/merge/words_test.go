package merge

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/merge"
)

// fourInARow is a result for four systems in a row, the second and third of which
// exchange most.
func fourInARow(t *testing.T, demands merge.Demands) *result {
	t.Helper()
	b := flow.NewBuilder()
	for _, c := range []struct {
		from, to int
		count    float64
	}{{1, 1, 100}, {2, 2, 100}, {3, 3, 100}, {4, 4, 100}, {1, 2, 10}, {2, 3, 30}, {3, 4, 20}} {
		if err := b.Add(fmt.Sprintf("A%d", c.from), fmt.Sprintf("P%d", c.to), flow.Exactly(c.count)); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	groups := []string{"S1", "S2", "S3", "S4"}
	today := &study.NamedPartition{Partition: footprint.FromGroups(m, groups, groups), Names: []string{"East", "", "S3", "West"}}
	p, err := merge.New(merge.Input{Matrix: m, Today: today.Partition, Population: []float64{10, 20, 30, 40}, Demands: demands})
	if err != nil {
		t.Fatal(err)
	}
	r := &result{options: &Options{Effort: 1}, today: today, p: p, in: &study.Study{Matrix: m}}
	return r
}

// Systems are named with their codes, unless the name says the code already.
func TestNamesOfSystems(t *testing.T) {
	r := fourInARow(t, merge.Demands{})
	for s, want := range []string{"East (S1)", "S2", "S3", "West (S4)"} {
		if got := r.title(int32(s)); got != want {
			t.Errorf("system %d is %q, want %q", s, got, want)
		}
	}
	for s, want := range []string{"East", "S2", "S3", "West"} {
		if got := r.short(int32(s)); got != want {
			t.Errorf("system %d is %q in short, want %q", s, got, want)
		}
	}
	for systems, want := range map[string]string{"": "", "0": "East (S1)", "03": "East (S1) and West (S4)", "012": "East (S1), S2 and S3"} {
		var list []int32
		for _, c := range systems {
			list = append(list, c-'0')
		}
		if got := r.list(list); got != want {
			t.Errorf("%v are %q, want %q", list, got, want)
		}
	}
	for text, want := range map[string]int32{"S2": 1, "East": 0, "West": 3, "North": -1, "": 1} {
		if got := r.system(text); got != want && text != "" {
			t.Errorf("%q is system %d, want %d", text, got, want)
		}
	}
	for i, c := range []struct {
		group []int32
		want  string
	}{{[]int32{0}, "East"}, {[]int32{0, 1}, "East + S2"}, {[]int32{0, 1, 3}, "East + 2 more"}} {
		if got := r.shortened(c.group); got != c.want {
			t.Errorf("group %d is %q, want %q", i, got, c.want)
		}
	}
	if got := r.codes([]int32{0, 3}); got != "S1 S4" {
		t.Errorf("codes %q", got)
	}
}

// Pairs make groups through chains.
func TestGroupsOfPairs(t *testing.T) {
	for _, c := range []struct {
		pairs [][2]int32
		want  string
	}{
		{nil, "[]"},
		{[][2]int32{{0, 1}}, "[[0 1]]"},
		{[][2]int32{{0, 1}, {1, 2}, {0, 2}}, "[[0 1 2]]"},
		{[][2]int32{{2, 3}, {0, 1}}, "[[0 1] [2 3]]"},
		{[][2]int32{{0, 3}, {2, 3}}, "[[0 2 3]]"},
	} {
		if got := fmt.Sprint(together(c.pairs, 5)); got != c.want {
			t.Errorf("%v: %s, want %s", c.pairs, got, c.want)
		}
	}
}

// Figures in words, and cells that are not known.
func TestFigures(t *testing.T) {
	if got := points(0.01234); got != "1.23 points" {
		t.Errorf("%q", got)
	}
	if got := people(12345.6); got != "12,346" {
		t.Errorf("%q", got)
	}
	if verb(1, "lies", "lie") != "lies" || verb(2, "lies", "lie") != "lie" || verb(0, "lies", "lie") != "lie" {
		t.Error("verbs")
	}
	for _, c := range []struct {
		names []string
		want  string
	}{{nil, ""}, {[]string{"A"}, "A"}, {[]string{"A", "B"}, "A and B"}, {[]string{"A", "B", "C"}, "A, B and C"}} {
		if got := joined(c.names); got != c.want {
			t.Errorf("%v: %q, want %q", c.names, got, c.want)
		}
	}
}

// Groups of nodes become the systems that they lie in; those within one system say
// nothing.
func TestSystemsOfGroups(t *testing.T) {
	r := fourInARow(t, merge.Demands{})
	got := r.systemsOf([][]int32{{0, 1}, {2, 6}, {3, 4, 0}, {}})
	if want := "[[0 1] [0 3]]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// The curve, the chosen map, the proposal and the words fit each other: the share
// of the map is that of its patients, and each number of systems has a row.
func TestSolveAndTell(t *testing.T) {
	for _, c := range []struct {
		name       string
		demands    merge.Demands
		footprints int
		fault      string
		groups     string
	}{
		{"the first merger", merge.Demands{}, 0, "", "[[0] [1 2] [3]]"},
		{"two", merge.Demands{}, 2, "", "[[0] [1 2 3]]"},
		{"with enough people", merge.Demands{MinPopulation: 40}, 0, "", "[[0 1 2] [3]]"},
		{"more than today", merge.Demands{}, 5, "--footprints 5 is more than today's 4 systems", ""},
		{"too many people asked for", merge.Demands{MinPopulation: 60}, 3, "no map of 3 systems made of today's 4 meets the demands", ""},
		{"all that stands in the way", merge.Demands{MinPopulation: 1000}, 0, "and so does 1 system more", ""},
	} {
		r := fourInARow(t, c.demands)
		r.options.Footprints, r.options.Fewest = c.footprints, 1
		err := r.solve(t.Context())
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: got %v, want %q", c.name, err, c.fault)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(r.chosen().Groups); got != c.groups {
			t.Errorf("%s: %s, want %s", c.name, got, c.groups)
		}
		if len(r.curveTable().Features) != 4 || len(r.pairsTable().Features) != 3 || len(r.mergedTable().Features) != 4 {
			t.Errorf("%s: %d rows of the curve, %d pairs, %d systems", c.name, len(r.curveTable().Features), len(r.pairsTable().Features), len(r.mergedTable().Features))
		}
		j := r.json()
		if math.Abs(*j.Inside-r.p.Share(r.chosen().Groups)) > 1e-12 || j.Systems != 4 || j.Patients != 460 || !j.Optimal || *j.Before != 400.0/460 {
			t.Errorf("%s: %+v", c.name, j)
		}
		words := strings.Join(r.words(), "\n")
		if !strings.Contains(words, "It is proven that no map of") || !strings.Contains(words, "Today 4 systems keep 87.0% of patients inside") {
			t.Errorf("%s: %s", c.name, words)
		}
		for _, l := range strings.Split(words, "\n") {
			if len(strings.Fields(l)) == 0 || strings.Contains(l, "%!") {
				t.Errorf("%s: %q", c.name, l)
			}
		}
	}
}

// A plan that breaks a demand is weighed with its breach; a plan in pieces is
// refused where one piece is demanded.
func TestBrokenPlans(t *testing.T) {
	r := fourInARow(t, merge.Demands{MinPopulation: 45})
	plan := &proposal{groups: [][]int32{{0, 1}, {2, 3}}, names: []string{"X", "Y"}, mergers: []merge.Merger{r.p.Weigh([]int32{0, 1}), r.p.Weigh([]int32{2, 3})}}
	if err := r.refuse(plan); err != nil || len(plan.broken) != 1 || plan.broken[0] != "the union of East (S1) and S2 has 30 people, under 45" {
		t.Errorf("got %v, %q", err, plan.broken)
	}
	r.proposal = plan
	words := strings.Join(r.proposalWords(), "\n")
	for _, want := range []string{"It breaks a demand: together it has 30 people, under 45", "The whole proposal keeps 93.5% of patients inside, with 2 systems. 1 system of it breaks a demand."} {
		if !strings.Contains(words, want) {
			t.Errorf("%q lacks %q", words, want)
		}
	}
	r = fourInARow(t, merge.Demands{OnePiece: true})
	plan = &proposal{groups: [][]int32{{0, 3}, {1}, {2}}}
	if err := r.refuse(plan); err == nil || !strings.Contains(err.Error(), "the union of East (S1) and West (S4) has parts without patients between them") {
		t.Errorf("in pieces: %v", err)
	}
	if len(plan.broken) != 1 {
		t.Errorf("%q", plan.broken)
	}
}
