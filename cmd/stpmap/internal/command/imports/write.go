package imports

import (
	"errors"
	"fmt"
	"io"

	"stpmap/cmd/stpmap/internal/cli"
	"stpmap/cmd/stpmap/internal/stage"
	"stpmap/cmd/stpmap/internal/words"
	"stpmap/data"
	"stpmap/data/codebook"
	"stpmap/data/importer"
	"stpmap/render/layer"
	"stpmap/render/xlsx"
)

// write writes the table that was read: as a workbook where --out says so.
func (im *importing) write(w io.Writer, out *importer.Result) error {
	csv := func(w io.Writer) error { return im.table(w, out) }
	if stage.Format(im.Out, "") != "xlsx" {
		return csv(w)
	}
	return xlsx.Of(string(out.Kind), out.Format.Title, layer.About{Title: out.Format.Title, Version: cli.Version}, csv)(w)
}

// table writes the table of the kind that was read.
func (im *importing) table(w io.Writer, out *importer.Result) error {
	switch out.Kind {
	case importer.FlowTable:
		return im.writeFlows(w, out.Flows)
	case importer.IndicatorTable:
		return data.WriteFigures(w, out.Figures)
	case importer.OrganisationTable:
		return codebook.WriteOrganisations(w, out.Organisations, out.Points)
	case importer.SuccessorTable:
		return codebook.WriteSuccessors(w, out.Successors)
	case importer.LookupTable:
		return codebook.WriteLookup(w, out.Lookup)
	case importer.PopulationTable:
		return data.WritePopulations(w, out.Populations)
	}
	return codebook.WritePoints(w, out.Points)
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
