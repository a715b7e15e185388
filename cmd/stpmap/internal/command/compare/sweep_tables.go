package compare

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint"
	"stpmap/footprint/compare"
	"stpmap/footprint/sweep"
	"stpmap/render/layer"
)

// runsTable is runs.csv.
func (r *sweepReport) runsTable() layer.Layer {
	type row struct {
		run *sweep.RunSummary
		set *sweep.SettingSummary
		res *sweep.Result
	}
	var rows []row
	for i := range r.Runs {
		run := &r.Runs[i]
		rows = append(rows, row{run, &r.Settings[run.Setting], &r.Results[run.Result]})
	}
	columns := []layer.Column[row]{
		layer.Col("method", layer.Text, func(t row) any { return t.set.Method }),
		layer.Col("quality", layer.Text, func(t row) any { return qualityName(t.set.Method, t.set.Quality) }),
		layer.Col("resolution", layer.Real, func(t row) any { return layer.Known(t.set.Resolution) }),
		layer.Col("seed", layer.Integer, func(t row) any { return int64(t.run.Seed) }),
	}
	columns = append(columns, measureColumns(func(t row) *footprint.Measures { return &t.res.Measures })...)
	columns = append(columns, layer.Col("stability", layer.Real, func(t row) any { return layer.Known(t.run.Stability) }))
	columns = append(columns, agreementColumns(func(t row) *compare.Agreement { return &t.res.Reference })...)
	columns = append(columns,
		layer.Col("asked", layer.Integer, func(t row) any { return wholeAbove0(t.set.Asked) }),
		layer.Col("quality_value", layer.Real, func(t row) any {
			if t.res.Measures.Footprints == 0 {
				return nil
			}
			return layer.Known(t.run.QualityValue)
		}),
		layer.Col("partition", layer.Integer, func(t row) any { return whole(t.run.Result + 1) }),
	)
	return layer.Table("runs", columns, rows)
}

// settingRow is a row of summary.csv.
type settingRow struct {
	*sweep.SettingSummary
	plateau          int // from 1; 0 for none
	pareto, selected bool
}

// settingRows are the settings with what the recommendation makes of them.
func (r *sweepReport) settingRows() []settingRow {
	rows := make([]settingRow, len(r.Settings))
	for i := range rows {
		rows[i] = settingRow{SettingSummary: &r.Settings[i], selected: i == r.Recommendation.Setting}
	}
	for k, p := range r.Plateaus {
		for i := p.First; i <= p.Last; i++ {
			rows[i].plateau = k + 1
		}
	}
	for _, i := range r.Pareto {
		rows[i].pareto = true
	}
	return rows
}

// summaryTable is summary.csv.
func (r *sweepReport) summaryTable() layer.Layer {
	type row = settingRow
	columns := []layer.Column[row]{
		layer.Col("method", layer.Text, func(t row) any { return t.Method }),
		layer.Col("quality", layer.Text, func(t row) any { return qualityName(t.Method, t.Quality) }),
		layer.Col("resolution", layer.Real, func(t row) any { return layer.Known(t.Resolution) }),
		layer.Col("asked", layer.Integer, func(t row) any { return wholeAbove0(t.Asked) }),
		layer.Col("runs", layer.Integer, func(t row) any { return whole(t.Runs) }),
	}
	columns = append(columns, measureColumns(func(t row) *footprint.Measures { return &t.Representative })...)
	columns = append(columns, layer.Col("stability", layer.Real, func(t row) any { return layer.Known(t.Stability) }))
	columns = append(columns, agreementColumns(func(t row) *compare.Agreement { return &t.Reference })...)
	columns = append(columns,
		layer.Col("resampled_stability", layer.Real, func(t row) any { return layer.Known(t.ResampledStability) }),
		layer.Col("next_vi", layer.Real, func(t row) any { return layer.Known(t.NextVI) }),
		layer.Col("next_ami", layer.Real, func(t row) any { return layer.Known(t.NextAMI) }),
		layer.Col("min_footprints", layer.Integer, func(t row) any { return whole(t.MinFootprints) }),
		layer.Col("max_footprints", layer.Integer, func(t row) any { return whole(t.MaxFootprints) }),
		layer.Col("partitions", layer.Integer, func(t row) any { return whole(t.Distinct) }),
		layer.Col("quality_value", layer.Real, func(t row) any { return layer.Known(t.QualityValue) }),
		layer.Col("plateau", layer.Integer, func(t row) any { return wholeAbove0(t.plateau) }),
		layer.Col("pareto", layer.Boolean, func(t row) any { return t.pareto }),
		layer.Col("recommended", layer.Boolean, func(t row) any { return t.selected }),
	)
	return layer.Table("summary", columns, r.settingRows())
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
	columns := []layer.Column[row]{
		layer.Col("from", layer.Real, func(t row) any { return t.From }),
		layer.Col("to", layer.Real, func(t row) any { return layer.Known(t.To) }), // empty: without end
		layer.Col("partition", layer.Integer, func(t row) any { return whole(t.Result + 1) }),
		layer.Col("runs", layer.Integer, func(t row) any { return whole(of(t).Runs) }),
		layer.Col("method", layer.Text, func(t row) any { return r.Settings[first[t.Result].Setting].Method }),
		layer.Col("resolution", layer.Real, func(t row) any { return layer.Known(r.Settings[first[t.Result].Setting].Resolution) }),
		layer.Col("seed", layer.Integer, func(t row) any { return int64(first[t.Result].Seed) }),
	}
	columns = append(columns, measureColumns(func(t row) *footprint.Measures { return &of(t).Measures })...)
	columns = append(columns, agreementColumns(func(t row) *compare.Agreement { return &of(t).Reference })...)
	return layer.Table("champ", columns, r.Optimal)
}

// writeTable prints the settings.
func (r *sweepReport) writeTable(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "method\tγ or K\tfootprints\tinside\tweakest\tmedian\tfewest people\tmost people\tstability\tnext VI\t"
	if r.in.Reference != nil {
		head += "ARI\t"
	}
	fmt.Fprintln(tw, head+"\t")
	for i := range r.Settings {
		fmt.Fprintln(tw, r.line(i))
	}
	_ = tw.Flush()
}

// line is a setting as it is printed.
func (r *sweepReport) line(i int) string {
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
	cells := []string{
		name, value, count, short(100*m.InsideShare, "%.1f%%"), short(m.MinLocalisation, "%.3f"),
		short(m.MedianLocalisation, "%.3f"), people(m.MinPopulation), people(m.MaxPopulation), short(s.Stability, "%.3f"), short(s.NextVI, "%.3f"),
	}
	if r.in.Reference != nil {
		cells = append(cells, short(s.Reference.ARI, "%.3f"))
	}
	mark := ""
	if i == r.Recommendation.Setting {
		mark = "recommended"
	}
	return strings.Join(append(cells, mark), "\t") + "\t"
}

// short is a number for people, "" where it is not known.
func short(x float64, format string) string {
	if math.IsNaN(x) {
		return ""
	}
	return fmt.Sprintf(format, x)
}

// people is a number of people, "" where it is not known.
func people(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return words.Thousands(int(math.Round(x)))
}
