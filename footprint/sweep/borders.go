package sweep

import "stpmap/footprint"

// BorderStrength is how often a sweep draws a boundary between two
// neighbouring areas.
type BorderStrength struct {
	A, B     int     // indices of the areas
	Runs     float64 // share of the runs that put them in different footprints, in [0, 1]
	Settings float64 // share of the settings whose representative does
	Chosen   bool    // the recommended partition does
}

// BorderStrengths says of each pair of neighbouring areas how often the sweep
// parts them: pairs that every setting parts are firm boundaries, those that
// few do are not. Runs that leave one of the two unplaced, or found no
// partition, do not count.
func (c *Comparison) BorderStrengths(pairs [][2]int) []BorderStrength {
	out := make([]BorderStrength, len(pairs))
	share := func(parted, all int) float64 {
		if all == 0 {
			return 0
		}
		return float64(parted) / float64(all)
	}
	for k, pair := range pairs {
		s := BorderStrength{A: pair[0], B: pair[1]}
		sides := func(r int) (x, y int32) {
			areas := c.Results[r].Partition.Areas
			if areas == nil {
				return footprint.Unplaced, footprint.Unplaced
			}
			return areas[s.A], areas[s.B]
		}
		parted, all := 0, 0
		for r := range c.Results {
			if x, y := sides(r); x >= 0 && y >= 0 {
				all += c.Results[r].Runs
				if x != y {
					parted += c.Results[r].Runs
				}
			}
		}
		s.Runs = share(parted, all)
		parted, all = 0, 0
		for i, r := range c.Representatives {
			if r < 0 {
				continue
			}
			if x, y := sides(r); x >= 0 && y >= 0 {
				all++
				if x != y {
					parted++
				}
				if i == c.Recommendation.Setting {
					s.Chosen = x != y
				}
			}
		}
		s.Settings = share(parted, all)
		out[k] = s
	}
	return out
}
