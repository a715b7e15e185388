package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"stpmap/flow/fault"
)

func validateCommand(env *environment) *cli.Command {
	return command(env, &cli.Command{
		Name:  "validate",
		Usage: "read the inputs and report what is in them and what does not fit; change nothing",
		Description: `Example:

  stpmap validate --flows flows.csv --boundaries areas.geojson --providers providers.csv

Faults are printed as file:line:column: what is wrong, and end with status 3.
Codes that do not join are named with the reason and what to do; lists of
organisations, their successors and a lookup of areas help to find it:

  stpmap validate --flows flows.csv --providers providers.csv --successors succ.csv --organisations etr.csv`,
		Flags: join(flowFlags(), placeFlags(), referenceFlags(), []cli.Flag{jsonFlag()}),
	}, []string{"flows"}, func(c *cli.Context) error {
		in, err := env.load(c.Context, c, needs{silent: true})
		joins, derr := env.diagnose(c, in)
		if derr != nil {
			return derr
		}
		if c.Bool("json") {
			faults := faultList(err)
			if err != nil && len(faults) == 0 {
				return err
			}
			if werr := writeJSON(env.stdout, joined(in.validation(faults), joins)); werr != nil {
				return werr
			}
			return err
		}
		if err != nil {
			sayJoins(env.stdout, joins)
			return err
		}
		v := in.validation(nil)
		say := func(format string, args ...any) { fmt.Fprintf(env.stdout, format+"\n", args...) }
		say("%s, %s, %s, %s", counted(v.Rows, "row"), counted(v.Areas, "area"), counted(v.Providers, "provider"), counted(in.matrix.Len(), "pair"))
		if v.SuppressedCells > 0 {
			say("patients: %s published, %s to %s with %s", plainNumber(v.Patients), plainNumber(v.PatientsLower), plainNumber(v.PatientsUpper), counted(v.SuppressedCells, "suppressed cell"))
		} else {
			say("patients: %s", plainNumber(v.Patients))
		}
		if v.DuplicatePairs > 0 {
			say("%s added up", counted(v.DuplicatePairs, "duplicate pair"))
		}
		if in.boundaries != nil {
			say("boundaries: %s in %s", counted(len(in.boundaries.Codes()), "area"), in.boundaries.CRS())
			if n := v.AreasWithoutBoundary; n > 0 {
				say("%s without a boundary: %s", counted(n, "area"), firstFew(v.AreasWithoutBoundaryCodes))
			}
			if n := v.BoundariesWithoutFlow; n > 0 {
				say("%s without flow: %s", counted(n, "boundary"), firstFew(v.BoundariesWithoutFlowCodes))
			}
		}
		if in.points != nil && v.ProvidersWithoutLocation > 0 {
			say("%s without a location: %s", counted(v.ProvidersWithoutLocation, "provider"), firstFew(v.ProvidersWithoutLocationCodes))
		}
		sayJoins(env.stdout, joins)
		for _, u := range in.understood {
			say("%s", u)
		}
		for _, n := range in.notes {
			say("%s", n)
		}
		return nil
	})
}

type validation struct {
	Rows                          int          `json:"rows"`
	Areas                         int          `json:"areas"`
	Providers                     int          `json:"providers"`
	Patients                      float64      `json:"patients"`
	PatientsLower                 float64      `json:"patients_lower"`
	PatientsUpper                 float64      `json:"patients_upper"`
	SuppressedCells               int          `json:"suppressed_cells"`
	DuplicatePairs                int          `json:"duplicate_pairs"`
	AbsentCells                   int          `json:"absent_cells"`
	FilteredRows                  int          `json:"filtered_rows"`
	Faults                        []faultJSON  `json:"faults"`
	MoreFaults                    int          `json:"more_faults"`
	AreasWithoutBoundary          int          `json:"areas_without_boundary"`
	BoundariesWithoutFlow         int          `json:"boundaries_without_flow"`
	ProvidersWithoutLocation      int          `json:"providers_without_location"`
	AreasWithoutBoundaryCodes     []string     `json:"areas_without_boundary_codes"`
	BoundariesWithoutFlowCodes    []string     `json:"boundaries_without_flow_codes"`
	ProvidersWithoutLocationCodes []string     `json:"providers_without_location_codes"`
	CRS                           *string      `json:"crs"`
	Notes                         []string     `json:"notes"`
	Understood                    []understood `json:"understood"`
	Joins                         []joinJSON   `json:"joins"`
	Version                       string       `json:"version"`
	FlowSHA256                    string       `json:"flow_sha256,omitempty"`
}

type faultJSON struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// faultList takes the located faults out of an error.
func faultList(err error) []faultJSON {
	list := []faultJSON{}
	var faults *fault.List
	var one *fault.Error
	add := func(f *fault.Error) {
		line, column := f.Place()
		list = append(list, faultJSON{f.File, line, column, f.Err.Error()})
	}
	switch {
	case errors.As(err, &faults):
		for _, f := range faults.List {
			add(f)
		}
	case errors.As(err, &one):
		add(one)
	}
	return list
}

func (in *inputs) validation(faults []faultJSON) validation {
	v := validation{
		Faults: faults, AreasWithoutBoundaryCodes: []string{}, BoundariesWithoutFlowCodes: []string{}, ProvidersWithoutLocationCodes: []string{},
		Notes: []string{}, Understood: []understood{}, Version: version,
	}
	if faults == nil {
		v.Faults = []faultJSON{}
	}
	if in == nil {
		return v
	}
	v.MoreFaults = in.moreFaults
	v.Rows, v.AbsentCells, v.FilteredRows = in.flowReport.Rows, in.flowReport.Absent, in.flowReport.Filtered
	v.Notes = append(v.Notes, in.notes...)
	v.Understood = append(v.Understood, in.understood...)
	if in.boundaries != nil {
		crs := in.boundaries.CRS()
		v.CRS = &crs
	}
	if in.matrix == nil {
		return v
	}
	total := in.matrix.Total()
	v.Areas, v.Providers = len(in.matrix.Areas()), len(in.matrix.Providers())
	v.Patients, v.PatientsLower, v.PatientsUpper = total.Published, total.Lower, total.Upper
	v.SuppressedCells, v.DuplicatePairs = in.matrixReport.SuppressedCells, in.matrixReport.DuplicatePairs
	v.FlowSHA256 = in.matrix.SHA256()
	if in.boundaries != nil {
		v.AreasWithoutBoundaryCodes = append(v.AreasWithoutBoundaryCodes, in.areasWithoutBoundary()...)
		v.BoundariesWithoutFlowCodes = append(v.BoundariesWithoutFlowCodes, in.boundariesWithoutFlow()...)
	}
	v.ProvidersWithoutLocationCodes = append(v.ProvidersWithoutLocationCodes, in.providersWithoutLocation()...)
	v.AreasWithoutBoundary = len(v.AreasWithoutBoundaryCodes)
	v.BoundariesWithoutFlow = len(v.BoundariesWithoutFlowCodes)
	v.ProvidersWithoutLocation = len(v.ProvidersWithoutLocationCodes)
	return v
}
