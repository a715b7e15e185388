package score_test

import (
	"context"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"stpmap/flow/flowtest"
	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/official"
)

// england opens the real case that may lie beside the module.
func england(t testing.TB) fs.FS {
	t.Helper()
	return os.DirFS(flowtest.Path(t, "england"))
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// englandObservations turns the two published files into the indicator form,
// and gives their own sums by indicator, of the year that is scored.
func englandObservations(t testing.TB, fsys fs.FS) (rows []attribution.Observation, sums map[string][2]float64) {
	t.Helper()
	sums = map[string][2]float64{}
	add := func(o attribution.Observation, num, den float64, scored bool) {
		o.Numerator, o.Denominator = num, den
		rows = append(rows, o)
		if scored {
			s := sums[o.Indicator]
			sums[o.Indicator] = [2]float64{s[0] + num, s[1] + den}
		}
	}
	for _, r := range readAll(t, fsys, "indicator_provider_ae.csv") {
		if r["attendances"] == "" || r["breaches"] == "" {
			continue
		}
		den := number(t, r["attendances"])
		add(attribution.NewObservation(r["provider_code"], "ae_4h", r["financial_year"]), den-number(t, r["breaches"]), den, r["financial_year"] == "2018/19")
	}
	for _, r := range readAll(t, fsys, "indicator_ccg17_rtt_mar2015.csv") {
		add(attribution.NewObservation(r["area_code"], "rtt_18w", "2015-03"), number(t, r["incomplete_within_18w"]), number(t, r["incomplete_total"]), true)
	}
	return rows, sums
}

// England's 44 STPs of 2017, with trusts by the published lookup.
func TestEnglandTotalsAreConserved(t *testing.T) {
	fsys := england(t)
	m := readFlows(t, fsys, "flows.csv")
	areas := column(readAll(t, fsys, "reference_partition.csv"), "area_code", "stp_code")
	providers := column(readAll(t, fsys, "providers.csv"), "provider_code", "stp17_code")
	rows, sums := englandObservations(t, fsys)
	values := map[attribution.View]map[string]float64{}
	for _, tc := range []struct {
		name      string
		partition footprint.Partition
		leftOut   string // an area that is placed nowhere
	}{
		{"all placed", group(m, areas, providers), ""},
		{"one area nowhere", footprint.Partition{}, "E38000001"},
	} {
		p := tc.partition
		if tc.leftOut != "" {
			p = group(m, areas, providers)
			a, _ := m.AreaIndex(tc.leftOut)
			p.Areas[a] = footprint.Unplaced
		}
		if p.Len() != 44 {
			t.Fatalf("got %d footprints, want 44", p.Len())
		}
		for _, view := range []attribution.View{attribution.Residents, attribution.Providers} {
			r, err := score.Run(context.Background(), score.Input{Matrix: m, Partition: p, Observations: rows, Options: score.Options{View: view, Seed: 1, Draws: 500, MixedPeriods: true}})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][2]float64{}
			nowhere := map[string]float64{}
			for _, row := range r.Indicators {
				if math.IsNaN(row.Numerator) {
					continue
				}
				if row.Numerator != math.Trunc(row.Numerator) || row.Denominator != math.Trunc(row.Denominator) || row.Numerator > row.Denominator {
					t.Fatalf("%s, %s: got %v of %v", tc.name, view, row.Numerator, row.Denominator)
				}
				s := got[row.Indicator]
				got[row.Indicator] = [2]float64{s[0] + row.Numerator, s[1] + row.Denominator}
				if row.Footprint == attribution.Unattributed {
					nowhere[row.Indicator] = row.Denominator
				}
				if row.Indicator == "ae_4h" && tc.leftOut == "" && row.Footprint != attribution.Unattributed {
					if values[view] == nil {
						values[view] = map[string]float64{}
					}
					values[view][row.Footprint] = row.Value
				}
			}
			for _, id := range []string{"ae_4h", "rtt_18w"} {
				if got[id] != sums[id] {
					t.Errorf("%s, %s, %s: got %v, want the file's own %v", tc.name, view, id, got[id], sums[id])
				}
			}
			if tc.leftOut != "" && nowhere["rtt_18w"] != 7693 {
				t.Errorf("%s: got %v unattributed, want the area's 7,693 pathways", view, nowhere["rtt_18w"])
			}
			if tc.leftOut != "" && view == attribution.Residents && !(nowhere["ae_4h"] > 0) {
				t.Error("no attendances of the area's residents are unattributed")
			}
			s := r.Summary()
			if s.Rated != 0 || s.NotRated != 44 || s.Indicators != 2 || len(s.Worst) != 0 || s.DomainsKnown != 2 || s.Domains != 6 {
				t.Errorf("%s, %s: got %+v", tc.name, view, s)
			}
			t.Logf("%s, %s: A&E %v, RTT %v, unattributed %v, rated %d", tc.name, view, got["ae_4h"], got["rtt_18w"], nowhere, s.Rated)
		}
	}
	differ := 0
	for f, v := range values[attribution.Residents] {
		if v != values[attribution.Providers][f] {
			differ++
		}
	}
	if differ < 40 {
		t.Errorf("the views differ for %d footprints only", differ)
	}
}

// England's 44 footprints with A&E alone, and with A&E and RTT: nobody is rated
// overall, and no sentence claims more than the figures there are. The order by
// A&E of 2016/17 and RTT of March 2015 beside the ten ratings of July 2017 that
// are on record is exact.
func TestEnglandIsNotRated(t *testing.T) {
	fsys := england(t)
	m := readFlows(t, fsys, "flows.csv")
	areas := column(readAll(t, fsys, "reference_partition.csv"), "area_code", "stp_code")
	providers := column(readAll(t, fsys, "providers.csv"), "provider_code", "stp17_code")
	all, _ := englandObservations(t, fsys)
	for _, tc := range []struct {
		name    string
		keep    func(o attribution.Observation) bool
		domains int
		words   string
	}{
		{"A&E", func(o attribution.Observation) bool { return o.Indicator == "ae_4h" }, 1, "No footprint is rated overall: 1 of 6 domains has figures."},
		{"A&E and RTT", func(o attribution.Observation) bool { return o.Indicator == "rtt_18w" || o.Period == "2016/17" }, 2, "No footprint is rated overall: 2 of 6 domains have figures."},
	} {
		rows := slices.DeleteFunc(slices.Clone(all), func(o attribution.Observation) bool { return !tc.keep(o) })
		r, err := score.Run(context.Background(), score.Input{Matrix: m, Partition: group(m, areas, providers), Observations: rows, Options: score.Options{MixedPeriods: true}})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Summary()
		if s.Rated != 0 || s.NotRated != 44 || s.DomainsKnown != tc.domains || len(s.Worst) != 0 || !strings.Contains(strings.Join(r.Notes, "\n"), tc.words) {
			t.Errorf("%s: got %+v", tc.name, s)
		}
		for f, row := range r.Footprints {
			e, err := r.Explain(row.Footprint)
			if err != nil {
				t.Fatal(err)
			}
			text := e.Text()
			if !strings.Contains(text, "is not rated overall") || strings.Contains(text, "serious") || strings.Contains(text, "across") || row.Rating != 0 || row.Rank != 0 || r.Rank(f) == 0 {
				t.Errorf("%s: got %+v and\n%s", tc.name, row, text)
			}
		}
		var b strings.Builder
		if err := r.WriteLeague(&b, 0); err != nil || strings.Count(b.String(), "not rated") != 44 {
			t.Errorf("%s: got\n%s", tc.name, b.String())
		}
		if tc.domains == 2 {
			englandRatings(t, fsys, r)
		}
	}
}

// englandRatings holds our order against the ratings of July 2017.
func englandRatings(t *testing.T, fsys fs.FS, r *score.Result) {
	t.Helper()
	var ratings []official.Rating
	for _, row := range readAll(t, fsys, "reference_stp_ratings_2017_partial.csv") {
		ratings = append(ratings, official.Rating{Code: row["stp_code"], Label: row["rating_july_2017"]})
	}
	c, err := official.Compare(r, ratings)
	if err != nil {
		t.Fatal(err)
	}
	var ranks []int
	for _, row := range c.Rows {
		ranks = append(ranks, row.Rank)
		if row.Rank < 30 != (row.Official == "needs most improvement") {
			t.Errorf("got %+v", row)
		}
	}
	if want := []int{1, 4, 11, 19, 24, 35, 38, 40, 41, 43}; !slices.Equal(ranks, want) || c.Ranked != 44 || c.Overall {
		t.Errorf("got ranks %v of %d, want %v of 44", ranks, c.Ranked, want)
	}
	if math.Abs(c.Rho-0.8704) > 1e-4 || math.Abs(c.Lower-0.434) > 1e-3 || math.Abs(c.Upper-0.976) > 1e-3 || c.Agree != 5 {
		t.Errorf("got %v (%v to %v), %d agree", c.Rho, c.Lower, c.Upper, c.Agree)
	}
}
