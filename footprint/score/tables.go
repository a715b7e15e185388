package score

import (
	"bufio"
	"encoding/csv"
	"io"
	"math"
	"strconv"
	"strings"

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
// the shares of care in each band, parted by spaces. gap, meets_target and
// on_track are against target_at_period; counted is false for what the score
// leaves out.
func (r *Result) WriteIndicators(w io.Writer) error {
	heading := []string{
		"footprint", "indicator", "domain", "numerator", "denominator", "value", "lower", "upper", "target", "gap",
		"meets_target", "z", "band", "coverage", "period", "lower_998", "upper_998", "failing", "used", "weighted", "bands",
		"target_at_period", "on_track", "standing", "counted", "error",
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
			strconv.FormatBool(x.Weighted), strings.Join(shares, " "), Number(x.TargetAtPeriod), string(x.OnTrack), string(x.Standing),
			strconv.FormatBool(x.Used && !x.Aside), string(x.Error),
		}
	})
}

// WriteScores writes scores.csv: a row for each footprint, in the order of the
// partition. failing and unrated list domains, parted by spaces. domains and
// indicators are those of the whole set. order_by_figures is the order, worst
// first, by the figures there are: it says less than a rank, and stands also where
// they are too few for a rating.
func (r *Result) WriteScores(w io.Writer) error {
	heading := []string{
		"footprint", "name", "score", "rating", "rank", "rank_low", "rank_high", "p_worst", "domains_failing",
		"domains_rated", "depth", "coverage", "rank_median", "domains", "failing", "unrated",
		"indicators_rated", "indicators", "domains_with_figures", "order_by_figures", "overridden", "period",
	}
	return writeTable(w, heading, len(r.Footprints), func(i int) []string {
		x := r.Footprints[i]
		return []string{
			x.Footprint, x.Name, Number(x.Score), whole(x.Rating, x.Rated), whole(x.Rank, x.Rated), whole(x.RankLow, x.RankLow > 0),
			whole(x.RankHigh, x.RankHigh > 0), Number(x.PWorst), strconv.Itoa(x.DomainsFailing), strconv.Itoa(x.DomainsRated), Number(x.Depth),
			Number(x.Coverage), Number(x.MedianRank), strconv.Itoa(x.Domains), strings.Join(x.Failing, " "), strings.Join(x.Unrated, " "),
			strconv.Itoa(x.IndicatorsRated), strconv.Itoa(x.Indicators), strconv.Itoa(x.DomainsKnown), whole(r.order[i], r.order[i] > 0), strconv.FormatBool(x.Overridden), r.Period,
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
		"expected", "on_track", "mean", "lower_limit", "upper_limit", "signals", "standing",
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
			Number(x.LowerLimit), Number(x.UpperLimit), strings.Join(signals, " "), string(x.Standing),
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
	Period      string           `json:"period_scored,omitempty"`
	Mixed       bool             `json:"periods_mixed"`
	Aside       []string         `json:"not_counted"`
	// Of the whole set: domains with enough figures in any footprint, and
	// indicators that count in any.
	DomainsRated    int `json:"domains_rated"`
	DomainsKnown    int `json:"domains_with_figures"`
	Domains         int `json:"domains"`
	IndicatorsRated int `json:"indicators_rated"`
	IndicatorsOf    int `json:"indicators_in_set"`
}

// Summary counts what was scored: Indicators are those with figures.
func (r *Result) Summary() Summary {
	s := Summary{
		Footprints: len(r.Footprints), Indicators: len(r.Measured), Worst: append([]string{}, r.Worst...), Definitions: r.Definitions.Name,
		View: r.Options.View, Aggregation: string(r.Options.Aggregation), Draws: r.Options.Draws, Seed: r.Options.Seed,
		Unmeasured: append([]string{}, r.Unmeasured...), Notes: append([]string{}, r.Notes...),
	}
	s.Period, s.Mixed, s.Aside = r.Period, r.Mixed, append([]string{}, r.Aside...)
	for _, f := range r.Footprints {
		s.DomainsKnown = max(s.DomainsKnown, f.DomainsKnown)
		s.DomainsRated, s.IndicatorsRated = max(s.DomainsRated, f.DomainsRated), max(s.IndicatorsRated, f.IndicatorsRated)
		s.Domains, s.IndicatorsOf = f.Domains, f.Indicators
		if f.Rated {
			s.Rated++
		} else {
			s.NotRated++
		}
	}
	return s
}
