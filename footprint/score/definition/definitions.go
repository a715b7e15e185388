package definition

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/flow/fault"
)

// Polarity says which way is better.
type Polarity int8

// The polarities. A Neutral indicator is shown and never judged.
const (
	LowerIsBetter  Polarity = -1
	Neutral        Polarity = 0
	HigherIsBetter Polarity = 1
)

// Kind is the form of an indicator: what its numerator and denominator mean,
// and with that its interval and its transformation.
type Kind string

// The kinds of indicator.
const (
	Proportion Kind = "proportion" // numerator of denominator cases, in [0, 1]; Wilson
	Rate       Kind = "rate"       // events per Per units of exposure; Byar or exact Poisson
	Ratio      Kind = "ratio"      // observed over expected (or over a ceiling), pooled ΣO/ΣE
	Mean       Kind = "mean"       // total over number of cases
	Band       Kind = "band"       // one of a short list of ordered categories
	Money      Kind = "money"      // sum of money over a base of money; may be negative
)

// Default is the set that serves where none is named.
const Default = "headline-2017"

// Kinds lists the kinds in the order of the documentation.
func Kinds() []Kind { return []Kind{Proportion, Rate, Ratio, Mean, Band, Money} }

// Level says whose figure an indicator is.
type Level string

// The levels. A table may still give an indicator at another level: the code
// decides, as long as one level serves all rows of the indicator.
const (
	ProviderLevel  Level = "provider"
	AreaLevel      Level = "area" // commissioners included
	FootprintLevel Level = "footprint"
)

// Attribution says how a figure reaches the footprints.
type Attribution string

// The attributions. Default is by the view that Options names for providers'
// figures, by sum for areas' and as given for footprints'.
const (
	DefaultAttribution Attribution = ""
	ByResidents        Attribution = "residents" // always by where a provider's patients live
	ByProviders        Attribution = "providers" // always by where the provider lies
)

// Transform is the scale on which outliers are judged.
type Transform string

// The transformations; DefaultTransform is arcsine for a proportion, log for a
// ratio, sqrt for a rate and none otherwise.
const (
	DefaultTransform Transform = ""
	Arcsine          Transform = "arcsine"
	Log              Transform = "log"
	Sqrt             Transform = "sqrt"
	Identity         Transform = "none"
)

// Indicator defines one number per footprint.
type Indicator struct {
	ID       string
	Name     string
	Domain   string // ID of its domain
	Unit     string // for people; "%" means that values are printed in per cent
	Polarity Polarity
	Kind     Kind
	Level    Level
	// Numerator and Denominator say in words what is counted.
	Numerator, Denominator string
	// DenominatorFrom names the indicator of the same set whose denominators
	// this one shares, where the table gives none.
	DenominatorFrom string
	// Per is the number of units of the denominator that a value is for: 100000
	// for a rate per 100,000. 0 means 1.
	Per         float64
	Attribution Attribution
	Transform   Transform
	Target      Target
	// Margin is how far past the target a figure must be to fail, in the
	// indicator's own terms; not negative.
	Margin float64
	// Weight is the indicator's weight within its domain; 0 shows the indicator
	// and leaves it out of every score.
	Weight float64
	// Bands are the categories of a Band indicator from best to worst;
	// FailingFrom is the first (1-based) that counts as failing.
	Bands       []string
	FailingFrom int
	// Scores are the values up to which a figure scores 1, 2 and 3 where scores
	// from 1 to 4 are averaged; worse than the last scores 4. Empty: the score goes
	// by the rank among the footprints.
	Scores []float64
	// Source says where the definition is from; Verified that its numbers were
	// checked against it; Note what to know besides.
	Source, Note string
	Verified     bool
}

// EffectivePer is what a rate is per; 1 where it is not said.
func (d Indicator) EffectivePer() float64 {
	if d.Per == 0 {
		return 1
	}
	return d.Per
}

// EffectivePolarity is which way is better for the value that the footprints get: the
// share in the failing bands is always better low.
func (d Indicator) EffectivePolarity() Polarity {
	if d.Kind == Band {
		return LowerIsBetter
	}
	return d.Polarity
}

// EffectiveTransform is the scale for outliers; where it is not said, that of the
// kind.
func (d Indicator) EffectiveTransform() Transform {
	if d.Transform != DefaultTransform {
		return d.Transform
	}
	switch d.Kind {
	case Proportion:
		return Arcsine
	case Ratio:
		return Log
	case Rate:
		return Sqrt
	}
	return Identity
}

// Domain is a group of indicators that fails or does not as a whole.
type Domain struct {
	ID, Name string
	Parent   string  // ID of the theme it belongs to; empty for none
	Weight   float64 // its weight among the domains; NaN is the sum of its indicators' weights
}

// Definitions is a set of indicators and the domains they are in.
type Definitions struct {
	Name, Title string
	Source      string
	Note        string
	Domains     []Domain
	Indicators  []Indicator
	// Aggregation is how the set is scored unless one asks otherwise; empty for
	// the usual way. Cuts are its limits between ratings, Override what limits them.
	Aggregation string
	Cuts        *[3]float64
	Override    Override
}

// Override limits a rating: where Domain fails, it is not better than AtBest.
type Override struct {
	Domain string // empty for none
	AtBest int    // 2 to 4
}

// Indicator finds the definition of an id.
func (d *Definitions) Indicator(id string) (Indicator, bool) {
	i := d.Index(id)
	if i < 0 {
		return Indicator{}, false
	}
	return d.Indicators[i], true
}

// Index is the place of an indicator; -1 where there is none.
func (d *Definitions) Index(id string) int {
	return slices.IndexFunc(d.Indicators, func(x Indicator) bool { return x.ID == id })
}

// DomainIndex is the place of a domain; -1 where there is none.
func (d *Definitions) DomainIndex(id string) int {
	return slices.IndexFunc(d.Domains, func(x Domain) bool { return x.ID == id })
}

// place says where in a text each part of a definition stands.
type place struct{ line, column int }

// places of a set's parts: by domain and by indicator, and within an indicator
// by field name; the empty name is the part itself.
type places struct {
	domains    []map[string]place
	indicators []map[string]place
}

func (p *places) at(part []map[string]place, i int, field string) place {
	if p == nil || i >= len(part) {
		return place{}
	}
	if at, ok := part[i][field]; ok {
		return at
	}
	return part[i][""]
}

// Check finds what is wrong with a set that was put together in a program. The
// readers of this package check what they read.
func (d *Definitions) Check() error { return d.check(nil) }

// check is Check with the places of the fields; nil where they are not known.
func (d *Definitions) check(p *places) error {
	var faults fault.List
	adder := func(part func() []map[string]place, i int) func(string, error) {
		return func(field string, err error) {
			var at place
			if p != nil {
				at = p.at(part(), i, field)
			}
			faults.Add(&fault.Error{Line: at.line, Column: at.column, Err: err})
		}
	}
	for i := range d.Domains {
		d.checkDomain(i, adder(func() []map[string]place { return p.domains }, i))
	}
	for i := range d.Indicators {
		ind, add := &d.Indicators[i], adder(func() []map[string]place { return p.indicators }, i)
		d.checkNames(i, ind, add)
		ind.checkWords(add)
		ind.checkTransform(add)
		if d.DomainIndex(ind.Domain) < 0 {
			add("domain", fmt.Errorf("%w: %q", ErrUnknownDomain, ind.Domain))
		}
		ind.checkNumbers(add)
		d.checkTarget(ind, add)
		d.checkBands(ind, add)
		ind.checkScores(add)
		d.checkLender(i, ind, add)
	}
	if o := d.Override; o.Domain != "" && (d.DomainIndex(o.Domain) < 0 || o.AtBest < 2 || o.AtBest > 4) {
		faults.Add(&fault.Error{Err: fmt.Errorf("an override names a domain and a rating from 2 to 4: %q, %d", o.Domain, o.AtBest)})
	}
	if len(d.Indicators) == 0 {
		faults.Add(&fault.Error{Err: ErrNoIndicators})
	}
	return faults.Err()
}

func (d *Definitions) checkDomain(i int, add func(string, error)) {
	dom := &d.Domains[i]
	if !validID(dom.ID) {
		add("id", fmt.Errorf("%w: %q", ErrBadID, dom.ID))
	}
	if d.DomainIndex(dom.ID) < i {
		add("id", fmt.Errorf("%w domain: %q", ErrDuplicateID, dom.ID))
	}
	if dom.Weight < 0 || math.IsInf(dom.Weight, 0) {
		add("weight", fmt.Errorf("%w: %v", ErrWeight, dom.Weight))
	}
	if dom.Parent != "" && d.DomainIndex(dom.Parent) < 0 {
		add("parent", fmt.Errorf("%w: %q", ErrUnknownDomain, dom.Parent))
	}
	for steps, at := 0, dom.Parent; at != ""; steps++ {
		j := d.DomainIndex(at)
		if j < 0 {
			break
		}
		if j == i || steps > len(d.Domains) {
			add("parent", fmt.Errorf("%w of domains through %q", ErrCycle, dom.ID))
			break
		}
		at = d.Domains[j].Parent
	}
}

func (d *Definitions) checkNames(i int, ind *Indicator, add func(string, error)) {
	if !validID(ind.ID) {
		add("id", fmt.Errorf("%w: %q", ErrBadID, ind.ID))
	}
	if d.Index(ind.ID) < i {
		add("id", fmt.Errorf("%w indicator: %q", ErrDuplicateID, ind.ID))
	}
	if !slices.Contains(Kinds(), ind.Kind) {
		add("kind", fmt.Errorf("%w: %q (one of %s)", ErrUnknownKind, ind.Kind, join(Kinds())))
	}
}

// checkWords looks at fields that have one of a few values.
func (ind *Indicator) checkWords(add func(string, error)) {
	switch ind.Level {
	case ProviderLevel, AreaLevel, FootprintLevel:
	default:
		add("level", fmt.Errorf("unknown level: %q (one of provider, area, footprint)", ind.Level))
	}
	switch ind.Attribution {
	case DefaultAttribution, ByResidents, ByProviders:
	default:
		add("attribution", fmt.Errorf("unknown attribution: %q (one of residents, providers)", ind.Attribution))
	}
	switch ind.Transform {
	case DefaultTransform, Arcsine, Log, Sqrt, Identity:
	default:
		add("transform", fmt.Errorf("unknown transform: %q (one of arcsine, log, sqrt, none)", ind.Transform))
	}
}

func (ind *Indicator) checkTransform(add func(string, error)) {
	if ind.Transform == Arcsine && ind.Kind != Proportion || (ind.Transform == Log || ind.Transform == Sqrt) && ind.Kind != Rate && ind.Kind != Ratio {
		add("transform", fmt.Errorf("arcsine is for a proportion, log and sqrt for a rate or ratio: %q of a %s", ind.Transform, ind.Kind))
	}
	switch ind.Polarity {
	case LowerIsBetter, Neutral, HigherIsBetter:
	default:
		add("polarity", fmt.Errorf("unknown polarity: %d", ind.Polarity))
	}
}

func (ind *Indicator) checkNumbers(add func(string, error)) {
	if ind.Weight < 0 || !finite(ind.Weight) {
		add("weight", fmt.Errorf("%w: %v", ErrWeight, ind.Weight))
	}
	if ind.Per < 0 || !finite(ind.Per) {
		add("per", fmt.Errorf("per must be above 0: %v", ind.Per))
	}
	if ind.Per != 0 && ind.Per != 1 && (ind.Kind == Proportion || ind.Kind == Band) {
		add("per", fmt.Errorf("a %s has no per", ind.Kind))
	}
	if ind.Margin < 0 || !finite(ind.Margin) {
		add("margin", fmt.Errorf("margin must not be negative: %v", ind.Margin))
	}
}

// checkLender follows the indicators that lend denominators.
func (d *Definitions) checkLender(i int, ind *Indicator, add func(string, error)) {
	if ind.DenominatorFrom == "" {
		return
	}
	j := d.Index(ind.DenominatorFrom)
	if j < 0 {
		add("denominator_from", fmt.Errorf("%w: %q", ErrUnknownIndicator, ind.DenominatorFrom))
	}
	for steps := 0; j >= 0; steps++ {
		if j == i || steps > len(d.Indicators) {
			add("denominator_from", fmt.Errorf("%w of denominators through %q", ErrCycle, ind.ID))
			return
		}
		from := d.Indicators[j].DenominatorFrom
		if from == "" {
			return
		}
		j = d.Index(from)
	}
}

func (d *Definitions) checkTarget(ind *Indicator, add func(string, error)) {
	t := ind.Target
	if !t.Set {
		return
	}
	if ind.Polarity == Neutral {
		add("target", ErrTargetPolarity)
	}
	if t.Own && t.Baseline.By.IsZero() {
		add("target", fmt.Errorf("%w: an own baseline needs its date", ErrMissingField))
	}
	values := []float64{t.Value}
	for _, s := range t.Steps {
		values = append(values, s.Value)
	}
	if !t.Baseline.By.IsZero() && !t.Own {
		values = append(values, t.Baseline.Value)
	}
	for _, v := range values {
		if !finite(v) {
			add("target", fmt.Errorf("target is not a finite number: %v", v))
		} else if !t.Own && (ind.Kind == Proportion || ind.Kind == Band) && (v < 0 || v > 1) {
			add("target", fmt.Errorf("target of a %s must be from 0 to 1, or from 0%% to 100%%: %v", ind.Kind, v))
		}
	}
	last := t.Baseline.By
	for _, s := range t.Steps {
		if s.By.IsZero() || !last.IsZero() && !s.By.After(last) {
			add("target", ErrStepOrder)
			break
		}
		last = s.By
	}
	if !last.IsZero() && !t.By.After(last) {
		add("target", ErrStepOrder)
	}
}

// checkScores looks at the values between scores: three, each worse than the one
// before.
func (ind *Indicator) checkScores(add func(string, error)) {
	if len(ind.Scores) == 0 {
		return
	}
	side := -float64(ind.EffectivePolarity())
	ok := len(ind.Scores) == 3 && side != 0
	for i := 1; ok && i < len(ind.Scores); i++ {
		ok = side*(ind.Scores[i]-ind.Scores[i-1]) > 0
	}
	if !ok {
		add("scores", fmt.Errorf("scores are three values, each worse than the one before: %v", ind.Scores))
	}
}

func (d *Definitions) checkBands(ind *Indicator, add func(string, error)) {
	if ind.Kind != Band {
		if len(ind.Bands) > 0 {
			add("bands", fmt.Errorf("bands belong to the kind band, not %s", ind.Kind))
		}
		return
	}
	if len(ind.Bands) < 2 {
		add("bands", fmt.Errorf("a band indicator needs at least two bands, best first"))
		return
	}
	for i, b := range ind.Bands {
		if b == "" || slices.Index(ind.Bands, b) < i {
			add("bands", fmt.Errorf("%w band: %q", ErrDuplicateID, b))
		}
	}
	if ind.FailingFrom < 2 || ind.FailingFrom > len(ind.Bands) {
		add("failing_from", fmt.Errorf("failing_from must be from 2 to %d: %d", len(ind.Bands), ind.FailingFrom))
	}
	if ind.Polarity != LowerIsBetter {
		add("polarity", fmt.Errorf("a band indicator's bands stand best first, so that its polarity is lower"))
	}
}

// DomainWeights gives the weight of each domain that has indicators.
func (d *Definitions) DomainWeights() []float64 {
	w := make([]float64, len(d.Domains))
	for i, dom := range d.Domains {
		if !math.IsNaN(dom.Weight) {
			w[i] = dom.Weight
			continue
		}
		for _, ind := range d.Indicators {
			if ind.Domain == dom.ID && ind.Polarity != Neutral {
				w[i] += ind.Weight
			}
		}
	}
	return w
}

// An id is letters, digits, '_', '-' and '.', and begins with a letter or digit.
func validID(id string) bool {
	for i, r := range id {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("_-.", r)) {
			return false
		}
	}
	return id != ""
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func join[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
