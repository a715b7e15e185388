package layer

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
)

// Classification is how the numbers of a layer are cut into classes.
type Classification string

// The ways of cutting numbers into classes.
const (
	Quantile Classification = "quantile" // as near to equally many in each class as ties allow
	Jenks    Classification = "jenks"    // natural breaks: least squared deviation within classes
	Equal    Classification = "equal"    // classes of equal width
	Manual   Classification = "manual"   // the breaks given
)

// ErrClasses is a classification that cannot be made.
var ErrClasses = errors.New("cannot be classified")

// Breaks cuts values into at most n classes and gives the bounds in rising
// order: class i lies above the i-th (the first class includes it) and up to
// the next, inclusive, so k classes have k+1 bounds. Numbers that are not
// finite are left out. There are never more classes than distinct values, and
// no class is empty except under Equal and Manual; no values give no bounds,
// and a single value gives one class [v, v]. n must be 1 to 20. manual, for
// Manual, holds the inner breaks or all the bounds; the range is widened to
// hold every value.
func Breaks(values []float64, c Classification, n int, manual []float64) ([]float64, error) {
	if n < 1 || n > 20 {
		if c != Manual {
			return nil, fmt.Errorf("%d classes: %w: 1 to 20 can be told apart", n, ErrClasses)
		}
	}
	v := make([]float64, 0, len(values))
	for _, x := range values {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			v = append(v, x)
		}
	}
	slices.Sort(v)
	if c == Manual {
		return manualBreaks(v, manual)
	}
	if len(v) == 0 {
		return nil, nil
	}
	lo, hi := v[0], v[len(v)-1]
	if lo == hi {
		return []float64{lo, hi}, nil
	}
	switch c {
	case Equal:
		out := make([]float64, n+1)
		for i := range out {
			t := float64(i) / float64(n)
			out[i] = float64(lo*(1-t)) + float64(hi*t)
		}
		out[0], out[n] = lo, hi
		return slices.Compact(out), nil
	case Quantile, "":
		out := []float64{lo}
		for i := 1; i <= n; i++ {
			x := v[(i*len(v)+n-1)/n-1]
			if i == n {
				x = hi
			}
			if x > out[len(out)-1] {
				out = append(out, x)
			}
		}
		return out, nil
	case Jenks:
		return jenks(v, n), nil
	}
	return nil, fmt.Errorf("%q: %w: there are quantile, jenks, equal and manual", string(c), ErrClasses)
}

func manualBreaks(sorted, manual []float64) ([]float64, error) {
	if len(manual) == 0 {
		return nil, fmt.Errorf("no breaks given: %w", ErrClasses)
	}
	for i, x := range manual {
		if math.IsNaN(x) || math.IsInf(x, 0) || i > 0 && x <= manual[i-1] {
			return nil, fmt.Errorf("break %v: %w: breaks must be numbers that rise", x, ErrClasses)
		}
	}
	out := slices.Clone(manual)
	if len(sorted) > 0 {
		if lo := sorted[0]; lo < out[0] {
			out = slices.Insert(out, 0, lo)
		}
		if hi := sorted[len(sorted)-1]; hi > out[len(out)-1] {
			out = append(out, hi)
		}
	}
	if len(out) == 1 {
		out = append(out, out[0])
	}
	if len(out) > 21 {
		return nil, fmt.Errorf("%d classes: %w: 1 to 20 can be told apart", len(out)-1, ErrClasses)
	}
	return out, nil
}

// jenks is the optimal one-dimensional partition by dynamic programming
// (Fisher 1958, doi:10.1080/01621459.1958.10501479; Jenks 1977) over distinct
// values with their multiplicities. The best last cut never moves left as the
// right end grows, so each row is filled by divide and conquer: k·n·log n.
func jenks(sorted []float64, n int) []float64 {
	vals := slices.Compact(slices.Clone(sorted))
	u := len(vals)
	n = min(n, u)
	// Prefix sums of weight, value and square, about the mean for precision.
	mean := 0.0
	for _, x := range sorted {
		mean += x / float64(len(sorted))
	}
	w, s, q := make([]float64, u+1), make([]float64, u+1), make([]float64, u+1)
	at := 0
	for i, x := range vals {
		m := 0.0
		for at < len(sorted) && sorted[at] == x {
			m++
			at++
		}
		d := x - mean
		w[i+1], s[i+1], q[i+1] = w[i]+m, s[i]+float64(m*d), q[i]+float64(m*d*d)
	}
	cost := func(i, j int) float64 { // of vals[i:j]
		ds := s[j] - s[i]
		return q[j] - q[i] - ds*ds/(w[j]-w[i])
	}
	prev, cur := make([]float64, u+1), make([]float64, u+1)
	for j := 1; j <= u; j++ {
		prev[j] = cost(0, j)
	}
	cut := make([][]int32, n+1)
	for k := 2; k <= n; k++ {
		cut[k] = make([]int32, u+1)
		var fill func(lo, hi, from, to int)
		fill = func(lo, hi, from, to int) {
			if lo > hi {
				return
			}
			mid := (lo + hi) / 2
			best, at := math.Inf(1), from
			for i := max(from, k-1); i <= min(to, mid-1); i++ {
				if c := prev[i] + cost(i, mid); c < best {
					best, at = c, i
				}
			}
			cur[mid], cut[k][mid] = best, int32(at)
			fill(lo, mid-1, from, at)
			fill(mid+1, hi, at, to)
		}
		fill(k, u, k-1, u-1)
		prev, cur = cur, prev
	}
	out := make([]float64, n+1)
	out[0] = vals[0]
	for k, j := n, u; k >= 1; k-- {
		out[k] = vals[j-1]
		if k > 1 {
			j = int(cut[k][j])
		}
	}
	return out
}

// GraduatedOptions say how GraduatedClasses cuts and colours numbers. The zero
// value is five quantiles in blues.
type GraduatedOptions struct {
	Method  Classification // empty is Quantile
	Classes int            // 0 means 5, MostClasses at most; Manual takes as many as Breaks give
	Breaks  []float64      // for Manual
	Ramp    string         // a name of Ramps
	Reverse bool           // dark for low
	Percent bool           // the numbers are shares: labels multiply by 100
	Each    int            // where a column has at most so many different numbers, each gets a class
	// NotRated is the label of the hatched class that holds what is unknown;
	// empty means "Not known". The class is added only where it is needed.
	NotRated string
}

// GraduatedClasses makes the classes of a graduated style for a column of a
// layer: coloured, labelled, and with a hatched class last if some value is
// unknown. Its Lower and Upper are NaN. The error wraps ErrClasses.
func GraduatedClasses(l Layer, field string, o GraduatedOptions) ([]Class, error) {
	at := l.FieldIndex(field)
	if at < 0 {
		return nil, fmt.Errorf("field %q of layer %q: %w: there is none", field, l.Name, ErrClasses)
	}
	var values []float64
	unknown := false
	for i := range l.Features {
		if x, ok := Numeric(l.Features[i].Values[at]); ok {
			values = append(values, x)
		} else {
			unknown = true
		}
	}
	n := o.Classes
	if n == 0 {
		n = 5
	}
	if most := MostClasses(o.Ramp); most > 0 && n > most && n <= 20 {
		n = most
	}
	bounds, err := Breaks(values, o.Method, n, o.Breaks)
	if err != nil {
		return nil, err
	}
	classes := make([]Class, 0, len(bounds))
	whole := l.Fields[at].Type == Integer
	if each := different(values); len(each) > 0 && len(each) <= min(o.Each, MostClasses(o.Ramp)) {
		colours, err := Ramp(o.Ramp, len(each))
		if err != nil {
			return nil, err
		}
		if o.Reverse {
			slices.Reverse(colours)
		}
		for i, text := range numberTexts(each, o.Percent, whole) {
			classes = append(classes, Class{Lower: each[i], Upper: each[i], Label: text, Colour: colours[i]})
		}
	} else if len(bounds) > 1 {
		k := len(bounds) - 1
		colours, err := Ramp(o.Ramp, k)
		if err != nil {
			return nil, err
		}
		if o.Reverse {
			slices.Reverse(colours)
		}
		for i, label := range rangeTexts(bounds, o.Percent, whole) {
			classes = append(classes, Class{Lower: bounds[i], Upper: bounds[i+1], Label: label, Colour: colours[i]})
		}
	} else if _, err := Ramp(o.Ramp, 1); err != nil {
		return nil, err
	}
	if unknown {
		label := o.NotRated
		if label == "" {
			label = "Not known"
		}
		classes = append(classes, Class{Lower: math.NaN(), Upper: math.NaN(), Label: label, Colour: NotRated, Hatched: true})
	}
	return classes, nil
}

// different are the numbers that occur, in rising order.
func different(values []float64) []float64 {
	out := slices.Clone(values)
	slices.Sort(out)
	return slices.Compact(out)
}

// numberTexts writes single numbers: whole ones without decimals.
func numberTexts(values []float64, percent, whole bool) []string {
	if !whole {
		return boundTexts(values, percent)
	}
	out := make([]string, len(values))
	for i, x := range values {
		out[i] = flow.Grouped(x, 0)
	}
	return out
}

// rangeTexts writes the classes between bounds. Whole numbers share no bound:
// "1 to 3" is followed by "4 to 5".
func rangeTexts(bounds []float64, percent, whole bool) []string {
	out := make([]string, len(bounds)-1)
	if whole {
		from := math.Ceil(bounds[0])
		for i := range out {
			to := math.Floor(bounds[i+1])
			if out[i] = flow.Grouped(from, 0); to > from {
				out[i] += " to " + flow.Grouped(to, 0)
			}
			from = to + 1
		}
		return out
	}
	text := boundTexts(bounds, percent)
	for i := range out {
		out[i] = text[i] + " to " + text[i+1]
		if bounds[i] == bounds[i+1] || text[i] == text[i+1] {
			out[i] = text[i]
		}
	}
	return out
}

// boundTexts writes bounds with as few decimals as keep them apart.
func boundTexts(bounds []float64, percent bool) []string {
	out := make([]string, len(bounds))
	for decimals := 0; ; decimals++ {
		apart := true
		for i, x := range bounds {
			if percent {
				x *= 100
			}
			out[i] = flow.Grouped(x, decimals)
			if i > 0 && bounds[i] != bounds[i-1] && out[i] == out[i-1] {
				apart = false
			}
		}
		// Bounds that are close at one place need one digit more to be read.
		if apart && (decimals > 0 || !percent && bounds[len(bounds)-1]-bounds[0] >= float64(4*len(bounds))) || decimals == 6 {
			break
		}
	}
	if percent {
		for i := range out {
			out[i] += "%"
		}
	}
	return out
}
