package ensemble

import (
	"context"
	"encoding/json"
	"math"
	"math/big"
	"slices"

	"stpmap/cmd/stpmap/internal/command/sharing"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/footprint/ensemble"
	"stpmap/footprint/sweep"
)

// report is an ensemble with all that its outputs need.
type report struct {
	options  *Options
	in       *study.Study
	share    sharing.Sharing
	problem  ensemble.Problem
	geometry *ensemble.Geometry
	space    *ensemble.Space
	figures  *ensemble.Figures
	notes    []string

	given  []int32 // the map to be placed; nil for none
	values []float64
	lacks  []string // demands that the given map does not meet

	sampling *ensemble.Sampling // nil with --enumerate
	runs     *sweep.Runs
	seconds  float64 // of drawing, on all processors together
	drawn    int     // maps drawn by this command

	maps    [][]int32   // by area, chain after chain
	chain   []int       // of each map, from 1
	figure  [][]float64 // statistics of each map
	weights []float64   // of each map with --enumerate
	exact   *ensemble.Exact
	taken   int
	places  []ensemble.Place
	local   []ensemble.Local
	best    []best
	words   []string
}

// best is the best map found by one statistic.
type best struct {
	statistic ensemble.Statistic
	value     float64
	label     []int32
}

// placeGiven computes the figures of the map to be placed.
func (r *report) placeGiven() {
	if r.given == nil {
		r.values = slices.Repeat([]float64{math.NaN()}, len(r.figures.Statistics()))
		return
	}
	r.values, r.lacks = r.figures.Of(r.given), r.space.Lacks(r.given)
}

// collect reads the maps off the records, and places the map given.
func (r *report) collect() {
	s := r.sampling
	for c := range s.Chains {
		for t := c; t < s.Samples; t += s.Chains {
			record := r.runs.Labels(t)
			r.maps, r.chain = append(r.maps, s.Labels(record)), append(r.chain, c+1)
			r.figure = append(r.figure, r.figures.Of(s.Labels(record)))
			r.taken += s.Taken(record)
		}
	}
	for k, statistic := range r.figures.Statistics() {
		r.places = append(r.places, ensemble.PlaceOf(statistic, r.values[k], r.draws(k)))
	}
}

// draws are one statistic's values by chain, all of one length.
func (r *report) draws(statistic int) ensemble.Draws {
	d := make(ensemble.Draws, r.options.Chains)
	for i, c := range r.chain {
		if n := r.options.Samples / r.options.Chains; len(d[c-1]) < n {
			d[c-1] = append(d[c-1], r.figure[i][statistic])
		}
	}
	return d
}

// enumerate lists all maps.
func (r *report) enumerate(ctx context.Context) error {
	exact, err := r.space.Count(ctx)
	if err != nil {
		return err
	}
	r.exact = &exact
	if exact.Maps.Cmp(big.NewInt(ensemble.MostListed)) <= 0 {
		err = r.space.List(ctx, func(label []int32, trees *big.Int) error {
			w := 1.0
			if r.problem.Measure == ensemble.Trees {
				w, _ = new(big.Float).SetInt(trees).Float64()
			}
			r.maps, r.chain, r.weights = append(r.maps, slices.Clone(label)), append(r.chain, 1), append(r.weights, w)
			r.figure = append(r.figure, r.figures.Of(label))
			return nil
		})
	}
	for k, statistic := range r.figures.Statistics() {
		values := make([]float64, len(r.figure))
		for i, f := range r.figure {
			values[i] = f[k]
		}
		r.places = append(r.places, ensemble.ExactPlace(statistic, r.values[k], values, r.weights))
	}
	return err
}

// allowed says whether the map given is one that the rules allow.
func (r *report) allowed() bool { return r.given != nil && len(r.lacks) == 0 }

// testLocally makes the exact tests of the map given, and looks for better maps.
func (r *report) testLocally(ctx context.Context) (err error) {
	if !r.allowed() {
		return nil
	}
	if r.local, err = r.sampling.Local(ctx, r.given, r.figures); err != nil {
		return err
	}
	for k, s := range r.figures.Statistics() {
		if s.Name != "inside_share" && s.Name != "min_localisation_index" && (s.Name != "cut_borders" || r.problem.Matrix != nil) {
			continue
		}
		label, value, err := r.sampling.Best(ctx, r.bestDrawn(k), r.figures, k)
		if err != nil {
			return err
		}
		r.best = append(r.best, best{s, value, label})
	}
	return nil
}

// bestDrawn is the best map drawn by one statistic, the first of equal ones.
func (r *report) bestDrawn(statistic int) []int32 {
	at, better := 0, float64(r.figures.Statistics()[statistic].Better)
	for i, f := range r.figure {
		if better*f[statistic] > better*r.figure[at][statistic] {
			at = i
		}
	}
	return r.maps[at]
}

// distinct is the number of different maps.
func (r *report) distinct() int {
	seen := map[string]bool{}
	var key []byte
	for _, label := range r.maps {
		key = key[:0]
		for _, p := range label {
			key = append(key, byte(p), byte(p>>8))
		}
		seen[string(key)] = true
	}
	return len(seen)
}

// worst are the greatest R-hat and the least effective number of draws, of the
// statistics that vary; converged says that all have converged.
func (r *report) worst() (rhat, ess float64, converged bool) {
	rhat, ess, varies := math.NaN(), math.NaN(), false
	converged = true
	for _, p := range r.places {
		if !p.Varies {
			continue
		}
		varies, converged = true, converged && p.Converged
		if e := min(p.BulkESS, p.TailESS); !(e >= ess) {
			ess = e
		}
		if !(p.RHat <= rhat) {
			rhat = p.RHat
		}
	}
	return rhat, ess, converged && varies
}

// placeJSON is one statistic.
type placeJSON struct {
	Value      *float64 `json:"value"`
	Percentile *float64 `json:"percentile"`
	Lower      *float64 `json:"lower"`
	Upper      *float64 `json:"upper"`
	Median     *float64 `json:"median"`
	RHat       *float64 `json:"rhat"`
	BulkESS    *float64 `json:"ess_bulk"`
	TailESS    *float64 `json:"ess_tail"`
	Verdict    string   `json:"verdict"`
}

// object is what --json prints.
func (r *report) object() any {
	places := map[string]placeJSON{}
	for _, p := range r.places {
		places[p.Name] = placeJSON{
			stage.Nullable(p.Value), stage.Nullable(p.Percentile), stage.Nullable(p.Lower), stage.Nullable(p.Upper), stage.Nullable(p.Median),
			stage.Nullable(p.RHat), stage.Nullable(p.BulkESS), stage.Nullable(p.TailESS), p.Verdict,
		}
	}
	j := map[string]any{"place": places, "words": r.words, "measure": r.problem.Measure.String(), "footprints": r.options.Footprints, "lacks": append([]string{}, r.lacks...)}
	if r.exact != nil {
		j["maps"], j["exact"], j["exact_trees"] = json.Number(r.exact.Maps.String()), json.Number(r.exact.Maps.String()), json.Number(r.exact.Trees.String())
		j["converged"] = true
		return j
	}
	s := r.sampling
	rhat, ess, converged := r.worst()
	j["maps"], j["proposals"], j["accepted"], j["chains"], j["thin"] = len(r.maps), s.Samples*s.Steps(), r.taken, s.Chains, s.Steps()
	j["distinct"], j["rhat"], j["ess"], j["converged"] = r.distinct(), stage.Nullable(rhat), stage.Nullable(ess), converged
	j["cpu_seconds"], j["proposals_per_second"] = r.seconds, stage.Nullable(r.rate())
	return j
}

// rate is how many proposals a processor made in a second, those of the warm-up
// among them; NaN where all maps were there already.
func (r *report) rate() float64 {
	if r.drawn == 0 || r.seconds == 0 {
		return math.NaN()
	}
	spans := r.drawn
	if r.drawn == r.sampling.Samples {
		spans += r.sampling.Warmup() * r.sampling.Chains
	}
	return float64(spans*r.sampling.Steps()) / r.seconds
}
