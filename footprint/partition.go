package footprint

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
