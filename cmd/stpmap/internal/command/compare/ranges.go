package compare

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/sweep"
)

// mostSettings bounds the length of a range: a slip in a step should not ask
// for a million runs.
const mostSettings = 10_000

// parseResolutions reads a list of numbers above 0 and of ranges:
// from:to:step, or from:to:logN for N numbers in equal ratios.
func parseResolutions(text string) ([]float64, error) {
	var out []float64
	for _, item := range strings.Split(text, ",") {
		more, err := parseResolution(item)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return distinct(out)
}

// parseResolution reads a number or a range.
func parseResolution(item string) ([]float64, error) {
	parts := strings.Split(strings.TrimSpace(item), ":")
	if len(parts) == 2 || len(parts) > 3 {
		return nil, fmt.Errorf("%q is neither a number nor a range from:to:step or from:to:logN", item)
	}
	from, err := positiveNumber(parts[0])
	if err != nil || len(parts) == 1 {
		return []float64{from}, err
	}
	to, err := positiveNumber(parts[1])
	if err != nil {
		return nil, err
	}
	if to < from {
		return nil, fmt.Errorf("the range %q ends below its start", item)
	}
	if n, isLog, err := logCount(parts[2]); isLog {
		if err != nil {
			return nil, err
		}
		return sweep.LogResolutions(from, to, n), nil
	}
	step, err := positiveNumber(parts[2])
	if err != nil {
		return nil, err
	}
	out := make([]float64, int(math.Min((to-from)/step+1e-9, mostSettings))+1)
	for i := range out {
		out[i] = roundedStep(from, step, i)
	}
	return out, nil
}

// roundedStep is from + i·step without the tail that binary fractions leave.
func roundedStep(from, step float64, i int) float64 {
	x, err := strconv.ParseFloat(strconv.FormatFloat(from+float64(i)*step, 'g', 12, 64), 64)
	if err != nil {
		return from + float64(i)*step
	}
	return x
}

// parseCounts reads a list of whole numbers and of ranges from:to, from:to:step
// or from:to:logN.
func parseCounts(text string) ([]int, error) {
	var out []float64
	for _, item := range strings.Split(text, ",") {
		more, err := parseCount(item)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	numbers, err := distinct(out)
	ks := make([]int, len(numbers))
	for i, x := range numbers {
		ks[i] = int(x)
	}
	return ks, err
}

// parseCount reads a whole number or a range.
func parseCount(item string) (out []float64, err error) {
	parts := strings.Split(strings.TrimSpace(item), ":")
	if len(parts) > 3 {
		return nil, fmt.Errorf("%q is neither a number nor a range from:to, from:to:step or from:to:logN", item)
	}
	from, err := wholeNumber(parts[0], "whole number")
	if err != nil || len(parts) == 1 {
		return []float64{float64(from)}, err
	}
	to, err := wholeNumber(parts[1], "whole number")
	if err != nil {
		return nil, err
	}
	if to < from {
		return nil, fmt.Errorf("the range %q ends below its start", item)
	}
	step := 1
	if len(parts) == 3 {
		n, isLog, err := logCount(parts[2])
		switch {
		case isLog && err != nil:
			return nil, err
		case isLog:
			for _, x := range sweep.LogResolutions(float64(from), float64(to), n) {
				out = append(out, math.Round(x))
			}
			return out, nil
		}
		if step, err = wholeNumber(parts[2], "step"); err != nil {
			return nil, err
		}
	}
	for k := from; k <= to && len(out) <= mostSettings; k += step {
		out = append(out, float64(k))
	}
	return out, nil
}

// wholeNumber reads a number of 1 or more.
func wholeNumber(text, what string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a %s of 1 or more", text, what)
	}
	return n, nil
}

func positiveNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x > 0) || math.IsInf(x, 0) {
		return 0, fmt.Errorf("%q is not a number above 0", text)
	}
	return x, nil
}

// logCount reads logN.
func logCount(text string) (n int, isLog bool, err error) {
	digits, isLog := strings.CutPrefix(strings.ToLower(text), "log")
	if !isLog {
		return 0, false, nil
	}
	n, err = strconv.Atoi(digits)
	if err != nil || n < 2 || n > mostSettings {
		return 0, true, fmt.Errorf("%q: log wants the number of steps behind it, 2 to %d, as log40", text, mostSettings)
	}
	return n, true, nil
}

// distinct sorts and refuses what is too long.
func distinct(xs []float64) ([]float64, error) {
	if len(xs) > mostSettings {
		return nil, fmt.Errorf("more than %s settings", words.Thousands(mostSettings))
	}
	slices.Sort(xs)
	return slices.Compact(xs), nil
}

// parseScale reads least:most people of a footprint.
func parseScale(text string) (sweep.PlanningScale, error) {
	a, b, ok := strings.Cut(text, ":")
	least, e1 := positiveNumber(a)
	most, e2 := positiveNumber(b)
	if !ok || e1 != nil || e2 != nil || most < least {
		return sweep.PlanningScale{}, fmt.Errorf("want least:most people of a footprint, such as 300000:3000000, got %q", text)
	}
	return sweep.PlanningScale{Least: least, Most: most}, nil
}
