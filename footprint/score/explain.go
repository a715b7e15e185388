package score

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"stpmap/footprint/score/attribution"
	"stpmap/footprint/score/definition"
)

// ErrUnknownFootprint says that a footprint is not in the partition.
var ErrUnknownFootprint = errors.New("unknown footprint")

// Carrier is a provider or area with a part in a footprint's shortfall.
type Carrier struct {
	Code, Name string
	// Value is the carrier's own figure; Excess what it brings to the
	// footprint beyond the target (cases; for flow-weighted values, patients
	// times the gap), and Share its share of all excess that carriers bring.
	// Label is the name of its band, for a Band, whose Value is 1 or 0: failing
	// or not.
	Value, Excess, Share float64
	Label                string
}

// IndicatorReason is one indicator in an explanation.
type IndicatorReason struct {
	IndicatorRow
	Definition definition.Indicator
	// Against is the target, or the pooled value where there is none.
	Against float64
	// Excess is the number of cases past Against; NaN where there are no counts.
	Excess   float64
	Carriers []Carrier // of figures that are worse than Against, most first
}

// DomainReason is one domain in an explanation.
type DomainReason struct {
	definition.Domain
	Rated, Failing bool
	Indicators     []IndicatorReason
}

// Explanation says why a footprint is where it is.
type Explanation struct {
	FootprintRow
	RatedFootprints, Draws, Worst int
	Domains                       []DomainReason
	View                          attribution.View
}

// Explain says what is failing in a footprint, by how much, and which providers
// carry it. The error wraps ErrUnknownFootprint.
func (r *Result) Explain(footprint string) (*Explanation, error) {
	f := slices.Index(r.in.Partition.IDs, footprint)
	if f < 0 {
		return nil, fmt.Errorf("%w: %q", ErrUnknownFootprint, footprint)
	}
	e := &Explanation{FootprintRow: r.Footprints[f], Draws: r.Options.Draws, Worst: r.Options.Worst, View: r.Options.View}
	for _, row := range r.Footprints {
		if row.Rated {
			e.RatedFootprints++
		}
	}
	rows := map[string]IndicatorRow{}
	for _, row := range r.Indicators {
		if row.Footprint == footprint {
			rows[row.Indicator] = row
		}
	}
	for _, dom := range r.Definitions.Domains {
		d := DomainReason{Domain: dom, Failing: slices.Contains(e.Failing, dom.ID), Rated: !slices.Contains(e.Unrated, dom.ID)}
		for _, m := range r.measures {
			if m.ind.Domain == dom.ID {
				d.Indicators = append(d.Indicators, r.reason(m, f, rows[m.ind.ID]))
			}
		}
		if len(d.Indicators) > 0 {
			e.Domains = append(e.Domains, d)
		}
	}
	return e, nil
}

func (r *Result) reason(m *measure, f int, row IndicatorRow) IndicatorReason {
	out := IndicatorReason{IndicatorRow: row, Definition: *m.ind, Against: m.out.pooled, Excess: math.NaN()}
	if m.ind.Target.Set {
		out.Against = m.ind.Target.Value
	}
	side, per := -float64(m.ind.EffectivePolarity()), m.ind.EffectivePer()
	counts := !m.at.Weighted && !math.IsNaN(row.Denominator)
	if counts && side != 0 {
		out.Excess = side * (row.Numerator - out.Against*row.Denominator/per)
	}
	if side == 0 {
		return out
	}
	total := 0.0
	for _, fig := range m.series.Figures[m.period] {
		value, label := fig.Value, ""
		if m.ind.Kind == definition.Band {
			value, label = 0, m.ind.Bands[int(fig.Value)-1]
			if int(fig.Value) >= m.ind.FailingFrom {
				value = 1
			}
		} else if !math.IsNaN(fig.Numerator) && fig.Denominator > 0 {
			value = fig.Numerator / fig.Denominator * per
		}
		r.base.Split(m.series.Level, attribution.ViewOf(m.ind, r.Options.View), fig.Entity, func(at int32, share, weight float64) {
			if int(at) != f {
				return
			}
			excess := side * weight * (value - out.Against)
			if counts {
				excess = side * share * (fig.Numerator - out.Against*fig.Denominator/per)
			}
			if excess > 0 {
				total += excess
				out.Carriers = append(out.Carriers, Carrier{Code: fig.Code, Name: r.entityName(m.series.Level, fig.Entity), Value: value, Excess: excess, Label: label})
			}
		})
	}
	for i := range out.Carriers {
		out.Carriers[i].Share = out.Carriers[i].Excess / total
	}
	slices.SortStableFunc(out.Carriers, func(a, b Carrier) int {
		return cmp.Or(cmp.Compare(b.Excess, a.Excess), strings.Compare(a.Code, b.Code))
	})
	return out
}

func (r *Result) entityName(level definition.Level, entity int32) string {
	names := map[definition.Level][]string{
		definition.ProviderLevel: r.in.ProviderNames, definition.AreaLevel: r.in.AreaNames, definition.FootprintLevel: r.in.Names,
	}[level]
	if entity < 0 || int(entity) >= len(names) {
		return ""
	}
	return names[entity]
}

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

// Text puts an explanation in words.
func (e *Explanation) Text() string {
	var b strings.Builder
	title := e.Footprint
	if e.Name != "" && e.Name != e.Footprint {
		title += " " + e.Name
	}
	if !e.Rated {
		fmt.Fprintf(&b, "%s is not rated: figures for %d of %d domains (%.0f%% of the weight) are too few.\n", title, e.DomainsRated, e.FootprintRow.Domains, 100*e.Coverage)
	} else {
		fmt.Fprintf(&b, "%s is rated %d (1 best, 4 worst), rank %d of %d from the worst.", title, e.Rating, e.Rank, e.RatedFootprints)
		if e.RankLow > 0 {
			fmt.Fprintf(&b, " In 90%% of %d draws its rank lies from %d to %d; in %.0f%% it is among the worst %d.", e.Draws, e.RankLow, e.RankHigh, 100*e.PWorst, e.Worst)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d of %d rated domains fail", e.DomainsFailing, e.DomainsRated)
	var failing []string
	for _, d := range e.Domains {
		if d.Failing {
			failing = append(failing, d.title())
		}
	}
	if len(failing) > 0 {
		fmt.Fprintf(&b, ": %s", strings.Join(failing, "; "))
	}
	b.WriteString(".\n")
	for _, d := range e.Domains {
		state := "does not fail"
		switch {
		case d.Failing:
			state = "fails"
		case !d.Rated:
			state = "is not rated"
		}
		fmt.Fprintf(&b, "\n%s %s.\n", d.title(), state)
		for _, i := range d.Indicators {
			i.text(&b)
		}
	}
	return b.String()
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
	if !i.Used {
		fmt.Fprintf(b, "; not judged, as figures cover %.0f%% of patients only.\n", 100*i.Coverage)
		return
	}
	if ind.Target.Set {
		i.targetText(b)
	} else {
		fmt.Fprintf(b, " against %s overall", FormatValue(ind, i.Against))
	}
	i.bandText(b)
	if i.Failing == Yes {
		b.WriteString("; fails")
	}
	b.WriteString(".\n")
	if (i.Failing == Yes || i.Gap > 0) && len(i.Carriers) > 0 {
		i.carriersText(b)
	}
}

func (i *IndicatorReason) valueText(b *strings.Builder) {
	ind := &i.Definition
	b.WriteString(FormatValue(ind, i.Value))
	if !math.IsNaN(i.Lower) {
		fmt.Fprintf(b, " (%s to %s)", FormatValue(ind, i.Lower), FormatValue(ind, i.Upper))
	}
	if unit := strings.TrimSpace(ind.Unit); unit != "%" && unit != "" {
		fmt.Fprintf(b, " %s", unit)
	}
}

func (i *IndicatorReason) targetText(b *strings.Builder) {
	ind := &i.Definition
	bound := map[definition.Polarity]string{definition.HigherIsBetter: "at least", definition.LowerIsBetter: "at most"}[ind.EffectivePolarity()]
	fmt.Fprintf(b, " against %s %s", bound, FormatValue(ind, ind.Target.Value))
	switch {
	case i.Gap <= 0:
		b.WriteString(", met")
	case strings.TrimSpace(ind.Unit) == "%":
		fmt.Fprintf(b, ", missed by %.1f points", 100*i.Gap)
	default:
		fmt.Fprintf(b, ", missed by %s", FormatValue(ind, i.Gap))
	}
	if i.Gap > 0 && i.Excess >= 1 && ind.Kind == definition.Proportion {
		fmt.Fprintf(b, " or about %.0f of %.0f cases", i.Excess, i.Denominator)
	}
}

func (i *IndicatorReason) bandText(b *strings.Builder) {
	limits := [...]string{"", "95%", "99.8%"}
	switch {
	case i.Definition.EffectivePolarity() == definition.Neutral || i.Band == 0:
	case i.Band > 0:
		fmt.Fprintf(b, "; worse than the other footprints beyond the %s limit", limits[i.Band])
	default:
		fmt.Fprintf(b, "; better than the other footprints beyond the %s limit", limits[-i.Band])
	}
}

func (i *IndicatorReason) carriersText(b *strings.Builder) {
	b.WriteString("    Carried by ")
	for n, c := range i.Carriers {
		if n == maxCarriers {
			rest := 0.0
			for _, c := range i.Carriers[n:] {
				rest += c.Share
			}
			fmt.Fprintf(b, ", and %d more (%.0f%%)", len(i.Carriers)-n, 100*rest)
			break
		}
		if n > 0 {
			b.WriteString(", ")
		}
		name := c.Code
		if c.Name != "" {
			name += " " + c.Name
		}
		own := cmp.Or(c.Label, FormatValue(&i.Definition, c.Value)+" itself")
		fmt.Fprintf(b, "%s (%.0f%% of it; %s)", name, 100*c.Share, own)
	}
	b.WriteString(".\n")
}
