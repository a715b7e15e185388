package job

import (
	"io"
	"slices"

	"stpmap/cmd/stpmap/internal/command/scoring"
	"stpmap/render/layer"
	"stpmap/render/xlsx"
)

// workbookName is the file of --xlsx.
const workbookName = "footprints.xlsx"

// stageWorkbook stages one workbook of all tables, where it is asked for.
func (f *folder) stageWorkbook(tables []layer.Layer) error {
	if !f.XLSX {
		return nil
	}
	var sheets []xlsx.Table
	for _, t := range slices.Concat(tables, f.layers) {
		if !slices.ContainsFunc(sheets, func(s xlsx.Table) bool { return s.Name == t.Name }) && !pictured(t.Name) {
			sheets = append(sheets, xlsx.FromLayer(t))
		}
	}
	if f.res.Scores != nil {
		more, err := scoring.Sheets(f.res.Scores)
		if err != nil {
			return err
		}
		sheets = append(sheets, more...)
	}
	return f.s.Create(f.path(workbookName), func(w io.Writer) error { return xlsx.Write(w, f.cs.About, sheets) })
}

// pictured are layers whose columns stand in a table of the score, too.
func pictured(name string) bool { return name == "scores" || name == "indicators" }
