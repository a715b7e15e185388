package report

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
)

// shownPartners is how many footprints the page lists each way.
const shownPartners = 6

// Exchange is whom a footprint exchanges patients with, from every pair of the
// matrix.
type Exchange struct {
	// Inside is the share of residents' patients treated inside, FromInside the
	// share of patients treated here who live inside; both in [0, 1], NaN where
	// there are none.
	Inside, FromInside float64
	// Out lists where residents go who leave, In where patients come from who
	// arrive: the most first, then in the order of footprints.
	Out, In []Partner
}

// Partner is the other footprint of an exchange.
type Partner struct {
	Footprint int32   // index of the level's Footprints; −1 is no footprint
	Patients  float64 // as published; 0 where all counts are known within bounds only
	Share     float64 // of all the footprint's patients that way, suppressed counts at their midpoint
}

// Exchanges sums the matrix by footprint, one for each of the partition. Shares
// follow the localisation index: 1 less the share treated inside is the sum over
// Out.
func Exchanges(m *flow.Matrix, p footprint.Partition) []Exchange {
	providers := p.Providers
	if m.OneMode() {
		providers = p.Areas
	}
	n := p.Len()
	between := make([]map[int32]flow.Count, 2*n) // out of each footprint, then into each
	for i := range between {
		between[i] = map[int32]flow.Count{}
	}
	for a, from := range p.Areas {
		ps, _ := m.Row(a)
		at := m.RowOffset(a)
		for i, j := range ps {
			to, c := providers[j], m.Cell(at+i)
			if from >= 0 {
				between[from][to] = between[from][to].Plus(c)
			}
			if to >= 0 {
				between[n+int(to)][from] = between[n+int(to)][from].Plus(c)
			}
		}
	}
	out := make([]Exchange, n)
	for f := range out {
		e := &out[f]
		e.Out, e.Inside = partners(between[f], int32(f))
		e.In, e.FromInside = partners(between[n+f], int32(f))
	}
	return out
}

// partners are the others of one side of a footprint, and the share that stays
// inside.
func partners(between map[int32]flow.Count, own int32) (list []Partner, inside float64) {
	all, others := 0.0, slices.Sorted(maps.Keys(between))
	for _, g := range others {
		all += between[g].Value
	}
	if !(all > 0) {
		return nil, math.NaN()
	}
	for _, g := range others {
		if c := between[g]; g != own && c.Value > 0 {
			list = append(list, Partner{Footprint: g, Patients: c.Published, Share: c.Value / all})
		}
	}
	slices.SortFunc(list, func(a, b Partner) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Footprint, b.Footprint))
	})
	return list, between[own].Value / all
}

// pageExchange is an exchange as report.js reads it: shares inside, how many
// partners each way, and the first of them as footprint, patients and share.
type pageExchange struct {
	Inside     any      `json:"inside"`
	FromInside any      `json:"fromInside"`
	Outs       int      `json:"outs"`
	Ins        int      `json:"ins"`
	Out        [][3]any `json:"out"`
	In         [][3]any `json:"in"`
}

func (e *Exchange) page() *pageExchange {
	if e == nil {
		return nil
	}
	first := func(list []Partner) [][3]any {
		out := [][3]any{}
		for _, p := range list[:min(len(list), shownPartners)] {
			out = append(out, [3]any{p.Footprint, p.Patients, p.Share})
		}
		return out
	}
	return &pageExchange{
		Inside: orNull(e.Inside), FromInside: orNull(e.FromInside),
		Outs: len(e.Out), Ins: len(e.In), Out: first(e.Out), In: first(e.In),
	}
}
