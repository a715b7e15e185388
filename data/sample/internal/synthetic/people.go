package synthetic

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// town is a bump of people: how many millions, and how far they spread in km.
// The bumps make the map read like England; none of them is a place.
type town struct {
	lon, lat, millions, km float64
}

var towns = []town{
	{-0.12, 51.50, 7.8, 15},
	{-0.10, 51.50, 4.2, 42},
	{-1.90, 52.48, 2.9, 15},
	{-2.25, 53.48, 2.8, 14},
	{-2.85, 53.42, 1.6, 11},
	{-1.62, 53.77, 2.3, 15},
	{-1.42, 53.42, 1.5, 13},
	{-1.62, 54.95, 1.4, 13},
	{-1.28, 54.60, 0.9, 12},
	{-2.55, 51.47, 1.2, 13},
	{-1.18, 52.96, 1.3, 13},
	{-1.12, 52.63, 1.0, 12},
	{-2.15, 53.00, 0.8, 11},
	{-1.28, 50.92, 1.5, 15},
	{-0.20, 50.88, 0.9, 13},
	{1.22, 52.63, 0.6, 14},
	{1.00, 52.00, 0.7, 16},
	{-4.05, 50.42, 0.5, 11},
	{-3.50, 50.72, 0.6, 16},
	{-0.40, 53.76, 0.6, 12},
	{0.10, 52.22, 0.6, 15},
	{-1.25, 51.76, 0.7, 14},
	{-0.95, 51.42, 0.9, 14},
	{0.65, 51.28, 1.4, 24},
	{0.55, 51.70, 1.2, 20},
	{-0.75, 52.10, 1.0, 18},
	{-2.68, 53.78, 1.3, 17},
	{-1.90, 50.76, 0.7, 13},
	{-5.10, 50.24, 0.45, 17},
	{-2.95, 54.85, 0.30, 16},
	{-0.55, 53.20, 0.50, 18},
	{-1.10, 53.97, 0.6, 16},
	{-2.20, 51.87, 0.7, 14},
	{-1.78, 51.56, 0.6, 14},
	{-0.25, 52.60, 0.6, 15},
	{-2.75, 52.70, 0.45, 16},
	{-2.35, 52.18, 0.6, 16},
	{-3.05, 51.05, 0.5, 18},
	{-1.55, 52.30, 0.9, 14},
	{-0.42, 51.05, 0.7, 15},
}

// ruralMillions live spread evenly.
const ruralMillions = 8.5

// settle gives each land cell its people.
func settle(l *lattice, land []bool, rng *rand.Rand) []float64 {
	people := make([]float64, len(land))
	n := 0
	for _, is := range land {
		if is {
			n++
		}
	}
	patchy := l.noise(1, rng)
	for i, is := range land {
		if is {
			people[i] = ruralMillions * 1e6 / float64(n)
		}
	}
	for _, t := range towns {
		centre := degrees(t.lon+float64(0.08*normal(rng)), t.lat+float64(0.05*normal(rng)))
		weight := make([]float64, len(land))
		sum := 0.0
		for i, is := range land {
			if !is {
				continue
			}
			d := distance(centre, l.centre(i)) / 1000 / t.km
			if d < 5 {
				weight[i] = float64(exp(-d) * (0.4 + float64(patchy[i])/800))
				sum += weight[i]
			}
		}
		for i, w := range weight {
			people[i] += float64(float64(t.millions*1e6/sum) * w)
		}
	}
	return people
}

// centres places n centres among cells so that each serves about as much
// weight: Lloyd's method from seeds drawn apart from each other. Few rounds leave
// them uneven.
func centres(l *lattice, n, rounds int, cells []int, weight []float64, rng *rand.Rand) []int {
	seeds := drawApart(l, n, cells, weight, rng)
	for range rounds {
		balance(l, seeds, cells, weight)
	}
	// A centre must be one of the cells, and no two the same.
	taken := map[int]bool{}
	out := make([]int, n)
	for k, s := range seeds {
		best := -1
		for _, c := range cells {
			if !taken[c] && (best < 0 || distance(s, l.centre(c)) < distance(s, l.centre(best))) {
				best = c
			}
		}
		taken[best] = true
		out[k] = best
	}
	return out
}

// drawApart draws n cells by weight and by distance from those drawn before
// (k-means++).
func drawApart(l *lattice, n int, cells []int, weight []float64, rng *rand.Rand) []point {
	nearest := make([]float64, len(cells))
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	seeds := make([]point, 0, n)
	for len(seeds) < n {
		sum := 0.0
		chance := make([]float64, len(cells))
		for i, c := range cells {
			chance[i] = weight[c]
			if len(seeds) > 0 {
				chance[i] *= nearest[i]
			}
			sum += chance[i]
		}
		draw, pick := rng.Float64()*sum, len(cells)-1
		for i, x := range chance {
			if draw -= x; draw < 0 {
				pick = i
				break
			}
		}
		p := l.centre(cells[pick])
		seeds = append(seeds, p)
		for i, c := range cells {
			d := distance(p, l.centre(c))
			nearest[i] = min(nearest[i], float64(d*d))
		}
	}
	return seeds
}

// balance moves each centre to the middle of the weight that is nearest to it.
func balance(l *lattice, seeds []point, cells []int, weight []float64) {
	n := len(seeds)
	sx, sy, sw := make([]float64, n), make([]float64, n), make([]float64, n)
	for _, c := range cells {
		p := l.centre(c)
		k := closest(p, seeds)
		w := weight[c]
		sx[k] += float64(w * float64(p.x))
		sy[k] += float64(w * float64(p.y))
		sw[k] += w
	}
	for k := range seeds {
		if sw[k] > 0 {
			seeds[k] = point{int64(math.Round(sx[k] / sw[k])), int64(math.Round(sy[k] / sw[k]))}
		}
	}
}

func closest(p point, to []point) int {
	best, least := 0, math.Inf(1)
	for k, q := range to {
		if d := distance(p, q); d < least {
			best, least = k, d
		}
	}
	return best
}

// share splits total into whole parts in proportion to weight, each at least
// least, by largest remainders.
func share(total int, weight []float64, least int) []int {
	sum := 0.0
	for _, w := range weight {
		sum += w
	}
	out := make([]int, len(weight))
	rest := make([]float64, len(weight))
	given := 0
	for i, w := range weight {
		exact := float64(total) * w / sum
		out[i] = max(least, int(exact))
		rest[i] = exact - float64(out[i])
		given += out[i]
	}
	order := make([]int, len(weight))
	for given != total {
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
		step, i := 1, order[0]
		if given > total {
			step = -1
			for k := len(order) - 1; k >= 0; k-- {
				if i = order[k]; out[i] > least {
					break
				}
			}
		}
		out[i] += step
		rest[i] -= float64(step)
		given += step
	}
	return out
}
