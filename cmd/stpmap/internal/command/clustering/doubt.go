package clustering

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
)

// Doubt is what the runs of --bootstrap doubt besides chance.
type Doubt struct {
	Noise, Number, Method bool
	Years                 bool                 // each run draws from one of several years
	OverDispersion        sweep.OverDispersion // of the counts; 0 is Poisson
	Estimate              bool                 // OverDispersion is estimated from the years
}

// any reports whether anything but chance is doubted.
func (d Doubt) any() bool { return d.Noise || d.Number || d.Method || d.Years }

// salt identifies the doubts; "" where there are none.
func (d Doubt) salt() string {
	if !d.any() {
		return ""
	}
	return fmt.Sprintf(" %+v", d)
}

// doubtExample begins a line that would work.
const doubtExample = "--bootstrap 100 --doubt noise,number,method"

// setDoubt reads --doubt and --over-dispersion.
func (p *Plan) setDoubt(f *Flags, line *cli.Line) error {
	if f.Doubt == "" {
		if line.Given("over-dispersion") {
			return cli.Usagef(line.Try(doubtExample), "--over-dispersion goes with --doubt noise")
		}
		return nil
	}
	if f.Bootstrap == 0 {
		return cli.Usagef(line.Try(doubtExample), "--doubt needs --bootstrap: it says how its runs differ")
	}
	for one := range strings.SplitSeq(f.Doubt, ",") {
		switch strings.TrimSpace(one) {
		case "noise":
			p.Doubt.Noise = true
		case "number":
			p.Doubt.Number = true
		case "method":
			p.Doubt.Method = true
		case "years":
			p.Doubt.Years = true
		default:
			return cli.Usagef(line.Try(doubtExample), "unknown --doubt %q; there are noise, number, method and years", strings.TrimSpace(one))
		}
	}
	if !p.Doubt.Noise && line.Given("over-dispersion") {
		return cli.Usagef(line.Try(doubtExample), "--over-dispersion goes with --doubt noise")
	}
	if p.Doubt.Noise {
		p.Doubt.OverDispersion, p.Doubt.Estimate = sweep.DefaultOverDispersion, p.Doubt.Years
		if line.Given("over-dispersion") {
			p.Doubt.OverDispersion, p.Doubt.Estimate = sweep.OverDispersion(f.OverDispersion), false
		}
	}
	return nil
}

// doubtedMethods take turns where the method is doubted.
var doubtedMethods = []string{"leiden", "louvain", "ward"}

// doubted is the plan of one run: with a number of footprints and a method of
// its own, by the run's seed, where those are doubted.
func (p Plan) doubted(seed uint64, low, high int) Plan {
	if p.Doubt.Number || p.Doubt.Method {
		p.Footprints, p.Resolution = low+int(seed%uint64(high-low+1)), math.NaN()
	}
	if p.Doubt.Method {
		p.Method = doubtedMethods[seed/uint64(high-low+1)%uint64(len(doubtedMethods))]
	}
	return p
}

// doubtedNumbers is the range of numbers that runs try: that of the map, or a
// tenth less to a tenth more where the number is doubted.
func (p Plan) doubtedNumbers(made footprint.Partition) (low, high int) {
	k := made.Len()
	if !p.Doubt.Number {
		return k, k
	}
	off := max(1, int(math.Round(float64(k)/10)))
	return max(1, k-off), k + off
}

// checkDoubted builds every method that runs may take, so that demands that one
// of them refuses are said at once.
func (p Plan) checkDoubted(cs footprint.Constraints) error {
	if !p.Doubt.Method {
		return nil
	}
	if !slices.Contains(doubtedMethods, p.Method) {
		return cli.Usagef("", "--doubt method goes with --method %s, not with %s", strings.Join(doubtedMethods, " or "), p.Method)
	}
	for _, name := range doubtedMethods {
		p.Method = name
		if _, err := p.Build(cs, nil); err != nil {
			return fmt.Errorf("--doubt method: %s: %w", name, err)
		}
	}
	return nil
}

// calibrationWords say what confidence is worth.
func calibrationWords(c sweep.Calibration) string {
	held := "held-out half of the flows"
	if c.Years > 0 {
		held = "year that was left out"
	}
	said := fmt.Sprintf("of %s with a confidence of 90%% or more, %s lie the same way in a %s", words.Counted(c.Sure, "area"), words.Percent(c.SureSame), held)
	if c.Sure == 0 {
		said = "no area has a confidence of 90% or more"
	}
	if c.Others > 0 {
		said += fmt.Sprintf("; of the other %d, %s", c.Others, words.Percent(c.OthersSame))
	}
	return said
}
