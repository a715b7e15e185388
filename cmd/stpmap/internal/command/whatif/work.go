package whatif

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/whatif"
	"stpmap/render/travel"
)

// work is what scenarios are answered from.
type work struct {
	*Options
	env    *cli.Env
	in     *study.Study
	data   *whatif.Data
	homes  travel.Homes
	fit    whatif.GravityOptions
	models []whatif.Model
	use    string
	unit   string // "minutes" or "km"; "" without either
	notes  []string
	tests  []whatif.BacktestRow

	resolution float64 // at which the old map is clustered again; 0 until known
}

// answer is what the models say of one scenario.
type answer struct {
	plan     plan
	scenario *whatif.Scenario
	results  []*whatif.Result // by model
	used     *whatif.Result   // that of --use
	interval []whatif.Interval
	mergers  []whatif.Merger
	travel   []whatif.Travel
	access   access
	before   *side // nil without --partition
	after    *side
	moved    []shift // areas that should now belong elsewhere
}

// mostPairs is how many pairs of an area and a provider the models may have: each
// takes about 50 bytes, so that these fit into 4 GB.
const mostPairs = 80_000_000

// room refuses what the models cannot hold: every area with every provider.
func room(areas, providers int) error {
	if areas <= mostPairs/max(providers, 1) {
		return nil
	}
	return footprint.BadParameter("%s areas with each of %s providers do not fit into 4 GB: group the areas, or leave out small providers", words.Thousands(areas), words.Thousands(providers))
}

// prepare makes costs and fits the models.
func (o *Options) prepare(env *cli.Env, in *study.Study) (*work, error) {
	if err := room(len(in.Matrix.Areas()), len(in.Matrix.Providers())); err != nil {
		return nil, err
	}
	w := &work{Options: o, env: env, in: in}
	w.fit = whatif.GravityOptions{Power: o.Cost == "power", BySize: o.Attraction == "size"}
	var err error
	if w.fit.Sizes, err = w.readSizes(); err != nil {
		return nil, err
	}
	if w.data, err = whatif.NewData(in.Matrix, w.costs(), in.Layers); err != nil {
		return nil, err
	}
	if err := w.choose(); err != nil {
		return nil, err
	}
	for _, n := range w.notes {
		env.Log.Info(n)
	}
	return w, nil
}

// costs are the minutes of --times, or distances; the zero value without either.
func (w *work) costs() whatif.Costs {
	in, n := w.in, len(w.in.Matrix.Providers())
	if in.Minutes != nil {
		w.unit = "minutes"
		return whatif.Costs{Providers: n, Of: in.Minutes}
	}
	homes, said := in.Homes()
	w.homes = homes
	to := in.Points
	if in.Matrix.OneMode() {
		to = homes.Points
	}
	if to == nil || said == "" {
		return whatif.Costs{}
	}
	w.unit = "km"
	w.notes = append(w.notes, said, fmt.Sprintf("distances are straight lines times %v, for the detours of roads", w.Detour))
	return whatif.Costs{Providers: n, Of: in.Kilometres(homes, to, w.Detour)}
}

// choose fits the models that are asked for, or that the data allow.
func (w *work) choose() error {
	names := w.modelNames()
	asked := len(names) > 0
	if !asked {
		names = whatif.ModelNames()
		if w.unit == "" {
			names = []string{whatif.SharesModel}
		}
	}
	if w.Use != "" && !slices.Contains(names, w.Use) {
		names = append(names, w.Use)
	}
	if w.unit == "" {
		for _, name := range names {
			if name != whatif.SharesModel {
				return cli.Usagef("", "the model %s needs to know how far it is: give --providers with --boundaries or --area-points, or --times", name)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return slices.Index(whatif.ModelNames(), a) - slices.Index(whatif.ModelNames(), b)
	})
	models, left, err := w.data.Models(slices.Compact(names), w.fit)
	if err != nil {
		return err
	}
	for _, l := range left {
		if asked || w.Use == l.Name {
			return cli.Inputf("%v", l.Err)
		}
		w.notes = append(w.notes, fmt.Sprintf("the model %s is left out: %v", l.Name, l.Err))
	}
	w.models = models
	w.use = w.Use
	for _, name := range []string{whatif.GravityModel, whatif.SharesModel, whatif.MixedModel, whatif.Nearest} {
		if w.use == "" && w.model(name) != nil {
			w.use = name
		}
	}
	return w.sayReached()
}

// sayReached says how many patients the models of distance know nothing of.
func (w *work) sayReached() error {
	if w.unit == "" {
		return nil
	}
	reached, all := w.data.Reached()
	if reached == 0 {
		return cli.Inputf("no area and no provider of a flow have both a place: nothing is known of how far patients go")
	}
	if reached < all {
		w.notes = append(w.notes, fmt.Sprintf("%s of patients go between places whose distance is not known; the models of distance leave them out", words.Percent((all-reached)/all)))
	}
	return nil
}

// model finds a fitted model by name, nil for none.
func (w *work) model(name string) *whatif.Model {
	for i := range w.models {
		if w.models[i].Name == name {
			return &w.models[i]
		}
	}
	return nil
}

// scenario looks the codes of a plan up.
func (w *work) scenario(p *plan) (*whatif.Scenario, error) {
	s := &whatif.Scenario{Capacity: p.capacity, Headroom: p.headroom}
	for _, code := range p.close {
		j, err := w.provider("close", code)
		if err != nil {
			return nil, err
		}
		s.Close = append(s.Close, j)
	}
	if len(p.close)+len(p.open) > 0 && len(p.close) == len(w.in.Matrix.Providers()) && len(p.open) == 0 {
		return nil, cli.Inputf("every provider closes: nobody is left to treat the patients")
	}
	for _, step := range []func(*plan, *whatif.Scenario) error{w.openings, w.movings, w.joinings, w.capacities} {
		if err := step(p, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// provider finds a provider of the flows.
func (w *work) provider(flag, code string) (int, error) {
	j, ok := w.in.Matrix.ProviderIndex(code)
	if !ok {
		return 0, cli.Inputf("--%s: no provider %q in the flows; the first are %s", flag, code, words.Few(w.in.Matrix.Providers()))
	}
	return j, nil
}

func (w *work) openings(p *plan, s *whatif.Scenario) error {
	for _, o := range p.open {
		if _, ok := w.in.Matrix.ProviderIndex(o.code); ok {
			return cli.Inputf("--open: %s is a provider of the flows already; give the new one another code", o.code)
		}
		cost, err := w.costTo("open", o.place)
		if err != nil {
			return err
		}
		s.Open = append(s.Open, whatif.Opening{Code: o.code, Size: o.size, Cost: cost})
	}
	return nil
}

func (w *work) movings(p *plan, s *whatif.Scenario) error {
	for _, m := range p.move {
		j, err := w.provider("move", m.code)
		if err != nil {
			return err
		}
		if w.unit == "minutes" {
			return cli.Usagef("", "--move %s: --times holds minutes to the old place. Close it, and open one at the new place under another code, with its times", m.code)
		}
		cost, err := w.costTo("move", m)
		if err != nil {
			return err
		}
		s.Move = append(s.Move, whatif.Moving{Provider: j, Cost: cost})
	}
	return nil
}

// costTo are the costs from each area to a new place.
func (w *work) costTo(flag string, at place) ([]float64, error) {
	areas := len(w.in.Matrix.Areas())
	switch w.unit {
	case "":
		return nil, cli.Usagef("", "--%s needs to know how far it is: give --providers with --boundaries or --area-points, or --times", flag)
	case "minutes":
		minutes := w.in.MoreMinutes[at.code]
		if len(minutes) == 0 {
			return nil, cli.Inputf("--%s: --times holds no minutes to %s", flag, at.code)
		}
		out := make([]float64, areas)
		for a := range out {
			out[a] = math.NaN()
			if x, ok := minutes[a]; ok {
				out[a] = x
			}
		}
		return out, nil
	}
	return w.in.Kilometres(w.homes, []orb.Point{{at.lon, at.lat}}, w.Detour), nil
}

func (w *work) joinings(p *plan, s *whatif.Scenario) error {
	known := map[string]bool{}
	for _, code := range w.in.Matrix.Providers() {
		known[code] = true
	}
	for _, o := range p.open {
		known[o.code] = true
	}
	for _, j := range p.join {
		for _, code := range []string{j.a, j.b} {
			if !known[code] {
				return cli.Inputf("--join: no provider %q in the flows; the first are %s", code, words.Few(w.in.Matrix.Providers()))
			}
		}
		if known[j.into] && j.into != j.a && j.into != j.b {
			return cli.Inputf("--join: %s is another provider already; give the merged one another code", j.into)
		}
		delete(known, j.a)
		delete(known, j.b)
		known[j.into] = true
		s.Join = append(s.Join, whatif.Joining{A: j.a, B: j.b, New: j.into})
	}
	return nil
}

func (w *work) capacities(p *plan, _ *whatif.Scenario) error {
	for _, code := range p.capped {
		if slices.ContainsFunc(p.open, func(o opening) bool { return o.code == code }) {
			continue
		}
		if _, err := w.provider("capacity", code); err != nil {
			return err
		}
		if slices.Contains(p.close, code) {
			return cli.Usagef("", "%s stands in --close and in --capacity: give one of them", code)
		}
	}
	return nil
}

// answers asks every model about every scenario.
func (w *work) answers(ctx context.Context, plans []plan) ([]*answer, error) {
	var list []*answer
	for i := range plans {
		a, err := w.answer(ctx, &plans[i])
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// answer asks every model about one scenario.
func (w *work) answer(ctx context.Context, p *plan) (*answer, error) {
	s, err := w.scenario(p)
	if err != nil {
		return nil, err
	}
	a := &answer{plan: *p, scenario: s, mergers: whatif.Mergers(w.data, s)}
	for i := range w.models {
		m := &w.models[i]
		if m.Name == whatif.SharesModel && s.NeedsPlaces() {
			if w.use == m.Name {
				return nil, cli.Usagef("", "the model shares knows no distances, and cannot say who goes to a new place: use another")
			}
			continue
		}
		r, err := whatif.Run(w.data, s, m)
		var full *whatif.CapacityError
		if errors.As(err, &full) && m.Name != w.use {
			w.env.Log.Info(fmt.Sprintf("the model %s finds no room for all patients", m.Name))
			continue
		}
		if errors.As(err, &full) {
			return nil, cli.Inputf("the patients do not fit: %s of them are left over when every provider is full (%s)", words.Thousands(int(math.Ceil(full.Left))), w.limitsSaid(p))
		}
		if err != nil {
			return nil, err
		}
		a.results = append(a.results, r)
		if m.Name == w.use {
			a.used = r
		}
	}
	a.travel = a.used.Travel()
	a.access = w.accessOf(a.used)
	if a.interval, err = whatif.Intervals(ctx, a.used, w.resamples(), w.Seed); err != nil {
		return nil, err
	}
	return a, w.sides(ctx, a)
}

// resamples is how many resampled flows the intervals come from: fewer for a
// large country, unless a number was given.
func (w *work) resamples() int {
	const large, fewer = 2_000_000, 50
	if !w.Given("bootstrap") && len(w.in.Matrix.Areas())*len(w.in.Matrix.Providers()) > large {
		return min(fewer, w.Bootstrap)
	}
	return w.Bootstrap
}

// limitsSaid are the limits of a scenario, for a sentence.
func (w *work) limitsSaid(p *plan) string {
	var parts []string
	for _, code := range p.capped {
		parts = append(parts, fmt.Sprintf("%s %s", code, words.Plain(p.capacity[code])))
	}
	if p.headroom > 0 {
		parts = append(parts, "others up to "+words.Percent(p.headroom)+" more than today")
	}
	return strings.Join(parts, ", ")
}

// access is the accessibility of each area before and after; nil without
// distances.
type access struct{ before, after, enhancedBefore, enhancedAfter []float64 }

func (w *work) accessOf(r *whatif.Result) (x access) {
	if w.unit == "" || w.Catchment == 0 {
		return x
	}
	var people []float64
	if w.in.Population != nil && len(w.in.AreasWithoutPopulation()) == 0 {
		people = w.in.Population
	}
	x.before, x.after = r.Access(people, whatif.Within(w.Catchment))
	x.enhancedBefore, x.enhancedAfter = r.Access(people, whatif.Zones(w.Catchment))
	return x
}

// backtests holds the models against what they were not shown, and against a
// later year.
func (w *work) backtests(ctx context.Context, answers []*answer) ([]whatif.BacktestRow, error) {
	var rows []whatif.BacktestRow
	if w.Backtest {
		var names []string
		for _, m := range w.models {
			names = append(names, m.Name)
		}
		tested, err := whatif.Backtest(ctx, w.data, whatif.BacktestOptions{Gravity: w.fit, Models: names, Seed: w.Seed})
		if errors.Is(err, whatif.ErrNotFound) {
			return nil, cli.Inputf("--backtest: %v", err)
		}
		if err != nil {
			return nil, err
		}
		rows = tested
	}
	if len(w.FlowsAfter) == 0 {
		return rows, nil
	}
	request := w.request(w.env)
	request.Flows.Flows, request.Places, request.Journeys, request.Partition = w.FlowsAfter, study.Places{}, study.Journeys{}, nil
	later, err := request.Read(ctx, w.env)
	if err != nil {
		return nil, err
	}
	w.in.Files = append(w.in.Files, later.Files...)
	held, err := whatif.HeldAgainst(answers[0].results, later.Matrix)
	return append(rows, held...), err
}
