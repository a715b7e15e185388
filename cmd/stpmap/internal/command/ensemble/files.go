package ensemble

import (
	"bufio"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/render/chart"
	"stpmap/render/geojson"
	"stpmap/render/layer"
	"stpmap/render/maps"
	"stpmap/render/qgis"
)

// Writes are the files that the folder may get, as far as they could be the
// user's own.
func (o *Options) Writes() []string {
	names := []string{"ensemble.csv", "place.csv", "local.csv", "areas.csv", "maps.jsonl.zst", "best.csv", "words.txt", "report.html", "place.json", "borders.geojson", "borders.qml", "ensemble.xlsx", keptName, stage.ProvenanceName, "borders." + stage.ProvenanceName}
	return stage.Within(o.Out, names)
}

// write writes every file aside and then puts them in place.
func (r *result) write(env *cli.Env) error {
	o := r.options
	var s stage.Files
	defer s.Discard()
	files := []stage.File{
		tables.CSV("ensemble.csv", r.mapsTable()), tables.CSV("place.csv", r.placeTable()), tables.CSV("areas.csv", r.areasTable()),
		{Name: "maps.jsonl.zst", Write: r.writeMaps},
		{Name: "words.txt", Write: func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Join(r.words, "\n")+"\n")
			return err
		}},
	}
	if len(r.local) > 0 {
		files = append(files, tables.CSV("local.csv", r.localTable()))
	}
	if len(r.best) > 0 {
		files = append(files, tables.CSV("best.csv", r.bestTable()))
	}
	charts, err := r.charts()
	if err != nil {
		return err
	}
	page, err := r.pageFile(charts)
	if err != nil {
		return err
	}
	files = append(files, chartFiles(charts)...)
	files = append(files, page, stage.File{Name: "place.json", Write: func(w io.Writer) error { return stage.WriteJSON(w, r.lasting()) }})
	if len(r.maps) > 0 {
		l := r.borders()
		files = append(files,
			stage.File{Name: "borders.geojson", Write: func(w io.Writer) error { return geojson.Write(w, l) }},
			stage.File{Name: "borders.qml", Write: func(w io.Writer) error { return qgis.WriteQML(w, l) }})
	}
	if err := (tables.Workbook{Name: "ensemble.xlsx", About: r.about(), Asked: o.XLSX}).Stage(&s, o.Out, files...); err != nil {
		return err
	}
	p := r.in.Provenance(&o.Line, "ensemble, measure "+o.Measure, r.notes)
	p.Seed = &o.Seed
	if err := s.AddProvenanceBeside(o.Out, p); err != nil {
		return err
	}
	return s.CommitOver(env.Log, o.Command(), o.Out)
}

// mapsTable is ensemble.csv: a row a map.
func (r *result) mapsTable() layer.Layer {
	l := layer.Layer{Name: "ensemble", Fields: []layer.Field{{Name: "chain", Type: layer.Integer}, {Name: "sample", Type: layer.Integer}}}
	for _, s := range r.figures.Statistics() {
		l.Fields = append(l.Fields, layer.Field{Name: s.Name, Type: layer.Real})
	}
	if r.weights != nil {
		l.Fields = append(l.Fields, layer.Field{Name: "weight", Type: layer.Real})
	}
	sample := 0
	for i, figures := range r.figure {
		if sample++; i > 0 && r.chain[i] != r.chain[i-1] {
			sample = 1
		}
		row := []any{int64(r.chain[i]), int64(sample)}
		for _, x := range figures {
			row = append(row, layer.Known(x))
		}
		if r.weights != nil {
			row = append(row, r.weights[i])
		}
		l.Features = append(l.Features, layer.Feature{Values: row})
	}
	return l
}

// placeTable is place.csv: a row a statistic.
func (r *result) placeTable() layer.Layer {
	l := layer.Layer{Name: "place", Fields: []layer.Field{{Name: "statistic", Type: layer.Text}}}
	for _, name := range []string{"value", "percentile", "lower", "upper", "median", "p05", "p95", "rhat", "ess_bulk", "ess_tail"} {
		l.Fields = append(l.Fields, layer.Field{Name: name, Type: layer.Real})
	}
	l.Fields = append(l.Fields, layer.Field{Name: "verdict", Type: layer.Text})
	for _, p := range r.places {
		l.Features = append(l.Features, layer.Feature{Values: []any{
			p.Name, layer.Known(p.Value), layer.Known(p.Percentile), layer.Known(p.Lower), layer.Known(p.Upper), layer.Known(p.Median), layer.Known(p.P05), layer.Known(p.P95),
			layer.Known(p.RHat), layer.Known(p.BulkESS), layer.Known(p.TailESS), p.Verdict,
		}})
	}
	return l
}

// localTable is local.csv: the exact tests that need no convergence.
func (r *result) localTable() layer.Layer {
	l := layer.Layer{Name: "local", Fields: []layer.Field{{Name: "statistic", Type: layer.Text}}}
	for _, name := range []string{"value", "p_high", "p_low", "root_2e_high", "root_2e_low"} {
		l.Fields = append(l.Fields, layer.Field{Name: name, Type: layer.Real})
	}
	for _, p := range r.local {
		l.Features = append(l.Features, layer.Feature{Values: []any{p.Name, layer.Known(p.Value), p.PHigh, p.PLow, p.RootHigh, p.RootLow}})
	}
	return l
}

// areasTable is areas.csv: which area stands where in an assignment.
func (r *result) areasTable() layer.Layer {
	l := layer.Layer{Name: "areas", Fields: []layer.Field{{Name: "position", Type: layer.Integer}, {Name: "area", Type: layer.Text}}}
	for a, code := range r.in.Matrix.Areas() {
		l.Features = append(l.Features, layer.Feature{Values: []any{int64(a + 1), code}})
	}
	return l
}

// bestTable is best.csv: the best maps found, a column each.
func (r *result) bestTable() layer.Layer {
	l := layer.Layer{Name: "best", Fields: []layer.Field{{Name: "area", Type: layer.Text}}}
	for _, b := range r.best {
		l.Fields = append(l.Fields, layer.Field{Name: b.statistic.Name, Type: layer.Integer})
	}
	for a, code := range r.in.Matrix.Areas() {
		row := []any{code}
		for _, b := range r.best {
			row = append(row, int64(b.label[a]+1))
		}
		l.Features = append(l.Features, layer.Feature{Values: row})
	}
	return l
}

// writeMaps writes maps.jsonl.zst: a line a map, its footprints from 1 in the
// order of areas.csv.
func (r *result) writeMaps(w io.Writer) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	b := bufio.NewWriter(z)
	var line []byte
	for i, label := range r.maps {
		line = append(line[:0], `{"assignment": [`...)
		for a, p := range label {
			if a > 0 {
				line = append(line, ", "...)
			}
			line = strconv.AppendInt(line, int64(p)+1, 10)
		}
		line = append(line, `], "sample": `...)
		line = append(strconv.AppendInt(line, int64(i)+1, 10), "}\n"...)
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}

// charts are a histogram of each statistic that varies.
func (r *result) charts() (list []chart.Chart, err error) {
	for k, p := range r.places {
		if !p.Varies {
			continue
		}
		h := chart.Histogram{Name: p.Name, Title: p.Title, Weights: r.weights, Value: p.Value, Settled: p.Converged, Shares: isShare(p.Name), Notice: r.in.Notice}
		if r.given != nil {
			h.Label = plainFileName(r.in.Given[0].File)
		}
		for _, f := range r.figure {
			h.Values = append(h.Values, f[k])
		}
		c, err := chart.OfHistogram(h)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

// chartFiles are charts as SVG and PNG.
func chartFiles(charts []chart.Chart) (files []stage.File) {
	for _, c := range charts {
		for _, format := range []string{"svg", "png"} {
			files = append(files, stage.File{Name: c.Name + "." + format, Write: func(w io.Writer) error { return c.Write(w, format) }})
		}
	}
	return files
}

// plainFileName is a file's name without folder and suffix, for a legend.
func plainFileName(name string) string {
	base := filepath.Base(name)
	return strings.ReplaceAll(strings.TrimSuffix(base, filepath.Ext(base)), "_", " ")
}

// borders says how often each border is drawn.
func (r *result) borders() layer.Layer {
	in, total := r.in, float64(len(r.maps))
	if r.weights != nil {
		total = 0
		for _, w := range r.weights {
			total += w
		}
	}
	d := &maps.DrawnBorders{
		Boundaries: in.Boundaries, Codes: in.Matrix.Areas(), Names: in.AreaNames, Given: r.given,
		About: layer.About{Title: "Borders of the maps drawn", Version: cli.Version, Parameters: r.options.Parameters(), Seed: r.options.Seed, Notice: in.Notice, Sources: in.Sources},
	}
	if !in.Alone {
		d.About.FlowSHA256 = in.Matrix.SHA256()
	}
	d.Share = func(a, b int) float64 {
		sum := 0.0
		for i, label := range r.maps {
			if label[a] != label[b] {
				w := 1.0
				if r.weights != nil {
					w = r.weights[i]
				}
				sum += w
			}
		}
		return sum / total
	}
	return d.Layer()
}
