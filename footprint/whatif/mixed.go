package whatif

import (
	"fmt"
	"math"

	"stpmap/flow/portable"
)

// nodes are places z and weights of 16-point Gauss–Hermite quadrature for the
// standard normal distribution; the other eight are at −z (Abramowitz and Stegun
// 1964, table 25.10, scaled).
var nodes = [8][2]float64{
	{0.38676060450055744, 0.286568521238012},
	{1.1638291005549648, 0.15833837275094964},
	{1.9519803457163334, 0.04728475235401408},
	{2.760245047630702, 0.0072669376011847316},
	{3.6008736241715478, 0.0005259849265739117},
	{4.492955302520012, 1.5300032162487265e-05},
	{5.472225705949343, 1.3094732162868184e-07},
	{6.630878198393129, 1.4978147231618474e-10},
}

// node is the place and the weight of node q of 16.
func node(q int) (z, weight float64) {
	n := nodes[q/2]
	if q%2 == 0 {
		return -n[0], n[1]
	}
	return n[0], n[1]
}

// quadrature is how many nodes there are.
const quadrature = 2 * len(nodes)

// mixedCells is how many pairs of areas and providers the mixed model is fitted
// to at most: beyond, to every n-th area.
const mixedCells = 100_000

// FitMixed fits the mixed logit with one lognormal coefficient of distance,
// exp(ln β + σz), its attraction beginning from a gravity fit. The integral is a
// 16-point Gauss–Hermite sum: no draws, no noise. The search begins from several
// values of σ. Where there are more than 100,000 pairs, it is fitted to every
// n-th area. The error wraps ErrNotFound.
func FitMixed(d *Data, from *Fit) (*Fit, error) {
	x := newMixed(d, from)
	var best *Fit
	for _, sigma := range []float64{0.3, 1} {
		x.start(from, sigma)
		if err := x.maximise(); err != nil {
			return nil, err
		}
		if f := x.fit(from); best == nil || f.ChoiceLogLikelihood > best.ChoiceLogLikelihood {
			best = f
		}
	}
	if best.Spread == 0 {
		return nil, fmt.Errorf("mixed: %w", ErrNotFound)
	}
	x.judge(best)
	return best, nil
}

// mixed is a likelihood that is being maximised. theta holds the attractions,
// ln β and σ, each times its scale.
type mixed struct {
	*gravity
	scale []float64 // of each coefficient
	theta []float64
	value float64
	room  [quadrature][]float64
	share []float64
}

func newMixed(d *Data, from *Fit) *mixed {
	f := d.reached
	if every := (f.areas()*f.providers + mixedCells - 1) / mixedCells; every > 1 {
		f = f.keep(func(a int, _ int32) bool { return a%every == 0 })
	}
	o := from.Options
	o.BySize = false
	x := &mixed{gravity: newGravity(f, d.Costs, o)}
	for q := range x.room {
		x.room[q] = make([]float64, f.providers)
	}
	x.share = make([]float64, f.providers)
	return x
}

// start sets the coefficients to those of the gravity model, with a spread.
func (x *mixed) start(from *Fit, sigma float64) {
	n := x.flows.providers
	x.theta, x.scale = make([]float64, n+2), make([]float64, n+2)
	total := 0.0
	for j, load := range x.loads {
		x.scale[j] = math.Sqrt(max(load, 1))
		if !math.IsInf(from.Alpha[j], -1) {
			x.theta[j] = from.Alpha[j] * x.scale[j]
		}
		total += load
	}
	x.scale[n], x.scale[n+1] = math.Sqrt(total), math.Sqrt(total)
	x.theta[n] = portable.Log(max(from.Beta, 1e-9)) * x.scale[n]
	x.theta[n+1] = sigma * x.scale[n+1]
}

// coefficient is that of the cost at a node.
func coefficient(mu, sigma float64, q int) (b, z, weight float64) {
	z, weight = node(q)
	return portable.Exp(min(mu+float64(sigma*z), 50)), z, weight
}

// evaluate gives the likelihood of the choices at some coefficients, and its
// gradient.
func (x *mixed) evaluate(theta, gradient []float64) (likelihood float64) {
	n := x.flows.providers
	clear(gradient)
	alpha := make([]float64, n)
	for j := range alpha {
		alpha[j] = theta[j] / x.scale[j]
	}
	mu, sigma := theta[n]/x.scale[n], theta[n+1]/x.scale[n+1]
	var slope [quadrature]float64 // of the likelihood by each node's coefficient
	for a := range x.choice {
		if len(x.choice[a].to) > 0 {
			likelihood += x.area(a, alpha, mu, sigma, gradient, &slope)
		}
	}
	for q := range quadrature {
		b, z, _ := coefficient(mu, sigma, q)
		gradient[n] += float64(slope[q] * b)
		gradient[n+1] += float64(slope[q] * b * z)
	}
	for j := range gradient {
		gradient[j] /= x.scale[j]
	}
	return likelihood
}

// area adds the likelihood of one area's choices and its gradient.
func (x *mixed) area(a int, alpha []float64, mu, sigma float64, gradient []float64, slope *[quadrature]float64) (likelihood float64) {
	ch := &x.choice[a]
	x.probabilities(ch, alpha, mu, sigma)
	to, count := x.flows.row(a)
	var weight [quadrature]float64 // Σ of the posterior weights of the patients at each node
	k := 0
	for i, j := range to {
		for ch.to[k] != j {
			k++
		}
		likelihood += float64(count[i] * portable.Log(x.share[k]))
		part := count[i] / x.share[k]
		for q := range quadrature {
			_, w := node(q)
			r := float64(part * w * x.room[q][k])
			weight[q] += r
			slope[q] -= float64(r * ch.f[k])
		}
		gradient[j] += count[i]
	}
	for q := range quadrature {
		mean := 0.0
		p := x.room[q][:len(ch.to)]
		h := weight[q]
		if h < 1e-12 {
			continue
		}
		for k, j := range ch.to {
			if p[k] == 0 {
				continue
			}
			mean += float64(p[k] * ch.f[k])
			gradient[j] -= float64(h * p[k])
		}
		slope[q] += float64(h * mean)
	}
	return likelihood
}

// probabilities sets room to the probabilities of an area's choices at each node,
// and share to those over all of them.
func (x *mixed) probabilities(ch *choices, alpha []float64, mu, sigma float64) {
	share := x.share[:len(ch.to)]
	for k := range share {
		share[k] = 1e-300
	}
	for q := range quadrature {
		b, _, w := coefficient(mu, sigma, q)
		p := x.room[q][:len(ch.to)]
		top := math.Inf(-1)
		for k, j := range ch.to {
			p[k] = alpha[j] - float64(b*ch.f[k])
			top = max(top, p[k])
		}
		sum := 0.0
		for k, u := range p {
			p[k] = 0
			if u-top > least {
				p[k] = portable.Exp(u - top)
				sum += p[k]
			}
		}
		for k := range p {
			if p[k] > 0 {
				p[k] /= sum
				share[k] += float64(w * p[k])
			}
		}
	}
}

// maximise finds the coefficients by the BFGS method with a short memory (Liu
// and Nocedal 1989, doi:10.1007/BF01589116).
func (x *mixed) maximise() error {
	const most, memory = 300, 12
	n := len(x.theta)
	gradient, next, after := make([]float64, n), make([]float64, n), make([]float64, n)
	x.value = x.evaluate(x.theta, gradient)
	var past []secant
	total := 0.0
	for _, t := range x.flows.total {
		total += t
	}
	step := make([]float64, n)
	for x.steps = 1; x.steps <= most; x.steps++ {
		direction(gradient, past, step)
		slope := dot(gradient, step)
		if !(slope > 1e-10*total) {
			return nil
		}
		length, value, ok := x.search(step, slope, next, after)
		if !ok {
			return nil // no way up: the likelihood's last digits
		}
		s := secant{s: make([]float64, n), y: make([]float64, n)}
		for i := range s.s {
			s.s[i], s.y[i] = float64(length*step[i]), gradient[i]-after[i]
		}
		if s.rho = dot(s.s, s.y); s.rho > 0 {
			past = append(past, s)
			past = past[max(0, len(past)-memory):]
		}
		gain := value - x.value
		copy(x.theta, next)
		copy(gradient, after)
		x.value = value
		if gain < 1e-9*total && x.steps > 5 {
			return nil
		}
	}
	return nil
}

// secant is a step s and the fall y of the gradient over it.
type secant struct {
	s, y []float64
	rho  float64
}

// direction is the gradient times an estimate of the inverse second derivative.
func direction(gradient []float64, past []secant, out []float64) {
	copy(out, gradient)
	a := make([]float64, len(past))
	for k := len(past) - 1; k >= 0; k-- {
		p := &past[k]
		a[k] = dot(p.s, out) / p.rho
		for i := range out {
			out[i] -= float64(a[k] * p.y[i])
		}
	}
	if len(past) > 0 {
		last := &past[len(past)-1]
		scale := last.rho / dot(last.y, last.y)
		for i := range out {
			out[i] *= scale
		}
	}
	for k := range past {
		p := &past[k]
		b := dot(p.y, out) / p.rho
		for i := range out {
			out[i] += float64((a[k] - b) * p.s[i])
		}
	}
}

// search finds a length of the step at which the likelihood rises enough, and
// sets the coefficients there and their gradient.
func (x *mixed) search(step []float64, slope float64, next, gradient []float64) (length, value float64, ok bool) {
	for length = 1; length > 1e-10; length /= 4 {
		for i := range next {
			next[i] = x.theta[i] + float64(length*step[i])
		}
		value = x.evaluate(next, gradient)
		if value >= x.value+float64(1e-4*length*slope) {
			return length, value, true
		}
	}
	return 0, 0, false
}

// fit is the result at the coefficients found. Where only some areas were looked
// at, a provider without patients from them keeps its attraction.
func (x *mixed) fit(from *Fit) *Fit {
	n := x.flows.providers
	f := &Fit{
		Options: x.options, Beta: portable.Exp(x.theta[n] / x.scale[n]), Spread: math.Abs(x.theta[n+1] / x.scale[n+1]),
		Gamma: math.NaN(), GammaSE: math.NaN(), BetaSE: math.NaN(), LogSizes: from.LogSizes, Iterations: x.steps,
	}
	f.Alpha = make([]float64, n)
	for j := range f.Alpha {
		f.Alpha[j] = x.theta[j] / x.scale[j]
		if !(x.loads[j] > 0) {
			f.Alpha[j] = from.Alpha[j]
		}
	}
	centre(f.Alpha)
	f.ChoiceLogLikelihood = x.value
	return f
}

// judge sets the deviance and the likelihoods.
func (x *mixed) judge(f *Fit) {
	f.Deviance, f.LogLikelihood = 0, 0
	mu := portable.Log(f.Beta)
	for a := range x.choice {
		ch, n := &x.choice[a], x.flows.total[a]
		if len(ch.to) == 0 {
			continue
		}
		f.Pairs += len(ch.to)
		f.LogLikelihood -= n
		x.probabilities(ch, f.Alpha, mu, f.Spread)
		to, count := x.flows.row(a)
		k := 0
		for i, j := range to {
			for ch.to[k] != j {
				k++
			}
			y, log := count[i], portable.Log(n*x.share[k])
			f.Deviance += float64(2 * y * (portable.Log(y) - log))
			f.LogLikelihood += float64(y*log) - portable.LogFactorial(math.Round(y))
		}
	}
}
