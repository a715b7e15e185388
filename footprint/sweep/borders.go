package sweep

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
	for k, pair := range pairs {
		s := BorderStrength{A: pair[0], B: pair[1]}
		s.Runs = c.partedByRuns(s.A, s.B)
		s.Settings, s.Chosen = c.partedBySettings(s.A, s.B)
		out[k] = s
	}
	return out
}

// partedByRuns is the share of the runs that part two areas.
func (c *Comparison) partedByRuns(a, b int) float64 {
	var t tally
	for r := range c.Results {
		if parted, known := c.parts(r, a, b); known {
			t.add(parted, c.Results[r].Runs)
		}
	}
	return t.share()
}

// partedBySettings is the share of the settings whose representative parts two
// areas, and whether the recommended one does.
func (c *Comparison) partedBySettings(a, b int) (share float64, chosen bool) {
	var t tally
	for i, r := range c.Representatives {
		if r < 0 {
			continue
		}
		if parted, known := c.parts(r, a, b); known {
			t.add(parted, 1)
			chosen = chosen || parted && i == c.Recommendation.Setting
		}
	}
	return t.share(), chosen
}

// parts says whether a result puts two areas in different footprints; it is not
// known where one of them is in none.
func (c *Comparison) parts(result, a, b int) (parted, known bool) {
	areas := c.Results[result].Partition.Areas
	if areas == nil || areas[a] < 0 || areas[b] < 0 {
		return false, false
	}
	return areas[a] != areas[b], true
}

// tally counts what parts two areas, of all.
type tally struct{ parted, all int }

func (t *tally) add(parted bool, n int) {
	t.all += n
	if parted {
		t.parted += n
	}
}

func (t *tally) share() float64 {
	if t.all == 0 {
		return 0
	}
	return float64(t.parted) / float64(t.all)
}
