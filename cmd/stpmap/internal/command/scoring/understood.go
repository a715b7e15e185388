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
func sayFigures(env *cli.Env, in *study.Study, res *score.Result) {
	for _, u := range in.Understood {
		if u.Role == "indicators" {
			env.Log.Info(u.String())
		}
	}
	for _, line := range figureSums(res) {
		env.Log.Info(line)
	}
}

// figureSums say, for every indicator with numerators, what went in and how much
// of it reached the footprints.
func figureSums(res *score.Result) []string {
	type sum struct{ in, lost float64 }
	by := map[string]*sum{}
	var order []string
	for _, v := range res.Indicators {
		if math.IsNaN(v.Denominator) {
			continue
		}
		s := by[v.Indicator]
		if s == nil {
			s = &sum{}
			by[v.Indicator] = s
			order = append(order, v.Indicator)
		}
		s.in += v.Denominator
		if v.Footprint == attribution.Unattributed {
			s.lost += v.Denominator
		}
	}
	var lines []string
	for _, id := range order {
		s := by[id]
		line := fmt.Sprintf("%s: denominators of %s in, %s in footprints", id, words.Plain(math.Round(s.in)), words.Plain(math.Round(s.in-s.lost)))
		if s.lost > 0 {
			line += fmt.Sprintf(", %s (%s) of entities without flow", words.Plain(math.Round(s.lost)), words.Percent(s.lost/s.in))
		}
		lines = append(lines, line)
	}
	return lines
}
