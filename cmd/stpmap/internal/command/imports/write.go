package imports

import (
	"errors"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
)

// write writes the table of the kind that was read.
func (im *importing) write(w io.Writer, out *data.Imported) error {
	switch out.Kind {
	case data.FlowTable:
		return im.writeFlows(w, out.Flows)
	case data.IndicatorTable:
		return data.WriteFigures(w, out.Figures)
	case data.OrganisationTable:
		return data.WriteOrganisations(w, out.Organisations, out.Points)
	case data.SuccessorTable:
		return data.WriteSuccessors(w, out.Successors)
	case data.LookupTable:
		return data.WriteLookup(w, out.Lookup)
	case data.PopulationTable:
		return data.WritePopulations(w, out.Populations)
	}
	return data.WritePoints(w, out.Points)
}

// writeFlows writes flows, and says how to read suppressed counts back.
func (im *importing) writeFlows(w io.Writer, flows []data.Record) error {
	mark, err := data.WriteFlows(w, flows)
	if errors.Is(err, data.ErrBounds) {
		return cli.Inputf("%v", err)
	}
	if err != nil {
		return err
	}
	if mark != "" {
		im.env.Log.Info(fmt.Sprintf("read the table with --suppressed '%s'", mark))
	}
	n := 0.0
	for _, r := range flows {
		n += r.Count.Published
	}
	im.env.Log.Info(fmt.Sprintf("%s: %s", words.Counted(len(flows), "row"), words.Patients(n)))
	return nil
}
