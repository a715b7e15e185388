package maps

import (
	"sync"

	"github.com/paulmach/orb"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/render/boundary"
	"stpmap/render/layer"
)

// Case is a partition with all that is known about it: what the layers and
// tables are made of. Slices by area and by provider follow the matrix's
// indices; those that may be nil say so.
type Case struct {
	Matrix    *flow.Matrix
	Partition footprint.Partition
	Measures  footprint.Measures

	AreaNames      []string // "" where not known
	ProviderNames  []string // nil in a one-mode matrix
	ProviderTypes  []string // such as "acute", "" where not known; nil if known of none
	FootprintNames []string // nil: made by Naming
	// Naming has what names are made of beyond AreaNames and Population.
	Naming     footprint.Naming
	Population []float64
	Points     []orb.Point   // of providers; NaN where not known; may be nil
	AreaPoints []orb.Point   // of areas, used where boundaries are none or approximate; may be nil
	Boundaries *boundary.Set // may be nil

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
}

// Map is a case to be drawn: it measures what its layers, tables and figures
// come from once, when the first of them asks.
type Map struct {
	Case
	measured func() *measured
}

// New makes the map of a case as it is now. The case's slices must not be written
// to afterwards; a case that differs is another map.
func New(c Case) *Map {
	m := &Map{Case: c}
	m.measured = sync.OnceValue(m.measure)
	return m
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
