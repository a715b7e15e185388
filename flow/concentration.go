package flow

// HHI is the Herfindahl-Hirschman index of an area's providers, the sum of
// squared shares of its patients, in (0, 1]: 1 where all go to one provider
// (Rhoades 1993). ok is false for an area without patients. Multiply by 10,000
// for the points that competition authorities use.
func (m *Matrix) HHI(area int) (hhi float64, ok bool) {
	_, ws := m.Row(area)
	return herfindahl(ws, m.rowSum[area])
}

// MarketHHI is the Herfindahl-Hirschman index of a provider's areas, in (0, 1]:
// 1 where all its patients come from one area. ok is false for a provider
// without patients.
func (m *Matrix) MarketHHI(provider int) (hhi float64, ok bool) {
	_, ws := m.Column(provider)
	return herfindahl(ws, m.colSum[provider])
}

// EffectiveNumber of providers of an area is 1/HHI: that many providers of
// equal share would be as concentrated (Laakso and Taagepera 1979,
// doi:10.1177/001041407901200101). ok is false for an area without patients.
func (m *Matrix) EffectiveNumber(area int) (n float64, ok bool) {
	hhi, ok := m.HHI(area)
	if !ok {
		return 0, false
	}
	return 1 / hhi, true
}

func herfindahl(ws []float64, total float64) (float64, bool) {
	if !(total > 0) {
		return 0, false
	}
	h := 0.0
	for _, w := range ws {
		s := w / total
		h += float64(s * s)
	}
	return h, true
}

// Dependency is the share of an area's patients who go to a provider, in
// [0, 1]. ok is false for an area without patients.
func (m *Matrix) Dependency(area, provider int) (share float64, ok bool) {
	return ratio(m.At(area, provider).Value, m.rowSum[area])
}

// TopProvider is the provider that most of an area's patients go to, and its
// share of them; ties go to the first code. ok is false for an area without
// patients.
func (m *Matrix) TopProvider(area int) (provider int, share float64, ok bool) {
	ps, ws := m.Row(area)
	return largest(ps, ws, m.rowSum[area])
}

// TopArea is the area that most of a provider's patients come from, and its
// share of them; ties go to the first code. ok is false for a provider without
// patients.
func (m *Matrix) TopArea(provider int) (area int, share float64, ok bool) {
	as, ws := m.Column(provider)
	return largest(as, ws, m.colSum[provider])
}

// largest is the end of the largest of some flows, the first of equals, and its
// share of their total; ok is false where there is none.
func largest(ends []int32, flows []float64, total float64) (end int, share float64, ok bool) {
	best := -1
	for i := range flows {
		if best < 0 || flows[i] > flows[best] {
			best = i
		}
	}
	if best < 0 {
		return 0, 0, false
	}
	return int(ends[best]), flows[best] / total, true
}
