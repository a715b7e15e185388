package compare

import (
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow"
	"stpmap/footprint/compare"
)

// small reports whether a number of patients is one that --suppress-below hides.
func (p *mapPair) small(patients float64) bool { return patients > 0 && patients < p.limit }

// concealedCells marks the cells of a cross-table whose patients are not shown:
// those under --suppress-below, and the smallest others of a footprint or group
// as long as its total would give them away.
func (p *mapPair) concealedCells(cells []compare.CrossCell, patients []float64) []bool {
	hide := make([]bool, len(cells))
	sums := [2]map[int32]*flow.Hidden{{}, {}}
	mark := func(i int) {
		hide[i] = true
		for side, group := range []int32{cells[i].A, cells[i].B} {
			s := sums[side][group]
			if s == nil {
				s = &flow.Hidden{}
				sums[side][group] = s
			}
			s.Add(patients[i])
		}
	}
	for i, n := range patients {
		if p.small(n) {
			mark(i)
		}
	}
	tells := func(s *flow.Hidden) bool { return s != nil && s.Tells(p.limit) }
	for {
		least := -1
		for i, n := range patients {
			if !hide[i] && n > 0 && (tells(sums[0][cells[i].A]) || tells(sums[1][cells[i].B])) && (least < 0 || n < patients[least]) {
				least = i
			}
		}
		if least < 0 {
			return hide
		}
		mark(least)
	}
}

// concealedMoves leaves out of the areas moved what would give a small count
// away, and reports whether the patients of all of them together may be said.
func (p *mapPair) concealedMoves(moved []movedArea) (total bool) {
	var hidden flow.Hidden
	for i := range moved {
		m := &moved[i]
		if m.Patients != nil && p.small(*m.Patients) {
			hidden.Add(*m.Patients)
			m.Patients, m.Gain, m.PatientsGain = nil, nil, nil
		}
	}
	return !hidden.Tells(p.limit)
}

// tellsFlow reports whether the gain of moving an area from one footprint to
// another would give a small flow away: it is the difference of the two flows.
func (p *mapPair) tellsFlow(in *study.Study, area int, to int32) bool {
	q := p.a.Partition
	treats := q.Providers
	if in.Matrix.OneMode() {
		treats = q.Areas
	}
	var here, there float64
	ps, _ := in.Matrix.Row(area)
	for i, j := range ps {
		n := in.Matrix.Cell(in.Matrix.RowOffset(area) + i).Published
		switch treats[j] {
		case q.Areas[area]:
			here += n
		case to:
			there += n
		}
	}
	return p.small(here) || p.small(there)
}
