package validate

import (
	"context"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data/codebook"
)

// codeJoin is how the codes of the flows fit those of another input.
type codeJoin struct {
	what, with string // "area", "boundaries"
	d          codebook.Diagnosis
}

// diagnose says why codes of the flows are not those of the boundaries and of
// the providers' table.
func (o *Options) diagnose(ctx context.Context, env *cli.Env, in *study.Study) ([]codeJoin, error) {
	if in == nil || in.Matrix == nil || in.Boundaries == nil && in.Listed == nil {
		return nil, nil
	}
	ref, err := o.Lists.Read(ctx, env)
	if err != nil {
		return nil, err
	}
	var joins []codeJoin
	m := in.Matrix
	if in.Boundaries != nil {
		areas := ref
		areas.Areas = true
		joins = append(joins, codeJoin{"area", "boundaries", codebook.Diagnose(uses(m.Areas(), m.RowTotal), in.Boundaries.Codes(), areas)})
	}
	if in.Listed != nil && !m.OneMode() {
		joins = append(joins, codeJoin{"provider", "providers", codebook.Diagnose(uses(m.Providers(), m.ColumnTotal), in.Listed, ref)})
	}
	return joins, nil
}

// uses are codes with their patients.
func uses(codes []string, patients func(int) float64) []codebook.CodeUse {
	list := make([]codebook.CodeUse, len(codes))
	for i, code := range codes {
		list[i] = codebook.CodeUse{Code: code, Patients: patients(i)}
	}
	return list
}

// sayJoins prints the coverage by patients, and a line for each reason.
func sayJoins(w io.Writer, joins []codeJoin) {
	for _, j := range joins {
		d := j.d
		fmt.Fprintf(w, "%s of %d join --%s: %s of patients\n", words.Counted(d.Joined, j.what), d.Codes, j.with, words.Percent(d.Coverage()))
		for _, r := range d.Reasons {
			share := 0.0
			if d.Patients > 0 {
				share = r.Patients / d.Patients
			}
			fmt.Fprintf(w, "  %s, %s of patients: %s; %s\n", words.Counted(r.Codes, "code"), words.Percent(share), r.Reason, r.Example.Advice)
		}
	}
}

type joinJSON struct {
	Kind       string         `json:"kind"` // area, provider
	With       string         `json:"with"` // the flag of the other input
	Codes      int            `json:"codes"`
	Joined     int            `json:"joined"`
	Coverage   float64        `json:"coverage"` // by patients
	Mismatches []mismatchJSON `json:"mismatches"`
	Unused     []string       `json:"unused"`
}

type mismatchJSON struct {
	Code    string  `json:"code"`
	Share   float64 `json:"share"` // of patients
	Reason  string  `json:"reason"`
	Instead string  `json:"instead,omitempty"`
	Advice  string  `json:"advice"`
}

// joined adds to a report how codes fit.
func joined(v report, joins []codeJoin) report {
	v.Joins = []joinJSON{}
	for _, j := range joins {
		out := joinJSON{Kind: j.what, With: j.with, Codes: j.d.Codes, Joined: j.d.Joined, Coverage: j.d.Coverage(), Mismatches: []mismatchJSON{}, Unused: append([]string{}, j.d.Unused...)}
		for _, m := range j.d.Mismatches {
			share := 0.0
			if j.d.Patients > 0 {
				share = m.Patients / j.d.Patients
			}
			out.Mismatches = append(out.Mismatches, mismatchJSON{m.Code, share, m.Reason, m.Instead, m.Advice})
		}
		v.Joins = append(v.Joins, out)
	}
	return v
}
