package whatif

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/command/tables"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/flow"
	"stpmap/footprint/whatif"
	"stpmap/render/csv"
	"stpmap/render/layer"
)

// write writes the files of all scenarios aside and puts them in place together,
// and prints what is asked for.
func (w *work) write(ctx context.Context, answers []*answer) error {
	if w.Out != "" {
		if err := w.writeFolder(ctx, answers); err != nil {
			return err
		}
	}
	if w.JSON {
		return stage.WriteJSON(w.env.Stdout, w.printed(answers))
	}
	w.say(answers)
	return nil
}

// say prints the sentences of every scenario, and the table of tests.
func (w *work) say(answers []*answer) {
	for _, a := range answers {
		if a.plan.name != "" {
			fmt.Fprintf(w.env.Stdout, "%s\n", a.plan.name)
		}
		fmt.Fprintln(w.env.Stdout, strings.Join(w.words(a), "\n"))
	}
	if len(w.tests) == 0 {
		return
	}
	fmt.Fprintln(w.env.Stdout)
	tab := tabwriter.NewWriter(w.env.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "test\tmodel\terror\tbias\tpairs")
	for _, r := range w.tests {
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\n", r.Test, r.Model, percentOrNone(r.Error), percentOrNone(r.Bias), words.Thousands(r.Pairs))
	}
	_ = tab.Flush()
}

func percentOrNone(x float64) string {
	if x != x {
		return "–"
	}
	return words.Percent(x)
}

// writeFolder writes the folder.
func (w *work) writeFolder(ctx context.Context, answers []*answer) error {
	var s stage.Files
	defer s.Discard()
	if len(answers) > 1 {
		if err := s.CreateIn(w.Out, tables.CSV("scenarios.csv", w.scenariosTable(answers))); err != nil {
			return err
		}
	}
	for _, a := range answers {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := w.stageAnswer(&s, w.folder(answers, a), a); err != nil {
			return err
		}
	}
	if len(w.tests) > 0 {
		if err := s.CreateIn(w.Out, tables.CSV("backtest.csv", backtestTable(w.tests))); err != nil {
			return err
		}
	}
	if err := s.CreateIn(w.Out, stage.File{Name: "models.json", Write: func(out io.Writer) error { return stage.WriteJSON(out, w.modelsJSON()) }}); err != nil {
		return err
	}
	p := w.in.Provenance(&w.Line, w.use, w.notes)
	p.Seed = &w.Seed
	if err := s.AddProvenanceBeside(w.Out, p); err != nil {
		return err
	}
	return s.CommitOver(w.env.Log, w.Line.Command(), w.Out)
}

// folder is where a scenario's files go: below the folder of all where there are
// several.
func (w *work) folder(answers []*answer, a *answer) string {
	if len(answers) > 1 {
		return filepath.Join(w.Out, a.plan.name)
	}
	return w.Out
}

// stageAnswer stages the files of one scenario.
func (w *work) stageAnswer(s *stage.Files, dir string, a *answer) error {
	after, err := a.used.After()
	if err != nil {
		return err
	}
	files := []stage.File{
		{Name: "flows_after.csv", Write: func(out io.Writer) error { return writeFlows(out, after) }},
		tables.CSV("providers.csv", w.providersTable(a)), tables.CSV("areas.csv", w.areasTable(a)), tables.CSV("diversion.csv", w.diversionTable(a)),
		{Name: "words.txt", Write: func(out io.Writer) error {
			_, err := io.WriteString(out, strings.Join(w.words(a), "\n")+"\n")
			return err
		}},
	}
	if t, ok := w.footprintsTable(a); ok {
		files = append(files, tables.CSV("footprints.csv", t))
	}
	if len(a.mergers) > 0 {
		files = append(files, tables.CSV("mergers.csv", mergersTable(a.mergers)))
	}
	about := layer.About{Title: "What if: " + a.plan.name, Version: cli.Version, Parameters: w.Parameters(), Notice: w.in.Notice, Sources: w.in.Sources, FlowSHA256: w.in.Matrix.SHA256()}
	if err := (tables.Workbook{Name: "whatif.xlsx", About: about, Asked: w.XLSX}).Stage(s, dir, files...); err != nil {
		return err
	}
	return w.stagePage(s, dir, a)
}

// writeFlows writes flows: counts that are known within bounds only as "<N" where
// that says it, and otherwise with their bounds, "published+lower:upper".
func writeFlows(w io.Writer, m *flow.Matrix) error {
	l := layer.Layer{Fields: []layer.Field{{Name: "area", Type: layer.Text}, {Name: "provider", Type: layer.Text}, {Name: "count", Type: layer.Text}}}
	for a, code := range m.Areas() {
		to, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, j := range to {
			c := m.Cell(off + i)
			l.Features = append(l.Features, layer.Feature{Values: []any{code, m.Providers()[j], data.CountText(c)}})
		}
	}
	return csv.Write(w, l)
}

// scenariosTable is scenarios.csv: the scenarios side by side.
func (w *work) scenariosTable(answers []*answer) layer.Layer {
	sums := make([]summary, len(answers))
	for i, a := range answers {
		sums[i] = w.summary(a)
	}
	return layer.Table("scenarios", []layer.Column[summary]{
		layer.Col("scenario", layer.Text, func(s summary) any { return layer.Nonempty(s.Scenario) }),
		layer.Col("patients", layer.Real, func(s summary) any { return s.Patients }),
		layer.Col("patients_moved", layer.Real, func(s summary) any { return s.PatientsMoved }),
		layer.Col("inside_share_before", layer.Real, func(s summary) any { return layer.Given(s.InsideShareBefore) }),
		layer.Col("inside_share_after", layer.Real, func(s summary) any { return layer.Given(s.InsideShareAfter) }),
		layer.Col("mean_distance_before", layer.Real, func(s summary) any { return layer.Given(s.DistanceBefore) }),
		layer.Col("mean_distance_after", layer.Real, func(s summary) any { return layer.Given(s.DistanceAfter) }),
		layer.Col("welfare_loss", layer.Real, func(s summary) any { return layer.Given(s.Welfare) }),
		layer.Col("hhi_after", layer.Real, func(s summary) any { return layer.Given(s.HHIAfter) }),
		layer.Col("areas_elsewhere", layer.Integer, func(s summary) any {
			if s.AreasElsewhere == nil {
				return nil
			}
			return int64(*s.AreasElsewhere)
		}),
	}, sums)
}

// closure is a row of closures.csv: what closing one provider would do.
type closure struct {
	provider, receiver     string
	moved, share           float64
	before, after, welfare float64
	low, high              float64 // of the models, of the receiver's gain
}

// closeEach closes every provider in turn under every model.
func (w *work) closeEach(ctx context.Context, with plan) error {
	var rows []closure
	progress := w.env.Progress()
	if progress != nil {
		progress.Stage("closing each provider", len(w.in.Matrix.Providers()))
	}
	for j, code := range w.in.Matrix.Providers() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		with.close = []string{code}
		row, err := w.closure(&with, j)
		if err != nil {
			return fmt.Errorf("closing %s: %w", code, err)
		}
		rows = append(rows, row)
		if progress != nil {
			progress.Step(j + 1)
		}
	}
	l := closuresTable(rows)
	if w.JSON {
		if err := stage.WriteJSON(w.env.Stdout, map[string]any{"closures": len(rows), "models": w.modelsJSON(), "use": w.use}); err != nil {
			return err
		}
	}
	if w.Out == "" {
		return nil
	}
	var s stage.Files
	defer s.Discard()
	if err := s.CreateIn(w.Out, tables.CSV("closures.csv", l)); err != nil {
		return err
	}
	p := w.in.Provenance(&w.Line, w.use, w.notes)
	p.Seed = &w.Seed
	if err := s.AddProvenanceBeside(w.Out, p); err != nil {
		return err
	}
	return s.CommitOver(w.env.Log, w.Line.Command(), w.Out)
}

// closure closes one provider.
func (w *work) closure(p *plan, j int) (row closure, err error) {
	scenario, err := w.scenario(p)
	if err != nil {
		return row, err
	}
	row = closure{provider: w.in.Matrix.Providers()[j]}
	var used *whatif.Result
	var results []*whatif.Result
	for i := range w.models {
		r, err := whatif.Run(w.data, scenario, &w.models[i])
		if err != nil {
			return row, err
		}
		results = append(results, r)
		if r.Model.Name == w.use {
			used = r
		}
	}
	row.moved = used.Moved.Published
	best := -1
	for _, d := range used.Diversion {
		if d.Share > row.share {
			best, row.share = int(d.To), d.Share
		}
	}
	if best >= 0 {
		row.receiver = used.Codes[best]
		for k, r := range results {
			gain := r.Loads[best].Published - r.Before[best].Published
			if k == 0 || gain < row.low {
				row.low = gain
			}
			row.high = max(row.high, gain)
		}
	}
	row.before, row.after, row.welfare = meanTravel(used.Travel())
	return row, nil
}

func closuresTable(rows []closure) layer.Layer {
	return layer.Table("closures", []layer.Column[closure]{
		layer.Col("provider", layer.Text, func(c closure) any { return c.provider }),
		layer.Col("patients_moved", layer.Real, func(c closure) any { return c.moved }),
		layer.Col("largest_receiver", layer.Text, func(c closure) any { return layer.Nonempty(c.receiver) }),
		layer.Col("share", layer.Real, func(c closure) any { return layer.Known(c.share) }),
		layer.Col("gain_low", layer.Real, func(c closure) any { return layer.Known(c.low) }),
		layer.Col("gain_high", layer.Real, func(c closure) any { return layer.Known(c.high) }),
		layer.Col("mean_distance_before", layer.Real, func(c closure) any { return layer.Known(c.before) }),
		layer.Col("mean_distance_after", layer.Real, func(c closure) any { return layer.Known(c.after) }),
		layer.Col("welfare_loss", layer.Real, func(c closure) any { return layer.Known(c.welfare) }),
	}, rows)
}
