package score

import (
	"math"
	"slices"

	"stpmap/flow/portable"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
	"stpmap/footprint/score/dispersion"
)

// outliers is the state of one indicator on its transformed scale.
type outliers struct {
	dispersion.Dispersion
	transform definition.Transform
	pooled    float64 // in the indicator's own terms
	theta     float64 // pooled events per unit of denominator
	per       float64
	y, s      []float64 // by footprint; NaN where unused
}

// findOutliers transforms the values of the footprints in use and measures
// their dispersion around the pooled value.
func findOutliers(ind *definition.Indicator, at *attribution.Attributed, use []bool) *outliers {
	nans := slices.Repeat([]float64{math.NaN()}, len(at.Value))
	o := &outliers{transform: ind.EffectiveTransform(), per: ind.EffectivePer(), y: nans, s: slices.Clone(nans)}
	counts, zero := o.pool(at, use)
	if !counts || ind.Kind == definition.Mean || ind.Kind == definition.Money || at.Weighted || o.theta <= 0 {
		o.transform = definition.Identity
	}
	if o.transform == definition.Log && zero {
		o.transform = definition.Sqrt // ln 0 has no place on the scale
	}
	var ys, ss []float64
	for f := range at.Value {
		if use[f] {
			o.y[f], o.s[f] = o.forward(at.Value[f]), o.sampling(ind, at, f, counts)
			ys, ss = append(ys, o.y[f]), append(ss, o.s[f])
		}
	}
	centre := o.forward(o.pooled)
	if slices.Contains(ss, 0) {
		centre = o.oneScale(use, ys, ss)
	}
	o.Dispersion = dispersion.Overdispersion(ys, ss, centre)
	return o
}

// pool finds the pooled value. counts says that all values are of counts; zero
// that one of them is 0.
func (o *outliers) pool(at *attribution.Attributed, use []bool) (counts, zero bool) {
	var num, den, sum, units float64
	counts = true
	for f := range at.Value {
		if !use[f] {
			continue
		}
		units++
		sum += at.Value[f]
		if math.IsNaN(at.Numerator[f]) || math.IsNaN(at.Denominator[f]) {
			counts = false
			continue
		}
		num += at.Numerator[f]
		den += at.Denominator[f]
		zero = zero || at.Numerator[f] == 0
	}
	o.pooled = sum / units
	if counts = counts && den > 0; counts {
		o.theta = num / den
		o.pooled = o.theta * o.per
	}
	return counts, zero
}

// sampling is the standard error of a footprint's value on the scale; 0 where it
// is not known.
func (o *outliers) sampling(ind *definition.Indicator, at *attribution.Attributed, f int, counts bool) float64 {
	switch {
	case o.transform != definition.Identity:
		return o.errorOf(at.Denominator[f])
	case counts && ind.Kind == definition.Proportion && o.theta > 0 && o.theta < 1:
		return math.Sqrt(o.theta * (1 - o.theta) / at.Denominator[f])
	case counts && (ind.Kind == definition.Rate || ind.Kind == definition.Ratio) && o.theta > 0:
		return math.Sqrt(o.theta/at.Denominator[f]) * o.per
	case at.StandardError[f] > 0:
		return at.StandardError[f]
	}
	return 0
}

// oneScale drops all standard errors: without one for one footprint there is
// none for any. It gives the centre of the values instead.
func (o *outliers) oneScale(use []bool, ys, ss []float64) (centre float64) {
	for _, v := range dispersion.Winsorise(ys, 0.1) {
		centre += v / float64(len(ys))
	}
	for f := range o.s {
		if use[f] {
			o.s[f] = 0
		}
	}
	clear(ss)
	return centre
}

// errorOf is the standard error on the transformed scale of a unit with a
// denominator.
func (o *outliers) errorOf(den float64) float64 {
	switch o.transform {
	case definition.Arcsine:
		return 1 / (2 * math.Sqrt(den))
	case definition.Log:
		return 1 / math.Sqrt(den*o.theta)
	}
	return 1 / (2 * math.Sqrt(den*o.theta)) // Sqrt
}

// forward brings a value to the transformed scale, back returns it: asin √p;
// ln and √ of the value over the pooled one.
func (o *outliers) forward(value float64) float64 {
	switch o.transform {
	case definition.Arcsine:
		return portable.Asin(math.Sqrt(max(0, min(1, value))))
	case definition.Log:
		return portable.Log(value / (o.theta * o.per))
	case definition.Sqrt:
		return math.Sqrt(value / (o.theta * o.per))
	}
	return value
}

func (o *outliers) back(y float64) float64 {
	switch o.transform {
	case definition.Arcsine:
		s := portable.Sin(max(0, min(math.Pi/2, y)))
		return s * s
	case definition.Log:
		return portable.Exp(y) * o.theta * o.per
	case definition.Sqrt:
		y = max(0, y)
		return y * y * o.theta * o.per
	}
	return y
}

// z of a footprint, before polarity; NaN where it is not in use or nothing
// varies.
func (o *outliers) z(f int) float64 {
	z := o.Z(o.y[f], o.s[f])
	if math.IsInf(z, 0) {
		return math.NaN()
	}
	return z
}

// limit is the value at z standard deviations, for a unit of this denominator
// or, without counts, for any.
func (o *outliers) limit(den, z float64, overdispersed bool) float64 {
	s := 0.0
	if o.transform != definition.Identity {
		s = o.errorOf(den)
	}
	tau2 := o.Tau2
	if !overdispersed {
		tau2 = 0
	}
	return o.back(o.Centre + float64(z*math.Sqrt(float64(s*s)+tau2)))
}
