package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/infomap"
	"stpmap/footprint/score"
	"stpmap/footprint/sweep"
	"stpmap/render/csv"
	"stpmap/render/maps"
)

func clusterCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "cluster",
		Usage: "group areas and providers into footprints: one partition",
		Description: `Example:

  stpmap cluster --flows flows.csv --footprints 37 --seed 1 -o partition.csv
  stpmap cluster --flows flows.csv --levels 100,44,21 -o levels

On several machines, each makes a part of the --bootstrap runs and keeps it in a
folder; then the same command with --merge in place of --shard joins the parts,
into the same bytes as one machine would give:

  stpmap cluster --flows flows.csv --bootstrap 1000 --shard 3/16 -o parts
  stpmap cluster --flows flows.csv --bootstrap 1000 --merge --part parts -o partition.csv`,
		Flags: join(flowFlags(), successorFlags(), placeFlags(), clusterFlags(), []cli.Flag{
			outFlag("`FILE` for the partition, .csv or .json; - is standard output"),
			&cli.StringFlag{Name: "format", Usage: "`csv|json`, where the file's suffix does not say"},
			jsonFlag(),
		}, shardFlags("--bootstrap runs"), []cli.Flag{resumeFlag()}),
	}, []string{"flows"}, func(c *cli.Context) error {
		cl, err := clusteringFromFlags(c)
		if err != nil {
			return err
		}
		if cl.from, err = bootstrapSharing(c, cl); err != nil {
			return err
		}
		ks, err := levelsFromFlag(c, cl)
		if err != nil {
			return err
		}
		if ks != nil {
			if c.IsSet("footprints") || c.IsSet("resolution") {
				return usagef("stpmap cluster --flows flows.csv --levels 100,44,21 -o levels", "--levels says how many footprints there are: leave out --footprints and --resolution")
			}
			in, err := env.load(c.Context, c, needs{})
			if err != nil {
				return err
			}
			return env.writeLevels(c, in, cl, ks)
		}
		if cl.from.shards > 0 {
			in, err := env.load(c.Context, c, needs{})
			if err != nil {
				return err
			}
			return env.bootstrapShard(c, in, cl)
		}
		format := suffixFormat(c.String("out"), c.String("format"))
		if format == "" {
			format = "csv"
		}
		if format != "csv" && format != "json" {
			return usagef("stpmap cluster --flows flows.csv -o partition.csv", "cluster writes csv or json, not %q", format)
		}
		if c.Bool("json") && c.String("out") == "-" {
			return usagef("stpmap cluster --flows flows.csv --json -o partition.csv", "--json and --out - would mix on standard output")
		}
		in, err := env.load(c.Context, c, needs{})
		if err != nil {
			return err
		}
		res, err := env.cluster(c.Context, in, cl)
		if err != nil {
			return err
		}
		res.parameters = parameters(c)
		cs := in.mapCase(c, res)
		write := func(w io.Writer) error {
			if format == "json" {
				return writeJSON(w, res.partitionJSON(in, cs))
			}
			return csv.Write(w, cs.PartitionTable())
		}
		if c.String("out") != "" || !c.Bool("json") {
			if err := env.writeOut(c.String("out"), write); err != nil {
				return err
			}
		}
		if c.Bool("json") {
			return writeJSON(env.stdout, res.summary(in, cs))
		}
		env.sayResult(in, res)
		return nil
	})
}

// clustered is a partition and how it came about.
type clustered struct {
	clustering
	partition  footprint.Partition
	measures   footprint.Measures
	reasons    string // why this number of footprints, where the tool chose
	seconds    float64
	cpuSeconds float64            // NaN where not known
	codelength float64            // bits
	doubt      *sweep.Uncertainty // nil unless asked
	borders    [][2]int32         // pairs of neighbouring areas, as doubt.Borders
	scores     *score.Result      // nil where there are no indicators
	levels     []maps.Level       // nested, the finest first; nil unless asked
	parameters string
}

// cluster runs the method and measures what comes out.
func (env *environment) cluster(ctx context.Context, in *inputs, cl clustering) (*clustered, error) {
	if in.matrix.Len() == 0 {
		return nil, inputf("no patients in the flows: nothing to cluster")
	}
	cl.setHosts(in)
	start := time.Now()
	cpu, known := cpuTime()
	p, reasons, err := env.partition(ctx, in, &cl)
	if err != nil {
		return nil, err
	}
	spent := math.NaN()
	if now, ok := cpuTime(); ok && known {
		spent = (now - cpu).Seconds()
	}
	res := &clustered{clustering: cl, reasons: reasons, seconds: time.Since(start).Seconds(), cpuSeconds: spent}
	if p, err = in.named(p); err != nil {
		return nil, err
	}
	if cl.bootstrap > 0 {
		if p, err = env.resample(ctx, in, res, p); err != nil {
			return nil, err
		}
	}
	res.partition = p
	res.measures = footprint.Measure(in.matrix, p, in.population, in.adjacency)
	if res.codelength, err = infomap.Codelength(in.matrix, p, cl.directed); err != nil {
		return nil, err
	}
	if text := res.chained(); text != "" {
		env.log.Warn(text)
	}
	return res, nil
}

// chained says that one of several footprints holds over a quarter of the flow,
// the mark of footprints that swallow each other; "" where none does.
func (res *clustered) chained() string {
	m := res.measures
	if !(m.LargestShare > 0.25) || m.Footprints < 2 {
		return ""
	}
	share := percent(m.LargestShare)
	if m.Footprints < 5 {
		return fmt.Sprintf("one of %d footprints holds %s of all flow: ask for more --footprints to have smaller ones", m.Footprints, share)
	}
	text := "one footprint holds " + share + " of all flow: footprints have chained together; --max-share 0.25 "
	if res.footprints == 0 && slices.Contains(resolving, res.method) {
		text += "or a higher --resolution "
	}
	return text + "keeps them apart"
}

// named gives footprints the ids of those of --start, where --keep-ids asks so.
func (in *inputs) named(p footprint.Partition) (footprint.Partition, error) {
	if !in.keepIDs {
		return p, nil
	}
	return p.KeepIDs(in.matrix, *in.start)
}

// partition runs the method; with --footprints auto it first chooses how many
// footprints, and reasons says why.
func (env *environment) partition(ctx context.Context, in *inputs, cl *clustering) (p footprint.Partition, reasons string, err error) {
	if cl.auto {
		return env.partitionAuto(ctx, in, cl)
	}
	cs, err := cl.constraints(in)
	if err != nil {
		return p, "", err
	}
	method, err := cl.build(cs, env.progress())
	if err != nil {
		return p, "", err
	}
	p, err = method.Partition(ctx, in.matrix)
	return p, "", err
}

// nullable is x for JSON, null where it is not known.
func nullable(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// clusterSummary has the keys that the interface fixes, and what every output carries.
type clusterSummary struct {
	Footprints       int      `json:"footprints"`
	Areas            int      `json:"areas"`
	Providers        int      `json:"providers"`
	Patients         float64  `json:"patients"`
	InsideShare      float64  `json:"inside_share"`
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
	Resolution       *float64 `json:"resolution"`
	Seed             uint64   `json:"seed"`
	Reasons          string   `json:"reasons,omitempty"`
	Version          string   `json:"version"`
	Parameters       string   `json:"parameters"`
	FlowSHA256       string   `json:"flow_sha256"`
	Notice           string   `json:"notice,omitempty"`
	Seconds          float64  `json:"seconds"`
	CPUSeconds       *float64 `json:"cpu_seconds"`
}

// coverage is the share that got a footprint.
type coverage struct {
	Flow   *float64 `json:"flow"`
	Areas  *float64 `json:"areas"`
	People *float64 `json:"people"`
}

func (r *clustered) summary(in *inputs, cs *maps.Case) clusterSummary {
	m, figures := r.measures, cs.Figures()
	s := clusterSummary{
		Footprints: m.Footprints, Areas: m.Areas, Providers: m.Providers, Patients: m.Patients.Published,
		InsideShare: m.InsideShare, Modularity: nullable(m.Modularity), Bipartite: nullable(m.BipartiteModularity),
		Quality: r.optimised(), Codelength: nullable(r.codelength), MinLocalisation: nullable(m.MinLocalisation), MedLocalisation: nullable(m.MedianLocalisation),
		MinPopulation: nullable(m.MinPopulation), MaxPopulation: nullable(m.MaxPopulation), LargestShare: m.LargestShare,
		SizeHHI: m.SizeHHI, NormalisedCut: m.NormalisedCut, Disconnected: m.Disconnected,
		Coverage:    coverage{nullable(m.Coverage.Flow), nullable(m.Coverage.Areas), nullable(m.Coverage.People)},
		Compactness: nullable(figures.Compactness), Reock: nullable(figures.Reock),
		DistanceInside: nullable(figures.DistanceInsideKM), DistanceOutside: nullable(figures.DistanceOutsideKM),
		UnplacedAreas: m.UnplacedAreas, UnplacedProvider: m.UnplacedProviders,
		Method: r.method, Resolution: nullable(r.resolution), Seed: r.seed, Reasons: r.reasons,
		Version: version, Parameters: r.parameters, FlowSHA256: in.matrix.SHA256(), Notice: in.notice, Seconds: r.seconds, CPUSeconds: nullable(r.cpuSeconds),
	}
	if r.footprints == 0 && s.Resolution == nil && slices.Contains([]string{"leiden", "louvain", "ward"}, r.method) {
		one := 1.0
		s.Resolution = &one
	}
	if m.Contiguous >= 0 {
		s.Contiguous = &m.Contiguous
	}
	return s
}

// partitionFile is a partition as JSON: the same rows as the CSV.
type partitionFile struct {
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

func (r *clustered) partitionJSON(in *inputs, cs *maps.Case) partitionFile {
	f := partitionFile{Version: version, Parameters: r.parameters, Seed: r.seed, FlowSHA256: in.matrix.SHA256(), Notice: in.notice}
	for _, row := range cs.PartitionTable().Features {
		v := row.Values
		f.Members = append(f.Members, partitionRow{v[0], v[1], v[2], v[3], v[4]})
	}
	return f
}

// sayResult tells a person in three lines what came out.
func (env *environment) sayResult(in *inputs, r *clustered) {
	m := r.measures
	kinds := fmt.Sprintf("%s and %s", counted(m.Areas, "area"), counted(m.Providers, "provider"))
	if in.matrix.OneMode() {
		kinds = counted(m.Areas, "place")
	}
	env.log.Info(fmt.Sprintf("%s from %s; %s of patients stay inside", counted(m.Footprints, "footprint"), kinds, percent(m.InsideShare)))
	if !math.IsNaN(m.MinLocalisation) {
		env.log.Info(fmt.Sprintf("localisation index: weakest %.3f, median %.3f; modularity %.4f", m.MinLocalisation, m.MedianLocalisation, m.Modularity))
	}
	if !math.IsNaN(m.MinPopulation) {
		env.log.Info(fmt.Sprintf("people: %s to %s", thousands(int(math.Round(m.MinPopulation))), thousands(int(math.Round(m.MaxPopulation)))))
	}
	if r.reasons != "" {
		env.log.Info(r.reasons)
	}
	if r.scores != nil {
		env.log.Info("carrying the most serious underperformance: " + strings.Join(r.scores.Worst, ", "))
	}
}
