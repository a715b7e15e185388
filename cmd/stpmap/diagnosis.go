package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"stpmap/data/codebook"
)

// referenceFlags name the lists that codes are looked up in.
func referenceFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "organisations", Usage: "`FILE` of the Organisation Data Service (etr, …), to say why codes do not join"},
		&cli.StringFlag{Name: "successors", Usage: "`FILE` of codes and those that took over, to say why codes do not join"},
		&cli.StringFlag{Name: "lookup", Usage: "`FILE` that says which areas lie in which, to say why codes do not join"},
	}
}

// codeJoin is how the codes of the flows fit those of another input.
type codeJoin struct {
	what, with string // "area", "boundaries"
	d          codebook.Diagnosis
}

// diagnose says why codes of the flows are not those of the boundaries, of the
// providers' table, and of the population's.
func (env *environment) diagnose(c *cli.Context, in *inputs) ([]codeJoin, error) {
	if in == nil || in.matrix == nil || in.boundaries == nil && in.listed == nil {
		return nil, nil
	}
	im := &importing{env: env, c: c}
	if err := im.references(); err != nil {
		return nil, err
	}
	ref := codebook.References{Organisations: im.orgs, Successors: im.successors, Lookup: im.lookup}
	var joins []codeJoin
	m := in.matrix
	if in.boundaries != nil {
		codes := make([]codebook.CodeUse, len(m.Areas()))
		for a, code := range m.Areas() {
			codes[a] = codebook.CodeUse{Code: code, Patients: m.RowTotal(a)}
		}
		ref := ref
		ref.Areas = true
		joins = append(joins, codeJoin{"area", "boundaries", codebook.Diagnose(codes, in.boundaries.Codes(), ref)})
	}
	if in.listed != nil && !m.OneMode() {
		codes := make([]codebook.CodeUse, len(m.Providers()))
		for j, code := range m.Providers() {
			codes[j] = codebook.CodeUse{Code: code, Patients: m.ColumnTotal(j)}
		}
		joins = append(joins, codeJoin{"provider", "providers", codebook.Diagnose(codes, in.listed, ref)})
	}
	return joins, nil
}

// sayJoins prints the coverage by patients, and a line for each reason.
func sayJoins(w io.Writer, joins []codeJoin) {
	for _, j := range joins {
		d := j.d
		fmt.Fprintf(w, "%s of %d join --%s: %s of patients\n", counted(d.Joined, j.what), d.Codes, j.with, percent(d.Coverage()))
		for _, r := range d.Reasons {
			share := 0.0
			if d.Patients > 0 {
				share = r.Patients / d.Patients
			}
			fmt.Fprintf(w, "  %s, %s of patients: %s; %s\n", counted(r.Codes, "code"), percent(share), r.Reason, r.Example.Advice)
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

func joined(v validation, joins []codeJoin) validation {
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
