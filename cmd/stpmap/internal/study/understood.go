package study

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/data"
	"stpmap/data/importer"
	"stpmap/data/ingest"
	"stpmap/data/table"
	"stpmap/render/boundary"
)

// understand keeps what was made of an input.
func (in *Study) understand(u stage.Understood) {
	if u.Columns == nil {
		u.Columns = []fmt.Stringer{}
	}
	if u.LeftOut == nil {
		u.LeftOut = []stage.LeftOut{}
	}
	in.Understood = append(in.Understood, u)
}

// columns are those in use, for a person and for JSON.
func columns(list []table.Taken) []fmt.Stringer {
	out := make([]fmt.Stringer, len(list))
	for i, c := range list {
		out[i] = c
	}
	return out
}

// tableUnderstood is what was made of a table of one row a thing.
func tableUnderstood(role, file string, rep *table.Report) stage.Understood {
	u := stage.Understood{Role: role, File: cli.InputName(file), Columns: columns(rep.Columns), Rows: rep.Rows, Used: rep.Kept}
	u.Written(rep.Encoding)
	u.Left("by --where", rep.Filtered)
	u.Left("saying nothing", rep.Absent)
	return u
}

// FlowsUnderstood is what was made of a table of flows; published is nil for a
// plain one.
func FlowsUnderstood(file string, rep *data.FlowReport, published *importer.Result) stage.Understood {
	u := stage.Understood{Role: "flows", File: cli.InputName(file), Columns: columns(rep.Columns()), Rows: rep.Rows, Used: rep.Added, LeftOut: LeftOut(rep.Omitted), Periods: rep.Periods}
	u.Written(rep.Encoding)
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
			u.Left(l.Reason, l.Rows)
		}
	} else {
		u.Left("by --where", rep.Filtered)
	}
	u.Left("without a count", rep.Absent)
	addSums(&u, sum, rep.Omitted)
	return u
}

// IngestUnderstood is what was made of records or of a Parquet file of pairs.
func IngestUnderstood(role, file string, rep *ingest.Report) stage.Understood {
	u := stage.Understood{Role: role, File: cli.InputName(file), Columns: columns(rep.Columns), Rows: int(rep.Rows), Used: int(rep.Counted), LeftOut: LeftOut(rep.Omitted)}
	u.Left("by --where", int(rep.Filtered))
	u.Left("without a code", int(rep.Missing))
	u.Left("without a count", int(rep.Absent))
	addSums(&u, rep.Total, rep.Omitted)
	return u
}

// addSums adds the patients that count, and those of all rows.
func addSums(u *stage.Understood, counted float64, omitted []data.Omitted) {
	all := counted
	for _, o := range omitted {
		all += o.Patients
	}
	all, counted = exact(all), exact(counted)
	u.SumIn, u.SumOut = &all, &counted
}

// boundariesUnderstood is what was made of the properties of boundaries.
func boundariesUnderstood(file string, b *boundary.Set) stage.Understood {
	t := b.Taken()
	u := stage.Understood{Role: "boundaries", File: cli.InputName(file), Rows: b.Len(), Used: b.Len()}
	for _, c := range []table.Taken{{Role: "code", Heading: t.Code, Others: t.OtherCodes}, {Role: "name", Heading: t.Name}, {Role: "population", Heading: t.Population}} {
		if c.Heading != "" {
			u.Columns = append(u.Columns, c)
		}
	}
	return u
}

// indicatorsUnderstood is what was made of a table of figures.
func indicatorsUnderstood(file string, rep *table.Report, list []data.Observation, published *importer.Result) stage.Understood {
	u := tableUnderstood("indicators", file, rep)
	if published != nil {
		u.Format = strings.Join(published.Report.Layouts, " and ")
		for _, l := range published.Report.LeftOut {
			u.Left(l.Reason, l.Rows)
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

// LeftOut are the rows that a table left out.
func LeftOut(omitted []data.Omitted) []stage.LeftOut {
	out := make([]stage.LeftOut, 0, len(omitted))
	for _, o := range omitted {
		out = append(out, stage.LeftOut{Reason: o.Reason, Codes: append([]string{}, o.Codes...), Rows: o.Rows, Patients: o.Patients})
	}
	return out
}

// exact takes the error of adding up decimals off a sum that is shown.
func exact(x float64) float64 {
	r := math.Round(x*1e6) / 1e6
	if math.Abs(r-x) <= 1e-11*max(1, math.Abs(x)) {
		return r
	}
	return x
}

// byBaseName is what was understood, with the names of files alone: a folder says
// where somebody works.
func byBaseName(list []stage.Understood) []stage.Understood {
	out := make([]stage.Understood, len(list))
	for i, u := range list {
		out[i] = u
		if !strings.Contains(u.File, "://") {
			out[i].File = filepath.Base(u.File)
		}
	}
	return out
}

// WithoutFolders gives sentences with the names of the inputs alone, for a page
// that others may read: a folder says where somebody works.
func (in *Study) WithoutFolders(sentences []string) []string {
	out := slices.Clone(sentences)
	for i := range out {
		for _, u := range in.Understood {
			if base := filepath.Base(u.File); base != u.File && !strings.Contains(u.File, "://") {
				out[i] = strings.ReplaceAll(out[i], u.File, base)
			}
		}
	}
	return out
}
