package compare

import (
	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/footprint/sweep"
)

// settingFigures are a setting in JSON.
type settingFigures struct {
	Method          string   `json:"method"`
	Quality         any      `json:"quality"`
	Resolution      *float64 `json:"resolution"`
	Asked           any      `json:"asked"`
	Runs            int      `json:"runs"`
	Footprints      int      `json:"footprints"`
	InsideShare     *float64 `json:"inside_share"`
	Modularity      *float64 `json:"modularity"`
	MinLocalisation *float64 `json:"min_localisation_index"`
	MedLocalisation *float64 `json:"median_localisation_index"`
	MinPopulation   *float64 `json:"min_population"`
	MaxPopulation   *float64 `json:"max_population"`
	LargestShare    *float64 `json:"largest_share"`
	Stability       *float64 `json:"stability"`
	Resampled       *float64 `json:"resampled_stability"`
	ARI             *float64 `json:"ari"`
	AMI             *float64 `json:"ami"`
	NMI             *float64 `json:"nmi"`
	VI              *float64 `json:"vi"`
	Moved           any      `json:"moved"`
	NextVI          *float64 `json:"next_vi"`
}

func figuresOf(s *sweep.SettingSummary) settingFigures {
	m := &s.Representative
	f := settingFigures{
		Method: s.Method, Quality: qualityName(s.Method, s.Quality), Resolution: stage.Nullable(s.Resolution), Asked: wholeAbove0(s.Asked), Runs: s.Runs,
		Footprints: s.Footprints, InsideShare: stage.Nullable(m.InsideShare), Modularity: stage.Nullable(m.Modularity), MinLocalisation: stage.Nullable(m.MinLocalisation),
		MedLocalisation: stage.Nullable(m.MedianLocalisation), MinPopulation: stage.Nullable(m.MinPopulation), MaxPopulation: stage.Nullable(m.MaxPopulation),
		LargestShare: stage.Nullable(m.LargestShare), Stability: stage.Nullable(s.Stability), Resampled: stage.Nullable(s.ResampledStability), NextVI: stage.Nullable(s.NextVI),
	}
	if a := s.Reference; a.Compared > 0 {
		f.ARI, f.AMI, f.NMI, f.VI, f.Moved = stage.Nullable(a.ARI), stage.Nullable(a.AMI), stage.Nullable(a.NMI), stage.Nullable(a.VI), a.Moved
	}
	return f
}

// recommendationFile is recommendation.json and compare --json.
type recommendationFile struct {
	// Setting is null where no setting gave footprints.
	Setting    *settingFigures  `json:"setting"`
	Reasons    []string         `json:"reasons"`
	Elbow      int              `json:"elbow"`
	Footprints any              `json:"footprints"` // null where none is recommended
	Interval   *[2]int          `json:"interval"`   // of footprints, over resampled flows and other sweeps
	HeldOut    *float64         `json:"held_out_inside_share"`
	Scale      [2]float64       `json:"planning_scale"`
	People     *float64         `json:"people"`
	Runs       int              `json:"runs"`
	Partitions int              `json:"partitions"`
	Settings   []settingFigures `json:"settings"`
	Pareto     []int            `json:"pareto"` // places in settings, from 0
	Plateaus   []plateauJSON    `json:"plateaus"`
	// BestARI is where the reference is met best: read, never used to choose.
	BestARI    *settingFigures `json:"best_ari"`
	Reference  *referenceJSON  `json:"reference"`
	Version    string          `json:"version"`
	Parameters string          `json:"parameters"`
	Seed       uint64          `json:"seed"`
	FlowSHA256 string          `json:"flow_sha256"`
	Notice     string          `json:"notice,omitempty"`
}

type plateauJSON struct {
	First      int      `json:"first"` // places in settings, from 0
	Last       int      `json:"last"`
	From       *float64 `json:"from"` // resolution
	To         *float64 `json:"to"`
	Footprints int      `json:"footprints"` // of the first
}

type referenceJSON struct {
	Groups          int      `json:"groups"`
	InsideShare     *float64 `json:"inside_share"`
	MinLocalisation *float64 `json:"min_localisation_index"`
}

func (r *sweepReport) recommendation() recommendationFile {
	f := recommendationFile{
		Reasons: r.Recommendation.Reasons, Elbow: r.Recommendation.Elbow, Scale: [2]float64{r.plan.scale.Least, r.plan.scale.Most},
		Runs: len(r.Runs), Partitions: len(r.Results), Pareto: append([]int{}, r.Pareto...), Plateaus: []plateauJSON{},
		Version: cli.Version, Parameters: r.parameters, Seed: r.plan.Seed, FlowSHA256: r.in.Matrix.SHA256(), Notice: r.in.Notice,
	}
	if r.Number.People > 0 {
		f.People = &r.Number.People
	}
	best := -1
	for i := range r.Settings {
		s := &r.Settings[i]
		f.Settings = append(f.Settings, figuresOf(s))
		if s.Reference.Compared > 0 && (best < 0 || s.Reference.ARI > r.Settings[best].Reference.ARI) {
			best = i
		}
	}
	if k := r.Recommendation.Setting; k >= 0 {
		f.Setting, f.Footprints = &f.Settings[k], wholeAbove0(f.Settings[k].Footprints)
		f.Interval, f.HeldOut = &[2]int{r.Recommendation.Low, r.Recommendation.High}, stage.Nullable(r.Recommendation.HeldOut)
	}
	if best >= 0 {
		f.BestARI = &f.Settings[best]
	}
	for _, p := range r.Plateaus {
		f.Plateaus = append(f.Plateaus, plateauJSON{p.First, p.Last, stage.Nullable(r.Settings[p.First].Resolution), stage.Nullable(r.Settings[p.Last].Resolution), r.Settings[p.First].Footprints})
	}
	if r.reference != nil {
		f.Reference = &referenceJSON{r.reference.Footprints, stage.Nullable(r.reference.InsideShare), stage.Nullable(r.reference.MinLocalisation)}
	}
	return f
}
