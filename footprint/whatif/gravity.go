package whatif

import (
	"errors"
	"fmt"
	"math"

	"stpmap/flow/portable"
)

// Names of the models.
const (
	Nearest      = "nearest"
	SharesModel  = "shares"
	GravityModel = "gravity"
	MixedModel   = "mixed"
)

// ModelNames are all models, in the order in which results list them.
func ModelNames() []string { return []string{Nearest, SharesModel, GravityModel, MixedModel} }

// ErrNotFound is a model that the flows do not determine.
var ErrNotFound = errors.New("the flows do not determine the model: everybody may go to the nearest, or too few pairs have patients")

// GravityOptions say which gravity model to fit.
type GravityOptions struct {
	// Power takes the cost's logarithm: T falls with a power of the cost.
	Power bool
	// BySize makes a provider's attraction a power γ of its size, in place of an
	// effect of each.
	BySize bool
	// Sizes are those of the providers, such as beds; nil takes their patients.
	Sizes []float64
}

// Fit is a model of gravity,
//
//	T_ij = O_i · exp(α_j − β c_ij) / Σ_h exp(α_h − β c_ih)
//
// found by Poisson maximum likelihood with an effect of each area, which is the
// same as a conditional logit of each area's patients.
type Fit struct {
	Options GravityOptions
	Beta    float64   // of the cost, for each km or minute; above 0 where it deters
	Spread  float64   // σ of the lognormal coefficient exp(ln β + σz); 0 in the gravity model
	Gamma   float64   // of the logarithm of size; NaN unless BySize
	Alpha   []float64 // attraction of each provider; their mean is 0 unless BySize
	// BetaSE and GammaSE are standard errors; NaN where not found.
	BetaSE, GammaSE float64
	// LogSizes are the logarithms of providers' patients, that new ones are placed by.
	LogSizes []float64
	// Deviance and LogLikelihood are of the Poisson model over all pairs with a
	// cost; ChoiceLogLikelihood is of the choices alone.
	Deviance, LogLikelihood, ChoiceLogLikelihood float64
	Pairs                                        int // with a cost
	Iterations                                   int
}

// PowerFloor is the least cost in a power of the cost, in km or minutes: a power
// of 0 has no value.
const PowerFloor = 0.1

// deterrent is what β stands before: the cost or its logarithm.
func (o GravityOptions) deterrent(cost float64) float64 {
	if o.Power {
		return portable.Log(max(cost, PowerFloor))
	}
	return cost
}

// FitGravity fits the model of gravity to flows. Pairs without a cost are left
// out. start may be nil, or a fit to begin from. The error wraps ErrNotFound.
func FitGravity(m *Data, o GravityOptions) (*Fit, error) {
	return fitGravity(m.reached, m.Costs, o, nil)
}

func fitGravity(f *flows, c Costs, o GravityOptions, start *Fit) (*Fit, error) {
	g := newGravity(f, c, o)
	if start != nil {
		g.theta = start.coefficients()
	}
	if err := g.maximise(); err != nil {
		return nil, err
	}
	return g.fit(), nil
}

// gravity is a likelihood that is being maximised. The coefficients are those of
// the providers (or γ alone) and then β.
type gravity struct {
	flows   *flows
	options GravityOptions
	size    []float64 // logarithms
	loads   []float64
	choice  []choices // by area
	theta   []float64
	steps   int
	utility []float64 // room
}

// choices are the providers that an area's patients may choose, with the
// cost's deterrent f and the probability p of each.
type choices struct {
	to   []int32
	f, p []float64
	live []int32 // places of those that are likely enough for the second derivative
}

func newGravity(f *flows, c Costs, o GravityOptions) *gravity {
	g := &gravity{flows: f, options: o, loads: f.loads(), choice: make([]choices, f.areas())}
	g.size = logs(g.loads)
	if o.Sizes != nil {
		g.size = logs(o.Sizes)
	}
	pairs := 0
	for a := range g.choice {
		if f.total[a] > 0 {
			pairs += reached(c.Row(a), g.loads)
		}
	}
	to, room := make([]int32, 0, pairs), make([]float64, pairs)
	probabilities := make([]float64, pairs)
	at := 0
	for a := range g.choice {
		if !(f.total[a] > 0) {
			continue
		}
		from := at
		for j, cost := range c.Row(a) {
			if math.IsNaN(cost) || !(g.loads[j] > 0) {
				continue
			}
			to = append(to, int32(j))
			room[at] = o.deterrent(cost)
			at++
		}
		g.choice[a] = choices{to: to[from:at], f: room[from:at], p: probabilities[from:at]}
	}
	n := f.providers
	if o.BySize {
		n = 1
	}
	g.theta = make([]float64, n+1)
	g.begin()
	return g
}

// reached counts the providers with patients that have a cost.
func reached(row, loads []float64) (n int) {
	for j, cost := range row {
		if !math.IsNaN(cost) && loads[j] > 0 {
			n++
		}
	}
	return n
}

// logs are logarithms; 0 stands for those of 0.
func logs(of []float64) []float64 {
	out := make([]float64, len(of))
	for i, x := range of {
		if x > 0 {
			out[i] = portable.Log(x)
		}
	}
	return out
}

// begin chooses where the search starts: attraction by size, and a β that makes
// the mean cost of the flows matter.
func (g *gravity) begin() {
	if g.options.BySize {
		g.theta[0] = 1
	} else {
		copy(g.theta, g.size)
	}
	sum, n := 0.0, 0.0
	g.each(func(k int, ch *choices, count float64) {
		sum += float64(count * ch.f[k])
		n += count
	})
	if sum > 0 && !g.options.Power {
		g.theta[len(g.theta)-1] = n / sum
	} else {
		g.theta[len(g.theta)-1] = 1
	}
}

// each goes over the observed pairs: the place among the choices, and the count.
func (g *gravity) each(do func(k int, ch *choices, count float64)) {
	for a := range g.choice {
		to, count := g.flows.row(a)
		ch := &g.choice[a]
		k := 0
		for i, j := range to {
			for ch.to[k] != j {
				k++
			}
			do(k, ch, count[i])
		}
	}
}

// attraction is α of a provider under some coefficients.
func (g *gravity) attraction(theta []float64, j int32) float64 {
	if g.options.BySize {
		return theta[0] * g.size[j]
	}
	return theta[j]
}

// least is the logarithm of the smallest odds against the likeliest choice that
// still count: 1.3e-14, of which thousands change no digit that is asked for.
const least = -32

// evaluate sets the probabilities of all choices and gives the logarithm of the
// likelihood of the choices.
func (g *gravity) evaluate(theta []float64) (likelihood float64) {
	beta := theta[len(theta)-1]
	for a := range g.choice {
		ch := &g.choice[a]
		if len(ch.to) == 0 {
			continue
		}
		n := len(ch.to)
		if cap(g.utility) < n {
			g.utility = make([]float64, g.flows.providers)
		}
		u := g.utility[:n]
		top := math.Inf(-1)
		for k, j := range ch.to {
			u[k] = g.attraction(theta, j) - float64(beta*ch.f[k])
			top = max(top, u[k])
		}
		sum := 0.0
		for k, x := range u {
			e := 0.0
			if x-top > least {
				e = portable.Exp(x - top)
			}
			ch.p[k] = e
			sum += e
		}
		for k := range ch.p {
			ch.p[k] /= sum
		}
		ch.enliven()
		likelihood += g.observed(a, u, top+portable.Log(sum))
	}
	return likelihood
}

// observed is the likelihood of one area's choices: Σ T_ij (u_ij − ln Σ exp u).
func (g *gravity) observed(area int, utility []float64, norm float64) (likelihood float64) {
	to, count := g.flows.row(area)
	ch := &g.choice[area]
	k := 0
	for i, j := range to {
		for ch.to[k] != j {
			k++
		}
		likelihood += float64(count[i] * (utility[k] - norm))
	}
	return likelihood
}

// gradient is that of the likelihood, at the probabilities as they are set.
func (g *gravity) gradient() []float64 {
	out := make([]float64, len(g.theta))
	last := len(out) - 1
	add := func(j int32, x float64) {
		if g.options.BySize {
			out[0] += float64(x * g.size[j])
		} else {
			out[j] += x
		}
	}
	g.each(func(k int, ch *choices, count float64) {
		add(ch.to[k], count)
		out[last] -= float64(count * ch.f[k])
	})
	for a := range g.choice {
		ch, n := &g.choice[a], g.flows.total[a]
		for k, p := range ch.p {
			if p == 0 {
				continue
			}
			add(ch.to[k], -float64(n*p))
			out[last] += float64(n * p * ch.f[k])
		}
	}
	return out
}

// counts is the least probability that the second derivative looks at. It sets
// how far a step goes and how large errors are, never where the search ends.
const counts = 1e-6

// curvature is minus the second derivative times v.
func (g *gravity) curvature(v, out []float64) {
	clear(out)
	last := len(out) - 1
	for a := range g.choice {
		ch, n := &g.choice[a], g.flows.total[a]
		mean := 0.0
		for _, k := range ch.live {
			x := g.attraction(v, ch.to[k]) - float64(v[last]*ch.f[k])
			g.utility[k] = x
			mean += float64(ch.p[k] * x)
		}
		for _, k := range ch.live {
			y := float64(n * ch.p[k] * (g.utility[k] - mean))
			if g.options.BySize {
				out[0] += float64(y * g.size[ch.to[k]])
			} else {
				out[ch.to[k]] += y
			}
			out[last] -= float64(y * ch.f[k])
		}
	}
}

// enliven lists the choices that the second derivative looks at.
func (ch *choices) enliven() {
	ch.live = ch.live[:0]
	for k, p := range ch.p {
		if p > counts {
			ch.live = append(ch.live, int32(k))
		}
	}
}

// diagonal is that of minus the second derivative, what the search is scaled by.
func (g *gravity) diagonal() []float64 {
	out := make([]float64, len(g.theta))
	last := len(out) - 1
	for a := range g.choice {
		ch, n := &g.choice[a], g.flows.total[a]
		var mean, square, size, sizes float64
		for _, k := range ch.live {
			p := ch.p[k]
			mean += float64(p * ch.f[k])
			square += float64(p * ch.f[k] * ch.f[k])
			if s := g.size[ch.to[k]]; g.options.BySize {
				size, sizes = size+float64(p*s), sizes+float64(p*s*s)
			} else {
				out[ch.to[k]] += float64(n * p * (1 - p))
			}
		}
		out[last] += float64(n * (square - float64(mean*mean)))
		if g.options.BySize {
			out[0] += float64(n * (sizes - float64(size*size)))
		}
	}
	for i, x := range out {
		if !(x > 1e-12) {
			out[i] = 1
		}
	}
	return out
}

// maximise finds the coefficients by Newton's method, with each step from
// conjugate gradients: the second derivative is never written down.
func (g *gravity) maximise() error {
	const most = 60
	value := g.evaluate(g.theta)
	total := 0.0
	for _, n := range g.flows.total {
		total += n
	}
	enough := 1e-14*total + 1e-13
	for g.steps = 1; g.steps <= most; g.steps++ {
		gradient := g.gradient()
		step := g.solve(gradient, 1e-2)
		gain := dot(gradient, step) / 2
		if math.IsNaN(gain) {
			return fmt.Errorf("gravity: %w", ErrNotFound)
		}
		next := g.ahead(step, 1)
		if gain <= enough {
			g.theta = next
			g.evaluate(next)
			return g.sound()
		}
		after := g.evaluate(next)
		for scale := 0.5; !(after >= value) && scale > 1e-6 && gain > 1e-9*math.Abs(value); scale /= 2 {
			next = g.ahead(step, scale)
			after = g.evaluate(next)
		}
		g.theta, value = next, after
	}
	return fmt.Errorf("gravity: no end after %d steps: %w", most, ErrNotFound)
}

// sound refuses a likelihood that rises without end: then the choices that
// nobody made have no probability at all.
func (g *gravity) sound() error {
	spread := 0.0
	for a := range g.choice {
		for _, p := range g.choice[a].p {
			spread += float64(g.flows.total[a] * p * (1 - p))
		}
	}
	if !(spread > 1e-6) {
		return fmt.Errorf("gravity: %w", ErrNotFound)
	}
	return nil
}

func (g *gravity) ahead(step []float64, scale float64) []float64 {
	next := make([]float64, len(step))
	for i := range next {
		next[i] = g.theta[i] + float64(scale*step[i])
	}
	return next
}

// solve finds x with curvature(x) = b by conjugate gradients, scaled by the
// diagonal, to a part of b.
func (g *gravity) solve(b []float64, part float64) []float64 {
	scale := g.diagonal()
	x, r := make([]float64, len(b)), append([]float64(nil), b...)
	z := make([]float64, len(b))
	for i := range z {
		z[i] = r[i] / scale[i]
	}
	d, q := append([]float64(nil), z...), make([]float64, len(b))
	rho := dot(r, z)
	limit := rho * part * part
	for range 4 * len(b) {
		if !(rho > limit) || rho == 0 {
			break
		}
		g.curvature(d, q)
		under := dot(d, q)
		if !(under > 0) {
			break
		}
		alpha := rho / under
		for i := range x {
			x[i] += float64(alpha * d[i])
			r[i] -= float64(alpha * q[i])
			z[i] = r[i] / scale[i]
		}
		before := rho
		rho = dot(r, z)
		for i := range d {
			d[i] = z[i] + float64(rho/before*d[i])
		}
	}
	return x
}

func dot(x, y []float64) (sum float64) {
	for i := range x {
		sum += float64(x[i] * y[i])
	}
	return sum
}

// fit is the result at the coefficients found.
func (g *gravity) fit() *Fit {
	f := &Fit{Options: g.options, Beta: g.theta[len(g.theta)-1], LogSizes: g.size, Iterations: g.steps, Gamma: math.NaN(), GammaSE: math.NaN()}
	f.Alpha = make([]float64, g.flows.providers)
	for j := range f.Alpha {
		f.Alpha[j] = math.Inf(-1)
		if g.loads[j] > 0 {
			f.Alpha[j] = g.attraction(g.theta, int32(j))
		}
	}
	if g.options.BySize {
		f.Gamma, f.GammaSE = g.theta[0], g.standardError(0)
	} else {
		centre(f.Alpha)
	}
	f.BetaSE = g.standardError(len(g.theta) - 1)
	f.judge(g)
	return f
}

// centre makes the mean of the finite values 0.
func centre(alpha []float64) {
	sum, n := 0.0, 0.0
	for _, x := range alpha {
		if !math.IsInf(x, -1) {
			sum += x
			n++
		}
	}
	for j := range alpha {
		alpha[j] -= sum / n
	}
}

// standardError is that of a coefficient, from the second derivative.
func (g *gravity) standardError(at int) float64 {
	unit := make([]float64, len(g.theta))
	unit[at] = 1
	return math.Sqrt(g.solve(unit, 1e-6)[at])
}

// coefficients are those that a search may begin from.
func (f *Fit) coefficients() []float64 {
	if f.Options.BySize {
		return []float64{f.Gamma, f.Beta}
	}
	theta := append(append([]float64(nil), f.Alpha...), f.Beta)
	for j, x := range theta {
		if math.IsInf(x, -1) {
			theta[j] = 0
		}
	}
	return theta
}

// judge sets the deviance and the likelihoods from the probabilities.
func (f *Fit) judge(g *gravity) {
	f.ChoiceLogLikelihood = g.evaluate(g.theta)
	expected := 0.0
	for a := range g.choice {
		f.Pairs += len(g.choice[a].to)
		if len(g.choice[a].to) > 0 {
			expected += g.flows.total[a] // Σ of the expected counts
		}
	}
	f.Deviance, f.LogLikelihood = 0, -expected
	beta := g.theta[len(g.theta)-1]
	for a := range g.choice {
		ch, n := &g.choice[a], g.flows.total[a]
		if len(ch.to) == 0 {
			continue
		}
		norm := g.norm(ch, beta)
		to, count := g.flows.row(a)
		k := 0
		for i, j := range to {
			for ch.to[k] != j {
				k++
			}
			y := count[i]
			log := portable.Log(n) + g.attraction(g.theta, j) - float64(beta*ch.f[k]) - norm
			f.Deviance += float64(2 * y * (portable.Log(y) - log))
			f.LogLikelihood += float64(y*log) - portable.LogFactorial(math.Round(y))
		}
	}
}

// norm is the logarithm of the sum of an area's attractions.
func (g *gravity) norm(ch *choices, beta float64) float64 {
	top, sum := math.Inf(-1), 0.0
	for k, j := range ch.to {
		top = max(top, g.attraction(g.theta, j)-float64(beta*ch.f[k]))
	}
	for k, j := range ch.to {
		sum += portable.Exp(g.attraction(g.theta, j) - float64(beta*ch.f[k]) - top)
	}
	return top + portable.Log(sum)
}
