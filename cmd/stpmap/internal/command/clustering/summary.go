package clustering

import (
	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/render/maps"
)

// Summary has the keys that the interface fixes, and what every output carries.
type Summary struct {
	Footprints       int      `json:"footprints"`
	Areas            int      `json:"areas"`
	Providers        int      `json:"providers"`
	Patients         float64  `json:"patients"`
	InsideShare      float64  `json:"inside_share"`
	InsideLower      *float64 `json:"inside_share_lower"` // bounds with what is not published
	InsideUpper      *float64 `json:"inside_share_upper"`
	Modularity       *float64 `json:"modularity"`
	Bipartite        *float64 `json:"bipartite_modularity"`
	Quality          string   `json:"quality"`
	Codelength       *float64 `json:"codelength"`
	MinLocalisation  *float64 `json:"min_localisation_index"`
	MedLocalisation  *float64 `json:"median_localisation_index"`
	MinPopulation    *float64 `json:"min_population"`
	MaxPopulation    *float64 `json:"max_population"`
	LargestShare     float64  `json:"largest_share"`
	SizeHHI          float64  `json:"size_hhi"`
	NormalisedCut    float64  `json:"normalised_cut"`
	Contiguous       *int     `json:"contiguous"`
	Disconnected     int      `json:"disconnected"`
	Coverage         coverage `json:"coverage"`
	Compactness      *float64 `json:"compactness"`
	Reock            *float64 `json:"reock"`
	DistanceInside   *float64 `json:"distance_inside_km"`
	DistanceOutside  *float64 `json:"distance_outside_km"`
	UnplacedAreas    int      `json:"unplaced_areas"`
	UnplacedProvider int      `json:"unplaced_providers"`
	Method           string   `json:"method"`
	Objective        string   `json:"objective,omitempty"`
	Resolution       *float64 `json:"resolution"`
	Seed             uint64   `json:"seed"`
	Bound            *float64 `json:"bound,omitempty"` // what no map can pass; with --bound
	Gap              *float64 `json:"gap,omitempty"`   // by how much of what this one reaches
	Reasons          string   `json:"reasons,omitempty"`
	Version          string   `json:"version"`
	Parameters       string   `json:"parameters"`
	FlowSHA256       string   `json:"flow_sha256"`
	Notice           string   `json:"notice,omitempty"`
	Seconds          float64  `json:"seconds"`
	CPUSeconds       *float64 `json:"cpu_seconds"`

	Calibration *calibrationJSON `json:"calibration,omitempty"`
	Drift       []driftJSON      `json:"drift,omitempty"`
}

// calibrationJSON says what confidence is worth: the areas with a confidence of
// 0.9 or more, and the others, with the shares that lie the same way in maps of
// held-out halves, or of years that were left out.
type calibrationJSON struct {
	Halves     int     `json:"halves"`
	Years      int     `json:"years,omitempty"`
	Sure       int     `json:"sure"`
	SureSame   float64 `json:"sure_same"`
	Others     int     `json:"others"`
	OthersSame float64 `json:"others_same"`
}

// coverage is the share that got a footprint.
type coverage struct {
	Flow   *float64 `json:"flow"`
	Areas  *float64 `json:"areas"`
	People *float64 `json:"people"`
}

// objective is what an exact number of footprints was searched for; empty where
// no number was asked for, or by a method without the choice.
func (r *Result) objective() string {
	if r.Footprints == 0 || !find(r.Method).Objectives {
		return ""
	}
	return r.Objective.String()
}

// Summary is the result as --json prints it; cs is the result on the map.
func (r *Result) Summary(in *study.Study, cs *maps.Map) Summary {
	m, figures := r.Measures, cs.Figures()
	s := Summary{
		Footprints: m.Footprints, Areas: m.Areas, Providers: m.Providers, Patients: m.Patients.Published,
		InsideShare: m.InsideShare, Modularity: stage.Nullable(m.Modularity), Bipartite: stage.Nullable(m.BipartiteModularity),
		Quality: r.Optimised(), Codelength: stage.Nullable(r.Codelength), MinLocalisation: stage.Nullable(m.MinLocalisation), MedLocalisation: stage.Nullable(m.MedianLocalisation),
		MinPopulation: stage.Nullable(m.MinPopulation), MaxPopulation: stage.Nullable(m.MaxPopulation), LargestShare: m.LargestShare,
		SizeHHI: m.SizeHHI, NormalisedCut: m.NormalisedCut, Disconnected: m.Disconnected,
		Coverage:    coverage{stage.Nullable(m.Coverage.Flow), stage.Nullable(m.Coverage.Areas), stage.Nullable(m.Coverage.People)},
		Compactness: stage.Nullable(figures.Compactness), Reock: stage.Nullable(figures.Reock),
		DistanceInside: stage.Nullable(figures.DistanceInsideKM), DistanceOutside: stage.Nullable(figures.DistanceOutsideKM),
		UnplacedAreas: m.UnplacedAreas, UnplacedProvider: m.UnplacedProviders,
		Method: r.Method, Objective: r.objective(), Resolution: stage.Nullable(r.Resolution), Seed: r.Seed, Reasons: r.Reasons,
		Version: cli.Version, Parameters: r.Parameters, FlowSHA256: in.Matrix.SHA256(), Notice: in.Notice, Seconds: r.Seconds, CPUSeconds: stage.Nullable(r.CPUSeconds),
	}
	if r.Footprints == 0 && s.Resolution == nil && Resolves(r.Method) {
		one := 1.0
		s.Resolution = &one
	}
	inside := flow.Count{}
	for _, f := range m.ByFootprint {
		inside = inside.Plus(f.Inside)
	}
	if lower, upper, ok := inside.ShareBounds(m.Patients); ok {
		s.InsideLower, s.InsideUpper = &lower, &upper
	}
	if b := r.BestPossible; b != nil {
		s.Bound, s.Gap = &b.Bound, &b.Gap
	}
	if m.Contiguous >= 0 {
		s.Contiguous = &m.Contiguous
	}
	if c := r.Calibration; c != nil {
		s.Calibration = &calibrationJSON{c.Halves, c.Years, c.Sure, c.SureSame, c.Others, c.OthersSame}
	}
	s.Drift = r.driftOf(in)
	return s
}

// PartitionFile is a partition as JSON: the same rows as the CSV.
type PartitionFile struct {
	Version    string         `json:"version"`
	Parameters string         `json:"parameters"`
	Seed       uint64         `json:"seed"`
	FlowSHA256 string         `json:"flow_sha256"`
	Notice     string         `json:"notice,omitempty"`
	Members    []partitionRow `json:"members"`
}

type partitionRow struct {
	Kind       any `json:"kind"`
	Code       any `json:"code"`
	Name       any `json:"name"`
	Footprint  any `json:"footprint"`
	Confidence any `json:"confidence"`
}

// PartitionFile is the partition as JSON; cs is the result on the map.
func (r *Result) PartitionFile(in *study.Study, cs *maps.Map) PartitionFile {
	f := PartitionFile{Version: cli.Version, Parameters: r.Parameters, Seed: r.Seed, FlowSHA256: in.Matrix.SHA256(), Notice: in.Notice}
	for _, row := range cs.PartitionTable().Features {
		v := row.Values
		f.Members = append(f.Members, partitionRow{v[0], v[1], v[2], v[3], v[4]})
	}
	return f
}
