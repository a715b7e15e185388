package score

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"stpmap/flow"
	"stpmap/footprint/score/definition"
)

// FormatValue is a value of an indicator for people: per cent where that is its
// unit, and three significant digits otherwise.
func FormatValue(ind *definition.Indicator, v float64) string {
	switch {
	case math.IsNaN(v):
		return "unknown"
	case strings.TrimSpace(ind.Unit) == "%":
		return strconv.FormatFloat(100*v, 'f', 1, 64) + "%"
	case math.Abs(v) >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// maxCarriers is how many carriers a text names.
const maxCarriers = 3

// Likelihood puts a probability in a word, as the reports of the IPCC do
// (Mastrandrea MD et al. 2010, guidance note on uncertainties).
func Likelihood(p float64) string {
	switch {
	case p >= 0.99:
		return "almost certainly"
	case p >= 0.9:
		return "very likely"
	case p >= 0.66:
		return "likely"
	case p > 0.33:
		return "about as likely as not"
	case p > 0.1:
		return "unlikely to be"
	}
	return "very unlikely to be"
}

// inWords are small numbers as texts write them.
func inWords(n int) string {
	words := [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	if n < len(words) {
		return words[n]
	}
	return flow.Grouped(float64(n), 0)
}

// Evidence says on how much a rating rests: the domains and indicators with
// figures, of how many.
func (f *FootprintRow) Evidence() string {
	return evidence(f.DomainsKnown, f.DomainsRated, f.Domains, f.IndicatorsRated, f.Indicators)
}

// evidence says how many domains and indicators have figures; enough is the
// number of domains that have enough of them.
func evidence(known, enough, domains, indicators, all int) string {
	text := fmt.Sprintf("figures for %d of %d domains", known, domains)
	if enough != known {
		text += fmt.Sprintf(" (enough in %s)", strings.Replace(inWords(enough), "no", "none", 1))
	}
	return text + fmt.Sprintf(" and %d of %d indicators", indicators, all)
}

// Evidence says on how much the whole score rests, and of what time.
func (r *Result) Evidence() string {
	s := r.Summary()
	text := "Scores rest on"
	if s.Rated == 0 {
		text = "Not rated overall:"
	}
	text += " " + evidence(s.DomainsKnown, s.DomainsRated, s.Domains, s.IndicatorsRated, s.IndicatorsOf)
	if r.Period != "" {
		text += ", " + r.Period
	}
	if r.Mixed {
		text += " (periods are mixed)"
	}
	text += "."
	before, after := " Not counted, as of another year: ", ""
	for _, m := range r.measures {
		if m.aside {
			text += fmt.Sprintf("%s%s (%s)", before, cmp.Or(m.ind.Name, m.ind.ID), m.window.Of())
			before, after = ", ", "."
		}
	}
	return text + after
}

// AcrossAreas says whether a footprint has serious underperformance across a
// number of areas: it has the worst rating, and two domains or more fail.
func (f *FootprintRow) AcrossAreas() bool { return f.Rating == 4 && f.DomainsFailing >= 2 }

// Verdict says in a line or two which footprints are the worst, and on what that
// rests.
func (r *Result) Verdict() []string {
	lines := []string{r.Evidence()}
	if len(r.Worst) == 0 {
		return lines
	}
	var names []string
	for _, row := range r.League()[:len(r.Worst)] {
		names = append(names, row.Title())
	}
	return append([]string{"The worst, worst first: " + strings.Join(names, "; ") + "."}, lines...)
}

// Text puts an explanation in words.
func (e *Explanation) Text() string {
	var b strings.Builder
	e.ratingText(&b)
	e.failingText(&b)
	for _, d := range e.Domains {
		state := "does not fail"
		switch {
		case d.Failing:
			state = "fails"
		case !d.Rated:
			state = "has too few figures to be rated"
		}
		fmt.Fprintf(&b, "\n%s %s.\n", d.title(), state)
		for _, i := range d.Indicators {
			i.text(&b)
		}
	}
	return b.String()
}

// ratingText says how a footprint is rated, and how sure that is.
func (e *Explanation) ratingText(b *strings.Builder) {
	if !e.Rated {
		fmt.Fprintf(b, "%s is not rated overall: there are %s.\n", e.Title(), e.Evidence())
		return
	}
	fmt.Fprintf(b, "%s is rated %d, where 1 is the best and 4 the worst.", e.Title(), e.Rating)
	if e.Overridden {
		b.WriteString(" The set's override limits this rating.")
	}
	fmt.Fprintf(b, " Its rank is %d of %d from the worst.", e.Rank, e.RatedFootprints)
	switch {
	case e.RankLow > 0 && e.Worst < e.RatedFootprints:
		likely := Likelihood(e.PWorst)
		fmt.Fprintf(b, " It is %s among the %s worst (rank %d to %d).", likely, inWords(e.Worst), e.RankLow, e.RankHigh)
	case e.RankLow > 0:
		fmt.Fprintf(b, " Its rank is from %d to %d.", e.RankLow, e.RankHigh)
	case e.Draws > 0:
		b.WriteString(" How sure that is cannot be told, because the error of some figures is not known.")
	}
	fmt.Fprintf(b, " It rests on %s.\n", e.Evidence())
}

// failingText names the failing domains.
func (e *Explanation) failingText(b *strings.Builder) {
	if e.AcrossAreas() {
		b.WriteString("It has serious underperformance across a number of areas. ")
	}
	var failing []string
	for _, d := range e.Domains {
		if d.Failing {
			failing = append(failing, d.title())
		}
	}
	if e.DomainsRated == 0 {
		b.WriteString("No domain has enough figures to be rated.\n")
		return
	}
	fmt.Fprintf(b, "Of %d rated domains, %d fail", e.DomainsRated, e.DomainsFailing)
	if e.DomainsFailing == 1 {
		b.WriteString("s")
	}
	if len(failing) > 0 {
		fmt.Fprintf(b, ": %s", strings.Join(failing, "; "))
	}
	b.WriteString(".\n")
}

func (d *DomainReason) title() string { return cmp.Or(d.Name, d.ID) }

// text writes what an indicator says of the footprint.
func (i *IndicatorReason) text(b *strings.Builder) {
	ind := &i.Definition
	fmt.Fprintf(b, "  %s: ", cmp.Or(ind.Name, ind.ID))
	if math.IsNaN(i.Value) {
		b.WriteString("no figures.\n")
		return
	}
	i.valueText(b)
	switch {
	case i.Aside:
		b.WriteString(" These figures are of another year, and are not counted.\n")
		return
	case !i.Used:
		fmt.Fprintf(b, " This is not judged: the figures cover only %.0f%% of patients.\n", 100*i.Coverage)
		return
	}
	i.targetText(b)
	i.bandText(b)
	if i.Failing == Yes {
		b.WriteString(" This fails.")
	}
	b.WriteString("\n")
	if (i.Failing == Yes || i.Gap > 0) && len(i.Carriers) > 0 {
		i.carriersText(b)
	}
}

func (i *IndicatorReason) valueText(b *strings.Builder) {
	ind := &i.Definition
	b.WriteString(FormatValue(ind, i.Value))
	if unit := strings.TrimSpace(ind.Unit); unit != "%" && unit != "" {
		fmt.Fprintf(b, " %s", unit)
	}
	if !math.IsNaN(i.Lower) {
		fmt.Fprintf(b, " (%s to %s)", FormatValue(ind, i.Lower), FormatValue(ind, i.Upper))
	}
	if i.Period != "" {
		fmt.Fprintf(b, " in %s", i.Period)
	}
	b.WriteString(".")
}

// targetText says where a figure is against what is due.
func (i *IndicatorReason) targetText(b *strings.Builder) {
	ind := &i.Definition
	bound := map[definition.Polarity]string{definition.HigherIsBetter: "at least", definition.LowerIsBetter: "at most"}[ind.EffectivePolarity()]
	by := ""
	if !ind.Target.By.IsZero() {
		by = " by " + ind.Target.By.Format("2 January 2006")
	}
	switch i.Standing {
	case "":
		fmt.Fprintf(b, " All footprints together: %s.", FormatValue(ind, i.Against))
		return
	case NotDue:
		fmt.Fprintf(b, " The target, %s %s%s, was not due yet. All footprints together: %s.", bound, FormatValue(ind, i.Target), by, FormatValue(ind, i.Against))
		return
	case Ahead, Behind:
		fmt.Fprintf(b, " Due by then: %s %s, on the way to %s%s. It is %s", bound, FormatValue(ind, i.TargetAtPeriod), FormatValue(ind, i.Target), by, i.Standing)
	default:
		fmt.Fprintf(b, " Target: %s %s%s. It is %s", bound, FormatValue(ind, i.TargetAtPeriod), by, i.Standing)
	}
	if i.Standing != Met {
		fmt.Fprintf(b, " by %s", i.gapText())
	}
	if i.Gap > 0 && i.Excess >= 1 && ind.Kind == definition.Proportion {
		fmt.Fprintf(b, ", about %s of %s cases", flow.Grouped(math.Round(i.Excess), 0), flow.Grouped(math.Round(i.Denominator), 0))
	}
	b.WriteString(".")
}

// gapText is how far a figure is from what is due.
func (i *IndicatorReason) gapText() string {
	gap := math.Abs(i.Gap)
	if strings.TrimSpace(i.Definition.Unit) == "%" {
		return strconv.FormatFloat(100*gap, 'f', 1, 64) + " points"
	}
	return FormatValue(&i.Definition, gap)
}

func (i *IndicatorReason) bandText(b *strings.Builder) {
	limits := [...]string{"", "95%", "99.8%"}
	switch {
	case i.Definition.EffectivePolarity() == definition.Neutral || i.Band == 0:
	case i.Band > 0:
		fmt.Fprintf(b, " It is worse than the other footprints, beyond the %s limit.", limits[i.Band])
	default:
		fmt.Fprintf(b, " It is better than the other footprints, beyond the %s limit.", limits[-i.Band])
	}
}

// carriersText names the providers or areas that the shortfall is from.
func (i *IndicatorReason) carriersText(b *strings.Builder) {
	for n, c := range i.Carriers {
		if n == maxCarriers {
			rest := 0.0
			for _, c := range i.Carriers[n:] {
				rest += c.Share
			}
			fmt.Fprintf(b, "    %d more account for %.0f%%.\n", len(i.Carriers)-n, 100*rest)
			break
		}
		own := "its own figure is " + FormatValue(&i.Definition, c.Value)
		if c.Label != "" {
			own = "it is rated " + strconv.Quote(c.Label)
		}
		fmt.Fprintf(b, "    %s accounts for %.0f%% of the shortfall; %s.\n", titled(c.Name, c.Code), 100*c.Share, own)
	}
}
