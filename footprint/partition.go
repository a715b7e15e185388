package footprint

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"

	"stpmap/flow"
)

// Unplaced marks an area or provider that is in no footprint.
const Unplaced = -1

// Partition puts every area and every provider of a matrix in one footprint,
// or in none (Unplaced). Areas[i] and Providers[j] index IDs. In a one-mode
// matrix Providers is nil: the places are the areas.
type Partition struct {
	Areas     []int32
	Providers []int32
	IDs       []string // name of each footprint, unique
}

// Len is the number of footprints.
func (p Partition) Len() int { return len(p.IDs) }

// Footprint is one part of a partition; its members are indices into the
// matrix, rising.
type Footprint struct {
	ID        string
	Areas     []int32
	Providers []int32
}

// Footprints lists the parts with their members, in the order of IDs.
func (p Partition) Footprints() []Footprint {
	fs := make([]Footprint, len(p.IDs))
	for i, id := range p.IDs {
		fs[i].ID = id
	}
	for a, f := range p.Areas {
		if f >= 0 {
			fs[f].Areas = append(fs[f].Areas, int32(a))
		}
	}
	for j, f := range p.Providers {
		if f >= 0 {
			fs[f].Providers = append(fs[f].Providers, int32(j))
		}
	}
	return fs
}

// Method turns a flow matrix into a partition. The same matrix and the same
// fields give the same partition, whatever the number of processors. The
// footprints come numbered by Number. A cancelled context ends the work with
// context.Cause; demands that the matrix cannot meet give an *InfeasibleError.
type Method interface {
	Partition(ctx context.Context, m *flow.Matrix) (Partition, error)
}

// Adjacency lists the areas of a matrix that share a border of positive
// length, by index. render.Boundaries makes one.
type Adjacency interface {
	Neighbours(area int) iter.Seq[int]
}

// Progress is told how far a long computation is; nil is silent. It may be
// called from several goroutines.
type Progress interface {
	// Stage begins a stage of total steps; 0 if that is unknown.
	Stage(name string, total int)
	// Step says how many steps of the stage are done.
	Step(done int)
}

// InfeasibleError names a demand that the data cannot meet, and what to change.
type InfeasibleError struct{ Reason string }

func (e *InfeasibleError) Error() string { return e.Reason }

func infeasible(format string, args ...any) error {
	return &InfeasibleError{Reason: fmt.Sprintf(format, args...)}
}

// Number orders the footprints by falling size and names them F01, F02, …, with
// enough digits for all; ties go to the smallest member code. Size is the
// population of the member areas where population (by area index) is given,
// and the number of their patients where it is nil. Labels without members are
// dropped.
func (p Partition) Number(m *flow.Matrix, population []float64) Partition {
	n := 0
	for _, f := range p.Areas {
		n = max(n, int(f)+1)
	}
	for _, f := range p.Providers {
		n = max(n, int(f)+1)
	}
	type part struct {
		old   int
		size  float64
		first string
		any   bool
	}
	parts := make([]part, n)
	for i := range parts {
		parts[i].old = i
	}
	see := func(f int32, code string, size float64) {
		if f < 0 {
			return
		}
		q := &parts[f]
		q.size += size
		if !q.any || code < q.first {
			q.first = code
		}
		q.any = true
	}
	for a, f := range p.Areas {
		size := m.RowTotal(a)
		if population != nil {
			size = population[a]
		}
		see(f, m.Areas()[a], size)
	}
	for j, f := range p.Providers {
		see(f, m.Providers()[j], 0)
	}
	parts = slices.DeleteFunc(parts, func(q part) bool { return !q.any })
	slices.SortFunc(parts, func(x, y part) int {
		return cmp.Or(cmp.Compare(y.size, x.size), cmp.Compare(x.first, y.first), cmp.Compare(x.old, y.old))
	})
	place := make([]int32, n)
	out := Partition{Areas: slices.Clone(p.Areas), Providers: slices.Clone(p.Providers), IDs: make([]string, len(parts))}
	digits := max(2, len(fmt.Sprint(len(parts))))
	for i, q := range parts {
		place[q.old] = int32(i)
		out.IDs[i] = fmt.Sprintf("F%0*d", digits, i+1)
	}
	for a, f := range out.Areas {
		if f >= 0 {
			out.Areas[a] = place[f]
		}
	}
	for j, f := range out.Providers {
		if f >= 0 {
			out.Providers[j] = place[f]
		}
	}
	return out
}
