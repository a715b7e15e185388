package whatif

import (
	"context"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/leiden"
	"stpmap/footprint/score"
)

// side is the footprints before or after.
type side struct {
	matrix    *flow.Matrix
	partition footprint.Partition
	measures  footprint.Measures
	scores    *score.Result // nil without --indicators
}

// shift is an area that should now belong to another footprint.
type shift struct {
	area     int
	from, to string // footprints; to is "" where nothing of the old map is like it
}

// sides measures the footprints of --partition before and after, and clusters
// again from the old map.
func (w *work) sides(ctx context.Context, a *answer) (err error) {
	if len(w.in.Given) == 0 {
		return nil
	}
	given := w.in.Given[0]
	a.before = &side{matrix: w.in.Matrix, partition: given.Partition}
	a.after = &side{}
	if a.after.matrix, err = a.used.After(); err != nil {
		return err
	}
	a.after.partition = carryOver(w.in.Matrix, a.after.matrix, given.Partition)
	for _, s := range []*side{a.before, a.after} {
		s.measures = footprint.Measure(s.matrix, s.partition, w.in.Population, w.in.Adjacency)
	}
	if err := w.score(ctx, a); err != nil {
		return err
	}
	a.moved, err = w.again(ctx, a)
	return err
}

// carryOver gives the flows after a change the footprints of before. A provider
// that is new lies where most of its patients live.
func carryOver(before, after *flow.Matrix, p footprint.Partition) footprint.Partition {
	areas, providers := make([]string, len(after.Areas())), make([]string, len(after.Providers()))
	for a, code := range after.Areas() {
		if b, ok := before.AreaIndex(code); ok && p.Areas[b] >= 0 {
			areas[a] = p.IDs[p.Areas[b]]
		}
	}
	follow := footprint.FromGroups(after, areas, make([]string, len(providers)))
	if after.OneMode() {
		return follow
	}
	for j, code := range after.Providers() {
		k, ok := before.ProviderIndex(code)
		switch {
		case ok && p.Providers[k] >= 0:
			providers[j] = p.IDs[p.Providers[k]]
		case !ok && follow.Providers[j] >= 0:
			providers[j] = follow.IDs[follow.Providers[j]]
		}
	}
	return footprint.FromGroups(after, areas, providers)
}

// again clusters the flows before and after, each from the old map. An area that
// ends elsewhere after, and not before, should now belong elsewhere.
func (w *work) again(ctx context.Context, a *answer) ([]shift, error) {
	if w.in.Matrix.OneMode() {
		return nil, nil
	}
	end := func(s *side) (footprint.Partition, error) {
		start := s.partition
		made, err := leiden.Leiden{Seed: w.Seed, Restarts: 1, Resolution: w.gamma(a.before), Constraints: footprint.Constraints{Start: &start, AllowSingleKind: true}}.Partition(ctx, s.matrix)
		if err != nil {
			return made, err
		}
		return made.KeepIDs(s.matrix, s.partition)
	}
	before, err := end(a.before)
	if err != nil {
		return nil, err
	}
	after, err := end(a.after)
	if err != nil {
		return nil, err
	}
	old := map[string]bool{}
	for _, id := range a.before.partition.IDs {
		old[id] = true
	}
	var list []shift
	for i, code := range w.in.Matrix.Areas() {
		k, ok := a.after.matrix.AreaIndex(code)
		if !ok || before.Areas[i] < 0 || after.Areas[k] < 0 || a.before.partition.Areas[i] < 0 {
			continue
		}
		was, is := before.IDs[before.Areas[i]], after.IDs[after.Areas[k]]
		own := a.before.partition.IDs[a.before.partition.Areas[i]]
		if was == is || is == own {
			continue
		}
		if !old[is] {
			is = ""
		}
		list = append(list, shift{i, own, is})
	}
	return list, nil
}

// gamma is a resolution at which about as many footprints come out as the map has:
// of a handful, the one whose number is nearest.
func (w *work) gamma(s *side) float64 {
	if w.resolution > 0 {
		return w.resolution
	}
	best, off := 1.0, -1
	for _, g := range []float64{0.5, 1, 1.5, 2, 3, 4, 6, 8, 12} {
		p, err := leiden.Leiden{Seed: w.Seed, Restarts: 1, Resolution: g}.Partition(context.Background(), s.matrix)
		if err != nil {
			continue
		}
		d := p.Len() - s.partition.Len()
		if d < 0 {
			d = -d
		}
		if off < 0 || d < off {
			best, off = g, d
		}
	}
	w.resolution = best
	return best
}

// score scores the footprints before and after, where there are indicators.
// Figures of what closes count no longer.
func (w *work) score(ctx context.Context, a *answer) error {
	if len(w.Scores.Indicators) == 0 {
		return nil
	}
	options, err := w.Scores.Options(w.Seed, 0)
	if err != nil {
		return err
	}
	for _, s := range []*side{a.before, a.after} {
		in, flags := *w.in, w.Scores
		in.Matrix, in.Given = s.matrix, nil
		if s == a.after {
			flags.AllowUnknown, options.AllowUnknown = true, true
			in.ProviderNames, in.ProviderTypes = w.namesAfter(s.matrix), nil
		}
		s.scores, err = flags.Score(ctx, w.env, scoring.Input{Study: &in, Request: w.request(w.env), Partition: s.partition, Options: options})
		if err != nil {
			return err
		}
	}
	return nil
}

// namesAfter are the names of the providers of other flows.
func (w *work) namesAfter(m *flow.Matrix) []string {
	names := make([]string, len(m.Providers()))
	for j, code := range m.Providers() {
		names[j] = w.providerName(code)
	}
	return names
}

// providerName is the name of a provider, "" where none is known.
func (w *work) providerName(code string) string {
	if j, ok := w.in.Matrix.ProviderIndex(code); ok {
		switch {
		case w.in.Matrix.OneMode() && w.in.AreaNames != nil:
			return w.in.AreaNames[j]
		case !w.in.Matrix.OneMode() && w.in.ProviderNames != nil:
			return w.in.ProviderNames[j]
		}
	}
	return ""
}

// called is a provider as sentences have it: name and code, or the code alone.
func (w *work) called(code string) string {
	if name := w.providerName(code); name != "" && name != code {
		return fmt.Sprintf("%s (%s)", name, code)
	}
	return code
}

// areaName is the name of an area, "" where none is known.
func (w *work) areaName(a int) string {
	if w.in.AreaNames == nil {
		return ""
	}
	return w.in.AreaNames[a]
}

// readSizes reads --sizes, by provider; nil without it.
func (w *work) readSizes() ([]float64, error) {
	if w.Sizes == "" {
		return nil, nil
	}
	var sizes map[string]float64
	err := w.in.Hashed(study.Disk{Stdin: w.env.Stdin}, "sizes", w.Sizes, func(f io.Reader) (err error) {
		sizes, err = data.ReadTotals(context.Background(), cli.InputName(w.Sizes), f)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(w.in.Matrix.Providers()))
	var missing []string
	for j, code := range w.in.Matrix.Providers() {
		if out[j] = sizes[code]; !(out[j] > 0) {
			missing = append(missing, code)
		}
	}
	if len(missing) > 0 {
		return nil, cli.Inputf("%s: no size above 0 of %s of the flows: %s", cli.InputName(w.Sizes), words.Counted(len(missing), "provider"), words.Few(missing))
	}
	return out, nil
}
