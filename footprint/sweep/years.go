package sweep

import (
	"math"

	"stpmap/flow"
	"stpmap/footprint"
)

// Years are the flows of several years on the pairs of one matrix: for each year
// a count of each pair, in the order of Matrix.Cell.
type Years [][]float64

// YearsOn brings the flows of several years to the pairs of the matrix that they
// add up to. A pair that a year does not have counts 0 in it.
func YearsOn(m *flow.Matrix, years []*flow.Matrix) Years {
	out := make(Years, len(years))
	for y, of := range years {
		out[y] = make([]float64, m.Len())
		area, provider := places(of.Areas()), places(of.Providers())
		for a, code := range m.Areas() {
			i, ok := area[code]
			if !ok {
				continue
			}
			to, _ := m.Row(a)
			for k, p := range to {
				if j, ok := provider[m.Providers()[p]]; ok {
					out[y][m.RowOffset(a)+k] = of.At(i, j).Value
				}
			}
		}
	}
	return out
}

// places gives the index of each code.
func places(codes []string) map[string]int {
	at := make(map[string]int, len(codes))
	for i, code := range codes {
		at[code] = i
	}
	return at
}

// OverDispersion estimates how much more than by chance counts differ from year
// to year, by the method of moments: the variance of a count of mean μ is
// μ + α·μ². Years are first brought to one total, so that growth of all is no
// variation. It is 0 for less than two years.
func (y Years) OverDispersion() OverDispersion {
	n := float64(len(y))
	if n < 2 {
		return 0
	}
	scale, all := make([]float64, len(y)), 0.0
	for i, counts := range y {
		for _, w := range counts {
			scale[i] += w
		}
		all += scale[i]
	}
	for i, total := range scale {
		if total == 0 {
			return 0
		}
		scale[i] = all / n / total
	}
	above, squares := 0.0, 0.0
	for k := range y[0] {
		mean, spread := 0.0, 0.0
		for i := range y {
			mean += float64(scale[i]*y[i][k]) / n
		}
		for i := range y {
			off := float64(scale[i]*y[i][k]) - mean
			spread += float64(off*off) / (n - 1)
		}
		above += spread - mean
		squares += float64(mean*mean) - spread/n // the square of the mean, without bias
	}
	if !(above > 0 && squares > 0) {
		return 0
	}
	return OverDispersion(above / squares)
}

// Drift says how the runs of one year differ from those of the next.
type Drift struct {
	From, To int // years, by number from 0
	// Areas are those that the runs of the one year put in the counterpart of one
	// footprint and those of the other year in another's, in order.
	Areas []AreaDrift
	// Borders are the pairs of areas that were asked about whose border came or
	// went, in the order in which they were asked about.
	Borders []BorderDrift
}

// AreaDrift is an area that moved: the footprints, by index, that most of a
// year's runs put it in, and the shares that did.
type AreaDrift struct {
	Area             int32
	From, To         int32
	FromShare, Share float64
}

// BorderDrift is a border that moved: the shares of the two years' runs that put
// its areas, by index, in different footprints.
type BorderDrift struct {
	A, B          int32
	Before, After float64
}

// drifted is the change of a share of runs from one year to the next from which
// on an area or a border counts as moved. A border must also be drawn by most
// runs of one year only; of an area, the two shares are those of its two
// footprints, which together pass 1 by so much.
const drifted = 0.5

// MeasureDrift compares the runs of each year with those of the next. Run i is
// of year i modulo the number of years, as Bootstrap makes them; runs that are
// the zero Partition count for nothing, and so do years without any.
func MeasureDrift(base footprint.Partition, runs []footprint.Partition, years int, borders [][2]int32) ([]Drift, error) {
	of, err := yearly(base, runs, years, borders)
	if err != nil {
		return nil, err
	}
	var out []Drift
	last := -1
	for y, u := range of {
		if u == nil {
			continue
		}
		if last >= 0 {
			out = append(out, driftBetween(base, of[last], u, borders, last, y))
		}
		last = y
	}
	return out, nil
}

// yearly is the uncertainty of each year's runs; nil for a year without any.
func yearly(base footprint.Partition, runs []footprint.Partition, years int, borders [][2]int32) ([]*Uncertainty, error) {
	out := make([]*Uncertainty, years)
	for y := range out {
		if own := runsOfYear(runs, y, years, true); made(own) > 0 {
			u, err := MeasureUncertainty(base, own, borders)
			if err != nil {
				return nil, err
			}
			out[y] = u
		}
	}
	return out, nil
}

// runsOfYear are the runs of a year, or those of all others.
func runsOfYear(runs []footprint.Partition, year, years int, own bool) []footprint.Partition {
	var out []footprint.Partition
	for i, p := range runs {
		if (i%years == year) == own {
			out = append(out, p)
		}
	}
	return out
}

// made is the number of runs that gave a map.
func made(runs []footprint.Partition) int {
	n := 0
	for _, p := range runs {
		if p.Areas != nil || p.IDs != nil {
			n++
		}
	}
	return n
}

// driftBetween compares two years.
func driftBetween(base footprint.Partition, before, after *Uncertainty, borders [][2]int32, from, to int) Drift {
	d := Drift{From: from, To: to}
	for a, own := range base.Areas {
		f, fs := mostly(own, before.Areas[a])
		g, gs := mostly(own, after.Areas[a])
		if f != g && fs+gs-1 >= drifted {
			d.Areas = append(d.Areas, AreaDrift{Area: int32(a), From: f, To: g, FromShare: fs, Share: gs})
		}
	}
	for i, pair := range borders {
		x, y := before.Borders[i], after.Borders[i]
		if math.Abs(x-y) >= drifted && (x > 0.5) != (y > 0.5) {
			d.Borders = append(d.Borders, BorderDrift{A: pair[0], B: pair[1], Before: x, After: y})
		}
	}
	return d
}

// mostly is the footprint that most runs put an area in, with their share.
func mostly(own int32, c Certainty) (int32, float64) {
	if c.NextShare > c.Confidence {
		return c.Next, c.NextShare
	}
	return own, c.Confidence
}

// CalibrateYears says what confidence is worth from one year to another: how
// often areas that are sure in the runs of all other years lie the same way in
// the runs of a year that is left out. Each year is left out once, and the
// figures are means over the years. Halves is 0, Years how many were left out.
func CalibrateYears(base footprint.Partition, runs []footprint.Partition, years int) (Calibration, error) {
	var sum Calibration
	sure, others := 0.0, 0.0
	for y := range years {
		rest, held := runsOfYear(runs, y, years, false), runsOfYear(runs, y, years, true)
		if made(rest) == 0 || made(held) == 0 {
			continue
		}
		u, err := MeasureUncertainty(base, rest, nil)
		if err != nil {
			return sum, err
		}
		of, err := MeasureUncertainty(base, held, nil)
		if err != nil {
			return sum, err
		}
		c := calibrated(u, of)
		sure += float64(c.Sure)
		others += float64(c.Others)
		sum.SureSame += float64(c.SureSame * float64(c.Sure))
		sum.OthersSame += float64(c.OthersSame * float64(c.Others))
		sum.Years++
	}
	sum.SureSame /= max(1, sure)
	sum.OthersSame /= max(1, others)
	if n := float64(sum.Years); n > 0 {
		sum.Sure = int(math.Round(sure / n))
		sum.Others = int(math.Round((sure+others)/n)) - sum.Sure
	}
	return sum, nil
}
