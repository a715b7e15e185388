package clustering

import (
	"fmt"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/sweep"
	"stpmap/render/layer"
)

// DoubtsYears reports whether the runs of --bootstrap draw from several years, so
// that each file of --flows is one.
func (f *Flags) DoubtsYears() bool {
	return slices.ContainsFunc(strings.Split(f.Doubt, ","), func(s string) bool { return strings.TrimSpace(s) == "years" })
}

// setYears gives the runs the flows of each year to draw from, and estimates the
// over-dispersion from them where that is asked for.
func (b *bootstrapping) setYears(in *study.Study, d Doubt) {
	if !d.Years {
		return
	}
	matrices := make([]*flow.Matrix, len(in.Years))
	for i, y := range in.Years {
		matrices[i] = y.Matrix
	}
	b.Years = sweep.YearsOn(in.Matrix, matrices)
	if d.Estimate {
		b.OverDispersion = b.Years.OverDispersion()
	}
}

// yearSalt identifies the years' flows; "" where there are none.
func yearSalt(in *study.Study) string {
	salt := ""
	for _, y := range in.Years {
		salt += " " + y.Matrix.SHA256()
	}
	return salt
}

// setDrift works out what changed from year to year.
func (res *Result) setDrift(b *bootstrapping, env *cli.Env, in *study.Study, made footprint.Partition, runs []footprint.Partition) (err error) {
	if len(b.Years) == 0 {
		return nil
	}
	if res.Drift, err = sweep.MeasureDrift(made, runs, len(b.Years), res.Borders); err != nil {
		return err
	}
	if res.Doubt.Estimate {
		env.Log.Info(fmt.Sprintf("over-dispersion of the counts from year to year: %.4g", float64(b.OverDispersion)))
	}
	for _, d := range res.Drift {
		env.Log.Info(driftWords(in, made, d, len(res.Borders) > 0))
	}
	return nil
}

// driftWords say what changed from one year to the next.
func driftWords(in *study.Study, made footprint.Partition, d sweep.Drift, borders bool) string {
	said := fmt.Sprintf("from %s to %s ", in.Years[d.From].Name, in.Years[d.To].Name)
	switch len(d.Areas) {
	case 0:
		said += "no area moved to another footprint in most runs"
	default:
		said += words.Counted(len(d.Areas), "area") + " moved to another footprint in most runs: "
		const most = 3
		var list []string
		for _, a := range d.Areas[:min(most, len(d.Areas))] {
			list = append(list, fmt.Sprintf("%s from %s to %s", in.Matrix.Areas()[a.Area], made.IDs[a.From], made.IDs[a.To]))
		}
		said += strings.Join(list, ", ")
		if more := len(d.Areas) - most; more > 0 {
			said += fmt.Sprintf(" and %d more", more)
		}
	}
	if borders {
		said += fmt.Sprintf("; %s between areas came or went", words.Counted(len(d.Borders), "border"))
	}
	return said
}

// driftJSON is what changed from one year to the next.
type driftJSON struct {
	From    string            `json:"from"`
	To      string            `json:"to"`
	Areas   []areaDriftJSON   `json:"areas"`
	Borders []borderDriftJSON `json:"borders"` // null without boundaries
}

// areaDriftJSON is an area that moved, with the share of each year's runs that
// put it there.
type areaDriftJSON struct {
	Area      string  `json:"area"`
	From      string  `json:"from"`
	To        string  `json:"to"`
	FromShare float64 `json:"from_share"`
	ToShare   float64 `json:"to_share"`
}

// borderDriftJSON is a border that came or went, with the share of each year's
// runs that draw it.
type borderDriftJSON struct {
	A      string  `json:"area_a"`
	B      string  `json:"area_b"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// driftOf puts drift into words of JSON; nil where there are no years.
func (r *Result) driftOf(in *study.Study) []driftJSON {
	var out []driftJSON
	codes := in.Matrix.Areas()
	for _, d := range r.Drift {
		one := driftJSON{From: in.Years[d.From].Name, To: in.Years[d.To].Name, Areas: []areaDriftJSON{}}
		for _, a := range d.Areas {
			one.Areas = append(one.Areas, areaDriftJSON{codes[a.Area], r.Partition.IDs[a.From], r.Partition.IDs[a.To], a.FromShare, a.Share})
		}
		if len(r.Borders) > 0 {
			one.Borders = []borderDriftJSON{}
		}
		for _, b := range d.Borders {
			one.Borders = append(one.Borders, borderDriftJSON{codes[b.A], codes[b.B], b.Before, b.After})
		}
		out = append(out, one)
	}
	return out
}

// DriftTable is what changed from year to year as a table: a row for each area
// that moved, with its footprints and the shares of runs that put it there, and
// for each border that came or went, with the shares of runs that draw it.
func (r *Result) DriftTable(in *study.Study, about layer.About) layer.Layer {
	l := layer.Layer{Name: "drift", Title: "What changed from year to year", About: about, Fields: []layer.Field{
		{Name: "from_year", Type: layer.Text},
		{Name: "to_year", Type: layer.Text},
		{Name: "kind", Type: layer.Text},
		{Name: "area", Type: layer.Text},
		{Name: "neighbour", Type: layer.Text},
		{Name: "from", Type: layer.Text},
		{Name: "to", Type: layer.Text},
		{Name: "before", Type: layer.Real},
		{Name: "after", Type: layer.Real},
	}}
	add := func(values ...any) { l.Features = append(l.Features, layer.Feature{Values: values}) }
	for _, d := range r.driftOf(in) {
		for _, a := range d.Areas {
			add(d.From, d.To, "area", a.Area, nil, a.From, a.To, a.FromShare, a.ToShare)
		}
		for _, b := range d.Borders {
			add(d.From, d.To, "border", b.A, b.B, nil, nil, b.Before, b.After)
		}
	}
	return l
}
