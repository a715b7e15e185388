package footprint

import (
	"fmt"
	"math"
	"strings"
)

// Quality is what Leiden and Louvain maximise. With W_c the flow inside
// footprint c, F all flow and γ the resolution:
//
//	Modularity  Q = Σ_c [ W_c/F − γ (K_c/2F)² ],      K_c: strengths of c's nodes
//	CPM         Q = Σ_c [ W_c − γ n_c (n_c−1)/2 ],     n_c: number of c's nodes
//	Bipartite   Q = Σ_c [ W_c/F − γ A_c B_c/F² ],      A_c, B_c: strengths of its areas, providers
//
// Modularity is Newman's of the network with both kinds of node, with the
// resolution of Reichardt and Bornholdt (2006, doi:10.1103/PhysRevE.74.016110).
// CPM is the constant Potts model (Traag, Van Dooren and Nesterov 2011,
// doi:10.1103/PhysRevE.84.016114); its γ is in patients per pair of nodes.
// Bipartite is Barber's modularity (2007, doi:10.1103/PhysRevE.76.066102), in
// which flow is expected only between an area and a provider.
type Quality int8

// The qualities; the zero value is Modularity.
const (
	Modularity Quality = iota
	CPM
	Bipartite
)

var qualityNames = [...]string{"modularity", "cpm", "bipartite"}

// String is the name that ParseQuality reads.
func (q Quality) String() string {
	if q < 0 || int(q) >= len(qualityNames) {
		return fmt.Sprintf("Quality(%d)", int8(q))
	}
	return qualityNames[q]
}

// ParseQuality reads the name of a quality, whatever its case.
func ParseQuality(s string) (Quality, error) {
	for i, name := range qualityNames {
		if strings.EqualFold(s, name) {
			return Quality(i), nil
		}
	}
	return 0, fmt.Errorf("unknown quality %q (want %s)", s, strings.Join(qualityNames[:], ", "))
}

// Gamma is the resolution γ to use for one that was asked for: 1 for 0. The
// error of one that is no number above 0 is a *ParameterError.
func Gamma(resolution float64) (float64, error) {
	if !(resolution >= 0) || math.IsInf(resolution, 0) {
		return 0, BadParameter("resolution must be a number above 0, not %v", resolution)
	}
	if resolution == 0 {
		return 1, nil
	}
	return resolution, nil
}
