package flow

// Containment is what one set of areas and providers (a footprint, or any
// other group) keeps of its patients. Indices and shares use Count.Value: a
// suppressed cell counts with its midpoint, never as 0.
type Containment struct {
	Resident Count // patients who live in its areas, wherever treated
	Treated  Count // patients of its providers, wherever they live
	Inside   Count // patients who do both
}

// LocalisationIndex is the share of residents' visits made inside, in [0, 1]:
//
//	LI_c = Σ_{i∈c, j∈c} F_ij / Σ_{i∈c, j} F_ij
//
// ok is false where nobody lives in the areas or none of them was a patient:
// the index is then undefined. Known to labour market researchers as
// supply-side self-containment (Klauss et al. 2005, doi:10.1186/1472-6963-5-33).
func (c Containment) LocalisationIndex() (li float64, ok bool) {
	return ratio(c.Inside.Value, c.Resident.Value)
}

// MarketShareIndex is the share of providers' visits that residents make, in
// [0, 1]:
//
//	MSI_c = Σ_{i∈c, j∈c} F_ij / Σ_{i, j∈c} F_ij
//
// ok is false where the providers have no patients.
func (c Containment) MarketShareIndex() (msi float64, ok bool) {
	return ratio(c.Inside.Value, c.Treated.Value)
}

// LocalisationBounds are the least and the greatest localisation index that the
// bounds of the counts allow, each pair's count taken by itself; both are the
// index where nothing was suppressed. ok is false where the index is undefined.
func (c Containment) LocalisationBounds() (lower, upper float64, ok bool) {
	return c.Inside.ShareBounds(c.Resident)
}

// MarketShareBounds are the same of the market share index.
func (c Containment) MarketShareBounds() (lower, upper float64, ok bool) {
	return c.Inside.ShareBounds(c.Treated)
}

// Leakage is the share of residents' visits made elsewhere, 1 − LI.
func (c Containment) Leakage() (leakage float64, ok bool) {
	return ratio(c.Resident.Value-c.Inside.Value, c.Resident.Value)
}

// ImportRate is the share of providers' visits made by people from elsewhere,
// 1 − MSI.
func (c Containment) ImportRate() (rate float64, ok bool) {
	return ratio(c.Treated.Value-c.Inside.Value, c.Treated.Value)
}

// NetFlow is the inflow from elsewhere for each patient who leaves:
//
//	(Treated − Inside) / (Resident − Inside)
//
// Above 1 the group takes in more patients than it sends out (Klauss et al.
// 2005). ok is false where nobody leaves.
func (c Containment) NetFlow() (net float64, ok bool) {
	return ratio(c.Treated.Value-c.Inside.Value, c.Resident.Value-c.Inside.Value)
}

// SelfContainment is the lesser of the localisation and the market share index,
// the measure of travel-to-work areas. ok is false unless both are defined.
func (c Containment) SelfContainment() (sc float64, ok bool) {
	li, ok1 := c.LocalisationIndex()
	msi, ok2 := c.MarketShareIndex()
	return min(li, msi), ok1 && ok2
}

// Conductance is the share of a group's volume that crosses its boundary,
// against the smaller side, in [0, 1]:
//
//	cut(c) / min(vol(c), vol(rest))
//
// with vol(c) = Resident + Treated, and total the number of patients in the
// whole matrix (Pinheiro et al. 2019, arXiv:1912.08921). ok is false where one
// side has no volume.
func (c Containment) Conductance(total float64) (phi float64, ok bool) {
	cut := c.Resident.Value + c.Treated.Value - float64(2*c.Inside.Value)
	vol := c.Resident.Value + c.Treated.Value
	return ratio(cut, min(vol, float64(2*total)-vol))
}

func ratio(num, den float64) (float64, bool) {
	if !(den > 0) {
		return 0, false
	}
	return num / den, true
}

// Containments sums the flow matrix by group. areas[i] and providers[j] give
// the group of each area and provider, in [0, n), or a negative number for
// none. For a one-mode matrix providers may be nil: the places' groups serve
// for both. The sums run in index order, so the same groups give the same bits.
func (m *Matrix) Containments(areas, providers []int32, n int) []Containment {
	if m.oneMode && providers == nil {
		providers = areas
	}
	cs := make([]Containment, n)
	for a, g := range areas {
		ps, _ := m.Row(a)
		off := m.RowOffset(a)
		for i, p := range ps {
			h := providers[p]
			if g < 0 && h < 0 {
				continue
			}
			c := m.Cell(off + i)
			if g >= 0 {
				cs[g].Resident = cs[g].Resident.Plus(c)
			}
			if h >= 0 {
				cs[h].Treated = cs[h].Treated.Plus(c)
			}
			if g >= 0 && g == h {
				cs[g].Inside = cs[g].Inside.Plus(c)
			}
		}
	}
	if m.decimals > 0 {
		for g := range cs {
			c := &cs[g]
			c.Resident, c.Treated, c.Inside = m.tidyCount(c.Resident), m.tidyCount(c.Treated), m.tidyCount(c.Inside)
		}
	}
	return cs
}
