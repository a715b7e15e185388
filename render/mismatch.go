package render

import "github.com/paulmach/orb"

// MismatchKind is how borders miss each other.
type MismatchKind string

// The kinds of mismatch.
const (
	Gap     MismatchKind = "gap"     // land between areas that belongs to none
	Overlap MismatchKind = "overlap" // land that belongs to several areas
)

// Mismatch is a place where the borders of areas that ought to be the same
// differ.
type Mismatch struct {
	Kind     MismatchKind
	Areas    []int // the areas around a gap, or that overlap, rising
	Geometry orb.MultiPolygon
	At       orb.Point // a position in it
	AreaKM2  float64
	LengthKM float64 // of its outline
	Closed   bool    // by BoundaryOptions.Clean
}

// Mismatches are the places where borders do not match, in the order of the
// areas concerned.
func (b *Boundaries) Mismatches() []Mismatch { return b.mismatches }
