package footprint

import (
	"context"

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

// Progress is told how far a long computation is; nil is silent. It may be
// called from several goroutines.
type Progress interface {
	// Stage begins a stage of total steps; 0 if that is unknown.
	Stage(name string, total int)
	// Step says how many steps of the stage are done.
	Step(done int)
}
