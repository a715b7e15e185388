package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/nest"
	"stpmap/footprint/sweep"
	"stpmap/render/chart"
	"stpmap/render/csv"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/qgis"
)

// real, whole and word are values of a table, nil where they are not known.
func real(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return x
}

func whole(n int) any { return int64(n) }

func wholeAbove0(n int) any {
	if n <= 0 {
		return nil
	}
	return int64(n)
}

// qualityName is what a method maximises, empty where it has its own rule.
func qualityName(method string, q footprint.Quality) any {
	if method == "leiden" || method == "louvain" {
		return q.String()
	}
	return nil
}

// column is a field of a table with its values made from a row of T.
type column[T any] struct {
	name  string
	alias string
	kind  layer.FieldType
	value func(T) any
}

func table[T any](name string, columns []column[T], rows []T) layer.Layer {
	l := layer.Layer{Name: name}
	for _, c := range columns {
		l.Fields = append(l.Fields, layer.Field{Name: c.name, Alias: c.alias, Type: c.kind})
	}
	for _, row := range rows {
		f := layer.Feature{}
		for _, c := range columns {
			f.Values = append(f.Values, c.value(row))
		}
		l.Features = append(l.Features, f)
	}
	return l
}

func measureColumns[T any](of func(T) *footprint.Measures) []column[T] {
	number := func(get func(*footprint.Measures) float64) func(T) any {
		return func(t T) any {
			if of(t).Footprints == 0 {
				return nil
			}
			return real(get(of(t)))
		}
	}
	return []column[T]{
		{"footprints", "Footprints", layer.Integer, func(t T) any { return whole(of(t).Footprints) }},
		{"modularity", "Modularity (γ = 1)", layer.Real, number(func(m *footprint.Measures) float64 { return m.Modularity })},
		{"inside_share", "Share of patients inside", layer.Real, number(func(m *footprint.Measures) float64 { return m.InsideShare })},
		{"min_localisation_index", "Weakest localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinLocalisation })},
		{"median_localisation_index", "Median localisation index", layer.Real, number(func(m *footprint.Measures) float64 { return m.MedianLocalisation })},
		{"min_population", "Fewest people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MinPopulation })},
		{"max_population", "Most people", layer.Real, number(func(m *footprint.Measures) float64 { return m.MaxPopulation })},
		{"largest_share", "Largest footprint's share of patients", layer.Real, number(func(m *footprint.Measures) float64 { return m.LargestShare })},
	}
}

func agreementColumns[T any](of func(T) *compare.Agreement) []column[T] {
	number := func(get func(*compare.Agreement) float64) func(T) any {
		return func(t T) any {
			if of(t).Compared == 0 {
				return nil
			}
			return real(get(of(t)))
		}
	}
	return []column[T]{
		{"ari", "Adjusted Rand index with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.ARI })},
		{"ami", "Adjusted mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.AMI })},
		{"vi", "Variation of information from the reference (nats)", layer.Real, number(func(a *compare.Agreement) float64 { return a.VI })},
		{"nmi", "Normalised mutual information with the reference", layer.Real, number(func(a *compare.Agreement) float64 { return a.NMI })},
		{"moved", "Areas outside their matched group", layer.Integer, number(func(a *compare.Agreement) float64 { return float64(a.Moved) })},
	}
}

// runsTable is runs.csv.
func (r *sweepReport) runsTable() layer.Layer {
	type row struct {
		run *sweep.RunSummary
		set *sweep.Setting
		res *sweep.Result
	}
	var rows []row
	for i := range r.Runs {
		run := &r.Runs[i]
		rows = append(rows, row{run, &r.sweep.Settings[run.Setting], &r.Results[run.Result]})
	}
	columns := []column[row]{
		{"method", "", layer.Text, func(t row) any { return t.set.Method }},
		{"quality", "", layer.Text, func(t row) any { return qualityName(t.set.Method, t.set.Quality) }},
		{"resolution", "", layer.Real, func(t row) any { return real(t.set.Resolution) }},
		{"seed", "", layer.Integer, func(t row) any { return int64(t.run.Seed) }},
	}
	columns = append(columns, measureColumns(func(t row) *footprint.Measures { return &t.res.Measures })...)
	columns = append(columns, column[row]{"stability", "", layer.Real, func(t row) any { return real(t.run.Stability) }})
	columns = append(columns, agreementColumns(func(t row) *compare.Agreement { return &t.res.Reference })...)
	columns = append(columns,
		column[row]{"asked", "", layer.Integer, func(t row) any { return wholeAbove0(t.set.Footprints) }},
		column[row]{"quality_value", "", layer.Real, func(t row) any {
			if t.res.Measures.Footprints == 0 {
				return nil
			}
			return real(t.run.QualityValue)
		}},
		column[row]{"partition", "", layer.Integer, func(t row) any { return whole(t.run.Result + 1) }},
	)
	return table("runs", columns, rows)
}

// summaryRow is a row of summary.csv.
type summaryRow struct {
	*sweep.SettingSummary
	place            int
	plateau          int
	pareto, selected bool
}

// summaryTable is summary.csv.
func (r *sweepReport) summaryTable() layer.Layer {
	rows := make([]summaryRow, len(r.Settings))
	for i := range rows {
		rows[i] = summaryRow{SettingSummary: &r.Settings[i], place: i, selected: i == r.Recommendation.Setting}
	}
	for k, p := range r.Plateaus {
		for i := p.First; i <= p.Last; i++ {
			rows[i].plateau = k + 1
		}
	}
	for _, i := range r.Pareto {
		rows[i].pareto = true
	}
	columns := []column[summaryRow]{
		{"method", "", layer.Text, func(t summaryRow) any { return t.Method }},
		{"quality", "", layer.Text, func(t summaryRow) any { return qualityName(t.Method, t.Quality) }},
		{"resolution", "", layer.Real, func(t summaryRow) any { return real(t.Resolution) }},
		{"asked", "", layer.Integer, func(t summaryRow) any { return wholeAbove0(t.Asked) }},
		{"runs", "", layer.Integer, func(t summaryRow) any { return whole(t.Runs) }},
	}
	columns = append(columns, measureColumns(func(t summaryRow) *footprint.Measures { return &t.Representative })...)
	columns = append(columns, column[summaryRow]{"stability", "", layer.Real, func(t summaryRow) any { return real(t.Stability) }})
	columns = append(columns, agreementColumns(func(t summaryRow) *compare.Agreement { return &t.Reference })...)
	columns = append(columns,
		column[summaryRow]{"resampled_stability", "", layer.Real, func(t summaryRow) any { return real(t.ResampledStability) }},
		column[summaryRow]{"next_vi", "", layer.Real, func(t summaryRow) any { return real(t.NextVI) }},
		column[summaryRow]{"next_ami", "", layer.Real, func(t summaryRow) any { return real(t.NextAMI) }},
		column[summaryRow]{"min_footprints", "", layer.Integer, func(t summaryRow) any { return whole(t.MinFootprints) }},
		column[summaryRow]{"max_footprints", "", layer.Integer, func(t summaryRow) any { return whole(t.MaxFootprints) }},
		column[summaryRow]{"partitions", "", layer.Integer, func(t summaryRow) any { return whole(t.Distinct) }},
		column[summaryRow]{"quality_value", "", layer.Real, func(t summaryRow) any { return real(t.QualityValue) }},
		column[summaryRow]{"plateau", "", layer.Integer, func(t summaryRow) any { return wholeAbove0(t.plateau) }},
		column[summaryRow]{"pareto", "", layer.Boolean, func(t summaryRow) any { return t.pareto }},
		column[summaryRow]{"recommended", "", layer.Boolean, func(t summaryRow) any { return t.selected }},
	)
	return table("summary", columns, rows)
}

// champTable is champ.csv: the partitions of highest modularity for some
// resolution, with the exact interval of each.
func (r *sweepReport) champTable() layer.Layer {
	first := map[int]*sweep.RunSummary{}
	for i := range r.Runs {
		if run := &r.Runs[i]; first[run.Result] == nil {
			first[run.Result] = run
		}
	}
	type row = sweep.OptimalResult
	of := func(t row) *sweep.Result { return &r.Results[t.Result] }
	columns := []column[row]{
		{"from", "", layer.Real, func(t row) any { return t.From }},
		{"to", "", layer.Real, func(t row) any { return real(t.To) }}, // empty: without end
		{"partition", "", layer.Integer, func(t row) any { return whole(t.Result + 1) }},
		{"runs", "", layer.Integer, func(t row) any { return whole(of(t).Runs) }},
		{"method", "", layer.Text, func(t row) any { return r.sweep.Settings[first[t.Result].Setting].Method }},
		{"resolution", "", layer.Real, func(t row) any { return real(r.sweep.Settings[first[t.Result].Setting].Resolution) }},
		{"seed", "", layer.Integer, func(t row) any { return int64(first[t.Result].Seed) }},
	}
	columns = append(columns, measureColumns(func(t row) *footprint.Measures { return &of(t).Measures })...)
	columns = append(columns, agreementColumns(func(t row) *compare.Agreement { return &of(t).Reference })...)
	return table("champ", columns, r.Optimal)
}

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
		Method: s.Method, Quality: qualityName(s.Method, s.Quality), Resolution: nullable(s.Resolution), Asked: wholeAbove0(s.Asked), Runs: s.Runs,
		Footprints: s.Footprints, InsideShare: nullable(m.InsideShare), Modularity: nullable(m.Modularity), MinLocalisation: nullable(m.MinLocalisation),
		MedLocalisation: nullable(m.MedianLocalisation), MinPopulation: nullable(m.MinPopulation), MaxPopulation: nullable(m.MaxPopulation),
		LargestShare: nullable(m.LargestShare), Stability: nullable(s.Stability), Resampled: nullable(s.ResampledStability), NextVI: nullable(s.NextVI),
	}
	if a := s.Reference; a.Compared > 0 {
		f.ARI, f.AMI, f.NMI, f.VI, f.Moved = nullable(a.ARI), nullable(a.AMI), nullable(a.NMI), nullable(a.VI), a.Moved
	}
	return f
}

// recommendationFile is recommendation.json and compare --json.
type recommendationFile struct {
	// Setting is null where no setting gave footprints.
	Setting    *settingFigures  `json:"setting"`
	Reasons    []string         `json:"reasons"`
	Elbow      int              `json:"elbow"`
	Footprints int              `json:"footprints"`
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
		Version: version, Parameters: r.parameters, Seed: r.plan.seed, FlowSHA256: r.in.matrix.SHA256(), Notice: r.in.notice,
	}
	if r.People > 0 {
		f.People = &r.People
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
		f.Setting, f.Footprints = &f.Settings[k], f.Settings[k].Footprints
	}
	if best >= 0 {
		f.BestARI = &f.Settings[best]
	}
	for _, p := range r.Plateaus {
		f.Plateaus = append(f.Plateaus, plateauJSON{p.First, p.Last, nullable(r.Settings[p.First].Resolution), nullable(r.Settings[p.Last].Resolution), r.Settings[p.First].Footprints})
	}
	if r.reference != nil {
		f.Reference = &referenceJSON{r.reference.Footprints, nullable(r.reference.InsideShare), nullable(r.reference.MinLocalisation)}
	}
	return f
}

// writeSweep writes every file of a sweep aside and then puts them in place.
func (env *environment) writeSweep(c *cli.Context, r *sweepReport) error {
	dir := c.String("out")
	var s staging
	defer s.discard()
	csv := func(name string, l layer.Layer) error {
		return s.create(filepath.Join(dir, name), func(w io.Writer) error { return csv.Write(w, l) })
	}
	if err := csv("runs.csv", r.runsTable()); err != nil {
		return err
	}
	if err := csv("summary.csv", r.summaryTable()); err != nil {
		return err
	}
	if err := csv("champ.csv", r.champTable()); err != nil {
		return err
	}
	if r.recommended != nil {
		if err := csv("recommended.csv", r.in.mapCase(c, r.recommended).PartitionTable()); err != nil {
			return err
		}
	}
	if r.in.boundaries != nil {
		if err := r.writeLayers(c, &s); err != nil {
			return err
		}
	}
	options := chart.SweepOptions{Scale: r.plan.scale, Notice: r.in.notice}
	if r.reference != nil {
		options.Official = &chart.OfficialMap{Name: plainFileName(r.in.reference.file), Measures: *r.reference}
	}
	charts, err := chart.OfSweep(r.Comparison, options)
	if err != nil {
		return err
	}
	drawn, err := drawCharts(charts, r.plan.jobs)
	if err != nil {
		return err
	}
	for _, d := range drawn {
		if err := s.create(filepath.Join(dir, d.name), func(w io.Writer) error {
			_, err := w.Write(d.text)
			return err
		}); err != nil {
			return err
		}
	}
	if err := s.create(filepath.Join(dir, "recommendation.json"), func(w io.Writer) error { return writeJSON(w, r.recommendation()) }); err != nil {
		return err
	}
	p := r.in.provenanceOf(c, strings.Join(r.plan.methods, ","), nil)
	p.Seed = &r.plan.seed // no seconds: shards took their own
	if err := s.provenanceBeside(dir, p); err != nil {
		return err
	}
	return env.commitOver(c, &s, dir)
}

// drawnChart is a chart as a file.
type drawnChart struct {
	name string
	text []byte
}

// drawCharts draws charts as SVG and PNG, jobs of them at a time (0: as many as
// processors).
func drawCharts(charts []chart.SweepChart, jobs int) ([]drawnChart, error) {
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	formats := []string{"svg", "png"}
	out, errs := make([]drawnChart, len(charts)*len(formats)), make([]error, len(charts))
	places := make(chan struct{}, jobs)
	var wg sync.WaitGroup
	for i, chart := range charts {
		places <- struct{}{}
		wg.Go(func() {
			defer func() { <-places }()
			for k, format := range formats {
				var b bytes.Buffer
				errs[i] = errors.Join(errs[i], chart.Write(&b, format))
				out[i*len(formats)+k] = drawnChart{chart.Name + "." + format, b.Bytes()}
			}
		})
	}
	wg.Wait()
	return out, errors.Join(errs...)
}

// writeLayers writes borders.geojson and levels.geojson with their styles.
func (r *sweepReport) writeLayers(c *cli.Context, s *staging) error {
	in := r.in
	cs := &maps.Sweep{
		Comparison: r.Comparison, Boundaries: in.boundaries, Codes: in.matrix.Areas(), Names: in.areaNames,
		About: layer.About{Title: "Comparison of settings", Version: version, Parameters: r.parameters, Seed: r.plan.seed, FlowSHA256: in.matrix.SHA256(), Notice: in.notice, Sources: in.sources},
	}
	if in.reference != nil {
		cs.Reference = in.reference.partition.Areas
	}
	layers := []layer.Layer{cs.Borders()}
	if r.recommended != nil {
		levels, err := nest.Around(c.Context, in.matrix, r.recommended.partition, r.plan.seed, r.plan.jobs)
		if err != nil {
			return err
		}
		measures := make([]footprint.Measures, len(levels))
		for i, l := range levels {
			measures[i] = footprint.Measure(in.matrix, l.Partition, in.population, in.adjacency)
		}
		layers = append(layers, cs.Levels(levels, measures))
	}
	for _, l := range layers {
		if err := s.create(filepath.Join(c.String("out"), l.Name+".geojson"), func(w io.Writer) error { return geojson.Write(w, l) }); err != nil {
			return err
		}
		if err := s.create(filepath.Join(c.String("out"), l.Name+".qml"), func(w io.Writer) error { return qgis.WriteQML(w, l) }); err != nil {
			return err
		}
	}
	return nil
}

// plainFileName is a file's name without folder and suffix, for a legend.
func plainFileName(name string) string {
	base := filepath.Base(name)
	return strings.ReplaceAll(strings.TrimSuffix(base, filepath.Ext(base)), "_", " ")
}

// saySweep prints the settings as a table and the recommendation below it.
func (env *environment) saySweep(c *cli.Context, r *sweepReport) {
	if !env.quiet || c.String("out") == "" {
		r.writeTable(env.stdout)
	}
	for _, reason := range r.Recommendation.Reasons {
		env.log.Info(reason)
	}
	if out := c.String("out"); out != "" {
		env.log.Info("written to " + out)
	}
}

func (r *sweepReport) writeTable(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	withReference := r.in.reference != nil
	head := "method\tγ or K\tfootprints\tinside\tweakest\tmedian\tfewest people\tmost people\tstability\tnext VI\t"
	if withReference {
		head += "ARI\t"
	}
	fmt.Fprintln(tw, head+"\t")
	short := func(x float64, format string) string {
		if math.IsNaN(x) {
			return ""
		}
		return fmt.Sprintf(format, x)
	}
	people := func(x float64) string {
		if math.IsNaN(x) {
			return ""
		}
		return thousands(int(math.Round(x)))
	}
	for i := range r.Settings {
		s := &r.Settings[i]
		m := &s.Representative
		value := short(s.Resolution, "%.4g")
		if s.Asked > 0 {
			value = fmt.Sprintf("K = %d", s.Asked)
		}
		name := s.Method
		if s.Quality != footprint.Modularity {
			name += " " + s.Quality.String()
		}
		count := fmt.Sprint(s.Footprints)
		if s.Footprints == 0 {
			count = "none"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t", name, value, count, short(100*m.InsideShare, "%.1f%%"), short(m.MinLocalisation, "%.3f"),
			short(m.MedianLocalisation, "%.3f"), people(m.MinPopulation), people(m.MaxPopulation), short(s.Stability, "%.3f"), short(s.NextVI, "%.3f"))
		if withReference {
			fmt.Fprintf(tw, "%s\t", short(s.Reference.ARI, "%.3f"))
		}
		mark := ""
		if i == r.Recommendation.Setting {
			mark = "recommended"
		}
		fmt.Fprintf(tw, "%s\t\n", mark)
	}
	_ = tw.Flush()
}
