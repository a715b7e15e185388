package footprint

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint/internal/wording"
)

// Exchange is what an area, a provider or a footprint exchanges with one
// footprint.
type Exchange struct {
	Footprint string  `json:"footprint"`
	Patients  float64 `json:"patients"` // published; flow between the two
	Lower     float64 `json:"patients_lower"`
	Upper     float64 `json:"patients_upper"` // bounds with those not published
	Share     float64 `json:"share"`          // of all its patients
	// Gain is the change of modularity if it moved there, at the explanation's
	// resolution; 0 for where it lies. Negative means that it lies better where
	// it is.
	Gain float64 `json:"gain"`
}

// NodeExplanation says why an area or provider lies where it lies.
type NodeExplanation struct {
	Kind      string  `json:"kind"` // "area" or "provider"
	Code      string  `json:"code"`
	Footprint string  `json:"footprint"` // "" if unplaced
	Patients  float64 `json:"patients"`  // published
	// Exchanges lists the footprints that it exchanges patients with, the
	// largest first. In a one-mode matrix they are of both directions, without
	// those who stay in the place itself.
	Exchanges []Exchange `json:"exchanges"`
	// NextBest is the other footprint that NextPlaces finds; "" if there is none.
	NextBest     string  `json:"next_best"`
	NextBestGain float64 `json:"next_best_gain"`
	Resolution   float64 `json:"resolution"`
	// Blocked is the other footprint that it exchanges most with, if the demands
	// rule that one out; "" if they do not. Binding lists the demands that moving
	// it there would leave unmet; as Bind finds them.
	Blocked string   `json:"blocked"`
	Binding []Breach `json:"binding"`
	// Confidence is the share of resampled runs that agree, in [0, 1]; nil where
	// it is not known.
	Confidence *float64 `json:"confidence"`
	oneMode    bool
}

// Bind looks for the next best footprint of p within the demands of cs, and
// notes those that the move would leave unmet where there is none.
func (ex *NodeExplanation) Bind(m *flow.Matrix, p Partition, node int, cs Constraints) {
	ex.NextBest, ex.NextBestGain, ex.Blocked, ex.Binding = "", 0, "", []Breach{}
	if to := NewNextPlaces(m, p, cs).Of(node); to >= 0 {
		ex.NextBest = p.IDs[to]
	}
	most := ""
	for _, e := range ex.Exchanges {
		if e.Footprint == ex.Footprint {
			continue
		}
		if most == "" {
			most = e.Footprint
		}
		if e.Footprint == ex.NextBest {
			ex.NextBestGain = e.Gain
			if e.Share == shareOf(ex.Exchanges, most) {
				most = e.Footprint
			}
		}
	}
	if most != ex.NextBest {
		ex.Blocked = most
		to := slices.Index(p.IDs, most)
		ex.Binding = append(ex.Binding, Breaches(m, p, p.Move(node, int32(to)), cs)...)
	}
}

func shareOf(exchanges []Exchange, id string) float64 {
	for _, e := range exchanges {
		if e.Footprint == id {
			return e.Share
		}
	}
	return 0
}

// ChangeSentence says what a change, such as "Moving it to F02", would leave
// unmet; "" if nothing.
func ChangeSentence(change string, binding []Breach) string {
	if len(binding) == 0 {
		return ""
	}
	s := change + " would "
	for i, b := range binding {
		if i > 0 && i == len(binding)-1 {
			s += ", and "
		} else if i > 0 {
			s += ", "
		}
		s += b.Words
		if b.Already {
			s += " (as it is now)"
		}
	}
	return s + "."
}

// ExplainNode explains a node of a partition: an area's index, or the number of
// areas plus a provider's index. Gains are of Newman's modularity at the given
// resolution: with W patients in all, w_vc the flow between v and c, s_v its
// strength and K_c the strength of c,
//
//	ΔQ(v: c → d) = (w_vd − w_vc)/W − γ s_v (K_d − K_c + s_v)/(2W²)
func ExplainNode(m *flow.Matrix, p Partition, node int, resolution float64) NodeExplanation {
	nA := len(m.Areas())
	n := p.Len()
	strength := make([]float64, n)
	total := m.Total().Value
	nodeStrength := func(a int) float64 {
		if m.OneMode() {
			return m.RowTotal(a) + m.ColumnTotal(a)
		}
		return m.RowTotal(a)
	}
	for a, f := range p.Areas {
		if f >= 0 {
			strength[f] += nodeStrength(a)
		}
	}
	for j, f := range p.Providers {
		if f >= 0 {
			strength[f] += m.ColumnTotal(j)
		}
	}
	flows := make([]float64, n)
	counts := make([]flow.Count, n)
	add := func(f int32, c flow.Count) {
		if f >= 0 {
			flows[f] += c.Value
			counts[f] = counts[f].Plus(c)
		}
	}
	ex := NodeExplanation{Resolution: resolution, Binding: []Breach{}, oneMode: m.OneMode()}
	own := int32(Unplaced)
	s := 0.0
	if node < nA {
		ex.Kind, ex.Code = "area", m.Areas()[node]
		own, s = p.Areas[node], nodeStrength(node)
		ex.Patients = m.RowCount(node).Published
		providers := p.Providers
		if m.OneMode() {
			providers = p.Areas
			as, _ := m.Column(node)
			for _, a := range as {
				if int(a) != node {
					add(p.Areas[a], m.At(int(a), node))
				}
			}
		}
		ps, _ := m.Row(node)
		off := m.RowOffset(node)
		for i, j := range ps {
			if !m.OneMode() || int(j) != node {
				add(providers[j], m.Cell(off+i))
			}
		}
	} else {
		j := node - nA
		ex.Kind, ex.Code = "provider", m.Providers()[j]
		own, s = p.Providers[j], m.ColumnTotal(j)
		ex.Patients = m.ColumnCount(j).Published
		as, _ := m.Column(j)
		for _, a := range as {
			add(p.Areas[a], m.At(int(a), j))
		}
	}
	sum := 0.0
	for _, w := range flows {
		sum += w
	}
	ownFlow, ownStrength := 0.0, s
	if own >= 0 {
		ex.Footprint = p.IDs[own]
		ownFlow, ownStrength = flows[own], strength[own]
	}
	for f := range n {
		if flows[f] == 0 && int32(f) != own {
			continue
		}
		e := Exchange{Footprint: p.IDs[f], Patients: counts[f].Published, Lower: counts[f].Lower, Upper: counts[f].Upper}
		if sum > 0 {
			e.Share = flows[f] / sum
		}
		if int32(f) != own {
			e.Gain = (flows[f]-ownFlow)/total - resolution*s*(strength[f]-ownStrength+s)/(2*total*total)
		}
		ex.Exchanges = append(ex.Exchanges, e)
	}
	slices.SortStableFunc(ex.Exchanges, func(a, b Exchange) int { return cmp.Compare(b.Share, a.Share) })
	ex.Bind(m, p, node, Constraints{})
	return ex
}

// Sentences puts the explanation in words.
func (ex NodeExplanation) Sentences(name string) []string {
	who := ex.Kind + " " + ex.Code
	if name != "" {
		who += " (" + name + ")"
	}
	if ex.Footprint == "" {
		return []string{fmt.Sprintf("%s is in no footprint.", who)}
	}
	verb, rest := "of its residents' care is given there", "of it is given in"
	if ex.Kind == "provider" {
		verb, rest = "of its patients live there", "of them live in"
	}
	if ex.oneMode {
		verb, rest = "of its exchange with other places is with those there", "of it is with"
	}
	own := 0.0
	for _, e := range ex.Exchanges {
		if e.Footprint == ex.Footprint {
			own = e.Share
		}
	}
	out := []string{fmt.Sprintf("%s lies in %s: %.1f%% %s.", who, ex.Footprint, 100*own, verb)}
	said := 0
	for _, e := range ex.Exchanges {
		if e.Footprint == ex.Footprint || said == 3 {
			continue
		}
		out = append(out, fmt.Sprintf("%.1f%% %s %s.", 100*e.Share, rest, e.Footprint))
		said++
	}
	by := fmt.Sprintf(" by %.2g", math.Abs(ex.NextBestGain))
	switch {
	case ex.NextBest == "" && ex.Blocked == "":
		out = append(out, "It exchanges patients with no other footprint.")
	case ex.NextBest == "":
		out = append(out, "No other footprint that it exchanges patients with could take it.")
	case ex.NextBestGain < 0:
		out = append(out, fmt.Sprintf("The next best place is %s: moving there would lower modularity (γ = %g)%s.", ex.NextBest, ex.Resolution, by))
	default:
		out = append(out, fmt.Sprintf("By flow alone %s would be better: moving there would raise modularity (γ = %g)%s; a demand or the wanted number of footprints keeps it here.", ex.NextBest, ex.Resolution, by))
	}
	if s := ChangeSentence("Moving it to "+ex.Blocked, ex.Binding); s != "" {
		out = append(out, s)
	}
	if ex.Confidence != nil {
		out = append(out, fmt.Sprintf("Of the resampled runs, %.1f%% agree that it lies there.", 100**ex.Confidence))
	}
	return out
}

// FootprintExplanation says what holds a footprint together.
type FootprintExplanation struct {
	Footprint         string     `json:"footprint"`
	Areas             []string   `json:"areas"`
	Providers         []string   `json:"providers"`
	Population        *float64   `json:"population"`
	Resident          float64    `json:"patients_resident"`
	Treated           float64    `json:"patients_treated"`
	Inside            float64    `json:"patients_inside"`
	LocalisationIndex *float64   `json:"localisation_index"`
	LocalisationLower *float64   `json:"localisation_index_lower"`
	LocalisationUpper *float64   `json:"localisation_index_upper"`
	MarketShareIndex  *float64   `json:"market_share_index"`
	MarketShareLower  *float64   `json:"market_share_index_lower"`
	MarketShareUpper  *float64   `json:"market_share_index_upper"`
	Out               []Exchange `json:"out"` // where residents go who leave, the most first
	In                []Exchange `json:"in"`  // where patients come from who arrive, the most first
	// Weakest is the member area with the lowest share of its patients inside.
	Weakest      string  `json:"weakest_area"`
	WeakestShare float64 `json:"weakest_area_share"`
	oneMode      bool
	// Partner is the footprint it exchanges most with, and MergeGain the change
	// of modularity if the two merged.
	Partner    string  `json:"partner"`
	MergeGain  float64 `json:"merge_gain"`
	Resolution float64 `json:"resolution"`
	// Binding lists the demands that the merger would leave unmet; as Bind finds
	// them.
	Binding []Breach `json:"binding"`
}

// Bind notes the demands of cs that merging the footprint with its partner
// would leave unmet.
func (ex *FootprintExplanation) Bind(m *flow.Matrix, p Partition, cs Constraints) {
	ex.Binding = []Breach{}
	from, to := slices.Index(p.IDs, ex.Footprint), slices.Index(p.IDs, ex.Partner)
	if from >= 0 && to >= 0 && ex.Partner != "" {
		ex.Binding = append(ex.Binding, Breaches(m, p, p.Merge(int32(from), int32(to)), cs)...)
	}
}

// ExplainFootprint explains the f-th footprint of a partition. The merge gain
// of footprints c and d is (w_cd + w_dc)/W − γ K_c K_d/(2W²).
func ExplainFootprint(m *flow.Matrix, p Partition, ms Measures, f int, resolution float64) FootprintExplanation {
	fm := ms.ByFootprint[f]
	ex := FootprintExplanation{
		Footprint: p.IDs[f], Areas: []string{}, Providers: []string{}, Out: []Exchange{}, In: []Exchange{},
		Resident: fm.Resident.Published, Treated: fm.Treated.Published, Inside: fm.Inside.Published, Resolution: resolution, Binding: []Breach{}, oneMode: m.OneMode(),
	}
	known := func(x float64) *float64 {
		if math.IsNaN(x) {
			return nil
		}
		return &x
	}
	ex.Population, ex.LocalisationIndex, ex.MarketShareIndex = known(fm.Population), known(fm.LocalisationIndex), known(fm.MarketShareIndex)
	if lower, upper, ok := fm.LocalisationBounds(); ok {
		ex.LocalisationLower, ex.LocalisationUpper = &lower, &upper
	}
	if lower, upper, ok := fm.MarketShareBounds(); ok {
		ex.MarketShareLower, ex.MarketShareUpper = &lower, &upper
	}
	providers := p.Providers
	if m.OneMode() {
		providers = p.Areas
	}
	n := p.Len()
	out, in := make([]flow.Count, n), make([]flow.Count, n)
	ex.WeakestShare = math.Inf(1)
	for a, g := range p.Areas {
		ps, _ := m.Row(a)
		off := m.RowOffset(a)
		inside := 0.0
		for i, j := range ps {
			h := providers[j]
			c := m.Cell(off + i)
			switch {
			case g == int32(f) && h == int32(f):
				inside += c.Value
			case g == int32(f) && h >= 0:
				out[h] = out[h].Plus(c)
			case h == int32(f) && g >= 0:
				in[g] = in[g].Plus(c)
			}
		}
		if g == int32(f) {
			ex.Areas = append(ex.Areas, m.Areas()[a])
			if share := inside / m.RowTotal(a); m.RowTotal(a) > 0 && share < ex.WeakestShare {
				ex.Weakest, ex.WeakestShare = m.Areas()[a], share
			}
		}
	}
	for j, g := range p.Providers {
		if g == int32(f) {
			ex.Providers = append(ex.Providers, m.Providers()[j])
		}
	}
	if ex.Weakest == "" {
		ex.WeakestShare = 0
	}
	w := m.Total().Value
	volume := func(g int) float64 { return ms.ByFootprint[g].Resident.Value + ms.ByFootprint[g].Treated.Value }
	most := 0.0
	list := func(to *[]Exchange, counts []flow.Count, all float64) {
		for g, c := range counts {
			if c.Value > 0 {
				*to = append(*to, Exchange{Footprint: p.IDs[g], Patients: c.Published, Lower: c.Lower, Upper: c.Upper, Share: c.Value / all})
			}
		}
		slices.SortStableFunc(*to, func(a, b Exchange) int { return cmp.Compare(b.Share, a.Share) })
	}
	list(&ex.Out, out, fm.Resident.Value)
	list(&ex.In, in, fm.Treated.Value)
	for g := range n {
		if between := out[g].Value + in[g].Value; between > most {
			most = between
			ex.Partner = p.IDs[g]
			ex.MergeGain = between/w - resolution*volume(f)*volume(g)/(2*w*w)
		}
	}
	return ex
}

// Sentences puts the explanation in words.
func (ex FootprintExplanation) Sentences(name string) []string {
	who := ex.Footprint
	if name != "" {
		who += " (" + name + ")"
	}
	words := []string{
		"Of residents' care, %.1f%% is given inside.", "Of providers' work, %.1f%% comes from inside.",
		"Most who leave go to %s (%.1f%% of residents' care).", "Most who arrive live in %s (%.1f%% of providers' work).", ", with %.1f%% of care inside",
	}
	first := fmt.Sprintf("%s has %s and %s", who, wording.Counted(len(ex.Areas), "area"), wording.Counted(len(ex.Providers), "provider"))
	if ex.oneMode {
		words = []string{
			"Of the flow that starts here, %.1f%% ends inside.", "Of the flow that ends here, %.1f%% starts inside.",
			"Most that leaves goes to %s (%.1f%% of what starts here).", "Most that arrives comes from %s (%.1f%% of what ends here).", ", with %.1f%% of its flow inside",
		}
		first = fmt.Sprintf("%s has %s", who, wording.Counted(len(ex.Areas), "area"))
	}
	if ex.Population != nil {
		first += fmt.Sprintf(" and %s people", wording.People(*ex.Population))
	}
	out := []string{first + "."}
	if ex.LocalisationIndex != nil {
		out = append(out, fmt.Sprintf(words[0], 100**ex.LocalisationIndex))
	}
	if ex.MarketShareIndex != nil {
		out = append(out, fmt.Sprintf(words[1], 100**ex.MarketShareIndex))
	}
	if len(ex.Out) > 0 {
		out = append(out, fmt.Sprintf(words[2], ex.Out[0].Footprint, 100*ex.Out[0].Share))
	}
	if len(ex.In) > 0 {
		out = append(out, fmt.Sprintf(words[3], ex.In[0].Footprint, 100*ex.In[0].Share))
	}
	if ex.Weakest != "" {
		out = append(out, "Its loosest area is "+ex.Weakest+fmt.Sprintf(words[4], 100*ex.WeakestShare)+".")
	}
	if ex.Partner != "" {
		change := "lower"
		if ex.MergeGain > 0 {
			change = "raise"
		}
		out = append(out, fmt.Sprintf("It exchanges most with %s; merging the two would %s modularity (γ = %g) by %.2g.", ex.Partner, change, ex.Resolution, math.Abs(ex.MergeGain)))
	}
	if s := ChangeSentence("Merging with "+ex.Partner, ex.Binding); s != "" {
		out = append(out, s)
	}
	return out
}
