package validate

import (
	"errors"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/study"
	"stpmap/flow/fault"
)

// report is what validate --json prints.
type report struct {
	Rows                          int                `json:"rows"`
	Areas                         int                `json:"areas"`
	Providers                     int                `json:"providers"`
	Patients                      float64            `json:"patients"`
	PatientsLower                 float64            `json:"patients_lower"`
	PatientsUpper                 float64            `json:"patients_upper"`
	SuppressedCells               int                `json:"suppressed_cells"`
	DuplicatePairs                int                `json:"duplicate_pairs"`
	AbsentCells                   int                `json:"absent_cells"`
	FilteredRows                  int                `json:"filtered_rows"`
	Faults                        []faultJSON        `json:"faults"`
	MoreFaults                    int                `json:"more_faults"`
	AreasWithoutBoundary          int                `json:"areas_without_boundary"`
	BoundariesWithoutFlow         int                `json:"boundaries_without_flow"`
	ProvidersWithoutLocation      int                `json:"providers_without_location"`
	AreasWithoutBoundaryCodes     []string           `json:"areas_without_boundary_codes"`
	BoundariesWithoutFlowCodes    []string           `json:"boundaries_without_flow_codes"`
	ProvidersWithoutLocationCodes []string           `json:"providers_without_location_codes"`
	CRS                           *string            `json:"crs"`
	Pieces                        int                `json:"pieces"`
	Links                         []linkJSON         `json:"links"`
	Notes                         []string           `json:"notes"`
	Understood                    []stage.Understood `json:"understood"`
	Joins                         []joinJSON         `json:"joins"`
	Version                       string             `json:"version"`
	FlowSHA256                    string             `json:"flow_sha256,omitempty"`
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

// reportOf is what there is to say of a study; in may be nil.
func reportOf(in *study.Study, faults []faultJSON) report {
	r := report{
		Faults: faults, AreasWithoutBoundaryCodes: []string{}, BoundariesWithoutFlowCodes: []string{}, ProvidersWithoutLocationCodes: []string{},
		Notes: []string{}, Links: []linkJSON{}, Understood: []stage.Understood{}, Version: cli.Version,
	}
	if faults == nil {
		r.Faults = []faultJSON{}
	}
	if in == nil {
		return r
	}
	r.MoreFaults = in.MoreFaults
	r.Rows, r.AbsentCells, r.FilteredRows = in.FlowReport.Rows, in.FlowReport.Absent, in.FlowReport.Filtered
	r.Notes = append(r.Notes, in.Notes...)
	r.Understood = append(r.Understood, in.Understood...)
	if in.Boundaries != nil {
		crs := in.Boundaries.CRS()
		r.CRS = &crs
	}
	if in.Matrix != nil {
		r.addFlows(in)
	}
	return r
}

// addFlows adds what there is to say of the flows, and of what does not join
// them.
func (r *report) addFlows(in *study.Study) {
	r.addLand(in)
	total := in.Matrix.Total()
	r.Areas, r.Providers = len(in.Matrix.Areas()), len(in.Matrix.Providers())
	r.Patients, r.PatientsLower, r.PatientsUpper = total.Published, total.Lower, total.Upper
	r.SuppressedCells, r.DuplicatePairs = in.MatrixReport.SuppressedCells, in.MatrixReport.DuplicatePairs
	r.FlowSHA256 = in.Matrix.SHA256()
	if in.Boundaries != nil {
		r.AreasWithoutBoundaryCodes = append(r.AreasWithoutBoundaryCodes, in.AreasWithoutBoundary()...)
		r.BoundariesWithoutFlowCodes = append(r.BoundariesWithoutFlowCodes, in.BoundariesWithoutFlow()...)
	}
	r.ProvidersWithoutLocationCodes = append(r.ProvidersWithoutLocationCodes, in.ProvidersWithoutLocation()...)
	r.AreasWithoutBoundary = len(r.AreasWithoutBoundaryCodes)
	r.BoundariesWithoutFlow = len(r.BoundariesWithoutFlowCodes)
	r.ProvidersWithoutLocation = len(r.ProvidersWithoutLocationCodes)
}

// linkJSON is a pair of areas that count as neighbours though they do not touch.
type linkJSON struct {
	AreaA    string  `json:"area_a"`
	AreaB    string  `json:"area_b"`
	From     string  `json:"from"`     // "file", or "flows" for a tie
	Patients float64 `json:"patients"` // that a tie was chosen by
}

// addLand adds the pieces of land and the links.
func (r *report) addLand(in *study.Study) {
	if in.Land == nil {
		return
	}
	codes := in.Matrix.Areas()
	for _, l := range in.Land.Given {
		r.Links = append(r.Links, linkJSON{codes[l.A], codes[l.B], "file", 0})
	}
	for _, l := range in.Land.Ties {
		r.Links = append(r.Links, linkJSON{codes[l.A], codes[l.B], "flows", l.Patients})
	}
	r.Pieces = in.Land.Pieces
}
