package score

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
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
	Period                        string
}

// Explain says what is failing in a footprint, by how much, and which providers
// carry it. The error wraps ErrUnknownFootprint.
func (r *Result) Explain(footprint string) (*Explanation, error) {
	f := slices.Index(r.in.Partition.IDs, footprint)
	if f < 0 {
		return nil, fmt.Errorf("%w: %q", ErrUnknownFootprint, footprint)
	}
	e := &Explanation{FootprintRow: r.Footprints[f], Draws: r.Options.Draws, Worst: r.Options.Worst, View: r.Options.View, Period: r.Period}
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
	if due, set := m.targetFor(f); set {
		out.Against = due
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
	for _, fig := range m.figures {
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
