package rule

import (
	"context"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/grouping"
	"stpmap/footprint/internal/region"
)

// HSARule says which tradition an HSA follows.
type HSARule int8

// The rules of HSA.
const (
	// DartmouthHSA makes hospital service areas: areas by the plurality of
	// their patients.
	DartmouthHSA HSARule = iota
	// DartmouthHRR groups those into hospital referral regions.
	DartmouthHRR
	// SwissHSA asks that service areas treat enough of their own patients.
	SwissHSA
)

// String is the name that ParseHSARule reads.
func (r HSARule) String() string {
	switch r {
	case DartmouthHSA:
		return "dartmouth-hsa"
	case DartmouthHRR:
		return "dartmouth-hrr"
	case SwissHSA:
		return "swiss-hsa"
	}
	return "unknown rule"
}

// HSA makes hospital service areas and referral regions.
//
// DartmouthHSA (Wennberg and Gittelsohn 1973, doi:10.1126/science.182.4117.1102;
// The Dartmouth Atlas of Health Care, appendix on the geography of health care)
// puts each area to the town whose providers treat the plurality of its
// patients. A town is the providers that one area hosts. A town whose own area
// goes elsewhere is no candidate: it and the areas that chose it go there too.
// Under Constraints.Contiguous, islands (areas that no chain of borders
// connects with their town) are put to the town, of those they border, that
// treats the most of their patients.
//
// DartmouthHRR takes those service areas to the one where most of their
// referral patients go, among the service areas that treat at least
// MinProcedures of them, and then merges, smallest first, each region below
// MinRegion people or with less than MinInside of its patients treated inside
// into the region that treats most of those who leave.
//
// SwissHSA (Haynes, Wertli and Aujesky 2020, doi:10.1111/1475-6773.13275, with
// their R package HSAr; after Klauss et al. 2005, doi:10.1186/1472-6963-5-33)
// begins with each area that hosts a provider
// as a service area of its own, lets it absorb the neighbours whose patients
// mostly go there, and merges service areas that have a localisation index
// below Threshold or treat fewer than MinInterventions into the one that
// treats most of their patients.
//
// In a one-mode matrix each place is a town. More Footprints than the rule
// gives cannot be had; if fewer are wanted, the smallest merge on, by
// population where it is known, into the one that treats most of those who
// leave. All Constraints are honoured, some by refusal with an
// *InfeasibleError. The zero value makes Dartmouth service areas. Start matters only to Fixed.
type HSA struct {
	Rule HSARule
	// Host is the area in which each provider lies, by index. Where it is nil,
	// each provider is a town of its own under DartmouthHSA and DartmouthHRR,
	// and under SwissHSA lies in the area that sends it the most patients, as
	// it does where an entry is negative.
	Host []int32

	// Referral are the patients whose choice makes referral regions (in the
	// Atlas: major cardiovascular surgery and neurosurgery), over the same
	// codes. nil: service areas merge only as far as MinRegion and MinInside
	// demand.
	Referral *flow.Matrix
	// MinProcedures is how many referral patients a service area must treat to
	// be a centre; 0 means 10.
	MinProcedures float64
	// MinRegion is the least population of a referral region; 0 means 120,000,
	// below 0 none. It needs Constraints.Population.
	MinRegion float64
	// MinInside is the least localisation index of a referral region; 0 means
	// 0.65, below 0 none.
	MinInside float64

	// Threshold is the least localisation index of a Swiss service area; 0
	// means 0.4, below 0 none. HSAr's documentation says 0.5, its code 0.4.
	Threshold float64
	// MinInterventions is how many patients a Swiss service area must treat;
	// 0 means 10, below 0 none.
	MinInterventions float64

	Constraints footprint.Constraints
	Progress    footprint.Progress // nil is silent
}

var _ footprint.Method = HSA{}

// mostLeave values a region by how many who leave it are treated there. Where
// nobody leaves, by how many come from there.
func mostLeave(g *region.Merging, i int32, l region.Link) float64 {
	if r := &g.Regions[i]; r.Out > r.Inside {
		return l.Out
	}
	return l.In
}

// Partition implements Method.
func (h HSA) Partition(ctx context.Context, m *flow.Matrix) (footprint.Partition, error) {
	c, f, err := h.rules()
	if err != nil {
		return footprint.Partition{}, err
	}
	d, err := region.NewDemands(m, c)
	if err != nil {
		return footprint.Partition{}, err
	}
	if h.Progress != nil {
		h.Progress.Stage(h.Rule.String(), 0)
	}
	label, n, err := h.serviceAreas(d)
	if err != nil {
		return footprint.Partition{}, err
	}
	if h.Rule == DartmouthHRR && h.Referral != nil {
		if label, n, err = h.referralRegions(d, label, n); err != nil {
			return footprint.Partition{}, err
		}
	}
	label, _, err = d.Finish(ctx, label, n, f)
	if err != nil {
		return footprint.Partition{}, err
	}
	return d.Partition(label), nil
}

// rules are the demands with those of the rule added, and how regions merge.
func (h *HSA) rules() (c footprint.Constraints, f region.Finishing, err error) {
	if h.Rule < DartmouthHSA || h.Rule > SwissHSA {
		return c, f, footprint.BadParameter("rule %d is not one of the %d of hsa", h.Rule, SwissHSA+1)
	}
	c, f = h.Constraints, region.Finishing{Value: mostLeave, Smallest: true}
	switch h.Rule {
	case DartmouthHRR:
		least := orDefault(h.MinRegion, 120000)
		if least > 0 && c.Population == nil {
			return c, f, footprint.Infeasible("referral regions of at least %.0f people need the population of the areas", least)
		}
		c.MinPopulation = max(c.MinPopulation, least)
		c.MinLocalisation = max(c.MinLocalisation, orDefault(h.MinInside, 0.65))
	case SwissHSA:
		threshold, least := orDefault(h.Threshold, 0.4), orDefault(h.MinInterventions, 10)
		if threshold > 1 {
			return c, f, footprint.BadParameter("threshold must lie in [0, 1], not %v", threshold)
		}
		f.Demand = "reach the threshold of the localisation index and the least interventions"
		f.Bad = func(r *region.Region) (float64, bool) {
			li := r.Localisation()
			// What exchanges patients with nobody has nowhere to go.
			return li, len(r.Links) > 0 && (li < threshold || r.In < least)
		}
	}
	return c, f, nil
}

// orDefault is the default for 0, and 0 for what is below.
func orDefault(x, value float64) float64 {
	switch {
	case x == 0:
		return value
	case x < 0:
		return 0
	}
	return x
}

// serviceAreas labels nodes by the plurality rule.
func (h *HSA) serviceAreas(d *region.Demands) ([]int32, int, error) {
	var hosts []int32
	if d.Providers > 0 && (h.Host != nil || h.Rule == SwissHSA) {
		var err error
		if hosts, err = hostsOf(d, h.Host); err != nil {
			return nil, 0, err
		}
	}
	t := newTowns(d, hosts, h.Rule == SwissHSA)
	t.fill()
	t.failed()
	return t.label, grouping.Compact(t.label, t.n+d.Nodes()), nil
}

// failed lets each town whose host area belongs to another follow it, if the
// limits allow.
func (t *towns) failed() {
	room := t.newRoom()
	follows := grouping.NewSets(t.n + t.d.Nodes())
	for c, h := range t.host {
		if h < 0 {
			continue
		}
		from, to := follows.Find(int32(c)), follows.Find(t.label[h])
		if from == to || int(to) >= t.n || !room.fitsAll(from, to) {
			continue
		}
		follows.Attach(from, to)
		room.people[to] += room.people[from]
		room.out[to] += room.out[from]
		room.tags[to] = append(room.tags[to], room.tags[from]...)
	}
	for v, l := range t.label {
		if l >= 0 {
			t.label[v] = follows.Find(l)
		}
	}
}

// fitsAll reports whether a town may take another whole.
func (r *room) fitsAll(from, to int32) bool {
	return r.t.d.Fits(r.people[from]+r.people[to], r.out[from]+r.out[to]) && !region.Clash(r.tags[from], r.tags[to])
}

// referralRegions joins each service area to the centre that treats most of
// its referral patients. A centre whose own patients go elsewhere follows them.
func (h *HSA) referralRegions(d *region.Demands, label []int32, n int) ([]int32, int, error) {
	r, err := h.referrals(d, label, n)
	if err != nil {
		return nil, 0, err
	}
	regions := grouping.NewSets(n)
	for c := range r.areas {
		if to := r.centre(int32(c)); to >= 0 {
			regions.Union(int32(c), to)
		}
	}
	out := make([]int32, len(label))
	for v, l := range label {
		out[v] = regions.Find(l)
	}
	return out, grouping.Compact(out, n), nil
}

// referrals are the referral patients by service area.
type referrals struct {
	m        *flow.Matrix
	provider []int32   // service area of each provider of m; -1 for none
	areas    [][]int32 // areas of m in each service area
	treated  []float64 // by service area
	least    float64   // what a centre must treat
	sent     []float64 // room: patients of the area in hand, by where they are treated
}

func (h *HSA) referrals(d *region.Demands, label []int32, n int) (*referrals, error) {
	m := h.Referral
	if m.OneMode() != d.Matrix.OneMode() {
		return nil, footprint.BadParameter("referral flows and flows must both be one-mode or both not")
	}
	areas := labelsOf(m.Areas(), d.Matrix.AreaIndex, label)
	r := &referrals{m: m, provider: areas, areas: make([][]int32, n), treated: make([]float64, n), least: h.MinProcedures, sent: make([]float64, n)}
	if r.least == 0 {
		r.least = 10
	}
	if !m.OneMode() {
		r.provider = labelsOf(m.Providers(), d.Matrix.ProviderIndex, label[d.Areas:])
	}
	for p, c := range r.provider {
		if c >= 0 {
			r.treated[c] += m.ColumnTotal(p)
		}
	}
	for a, c := range areas {
		if c >= 0 {
			r.areas[c] = append(r.areas[c], int32(a))
		}
	}
	return r, nil
}

// labelsOf finds the labels of codes; -1 for those that are not known.
func labelsOf(codes []string, find func(string) (int, bool), label []int32) []int32 {
	labels := make([]int32, len(codes))
	for i, c := range codes {
		labels[i] = -1
		if k, ok := find(c); ok {
			labels[i] = label[k]
		}
	}
	return labels
}

// centre is the centre that treats most of a service area's referral patients,
// ties to the lowest; -1 where none does.
func (r *referrals) centre(c int32) int32 {
	var touched []int32
	for _, a := range r.areas[c] {
		ps, ws := r.m.Row(int(a))
		for k, p := range ps {
			to := r.provider[p]
			if to < 0 || r.treated[to] < r.least {
				continue
			}
			if r.sent[to] == 0 {
				touched = append(touched, to)
			}
			r.sent[to] += ws[k]
		}
	}
	slices.Sort(touched)
	best := int32(-1)
	for _, to := range touched {
		if best < 0 || r.sent[to] > r.sent[best] {
			best = to
		}
	}
	for _, to := range touched {
		r.sent[to] = 0
	}
	return best
}

// ParseHSARule finds a rule by its String.
func ParseHSARule(s string) (HSARule, bool) {
	for r := DartmouthHSA; r <= SwissHSA; r++ {
		if r.String() == s {
			return r, true
		}
	}
	return 0, false
}
