package maps

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"stpmap/footprint"
	"stpmap/footprint/merge"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Mergers are today's systems and the map that merges them.
type Mergers struct {
	Problem    *merge.Problem
	Groups     [][]int32 // unions of systems, in the order of IDs
	IDs        []string
	Names      []string // of today's systems
	Boundaries *boundary.Set
	About      layer.About
}

// Layers are the new borders, those of today that go, and the new systems
// coloured by what each gains.
func (m *Mergers) Layers() []layer.Layer {
	today, merged := m.groups()
	union := map[int]int32{}
	for i, s := range today {
		union[int(s)] = merged[i]
	}
	return []layer.Layer{
		m.borders("new_borders", "Borders of the merged map", merged, m.IDs, func(_, _ int) bool { return true }, layer.Style{Colour: "#1a1a1a", Width: 0.7}),
		m.borders("old_borders", "Borders that go", today, m.Problem.Today.IDs, func(a, b int) bool { return union[a] == union[b] }, layer.Style{Colour: "#5a5a5a", Width: 0.25}),
		m.systems(merged),
	}
}

// groups are today's system and the union of each boundary, −1 for none.
func (m *Mergers) groups() (today, merged []int32) {
	of := make([]int32, m.Problem.Systems)
	for g, members := range m.Groups {
		for _, s := range members {
			of[s] = int32(g)
		}
	}
	for _, code := range m.Boundaries.Codes() {
		s, g := int32(footprint.Unplaced), int32(footprint.Unplaced)
		if a, ok := m.Problem.Matrix.AreaIndex(code); ok {
			s = m.Problem.Today.Areas[a]
			g = of[s]
		}
		today, merged = append(today, s), append(merged, g)
	}
	return today, merged
}

// borders are the lines between groups that are wanted, as one layer.
func (m *Mergers) borders(name, title string, group []int32, ids []string, wanted func(a, b int) bool, style layer.Style) layer.Layer {
	l := layer.Layer{
		Name: name, Title: title, Geometry: "MultiLineString", About: m.About, Style: style,
		Fields: []layer.Field{{Name: "a", Alias: "System", Type: layer.Text}, {Name: "b", Alias: "Neighbour", Type: layer.Text}},
	}
	for _, b := range m.Boundaries.GroupBorders(group) {
		if b.A >= 0 && b.B >= 0 && wanted(b.A, b.B) {
			l.Features = append(l.Features, layer.Feature{ID: ids[b.A] + "-" + ids[b.B], Geometry: b.Line, Values: []any{ids[b.A], ids[b.B]}})
		}
	}
	return l
}

// gainClasses are upper ends of the classes of gain, in percentage points.
var gainClasses = []float64{0.1, 0.25, 0.5, 1, 2}

// systems are the merged systems with what each gains, in percentage points.
func (m *Mergers) systems(merged []int32) layer.Layer {
	l := layer.Layer{
		Name: "merged", Title: "Merged systems", Geometry: "MultiPolygon", About: m.About,
		Fields: []layer.Field{
			{Name: "footprint", Alias: "System", Type: layer.Text},
			{Name: "systems", Alias: "Today's systems", Type: layer.Text},
			{Name: "mergers", Alias: "Systems merged", Type: layer.Integer},
			{Name: "gain_points", Alias: "Gain (points of all patients)", Type: layer.Real},
			{Name: "patients_gained", Alias: "Patients who would no longer leave", Type: layer.Real},
			{Name: "population", Alias: "People", Type: layer.Real},
			{Name: "localisation_index", Alias: "Localisation index", Type: layer.Real},
		},
	}
	most := gainClasses[len(gainClasses)-1]
	for g, shape := range m.Boundaries.Dissolve(merged, len(m.Groups)) {
		if shape == nil {
			continue
		}
		w := m.Problem.Weigh(m.Groups[g])
		most = max(most, 100*w.Gain)
		l.Features = append(l.Features, layer.Feature{ID: m.IDs[g], Geometry: orb.Geometry(shape), Values: []any{
			m.IDs[g], m.names(m.Groups[g]), int64(len(m.Groups[g])), 100 * w.Gain, w.Patients, layer.Known(w.People), layer.Known(w.Localisation),
		}})
	}
	l.Style = gainStyle(most)
	return l
}

// names are the names of systems, in a line.
func (m *Mergers) names(systems []int32) string {
	var list []string
	for _, s := range systems {
		name := m.Names[s]
		if name == "" {
			name = m.Problem.Name(s)
		}
		list = append(list, name)
	}
	return strings.Join(list, "; ")
}

// gainStyle colours systems by gain: those that stay as they are are pale.
func gainStyle(most float64) layer.Style {
	s := layer.Style{Kind: layer.StyleGraduated, Field: "gain_points", LabelField: "footprint", LegendTitle: "Patients who would no longer leave (points of all patients)", Outline: "#ffffff", Width: 0.1}
	colours := layer.Gains()
	s.Classes = []layer.Class{{Lower: 0, Upper: 0, Label: "stays as it is, or gains nothing", Colour: colours[0]}}
	low := 0.0
	for i, high := range append(append([]float64{}, gainClasses...), most) {
		if high > low {
			label := fmt.Sprintf("%v to %v", low, high)
			switch {
			case i == len(gainClasses):
				label = fmt.Sprintf("over %v", low)
			case low == 0:
				label = fmt.Sprintf("up to %v", high)
			}
			s.Classes = append(s.Classes, layer.Class{Lower: low, Upper: high, Label: label, Colour: colours[i+1]})
		}
		low = high
	}
	return s
}
