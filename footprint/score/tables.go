package score

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"stpmap/flow/plaintext"
	"stpmap/footprint/score/attribution"
)

// Number writes a figure as our files do: shortest form that reads back, empty
// where it is unknown.
func Number(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	if v == 0 {
		return "0" // not −0
	}
	if a := math.Abs(v); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func whole(n int, known bool) string {
	if !known {
		return ""
	}
	return strconv.Itoa(n)
}

// writeTable writes a heading and rows as CSV.
func writeTable(w io.Writer, heading []string, n int, row func(i int) []string) error {
	bw := bufio.NewWriter(w)
	cw := csv.NewWriter(bw)
	if err := cw.Write(heading); err != nil {
		return err
	}
	for i := range n {
		if err := cw.Write(plaintext.Cells(row(i))); err != nil {
			return err
		}
	}
	cw.Flush()
	if err := cw.Error(); err != nil {
		return err
	}
	return bw.Flush()
}

// WriteIndicators writes indicators.csv: a row for each indicator and footprint,
// and one of the footprint "unattributed" where figures reach none. bands holds
// the shares of care in each band, parted by spaces.
func (r *Result) WriteIndicators(w io.Writer) error {
	heading := []string{
		"footprint", "indicator", "domain", "numerator", "denominator", "value", "lower", "upper", "target", "gap",
		"meets_target", "z", "band", "coverage", "period", "lower_998", "upper_998", "failing", "used", "weighted", "bands",
	}
	return writeTable(w, heading, len(r.Indicators), func(i int) []string {
		x := r.Indicators[i]
		shares := make([]string, len(x.Shares))
		for b, s := range x.Shares {
			shares[b] = Number(s)
		}
		return []string{
			x.Footprint, x.Indicator, x.Domain, Number(x.Numerator), Number(x.Denominator), Number(x.Value), Number(x.Lower),
			Number(x.Upper), Number(x.Target), Number(x.Gap), string(x.MeetsTarget), Number(x.Z), whole(x.Band, !math.IsNaN(x.Z)),
			Number(x.Coverage), x.Period, Number(x.Lower998), Number(x.Upper998), string(x.Failing), strconv.FormatBool(x.Used),
			strconv.FormatBool(x.Weighted), strings.Join(shares, " "),
		}
	})
}

// WriteScores writes scores.csv: a row for each footprint, in the order of the
// partition. failing and unrated list domains, parted by spaces.
func (r *Result) WriteScores(w io.Writer) error {
	heading := []string{
		"footprint", "name", "score", "rating", "rank", "rank_low", "rank_high", "p_worst", "domains_failing",
		"domains_rated", "depth", "coverage", "rank_median", "domains", "failing", "unrated",
	}
	return writeTable(w, heading, len(r.Footprints), func(i int) []string {
		x := r.Footprints[i]
		return []string{
			x.Footprint, x.Name, Number(x.Score), whole(x.Rating, x.Rated), whole(x.Rank, x.Rated), whole(x.RankLow, x.RankLow > 0),
			whole(x.RankHigh, x.RankHigh > 0), Number(x.PWorst), strconv.Itoa(x.DomainsFailing), strconv.Itoa(x.DomainsRated), Number(x.Depth),
			Number(x.Coverage), Number(x.MedianRank), strconv.Itoa(x.Domains), strings.Join(x.Failing, " "), strings.Join(x.Unrated, " "),
		}
	})
}

// WriteSensitivity writes sensitivity.csv.
func (r *Result) WriteSensitivity(w io.Writer) error {
	heading := []string{"kind", "item", "first_order", "total_effect", "mean_rank_shift", "max_rank_shift", "worst_changed"}
	return writeTable(w, heading, len(r.Sensitivity), func(i int) []string {
		x := r.Sensitivity[i]
		return []string{
			x.Kind, x.Item, Number(x.FirstOrder), Number(x.TotalEffect), Number(x.MeanShift), Number(x.MaxShift),
			whole(x.WorstChanged, x.WorstChanged >= 0),
		}
	})
}

// WriteTrends writes trend.csv: a row for each footprint and period of the
// indicators that have several. signals are "rule:side", parted by spaces.
func (r *Result) WriteTrends(w io.Writer) error {
	heading := []string{
		"footprint", "indicator", "period", "value", "lower", "upper", "change", "change_lower", "change_upper", "direction",
		"expected", "on_track", "mean", "lower_limit", "upper_limit", "signals",
	}
	return writeTable(w, heading, len(r.Trends), func(i int) []string {
		x := r.Trends[i]
		signals := make([]string, len(x.Signals))
		for j, s := range x.Signals {
			signals[j] = s.Rule + ":down"
			if s.Up {
				signals[j] = s.Rule + ":up"
			}
		}
		return []string{
			x.Footprint, x.Indicator, x.Period, Number(x.Value), Number(x.Lower), Number(x.Upper), Number(x.Change),
			Number(x.ChangeLower), Number(x.ChangeUpper), x.Direction, Number(x.Expected), string(x.OnTrack), Number(x.Mean),
			Number(x.LowerLimit), Number(x.UpperLimit), strings.Join(signals, " "),
		}
	})
}

// Summary is what score --json says. The lists are empty, never nil.
type Summary struct {
	Footprints  int              `json:"footprints"`
	Indicators  int              `json:"indicators"`
	Rated       int              `json:"rated"`
	NotRated    int              `json:"not_rated"`
	Worst       []string         `json:"worst"`
	Definitions string           `json:"definitions"`
	View        attribution.View `json:"view"`
	Aggregation string           `json:"aggregation"`
	Draws       int              `json:"draws"`
	Seed        uint64           `json:"seed"`
	Unmeasured  []string         `json:"unmeasured"`
	Notes       []string         `json:"notes"`
}

// Summary counts what was scored: Indicators are those with figures.
func (r *Result) Summary() Summary {
	s := Summary{
		Footprints: len(r.Footprints), Indicators: len(r.Measured), Worst: append([]string{}, r.Worst...), Definitions: r.Definitions.Name,
		View: r.Options.View, Aggregation: string(r.Options.Aggregation), Draws: r.Options.Draws, Seed: r.Options.Seed,
		Unmeasured: append([]string{}, r.Unmeasured...), Notes: append([]string{}, r.Notes...),
	}
	for _, f := range r.Footprints {
		if f.Rated {
			s.Rated++
		} else {
			s.NotRated++
		}
	}
	return s
}

// League gives the footprints in the order of a league table: worst first, then
// those that are not rated.
func (r *Result) League() []FootprintRow {
	rows := slices.Clone(r.Footprints)
	slices.SortStableFunc(rows, func(a, b FootprintRow) int {
		switch {
		case a.Rated != b.Rated && a.Rated:
			return -1
		case a.Rated != b.Rated:
			return 1
		}
		return a.Rank - b.Rank
	})
	return rows
}

// WriteLeague writes a league table for people: no rank without its interval.
// limit cuts it to so many footprints; 0 is all.
func (r *Result) WriteLeague(w io.Writer, limit int) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "rank\t90% of draws\tin worst "+strconv.Itoa(r.Options.Worst)+"\trating\tfootprint\tdomains failing\tdepth\tcoverage")
	rows := r.League()
	cut := 0
	if limit > 0 && len(rows) > limit {
		cut = len(rows) - limit
		rows = rows[:limit]
	}
	for _, f := range rows {
		rank, span, worst, rating, depth := "-", "-", "-", "not rated", "-"
		if f.Rated {
			rank, rating, depth = strconv.Itoa(f.Rank), strconv.Itoa(f.Rating), strconv.FormatFloat(f.Depth, 'f', 2, 64)
		}
		if f.RankLow > 0 {
			span = fmt.Sprintf("%d to %d", f.RankLow, f.RankHigh)
			worst = strconv.FormatFloat(100*f.PWorst, 'f', 0, 64) + "%"
		}
		name := f.Footprint
		if f.Name != "" && f.Name != f.Footprint {
			name += " " + f.Name
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%d of %d\t%s\t%.0f%%\n", rank, span, worst, rating, name, f.DomainsFailing, f.DomainsRated, depth, 100*f.Coverage)
	}
	if cut > 0 {
		fmt.Fprintf(tw, "and %d more\n", cut)
	}
	return tw.Flush()
}
