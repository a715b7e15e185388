package chart

import (
	"fmt"
	"math"
	"strings"

	plottext "gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"stpmap/footprint/merge"
)

// comparisons say what a map with more, and with less, of a statistic does: by the
// name of the statistic's column.
var comparisons = map[string][2]string{
	"cut_borders":               {"cuts more borders", "cuts fewer borders"},
	"min_population":            {"has more people in its smallest footprint", "has fewer people in its smallest footprint"},
	"max_population":            {"has more people in its largest footprint", "has fewer people in its largest footprint"},
	"mean_compactness":          {"is more compact", "is less compact"},
	"population_spread":         {"has footprints of less equal size", "has footprints of more equal size"},
	"inside_share":              {"keeps more patients inside", "keeps fewer patients inside"},
	"min_localisation_index":    {"keeps more patients in its weakest footprint", "keeps fewer patients in its weakest footprint"},
	"median_localisation_index": {"keeps more patients in its middle footprint", "keeps fewer patients in its middle footprint"},
}

// message says where the map lies among the values that are drawn, or that these do
// not tell.
func (h *Histogram) message() string {
	if math.IsNaN(h.Value) || h.Label == "" {
		return h.Title
	}
	if !h.Settled {
		return h.Title + ": the draws have not converged, so they do not place the map"
	}
	below, above, total := 0.0, 0.0, 0.0
	for i, x := range h.Values {
		w := 1.0
		if h.Weights != nil {
			w = h.Weights[i]
		}
		total += w
		switch {
		case x < h.Value:
			below += w
		case x > h.Value:
			above += w
		}
	}
	says, ok := comparisons[h.Name]
	if !ok {
		lower := strings.ToLower(h.Title[:min(1, len(h.Title))]) + h.Title[min(1, len(h.Title)):]
		says = [2]string{"has a higher " + lower, "has a lower " + lower}
	}
	does, share := says[0], below/total
	if above > below {
		does, share = says[1], above/total
	}
	if share < 0.01 {
		return fmt.Sprintf("%s: nearly all maps have what the map of %s has", h.Title, h.Label)
	}
	return fmt.Sprintf("The map of %s %s than %s", h.Label, does, ofMaps(share, len(h.Values)))
}

// ofMaps is a share of maps in words, never more than it is.
func ofMaps(share float64, n int) string {
	maps := chartNumber(float64(n)) + " maps"
	switch {
	case share >= 1:
		return "all " + maps
	case share >= 0.99:
		return fmt.Sprintf("%.1f%% of %s", math.Floor(share*1000)/10, maps)
	}
	return fmt.Sprintf("%.0f%% of %s", math.Floor(share*100), maps)
}

// treeMessage says how few of the mergers do half of what all do.
func treeMessage(steps []merge.Step, total float64) string {
	gain := 0.0
	for _, s := range steps {
		gain += s.Patients
	}
	inHundred := 100 * gain / total
	switch {
	case !(gain > 0) || !(total > 0):
		return "No merger keeps more patients inside"
	case len(steps) == 1:
		return fmt.Sprintf("One merger keeps %.1f more patients in 100 inside", inHundred)
	}
	sum, few := 0.0, 0
	for sum < gain/2 && few < len(steps) {
		sum += steps[few].Patients
		few++
	}
	first := "The first merger does"
	if few > 1 {
		first = fmt.Sprintf("The first %d mergers do", few)
	}
	return fmt.Sprintf("%s at least half of what all %d do, which keep %.1f more patients in 100 inside", first, len(steps), inHundred)
}

// farthest says which two settings' maps differ most, and by how much; footprints
// are those of each map.
func farthest(vi [][]float64, footprints func(setting int) int) string {
	a, b, most := -1, -1, 0.0
	for i, row := range vi {
		for j, v := range row[:min(i, len(row))] {
			if v > most {
				a, b, most = j, i, v
			}
		}
	}
	if a < 0 {
		return "All settings give the same map"
	}
	pair := fmt.Sprintf("The maps of %d and %d footprints", footprints(a), footprints(b))
	if footprints(a) == footprints(b) {
		pair = fmt.Sprintf("Two maps of %d footprints", footprints(a))
	}
	return fmt.Sprintf("%s differ most: by %.2f, where 0 is the same map", pair, most)
}

// fit makes the first line above charts their title, and breaks what stands there
// into lines that have room: in pages they stand in fonts a fifth wider than ours.
func fit(charts []Chart) []Chart {
	for i := range charts {
		c := &charts[i]
		t := &c.plot.Title
		message, notes, _ := strings.Cut(t.Text, "\n")
		broken := func(text string) string {
			var lines []string
			for line := range strings.SplitSeq(text, "\n") {
				lines = append(lines, wrapped(line, &t.TextStyle, (c.width-vg.Centimeter)/1.2))
			}
			return strings.Join(lines, "\n")
		}
		c.Title, c.notes = message, broken(notes)
		t.Text = joinLines(broken(message), c.notes)
	}
	return charts
}

// wrapped breaks a text at spaces into lines of a width.
func wrapped(text string, style *plottext.Style, width vg.Length) string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && style.Width(line+" "+w) > width {
			lines = append(lines, line)
			line = w
			continue
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return strings.Join(append(lines, line), "\n")
}
