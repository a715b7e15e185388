package definition

import (
	"math"
	"time"
)

// Expected is where the trajectory of a target stands on a day: on straight
// lines from the baseline over the steps to the goal, the goal from its date,
// and NaN before the first of them.
func (t Target) Expected(day time.Time) float64 {
	if !t.Set || day.IsZero() {
		return math.NaN()
	}
	if t.By.IsZero() || !day.Before(t.By) {
		return t.Value
	}
	var way []Step
	if !t.Baseline.By.IsZero() {
		way = append(way, t.Baseline)
	}
	way = append(way, t.Steps...)
	way = append(way, Step{t.Value, t.By})
	for i := 1; i < len(way); i++ {
		a, b := way[i-1], way[i]
		if !day.Before(a.By) && day.Before(b.By) {
			part := day.Sub(a.By).Hours() / b.By.Sub(a.By).Hours()
			return a.Value + float64(part*(b.Value-a.Value))
		}
	}
	return math.NaN()
}
