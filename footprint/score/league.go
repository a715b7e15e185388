package score

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
)

// Title is a footprint for people: its name, and its code after it.
func (f *FootprintRow) Title() string { return titled(f.Name, f.Footprint) }

// titled puts a name before its code.
func titled(name, code string) string {
	if name == "" || name == code {
		return code
	}
	return name + " (" + code + ")"
}

// Rank is a footprint's place, worst first, by the figures there are; 0 where
// there are none. It stands also where they are too few for a rating.
func (r *Result) Rank(f int) int { return r.order[f] }

// League gives the footprints in the order of a league table: worst first, then
// those that are not rated, by the figures there are.
func (r *Result) League() []FootprintRow {
	at := make([]int, len(r.Footprints))
	for f := range at {
		at[f] = f
	}
	last := func(rank int) int {
		if rank == 0 {
			return len(at) + 1
		}
		return rank
	}
	slices.SortStableFunc(at, func(a, b int) int {
		x, y := &r.Footprints[a], &r.Footprints[b]
		if x.Rated != y.Rated {
			if x.Rated {
				return -1
			}
			return 1
		}
		return cmp.Or(x.Rank-y.Rank, last(r.order[a])-last(r.order[b]))
	})
	rows := make([]FootprintRow, len(at))
	for i, f := range at {
		rows[i] = r.Footprints[f]
	}
	return rows
}

// WriteLeague writes a league table for people: no rank without its interval.
// limit cuts it to so many footprints; 0 is all. Where no footprint is rated, it
// is a table of the figures there are.
func (r *Result) WriteLeague(w io.Writer, limit int) error {
	rows := r.League()
	cut := 0
	if limit > 0 && len(rows) > limit {
		cut = len(rows) - limit
		rows = rows[:limit]
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(rows) > 0 && !rows[0].Rated {
		r.writeFigures(tw, rows)
	} else {
		r.writeRanks(tw, rows)
	}
	if cut > 0 {
		fmt.Fprintf(tw, "and %d more\n", cut)
	}
	return tw.Flush()
}

// writeRanks writes the rows of rated footprints, and of others below them.
func (r *Result) writeRanks(w io.Writer, rows []FootprintRow) {
	fmt.Fprintln(w, "rank\t90% of draws\tin worst "+strconv.Itoa(r.Options.Worst)+"\trating\tfootprint\tdomains failing\tdepth\tdomains with figures\tcoverage")
	for _, f := range rows {
		rank, span, worst, rating, depth := "-", "-", "-", "not rated", "-"
		if f.Rated {
			rank, rating, depth = strconv.Itoa(f.Rank), strconv.Itoa(f.Rating), strconv.FormatFloat(f.Depth, 'f', 2, 64)
		}
		if f.RankLow > 0 {
			span = fmt.Sprintf("%d to %d", f.RankLow, f.RankHigh)
			worst = strconv.FormatFloat(100*f.PWorst, 'f', 0, 64) + "%"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d of %d\t%s\t%d of %d\t%.0f%%\n", rank, span, worst, rating, f.Title(),
			f.DomainsFailing, f.DomainsRated, depth, f.DomainsKnown, f.Domains, 100*f.Coverage)
	}
}

// writeFigures writes the figures of footprints that are not rated.
func (r *Result) writeFigures(w io.Writer, rows []FootprintRow) {
	fmt.Fprintf(w, "No footprint is rated overall. By the figures there are, worst first:\n")
	fmt.Fprint(w, "footprint\trating\tdomains with figures")
	for _, m := range r.measures {
		fmt.Fprintf(w, "\t%s, %s", m.ind.ID, m.window.Label)
		if m.aside {
			fmt.Fprint(w, " (not counted)")
		}
	}
	fmt.Fprintln(w)
	at := map[[2]string]*IndicatorRow{}
	for i := range r.Indicators {
		x := &r.Indicators[i]
		at[[2]string{x.Footprint, x.Indicator}] = x
	}
	for _, f := range rows {
		fmt.Fprintf(w, "%s\tnot rated\t%d of %d", f.Title(), f.DomainsKnown, f.Domains)
		for _, m := range r.measures {
			x := at[[2]string{f.Footprint, m.ind.ID}]
			fmt.Fprintf(w, "\t%s", FormatValue(m.ind, x.Value))
			if x.Standing != "" {
				fmt.Fprintf(w, " %s", x.Standing)
			}
		}
		fmt.Fprintln(w)
	}
}
