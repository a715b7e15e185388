package maps

import (
	"stpmap/flow"
	"stpmap/footprint"
)

// What is published of a case: every flow that is not hidden; the totals of
// areas, providers and footprints; and of each of them the share inside, which
// times its total is a count, and less the flows shown, the rest of one.

// disclosure says what must be left out so that nobody can work out a count
// under SuppressBelow from what is published.
type disclosure struct {
	flow   []bool // by cell in row order
	hidden int    // number of flows hidden

	// By area, provider and footprint: shares that would give a count away, with
	// no further flow left to hide it among.
	areaShare, providerShare, footprintShare []bool
	// By area and by provider: concentrations from which the squares of one or
	// two hidden counts, and with their sum the counts, could be worked out.
	areaHHI, providerHHI []bool
	// By area and by provider: totals under SuppressBelow, or that tell a hidden
	// flow with no other left to hide it among; and totals by which a footprint's
	// would give those away.
	areaTotal, providerTotal []bool
}

// parts is the number of totals that a flow counts in; none is -1.
const parts = 6

// noPart fills up the parts of what counts in fewer.
const noPart int32 = -1

// findSuppression finds what to leave out. Cells known only within bounds are
// hidden. Cells under SuppressBelow are hidden, and then, until nothing
// changes, the smallest shown cell of every total that has exactly one cell
// hidden for its size, or several that add up to less than SuppressBelow.
// Totals are those of areas and providers, of what each has inside and outside
// its footprint, and of what a footprint has inside, leaving and arriving. The
// only flow of an area or a provider hides nothing: its total tells it.
func (c *Map) findSuppression() disclosure {
	m, p := c.Matrix, c.Partition
	treats := p.Providers
	if m.OneMode() {
		treats = p.Areas
	}
	nA, nP, nF := int32(len(m.Areas())), int32(len(m.Providers())), int32(p.Len())
	d := disclosure{flow: make([]bool, m.Len())}
	area, provider := make([]int32, 0, m.Len()), make([]int32, 0, m.Len())
	published := make([]float64, m.Len())
	small := make([]bool, m.Len())
	any := false
	for a := range m.Areas() {
		ps, _ := m.Row(a)
		for _, j := range ps {
			k := len(area)
			area, provider = append(area, int32(a)), append(provider, j)
			cell := m.Cell(k)
			published[k] = cell.Published
			small[k] = c.small(cell.Published)
			d.flow[k] = small[k] || cell.Suppressed()
			any = any || small[k]
		}
	}
	firstProvider := 3 * nA
	firstFootprint := firstProvider + 3*nP
	totals := func(k int) [parts]int32 {
		a, j := area[k], provider[k]
		f, g := p.Areas[a], treats[j]
		if f >= 0 && f == g {
			return [parts]int32{3 * a, 3*a + 1, firstProvider + 3*j, firstProvider + 3*j + 1, firstFootprint + 3*f, noPart}
		}
		out := [parts]int32{3 * a, 3*a + 2, firstProvider + 3*j, firstProvider + 3*j + 2, noPart, noPart}
		if f >= 0 {
			out[4] = firstFootprint + 3*f + 1
		}
		if g >= 0 {
			out[5] = firstFootprint + 3*g + 2
		}
		return out
	}
	count := make([]flow.Hidden, firstFootprint+3*nF)
	if any {
		conceal(published, d.flow, small, totals, count, c.SuppressBelow)
	}
	for _, h := range d.flow {
		if h {
			d.hidden++
		}
	}
	tells := func(first, n, parts int32) []bool {
		out := make([]bool, n)
		for i := range out {
			for part := 3 - parts; part < 3; part++ {
				if count[first+3*int32(i)+part].Tells(c.SuppressBelow) {
					out[i] = true
				}
			}
		}
		return out
	}
	d.areaShare, d.providerShare, d.footprintShare = tells(0, nA, 2), tells(firstProvider, nP, 2), tells(firstFootprint, nF, 3)
	few := func(first, n int32) []bool {
		out := make([]bool, n)
		for i := range out {
			cells := count[first+3*int32(i)].Counts
			out[i] = cells == 1 || cells == 2
		}
		return out
	}
	d.areaHHI, d.providerHHI = few(0, nA), few(firstProvider, nP)
	total := func(first, n int32, of func(i int) float64, group []int32) []bool {
		values, hide, small := make([]float64, n), make([]bool, n), make([]bool, n)
		for i := range values {
			values[i] = of(i)
			small[i] = c.small(values[i]) || values[i] > 0 && count[first+3*int32(i)].Tells(c.SuppressBelow)
			hide[i] = small[i]
		}
		conceal(values, hide, small, func(i int) [parts]int32 {
			return [parts]int32{group[i], noPart, noPart, noPart, noPart, noPart}
		}, make([]flow.Hidden, nF), c.SuppressBelow)
		return hide
	}
	d.areaTotal = total(0, nA, func(a int) float64 { return m.RowCount(a).Published }, p.Areas)
	d.providerTotal = total(firstProvider, nP, func(j int) float64 { return m.ColumnCount(j).Published }, treats)
	return d
}

// small reports whether a count is one to hide for its size.
func (c *Case) small(count float64) bool { return count > 0 && count < c.SuppressBelow }

// conceal hides further cells until no total tells what is hidden for its size,
// or has nothing left to hide. Ties go to the first cell.
func conceal(published []float64, hide, small []bool, totals func(k int) [parts]int32, count []flow.Hidden, limit float64) {
	mark := func(k int) {
		hide[k] = true
		for _, t := range totals(k) {
			if t >= 0 {
				count[t].Add(published[k])
			}
		}
	}
	cells := make([]int32, len(count))
	for k := range small {
		if published[k] > 0 {
			for _, t := range totals(k) {
				if t >= 0 {
					cells[t]++
				}
			}
		}
		if small[k] {
			mark(k)
		}
	}
	alone := func(total int32) bool { return total >= 0 && cells[total] == 1 }
	least := make([]int32, len(count))
	for {
		open := false
		for t := range count {
			least[t] = noPart - 1 // tells nothing
			if count[t].Tells(limit) {
				least[t], open = noPart, true
			}
		}
		if !open {
			return
		}
		for k := range hide {
			if hide[k] || published[k] == 0 {
				continue
			}
			in := totals(k)
			if alone(in[0]) || alone(in[2]) {
				continue
			}
			for _, t := range in {
				if t >= 0 && least[t] >= noPart && (least[t] == noPart || published[k] < published[least[t]]) {
					least[t] = int32(k)
				}
			}
		}
		changed := false
		for t, k := range least {
			if k >= 0 && !hide[k] && count[t].Tells(limit) {
				mark(int(k))
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

// shownShare is a share of what a footprint's residents or providers have
// inside, or nil where its total would make a small count of it.
func (c *Case) shownShare(m *footprint.FootprintMeasures, share float64) any {
	if c.small(m.Inside.Published) || c.small(m.Resident.Published-m.Inside.Published) || c.small(m.Treated.Published-m.Inside.Published) {
		return nil
	}
	return number(share)
}

// shown is a count that may be printed, or nil where it must be hidden.
func (c *Case) shown(count float64) any {
	if c.small(count) {
		return nil
	}
	return count
}
