package sweep

import (
	"fmt"
	"slices"

	"stpmap/flow"
	"stpmap/footprint"
	"stpmap/footprint/internal/graph"
)

// tasks are the runs to make.
func (b Bootstrap) tasks(runs int) ([]int, error) {
	if b.Tasks == nil {
		all := make([]int, runs)
		for i := range all {
			all[i] = i
		}
		return all, nil
	}
	for k, i := range b.Tasks {
		if i < 0 || i >= runs || k > 0 && i <= b.Tasks[k-1] {
			return nil, footprint.BadParameter("bootstrap tasks must rise and lie below %d, got %v", runs, b.Tasks)
		}
	}
	return b.Tasks, nil
}

// Fingerprint identifies the bootstrap of a method on a matrix: its runs may be
// put together only where it is the same. salt holds what else the method
// depends on.
func (b Bootstrap) Fingerprint(m *flow.Matrix, method Setting, cs footprint.Constraints, salt string) string {
	method.Runs = b.Runs
	s := Sweep{
		Settings: []Setting{method}, Seed: b.Seed, Constraints: cs,
		Salt: fmt.Sprintf("bootstrap %v %q %v", b.SeedsOnly, salt, cs.Population),
	}
	return s.Fingerprint(m)
}

// RunLabels gives a run of a bootstrap as a BootstrapLog holds it: the
// footprint of each area and then of each provider, nothing for the zero
// Partition.
func RunLabels(p footprint.Partition) []int32 {
	if p.Areas == nil && p.IDs == nil {
		return []int32{}
	}
	return slices.Concat(p.Areas, p.Providers)
}

// LabelledRun is the reverse of RunLabels, for a run on m.
func LabelledRun(m *flow.Matrix, label []int32) (footprint.Partition, error) {
	if len(label) == 0 {
		return footprint.Partition{}, nil
	}
	if len(label) != graph.Nodes(m) {
		return footprint.Partition{}, footprint.BadParameter("a run has %d labels for %d areas and providers", len(label), graph.Nodes(m))
	}
	n := len(m.Areas())
	p := footprint.Partition{Areas: label[:n:n]}
	if !m.OneMode() {
		p.Providers = label[n:]
	}
	p.IDs = footprint.IDs(int(slices.Max(label)) + 1)
	return p, nil
}
