package boundary

import (
	"math"

	"github.com/paulmach/orb"

	"stpmap/render/internal/geodesy"
)

func ringArea(r orb.Ring) float64 {
	return math.Abs(geodesy.Area(len(r), func(i int) (float64, float64) { return r[i][0], r[i][1] }))
}

// AreaKM2 is the area of polygons in square kilometres on the WGS84 ellipsoid,
// holes taken off.
func AreaKM2(m orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range m {
		sign := 1.0 // of the shell; holes are taken off
		for _, r := range p {
			sum += float64(sign * ringArea(r))
			sign = -1
		}
	}
	return sum / 1e6
}

// PerimeterKM is the length of all rings in kilometres on the WGS84 ellipsoid.
func PerimeterKM(m orb.MultiPolygon) float64 {
	var sum float64
	for _, p := range m {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				sum += geodesy.Length(r[i-1][0], r[i-1][1], r[i][0], r[i][1])
			}
		}
	}
	return sum / 1000
}

// Compactness is the Polsby–Popper ratio 4πA / P², in [0, 1]: 1 for a disc, 0
// for nothing.
//
// Polsby DD, Popper RD (1991). The third criterion: compactness as a
// procedural safeguard against partisan gerrymandering. Yale Law & Policy
// Review 9:301-353.
func Compactness(m orb.MultiPolygon) float64 { return PolsbyPopper(AreaKM2(m), PerimeterKM(m)) }

// PolsbyPopper is Compactness by area, in square kilometres, and perimeter, in
// kilometres.
func PolsbyPopper(km2, perimeter float64) float64 {
	if perimeter == 0 {
		return 0
	}
	return 4 * math.Pi * km2 / (perimeter * perimeter)
}
