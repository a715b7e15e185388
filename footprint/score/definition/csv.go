//go:build !js

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
	"stpmap/flow/yamlfile"
)

// ReadCSV reads a set of definitions as a table: a heading row with
// the names of the YAML form's fields, and a row for each indicator. In a cell,
// bands are parted by '|'; target is the goal, target_by its date, target_path
// linear or stepped, baseline and baseline_date the start of the way. With the
// baseline "own", target is the share of it to be reached. domain_weight is the weight of the
// indicator's domain. The error of a faulty table is a *fault.List.
func ReadCSV(r io.Reader) (*Definitions, error) {
	src, err := io.ReadAll(io.LimitReader(r, yamlfile.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	c := &csvReader{domainWeight: map[string]float64{}}
	if len(src) > yamlfile.MaxBytes {
		c.faults.Add(&fault.Error{Err: fmt.Errorf("%w: longer than %d bytes", ErrSyntax, yamlfile.MaxBytes)})
		return nil, c.faults.Err()
	}
	c.in = csv.NewReader(bytes.NewReader(src))
	c.in.FieldsPerRecord = -1
	c.heading()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	c.rows()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	d := &c.d
	d.impliedDomains(&c.places)
	for i := range d.Domains {
		if w, ok := c.domainWeight[d.Domains[i].ID]; ok {
			d.Domains[i].Weight = w
		}
	}
	if err := d.check(&c.places); err != nil {
		return nil, err
	}
	return d, nil
}

// csvReader reads a table of definitions.
type csvReader struct {
	in           *csv.Reader
	names        []string // of the columns
	d            Definitions
	places       places
	domainWeight map[string]float64
	faults       fault.List
}

func (c *csvReader) fault(at place, err error) {
	c.faults.Add(&fault.Error{Line: at.line, Column: at.column, Err: err})
}

// heading reads the first row.
func (c *csvReader) heading() {
	heading, err := c.in.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = ErrNoIndicators
		}
		c.faults.Add(csvFault(err))
		return
	}
	seen, known := map[string]bool{}, csvFields(&Indicator{}, new(float64))
	for i, h := range heading {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))), " ", "_")
		line, column := c.in.FieldPos(i)
		if known[name] == nil {
			c.fault(place{line, column}, fmt.Errorf("%w: %q", ErrUnknownField, h))
		}
		if seen[name] {
			c.fault(place{line, column}, fmt.Errorf("%w field: %q", ErrDuplicateID, h))
		}
		seen[name] = true
		c.names = append(c.names, name)
	}
	for _, f := range []string{"id", "domain", "kind", "level"} {
		if !seen[f] {
			c.fault(place{line: 1}, fmt.Errorf("%w: %s", ErrMissingField, f))
		}
	}
}

// rows reads the other rows.
func (c *csvReader) rows() {
	for {
		rec, err := c.in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			c.faults.Add(csvFault(err))
			return
		}
		ind, weight, where := c.row(rec)
		if !math.IsNaN(weight) {
			if old, ok := c.domainWeight[ind.Domain]; ok && old != weight {
				c.fault(where["domain_weight"], fmt.Errorf("domain %q has two weights", ind.Domain))
			}
			c.domainWeight[ind.Domain] = weight
		}
		c.d.Indicators = append(c.d.Indicators, ind)
		c.places.indicators = append(c.places.indicators, where)
	}
}

// row reads an indicator, the weight of its domain (NaN where it is not given),
// and where its fields stand.
func (c *csvReader) row(rec []string) (ind Indicator, weight float64, where map[string]place) {
	ind, weight, where = newIndicator(), math.NaN(), map[string]place{}
	fields := csvFields(&ind, &weight)
	for i, cell := range rec {
		line, column := c.in.FieldPos(i)
		at := place{line, column}
		if i == 0 {
			where[""] = at
		}
		if i >= len(c.names) {
			c.fault(at, fmt.Errorf("more cells than headings"))
			break
		}
		field := c.names[i]
		if field == "target_by" || field == "target_path" || field == "baseline" || field == "baseline_date" {
			where["target"] = at
		}
		where[field] = at
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		if err := fields[field](cell); err != nil {
			c.fault(at, err)
		}
	}
	return ind, weight, where
}

// csvFields are what reads the cells of an indicator, by the heading.
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
	fields["target_path"] = path(&ind.Target.Stepped)
	fields["baseline"] = func(s string) error {
		if ind.Target.Own = strings.EqualFold(s, "own"); ind.Target.Own {
			return nil
		}
		return number(&ind.Target.Baseline.Value)(s)
	}
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
