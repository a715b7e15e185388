package flow

// Hidden adds up the counts that are left out of one published total because
// each is too small to publish. The zero value has none.
//
// Whoever knows a total and what is shown of it knows the rest. The rest gives a
// count away if it is a single one, or if all of it is small (primary and
// secondary suppression: Hundepool et al. 2012, Statistical Disclosure Control,
// chapter 4, doi:10.1002/9781118348239).
type Hidden struct {
	Counts   int     // number of counts left out
	Patients float64 // their sum, 0 or more
}

// Add leaves out one more count, of 0 patients or more.
func (h *Hidden) Add(patients float64) { h.Counts, h.Patients = h.Counts+1, h.Patients+patients }

// Tells reports whether the total less what is shown gives a count away. Counts
// under limit patients are small.
func (h *Hidden) Tells(limit float64) bool {
	return h.Counts == 1 || h.Counts > 1 && h.Patients < limit
}
