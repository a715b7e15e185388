package chart

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"stpmap/footprint/merge"
)

// Mergers are what the charts of mergers show.
type Mergers struct {
	Names   []string    // of today's systems
	Curve   []merge.Map // from all systems down
	Changes []string    // what each map of Curve merges of the one before it
	Total   float64     // all patients
	Tree    []merge.Step
	Chosen  int // number of systems that is marked; 0 for none
	Notice  string
}

// OfMergers draws containment against the number of systems with each merger
// named, and the tree of mergers two by two.
func OfMergers(m Mergers) ([]Chart, error) {
	curve, err := mergerCurve(m)
	if err != nil || curve == nil {
		return nil, err
	}
	charts := []Chart{*curve}
	if len(m.Tree) > 0 {
		charts = append(charts, mergerTree(m))
	}
	return fit(charts), nil
}

// message says what the chosen map, or else the last, keeps beside today's.
func (m *Mergers) message() string {
	var now, then *merge.Map
	for i := range m.Curve {
		one := &m.Curve[i]
		if one.Groups == nil {
			continue
		}
		if now == nil {
			now = one
		}
		if then == nil || m.Chosen == 0 || then.Footprints != m.Chosen {
			then = one
		}
	}
	if now == nil || then == now {
		return "What each merger buys"
	}
	return fmt.Sprintf("%d systems would keep %.1f%% of patients inside, %d keep %.1f%%", then.Footprints, 100*then.Kept/m.Total, now.Footprints, 100*now.Kept/m.Total)
}

// mergerCurve has a row for each number of systems; nil where no map was found.
func mergerCurve(m Mergers) (*Chart, error) {
	p := newChart("What each merger buys", m.Notice)
	p.Title.Text = joinLines(m.message(), m.Notice)
	p.X.Label.Text, p.Y.Label.Text = "patients treated inside their system", "systems"
	p.X.Tick.Marker = chartTicks{upToAll}
	proven, open, labels := plotter.XYs{}, plotter.XYs{}, plotter.XYLabels{}
	rows := []plot.Tick{}
	for i, one := range m.Curve {
		if one.Groups == nil {
			continue
		}
		at := plotter.XY{X: one.Kept / m.Total, Y: float64(one.Footprints)}
		if one.Optimal {
			proven = append(proven, at)
		} else {
			open = append(open, at)
		}
		rows = append(rows, plot.Tick{Value: at.Y, Label: fmt.Sprint(one.Footprints)})
		labels.XYs, labels.Labels = append(labels.XYs, at), append(labels.Labels, "  "+shortened(m.Changes[i], 90))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	for i, series := range []struct {
		name string
		at   plotter.XYs
	}{{"proven best", proven}, {"best found", open}} {
		if err := addDots(p, series.name, i, series.at); err != nil {
			return nil, err
		}
	}
	text, err := plotter.NewLabels(labels)
	if err != nil {
		return nil, err
	}
	for i := range text.TextStyle {
		text.TextStyle[i].Font.Size, text.TextStyle[i].Color = vg.Points(7), chartInk
		text.TextStyle[i].Font.Variant = "Sans"
		text.TextStyle[i].YAlign = draw.YCenter
	}
	p.Add(text)
	p.Y.Tick.Marker = plot.ConstantTicks(rows)
	widen(&p.Y, 0.03)
	widen(&p.X, 0.03)
	p.X.Max += 1.6 * (p.X.Max - p.X.Min) // room for the names
	p.Legend.Top, p.Legend.Left = false, false
	return &Chart{Name: "curve", Title: "What each merger buys", plot: p, width: 24 * vg.Centimeter, height: (5 + 0.45*vg.Length(len(rows))) * vg.Centimeter}, nil
}

// upToAll labels shares up to all.
func upToAll(v float64) string {
	if v > 1+1e-9 {
		return ""
	}
	return percentTick(v)
}

// addDots adds points without a line.
func addDots(p *plot.Plot, name string, i int, at plotter.XYs) error {
	if len(at) == 0 {
		return nil
	}
	dots, err := plotter.NewScatter(at)
	if err != nil {
		return err
	}
	dots.GlyphStyle = seriesGlyph(i)
	p.Add(dots)
	p.Legend.Add(name, dots)
	return nil
}

// shortened is a text of at most so many letters.
func shortened(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// branches are the lines of a tree: systems by row, mergers from left to right.
type branches struct {
	steps []merge.Step
	row   []float64 // of each system, then of each step
}

// newBranches orders the systems so that lines do not cross.
func newBranches(systems int, steps []merge.Step) (b branches, order []int) {
	b = branches{steps: steps, row: make([]float64, systems+len(steps))}
	parent := make([]bool, systems+len(steps))
	for _, s := range steps {
		parent[s.A], parent[s.B] = true, true
	}
	var visit func(v int)
	visit = func(v int) {
		if v < systems {
			b.row[v] = float64(len(order))
			order = append(order, v)
			return
		}
		s := steps[v-systems]
		visit(s.A)
		visit(s.B)
		b.row[v] = (b.row[s.A] + b.row[s.B]) / 2
	}
	for v := range slices.Backward(parent) {
		if !parent[v] {
			visit(v)
		}
	}
	return b, order
}

// Plot implements plot.Plotter.
func (b branches) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := draw.LineStyle{Color: chartInk, Width: vg.Points(0.8)}
	systems := len(b.row) - len(b.steps)
	start := func(v int) float64 {
		if v < systems {
			return 0
		}
		return float64(v - systems + 1)
	}
	for k, s := range b.steps {
		at := x(float64(k + 1))
		c.StrokeLines(style, []vg.Point{{X: x(start(s.A)), Y: y(b.row[s.A])}, {X: at, Y: y(b.row[s.A])}, {X: at, Y: y(b.row[s.B])}, {X: x(start(s.B)), Y: y(b.row[s.B])}})
	}
}

// DataRange implements plot.DataRanger.
func (b branches) DataRange() (xmin, xmax, ymin, ymax float64) {
	return 0, float64(len(b.steps)), 0, float64(len(b.row)-len(b.steps)) - 1
}

// afterSteps is a tick of the tree: how many mergers are made, and what share of
// patients they keep.
func (m *Mergers) afterSteps(v float64) string {
	k := int(v)
	if float64(k) != v || k < 1 || k > len(m.Tree) || !(m.Total > 0) {
		return chartNumber(v)
	}
	return fmt.Sprintf("%d (%.1f%%)", k, 100*m.Tree[k-1].Kept/m.Total)
}

// stepTicks are ticks of the tree, at most eight.
func (m *Mergers) stepTicks() (ticks plot.ConstantTicks) {
	every := 1
	for _, e := range []int{2, 5, 10, 20, 50, 100, 200, 500, 1000} {
		if len(m.Tree)/every >= 8 {
			every = e
		}
	}
	for k := 0; k <= len(m.Tree); k += every {
		ticks = append(ticks, plot.Tick{Value: float64(k), Label: m.afterSteps(float64(k))})
	}
	return ticks
}

// mergerTree is the tree of mergers: the one that gains most comes first.
func mergerTree(m Mergers) Chart {
	p := newChart(treeMessage(m.Tree, m.Total), joinLines("Mergers one at a time, the one that gains most first", m.Notice))
	p.X.Label.Text = "mergers made, and patients treated inside their system after them"
	p.X.Tick.Marker = m.stepTicks()
	b, order := newBranches(len(m.Names), m.Tree)
	var names []plot.Tick
	for row, system := range order {
		names = append(names, plot.Tick{Value: float64(row), Label: shortened(m.Names[system], 50)})
	}
	p.Add(b)
	p.Y.Tick.Marker = plot.ConstantTicks(names)
	widen(&p.Y, 0.01)
	return Chart{Name: "tree", Title: "Mergers one at a time", plot: p, width: 24 * vg.Centimeter, height: (3 + 0.42*vg.Length(len(order))) * vg.Centimeter}
}
