package definition

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"stpmap/flow/fault"
)

// ReadCSV reads a set of definitions as a table: a heading row with
// the names of the YAML form's fields, and a row for each indicator. In a cell,
// bands are parted by '|'; target is the goal, target_by its date, baseline and
// baseline_date the start of the way. domain_weight is the weight of the
// indicator's domain. The error of a faulty table is a *fault.List.
func ReadCSV(r io.Reader) (*Definitions, error) {
	var faults fault.List
	src, err := io.ReadAll(io.LimitReader(r, maxDefinitions+1))
	if err != nil {
		return nil, err
	}
	if len(src) > maxDefinitions {
		faults.Add(&fault.Error{Err: fmt.Errorf("%w: longer than %d bytes", ErrSyntax, maxDefinitions)})
		return nil, faults.Err()
	}
	cr := csv.NewReader(bytes.NewReader(src))
	cr.FieldsPerRecord = -1
	heading, err := cr.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrNoIndicators
		}
		faults.Add(csvFault(err))
		return nil, faults.Err()
	}
	names := make([]string, len(heading))
	seen := map[string]bool{}
	known := csvFields(&Indicator{}, new(float64))
	for i, h := range heading {
		names[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))), " ", "_")
		line, column := cr.FieldPos(i)
		if known[names[i]] == nil {
			faults.Add(&fault.Error{Line: line, Column: column, Err: fmt.Errorf("%w: %q", ErrUnknownField, h)})
		}
		if seen[names[i]] {
			faults.Add(&fault.Error{Line: line, Column: column, Err: fmt.Errorf("%w field: %q", ErrDuplicateID, h)})
		}
		seen[names[i]] = true
	}
	for _, f := range []string{"id", "domain", "kind", "level"} {
		if !seen[f] {
			faults.Add(&fault.Error{Line: 1, Err: fmt.Errorf("%w: %s", ErrMissingField, f)})
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}

	d := &Definitions{}
	var p places
	domainWeight := map[string]float64{}
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			faults.Add(csvFault(err))
			break
		}
		ind, weight := newIndicator(), math.NaN()
		fields := csvFields(&ind, &weight)
		where := map[string]place{}
		for i, cell := range rec {
			line, column := cr.FieldPos(i)
			if i == 0 {
				where[""] = place{line, column}
			}
			if i >= len(names) {
				faults.Add(&fault.Error{Line: line, Column: column, Err: fmt.Errorf("more cells than headings")})
				break
			}
			field := names[i]
			if field == "target_by" || field == "baseline" || field == "baseline_date" {
				where["target"] = place{line, column}
			}
			where[field] = place{line, column}
			if cell = strings.TrimSpace(cell); cell == "" {
				continue
			}
			if err := fields[field](cell); err != nil {
				faults.Add(&fault.Error{Line: line, Column: column, Err: err})
			}
		}
		if !math.IsNaN(weight) {
			if old, ok := domainWeight[ind.Domain]; ok && old != weight {
				at := where["domain_weight"]
				faults.Add(&fault.Error{Line: at.line, Column: at.column, Err: fmt.Errorf("domain %q has two weights", ind.Domain)})
			}
			domainWeight[ind.Domain] = weight
		}
		d.Indicators = append(d.Indicators, ind)
		p.indicators = append(p.indicators, where)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	d.impliedDomains(&p)
	for i := range d.Domains {
		if w, ok := domainWeight[d.Domains[i].ID]; ok {
			d.Domains[i].Weight = w
		}
	}
	if err := d.check(&p); err != nil {
		return nil, err
	}
	return d, nil
}

func csvFields(ind *Indicator, domainWeight *float64) map[string]func(string) error {
	fields := ind.fields()
	fields["bands"] = func(s string) error {
		for b := range strings.SplitSeq(s, "|") {
			ind.Bands = append(ind.Bands, strings.TrimSpace(b))
		}
		return nil
	}
	fields["target"] = func(s string) error { ind.Target.Set = true; return number(&ind.Target.Value)(s) }
	fields["target_by"] = day(&ind.Target.By)
	fields["baseline"] = number(&ind.Target.Baseline.Value)
	fields["baseline_date"] = day(&ind.Target.Baseline.By)
	fields["domain_weight"] = number(domainWeight)
	return fields
}

func csvFault(err error) *fault.Error {
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return &fault.Error{Line: e.Line, Column: e.Column, Err: fmt.Errorf("%w: %v", ErrSyntax, e.Err)}
	}
	return &fault.Error{Err: err}
}
