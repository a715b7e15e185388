package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/ingest"
	tablepkg "stpmap/data/table"
	"stpmap/footprint/score"
	"stpmap/footprint/score/attribution"
	"stpmap/render/boundary"
)

// understood is what was made of one input: which column served for what, and
// what became of its rows.
type understood struct {
	Role    string           `json:"role"`
	File    string           `json:"file"`
	Format  string           `json:"format,omitempty"`
	Columns []tablepkg.Taken `json:"columns"`
	Rows    int              `json:"rows"`
	Used    int              `json:"used"`
	LeftOut []leftJSON       `json:"left_out"`
	Periods []string         `json:"periods,omitempty"`
	// SumIn is the patients of all rows that have a number, SumOut of those that
	// count; nil for an input of something else.
	SumIn  *float64 `json:"sum_in,omitempty"`
	SumOut *float64 `json:"sum_out,omitempty"`
}

// String is a sentence for people.
func (u understood) String() string {
	var parts []string
	if u.Format != "" {
		parts = append(parts, "read as "+u.Format)
	}
	for _, c := range u.Columns {
		parts = append(parts, c.String())
	}
	rows := fmt.Sprintf("%s, %s used", counted(u.Rows, "row"), thousands(u.Used))
	if u.Role == "boundaries" {
		rows = counted(u.Rows, "area")
	}
	parts = append(parts, rows)
	for _, l := range u.LeftOut {
		parts = append(parts, fmt.Sprintf("%s left out (%s)", thousands(l.Rows), l.Reason))
	}
	switch n := len(u.Periods); {
	case n == 1:
		parts = append(parts, "period "+u.Periods[0])
	case n > 1:
		parts = append(parts, fmt.Sprintf("periods %s to %s", u.Periods[0], u.Periods[n-1]))
	}
	if u.SumIn != nil {
		if *u.SumIn == *u.SumOut {
			parts = append(parts, patients(*u.SumIn))
		} else {
			parts = append(parts, fmt.Sprintf("%s in, %s counted", patients(*u.SumIn), plainNumber(*u.SumOut)))
		}
	}
	return fmt.Sprintf("%s (%s): %s", u.Role, u.File, strings.Join(parts, ", "))
}

// left adds rows that are left out for a reason.
func (u *understood) left(reason string, rows int) {
	if rows > 0 {
		u.LeftOut = append(u.LeftOut, leftJSON{Reason: reason, Codes: []string{}, Rows: rows})
	}
}

// understand keeps what was made of an input.
func (in *inputs) understand(u understood) {
	if u.Columns == nil {
		u.Columns = []tablepkg.Taken{}
	}
	if u.LeftOut == nil {
		u.LeftOut = []leftJSON{}
	}
	in.understood = append(in.understood, u)
}

// tableUnderstood is what was made of a table of one row a thing.
func tableUnderstood(role, file string, rep *tablepkg.Report) understood {
	u := understood{Role: role, File: displayName(file), Columns: rep.Columns, Rows: rep.Rows, Used: rep.Kept}
	u.left("by --where", rep.Filtered)
	u.left("saying nothing", rep.Absent)
	return u
}

// flowsUnderstood is what was made of a table of flows.
func flowsUnderstood(file string, rep *data.FlowReport, published *importer.Result) understood {
	u := understood{Role: "flows", File: displayName(file), Columns: rep.Columns(), Rows: rep.Rows, Used: rep.Added, LeftOut: leftOut(rep.Omitted), Periods: rep.Periods}
	sum := rep.Patients
	if published != nil {
		u.Format = strings.Join(published.Report.Layouts, " and ")
		sum = 0
		for _, f := range published.Flows {
			sum += f.Count.Value
		}
	}
	if published != nil && len(published.Report.Plain) == 0 {
		for _, l := range published.Report.LeftOut {
			u.left(l.Reason, l.Rows)
		}
	} else {
		u.left("by --where", rep.Filtered)
	}
	u.left("without a count", rep.Absent)
	in := sum
	for _, o := range rep.Omitted {
		in += o.Patients
	}
	in, sum = exact(in), exact(sum)
	u.SumIn, u.SumOut = &in, &sum
	return u
}

// ingestUnderstood is what was made of records or of a Parquet file of pairs.
func ingestUnderstood(role, file string, rep *ingest.Report) understood {
	u := understood{Role: role, File: displayName(file), Columns: rep.Columns, Rows: int(rep.Rows), Used: int(rep.Counted), LeftOut: leftOut(rep.Omitted)}
	u.left("by --where", int(rep.Filtered))
	u.left("without a code", int(rep.Missing))
	u.left("without a count", int(rep.Absent))
	in, out := rep.Total, rep.Total
	for _, o := range rep.Omitted {
		in += o.Patients
	}
	in, out = exact(in), exact(out)
	u.SumIn, u.SumOut = &in, &out
	return u
}

// boundariesUnderstood is what was made of the properties of boundaries.
func boundariesUnderstood(file string, b *boundary.Set) understood {
	t := b.Taken()
	u := understood{Role: "boundaries", File: displayName(file), Rows: b.Len(), Used: b.Len()}
	for _, c := range []tablepkg.Taken{{Role: "code", Heading: t.Code, Others: t.OtherCodes}, {Role: "name", Heading: t.Name}, {Role: "population", Heading: t.Population}} {
		if c.Heading != "" {
			u.Columns = append(u.Columns, c)
		}
	}
	return u
}

// indicatorsUnderstood is what was made of a table of indicators.
func indicatorsUnderstood(file string, rep *tablepkg.Report, list []data.Observation, published *importer.Result) understood {
	u := tableUnderstood("indicators", file, rep)
	if published != nil {
		u.Format = strings.Join(published.Report.Layouts, " and ")
		for _, l := range published.Report.LeftOut {
			u.left(l.Reason, l.Rows)
		}
	}
	for _, o := range list {
		if o.Period != "" {
			u.Periods = append(u.Periods, o.Period)
		}
	}
	slices.Sort(u.Periods)
	if u.Periods = slices.Compact(u.Periods); len(u.Periods) > 12 {
		u.Periods = []string{u.Periods[0], u.Periods[len(u.Periods)-1]}
	}
	return u
}

// shortened are the first three of many names, and how many more there are.
func shortened(names []string) []string {
	if len(names) <= 3 {
		return names
	}
	return append(slices.Clone(names[:3]), fmt.Sprintf("%d more", len(names)-3))
}

// exact takes the error of adding up decimals off a sum that is shown.
func exact(x float64) float64 {
	r := math.Round(x*1e6) / 1e6
	if math.Abs(r-x) <= 1e-11*max(1, math.Abs(x)) {
		return r
	}
	return x
}

// figureSums say, for every indicator with numerators, what went in and how much
// of it reached the footprints.
func figureSums(res *score.Result) []string {
	type sum struct{ in, lost float64 }
	by := map[string]*sum{}
	var order []string
	for _, v := range res.Indicators {
		if math.IsNaN(v.Denominator) {
			continue
		}
		s := by[v.Indicator]
		if s == nil {
			s = &sum{}
			by[v.Indicator] = s
			order = append(order, v.Indicator)
		}
		s.in += v.Denominator
		if v.Footprint == attribution.Unattributed {
			s.lost += v.Denominator
		}
	}
	var lines []string
	for _, id := range order {
		s := by[id]
		line := fmt.Sprintf("%s: denominators of %s in, %s in footprints", id, plainNumber(math.Round(s.in)), plainNumber(math.Round(s.in-s.lost)))
		if s.lost > 0 {
			line += fmt.Sprintf(", %s (%s) of entities without flow", plainNumber(math.Round(s.lost)), percent(s.lost/s.in))
		}
		lines = append(lines, line)
	}
	return lines
}
