package ensemble

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"stpmap/cmd/stpmap/internal/words"
	"stpmap/footprint/ensemble"
)

// say makes the sentences.
func (r *result) say() {
	r.words = append(r.words, r.notes...)
	r.sayDrawn()
	if r.exact == nil && !anyVaries(r.places) {
		r.add("Every map drawn is the same: no walk leads away from it under these demands. Widen the bounds of people or drop a demand.")
	}
	if r.given != nil && len(r.lacks) > 0 {
		r.add("The map of %s is not one that these rules allow: %s. Its place is among maps that meet rules that it does not.", r.in.Given[0].File, strings.Join(r.lacks, "; "))
	}
	for _, p := range r.places {
		r.sayPlace(p)
	}
	r.sayConvergence()
	r.sayBeaten()
	r.sayLocal()
	for _, b := range r.best {
		r.add("The best map found has %s of %s; the map has %s.", lower(b.statistic.Title), number(b.statistic, b.value), number(b.statistic, r.value(b.statistic.Name)))
	}
	if r.given != nil && r.options.Near == 0 && r.problem.Matrix != nil {
		r.add("Most random maps keep few patients inside. A place among them flatters any map that follows patients: --near 0.1 compares with maps close to it, --keep-whole with maps that keep councils whole.")
	}
}

func (r *result) add(format string, args ...any) {
	r.words = append(r.words, fmt.Sprintf(format, args...))
}

func anyVaries(places []ensemble.Place) bool {
	for _, p := range places {
		if p.Varies {
			return true
		}
	}
	return false
}

// sayDrawn says what was drawn or listed.
func (r *result) sayDrawn() {
	weighed := "Each map counts alike (--measure uniform)."
	if r.problem.Measure == ensemble.Trees {
		weighed = "Compact maps count for more (--measure trees): --measure uniform counts each map alike."
	}
	if r.exact != nil {
		r.add("The rules allow exactly %s maps. %s", r.exact.Maps.String(), weighed)
		if len(r.maps) == 0 && r.exact.Maps.Sign() > 0 {
			r.add("That is more than the %s that are listed: leave --enumerate out, and a place is estimated.", words.Thousands(ensemble.MostListed))
		}
		return
	}
	s := r.sampling
	r.add("%s maps were drawn by %s, one in %s proposals; %.1f%% of the proposals were taken, and %s of the maps are different. %s",
		words.Thousands(len(r.maps)), words.Counted(s.Chains, "chain"), words.Thousands(s.Steps()), 100*float64(r.taken)/float64(s.Samples*s.Steps()), words.Thousands(r.distinct()), weighed)
	if near := r.options.Near; near > 0 {
		r.add("At most %s of people live in another footprint than in the map of %s.", words.Percent(near), r.in.Given[0].File)
	}
}

// sayPlace says where the map lies by one statistic.
func (r *result) sayPlace(p ensemble.Place) {
	if !p.Varies {
		return
	}
	switch {
	case !p.Converged:
		r.add("%s: no place is given. R-hat is %.3f (1.01 at most), and the maps are worth %.0f independent ones (400 at least): ask for --samples %d, or a greater --thin.", p.Title, p.RHat, min(p.BulkESS, p.TailESS), p.Enough)
	case p.Percentile != p.Percentile:
		r.add("%s: half of the maps have %s or less, 9 in 10 from %s to %s.", p.Title, number(p.Statistic, p.Median), number(p.Statistic, p.P05), number(p.Statistic, p.P95))
	default:
		r.add("%s: %s, %s (%s). Half of the maps have %s or less.", p.Title, number(p.Statistic, p.Value), p.Verdict, between(p), number(p.Statistic, p.Median))
	}
}

// between says the error of a percentile.
func between(p ensemble.Place) string {
	if p.Lower == p.Upper {
		return "exactly"
	}
	return fmt.Sprintf("percentile %.2f, with 95%% from %.2f to %.2f", p.Percentile, p.Lower, p.Upper)
}

// sayConvergence says whether the chains agree.
func (r *result) sayConvergence() {
	if r.exact != nil {
		return
	}
	if rhat, ess, converged := r.worst(); converged {
		r.add("The chains agree: R-hat is %.4f at most, and the maps are worth at least %s independent ones.", rhat, words.Thousands(int(ess)))
	} else if rhat == rhat {
		r.add("The draws have not converged by every figure: R-hat is up to %.3f, and the maps are worth as few as %.0f independent ones.", rhat, ess)
	}
}

// sayBeaten says how many maps are better in all.
func (r *result) sayBeaten() {
	if r.given == nil || len(r.figure) == 0 {
		return
	}
	r.add("%s of the %s maps are as good as the map by every figure, and better by one.",
		words.Thousands(ensemble.BeatenInAll(r.figures.Statistics(), r.values, r.figure)), words.Thousands(len(r.figure)))
}

// sayLocal says what the exact tests found.
func (r *result) sayLocal() {
	for _, l := range r.local {
		if l.Better == 0 {
			continue
		}
		p, root, what := l.PHigh, l.RootHigh, "high"
		if l.Better < 0 {
			p, root, what = l.PLow, l.RootLow, "low"
		}
		if min(p, root) <= 0.05 {
			r.add("Local test, which needs no convergence: so %s a value of %s is unusual among maps near this one (p = %.3g by parallel walks, %.3g by the √(2ε) test).", what, lower(l.Title), p, root)
		}
	}
}

// value is a statistic of the map given.
func (r *result) value(name string) float64 {
	for _, p := range r.places {
		if p.Name == name {
			return p.Value
		}
	}
	return 0
}

func lower(title string) string { return strings.ToLower(title[:1]) + title[1:] }

// isShare says whether a statistic is a share.
func isShare(name string) bool {
	return strings.HasSuffix(name, "_share") || strings.HasSuffix(name, "_index")
}

// number writes a statistic for people.
func number(s ensemble.Statistic, x float64) string {
	switch {
	case isShare(s.Name):
		return words.Percent(x)
	case s.Name == "mean_compactness" || s.Name == "population_spread":
		return fmt.Sprintf("%.3f", x)
	}
	return words.Thousands(int(x))
}

// print writes the places as a table, and the sentences.
func (r *result) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "statistic\tvalue\tpercentile\tmedian\tR-hat\tESS\tverdict")
	for _, p := range r.places {
		cell := func(x float64, text string) string {
			if x != x {
				return "–"
			}
			return text
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Name, cell(p.Value, number(p.Statistic, p.Value)), cell(p.Percentile, fmt.Sprintf("%.2f", p.Percentile)),
			cell(p.Median, number(p.Statistic, p.Median)), cell(p.RHat, fmt.Sprintf("%.4f", p.RHat)), cell(p.BulkESS, fmt.Sprintf("%.0f", p.BulkESS)), p.Verdict)
	}
	t.Flush()
	fmt.Fprintln(w)
	for _, s := range r.words {
		fmt.Fprintln(w, s)
	}
}
