package clustering

import (
	"context"
	"fmt"
	"math"
	"time"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/bound"
	"stpmap/footprint/infomap"
	"stpmap/footprint/score"
	"stpmap/footprint/sweep"
	"stpmap/render/maps"
)

// Result is a partition and how it came about.
type Result struct {
	Plan
	Partition  footprint.Partition
	Measures   footprint.Measures
	Reasons    string // why this number of footprints, where the tool chose
	Seconds    float64
	CPUSeconds float64       // NaN where not known
	Codelength float64       // bits
	Borders    [][2]int32    // pairs of neighbouring areas, as Uncertainty.Borders
	Scores     *score.Result // nil where there are no indicators
	// BestPossible is how far the map is from the best possible; nil unless asked.
	BestPossible *bound.Bound
	Levels       []maps.Level // nested, the finest first; nil unless asked
	Parameters   string

	Uncertainty *sweep.Uncertainty // nil unless asked
	Calibration *sweep.Calibration // of its confidence; nil unless asked
	Drift       []sweep.Drift      // from year to year; nil unless asked
}

// Cluster runs the method and measures what comes out.
func (p Plan) Cluster(ctx context.Context, env *cli.Env, in *study.Study) (*Result, error) {
	if in.Matrix.Len() == 0 {
		return nil, errNothing
	}
	p.SetHosts(in.Hosts())
	p.SetReferral(in.Referral)
	start := time.Now()
	cpu, known := CPUTime()
	made, reasons, err := p.partition(ctx, env, in)
	if err != nil {
		return nil, err
	}
	spent := math.NaN()
	if now, ok := CPUTime(); ok && known {
		spent = (now - cpu).Seconds()
	}
	res := &Result{Plan: p, Reasons: reasons, Seconds: time.Since(start).Seconds(), CPUSeconds: spent}
	if made, err = named(in, made); err != nil {
		return nil, err
	}
	if p.Bootstrap > 0 {
		if made, err = res.resample(ctx, env, in, made); err != nil {
			return nil, err
		}
	}
	if err := res.measure(in, made); err != nil {
		return nil, err
	}
	if err := res.setBound(ctx, in); err != nil {
		return nil, err
	}
	if text := res.chained(); text != "" {
		env.Log.Warn(text)
	}
	if text := res.ruleNote(in); text != "" {
		env.Log.Info(text)
	}
	return res, nil
}

// errNothing is what flows without patients are refused with.
var errNothing = cli.Inputf("no patients in the flows: nothing to cluster")

// measure takes a partition as the result.
func (res *Result) measure(in *study.Study, made footprint.Partition) (err error) {
	res.Partition = made
	res.Measures = footprint.Measure(in.Matrix, made, in.Population, in.Adjacency)
	res.Codelength, err = infomap.Codelength(in.Matrix, made, res.Directed)
	return err
}

// chained says that one of several footprints holds over a quarter of the flow,
// the mark of footprints that swallow each other; "" where none does.
func (res *Result) chained() string {
	m := res.Measures
	if !(m.LargestShare > 0.25) || m.Footprints < 2 {
		return ""
	}
	share := words.Percent(m.LargestShare)
	if m.Footprints < 5 {
		return fmt.Sprintf("one of %d footprints holds %s of all flow: ask for more --footprints to have smaller ones", m.Footprints, share)
	}
	text := "one footprint holds " + share + " of all flow: footprints have chained together; --max-share 0.25 "
	if res.Footprints == 0 && Resolves(res.Method) {
		text += "or a higher --resolution "
	}
	return text + "keeps them apart"
}

// named gives footprints the ids of those of --start, where --keep-ids asks so.
func named(in *study.Study, made footprint.Partition) (footprint.Partition, error) {
	if !in.KeepIDs {
		return made, nil
	}
	return made.KeepIDs(in.Matrix, *in.Start)
}

// Say tells a person in three lines what came out.
func (res *Result) Say(env *cli.Env, in *study.Study) {
	m := res.Measures
	env.Log.Info(fmt.Sprintf("%s from %s; %s of patients stay inside", words.Counted(m.Footprints, "footprint"), res.Members(in), words.Percent(m.InsideShare)))
	if !math.IsNaN(m.MinLocalisation) {
		env.Log.Info(fmt.Sprintf("localisation index: weakest %.3f, median %.3f; modularity %.4f", m.MinLocalisation, m.MedianLocalisation, m.Modularity))
	}
	if !math.IsNaN(m.MinPopulation) {
		env.Log.Info(fmt.Sprintf("people: %s to %s", words.Thousands(int(math.Round(m.MinPopulation))), words.Thousands(int(math.Round(m.MaxPopulation)))))
	}
	if res.BestPossible != nil {
		env.Log.Info(res.gapInWords())
	}
	if res.Reasons != "" {
		env.Log.Info(res.Reasons)
	}
	if res.Scores != nil {
		for _, line := range res.Scores.Verdict() {
			env.Log.Info(line)
		}
	}
}

// Members says how many areas and providers there are.
func (res *Result) Members(in *study.Study) string {
	if in.Matrix.OneMode() {
		return words.Counted(res.Measures.Areas, "place")
	}
	return fmt.Sprintf("%s and %s", words.Counted(res.Measures.Areas, "area"), words.Counted(res.Measures.Providers, "provider"))
}
