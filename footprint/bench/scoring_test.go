package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"stpmap/footprint"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// rated is a town with figures of its providers and areas, in two periods.
func rated(t testing.TB, seed uint64) *Case {
	t.Helper()
	c := town(t, 90, 8, seed)
	rng := rand.New(rand.NewPCG(seed, 5))
	in := score.Input{Population: c.Population, Options: score.Options{MinDomains: -1, MinIndicators: -1, Cuts: &[3]float64{0, 0.2, 0.5}}}
	for _, period := range []string{"2016/17", "2017/18"} {
		for _, code := range c.Matrix.Providers() {
			o := attribution.NewObservation(code, "ae_4h", period)
			o.Denominator = float64(500 + rng.IntN(500))
			o.Numerator = math.Floor(o.Denominator * (0.9 + 0.1*rng.Float64()))
			o.Source, o.Line = "figures.csv", 7
			in.Observations = append(in.Observations, o)
		}
		for _, code := range c.Matrix.Areas() {
			o := attribution.NewObservation(code, "rtt_18w", period)
			o.Denominator = float64(500 + rng.IntN(500))
			o.Numerator = math.Floor(o.Denominator * (0.85 + 0.15*rng.Float64()))
			in.Observations = append(in.Observations, o)
		}
	}
	defs, err := definition.Builtin(definition.Default)
	if err != nil {
		t.Fatal(err)
	}
	in.Definitions = defs
	c.Scoring = newScoring(&in, in.Definitions)
	return c
}

// scoredAnew is what score finds for the partition that the bench saves.
func scoredAnew(t testing.TB, b *Bench) *score.Result {
	t.Helper()
	p := footprint.Partition{Areas: slices.Repeat([]int32{-1}, len(b.Matrix.Areas())), Providers: slices.Repeat([]int32{-1}, len(b.Matrix.Providers()))}
	for _, line := range strings.Split(strings.TrimSpace(b.PartitionText()), "\n")[1:] {
		line = strings.Replace(line, `"Place, `, "", 1)
		cells := strings.Split(line, ",")
		f := slices.Index(p.IDs, cells[3])
		if f < 0 {
			f = len(p.IDs)
			p.IDs = append(p.IDs, cells[3])
		}
		if a, ok := b.Matrix.AreaIndex(cells[1]); ok && cells[0] == Area {
			p.Areas[a] = int32(f)
		}
		if j, ok := b.Matrix.ProviderIndex(cells[1]); ok && cells[0] == Provider {
			p.Providers[j] = int32(f)
		}
	}
	opt := b.Scoring.Options
	opt.Draws = 50
	r, err := score.Run(t.Context(), score.Input{
		Matrix: b.Matrix, Partition: p, Population: b.Population, Observations: b.Scoring.Observations, Definitions: b.Scoring.Definitions, Options: opt,
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// After any steps the ratings are those of the command for the saved partition.
func TestScores(t *testing.T) {
	c := rated(t, 3)
	c, err := Unpack(c.Pack())
	if err != nil {
		t.Fatal(err)
	}
	b := opened(t, c)
	rng := rand.New(rand.NewPCG(3, 3))
	ratings := map[int]bool{}
	for step := range 60 {
		if _, _, err := b.Do(randomRecord(rng, b)); err != nil {
			continue
		}
		all := b.Scores()
		want, got := scoredAnew(t, b), map[string]ScoreState{}
		for _, f := range all.Now.Footprints {
			got[f.ID] = f
		}
		if len(got) != len(want.Footprints) || all.Now.Note != "" {
			t.Fatalf("step %d: %d footprints, want %d; %s", step, len(got), len(want.Footprints), all.Now.Note)
		}
		for _, w := range want.Footprints {
			g := got[w.Footprint]
			ratings[w.Rating] = true
			if !w.Rated {
				if g.Rating != nil || g.Score != nil {
					t.Errorf("step %d, %s: rated %v, want none", step, w.Footprint, *g.Rating)
				}
				continue
			}
			if *g.Rating != w.Rating || math.Abs(*g.Score-w.Score) > 1e-9 || *g.Rank != w.Rank || *g.DomainsFailing != w.DomainsFailing || len(g.Failing) != len(w.Failing) {
				t.Errorf("step %d, %s: %+v, want %+v", step, w.Footprint, g, w)
			}
		}
	}
	if len(ratings) < 2 {
		t.Errorf("only the ratings %v were met", ratings)
	}
	if n := b.Scores().Now.Rated; n[0]+n[1]+n[2]+n[3]+b.Scores().Now.NotRated != b.Summary().Footprints {
		t.Errorf("%v and %d not rated, of %d", n, b.Scores().Now.NotRated, b.Summary().Footprints)
	}
}

// The start and the reference keep their ratings while the map changes.
func TestScoresOfThreeSides(t *testing.T) {
	c := rated(t, 1)
	c.Reference = &c.Start
	s := served(t, c)
	first := asked[AllScores](t, s, "scores", "{}")
	if first.Reference == nil || !reflect.DeepEqual(*first.Reference, first.Now) || !reflect.DeepEqual(first.Began, first.Now) || first.Now.Period == "" {
		t.Fatalf("%+v", first)
	}
	for a, code := range c.Matrix.Areas()[:40] {
		asked[Step](t, s, "move", fmt.Sprintf(`{"code":%q,"footprint":%q}`, code, c.Start.IDs[a%len(c.Start.IDs)]))
	}
	later := asked[AllScores](t, s, "scores", "{}")
	if !reflect.DeepEqual(later.Began, first.Began) || !reflect.DeepEqual(*later.Reference, first.Now) || reflect.DeepEqual(later.Now, first.Now) {
		t.Errorf("began %+v\nnow %+v", later.Began, later.Now)
	}
	state := asked[State](t, s, "state", "{}")
	if state.Scores == nil || !reflect.DeepEqual(state.Scores.Now, later.Now) {
		t.Errorf("state has %+v", state.Scores)
	}
	for i, f := range state.Footprints {
		if r := later.Now.Footprints[i]; r.ID != f.ID || !reflect.DeepEqual(r.Rating, f.Rating) || !reflect.DeepEqual(r.Score, f.Score) {
			t.Errorf("%+v and %+v", f, r)
		}
	}
	if step := asked[Step](t, s, "do", `{"op":"undo"}`); step.State.Scores != nil {
		t.Error("a step waits for the ratings")
	}
}

// Without indicators there are no ratings, and where none can be made it is said.
func TestNoScores(t *testing.T) {
	c := town(t, 40, 4, 2)
	s := served(t, c)
	if got := s.Call("scores", "{}"); strings.Contains(got, "rated") {
		t.Error(got)
	}
	if strings.Contains(s.Call("state", "{}"), "rating") || !strings.Contains(s.Call("info", "{}"), `"scored":false`) {
		t.Error("ratings without indicators")
	}
	c = rated(t, 2)
	for i := range c.Scoring.Observations {
		c.Scoring.Observations[i].Entity = "nobody"
	}
	if n := opened(t, c).Scores().Now.Note; !strings.Contains(n, "nobody") {
		t.Errorf("said %q", n)
	}
}

// Figures of whole footprints are nobody's once the footprints are others.
func TestScoresOfFootprints(t *testing.T) {
	c := rated(t, 4)
	var rows []attribution.Observation
	for i, id := range c.Start.IDs {
		o := attribution.NewObservation(id, "ae_4h", "2017/18")
		o.Denominator, o.Numerator = 1000, float64(900+i)
		rows = append(rows, o)
	}
	c.Scoring.Observations = rows
	b := opened(t, c)
	if s := b.Scores().Now; s.Note != "" || len(s.Footprints) != len(c.Start.IDs) {
		t.Errorf("%+v", s)
	}
	do(t, b, Record{Op: OpRecluster, Resolution: 0.4, Seed: 1})
	if s := b.Scores(); !strings.Contains(s.Now.Note, "by footprint") || len(s.Began.Footprints) == 0 {
		t.Errorf("%+v", s.Now)
	}
	do(t, b, Record{Op: OpUndo})
	if s := b.Scores().Now; s.Note != "" {
		t.Errorf("after undo: %s", s.Note)
	}
}

// What a page holds comes back as it was, and does not depend on the order of rows
// or on the lines they stood on.
func TestPackScoring(t *testing.T) {
	c := rated(t, 6)
	for _, name := range definition.BuiltinNames() {
		defs, err := definition.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		c.Scoring.Definitions, c.Scoring.Known = defs, []string{"RZZ"}
		back, err := Unpack(c.Pack())
		if err != nil {
			t.Fatal(err)
		}
		// NaN is no equal of itself: the text of the values is compared.
		got, want := *back.Scoring.Definitions, *defs
		if !reflect.DeepEqual(got.Cuts, want.Cuts) {
			t.Errorf("%s: limits %v, want %v", name, got.Cuts, want.Cuts)
		}
		got.Cuts, want.Cuts = nil, nil
		if got, want := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); got != want {
			t.Errorf("%s comes back as\n%s\nwant\n%s", name, got, want)
		}
		if string(back.Pack()) != string(c.Pack()) {
			t.Errorf("%s is packed to other bytes", name)
		}
		if got, want := fmt.Sprintf("%+v", back.Scoring.Observations), fmt.Sprintf("%+v", c.Scoring.Observations); got != want {
			t.Error("the figures come back as others")
		}
		if got, want := back.Scoring.Options, c.Scoring.Options; *got.Cuts != *want.Cuts || got.MinReported != want.MinReported || got.Draws != -1 || back.Scoring.Known[0] != "RZZ" {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	in := score.Input{Observations: slices.Clone(c.Scoring.Observations), Definitions: c.Scoring.Definitions}
	one := newScoring(&in, in.Definitions)
	slices.Reverse(in.Observations)
	for i := range in.Observations {
		in.Observations[i].Line = i
	}
	two := newScoring(&in, in.Definitions)
	if fmt.Sprintf("%+v", one.Observations) != fmt.Sprintf("%+v", two.Observations) || !one.ByPatients {
		t.Error("the order of rows is seen")
	}
}

// Options that were filled in give none where they say none.
func TestScoringOptions(t *testing.T) {
	in := score.Input{Options: score.Options{MinReported: 0, MinIndicators: 0.4, Draws: 10000, Seed: 4, Jobs: 8}}
	o := newScoring(&in, in.Definitions).Options
	if o.MinReported != -1 || o.MinIndicators != 0.4 || o.MinDomains != -1 || o.Draws != -1 || o.Seed != 0 || o.Jobs != 1 {
		t.Errorf("%+v", o)
	}
}
