package footprint

// What a footprint must be at the least to count as a health system, unless
// Constraints say otherwise.
const (
	// LeastLocalisation is the share of its residents' patients that it treats.
	LeastLocalisation = 0.2
	// LeastOfMean is its residents' patients as a share of the mean footprint's.
	LeastOfMean = 0.01
)

// Floor is the least localisation index of a footprint, and its least size as a
// share of the mean footprint's patients. Both are 0 where AllowDegenerate or
// AllowSingleKind lifts the floor, and in a one-mode matrix, of whose footprints
// only connectedness is asked. MinLocalisation, where given, is the floor of the
// index. A footprint that exchanges patients with no other is exempt: nothing
// could hold it.
func (c *Constraints) Floor(oneMode bool) (localisation, ofMean float64) {
	switch {
	case c.AllowDegenerate, c.AllowSingleKind, oneMode:
		return c.MinLocalisation, 0
	case c.MinLocalisation > 0:
		return c.MinLocalisation, LeastOfMean
	}
	return LeastLocalisation, LeastOfMean
}
