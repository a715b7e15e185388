package score

import (
	"math"
	"strings"

	"stpmap/footprint/score/definition"
)

// Error says what is known of a figure's random error.
type Error string

// What a figure's error is known by. A Counted figure is counted in full and has
// none: money against money, or a share of care by band. Of an UnknownError
// nothing is known, which is not the same as no error.
const (
	FromCounts   Error = "counts"   // by its numerator and denominator
	FromInterval Error = "interval" // by the intervals that came with it
	FromPast     Error = "past"     // by how much it varied from period to period
	Counted      Error = "none"
	UnknownError Error = "unknown"
)

// minPast is how many periods an error is told from.
const minPast = 4

// errorOf says what the error of a footprint's figure is known by.
func (m *measure) errorOf(f int) Error {
	at := m.at
	counts := !math.IsNaN(at.Numerator[f]) && !math.IsNaN(at.Denominator[f]) && !at.Weighted
	switch {
	case at.StandardError[f] > 0:
		return FromInterval
	case counts && (m.ind.Kind == definition.Proportion || m.ind.Kind == definition.Rate || m.ind.Kind == definition.Ratio):
		return FromCounts
	case m.ind.Kind == definition.Band, m.ind.Kind == definition.Money && !math.IsNaN(at.Numerator[f]):
		return Counted
	case m.empirical != nil && m.empirical[f] > 0:
		return FromPast
	}
	return UnknownError
}

// pastError is the standard error that a footprint's own past shows: half the
// mean square of the steps from one period to the next is the variance about a
// slow change. It needs four periods up to the window; nil where there are fewer.
// von Neumann J et al. (1941), Ann Math Stat 12:153, doi:10.1214/aoms/1177731746.
func (r *Result) pastError(m *measure) []float64 {
	last := m.window.Periods[len(m.window.Periods)-1]
	if last+1 < minPast || !m.lacksError() {
		return nil
	}
	values := make([][]float64, 0, last+1)
	for p := range last + 1 {
		at := r.base.Attribute(m.ind, m.series.Level, m.series.Figures[p], r.Options.View)
		for f, ok := range r.usable(at) {
			if !ok {
				at.Value[f] = math.NaN()
			}
		}
		values = append(values, at.Value)
	}
	errors := make([]float64, len(r.in.Partition.IDs))
	for f := range errors {
		errors[f] = stepError(values, f) / math.Sqrt(float64(len(m.window.Periods)))
	}
	return errors
}

// lacksError says whether some figure in use comes without its error.
func (m *measure) lacksError() bool {
	for f, ok := range m.use {
		if ok && m.errorOf(f) == UnknownError {
			return true
		}
	}
	return false
}

// stepError is the standard deviation that the steps of a footprint's values
// show; NaN where fewer than minPast values stand next to each other.
func stepError(values [][]float64, f int) float64 {
	sum, n := 0.0, 0
	for p := 1; p < len(values); p++ {
		if step := values[p][f] - values[p-1][f]; step == step {
			sum += float64(step * step)
			n++
		}
	}
	if n < minPast-1 {
		return math.NaN()
	}
	return math.Sqrt(sum / float64(2*n))
}

// unknownErrors lists the judged indicators of which some footprint's error is
// not known. While there are any, ranks have no range.
func (c *composing) unknownErrors() (list []string) {
	for _, j := range c.e.judged {
		m := c.measures[j.series]
		for _, f := range c.rated {
			if m.use[f] && m.errorOf(f) == UnknownError {
				list = append(list, j.ind.ID)
				break
			}
		}
	}
	return list
}

// noteErrors says what is not known of errors, and what they are told from.
func (c *composing) noteErrors(unknown []string) {
	if len(unknown) > 0 {
		c.note("The random error of %s is not known: values without denominators, intervals or %d earlier periods. So ranks have no range.", strings.Join(unknown, ", "), minPast)
	}
	var past []string
	for _, j := range c.e.judged {
		m := c.measures[j.series]
		for _, f := range c.rated {
			if m.use[f] && m.errorOf(f) == FromPast {
				past = append(past, j.ind.ID)
				break
			}
		}
	}
	if len(past) > 0 {
		c.note("The random error of %s is told from how the values varied from period to period.", strings.Join(past, ", "))
	}
}
