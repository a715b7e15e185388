package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// Numbers of systems with poor performance.
const (
	failingCount = 5 // underperforming across the board
	mildCount    = 9 // with one poor domain
)

var years = []string{"2015/16", "2016/17", "2017/18"}

// measure says how an indicator is made. Its failures are base × e^x, where x
// adds up what the system, the provider and chance do.
type measure struct {
	id       string
	domain   int
	perSpell float64 // denominator for each patient treated
	base     float64 // share, rate or ratio of what goes wrong
	severity float64 // added to x in an underperforming system
	spread   float64 // of x between systems; between providers it is half of it
	kind     kind
	acute    bool // only acute providers have it
}

type kind int8

const (
	within kind = iota // numerator counts what went right
	over               // numerator counts what went wrong
	cases              // numerator counts events in a large denominator
	ratio              // observed over expected, or over a ceiling
)

// The domains that a system can be poor in.
const (
	emergency = iota
	planned
	cancer
	safety
	experience
	money
	domains
)

var measures = []measure{
	{"ae_4h", emergency, 1.6, 0.041, 1.35, 0.15, within, true},
	{"dtoc", emergency, 2.9, 0.026, 0.85, 0.14, over, true},
	{"rtt_18w", planned, 0.28, 0.062, 0.95, 0.13, within, false},
	{"rtt_52w", planned, 0.28, 0.00003, 3.6, 0.3, cases, false},
	{"diag_6w", planned, 0.075, 0.0068, 1.6, 0.2, over, false},
	{"cancer_62d", cancer, 0.011, 0.124, 0.8, 0.09, within, false},
	{"cancer_31d", cancer, 0.022, 0.025, 0.95, 0.14, within, false},
	{"cancer_2ww", cancer, 0.13, 0.048, 0.95, 0.14, within, false},
	{"c_difficile", safety, 0.00042, 0.78, 0.7, 0.09, ratio, false},
	{"mrsa", safety, 2.9, 0.0000022, 2.1, 0.2, cases, false},
	{"shmi", safety, 0.02, 0.985, 0.16, 0.025, ratio, true},
	{"fft", experience, 0.12, 0.042, 0.85, 0.14, within, false},
}

// fail chooses the underperforming systems: of middling size, far apart, so
// that they don't share patients.
func (c *country) fail() error {
	centre := make([]point, len(c.systems))
	number := make([]int64, len(c.systems))
	for _, a := range c.areas {
		s := a.system
		centre[s].x += a.heart.x
		centre[s].y += a.heart.y
		number[s]++
	}
	order := stream(c.seed, 14).Perm(len(c.systems))
	var chosen []point
	for _, s := range order {
		at := point{centre[s].x / number[s], centre[s].y / number[s]}
		if n := c.systems[s].people; n < 900_000 || n > 2_200_000 {
			continue
		}
		if slices.ContainsFunc(chosen, func(p point) bool { return distance(p, at) < 115_000 }) {
			continue
		}
		c.systems[s].failing = true
		if chosen = append(chosen, at); len(chosen) == failingCount {
			return nil
		}
	}
	return fmt.Errorf("room for %d underperforming systems, want %d", len(chosen), failingCount)
}

// indicatorsTable makes three years of figures for each provider. A few did not
// report: their rows are absent.
func (c *country) indicatorsTable() []byte {
	rng := stream(c.seed, 15)
	f := &figures{country: c, rng: rng, spells: make([]float64, len(c.providers))}
	for _, cell := range c.flows {
		f.spells[cell.provider] += float64(cell.patients)
	}
	f.level = c.levels(rng)
	f.silent = c.silent(rng)
	for _, m := range measures {
		for j, p := range c.providers {
			if !m.acute || !p.specialist {
				f.measured(m, j)
			}
		}
	}
	for j := range c.providers {
		f.finance(j)
	}
	for j := range c.providers {
		f.rating(j)
	}
	return table([]string{"entity", "indicator", "numerator", "denominator", "value", "period"}, f.rows)
}

// figures is the table of indicators in the making.
type figures struct {
	*country
	rng    *rand.Rand
	spells []float64 // of each provider
	level  [][domains]float64
	silent map[int]string
	rows   [][]string
}

// measured adds a provider's figures of one measure.
func (f *figures) measured(m measure, j int) {
	p := f.providers[j]
	steady := float64(m.spread * (f.level[p.system][m.domain] + float64(0.5*normal(f.rng))))
	for y, year := range years {
		x := steady + float64(m.spread*float64(0.2*normal(f.rng))) - float64(0.04*float64(2-y))
		if f.systems[p.system].failing {
			x += float64(m.severity * (0.7 + float64(0.15*float64(y))))
		}
		numerator, denominator := m.draw(f.spells[j], x, f.rng)
		if y == 2 && f.silent[j] == m.id {
			continue
		}
		f.rows = append(f.rows, []string{p.code, m.id, numerator, denominator, "", year})
	}
}

// finance adds a provider's surplus or deficit, in thousands of pounds.
func (f *figures) finance(j int) {
	p := f.providers[j]
	steady := 0.5 + float64(1.0*(float64(0.6*normal(f.rng))-f.level[p.system][money]))
	for y, year := range years {
		percent := steady + float64(0.25*normal(f.rng))
		if f.systems[p.system].failing {
			percent = -5.2 - float64(0.6*float64(y)) + float64(0.5*normal(f.rng))
		}
		income := math.Round(float64(f.spells[j]*3.2) * (0.96 + float64(0.02*float64(y))))
		if y == 2 && f.silent[j] == "finance" {
			continue
		}
		f.rows = append(f.rows, []string{p.code, "finance", whole(income * percent / 100), whole(income), "", year})
	}
}

// rating adds what an inspector made of a provider: 1 (outstanding) to 4
// (inadequate).
func (f *figures) rating(j int) {
	p := f.providers[j]
	steady := 2.1 + float64(0.35*(f.level[p.system][experience]+normal(f.rng)))
	if f.systems[p.system].failing {
		steady = 3.2 + float64(0.3*normal(f.rng))
	}
	for _, year := range years {
		band := clamp(math.Round(steady+float64(0.12*normal(f.rng))), 1, 4)
		f.rows = append(f.rows, []string{p.code, "cqc", "", "", whole(band), year})
	}
}

// levels says how poor each system is in each domain, in standard deviations;
// some get one poor domain.
func (c *country) levels(rng *rand.Rand) [][domains]float64 {
	level := make([][domains]float64, len(c.systems))
	var sound []int
	for s := range level {
		for d := range domains {
			level[s][d] = clamp(0.9*normal(rng), -1.8, 1.2)
		}
		if !c.systems[s].failing {
			sound = append(sound, s)
		}
	}
	rng.Shuffle(len(sound), func(i, j int) { sound[i], sound[j] = sound[j], sound[i] })
	for k := range mildCount {
		level[sound[k]][k%domains] = 3
	}
	return level
}

// silent picks providers of sound systems that left out an indicator in the
// last year.
func (c *country) silent(rng *rand.Rand) map[int]string {
	out := map[int]string{}
	for _, id := range []string{"ae_4h", "ae_4h", "ae_4h", "cancer_62d", "fft", "finance", "shmi"} {
		for {
			j := rng.IntN(len(c.providers))
			if p := c.providers[j]; out[j] == "" && !p.specialist && !c.systems[p.system].failing {
				out[j] = id
				break
			}
		}
	}
	return out
}

// draw makes a numerator and a denominator for a provider with the given number
// of patients, x off the usual.
func (m measure) draw(spells, x float64, rng *rand.Rand) (numerator, denominator string) {
	n := max(20, math.Round(float64(spells*m.perSpell)*(0.95+float64(0.1*rng.Float64()))))
	rate := m.base * exp(x)
	switch m.kind {
	case ratio:
		if m.id == "shmi" { // expected deaths come from a model, with decimals
			expected := math.Round(n*100) / 100 * 1.0037
			expected = math.Round(expected*100) / 100
			return strconv.Itoa(poisson(rng, milli(expected*rate))), strconv.FormatFloat(expected, 'f', -1, 64)
		}
		return strconv.Itoa(poisson(rng, milli(n*rate))), whole(n)
	case cases:
		return strconv.Itoa(poisson(rng, milli(n*rate))), whole(n)
	}
	rate = min(rate, 0.6)
	wrong := math.Round(float64(n*rate) + float64(math.Sqrt(milli(n*rate*(1-rate)))*normal(rng)))
	wrong = clamp(wrong, 0, n)
	if m.kind == within {
		return whole(n - wrong), whole(n)
	}
	return whole(wrong), whole(n)
}

func milli(x float64) float64 { return math.Round(x*1000) / 1000 }

func whole(x float64) string { return strconv.FormatInt(int64(math.Round(x)), 10) }
