package whatif

import (
	"math"

	"stpmap/flow"
	"stpmap/flow/portable"
)

// Merger is what joining providers does to the choice of patients.
type Merger struct {
	A, B, New string
	// HHIBefore and HHIAfter are the Herfindahl–Hirschman index of each area's
	// providers, in [0, 1], as a mean over patients.
	HHIBefore, HHIAfter float64
	// Apart and Together are what patients' choice is worth to the two providers
	// while they bargain apart and as one: Σ_c N_c ln 1/(1 − s), each area c with
	// its N_c patients and share s (Capps, Dranove and Satterthwaite 2003,
	// doi:10.2307/1593786). Areas where everybody goes to the two have no bound and
	// are left out: their patients are Captive.
	Apart, Together, Captive float64
}

// Rise is by which share the value of the merged providers grows.
func (m Merger) Rise() float64 { return m.Together/m.Apart - 1 }

// Mergers judges each merger of a scenario by the flows of today.
func Mergers(d *Data, s *Scenario) []Merger {
	codes := append([]string(nil), d.Matrix.Providers()...)
	var list []Merger
	for _, j := range s.Join {
		list = append(list, d.merger(codes, j))
		for i, code := range codes {
			if code == j.A || code == j.B {
				codes[i] = j.New
			}
		}
	}
	return list
}

// merger judges one merger; codes say which organisation each provider is of.
func (d *Data) merger(codes []string, j Joining) Merger {
	m := Merger{A: j.A, B: j.B, New: j.New}
	patients := 0.0
	for a := range d.flows.areas() {
		n := d.flows.total[a]
		if !(n > 0) {
			continue
		}
		patients += n
		to, count := d.flows.row(a)
		before, after := concentration(to, count, codes, j)
		m.HHIBefore += float64(n * before)
		m.HHIAfter += float64(n * after)
		to, count = d.Pools.row(a)
		m.bargain(n, shareOf(to, count, codes, j.A), shareOf(to, count, codes, j.B))
	}
	m.HHIBefore /= patients
	m.HHIAfter /= patients
	return m
}

// bargain adds an area's patients, of whom two providers have shares.
func (m *Merger) bargain(n, a, b float64) {
	worth := func(s float64) float64 { return float64(n * portable.Log(1/(1-s))) }
	if a+b > 1-1e-12 {
		m.Captive += n
		return
	}
	m.Apart += worth(a) + worth(b)
	m.Together += worth(a + b)
}

// shareOf is the share of counts that the providers of an organisation have.
func shareOf(to []int32, count []float64, codes []string, organisation string) float64 {
	own, all := 0.0, 0.0
	for i, j := range to {
		all += count[i]
		if codes[j] == organisation {
			own += count[i]
		}
	}
	return own / all
}

// concentration is the index of an area's organisations before and after two of
// them merge.
func concentration(to []int32, count []float64, codes []string, j Joining) (before, after float64) {
	share := map[string]float64{}
	var seen []string
	all := 0.0
	for i, k := range to {
		if _, ok := share[codes[k]]; !ok {
			seen = append(seen, codes[k])
		}
		share[codes[k]] += count[i]
		all += count[i]
	}
	for _, code := range seen {
		s := share[code] / all
		before += float64(s * s)
	}
	return before, before + float64(2*share[j.A]/all*share[j.B]/all)
}

// Concentration is the Herfindahl–Hirschman index of each area's providers as a
// mean over patients, in [0, 1]; NaN without patients.
func Concentration(m *flow.Matrix) float64 {
	sum, patients := 0.0, 0.0
	for a := range m.Areas() {
		if h, ok := m.HHI(a); ok {
			sum += float64(m.RowTotal(a) * h)
			patients += m.RowTotal(a)
		}
	}
	if patients == 0 {
		return math.NaN()
	}
	return sum / patients
}
