package whatif

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is a range that holds a provider's patients after the change in 95 of
// 100 cases, if the model is right.
type Interval struct{ Low, High float64 }

// Intervals resample the flows n times as Poisson counts, fit the model again
// (one step of Newton's method from the fit), and let those who leave choose by
// chance. What they hold back is how far the model itself is from the truth: see
// how far the models lie apart. n of 0 gives none. Seeds are of their own for each
// resample, so that the same seed gives the same intervals.
func Intervals(ctx context.Context, r *Result, n int, seed uint64) ([]Interval, error) {
	if n <= 0 {
		return nil, nil
	}
	draw, err := r.drawer()
	if err != nil {
		return nil, err
	}
	draws := make([][]float64, len(r.Codes))
	for b := range n {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		gain := draw(rand.New(rand.NewPCG(seed, uint64(b)+1)))
		for j, x := range gain {
			draws[j] = append(draws[j], x)
		}
	}
	out := make([]Interval, len(r.Codes))
	limit := r.world.limits()
	for j := range out {
		out[j] = r.interval(j, draws[j])
		if limit != nil {
			out[j].Low, out[j].High = min(out[j].Low, limit[j]), min(out[j].High, limit[j])
		}
	}
	return out, nil
}

// interval is that of one provider from the draws of what it gains.
func (r *Result) interval(j int, draws []float64) Interval {
	slices.Sort(draws)
	at := func(q float64) float64 {
		k := q * float64(len(draws)-1)
		i := int(k)
		next := draws[min(i+1, len(draws)-1)]
		return draws[i] + float64((k-float64(i))*(next-draws[i]))
	}
	stay := r.stays(j)
	return Interval{math.Floor(stay + at(0.025)), math.Ceil(stay + at(0.975))}
}

// stays is how many published patients of a provider stay there.
func (r *Result) stays(j int) float64 {
	n := r.Before[j].Published
	for _, m := range r.Moves {
		if int(m.From) == j {
			n -= m.Patients.Published
		}
	}
	return n
}

// drawer makes a function that draws what each provider gains once.
func (r *Result) drawer() (func(rng *rand.Rand) []float64, error) {
	f := r.Model.Fit
	if f == nil || f.Spread > 0 || r.Prices != nil {
		return r.byChance(func(*rand.Rand) *Result { return r }), nil
	}
	noise, err := newNoise(r.world.Data, f)
	if err != nil {
		return nil, err
	}
	return r.byChance(func(rng *rand.Rand) *Result {
		model := *r.Model
		model.Fit = noise.draw(rng)
		out := &outcome{}
		r.world.leave(&model, out, nil)
		return &Result{leaving: out.leaving}
	}), nil
}

// byChance lets those who leave choose by chance, under a model that may be drawn
// anew.
func (r *Result) byChance(under func(rng *rand.Rand) *Result) func(rng *rand.Rand) []float64 {
	return func(rng *rand.Rand) []float64 {
		gain := make([]float64, len(r.Codes))
		drawn := under(rng)
		for i := range drawn.leaving {
			l := &drawn.leaving[i]
			share := l.odds.share
			if r.Prices != nil {
				o := outcome{prices: r.Prices}
				share = normalised(o.priced(&l.odds))
			}
			multinomial(math.Round(l.patients.Published), share, rng, func(k int, n float64) { gain[l.odds.to[k]] += n })
		}
		return gain
	}
}

// normalised makes weights add up to 1.
func normalised(weights []float64) []float64 {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	for k := range weights {
		weights[k] /= sum
	}
	return weights
}

// noise draws the coefficients of a fit as resampled flows would give them.
type noise struct {
	*gravity
	fit    *Fit
	factor cholesky
	score  []float64
}

// newNoise prepares the second derivative at the fit.
func newNoise(d *Data, f *Fit) (*noise, error) {
	x := &noise{gravity: newGravity(d.reached, d.Costs, f.Options), fit: f}
	x.theta = f.coefficients()
	x.evaluate(x.theta)
	var ok bool
	if x.factor, ok = factorise(x.information(), len(x.theta)); !ok {
		return nil, ErrNotFound
	}
	x.score = make([]float64, len(x.theta))
	return x, nil
}

// information is minus the second derivative. Attractions are free up to a number
// that all share: it is held at 0 by a little weight on their sum.
func (x *noise) information() []float64 {
	n := len(x.theta)
	h := make([]float64, n*n)
	mean := make([]float64, n)
	for a := range x.choice {
		x.addInformation(a, h, mean)
	}
	if !x.options.BySize {
		hold := math.Sqrt(h[0]+1) * 1e-3
		for i := range n - 1 {
			for j := range n - 1 {
				h[i*n+j] += hold
			}
			h[i*n+i] += 1e-9 * (1 + h[i*n+i])
		}
	}
	return h
}

// addInformation adds one area's part.
func (x *noise) addInformation(a int, h, mean []float64) {
	n := len(mean)
	clear(mean)
	ch, total := &x.choice[a], x.flows.total[a]
	one := make([]float64, 2) // the two coefficients that a choice has
	index := func(j int32) int {
		if x.options.BySize {
			return 0
		}
		return int(j)
	}
	value := func(k int) (int, []float64) {
		j := ch.to[k]
		one[0], one[1] = 1, -ch.f[k]
		if x.options.BySize {
			one[0] = x.size[j]
		}
		return index(j), one
	}
	for _, at := range ch.live {
		k := int(at)
		p := ch.p[k]
		i, v := value(k)
		mean[i] += float64(p * v[0])
		mean[n-1] += float64(p * v[1])
		w := float64(total * p)
		h[i*n+i] += float64(w * v[0] * v[0])
		h[i*n+n-1] += float64(w * v[0] * v[1])
		h[(n-1)*n+i] += float64(w * v[0] * v[1])
		h[n*n-1] += float64(w * v[1] * v[1])
	}
	for i, m := range mean {
		if m == 0 {
			continue
		}
		for j, k := range mean {
			if k != 0 {
				h[i*n+j] -= float64(total * m * k)
			}
		}
	}
}

// draw gives the fit that one resample of the flows would lead to, in one step.
func (x *noise) draw(rng *rand.Rand) *Fit {
	last := len(x.theta) - 1
	clear(x.score)
	add := func(j int32, n float64) {
		if x.options.BySize {
			x.score[0] += float64(n * x.size[j])
		} else {
			x.score[j] += n
		}
	}
	for a := range x.choice {
		ch := &x.choice[a]
		to, count := x.flows.row(a)
		drawn, k := 0.0, 0
		for i, j := range to {
			for ch.to[k] != j {
				k++
			}
			n := poisson(count[i], rng)
			drawn += n
			add(j, n-count[i])
			x.score[last] -= float64((n - count[i]) * ch.f[k])
		}
		for _, k := range ch.live {
			n := float64((drawn - x.flows.total[a]) * ch.p[k]) // at the fit the score is 0
			add(ch.to[k], -n)
			x.score[last] += float64(n * ch.f[k])
		}
	}
	return x.step()
}

// step is the fit one step of Newton's method away.
func (x *noise) step() *Fit {
	v := x.factor.solve(x.score)
	f := *x.fit
	last := len(x.theta) - 1
	f.Beta += v[last]
	f.Alpha = slices.Clone(f.Alpha)
	for j := range f.Alpha {
		if x.options.BySize {
			f.Alpha[j] += float64(v[0] * x.size[j])
		} else {
			f.Alpha[j] += v[j]
		}
	}
	if x.options.BySize {
		f.Gamma += v[0]
	}
	return &f
}
