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
	spells := make([]float64, len(c.providers))
	for _, f := range c.flows {
		spells[f.provider] += float64(f.patients)
	}
	level := c.levels(rng)
	var rows [][]string
	silent := c.silent(rng)
	for _, m := range measures {
		for j, p := range c.providers {
			if m.acute && p.specialist {
				continue
			}
			steady := float64(m.spread * (level[p.system][m.domain] + float64(0.5*normal(rng))))
			for y, year := range years {
				x := steady + float64(m.spread*float64(0.2*normal(rng))) - float64(0.04*float64(2-y))
				if c.systems[p.system].failing {
					x += float64(m.severity * (0.7 + float64(0.15*float64(y))))
				}
				numerator, denominator := m.draw(spells[j], x, rng)
				if y == 2 && silent[j] == m.id {
					continue
				}
				rows = append(rows, []string{p.code, m.id, numerator, denominator, "", year})
			}
		}
	}
	for j, p := range c.providers {
		steady := 0.5 + float64(1.0*(float64(0.6*normal(rng))-level[p.system][money]))
		for y, year := range years {
			percent := steady + float64(0.25*normal(rng))
			if c.systems[p.system].failing {
				percent = -5.2 - float64(0.6*float64(y)) + float64(0.5*normal(rng))
			}
			income := math.Round(float64(spells[j]*3.2) * (0.96 + float64(0.02*float64(y)))) // thousands of pounds
			if y == 2 && silent[j] == "finance" {
				continue
			}
			rows = append(rows, []string{p.code, "finance", whole(income * percent / 100), whole(income), "", year})
		}
	}
	for _, p := range c.providers {
		// An inspector's rating, 1 (outstanding) to 4 (inadequate).
		steady := 2.1 + float64(0.35*(level[p.system][experience]+normal(rng)))
		if c.systems[p.system].failing {
			steady = 3.2 + float64(0.3*normal(rng))
		}
		for _, year := range years {
			band := clamp(math.Round(steady+float64(0.12*normal(rng))), 1, 4)
			rows = append(rows, []string{p.code, "cqc", "", "", whole(band), year})
		}
	}
	return table([]string{"entity", "indicator", "numerator", "denominator", "value", "period"}, rows)
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
