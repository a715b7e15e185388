package scoring

import (
	"fmt"
	"math"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
)

// sayFigures says what was made of the tables of figures, and how much of them
// reached the footprints.
func sayFigures(env *cli.Env, in *study.Study, res *score.Result, rows []attribution.Observation) {
	for _, u := range in.Understood {
		if u.Role == "indicators" {
			env.Log.Info(u.String())
		}
	}
	for _, line := range figureSums(res, rows) {
		env.Log.Info(line)
	}
}

// figureSums say, for every indicator with numerators, what the tables give, how
// much of it reached the footprints, and where the rest is.
func figureSums(res *score.Result, rows []attribution.Observation) []string {
	type sum struct{ used, lost float64 }
	by := map[string]*sum{}
	var order []string
	periods := map[[2]string]bool{}
	for _, v := range res.Indicators {
		periods[[2]string{v.Indicator, v.Period}] = true
		if math.IsNaN(v.Denominator) {
			continue
		}
		s := by[v.Indicator]
		if s == nil {
			s = &sum{}
			by[v.Indicator] = s
			order = append(order, v.Indicator)
		}
		s.used += v.Denominator
		if v.Footprint == attribution.Unattributed {
			s.lost += v.Denominator
		}
	}
	given := map[string]float64{}
	for _, o := range rows {
		if periods[[2]string{o.Indicator, o.Period}] && !math.IsNaN(o.Denominator) {
			given[o.Indicator] += o.Denominator
		}
	}
	var lines []string
	for _, id := range order {
		s := by[id]
		in := s.used
		if given[id] > 0 {
			in = given[id]
		}
		line := fmt.Sprintf("%s: denominators of %s in, %s in footprints", id, words.Plain(math.Round(in)), words.Plain(math.Round(s.used-s.lost)))
		if s.lost > 0 {
			line += fmt.Sprintf(", %s (%s) of entities without flow", words.Plain(math.Round(s.lost)), words.Percent(s.lost/in))
		}
		if rest := in - s.used; math.Abs(rest) > max(0.5, 1e-9*in) {
			line += fmt.Sprintf(", %s not used", words.Plain(math.Round(rest)))
		}
		lines = append(lines, line)
	}
	return lines
}
