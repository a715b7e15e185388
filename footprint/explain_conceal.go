package footprint

import (
	"slices"

	"stpmap/flow"
)

// concealed leaves out exchanges of fewer patients than may be said, and the
// smallest others of which the total would give those away, but never a larger
// one with the node's own footprint. tells reports that this was not enough.
// The list is in the order of falling shares.
func concealed(list []Exchange, own string, limit float64) (shown []Exchange, tells bool) {
	var hidden flow.Hidden
	shown = slices.DeleteFunc(slices.Clone(list), func(e Exchange) bool {
		if e.Patients > 0 && e.Patients < limit {
			hidden.Add(e.Patients)
		}
		return e.Patients < limit
	})
	for i := len(shown) - 1; i >= 0 && hidden.Tells(limit); i-- {
		if shown[i].Footprint != own {
			hidden.Add(shown[i].Patients)
			shown = slices.Delete(shown, i, i+1)
		}
	}
	return shown, hidden.Tells(limit)
}

// listed reports whether a list of exchanges has one with a footprint.
func listed(list []Exchange, id string) bool {
	return slices.ContainsFunc(list, func(e Exchange) bool { return e.Footprint == id })
}

// Conceal leaves out the exchanges from which a count under limit could be
// worked out, and names the keys of the explanation's JSON that must be null
// for the same reason: a share times a known total is a count, and so is a gain
// of modularity.
func (ex NodeExplanation) Conceal(limit float64) (NodeExplanation, []string) {
	var secret []string
	shown, tells := concealed(ex.Exchanges, ex.Footprint, limit)
	if tells {
		shown = []Exchange{} // the share that stays would give away the rest
	}
	if tells || ex.Patients > 0 && ex.Patients < limit {
		secret = append(secret, "patients")
	}
	if ex.NextBest != "" && !listed(shown, ex.NextBest) {
		secret = append(secret, "next_best_gain")
	}
	ex.Exchanges = shown
	return ex, secret
}

// Conceal does the same for a footprint.
func (ex FootprintExplanation) Conceal(limit float64) (FootprintExplanation, []string) {
	small := func(n float64) bool { return n > 0 && n < limit }
	var secret []string
	if small(ex.Resident) {
		secret = append(secret, "patients_resident")
	}
	if small(ex.Treated) {
		secret = append(secret, "patients_treated")
	}
	out, tellsOut := concealed(ex.Out, "", limit)
	in, tellsIn := concealed(ex.In, "", limit)
	if tellsOut || tellsIn || small(ex.Inside) {
		secret = append(secret, "patients_inside", "localisation_index", "market_share_index")
	}
	if small(ex.weakestInside) || small(ex.weakestOutside) {
		secret = append(secret, "weakest_area_share")
	}
	if ex.Partner != "" && (listed(ex.Out, ex.Partner) && !listed(out, ex.Partner) || listed(ex.In, ex.Partner) && !listed(in, ex.Partner)) {
		secret = append(secret, "merge_gain")
	}
	ex.Out, ex.In = out, in
	return ex, secret
}
