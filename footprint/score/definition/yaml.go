//go:build !js

package definition

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"stpmap/flow/fault"
	"stpmap/flow/yamlfile"
)

// Read reads a set of definitions in YAML, in the form that
// Schema describes. The error of a faulty set is a *fault.List, each
// fault with its line and column.
func Read(r io.Reader) (*Definitions, error) {
	file, err := yamlfile.Read(r)
	var f *fault.Error
	if errors.As(err, &f) {
		f.Err = fmt.Errorf("%w: %w", ErrSyntax, f.Err)
		return nil, &fault.List{List: []*fault.Error{f}}
	}
	if err != nil {
		return nil, err
	}
	var y yamlReader
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		y.faults.Add(&fault.Error{Line: 1, Column: 1, Err: fmt.Errorf("%w: expected one document", ErrSyntax)})
		return nil, y.faults.Err()
	}
	d := &Definitions{}
	y.mapping(file.Docs[0].Body, map[string]func(ast.Node){
		"name":        y.text(&d.Name),
		"title":       y.text(&d.Title),
		"source":      y.text(&d.Source),
		"note":        y.text(&d.Note),
		"aggregation": y.text(&d.Aggregation),
		"cut_points": func(n ast.Node) {
			d.Cuts = &[3]float64{}
			y.numbers(n, d.Cuts[:])
		},
		"override": func(n ast.Node) {
			y.mapping(n, map[string]func(ast.Node){"domain": y.text(&d.Override.Domain), "at_best": y.parse(wholeNumber(&d.Override.AtBest))}, "domain", "at_best")
		},
		"domains":    func(n ast.Node) { y.list(n, func(n ast.Node) { y.domain(n, d) }) },
		"indicators": func(n ast.Node) { y.list(n, func(n ast.Node) { y.indicator(n, d) }) },
	}, "indicators")
	if err := y.faults.Err(); err != nil {
		return nil, err
	}
	d.impliedDomains(&y.places)
	if err := d.check(&y.places); err != nil {
		return nil, err
	}
	return d, nil
}

// impliedDomains adds, in order of mention, the domains of a set that lists
// none.
func (d *Definitions) impliedDomains(p *places) {
	if len(d.Domains) > 0 {
		return
	}
	for i, ind := range d.Indicators {
		if ind.Domain != "" && d.DomainIndex(ind.Domain) < 0 {
			d.Domains = append(d.Domains, Domain{ID: ind.Domain, Weight: math.NaN()})
			p.domains = append(p.domains, map[string]place{"": p.at(p.indicators, i, "domain")})
		}
	}
}

// yamlReader walks a parsed document with its positions, noting every fault.
type yamlReader struct {
	faults fault.List
	places places
}

func at(n ast.Node) place {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return place{}
	}
	// A mapping's token is its first colon: its first key is what a reader looks for.
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 {
			return at(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return at(m.Key)
	}
	pos := n.GetToken().Position
	return place{pos.Line, pos.Column}
}

func (y *yamlReader) fault(n ast.Node, err error) {
	p := at(n)
	y.faults.Add(&fault.Error{Line: p.line, Column: p.column, Err: err})
}

// mapping hands each field of a mapping to its reader and returns where the
// fields stand.
func (y *yamlReader) mapping(n ast.Node, fields map[string]func(ast.Node), required ...string) map[string]place {
	where := map[string]place{"": at(n)}
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		y.fault(n, fmt.Errorf("%w: expected fields and values", ErrSyntax))
		return where
	}
	for _, v := range values {
		key, ok := v.Key.(*ast.StringNode)
		if !ok {
			y.fault(v.Key, fmt.Errorf("%w: %s", ErrUnknownField, v.Key))
			continue
		}
		read, ok := fields[key.Value]
		if !ok {
			y.fault(key, fmt.Errorf("%w: %q", ErrUnknownField, key.Value))
			continue
		}
		if _, twice := where[key.Value]; twice {
			y.fault(key, fmt.Errorf("%w field: %q", ErrDuplicateID, key.Value))
			continue
		}
		where[key.Value] = at(v.Value)
		if _, null := v.Value.(*ast.NullNode); null {
			continue
		}
		read(v.Value)
	}
	for _, f := range required {
		if _, ok := where[f]; !ok {
			y.fault(n, fmt.Errorf("%w: %s", ErrMissingField, f))
		}
	}
	return where
}

func (y *yamlReader) list(n ast.Node, item func(ast.Node)) {
	s, ok := n.(*ast.SequenceNode)
	if !ok {
		y.fault(n, fmt.Errorf("%w: expected a list", ErrSyntax))
		return
	}
	for _, v := range s.Values {
		item(v)
	}
}

// scalar gives the text of a scalar as written. Anchors and aliases are
// refused: a reader of definitions should see what it says where it says it.
func (y *yamlReader) scalar(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return v.GetToken().Value, true
	case *ast.AnchorNode, *ast.AliasNode:
		y.fault(n, fmt.Errorf("%w: anchors and aliases have no place in definitions", ErrSyntax))
	default:
		y.fault(n, fmt.Errorf("%w: expected a single value", ErrSyntax))
	}
	return "", false
}

func (y *yamlReader) text(to *string) func(ast.Node) {
	return func(n ast.Node) {
		if s, ok := y.scalar(n); ok {
			*to = strings.TrimSpace(s)
		}
	}
}

func (y *yamlReader) parse(parse func(string) error) func(ast.Node) {
	return func(n ast.Node) {
		if s, ok := y.scalar(n); ok {
			if err := parse(strings.TrimSpace(s)); err != nil {
				y.fault(n, err)
			}
		}
	}
}

func (y *yamlReader) domain(n ast.Node, d *Definitions) {
	dom := Domain{Weight: math.NaN()}
	where := y.mapping(n, map[string]func(ast.Node){
		"id":     y.text(&dom.ID),
		"name":   y.text(&dom.Name),
		"parent": y.text(&dom.Parent),
		"weight": y.parse(number(&dom.Weight)),
	}, "id")
	y.places.domains = append(y.places.domains, where)
	d.Domains = append(d.Domains, dom)
}

func (y *yamlReader) indicator(n ast.Node, d *Definitions) {
	ind := newIndicator()
	fields := map[string]func(ast.Node){
		"target": func(n ast.Node) { y.target(n, &ind.Target) },
		"bands": func(n ast.Node) {
			y.list(n, func(n ast.Node) {
				if s, ok := y.scalar(n); ok {
					ind.Bands = append(ind.Bands, strings.TrimSpace(s))
				}
			})
		},
	}
	fields["scores"] = func(n ast.Node) {
		ind.Scores = make([]float64, 3)
		y.numbers(n, ind.Scores)
	}
	for name, parse := range ind.fields() {
		fields[name] = y.parse(parse)
	}
	where := y.mapping(n, fields, "id", "domain", "kind", "level")
	y.places.indicators = append(y.places.indicators, where)
	d.Indicators = append(d.Indicators, ind)
}

func (y *yamlReader) target(n ast.Node, t *Target) {
	t.Set = true
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		y.parse(number(&t.Value))(n)
		return
	}
	r := targetReader{y: y, t: t, share: math.NaN()}
	t.Value = math.NaN()
	y.mapping(n, map[string]func(ast.Node){
		"value":             y.parse(number(&t.Value)),
		"by":                y.parse(day(&t.By)),
		"path":              y.parse(path(&t.Stepped)),
		"baseline":          r.baseline,
		"share_of_baseline": y.parse(number(&r.share)),
		"steps":             func(n ast.Node) { y.list(n, r.step) },
	})
	r.settle(n)
}

// targetReader reads a target of several fields. shares are the steps that are
// given as shares of the baseline.
type targetReader struct {
	y      *yamlReader
	t      *Target
	share  float64
	shares []bool
}

// baseline reads the start of the way; its value may be "own".
func (r *targetReader) baseline(n ast.Node) {
	value := r.y.parse(func(s string) error {
		if r.t.Own = strings.EqualFold(s, "own"); r.t.Own {
			return nil
		}
		return number(&r.t.Baseline.Value)(s)
	})
	r.y.mapping(n, map[string]func(ast.Node){"value": value, "date": r.y.parse(day(&r.t.Baseline.By))}, "value", "date")
}

// step reads one step of the way: a value, or a share of the baseline.
func (r *targetReader) step(n ast.Node) {
	s, share := Step{Value: math.NaN()}, math.NaN()
	r.y.mapping(n, map[string]func(ast.Node){
		"value": r.y.parse(number(&s.Value)), "share_of_baseline": r.y.parse(number(&share)), "by": r.y.parse(day(&s.By)),
	}, "by")
	if math.IsNaN(s.Value) == math.IsNaN(share) {
		r.y.fault(n, fmt.Errorf("%w: a step has a value or a share_of_baseline", ErrMissingField))
	}
	r.shares = append(r.shares, !math.IsNaN(share))
	if !math.IsNaN(share) {
		s.Value = share
	}
	r.t.Steps = append(r.t.Steps, s)
}

// settle turns shares into values where the baseline is a number.
func (r *targetReader) settle(n ast.Node) {
	t, y := r.t, r.y
	switch {
	case math.IsNaN(r.share) == math.IsNaN(t.Value):
		y.fault(n, fmt.Errorf("%w: a target has a value, or a share_of_baseline and a baseline", ErrMissingField))
	case (!math.IsNaN(r.share) || slices.Contains(r.shares, true)) && t.Baseline.By.IsZero():
		y.fault(n, fmt.Errorf("%w: share_of_baseline needs a baseline", ErrMissingField))
	case t.Own && (math.IsNaN(r.share) || slices.Contains(r.shares, false)):
		y.fault(n, fmt.Errorf("%w: with an own baseline, goal and steps are shares of it: share_of_baseline", ErrMissingField))
	case t.Own:
		t.Value = r.share
	case !math.IsNaN(r.share):
		t.Value = r.share * t.Baseline.Value
	}
	for i := range t.Steps {
		if !t.Own && r.shares[i] {
			t.Steps[i].Value *= t.Baseline.Value
		}
	}
}

// numbers reads a list of as many numbers as to has.
func (y *yamlReader) numbers(n ast.Node, to []float64) {
	i := 0
	y.list(n, func(n ast.Node) {
		if i < len(to) {
			y.parse(number(&to[i]))(n)
		}
		i++
	})
	if i != len(to) {
		y.fault(n, fmt.Errorf("%w: a list of %d numbers", ErrMissingField, len(to)))
	}
}

// path reads "linear" or "stepped".
func path(stepped *bool) func(string) error {
	return func(s string) error {
		if *stepped = s == "stepped"; !*stepped && s != "linear" {
			return fmt.Errorf("unknown path: %q (one of linear, stepped)", s)
		}
		return nil
	}
}

func wholeNumber(to *int) func(string) error {
	return func(s string) (err error) {
		if *to, err = strconv.Atoi(s); err != nil {
			err = fmt.Errorf("not a whole number: %q", s)
		}
		return err
	}
}

func newIndicator() Indicator { return Indicator{Weight: 1, Verified: true} }

// fields are the readers of an indicator's simple fields, for YAML and CSV.
func (d *Indicator) fields() map[string]func(string) error {
	text := func(to *string) func(string) error {
		return func(s string) error { *to = s; return nil }
	}
	return map[string]func(string) error{
		"id": text(&d.ID), "name": text(&d.Name), "domain": text(&d.Domain), "unit": text(&d.Unit),
		"numerator": text(&d.Numerator), "denominator": text(&d.Denominator), "denominator_from": text(&d.DenominatorFrom),
		"source": text(&d.Source), "note": text(&d.Note),
		"kind":        func(s string) error { d.Kind = Kind(s); return nil },
		"attribution": func(s string) error { d.Attribution = Attribution(s); return nil },
		"transform":   func(s string) error { d.Transform = Transform(s); return nil },
		"level": func(s string) error {
			if s == "commissioner" {
				s = string(AreaLevel)
			}
			d.Level = Level(s)
			return nil
		},
		"polarity": func(s string) (err error) { d.Polarity, err = ParsePolarity(s); return err },
		"per":      number(&d.Per), "margin": number(&d.Margin), "weight": number(&d.Weight),
		"failing_from": wholeNumber(&d.FailingFrom),
		"verified": func(s string) error {
			switch strings.ToLower(s) {
			case "true", "yes":
				d.Verified = true
			case "false", "no":
				d.Verified = false
			default:
				return fmt.Errorf("expected true or false: %q", s)
			}
			return nil
		},
	}
}

// ParsePolarity reads "higher", "lower" or "neutral", the first two also with
// "_is_better".
func ParsePolarity(s string) (Polarity, error) {
	switch strings.TrimSuffix(s, "_is_better") {
	case "higher":
		return HigherIsBetter, nil
	case "lower":
		return LowerIsBetter, nil
	case "neutral":
		return Neutral, nil
	}
	return Neutral, fmt.Errorf("unknown polarity: %q (one of higher, lower, neutral)", s)
}

// String is the polarity as definitions write it.
func (p Polarity) String() string {
	switch p {
	case HigherIsBetter:
		return "higher"
	case LowerIsBetter:
		return "lower"
	}
	return "neutral"
}

// number reads 0.95 or 95%.
func number(to *float64) func(string) error {
	return func(s string) error {
		digits, percent := strings.CutSuffix(s, "%")
		v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if err != nil || !finite(v) {
			return fmt.Errorf("not a number: %q", s)
		}
		if percent {
			// 66.7% is the float nearest to 0.667, which 66.7/100 need not be.
			if v, err = strconv.ParseFloat(strings.TrimSpace(digits)+"e-2", 64); err != nil {
				return fmt.Errorf("not a number: %q", s)
			}
		}
		*to = v
		return nil
	}
}

func day(to *time.Time) func(string) error {
	return func(s string) error {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return fmt.Errorf("not a date as 2018-12-31: %q", s)
		}
		*to = t
		return nil
	}
}
