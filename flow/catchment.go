package flow

import "math"

// Catchment is the number of people that one provider serves, by two rules.
type Catchment struct {
	// Proportionate gives each provider the share of an area's people that it
	// has of the area's patients: Σ_a pop_a · F_ap / F_a (the rule of the
	// trust catchment populations that the English health statistics office
	// publishes; Jones et al. 2011, doi:10.1007/s10729-011-9166-9).
	Proportionate float64
	// FirstPastThePost gives all of an area's people to the provider that most
	// of its patients go to; ties go to the first code.
	FirstPastThePost float64
}

// Catchments gives the catchment population of every provider. population is
// the people of each area, by index; NaN where it is not known. Proportionate
// catchments add up to the people of all areas with patients and a known
// population; uncounted is the number of areas left out for lack of either.
func (m *Matrix) Catchments(population []float64) (catchments []Catchment, uncounted int) {
	catchments = make([]Catchment, len(m.providers))
	for a := range m.areas {
		pop := population[a]
		top, _, ok := m.TopProvider(a)
		if !ok || math.IsNaN(pop) {
			uncounted++
			continue
		}
		catchments[top].FirstPastThePost += pop
		ps, ws := m.Row(a)
		for i, p := range ps {
			catchments[p].Proportionate += float64(pop * (ws[i] / m.rowSum[a]))
		}
	}
	return catchments, uncounted
}
