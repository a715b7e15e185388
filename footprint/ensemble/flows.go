package ensemble

import (
	"stpmap/flow"
	"stpmap/footprint"
)

// unitFlows are the flows by unit and provider.
type unitFlows struct {
	providers int
	start     []int32 // those of unit u are start[u]:start[u+1]
	provider  []int32
	count     []float64
	colStart  []int32 // units of provider j are colUnit[colStart[j]:colStart[j+1]], by their first area
	colUnit   []int32
	host      []int32   // unit that a provider stands in, in one mode; nil where it follows its patients
	resident  []float64 // patients of each unit
	total     float64
	counts    func(provider int) bool // towards the least number of providers; nil where all do
}

// flowsOf adds up the flows of a matrix by unit.
func flowsOf(m *flow.Matrix, unitOf []int32, units int) *unitFlows {
	f := &unitFlows{providers: len(m.Providers()), resident: make([]float64, units), total: m.Total().Value}
	if m.OneMode() {
		f.providers, f.host = len(unitOf), unitOf
	}
	rows := make([]map[int32]float64, units)
	for a, u := range unitOf {
		if rows[u] == nil {
			rows[u] = map[int32]float64{}
		}
		ps, counts := m.Row(a)
		for i, j := range ps {
			rows[u][j] += counts[i]
		}
		f.resident[u] += m.RowTotal(a)
	}
	f.fill(rows)
	return f
}

// fill lays the rows out flat, by provider's number within each unit.
func (f *unitFlows) fill(rows []map[int32]float64) {
	columns := make([][]int32, f.providers)
	f.start = append(f.start, 0)
	for u, row := range rows {
		for _, j := range sortedKeys(row) {
			f.provider, f.count = append(f.provider, j), append(f.count, row[j])
			columns[j] = append(columns[j], int32(u))
		}
		f.start = append(f.start, int32(len(f.provider)))
	}
	f.colStart = append(f.colStart, 0)
	for _, c := range columns {
		f.colUnit = append(f.colUnit, c...)
		f.colStart = append(f.colStart, int32(len(f.colUnit)))
	}
}

// flowState is where patients and providers are, for one map.
type flowState struct {
	*unitFlows
	parts            int
	sum              []float64 // patients of provider j from part p, at j·parts+p
	at               []int32   // part of each provider; −1 for one without patients
	held             []int32   // providers of each part
	counted          []int32   // those of them that count
	resident, inside []float64 // patients of each part
	touched          []int32
	stamp            []int32 // now where a provider is touched
	now              int32
}

func newFlowState(f *unitFlows, parts int) *flowState {
	return &flowState{
		unitFlows: f, parts: parts, sum: make([]float64, f.providers*parts), at: make([]int32, f.providers), held: make([]int32, parts), counted: make([]int32, parts),
		resident: make([]float64, parts), inside: make([]float64, parts), stamp: make([]int32, f.providers),
	}
}

// reset counts everything anew for a map.
func (f *flowState) reset(label []int32) {
	clear(f.sum)
	clear(f.held)
	clear(f.counted)
	clear(f.resident)
	clear(f.inside)
	f.touched = f.touched[:0]
	for u, p := range label {
		f.resident[p] += f.unitFlows.resident[u]
		for i := f.start[u]; i < f.start[u+1]; i++ {
			f.sum[int(f.provider[i])*f.parts+int(p)] += f.count[i]
		}
	}
	for j := range f.at {
		f.at[j] = -1
		f.seat(int32(j), label)
	}
}

// move takes a unit's patients from one part to another. settle must follow.
func (f *flowState) move(unit, from, to int32) {
	x := f.unitFlows.resident[unit]
	f.resident[from] -= x
	f.resident[to] += x
	for i := f.start[unit]; i < f.start[unit+1]; i++ {
		j := f.provider[i]
		f.touch(j)
		row := f.sum[int(j)*f.parts : (int(j)+1)*f.parts]
		row[from] -= f.count[i]
		row[to] += f.count[i]
	}
	if f.host != nil { // in one mode a unit's places are its areas
		for j, u := range f.host {
			if u == unit {
				f.touch(int32(j))
			}
		}
	}
}

// touch takes a provider out of its part until settle.
func (f *flowState) touch(j int32) {
	if f.stamp[j] == f.now+1 {
		return
	}
	f.stamp[j] = f.now + 1
	f.touched = append(f.touched, j)
	if p := f.at[j]; p >= 0 {
		f.hold(j, p, -1)
		f.inside[p] -= f.sum[int(j)*f.parts+int(p)]
	}
}

// hold counts a provider in a part, or out of it.
func (f *flowState) hold(j, p, by int32) {
	f.held[p] += by
	if f.counts == nil || f.counts(int(j)) {
		f.counted[p] += by
	}
}

// settle puts the touched providers where most of their patients live.
func (f *flowState) settle(label []int32) {
	for _, j := range f.touched {
		f.seat(j, label)
	}
	f.touched = f.touched[:0]
	f.now++
}

// seat puts a provider in its part.
func (f *flowState) seat(j int32, label []int32) {
	p := f.seatOf(j, label)
	f.at[j] = p
	if p >= 0 {
		f.hold(j, p, 1)
		f.inside[p] += f.sum[int(j)*f.parts+int(p)]
	}
}

// seatOf is the part of most of a provider's patients, of equal ones that of
// the first of its areas; in one mode the part it stands in.
func (f *flowState) seatOf(j int32, label []int32) int32 {
	if f.host != nil {
		return label[f.host[j]]
	}
	row := f.sum[int(j)*f.parts : (int(j)+1)*f.parts]
	best, ties := int32(-1), false
	most := 0.0
	for p, x := range row {
		if x > most {
			best, most, ties = int32(p), x, false
		} else if x == most && best >= 0 {
			ties = true
		}
	}
	if ties {
		for _, u := range f.colUnit[f.colStart[j]:f.colStart[j+1]] {
			if row[label[u]] == most {
				return label[u]
			}
		}
	}
	return best
}

// meets says whether a part meets the demands on its patients and providers.
func (f *flowState) meets(d *footprint.Constraints, part int32) bool {
	switch {
	case !d.AllowSingleKind && f.host == nil && f.held[part] == 0:
		return false
	case int(f.counted[part]) < d.MinProviders:
		return false
	case d.MinLocalisation > 0 && !(f.inside[part] >= (d.MinLocalisation-1e-9)*f.resident[part] && f.resident[part] > 0):
		return false
	case d.MaxShare > 0 && f.resident[part] > (d.MaxShare+1e-9)*f.total:
		return false
	}
	return true
}
