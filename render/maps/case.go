package maps

import (
	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Case is a partition with all that is known about it: what the layers and
// tables are made of. Slices by area and by provider follow the matrix's
// indices; those that may be nil say so. A case keeps what it has measured for
// the next method that asks, so one at a time may be called, and a slice is
// replaced, not written to, between calls.
type Case struct {
	Matrix    *flow.Matrix
	Partition footprint.Partition
	Measures  footprint.Measures

	AreaNames      []string // "" where not known
	ProviderNames  []string // nil in a one-mode matrix
	ProviderTypes  []string // such as "acute", "" where not known; nil if known of none
	FootprintNames []string // nil: made of the names of the largest areas
	Population     []float64
	Points         []orb.Point   // of providers; NaN where not known; may be nil
	AreaPoints     []orb.Point   // of areas, used where boundaries are none or approximate; may be nil
	Boundaries     *boundary.Set // may be nil

	AreaConfidence     []float64 // share of resampled runs that agree, in [0, 1]; nil if not asked
	ProviderConfidence []float64
	// Demands are those that the partition was made under: an area's next best
	// footprint meets them.
	Demands footprint.Constraints

	// Borders tells how often resampled runs part neighbouring areas; nil if not
	// asked.
	Borders []BorderShare

	// Reference is a partition of the same matrix to show the difference from;
	// may be nil.
	Reference *footprint.Partition

	// Scores, by footprint, where the partition was scored; may be nil.
	Scores []Score

	// Indicators, where the partition was scored: a layer of their own; may be nil.
	Indicators []IndicatorColumn

	// SuppressBelow hides published cells under this many patients; 0 shows all.
	SuppressBelow float64
	// MinFlowShare drops flow lines that carry less than this share of their
	// area's patients; 0 keeps all.
	MinFlowShare float64
	// MaxFlowLines, above 0, raises MinFlowShare to the smallest of 0.01, 0.02,
	// 0.05, 0.1, 0.2 and 0.5 that leaves at most so many flow lines, or to the
	// last of them: nobody can tell 100,000 lines apart. 0 sets no limit.
	MaxFlowLines int

	About layer.About
	// NameMark ends every name in a table made of synthetic data; empty otherwise.
	NameMark string

	known     *mapped
	concealed *concealed
}

// Layers makes the layers of a case: scores where there are any, footprints,
// single indicators, areas, providers, flows, areas moved where there is a reference, and borders
// where their strength is known.
// Without boundaries the first two are left out, unless areas have points. The
// notes say, in sentences, what could not be drawn.
func (c *Case) Layers() (layers []layer.Layer, notes []string) {
	hidden := c.suppression()
	shapes := c.areaGeometries()
	if l, ok := c.footprintLayer(hidden); ok {
		if c.Scores != nil {
			layers = append(layers, scoreLayer(l))
		}
		layers = append(layers, l)
		if len(c.Indicators) > 0 {
			layers = append(layers, c.indicatorLayer(l))
		}
	}
	l, note := c.areaLayer(shapes, hidden)
	layers = append(layers, l)
	notes = append(notes, note...)
	if !c.Matrix.OneMode() {
		l, note = c.providerLayer(hidden)
		layers = append(layers, l)
		notes = append(notes, note...)
	}
	l, note = c.flowLayer(hidden)
	layers = append(layers, l)
	notes = append(notes, note...)
	if c.Reference != nil {
		layers = append(layers, c.movedLayer(shapes))
	}
	if l, ok := c.borderLayer(); ok {
		layers = append(layers, l)
	}
	for i := range layers {
		layers[i].About = c.About
		if kind := layer.KindOf(layers[i].Geometry); kind == layer.AreaKind || layers[i].Name == "borders" {
			layers[i].Title = c.titled(layers[i].Title)
		}
	}
	c.style(layers)
	return layers, notes
}

// titled marks the title of a layer whose polygons are no true boundaries.
func (c *Case) titled(title string) string {
	if c.Boundaries != nil && c.Boundaries.Approximate() {
		return title + " (approximate)"
	}
	return title
}

// named ends a name with the mark of synthetic data, once.
func (c *Case) named(name string) string {
	if c.NameMark == "" || name == "" || len(name) >= len(c.NameMark) && name[len(name)-len(c.NameMark):] == c.NameMark {
		return name
	}
	return name + c.NameMark
}
